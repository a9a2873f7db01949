// Views by their URLs. A view gives its node, and may be asked to look again every so often while it is seen.
import { api, get, rows, session, take } from "./api.js";
import { el, say } from "./dom.js";
import { first, login } from "./login.js";
import { alarms, stands } from "./alarms.js";
import { audit } from "./audit.js";
import { events } from "./events.js";
import { configuration } from "./configuration.js";
import { importSubscribers } from "./imports.js";
import { figures } from "./figures.js";
import { follow, isLive, unfollow } from "./live.js";
import { maintenance } from "./maintenance.js";
import { network } from "./network.js";
import { overview } from "./overview.js";
import { profiles } from "./profiles.js";
import { subscriber } from "./subscriber.js";
import { addSubscriber, subscribers } from "./subscribers.js";
import { account, users } from "./users.js";

const OPERATORS = ["operator", "administrator"];
const QUIET = 30000; // between two looks where the console tells what moves
const EVERYBODY = ["viewer", "operator", "administrator", "auditor"];
const views = [
	{ path: /^\/$/, title: "Overview", nav: "/", roles: EVERYBODY, show: overview },
	{ path: /^\/subscribers$/, title: "Subscribers", nav: "/subscribers", below: /^\/subscribers\//, roles: OPERATORS, show: subscribers },
	{ path: /^\/subscribers\/new$/, title: "Add a subscriber", roles: OPERATORS, show: addSubscriber },
	{ path: /^\/subscribers\/import$/, title: "Import subscribers", roles: OPERATORS, show: importSubscribers },
	{ path: /^\/subscribers\/([0-9]{5,15})$/, title: "Subscriber", roles: OPERATORS, show: subscriber },
	{ path: /^\/profiles$/, title: "Profiles", nav: "/profiles", roles: OPERATORS, show: profiles },
	{ path: /^\/network$/, title: "Network", nav: "/network", roles: EVERYBODY, show: network },
	{ path: /^\/configuration$/, title: "Configuration", nav: "/configuration", roles: OPERATORS, show: configuration },
	{ path: /^\/figures$/, title: "Figures", nav: "/figures", roles: EVERYBODY, show: figures },
	{ path: /^\/alarms$/, title: "Alarms", nav: "/alarms", roles: EVERYBODY, show: alarms },
	{ path: /^\/events$/, title: "Events", nav: "/events", roles: EVERYBODY, show: events },
	{ path: /^\/audit$/, title: "Audit", nav: "/audit", roles: ["administrator", "auditor"], show: audit },
	{ path: /^\/maintenance$/, title: "Maintenance", nav: "/maintenance", roles: OPERATORS, show: maintenance },
	{ path: /^\/users$/, title: "Users", nav: "/users", roles: ["administrator"], show: users },
	{ path: /^\/account$/, title: "Account", nav: "/account", roles: EVERYBODY, show: account },
];
const main = document.getElementById("main"), trouble = document.getElementById("trouble");
let shown = 0, timer = 0, looks = 0, current = null;

export function go(path, replace) {
	history[replace ? "replaceState" : "pushState"](null, "", path);
	show();
}

function head() {
	document.getElementById("top").hidden = !session.name;
	document.getElementById("nav").replaceChildren(...views.filter((v) => v.nav && v.roles.includes(session.role)).map((v) =>
		el("a", { href: v.nav, "aria-current": v.path.test(location.pathname) || (v.below && v.below.test(location.pathname)) ? "page" : null }, v.title)));
	document.getElementById("me").replaceChildren(session.name ? session.name + " (" + session.role + ")" : "",
		el("button", { type: "button", onclick: async () => {
			await api("DELETE", "session").catch(() => {});
			take(null);
			go("/login");
		} }, "Log out"));
}

function bare(title, node) {
	head();
	document.title = title + " - Freehold";
	main.replaceChildren(node);
	(node.querySelector("input") || main).focus();
}

// How many alarms nobody has acknowledged stands beside the way to them.
async function count() {
	const open = (await rows("alarms", 1000, true)).filter((a) => stands(a) && !a.acknowledged).length;
	const link = document.querySelector("#nav a[href='/alarms']"), text = open ? "Alarms (" + open + ")" : "Alarms";
	if (link && link.textContent !== text) link.textContent = text;
}

async function look(id, view) {
	const mine = ++looks;
	if (!document.hidden) {
		try {
			await view.refresh();
			await count();
			trouble.hidden = true;
		} catch (error) {
			if (id !== shown) return;
			if (error.status === 401) {
				take(null);
				go("/login?to=" + encodeURIComponent(location.pathname + location.search), true);
				return;
			}
			trouble.textContent = error.message;
			trouble.hidden = false;
		}
	}
	if (id === shown && mine === looks) timer = setTimeout(look, isLive() ? QUIET : view.every, id, view);
}

// The view is told of what it shows; its ladder, once it is open, of signalling.
function listen(id, view) {
	follow(view.watch || [], view.ladder, () => {
		if (id !== shown || document.hidden) return;
		clearTimeout(timer);
		look(id, view);
	}, () => { if (id === shown && view.heard) view.heard(); });
	view.listen = () => listen(id, view);
}

async function show() {
	const id = ++shown, path = location.pathname;
	clearTimeout(timer);
	unfollow();
	current = null;
	trouble.hidden = true;
	if (path === "/first") return bare("First start", first(go));
	if (!session.name) {
		try {
			take(await get("session"));
		} catch (error) {
			take(null);
		}
	}
	if (id !== shown) return;
	if (path === "/login" || !session.name) return bare("Log in", login(go));
	const view = views.find((v) => v.path.test(path) && v.roles.includes(session.role));
	head();
	document.title = (view ? view.title : "Not here") + " - Freehold";
	if (!view) {
		main.replaceChildren(el("h1", {}, "Not here"), el("p", {}, "There is no such page, or your role may not see it."));
		return;
	}
	const title = el("h1", { tabindex: "-1" }, view.title);
	let made;
	try {
		made = await view.show({ go, title, match: view.path.exec(path) });
	} catch (error) {
		if (error.status === 401) {
			take(null);
			return go("/login", true);
		}
		made = { node: el("p", { class: "fault", role: "alert" }, error.message) };
	}
	if (id !== shown) return;
	main.replaceChildren(title, made.node);
	title.focus({ preventScroll: true });
	say(title.textContent);
	if (made.refresh) {
		made.every = made.every || 2000;
		current = made;
		listen(id, made);
		look(id, made);
	}
}

document.addEventListener("click", (event) => {
	const link = event.target.closest("a[href^='/']");
	if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.hasAttribute("download")) return;
	event.preventDefault();
	go(link.getAttribute("href"));
	scrollTo(0, 0);
});
addEventListener("popstate", show);
// What was not asked for while nobody looked is asked for at once; a form that is half filled in stays.
document.addEventListener("visibilitychange", () => {
	if (document.hidden || !current) return;
	clearTimeout(timer);
	look(shown, current);
});
show();
