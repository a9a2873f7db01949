import { api, get, rows, session } from "./api.js";
import { ago, el, mark, say, table, time } from "./dom.js";

const kinds = { critical: "bad", major: "bad", minor: "warn", warning: "warn", cleared: "good" };
const order = ["critical", "major", "minor", "warning", "cleared"];

export const stands = (a) => a.severity !== "cleared";

// Where they go beside this page; each can be tried by who runs the network.
function outlets(fault) {
	const list = table({ text: "Where alarms go" }, [
		{ title: "Outlet", cell: (o) => el("span", { class: "code" }, o.name) }, { title: "To", cell: (o) => el("span", { class: "code" }, o.to) },
		{ title: "Sent", kind: "number", cell: (o) => o.sent }, { title: "Waiting", kind: "number", cell: (o) => o.waiting },
		{ title: "Lost", kind: "number", cell: (o) => o.lost }, { title: "", cell: (o) => (o.error ? mark(o.error, "bad") : "") },
		{ title: "", cell: (o) => el("button", { type: "button", "data-try": o.name, "aria-label": "Send a test to " + o.name }, "Send a test") },
	], "Nowhere but here: network.yaml has console: {alarms: {syslog, webhook, command}}.");
	const refresh = async () => list.set((await get("alarm-outlets", true)).rows, (o) => o.name);
	list.node.addEventListener("click", async (event) => {
		const name = event.target.dataset.try;
		if (!name) return;
		fault.textContent = "";
		try {
			await api("POST", "alarm-outlets/" + name + "/test");
			say("A test is sent to " + name);
			setTimeout(refresh, 1000);
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	return { node: el("section", { class: "card" }, list.node), refresh };
}

export function alarms() {
	const may = ["operator", "administrator"].includes(session.role), fault = el("p", { class: "fault", role: "alert" });
	const list = table({ text: "Alarms", hidden: true }, [
		{ title: "Severity", cell: (a) => mark(a.severity, kinds[a.severity]) },
		{ title: "What", cell: (a) => el("span", { class: "code" }, a.object) }, { title: "Detail", cell: (a) => a.detail },
		{ title: "Problem", kind: "text", cell: (a) => el("span", {}, a.problem, stands(a) ? el("p", { class: "advice" }, a.remedy) : null) },
		{ title: "Raised", cell: (a) => time(a.raised) + " (" + ago(a.raised) + ")" + (a.times > 1 ? ", " + a.times + " times" : "") },
		{ title: "Cleared", cell: (a) => a.cleared ? time(a.cleared) : may && a.object.startsWith("gNB")
			? el("button", { type: "button", "data-over": a.id, "aria-label": "Clear alarm " + a.id + ", the gNB will not come again" }, "Clear") : "" },
		{ title: "Acknowledged", cell: (a) => a.acknowledged ? time(a.acknowledged) + " by " + a.acknowledged_by
			: may ? el("button", { type: "button", "data-alarm": a.id, "aria-label": "Acknowledge alarm " + a.id }, "Acknowledge") : "" },
	], "Nothing stands in the way, and nothing has.");
	const out = may ? outlets(fault) : null;
	let again = async () => {};
	list.node.addEventListener("click", async (event) => {
		const { alarm, over } = event.target.dataset;
		if (alarm === undefined && over === undefined) return;
		fault.textContent = "";
		try {
			await api("POST", over ? "alarms/" + over + "/clear" : "alarms/" + alarm + "/acknowledge");
			await again();
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	again = async () => {
		const all = await rows("alarms", 1000, true);
		all.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || (a.raised < b.raised ? 1 : -1));
		list.set(all, (a) => a.id);
		if (out) await out.refresh();
	};
	return { node: el("div", {}, el("section", { class: "card" }, fault, list.node), out ? out.node : null), watch: ["alarms"], refresh: again };
}
