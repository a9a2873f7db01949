import { get } from "./api.js";
import { clock, el, say, svg, table } from "./dom.js";

const COLUMNS = ["UE", "gNB", "AMF", "AUSF", "UDM", "PCF", "NRF", "SMF", "UPF"], STEP = 44;

const at = (name) => COLUMNS.indexOf(name) * STEP + STEP / 2;

const stamp = (ns) => {
	const ms = Number(BigInt(ns) / 1000000n);
	return clock(new Date(ms)) + "." + String(ms % 1000).padStart(3, "0");
};

// One message between the lines of life; what it says in words is its name.
function rung(m) {
	const from = at(m.from), to = at(m.to), way = Math.sign(to - from) || 1;
	return svg("svg", { class: "rung", viewBox: "0 0 396 26", role: "img", "aria-label": m.from + " to " + m.to },
		COLUMNS.map((c) => svg("line", { x1: at(c), x2: at(c), y1: 0, y2: 26 })),
		svg("line", { class: "to", x1: from, x2: to - way * 5, y1: 13, y2: 13 }),
		svg("path", { d: "M" + to + " 13l" + -7 * way + " -4v8Z" }));
}

const heads = () => svg("svg", { class: "rung", viewBox: "0 0 396 26", role: "img", "aria-label": COLUMNS.join(", ") },
	COLUMNS.map((c) => svg("text", { x: at(c), y: 17 }, c)));

// Messages of the last minutes, as the core's memory has them: asked for when wanted, since each look is written down.
// What comes while it is open is added: followed() is given what to do then.
export function ladder(imsi, followed) {
	const fault = el("p", { class: "fault", role: "alert" }), note = el("p", { class: "advice" });
	const detail = el("pre", { class: "code wide", tabindex: "0", hidden: true });
	const list = table({ text: "Signalling", hidden: true }, [
		{ title: "Time", cell: (m) => stamp(m.time_ns) }, { title: heads(), cell: rung },
		{ title: "Message", kind: "text", cell: (m) => el("button", { type: "button", "data-number": m.number }, m.text) },
	], "No message in that time.");
	list.node.classList.add("ladder");
	list.node.addEventListener("click", async (event) => {
		const number = event.target.dataset.number;
		if (!number) return;
		fault.textContent = "";
		try {
			const page = await get("subscribers/" + imsi + "/ladder?detail=yes&after=" + number);
			detail.textContent = page.rows.length ? page.rows[0].detail : "It is not in the core's memory any more.";
			detail.hidden = false;
			detail.focus();
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	list.node.hidden = true;
	let following = false;
	const show = async () => {
		fault.textContent = note.textContent = "";
		try {
			const all = [];
			let next = "-" + span.value;
			do {
				const page = await get("subscribers/" + imsi + "/ladder?after=" + next);
				all.push(...page.rows);
				if (page.lost) note.textContent = page.lost + " older messages of the network are lost: the core's memory for them went round.";
				next = page.next;
			} while (next && all.length < 2000);
			list.set(all, (m) => m.number);
			list.node.hidden = false;
			say(all.length + " messages");
			if (!following) followed(show);
			following = true;
		} catch (error) {
			fault.textContent = error.message;
		}
	};
	const span = el("select", { name: "span" }, [["60", "minute"], ["600", "10 minutes"], ["3600", "hour"]].map(([value, text]) =>
		el("option", { value, selected: value === "600" }, "last " + text)));
	return el("section", { class: "card" }, el("h2", {}, "Signalling"),
		el("form", { class: "row", onsubmit: (e) => { e.preventDefault(); show(); } }, el("label", {}, "Time", span),
			el("button", { type: "submit" }, "Show the ladder")), fault, note, list.node, detail);
}
