#include "wire/ip/dhcp6.h"

#include "wire/ip/checksum.h"

enum {
	IPV6_HEADER = 40,
	UDP = 17,
	UDP_HEADER = 8,
	CHECKSUM_AT = 6,
	HOPS = 64,
	CLIENT_PORT = 546,
	SERVER_PORT = 547,
	OPTION_CLIENT_ID = 1,
	OPTION_SERVER_ID = 2,
	OPTION_IA_NA = 3,
	OPTION_REQUESTED = 6,
	OPTION_ELAPSED = 8,
	OPTION_STATUS = 13,
	OPTION_RAPID_COMMIT = 14,
	OPTION_DNS = 23,
	OPTION_IA_PD = 25,
	OPTION_IA_PREFIX = 26,
	OPTION_EXCLUDED = 67,
	IA_PREFIX_LEN = 25,
	WORD_BITS = 64,
};

static void put_ip(struct writer *w, struct ip a)
{
	writer_u64(w, a.high);
	writer_u64(w, a.low);
}

static struct ip take_ip(struct cursor *c)
{
	uint64_t high = cursor_u64(c), low = cursor_u64(c);

	return (struct ip){ high, low };
}

/* Where its length is to be written. */
static size_t option_begin(struct writer *w, uint16_t code)
{
	writer_u16(w, code);
	writer_u16(w, 0);
	return w->len;
}

static void length_at(struct writer *w, size_t at, size_t len)
{
	struct writer field = writer_of(w->data + at, 2);

	if (!w->failed)
		writer_u16(&field, (uint16_t)len);
}

static void option_end(struct writer *w, size_t from)
{
	length_at(w, from - 2, w->len - from);
}

static void put_duid(struct writer *w, uint16_t code, const struct dhcp6_duid *d)
{
	size_t at;

	if (!d->len)
		return;
	at = option_begin(w, code);
	writer_put(w, bytes_of(d->octets, d->len));
	option_end(w, at);
}

static void put_status(struct writer *w, uint16_t status)
{
	size_t at = option_begin(w, OPTION_STATUS);

	writer_u16(w, status);
	option_end(w, at);
}

/* RFC 6603 4.2: the bits behind those of the delegated prefix, from the octet on in which that ends. */
static void put_excluded(struct writer *w, const struct prefix *of, const struct prefix *excluded)
{
	size_t at = option_begin(w, OPTION_EXCLUDED);
	uint64_t rest = excluded->ip.high << of->bits;

	writer_u8(w, excluded->bits);
	for (int bits = excluded->bits - of->bits; bits > 0; bits -= 8, rest <<= 8)
		writer_u8(w, (uint8_t)(rest >> (WORD_BITS - 8)));
	option_end(w, at);
}

static void put_prefix(
	struct writer *w, const struct prefix *p, const struct prefix *excluded, uint32_t lifetime_s)
{
	size_t at;

	if (!p->bits)
		return;
	at = option_begin(w, OPTION_IA_PREFIX);
	writer_u32(w, lifetime_s); /* preferred, valid */
	writer_u32(w, lifetime_s);
	writer_u8(w, p->bits);
	put_ip(w, p->ip);
	if (excluded && excluded->bits)
		put_excluded(w, p, excluded);
	option_end(w, at);
}

static void put_ia(struct writer *w, const struct dhcp6_ia *ia, bool of_server)
{
	size_t at = option_begin(w, ia->of_addresses ? OPTION_IA_NA : OPTION_IA_PD);
	uint32_t lifetime_s = of_server && ia->prefix.bits ? DHCP6_INFINITE : 0;

	writer_u32(w, ia->id);
	writer_u32(w, lifetime_s); /* T1, T2: there is nothing to renew */
	writer_u32(w, lifetime_s);
	put_prefix(w, &ia->prefix, &ia->excluded, lifetime_s);
	put_prefix(w, &ia->gone, NULL, 0);
	if (ia->status)
		put_status(w, ia->status);
	option_end(w, at);
}

