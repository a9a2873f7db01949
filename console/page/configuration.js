// network.yaml: seen, edited, checked, written; and the versions that it has had.
import { api, get, session } from "./api.js";
import { el, mark, say, table, time } from "./dom.js";

const CONTEXT = 2;

// Lines that are the same in both, lost and new ones: the longest common sequence between what begins and ends alike.
export function difference(before, after) {
	const a = before.split("\n"), b = after.split("\n"), out = [];
	let head = 0, tail = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	const x = a.slice(head, a.length - tail), y = b.slice(head, b.length - tail);
	const best = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
	for (let i = x.length - 1; i >= 0; i--)
		for (let k = y.length - 1; k >= 0; k--) best[i][k] = x[i] === y[k] ? best[i + 1][k + 1] + 1 : Math.max(best[i + 1][k], best[i][k + 1]);
	for (const line of a.slice(Math.max(0, head - CONTEXT), head)) out.push([" ", line]);
	for (let i = 0, k = 0; i < x.length || k < y.length;) {
		if (i < x.length && k < y.length && x[i] === y[k]) out.push([" ", x[i++], k++]);
		else if (k < y.length && (i === x.length || best[i][k + 1] > best[i + 1][k])) out.push(["+", y[k++]]);
		else out.push(["-", x[i++]]);
	}
	for (const line of a.slice(a.length - tail, a.length - tail + CONTEXT)) out.push([" ", line]);
	return out.some(([kind]) => kind !== " ") ? out : [];
}

const shown = (lines) => lines.length ? el("pre", { class: "difference", tabindex: "0", role: "region", "aria-label": "What differs" }, lines.map(([kind, line]) =>
	el("span", { class: kind === "+" ? "new" : kind === "-" ? "lost" : null }, kind + " " + line + "\n"))) : el("p", {}, "Nothing differs.");

export function configuration() {
	const may = session.role === "administrator";
	const fault = el("p", { class: "fault", role: "alert" }), said = el("p", { role: "status" }), changes = el("div"), old = el("div");
	const area = el("textarea", { name: "text", rows: 30, spellcheck: "false", class: "code", wrap: "off", readonly: may ? null : true });
	let now = null, checked = null;
	const effects = table({ text: "What it changes", hidden: true }, [
		{ title: "Key", cell: (c) => el("span", { class: "code" }, c.key) },
		{ title: "Taken", cell: (c) => mark(c.when === "live" ? "at once" : "at a restart", c.when === "live" ? "good" : "warn") },
		{ title: "Of", cell: (c) => c.parts }, { title: "What that interrupts", kind: "text", cell: (c) => c.interrupted },
		{ title: "UEs", kind: "number", cell: (c) => c.ues ?? "" }, { title: "Sessions", kind: "number", cell: (c) => c.sessions ?? "" },
	], "No key differs.");
	const versions = table({ text: "Versions", hidden: true }, [
		{ title: "Number", kind: "number", cell: (v) => v.number }, { title: "Time", cell: (v) => time(v.time) },
		{ title: "By", cell: (v) => v.who || "elsewhere" },
		{ title: "", cell: (v) => v.version === (now && now.version) ? mark("now", "good") : el("span", {},
			el("button", { type: "button", "data-show": v.number, "aria-label": "Show what differs from version " + v.number }, "Compare"), " ",
			may ? el("button", { type: "button", "data-return": v.number, "aria-label": "Return to version " + v.number }, "Return") : null) },
	], "It has not been changed here yet.");
	const tell = (done) => {
		const restart = done.changes.filter((c) => c.when === "restart");
		said.textContent = "Written. " + (done.read_by === "none" ? "The core has not read it: is it running? " : done.read_by === "core"
			? "The core has read it; other parts do at their next reload. " : "All parts read it again. ") +
			(restart.length ? "A restart is needed: " + [...new Set(restart.map((c) => c.parts))].join(", ") + "." : "");
		say(said.textContent);
	};
	const load = async () => {
		const [file, list] = await Promise.all([get("network"), get("network/versions")]);
		now = file;
		checked = null;
		save.disabled = true;
		area.value = now.text;
		changes.replaceChildren();
		old.replaceChildren();
		effects.set([], String);
		effects.node.hidden = true;
		versions.set(list.rows, (v) => v.number + v.version + now.version);
	};
	const attempt = (work) => async (event) => {
		fault.textContent = "";
		try {
			await work(event);
		} catch (error) {
			fault.textContent = error.message;
		}
	};
	const check = el("button", { type: "button", onclick: attempt(async () => {
		const text = area.value, answer = await api("POST", "network/check", { text });
		checked = text;
		save.disabled = !may || text === now.text;
		effects.set(answer.rows, (c) => c.key);
		effects.node.hidden = false;
		changes.replaceChildren(shown(difference(now.text, text)));
	}) }, "Check, change nothing");
	const save = el("button", { type: "button", class: "main", disabled: true, onclick: attempt(async () => {
		const done = await api("PUT", "network", { text: checked, version: now.version });
		await load();
		tell(done);
	}) }, "Write");
	area.addEventListener("input", () => { save.disabled = true; });
	versions.node.addEventListener("click", attempt(async (event) => {
		const { show, return: back } = event.target.dataset;
		if (show) old.replaceChildren(el("h3", {}, "From version " + show + " to now"), shown(difference((await get("network/versions/" + show)).text, now.text)));
		if (back) {
			const done = await api("POST", "network/versions/" + back + "/restore");
			await load();
			tell(done);
		}
	}));
	effects.node.hidden = true;
	attempt(load)();
	return { node: el("div", {}, el("section", { class: "card" },
		el("label", {}, "network.yaml", el("span", { class: "hint" }, "keys stand as '***...'; leave such a tag where it is, or write another key"), area),
		el("div", { class: "buttons" }, check, may ? save : null), fault, said, effects.node, changes),
	el("section", { class: "card" }, el("h2", {}, "Versions"), versions.node, old)) };
}
