import { api, get, session } from "./api.js";
import { el, field, form, mark, table, time } from "./dom.js";

const ROLES = ["viewer", "operator", "administrator", "auditor"];

function act(fault, load, work) {
	return async () => {
		fault.textContent = "";
		try {
			await work();
			await load();
		} catch (error) {
			fault.textContent = error.message;
		}
	};
}

export function users() {
	const fault = el("p", { class: "fault", role: "alert" });
	const list = table({ text: "Users", hidden: true }, [
		{ title: "Name", cell: (u) => u.name }, { title: "Role", cell: (u) => u.role },
		{ title: "State", cell: (u) => u.disabled ? mark("disabled", "bad") : u.blocked_until ? mark("blocked until " + time(u.blocked_until), "warn") : mark("active", "good") },
		{ title: "Password of", cell: (u) => time(u.password_changed) },
		{ title: "", cell: (u) => el("span", { class: "buttons" },
			el("button", { type: "button", "data-name": u.name, "data-verb": u.disabled ? "enable" : "disable" }, u.disabled ? "Enable" : "Disable"),
			el("button", { type: "button", class: "danger", "data-name": u.name, "data-verb": "remove", "aria-label": "Remove " + u.name }, "Remove")) },
	], "There is no user.");
	const load = async () => list.set((await get("users")).rows, (u) => u.name);
	list.node.addEventListener("click", (event) => {
		const { name, verb } = event.target.dataset;
		if (!verb) return;
		if (verb === "remove" && event.target.textContent === "Remove") {
			event.target.textContent = "Remove " + name + " for good";
			return;
		}
		act(fault, load, () => verb === "remove" ? api("DELETE", "users/" + name) : api("PATCH", "users/" + name, { disabled: verb === "disable" }))();
	});
	load().catch((e) => { fault.textContent = e.message; });
	return { node: el("div", {}, el("section", { class: "card" }, fault, list.node),
		el("section", { class: "card" }, el("h2", {}, "Add a user"), form({ class: "fields" }, [
			field("Name", "name", { required: true, autocapitalize: "none" }), field("Role", "role", { options: ROLES, value: "operator" }),
			field("Password", "password", { type: "password", autocomplete: "new-password", required: true }, "its user changes it under Account"),
		], "Add", async (values, node) => {
			await api("POST", "users", values);
			node.reset();
			await load();
		}))) };
}

export function account() {
	const fault = el("p", { class: "fault", role: "alert" }), made = el("p", { role: "status" });
	const list = table({ text: "API tokens", hidden: true }, [
		{ title: "Name", cell: (t) => t.name }, { title: "Owner", cell: (t) => t.owner }, { title: "Role", cell: (t) => t.role },
		{ title: "Until", cell: (t) => time(t.until) },
		{ title: "", cell: (t) => el("button", { type: "button", class: "danger", "data-id": t.id, "aria-label": "Remove " + t.name }, "Remove") },
	], "No token.");
	const load = async () => list.set((await get("tokens")).rows, (t) => t.id);
	list.node.addEventListener("click", (event) => {
		const { id } = event.target.dataset;
		if (id) act(fault, load, () => api("DELETE", "tokens/" + id))();
	});
	load().catch((e) => { fault.textContent = e.message; });
	return { node: el("div", { class: "pair" },
		el("section", { class: "card" }, el("h2", {}, "Password"), form({ class: "fields" }, [
			field("Old password", "old", { type: "password", autocomplete: "current-password", required: true }),
			field("New password", "new", { type: "password", autocomplete: "new-password", required: true }, "12 characters of three kinds, or 20 of any"),
		], "Change", async (values, node) => {
			await api("PUT", "session/password", values);
			node.reset();
			node.append(el("p", { class: "done", role: "status" }, "Changed; other sessions of yours have ended."));
		})),
		el("section", { class: "card" }, el("h2", {}, "API tokens"), fault, list.node, made, form({ class: "fields" }, [
			field("Name", "name", { required: true, autocapitalize: "none" }),
			field("Role", "role", { options: session.role === "administrator" ? ROLES : [session.role], value: session.role }),
			field("Days", "days", { type: "number", min: 1, max: 3650, value: "90", required: true }),
		], "Make a token", async (values, node) => {
			const t = await api("POST", "tokens", { ...values, days: Number(values.days) });
			made.replaceChildren("It is shown this once: ", el("code", {}, t.token));
			node.reset();
			await load();
		}))) };
}
