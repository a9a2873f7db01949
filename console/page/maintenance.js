// Backups, and what somebody who is asked for help wants to see.
import { api, get, session } from "./api.js";
import { el, field, form, octets, say, table, time } from "./dom.js";

function save(parts, name, type) {
	const href = URL.createObjectURL(new Blob(parts, { type }));
	el("a", { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 60000);
}

const unhex = (text) => Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));

async function download(name) {
	const parts = [];
	let next = "";
	do {
		const page = await get("backups/" + name + (next ? "?after=" + next : ""));
		parts.push(unhex(page.hex));
		next = page.next;
	} while (next);
	save(parts, name, "application/octet-stream");
}

const hex = (octets) => Array.from(octets, (o) => o.toString(16).padStart(2, "0")).join("");

async function upload(file) {
	for (let at = 0; at === 0 || at < file.size; at += 30000)
		await api("PUT", "restore-file", { after: at, hex: hex(new Uint8Array(await file.slice(at, at + 30000).arrayBuffer())) });
}

// Looked at first: what is lost stands there before it is done.
function restoring() {
	const told = el("p", { class: "advice", role: "status" });
	let looked = "";
	const node = form({ class: "row" }, [field("Backup", "file", { type: "file", required: true, accept: ".fhb" }),
		field("Its passphrase", "passphrase", { type: "password", required: true, autocomplete: "off" })], "Restore", async (values, it) => {
		const name = values.file.name + values.file.size + values.file.lastModified, sure = looked === name;
		if (!values.file.size) throw new Error("Choose a file.");
		if (!sure) await upload(values.file);
		const found = await api("POST", "restore", { passphrase: values.passphrase, dry_run: !sure });
		looked = sure ? "" : name;
		told.textContent = sure ? "The core begins anew as it was at " + time(found.made) + "." :
			"It is of " + time(found.made) + ". Lost is " + found.lost + ". Restore once more does it.";
		if (sure) it.reset();
	});
	return el("div", {}, el("h3", {}, "Restore"), node, told);
}

export function maintenance() {
	const fault = el("p", { class: "fault", role: "alert" });
	const attempt = (work) => async (event) => {
		fault.textContent = "";
		try {
			await work(event);
		} catch (error) {
			fault.textContent = error.message;
		}
	};
	const list = table({ text: "Backups", hidden: true }, [
		{ title: "Name", cell: (b) => el("span", { class: "code" }, b.name) }, { title: "Time", cell: (b) => time(b.time) },
		{ title: "Size", kind: "number", cell: (b) => octets(b.octets) },
		{ title: "", cell: (b) => el("span", {}, el("button", { type: "button", "data-load": b.name, "aria-label": "Download " + b.name }, "Download"), " ",
			el("button", { type: "button", class: "danger", "data-remove": b.name, "aria-label": "Remove " + b.name }, "Remove")) },
	], "There is no backup yet.");
	const refresh = async () => list.set((await get("backups")).rows.sort((a, b) => (a.time < b.time ? 1 : -1)), (b) => b.name);
	list.node.addEventListener("click", attempt(async (event) => {
		const { load, remove } = event.target.dataset;
		if (load) await download(load);
		if (remove) {
			await api("DELETE", "backups/" + remove);
			await refresh();
		}
	}));
	const help = el("section", { class: "card" }, el("h2", {}, "Diagnostics"),
		el("p", {}, "State, tables, alarms, figures and network.yaml in one file, without keys, and with stars for SUPIs."),
		el("div", { class: "buttons" }, el("button", { type: "button", onclick: attempt(async () => {
			save([JSON.stringify(await get("diagnostics"), null, "\t")], "freehold-diagnostics.json", "application/json");
			say("Diagnostics are saved");
		}) }, "Save diagnostics")));
	const logs = table({ text: "Log of the core" }, [
		{ title: "Room", cell: (r) => el("span", { class: "code" }, r.room) },
		{ title: "Level", cell: (r) => session.role === "administrator" ? el("label", {}, el("span", { class: "unseen" }, "Level of " + r.room), el("select", { "data-room": r.room },
			["error", "warn", "info", "debug"].map((l) => el("option", { value: l, selected: l === r.level }, l)))) : r.level },
	], "The core does not answer.");
	const lookAtLogs = async () => logs.set((await get("log-levels")).rows, (r) => r.room);
	logs.node.addEventListener("change", attempt(async (event) => {
		await api("PUT", "log-levels", { room: event.target.dataset.room, level: event.target.value });
		await lookAtLogs();
		say(event.target.dataset.room + " logs " + event.target.value);
	}));
	attempt(lookAtLogs)();
	help.append(el("h2", {}, "What is logged"), el("p", {}, "Until the core is restarted or reads network.yaml again, whose log_levels last."), logs.node);
	if (session.role !== "administrator") return { node: el("div", {}, fault, help) };
	attempt(refresh)();
	return { node: el("div", {}, el("section", { class: "card" }, el("h2", {}, "Backups"),
		form({ class: "row" }, [field("Passphrase", "passphrase", { type: "password", required: true, autocomplete: "new-password" }, "8 characters or more; without it a backup is of no use")],
			"Make a backup", async (values, node) => {
				const made = await api("POST", "backups", values);
				node.reset();
				await refresh();
				say(made.name + " is made");
			}), fault, list.node,
		restoring()), help) };
}
