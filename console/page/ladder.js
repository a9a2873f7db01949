import { get } from "./api.js";
import { el, say, table } from "./dom.js";

const clock = (ns) => {
	const ms = Number(BigInt(ns) / 1000000n);
	return new Date(ms).toLocaleTimeString() + "." + String(ms % 1000).padStart(3, "0");
};

// Messages of the last minutes, as the core's memory has them: asked for when wanted, since each look is written down.
export function ladder(imsi) {
	const fault = el("p", { class: "fault", role: "alert" }), note = el("p", { class: "advice" });
	const detail = el("pre", { class: "code wide", tabindex: "0", hidden: true });
	const list = table({ text: "Signalling", hidden: true }, [
		{ title: "Time", cell: (m) => clock(m.time_ns) },
		{ title: "From", cell: (m) => m.from }, { title: "To", cell: (m) => m.to },
		{ title: "Message", kind: "text", cell: (m) => el("button", { type: "button", "data-number": m.number }, m.text) },
	], "No message in that time.");
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