static void put_requested(const struct dhcp6_message *m, struct writer *w)
{
	size_t at = option_begin(w, OPTION_REQUESTED);

	if (m->wants_dns)
		writer_u16(w, OPTION_DNS);
	if (m->wants_exclusion)
		writer_u16(w, OPTION_EXCLUDED);
	option_end(w, at);
}

static void put_options(const struct dhcp6_message *m, struct writer *w)
{
	bool of_server = dhcp6_is_of_server(m->type);
	size_t at;

	put_duid(w, OPTION_CLIENT_ID, &m->client);
	put_duid(w, OPTION_SERVER_ID, &m->server);
	if (m->rapid_commit) {
		at = option_begin(w, OPTION_RAPID_COMMIT);
		option_end(w, at);
	}
	if (!of_server) {
		at = option_begin(w, OPTION_ELAPSED);
		writer_u16(w, 0);
		option_end(w, at);
		put_requested(m, w);
	}
	for (uint8_t i = 0; i < m->ia_count; i++)
		put_ia(w, &m->ias[i], of_server);
	if (m->has_status)
		put_status(w, DHCP6_SUCCESS);
	if (!m->dns_count)
		return;
	at = option_begin(w, OPTION_DNS);
	for (uint8_t i = 0; i < m->dns_count; i++)
		put_ip(w, m->dns[i]);
	option_end(w, at);
}

bool dhcp6_encode(const struct dhcp6_message *m, struct writer *w)
{
	bool of_server = dhcp6_is_of_server(m->type);
	size_t from = w->len, udp = from + IPV6_HEADER;

	writer_u32(w, UINT32_C(6) << 28);
	writer_u32(w, UDP << 8 | HOPS);
	put_ip(w, m->src);
	put_ip(w, m->dst);
	writer_u16(w, of_server ? SERVER_PORT : CLIENT_PORT);
	writer_u16(w, of_server ? CLIENT_PORT : SERVER_PORT);
	writer_u32(w, 0);
	writer_u32(w, (uint32_t)m->type << 24 | (m->id & 0xffffff));
	put_options(m, w);
	length_at(w, from + 4, w->len - udp);
	length_at(w, udp + 4, w->len - udp);
	if (!w->failed)
		length_at(w, udp + CHECKSUM_AT,
			ip6_checksum(m->src, m->dst, UDP, bytes_of(w->data + udp, w->len - udp)));
	return !w->failed;
}

/* The next option; false: none is left, or it is not whole (c->failed). */
static bool option_next(struct cursor *c, uint16_t *code, struct cursor *value)
{
	if (c->failed || cursor_left(c) == 0)
		return false;
	*code = cursor_u16(c);
	*value = cursor_sub(c, cursor_u16(c));
	return !c->failed;
}

static bool take_duid(struct cursor *value, struct dhcp6_duid *d)
{
	struct bytes b = cursor_bytes(value, cursor_left(value));

	d->len = (uint8_t)b.len;
	return b.len > 0 && bytes_copy(d->octets, sizeof(d->octets), b);
}

static struct prefix prefix_of(struct ip ip, uint8_t bits)
{
	return (struct prefix){ ip_masked(ip, bits), bits };
}

static void take_excluded(struct cursor *value, const struct prefix *of, struct prefix *out)
{
	uint8_t bits = cursor_u8(value);
	uint64_t rest = 0;

	for (int i = 0; i < 8; i++)
		rest = rest << 8 | (cursor_left(value) ? cursor_u8(value) : 0);
	if (bits > of->bits && bits <= DHCP6_PREFIX_BITS_MAX)
		*out = prefix_of((struct ip){ of->ip.high | rest >> of->bits, 0 }, bits);
}

