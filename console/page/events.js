import { get, session } from "./api.js";
import { el, table, time } from "./dom.js";

export function events() {
	const may = ["operator", "administrator"].includes(session.role);
	let last = null, all = [];
	const list = table({ text: "Events of subscribers, the newest first" }, [
		{ title: "Time", cell: (e) => /^[0-9]+$/.test(e.imsi || "") && may ? el("a", { href: "/subscribers/" + e.imsi + "?ladder=" + e.time }, time(e.time)) : time(e.time) },
		{ title: "Who", cell: (e) => /^[0-9]+$/.test(e.imsi || "") && may ? el("a", { href: "/subscribers/" + e.imsi, class: "code" }, e.imsi) : e.imsi || "concealed" },
		{ title: "What", kind: "text", cell: (e) => el("span", {}, e.words, e.advice ? el("div", { class: "advice" }, e.advice) : null) },
		{ title: "Cause", kind: "text", cell: (e) => e.cause }, { title: "gNB", cell: (e) => e.gnb },
	], "Nothing has happened yet.");
	return { node: el("div", { class: "card" }, list.node), watch: ["events"], async refresh() {
		const page = await get("events?after=" + (last === null ? "-200" : last + 1), true);
		if (page.rows.length) last = page.rows[page.rows.length - 1].number;
		all = page.rows.reverse().concat(all).slice(0, 500);
		list.set(all, (e) => e.number);
	} };
}
