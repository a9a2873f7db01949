import { api, rows, session } from "./api.js";
import { ago, el, mark, table, time } from "./dom.js";

export function network() {
	const may = ["operator", "administrator"].includes(session.role), fault = el("p", { class: "fault", role: "alert" });
	const gnbs = table({ text: "gNBs", hidden: true }, [
		{ title: "Name", cell: (g) => g.name }, { title: "ID", cell: (g) => el("span", { class: "code" }, g.id) },
		{ title: "State", cell: (g) => mark(g.state, g.state === "up" ? "good" : g.state === "away" ? "bad" : "warn") },
		{ title: "N2 address", cell: (g) => g.address }, { title: "AMF", cell: (g) => g.amf }, { title: "TACs", cell: (g) => g.tacs },
		{ title: "UEs", kind: "number", cell: (g) => g.connected }, { title: "Since", cell: (g) => g.since ? time(g.since) + " (" + ago(g.since) + ")" : "" },
	], "No gNB has connected. It is to connect to n2_address of core.amfs, by SCTP.");
	const upfs = table({ text: "UPFs", hidden: true }, [
		{ title: "Name", cell: (u) => u.name }, { title: "N4 address", cell: (u) => u.address },
		{ title: "State", cell: (u) => mark(u.state, u.state === "associated" ? "good" : "bad") },
		{ title: "Sessions", kind: "number", cell: (u) => u.sessions }, { title: "GTP-U peers not reached", cell: (u) => u.not_reached },
		{ title: "Since", cell: (u) => u.since ? time(u.since) + " (" + ago(u.since) + ")" : "" },
		{ title: "New sessions", cell: (u) => el("span", {}, mark(u.drained === "yes" ? "kept away" : "taken", u.drained === "yes" ? "warn" : ""), " ",
			may ? el("button", { type: "button", "data-upf": u.name, "data-drained": u.drained === "yes" ? "" : "yes" },
				u.drained === "yes" ? "Take again" : "Drain") : null) },
	], "No UPF is configured.");
	upfs.node.addEventListener("click", async (event) => {
		const { upf, drained } = event.target.dataset;
		if (upf === undefined) return;
		fault.textContent = "";
		try {
			await api("PATCH", "upfs/" + encodeURIComponent(upf), { drained: drained === "yes" });
		} catch (error) {
			fault.textContent = error.message;
		}
	});
	const ues = table({ text: "UEs", hidden: true }, [
		{ title: "IMSI", cell: (u) => may && /^[0-9]+$/.test(u.imsi || "") ? el("a", { href: "/subscribers/" + u.imsi, class: "code" }, u.imsi) : u.imsi || "not proved yet" },
		{ title: "State", cell: (u) => mark(u.state, u.state === "registered" ? "good" : "warn") },
		{ title: "Connection", cell: (u) => mark(u.connection, u.connection === "connected" ? "good" : u.connection === "lost" ? "bad" : "") },
		{ title: "gNB", cell: (u) => u.gnb }, { title: "Cell", cell: (u) => u.cell }, { title: "Sessions", kind: "number", cell: (u) => u.sessions },
		{ title: "Since", cell: (u) => u.since ? time(u.since) : "" },
	], "No UE is registered.");
	const more = el("p", { class: "advice", hidden: true }, "More than these: the API and freehold ues have all.");
	return {
		watch: ["gnbs", "upfs", "ues"],
		node: el("div", {}, el("section", { class: "card" }, el("h2", {}, "gNBs"), gnbs.node), el("section", { class: "card" }, el("h2", {}, "UPFs"), fault, upfs.node),
			el("section", { class: "card" }, el("h2", {}, "UEs"), ues.node, more)),
		async refresh() {
			const [g, u, e] = await Promise.all([rows("gnbs", 1000, true), rows("upfs", 1000, true), rows("ues", 500, true)]);
			gnbs.set(g, (x) => x.amf + x.id + x.address);
			upfs.set(u, (x) => x.address);
			ues.set(e.slice(0, 500), (x) => (x.imsi || "") + (x.tmsi || "") + (x.since || ""));
			more.hidden = e.length <= 500;
		},
	};
}