/* The first that lives counts. */
static bool take_prefix(struct cursor *value, bool of_server, struct dhcp6_ia *ia)
{
	struct cursor option;
	struct prefix p;
	uint32_t valid_s;
	uint16_t code;
	uint8_t bits;

	cursor_u32(value);
	valid_s = cursor_u32(value);
	bits = cursor_u8(value);
	p = prefix_of(take_ip(value), bits <= 128 ? bits : 128);
	if (value->failed)
		return false;
	if (ia->prefix.bits || bits == 0 || bits > DHCP6_PREFIX_BITS_MAX || (of_server && !valid_s))
		return true;
	ia->prefix = p;
	while (option_next(value, &code, &option))
		if (code == OPTION_EXCLUDED)
			take_excluded(&option, &p, &ia->excluded);
	return !value->failed;
}

static bool take_ia(struct cursor *value, bool of_addresses, struct dhcp6_message *m)
{
	struct dhcp6_ia ia = { .of_addresses = of_addresses, .id = cursor_u32(value) };
	struct cursor option;
	uint16_t code;

	cursor_u32(value);
	cursor_u32(value);
	while (option_next(value, &code, &option)) {
		if (code == OPTION_STATUS)
			ia.status = cursor_u16(&option);
		if (code == OPTION_IA_PREFIX && !of_addresses &&
			!take_prefix(&option, dhcp6_is_of_server(m->type), &ia))
			return false;
	}
	if (m->ia_count < DHCP6_IAS_MAX)
		m->ias[m->ia_count++] = ia;
	return !value->failed;
}

static void take_requested(struct cursor *value, struct dhcp6_message *m)
{
	while (cursor_left(value) >= 2) {
		uint16_t code = cursor_u16(value);

		m->wants_dns |= code == OPTION_DNS;
		m->wants_exclusion |= code == OPTION_EXCLUDED;
	}
}

static bool take_option(uint16_t code, struct cursor *value, struct dhcp6_message *m)
{
	switch (code) {
	case OPTION_CLIENT_ID:
		return take_duid(value, &m->client);
	case OPTION_SERVER_ID:
		return take_duid(value, &m->server);
	case OPTION_RAPID_COMMIT:
		m->rapid_commit = true;
		return true;
	case OPTION_REQUESTED:
		take_requested(value, m);
		return true;
	case OPTION_IA_NA:
	case OPTION_IA_PD:
		return take_ia(value, code == OPTION_IA_NA, m);
	case OPTION_DNS:
		while (cursor_left(value) >= 16 && m->dns_count < DHCP6_DNS_MAX)
			m->dns[m->dns_count++] = take_ip(value);
		return true;
	default:
		return true;
	}
}

/* The UDP datagram between the ports, with a good checksum. */
static bool datagram_of(struct bytes packet, struct dhcp6_message *m, uint16_t *to, struct cursor *out)
{
	struct cursor c = cursor_of(packet);
	struct bytes datagram;
	uint16_t len, udp_len;
	uint8_t next;

	if (packet.len < IPV6_HEADER || cursor_u32(&c) >> 28 != 6)
		return false;
	len = cursor_u16(&c);
	next = cursor_u8(&c);
	cursor_u8(&c);
	m->src = take_ip(&c);
	m->dst = take_ip(&c);
	datagram = cursor_bytes(&c, len);
	*out = cursor_of(datagram);
	cursor_u16(out);
	*to = cursor_u16(out);
	udp_len = cursor_u16(out);
	cursor_u16(out);
	return next == UDP && !out->failed && udp_len == datagram.len &&
	       ip6_checksum(m->src, m->dst, UDP, datagram) == 0;
}

bool dhcp6_decode(struct bytes packet, struct dhcp6_message *m)
{
	struct cursor c, value;
	uint16_t to, code;

	*m = (struct dhcp6_message){ 0 };
	if (!datagram_of(packet, m, &to, &c))
		return false;
	m->type = cursor_u8(&c);
	m->id = (uint32_t)cursor_uint(&c, 3);
	if (to != (dhcp6_is_of_server(m->type) ? CLIENT_PORT : SERVER_PORT) || m->type == 0 ||
		m->type == 10 || m->type > DHCP6_INFORMATION_REQUEST)
		return false;
	while (option_next(&c, &code, &value))
		if (!take_option(code, &value, m) || value.failed)
			return false;
	return !c.failed;
}
