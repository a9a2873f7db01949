// Subscribers from a file: it goes to the core in pieces, first to hear what each line would do, then to be taken.
import { api } from "./api.js";
import { el, mark, say, table } from "./dom.js";

const LINES = 200, OCTETS = 24000, SHOWN = 500;
const KINDS = { add: "good", change: "warn", same: "", refuse: "bad" };

// Pieces of lines: a CSV file's header stands before each, in place of the line before it.
function byLines(text) {
	const lines = text.replace(/^\uFEFF/, "").split("\n"), pieces = [];
	let at = lines.findIndex((l) => l.trim() && !l.trim().startsWith("#"));
	const head = at >= 0 && !lines[at].includes("=") ? lines[at++] : null;
	for (let i = Math.max(at, 0); i < lines.length;) {
		const first = i;
		let octets = 0;
		while (i < lines.length && i - first < LINES && (octets === 0 || octets + lines[i].length < OCTETS)) octets += lines[i++].length + 1;
		const part = lines.slice(first, i).join("\n");
		pieces.push(head === null ? { text: part, first_line: first + 1 } : { text: head + "\n" + part, first_line: first });
	}
	return pieces;
}

// Pieces of JSON documents: what stands between them, brackets and commas, becomes blanks, and lines stay where they are.
function byDocuments(text) {
	const pieces = [];
	let piece = "", line = 1, first = 1, depth = 0, string = false, count = 0;
	for (let i = 0; i < text.length; i++) {
		const c = text[i];
		if (string) {
			piece += c;
			if (c === "\\") piece += text[++i] ?? "";
			else if (c === '"') string = false;
			continue;
		}
		if (c === "\n") line++;
		if (c === '"') string = true;
		piece += depth === 0 && "[],".includes(c) ? " " : c;
		depth += c === "{" ? 1 : c === "}" ? -1 : 0;
		count += c === "}" && depth === 0 ? 1 : 0;
		if (depth === 0 && (count >= LINES || piece.length > OCTETS)) {
			pieces.push({ text: piece, first_line: first });
			piece = "";
			count = 0;
			first = line;
		}
	}
	if (piece.trim()) pieces.push({ text: piece, first_line: first });
	return pieces;
}

export function pieces(text) {
	const start = text.replace(/^\uFEFF/, "").split("\n").find((l) => l.trim() && !l.trim().startsWith("#")) || "";
	if (/^\s*[[{]/.test(start)) return byDocuments(text);
	if (start.includes(":") && !start.includes("=")) return [{ text, first_line: 1 }];
	return byLines(text);
}

export function importSubscribers() {
	const counts = {}, fault = el("p", { class: "fault", role: "alert" }), bar = el("progress", { hidden: true, "aria-label": "Progress" });
	const summary = el("p", { role: "status" });
	const list = table({ text: "What the lines do", hidden: true }, [
		{ title: "File", cell: (r) => r.file }, { title: "Line", kind: "number", cell: (r) => r.line },
		{ title: "What", cell: (r) => mark(r.what, KINDS[r.what]) },
		{ title: "IMSI", cell: (r) => el("span", { class: "code" }, r.imsi) }, { title: "Why", kind: "text", cell: (r) => r.why },
	], "No file is read yet.");
	let parts = [], shown = [], busy = false;
	const state = () => {
		check.disabled = busy || parts.length === 0;
		go.disabled = busy || !counts.judged || counts.refuse > 0 || !(counts.add + counts.change);
	};
	const run = async (dry) => {
		busy = true;
		fault.textContent = "";
		Object.assign(counts, { judged: false, add: 0, change: 0, same: 0, refuse: 0 });
		shown = [];
		bar.hidden = false;
		bar.max = parts.length;
		state();
		try {
			for (let i = 0; i < parts.length; i++) {
				bar.value = i;
				const answer = await api("POST", "subscriber-import", { text: parts[i].text, first_line: parts[i].first_line, dry_run: dry });
				for (const row of answer.rows) {
					counts[row.what]++;
					if (shown.length < SHOWN || row.what === "refuse") shown.push({ ...row, file: parts[i].file });
				}
			}
			counts.judged = dry;
			const said = counts.add + (dry ? " to add, " : " added, ") + counts.change + (dry ? " to change, " : " changed, ") + counts.same + " the same, " +
				counts.refuse + " refused";
			summary.textContent = said + (shown.length < counts.add + counts.change + counts.same + counts.refuse ? "; the first are shown" : "");
			say(said);
		} catch (error) {
			fault.textContent = error.message + (dry ? "" : " What came before it is imported.");
		}
		list.set(shown, (r) => r.file + ":" + r.line + ":" + r.imsi);
		bar.hidden = true;
		busy = false;
		state();
	};
	const choose = async () => {
		parts = [];
		counts.judged = false;
		for (const file of files.files) parts.push(...pieces(await file.text()).map((p) => ({ ...p, file: file.name })));
		state();
	};
	const files = el("input", { type: "file", name: "file", multiple: true, onchange: () => choose().catch((e) => { fault.textContent = e.message; }) });
	const check = el("button", { type: "button", class: "main", onclick: () => run(true) }, "Check, change nothing");
	const go = el("button", { type: "button", onclick: () => run(false) }, "Import");
	state();
	return { node: el("div", { class: "card" },
		el("label", {}, "Files", el("span", { class: "hint" },
			"lines or CSV as freehold subscriber export has them, JSON dumps of other cores, YAML files of test UEs; keys are written, and never shown"), files),
		el("div", { class: "buttons" }, check, go), bar, fault, summary, list.node) };
}
