import { api, get } from "./api.js";
import { el, field, form, say, table } from "./dom.js";

const ALGORITHMS = ["milenage", "tuak-128", "tuak-256"];

export const rate = (bps) => !bps ? "" : bps >= 1e9 ? +(bps / 1e9).toFixed(3) + " Gbps" : bps >= 1e6 ? +(bps / 1e6).toFixed(3) + " Mbps"
	: bps >= 1e3 ? +(bps / 1e3).toFixed(3) + " kbps" : bps + " bps";

export function subscribers({ go }) {
	const start = new URLSearchParams(location.search).get("q") || "";
	let next = null, all = [], asked = 0;
	const list = table({ text: "Subscribers", hidden: true }, [
		{ title: "IMSI", cell: (s) => el("a", { href: "/subscribers/" + s.imsi, class: "code" }, s.imsi) },
		{ title: "Number", cell: (s) => s.msisdn },
		{ title: "Data networks", cell: (s) => s.dnns },
		{ title: "Static address", cell: (s) => s.ipv4 },
		{ title: "AMBR up", kind: "number", cell: (s) => rate(s.ambr_uplink_bps) },
		{ title: "AMBR down", kind: "number", cell: (s) => rate(s.ambr_downlink_bps) },
		{ title: "Authentication", cell: (s) => s.authentication + ", " + s.algorithm },
	], "No subscriber is found.");
	const more = el("button", { type: "button", hidden: true, onclick: () => load(search.value.trim(), true) }, "More");
	const load = async (q, goesOn) => {
		const id = ++asked;
		const page = await get("subscribers?limit=200" + (q ? "&q=" + encodeURIComponent(q) : "") + (goesOn && next ? "&after=" + next : ""));
		if (id !== asked) return;
		all = goesOn ? all.concat(page.rows) : page.rows;
		next = page.next;
		list.set(all, (s) => s.imsi);
		more.hidden = !next;
		say(all.length + (next ? " and more" : "") + " subscribers");
	};
	const fault = el("p", { class: "fault", role: "alert" });
	const save = async () => {
		const parts = [];
		let page = {};
		fault.textContent = "";
		try {
			do {
				page = await get("subscriber-export" + (page.next ? "?after=" + page.next : ""));
				parts.push(page.text);
			} while (page.next);
		} catch (error) {
			fault.textContent = error.message;
			return;
		}
		const href = URL.createObjectURL(new Blob(parts, { type: "text/plain" }));
		el("a", { href, download: "subscribers.txt" }).click();
		setTimeout(() => URL.revokeObjectURL(href), 60000);
	};
	let wait = 0;
	const changed = () => {
		const q = search.value.trim();
		fault.textContent = "";
		history.replaceState(null, "", "/subscribers" + (q ? "?q=" + encodeURIComponent(q) : ""));
		clearTimeout(wait);
		wait = setTimeout(() => load(q).catch((e) => { fault.textContent = e.message; }), 120);
	};
	const search = el("input", { type: "search", name: "q", value: start, inputmode: "numeric", autocomplete: "off", class: "code", oninput: changed });
	load(start).catch((e) => { fault.textContent = e.message; });
	return { node: el("div", { class: "card" },
		el("form", { class: "row", role: "search", onsubmit: (e) => e.preventDefault() },
			el("label", {}, "Digits of the IMSI", search),
			el("button", { class: "main", type: "button", onclick: () => go("/subscribers/new") }, "Add a subscriber"),
			el("button", { type: "button", onclick: () => go("/subscribers/import") }, "Import"),
			el("button", { type: "button", onclick: save }, "Export, without keys")),
		fault, list.node, more) };
}

const given = (values) => {
	const body = {};
	for (const [name, value] of Object.entries(values)) if (value.trim()) body[name] = value.trim();
	if (body.dnn) body.dnn = body.dnn.split(/\s+/);
	return body;
};

const fields = (s) => [
	field("AMBR uplink", "ambr_uplink", { value: s ? s.ambr_uplink : "", placeholder: "1 Gbps" }, "of the UE, all its sessions together"),
	field("AMBR downlink", "ambr_downlink", { value: s ? s.ambr_downlink : "", placeholder: "1 Gbps" }),
	field("Data networks", "dnn", { value: s ? s.dnn.join(" ") : "", class: "code", placeholder: s ? "" : "all of the network" },
		"name@slice, blanks between: internet@1 ims@1:five_qi=5:ip=10.45.0.9"),
	field("Telephone number", "msisdn", { value: s ? s.msisdn : "", class: "code", inputmode: "numeric" }, "MSISDN, the country's code first; its phone may ask for it; none: no longer"),
	field("Profile", "profile", { value: s ? s.profile : "", class: "code" }, "whose settings it follows; none: no longer"),
	field("5QI", "five_qi", { value: s ? s.five_qi : "", inputmode: "numeric" }, "of default flows"),
	field("ARP", "arp", { value: s ? s.arp : "", inputmode: "numeric" }, "priority level 1 (highest) to 15"),
];

export function addSubscriber({ go }) {
	return { node: el("div", { class: "card" }, form({ class: "fields" }, [
		field("IMSI", "imsi", { class: "code", required: true, inputmode: "numeric", maxlength: 15 }),
		field("K", "k", { class: "code", required: true, spellcheck: "false" }, "hexadecimal; written, and never shown again"),
		field("OPc", "opc", { class: "code", required: true, spellcheck: "false" }, "hexadecimal"),
		field("Algorithm", "algorithm", { options: ALGORITHMS, value: "milenage" }),
		field("Authentication", "authentication", { options: ["5g-aka", "eap-aka-prime"], value: "5g-aka" }),
		...fields(null),
	], "Add", async (values) => {
		const s = await api("POST", "subscribers", given(values));
		go("/subscribers/" + s.imsi);
	}) ) };
}

// What differs from how it was; an unchanged form changes nothing.
export function editSubscriber(s, done) {
	return form({ class: "fields" }, [...fields(s),
		field("K", "k", { class: "code", spellcheck: "false" }, "only to replace it"),
		field("OPc", "opc", { class: "code", spellcheck: "false" }, "only to replace it")],
	"Save", async (values) => {
		const was = { ...s, dnn: s.dnn.join(" ") };
		const body = given(Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== (was[name] || ""))));
		if (Object.keys(body).length === 0) throw new Error("Nothing is changed.");
		done(await api("PATCH", "subscribers/" + s.imsi, body));
	});
}
