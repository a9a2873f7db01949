import { get } from "./api.js";
import { el, table, time } from "./dom.js";

// What changed of a line "key=value key=value", word by word.
function difference(before, after) {
	const a = new Set((before || "").split(" ")), b = new Set((after || "").split(" "));
	const gone = [...a].filter((w) => w && !b.has(w)), come = [...b].filter((w) => w && !a.has(w));
	return el("span", { class: "code" }, gone.length && after ? el("del", {}, gone.join(" ")) : before && !after ? before : null, gone.length && come.length ? " " : null,
		come.length ? el("ins", {}, come.join(" ")) : null);
}

export function audit() {
	let next = null, all = [];
	const fault = el("p", { class: "fault", role: "alert" });
	const list = table({ text: "Who did what, the newest first" }, [
		{ title: "Time", cell: (e) => time(e.time) }, { title: "Who", cell: (e) => e.who || "nobody known" }, { title: "From", cell: (e) => e.from },
		{ title: "What", cell: (e) => e.action }, { title: "Of", cell: (e) => e.subject }, { title: "Outcome", kind: "text", cell: (e) => e.outcome },
		{ title: "Before and after", kind: "text", cell: (e) => difference(e.before, e.after) },
	], "Nothing is written down.");
	const load = async () => {
		try {
			const page = await get("audit" + (next ? "?after=" + next : ""));
			all = all.concat(page.rows);
			next = page.next;
			list.set(all, (e) => e.number);
			more.hidden = !next;
		} catch (error) {
			fault.textContent = error.message;
		}
	};
	const more = el("button", { type: "button", hidden: true, onclick: load }, "Older");
	load();
	return { node: el("div", { class: "card" }, fault, list.node, more) };
}
