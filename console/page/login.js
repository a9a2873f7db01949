import { api, take } from "./api.js";
import { el, field, form } from "./dom.js";

const inside = (path) => /^\/[a-z]/.test(path || "") ? path : "/";

export function login(go) {
	return el("div", { class: "card narrow" }, el("h1", {}, "Log in"), form({ class: "fields" }, [
		field("Name", "name", { autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" }),
		field("Password", "password", { type: "password", autocomplete: "current-password", required: true }),
	], "Log in", async (values, node) => {
		try {
			take(await api("POST", "session", values));
		} finally {
			node.elements.password.value = "";
		}
		go(inside(new URLSearchParams(location.search).get("to")), true);
	}));
}

// The secret stands behind the #, which browsers do not send; it goes from the address bar and the history at once.
export function first(go) {
	const token = location.hash.slice(1);
	if (token) history.replaceState({ token }, "", "/first");
	const kept = token || (history.state && history.state.token) || "";
	return el("div", { class: "card narrow" }, el("h1", {}, "First start"),
		el("p", {}, "This link, which the console printed at its start, makes you an administrator."), form({ class: "fields" }, [
			field("Name", "name", { autocomplete: "username", required: true, autocapitalize: "none", spellcheck: "false" }, "a-z, 0-9, dot, dash, _"),
			field("Password", "password", { type: "password", autocomplete: "new-password", required: true },
				"12 characters of three kinds, or 20 of any"),
			field("Password again", "again", { type: "password", autocomplete: "new-password", required: true }),
		], "Make the administrator", async (values) => {
			if (values.password !== values.again) throw new Error("The two passwords differ.");
			take(await api("POST", "first", { token: kept, name: values.name, password: values.password }));
			go("/", true);
		}));
}
