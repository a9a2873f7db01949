// Elements. Text is always text: nothing from the network becomes markup.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
		else if (name === "value") node.value = value;
		else node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
	return node;
}

export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

export const mark = (text, kind) => el("span", { class: "mark " + (kind || "") }, text);

export function say(text) {
	document.getElementById("said").textContent = text;
}

// A table that is updated in place: rows are kept by key, so that focus and selection stay where they are.
export function table(caption, columns, none) {
	const body = el("tbody");
	const empty = el("p", { class: "none" }, none);
	const grid = el("table", {}, el("caption", { class: caption.hidden ? "unseen" : null }, caption.text || caption),
		el("thead", {}, el("tr", {}, columns.map((c) => el("th", { scope: "col", class: c.kind }, c.title)))), body);
	const wide = el("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption.text || caption }, grid);
	const kept = new Map();
	const set = (rows, key) => {
		const seen = new Set();
		rows.forEach((row, at) => {
			const id = key(row);
			let tr = kept.get(id);
			if (!tr) kept.set(id, (tr = el("tr", {}, columns.map((c) => el("td", { class: c.kind })))));
			columns.forEach((c, i) => {
				const cell = c.cell(row), shown = cell instanceof Node ? cell.outerHTML : String(cell ?? "");
				const td = tr.children[i];
				if (td.shown === shown) return;
				td.shown = shown;
				td.replaceChildren(cell ?? "");
			});
			if (body.children[at] !== tr) body.insertBefore(tr, body.children[at] || null);
			seen.add(id);
		});
		for (const [id, tr] of kept)
			if (!seen.has(id)) {
				tr.remove();
				kept.delete(id);
			}
		empty.hidden = rows.length > 0;
		wide.hidden = rows.length === 0;
	};
	set([], String);
	return { node: el("div", {}, wide, empty), set };
}

// A labelled input; what it is named is what the form gives.
export function field(label, name, attributes, hint) {
	const a = { name, autocomplete: "off", ...attributes };
	return el("label", {}, label, hint ? el("span", { class: "hint" }, hint) : null,
		a.options ? el("select", { name, value: null }, a.options.map((o) =>
			el("option", { value: o, selected: o === a.value }, o))) : el("input", a));
}

// A form that says what went wrong where it is, and is busy meanwhile.
export function form(attributes, fields, button, submit) {
	const fault = el("p", { class: "fault", role: "alert" });
	const go = el("button", { class: "main", type: "submit" }, button);
	const node = el("form", { novalidate: true, ...attributes, onsubmit: async (event) => {
		event.preventDefault();
		fault.textContent = "";
		go.disabled = true;
		try {
			await submit(Object.fromEntries(new FormData(node)), node);
		} catch (error) {
			fault.textContent = error.message;
		}
		go.disabled = false;
	} }, fields, el("div", { class: "buttons" }, go), fault);
	return node;
}

// In the reader's own time zone, and in figures that sort.
const two = (n) => String(n).padStart(2, "0");
export const clock = (date) => two(date.getHours()) + ":" + two(date.getMinutes()) + ":" + two(date.getSeconds());
export function time(text) {
	const d = new Date(text);
	return text ? d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate()) + " " + clock(d) : "";
}

export function ago(text) {
	const s = Math.max(0, Math.round((Date.now() - new Date(text)) / 1000));
	return !text ? "" : s < 60 ? s + " s" : s < 3600 ? Math.floor(s / 60) + " min" : s < 86400 ? Math.floor(s / 3600) + " h"
		: Math.floor(s / 86400) + " d";
}

export function octets(n) {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let v = Number(n || 0), i = 0;
	while (v >= 1000 && i < 4) {
		v /= 1000;
		i++;
	}
	return (i && v < 10 ? v.toFixed(1) : Math.round(v)) + " " + units[i];
}

// A line over time, as SVG; what it shows stands in its title too.
export function chart(title, values) {
	const most = Math.max(1, ...values), n = Math.max(2, values.length);
	const points = values.map((v, i) => ((i / (n - 1)) * 100).toFixed(2) + " " + (31 - (v / most) * 30).toFixed(2));
	return svg("svg", { class: "chart", viewBox: "0 0 100 32", preserveAspectRatio: "none", role: "img", "aria-label": title },
		points.length > 1 ? svg("path", { class: "area", d: "M0 32L" + points.join("L") + "L100 32Z" }) : null,
		points.length > 1 ? svg("path", { d: "M" + points.join("L") }) : null);
}
