// Figures over the last hour, day, month or 15 months, as charts and as a table.
import { get } from "./api.js";
import { el, say, svg, table, time } from "./dom.js";

const permille = (n) => n === undefined ? undefined : n / 10, ms = (n) => n === undefined ? undefined : n / 1000;
const round = (n) => n === undefined ? "" : n >= 100 ? String(Math.round(n)) : String(+n.toFixed(2));
const KPIS = [
	{ title: "Registrations that succeed", unit: "%", of: (p) => permille(p.registration_success_permille), most: 100 },
	{ title: "PDU sessions that are established", unit: "%", of: (p) => permille(p.session_success_permille), most: 100 },
	{ title: "Mobility registration updates that succeed", unit: "%", of: (p) => permille(p.mobility_success_permille), most: 100 },
	{ title: "Handovers by N2 that succeed", unit: "%", of: (p) => permille(p.handover_success_permille), most: 100 },
	{ title: "Registration takes", unit: "ms", of: (p) => ms(p.registration_mean_us) },
	{ title: "PDU session establishment takes", unit: "ms", of: (p) => ms(p.session_mean_us) },
	{ title: "Registrations", unit: "a minute", of: (p) => p.registrations * 60 / p.seconds },
	{ title: "Periodic registration updates", unit: "a minute", of: (p) => p.periodic_updates * 60 / p.seconds },
	{ title: "UEs registered", unit: "", of: (p) => p.ues_registered },
	{ title: "PDU sessions", unit: "", of: (p) => p.sessions },
	{ title: "Addresses in use", unit: "%", of: (p) => permille(p.address_use_permille), most: 100 },
];

// Gaps stay gaps; what is written at the edges is the highest value, and the times of both ends.
function plot(kpi, points, from, to) {
	const values = points.map(kpi.of), known = values.filter((v) => v !== undefined);
	const top = kpi.most || Math.max(1, ...known), x = (t) => 4 + 592 * (new Date(t) - from) / Math.max(1, to - from), y = (v) => 130 - 110 * v / top;
	let path = "", last = null;
	points.forEach((p, i) => {
		if (values[i] === undefined) return;
		path += (last !== null && new Date(p.time) - last <= 2500 * p.seconds ? "L" : "M") + x(p.time).toFixed(1) + " " + y(values[i]).toFixed(1) + "h.1";
		last = new Date(p.time);
	});
	const now = known.length ? "last " + (round(known[known.length - 1]) + " " + kpi.unit).trim() : "nothing of that time";
	return el("section", { class: "card" }, el("h2", {}, kpi.title), el("p", {}, now + (known.length ? ", lowest " + round(Math.min(...known)) +
		", highest " + round(Math.max(...known)) : "")),
	svg("svg", { class: "plot", viewBox: "0 0 600 150", role: "img", "aria-label": kpi.title + ": " + now },
		svg("line", { x1: 4, x2: 596, y1: y(0), y2: y(0) }), svg("line", { x1: 4, x2: 596, y1: y(top), y2: y(top) }),
		svg("text", { x: 6, y: 14 }, (round(top) + " " + kpi.unit).trim()), svg("text", { x: 6, y: 146 }, time(from).slice(0, 16)),
		svg("text", { x: 594, y: 146, "text-anchor": "end" }, time(to).slice(0, 16)), path ? svg("path", { d: path }) : null));
}

export function figures() {
	const charts = el("div", { class: "two" });
	const list = table({ text: "The same as a table", hidden: true }, [{ title: "Time", cell: (p) => time(p.time) },
		...KPIS.map((k) => ({ title: k.title + (k.unit ? ", " + k.unit : ""), kind: "number", cell: (p) => round(k.of(p)) }))], "Nothing is kept of that time yet.");
	const ranges = { hour: 3600, day: 86400, month: 31 * 86400, year: 456 * 86400 };
	const range = el("select", { name: "range", onchange: () => refresh().then(() => say("Figures of the last " + range.value)) },
		[["hour", "last hour"], ["day", "last day"], ["month", "last month"], ["year", "last 15 months"]].map(([value, text]) =>
			el("option", { value, selected: value === "day" }, text)));
	const refresh = async () => {
		const page = await get("figures?range=" + range.value, true), to = new Date(), from = new Date(to - ranges[range.value] * 1000);
		charts.replaceChildren(...KPIS.map((k) => plot(k, page.rows, from, to)));
		list.set(page.rows, (p) => p.time);
	};
	return { every: 60000, node: el("div", {}, el("form", { class: "row", onsubmit: (e) => e.preventDefault() }, el("label", {}, "Time", range)), charts,
		el("details", { class: "card" }, el("summary", {}, "The same as a table"), list.node)), refresh };
}
