// Profiles: what many subscribers have in common.
import { api, rows } from "./api.js";
import { el, field, form, mark, say, table, time } from "./dom.js";

// "five_qi=8 dnn=internet" as the API has it.
const body = (text) => {
	const b = {};
	for (const word of text.trim().split(/\s+/)) {
		const [name, ...value] = word.split("=");
		if (value.length === 0) throw new Error("Expected key=value, got " + word + ".");
		if (name === "dnn") (b.dnn ||= []).push(value.join("="));
		else b[name] = value.join("=");
	}
	return b;
};

export function profiles() {
	const fault = el("p", { class: "fault", role: "alert" });
	const list = table({ text: "Profiles", hidden: true }, [
		{ title: "Name", cell: (p) => el("span", { class: "code" }, p.name) }, { title: "Settings", kind: "text", cell: (p) => el("span", { class: "code" }, p.settings) },
		{ title: "Changed", cell: (p) => time(p.changed) }, { title: "", cell: (p) => (p.pending === "yes" ? mark("goes round", "warn") : "") },
		{ title: "", cell: (p) => el("span", {}, el("button", { type: "button", "data-edit": p.name, "aria-label": "Edit " + p.name }, "Edit"), " ",
			el("button", { type: "button", class: "danger", "data-remove": p.name, "aria-label": "Remove " + p.name }, "Remove")) },
	], "There is no profile yet.");
	let all = [];
	const refresh = async () => {
		all = await rows("profiles", 100, true);
		list.set(all, (p) => p.name);
	};
	const node = form({ class: "fields" }, [field("Name", "name", { required: true, maxlength: 31, class: "code" }),
		field("Settings", "settings", { required: true, class: "code", placeholder: "ambr_downlink=20Mbps five_qi=8 dnn=internet ip_pool=10.45.9.0/24" },
			"as of a subscriber, blanks between; ip_pool gives each a static address")],
	"Save", async (values, it) => {
		await api("PUT", "profiles/" + encodeURIComponent(values.name.trim()), body(values.settings));
		it.reset();
		await refresh();
		say("Saved; its subscribers follow");
	});
	list.node.addEventListener("click", async (event) => {
		const { edit, remove } = event.target.dataset;
		fault.textContent = "";
		try {
			if (edit) {
				const p = all.find((one) => one.name === edit);
				node.elements.name.value = p.name;
				node.elements.settings.value = p.settings;
				node.elements.settings.focus();
			}
			if (remove) {
				await api("DELETE", "profiles/" + remove);
				await refresh();
			}
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	return { node: el("div", {}, el("section", { class: "card" }, fault, list.node), el("section", { class: "card" }, el("h2", {}, "A profile"), node)), refresh };
}
