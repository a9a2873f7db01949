import { get, rows, session } from "./api.js";
import { chart, clock, el, svg, table } from "./dom.js";

const HISTORY = 150;

const rates = [
	{ title: "Registrations", names: ["amf_rm_reg_init_succ", "amf_rm_reg_mob_succ", "amf_rm_reg_period_succ"] },
	{ title: "Registrations refused", names: ["amf_registration_rejects"] },
	{ title: "PDU sessions established", names: ["smf_established"] },
	{ title: "PDU sessions refused", names: ["smf_rejects"] },
];

function tile(title) {
	const value = el("div", { class: "value" }), more = el("div", { class: "more" });
	const node = el("li", { class: "tile" }, el("div", { class: "name" }, title), value, more);
	return { node, set: (text, detail, kind) => {
		value.textContent = text;
		more.textContent = detail || "";
		node.className = "tile " + (kind || "");
	} };
}

// gNBs on the left, the core between, UPFs on the right; what is away is dashed, and says so.
function topology(gnbs, upfs, up) {
	const most = Math.max(gnbs.length, upfs.length, 1), height = Math.max(110, most * 48 + 10);
	const place = (i, n) => (height / (n + 1)) * (i + 1);
	const box = (x, y, width, name, more, good) => [
		svg("rect", { x, y: y - 18, width, height: 36, rx: 4, class: good ? "good" : "bad" }),
		svg("text", { x: x + width / 2, y: y - 2, "text-anchor": "middle" }, name),
		svg("text", { x: x + width / 2, y: y + 12, "text-anchor": "middle", class: "more" }, more)];
	const parts = [];
	gnbs.forEach((g, i) => {
		const y = place(i, gnbs.length);
		parts.push(svg("line", { x1: 170, y1: y, x2: 250, y2: height / 2, class: g.state === "up" ? "" : "bad" }),
			...box(10, y, 160, g.name || g.id, "gNB, " + g.state + ", " + (g.connected || 0) + " UEs", g.state === "up"));
	});
	upfs.forEach((u, i) => {
		const y = place(i, upfs.length), good = u.state === "associated";
		parts.push(svg("line", { x1: 370, y1: height / 2, x2: 450, y2: y, class: good ? "" : "bad" }),
			...box(450, y, 160, u.name || u.address, "UPF, " + u.state + ", " + u.sessions + " sessions", good));
	});
	parts.push(...box(250, height / 2, 120, "Core", up ? "up" : "away", up));
	return svg("svg", { class: "map", viewBox: "0 0 620 " + height, role: "img",
		"aria-label": "Topology: " + gnbs.length + " gNBs, the core, " + upfs.length + " UPFs; the tables of Network say the same" }, parts);
}

export function overview() {
	const may = ["operator", "administrator"].includes(session.role);
	const tiles = { core: tile("Core"), gnbs: tile("gNBs up"), upfs: tile("UPFs associated"), ues: tile("UEs registered"),
		connected: tile("UEs connected"), sessions: tile("PDU sessions") };
	const charts = rates.map((r) => ({ ...r, values: [], node: el("div", { class: "card" }) }));
	const map = el("div", { class: "card" });
	const events = table({ text: "Latest events", hidden: true }, [
		{ title: "Time", cell: (e) => clock(new Date(e.time)) },
		{ title: "Who", cell: (e) => /^[0-9]+$/.test(e.imsi || "") && may ? el("a", { href: "/subscribers/" + e.imsi, class: "code" }, e.imsi) : e.imsi || "concealed" },
		{ title: "What", kind: "text", cell: (e) => e.words || e.event },
	], "Nothing has happened yet.");
	let before = null;
	const step = (figures, now) => {
		for (const c of charts) {
			const sum = c.names.reduce((n, name) => n + (figures[name] || 0), 0);
			if (before && now > before.now) c.values.push(Math.max(0, (sum - c.sum) * 60000 / (now - before.now)));
			c.sum = sum;
			if (c.values.length > HISTORY) c.values.shift();
			const last = c.values.length ? Math.round(c.values[c.values.length - 1]) : 0;
			c.node.replaceChildren(el("h2", {}, c.title), el("div", {}, last + " a minute, " + sum + " since the core began"),
				chart(c.title + " a minute, the last five minutes: now " + last, c.values));
		}
		before = { now };
	};

	return {
		watch: ["status", "gnbs", "upfs", "events"],
		node: el("div", {}, el("ul", { class: "tiles", "aria-label": "State" }, Object.values(tiles).map((t) => t.node)),
			el("div", { class: "pair" }, map, el("div", { class: "card" }, el("h2", {}, "Latest events"), events.node)),
			el("div", { class: "four" }, charts.map((c) => c.node))),
		async refresh() {
			const status = await get("status", true), f = status.figures, up = status.core === "up";
			tiles.core.set(up ? "up" : "away", "Freehold " + status.version, up ? "good" : "bad");
			if (!up) {
				for (const t of [tiles.gnbs, tiles.upfs, tiles.ues, tiles.connected, tiles.sessions]) t.set("-", "", "");
				map.replaceChildren(el("h2", {}, "Topology"), topology([], [], false));
				throw new Error("The core does not answer: is it running? (freehold up, or systemctl status freehold)");
			}
			const [gnbs, upfs, latest] = await Promise.all([rows("gnbs", 1000, true), rows("upfs", 1000, true), get("events?after=-12", true)]);
			const gnbsUp = gnbs.filter((g) => g.state === "up").length;
			tiles.gnbs.set(gnbsUp, "of " + gnbs.length + " known", gnbsUp === gnbs.length && gnbsUp ? "good" : "warn");
			tiles.upfs.set(f.upfs_associated, "of " + f.upfs + (f.upfs_drained ? ", " + f.upfs_drained + " drained" : ""),
				f.upfs_associated === f.upfs ? "good" : "bad");
			tiles.ues.set(f.ues_registered, "", "");
			tiles.connected.set(f.connections, Math.max(0, f.ues_registered - f.connections) + " idle", "");
			tiles.sessions.set(f.sessions, f.sessions_active + " active", "");
			map.replaceChildren(el("h2", {}, "Topology"), topology(gnbs, upfs, true));
			events.set(latest.rows.slice(-12).reverse(), (e) => e.number);
			step(f, status.time_ms);
		},
	};
}
