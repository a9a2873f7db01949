import { get } from "./api.js";
import { pcapng } from "./pcapng.js";
import { clock, el, say, svg, table, time } from "./dom.js";

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

// All of it as one picture, for a report.
function drawing(messages) {
	const wide = COLUMNS.length * STEP, height = 26 * (messages.length + 1);
	const root = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: "-100 0 " + (wide + 500) + " " + height, width: wide + 500, height, "font-family": "sans-serif", "font-size": 10 },
		COLUMNS.map((c) => [svg("text", { x: at(c), y: 17, "text-anchor": "middle" }, c), svg("line", { x1: at(c), x2: at(c), y1: 22, y2: height, stroke: "#bbb" })]),
		messages.map((m, i) => {
			const y = 26 * (i + 1) + 13, from = at(m.from), to = at(m.to), way = Math.sign(to - from) || 1;
			return [svg("text", { x: -96, y: y + 3 }, stamp(m.time_ns)), svg("line", { x1: from, x2: to - way * 5, y1: y, y2: y, stroke: "#036" }),
				svg("path", { d: "M" + to + " " + y + "l" + -7 * way + " -4v8Z", fill: "#036" }), svg("text", { x: wide + 4, y: y + 3 }, m.text)];
		}));
	return new XMLSerializer().serializeToString(root);
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
		{ title: "Message", kind: "text", cell: (m) => el("button", { type: "button", "data-number": m.number, "data-time": m.time_ns }, m.text) },
	], "No message in that time.");
	list.node.classList.add("ladder");
	list.node.addEventListener("click", async (event) => {
		const number = event.target.dataset.number;
		if (!number) return;
		fault.textContent = "";
		try {
			const page = await get("subscribers/" + imsi + "/ladder?detail=yes&" + (kept ? "from=" + event.target.dataset.time : "after=" + number));
			detail.textContent = page.rows.length ? page.rows[0].detail : "It is not kept any more.";
			detail.hidden = false;
			detail.focus();
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	list.node.hidden = true;
	let following = false, kept = false, shown = [];
	// What is wanted of it: words of the message, or who sends or hears it.
	const wanted = (m) => (m.from + " " + m.to + " " + m.text).toLowerCase().includes(filter.value.trim().toLowerCase());
	const draw = () => list.set(shown.filter(wanted), (m) => m.number + " " + m.time_ns);
	const filter = el("input", { type: "search", name: "filter", autocomplete: "off", oninput: draw });
	const paused = el("input", { type: "checkbox", name: "paused" });
	const from = el("input", { type: "datetime-local", name: "from", step: "1" });
	const keep = (content, kind, type) => {
		const href = URL.createObjectURL(new Blob([content], { type }));
		el("a", { href, download: "signalling-" + imsi + "." + kind }).click();
		setTimeout(() => URL.revokeObjectURL(href), 60000);
	};
	const save = el("span", { hidden: true, class: "buttons" },
		el("button", { type: "button", onclick: () => keep(drawing(shown.filter(wanted)), "svg", "image/svg+xml") }, "Save as SVG"), " ",
		el("button", { type: "button", onclick: () => keep(pcapng(shown.filter(wanted)), "pcapng", "application/octet-stream") }, "Save as pcapng"));
	const show = async () => {
		fault.textContent = note.textContent = "";
		try {
			const all = [];
			kept = span.value === "from";
			let next = kept ? String(Math.floor(new Date(from.value || 0) / 1000)) : "-" + span.value;
			do {
				const page = await get("subscribers/" + imsi + "/ladder?octets=yes&" + (kept ? "from=" : "after=") + next);
				all.push(...page.rows);
				if (page.lost) note.textContent = page.lost + " older messages of the network are lost: the core's memory for them went round.";
				next = page.next;
			} while (next && all.length < 2000);
			shown = all;
			draw();
			list.node.hidden = false;
			say(all.length + " messages");
			shown = all;
			save.hidden = all.length === 0;
			if (!following) followed(() => { if (!paused.checked && !kept) show(); });
			following = true;
		} catch (error) {
			fault.textContent = error.message;
		}
	};
	const span = el("select", { name: "span" }, [["60", "last minute"], ["600", "last 10 minutes"], ["3600", "last hour"], ["from", "from the time beside, as the disk has it"]].map(([value, text]) =>
		el("option", { value, selected: value === "600" }, text)));
	// A link to one procedure: ?ladder= and when it ended.
	const linked = new URLSearchParams(location.search).get("ladder");
	if (linked && !Number.isNaN(Date.parse(linked))) {
		span.value = "from";
		from.value = time(new Date(Date.parse(linked) - 3000)).replace(" ", "T");
		setTimeout(show);
	}
	return el("section", { class: "card" }, el("h2", {}, "Signalling"),
		el("form", { class: "row", onsubmit: (e) => { e.preventDefault(); show(); } }, el("label", {}, "Time", span), el("label", {}, "From", from),
			el("label", {}, "Only", filter), el("label", {}, paused, " paused"), el("button", { type: "submit" }, "Show the ladder"), save), fault, note, list.node, detail);
}
