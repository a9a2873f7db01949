// Messages as a capture (pcapng): exported PDUs, which Wireshark gives to a dissector by its name. As io/pcapng.c writes it.
const text = new TextEncoder();

const unhex = (hex) => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));

function join(parts) {
	const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		out.set(p, at);
		at += p.length;
	}
	return out;
}

const padded = (octets) => join([octets, new Uint8Array((4 - (octets.length % 4)) % 4)]);
const u16 = (n) => Uint8Array.of(n >> 8, n & 255);
const u32 = (n) => Uint8Array.of((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
const option = (code, value) => join([u16(code), u16(value.length), padded(value)]);
const END = option(0, new Uint8Array());

function block(type, ...body) {
	const inner = join(body), total = u32(12 + inner.length);
	return join([u32(type), total, inner, total]);
}

function packet(channel, time_ns, dissector, octets, comment) {
	const name = padded(text.encode(dissector)), pdu = join([u16(12), u16(name.length), name, u16(0), u16(0), octets]), ns = BigInt(time_ns);
	return block(6, u32(channel), u32(Number(ns >> 32n)), u32(Number(ns & 0xffffffffn)), u32(pdu.length), u32(pdu.length), padded(pdu), option(1, text.encode(comment)), END);
}

const CHANNELS = ["N1, as it was sent", "N1, in plain", "N2", "N4", "services"], OF = { "nas-5gs": 0, ngap: 2, pfcp: 3, http: 4 };

export function pcapng(messages) {
	const parts = [block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff), option(4, text.encode("Freehold console")), END)];
	for (const name of CHANNELS) parts.push(block(1, u16(252), u16(0), u32(0), option(2, text.encode(name)), option(9, Uint8Array.of(9)), END));
	for (const m of messages) {
		const comment = m.from + " to " + m.to + ": " + m.text;
		if (m.octets && m.octets !== m.plain) parts.push(packet(OF[m.dissector], m.time_ns, m.dissector, unhex(m.octets), comment));
		if (m.plain) parts.push(packet(1, m.time_ns, m.dissector, unhex(m.plain), comment + " (plain)"));
	}
	return join(parts);
}
