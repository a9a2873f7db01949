import { api, get } from "./api.js";
import { ago, el, mark, octets, say, table, time } from "./dom.js";
import { editSubscriber, rate } from "./subscribers.js";
import { ladder } from "./ladder.js";

const bps = (text) => rate(Number.parseInt(text, 10));

function facts(pairs) {
	return el("dl", {}, pairs.filter((p) => p[1] !== null && p[1] !== undefined && p[1] !== "").map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

const kinds = { registered: "good", connected: "good", active: "good", established: "good", lost: "bad" };

function registration(ue) {
	if (!ue) return el("p", { class: "none" }, "Not registered.");
	return facts([["State", mark(ue.state, kinds[ue.state])], ["Connection", mark(ue.connection, kinds[ue.connection])],
		["Since", ue.since && time(ue.since) + " (" + ago(ue.since) + ")"], ["gNB", ue.gnb], ["Cell", ue.cell && el("span", { class: "code" }, ue.cell)],
		["Tracking area", ue.tac], ["AMF", ue.amf], ["5G-TMSI", ue.tmsi && el("span", { class: "code" }, ue.tmsi)], ["Slices", ue.slices],
		["Authenticated", ue.secured && time(ue.secured)], ["Last release", ue.release_cause]]);
}

function subscription(s) {
	return facts([["AMBR", bps(s.ambr_uplink) + " up, " + bps(s.ambr_downlink) + " down"], ["Data networks", s.dnn.join(", ")],
		["5QI, ARP", (s.five_qi || "") + ", " + (s.arp || "")], ["Algorithm", s.algorithm], ["Authentication", s.authentication || "5g-aka"],
		...Object.entries(s).filter(([name]) => !["imsi", "ambr_uplink", "ambr_downlink", "dnn", "five_qi", "arp", "algorithm", "authentication",
			"amf", "sqn"].includes(name))]);
}

export async function subscriber({ go, title, match }) {
	const imsi = match[1], path = "subscribers/" + imsi;
	let s = await get(path);
	title.textContent = "Subscriber " + imsi;
	const state = el("div"), sub = el("div"), fault = el("p", { class: "fault", role: "alert" });
	const draw = () => sub.replaceChildren(subscription(s));
	const order = (verb, text, body) => el("button", { type: "button", onclick: async () => {
		fault.textContent = "";
		try {
			await api("POST", path + "/" + verb, body);
			say(text + ": done");
		} catch (error) {
			fault.textContent = error.message;
		}
	} }, text);
	const edit = el("button", { type: "button", "aria-expanded": "false", onclick: () => {
		const open = edit.getAttribute("aria-expanded") === "true";
		edit.setAttribute("aria-expanded", String(!open));
		editing.replaceChildren(...(open ? [] : [editSubscriber(s, (now) => {
			s = now;
			draw();
			edit.click();
			say("Saved");
		})]));
		if (!open) editing.querySelector("input").focus();
	} }, "Edit");
	const editing = el("div");
	const remove = el("button", { type: "button", class: "danger", onclick: async () => {
		if (!remove.sure) {
			remove.sure = true;
			remove.textContent = "Remove " + imsi + " for good";
			return;
		}
		try {
			await api("DELETE", path);
			go("/subscribers");
		} catch (error) {
			fault.textContent = error.message;
		}
	} }, "Remove");
	const sessions = table({ text: "PDU sessions", hidden: true }, [
		{ title: "ID", cell: (x) => x.id }, { title: "Data network", cell: (x) => x.dnn }, { title: "Slice", cell: (x) => x.slice },
		{ title: "State", cell: (x) => mark(x.state, kinds[x.state]) }, { title: "User plane", cell: (x) => mark(x.user_plane, kinds[x.user_plane]) },
		{ title: "Address", cell: (x) => [x.ipv4, x.ipv6_prefix].filter(Boolean).join(" ") },
		{ title: "AMBR", cell: (x) => rate(x.ambr_uplink_bps) + " / " + rate(x.ambr_downlink_bps) },
		{ title: "Up", kind: "number", cell: (x) => octets(x.uplink_octets) }, { title: "Down", kind: "number", cell: (x) => octets(x.downlink_octets) },
	], "No PDU session.");
	const events = table({ text: "Events", hidden: true }, [
		{ title: "Time", cell: (e) => el("a", { href: "/subscribers/" + imsi + "?ladder=" + e.time, title: "Its signalling, if it is kept" }, time(e.time)) },
		{ title: "What", kind: "text", cell: (e) => el("span", {}, e.words, e.cause ? el("span", { class: "advice" }, " (" + e.cause + ")") : null,
			e.advice ? el("div", { class: "advice" }, e.advice) : null) },
	], "Nothing has happened to it yet.");
	draw();
	const view = {
		watch: ["events", "ues", "sessions"],
		node: el("div", {},
			el("div", { class: "pair" },
				el("section", { class: "card" }, el("h2", {}, "Registration"), state),
				el("section", { class: "card" }, el("h2", {}, "Subscription"), sub, el("p", {}),
					el("div", { class: "buttons" }, edit, order("deregister", "De-register", { again: false }), order("reauthenticate", "Authenticate again"), remove),
					fault, editing)),
			el("section", { class: "card" }, el("h2", {}, "PDU sessions"), sessions.node),
			el("section", { class: "card" }, el("h2", {}, "What happened"), events.node),
			ladder(imsi, (again) => {
				view.ladder = imsi;
				view.heard = again;
				view.listen();
			})),
		async refresh() {
			const [ues, running, happened] = await Promise.all([get("ues?imsi=" + imsi, true), get("sessions?imsi=" + imsi, true),
				get(path + "/events?after=-5000", true)]);
			const now = registration(ues.rows[0]);
			if (state.innerHTML !== now.outerHTML) state.replaceChildren(now);
			sessions.set(running.rows, (x) => x.id);
			events.set(happened.rows.slice(-100).reverse(), (e) => e.number);
		},
	};
	return view;
}
