#include "wire/ip/nd.h"

#include "wire/ip/checksum.h"

enum {
	IPV6_HEADER = 40,
	ICMPV6 = 58,
	CHECKSUM_AT = 2,
	SOLICITATION = 133,
	ADVERTISEMENT = 134,
	NEIGHBOR_SOLICITATION = 135,
	NEIGHBOR_ADVERTISEMENT = 136,
	SOURCE_LINK_LAYER = 1,
	PREFIX_INFORMATION = 3,
	MTU = 5,
	RDNSS = 25,
	FLAG_MANAGED = 0x80,
	FLAG_OTHER = 0x40,
	FLAG_ON_LINK = 0x80,
	FLAG_AUTONOMOUS = 0x40,
	OPTION_UNIT = 8, /* octets */
};
#define FLAG_ROUTER    (UINT32_C(1) << 31)
#define FLAG_SOLICITED (UINT32_C(1) << 30)
#define FLAG_OVERRIDE  (UINT32_C(1) << 29)

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

/* The header of a message of which neither length nor checksum is known yet. */
static void packet_begin(struct writer *w, struct ip src, struct ip dst)
{
	writer_u32(w, UINT32_C(6) << 28);
	writer_u16(w, 0);
	writer_u8(w, ICMPV6);
	writer_u8(w, ND_HOP_LIMIT);
	put_ip(w, src);
	put_ip(w, dst);
}

/* from: where the packet begins in w. */
static bool packet_end(struct writer *w, size_t from, struct ip src, struct ip dst)
{
	uint8_t *message = w->data + from + IPV6_HEADER;
	size_t len = w->len - from - IPV6_HEADER;
	struct writer at;

	if (w->failed)
		return false;
	at = writer_of(w->data + from + 4, 2);
	writer_u16(&at, (uint16_t)len);
	at = writer_of(message + CHECKSUM_AT, 2);
	writer_u16(&at, ip6_checksum(src, dst, ICMPV6, bytes_of(message, len)));
	return true;
}

bool nd_solicitation_encode(struct ip src, struct writer *w)
{
	size_t from = w->len;

	packet_begin(w, src, ND_ALL_ROUTERS);
	writer_u32(w, (uint32_t)SOLICITATION << 24);
	writer_u32(w, 0);
	return packet_end(w, from, src, ND_ALL_ROUTERS);
}

static void put_options(const struct nd_advertisement *a, struct writer *w)
{
	if (a->mtu) {
		writer_u8(w, MTU);
		writer_u8(w, 1);
		writer_u16(w, 0);
		writer_u32(w, a->mtu);
	}
	if (a->prefix.bits) {
		writer_u8(w, PREFIX_INFORMATION);
		writer_u8(w, 4);
		writer_u8(w, a->prefix.bits);
		writer_u8(w,
			(uint8_t)((a->on_link ? FLAG_ON_LINK : 0) | (a->autonomous ? FLAG_AUTONOMOUS : 0)));
		writer_u32(w, a->valid_s);
		writer_u32(w, a->preferred_s);
		writer_u32(w, 0);
		put_ip(w, a->prefix.ip);
	}
	if (a->dns_count) {
		writer_u8(w, RDNSS);
		writer_u8(w, (uint8_t)(1 + 2 * a->dns_count));
		writer_u16(w, 0);
		writer_u32(w, a->dns_lifetime_s);
		for (uint8_t i = 0; i < a->dns_count; i++)
			put_ip(w, a->dns[i]);
	}
}

bool nd_advertisement_encode(const struct nd_advertisement *a, struct writer *w)
{
	size_t from = w->len;

	packet_begin(w, a->src, a->dst);
	writer_u32(w, (uint32_t)ADVERTISEMENT << 24);
	writer_u8(w, a->hop_limit);
	writer_u8(w, (uint8_t)((a->managed ? FLAG_MANAGED : 0) | (a->other ? FLAG_OTHER : 0)));
	writer_u16(w, a->lifetime_s);
	writer_u32(w, 0); /* reachable time, unspecified */
	writer_u32(w, 0); /* retransmission timer, likewise */
	put_options(a, w);
	return packet_end(w, from, a->src, a->dst);
}

/* The message of that type behind a good header; its octets after the checksum, with what RFC 4861 6.1 asks
 * of both kinds. */
static bool message_of(struct bytes packet, uint8_t type, struct ip *src, struct ip *dst, struct cursor *out)
{
	struct cursor c = cursor_of(packet);
	struct bytes message;
	uint16_t len;
	uint8_t next, hops;

	if (packet.len < IPV6_HEADER || cursor_u32(&c) >> 28 != 6)
		return false;
	len = cursor_u16(&c);
	next = cursor_u8(&c);
	hops = cursor_u8(&c);
	*src = take_ip(&c);
	*dst = take_ip(&c);
	message = cursor_bytes(&c, len);
	if (next != ICMPV6 || hops != ND_HOP_LIMIT || message.len != len || len < 8)
		return false;
	*out = cursor_of(message);
	if (cursor_u8(out) != type || cursor_u8(out) != 0)
		return false;
	cursor_u16(out);
	return ip6_checksum(*src, *dst, ICMPV6, message) == 0;
}

/* The next option, its type and what follows its length; false at the end, *ok false when it is malformed. */
static bool next_option(struct cursor *c, uint8_t *type, struct cursor *option, bool *ok)
{
	uint8_t units;

	*ok = true;
	if (cursor_left(c) == 0)
		return false;
	*type = cursor_u8(c);
	units = cursor_u8(c);
	*ok = units > 0 && cursor_left(c) >= (size_t)units * OPTION_UNIT - 2;
	if (*ok)
		*option = cursor_of(cursor_bytes(c, (size_t)units * OPTION_UNIT - 2));
	return *ok;
}

bool nd_solicitation_decode(struct bytes packet, struct ip *src)
{
	struct cursor c, option;
	struct ip dst;
	uint8_t type;
	bool ok;

	if (!message_of(packet, SOLICITATION, src, &dst, &c))
		return false;
	cursor_u32(&c);
	while (next_option(&c, &type, &option, &ok))
		if (type == SOURCE_LINK_LAYER && ip_is_none(*src))
			return false;
	return ok;
}

static void take_prefix(struct cursor *o, struct nd_advertisement *a)
{
	uint8_t bits = cursor_u8(o), flags = cursor_u8(o);
	uint32_t valid = cursor_u32(o), preferred = cursor_u32(o);
	struct ip ip;

	cursor_u32(o);
	ip = take_ip(o);
	/* RFC 4862 5.5.3 */
	if (o->failed || bits > 128 || bits == 0 || nd_is_link_local(ip) || preferred > valid ||
		(a->prefix.bits && (a->autonomous || !(flags & FLAG_AUTONOMOUS))))
		return;
	a->prefix = (struct prefix){ ip_masked(ip, bits), bits };
	a->on_link = flags & FLAG_ON_LINK;
	a->autonomous = flags & FLAG_AUTONOMOUS;
	a->valid_s = valid;
	a->preferred_s = preferred;
}

static void take_option(uint8_t type, struct cursor *o, struct nd_advertisement *a)
{
	if (type == PREFIX_INFORMATION) {
		take_prefix(o, a);
	} else if (type == MTU) {
		cursor_u16(o);
		a->mtu = cursor_u32(o);
	} else if (type == RDNSS) {
		cursor_u16(o);
		a->dns_lifetime_s = cursor_u32(o);
		while (cursor_left(o) >= 16 && a->dns_count < ND_DNS_MAX)
			a->dns[a->dns_count++] = take_ip(o);
	}
}

bool nd_advertisement_decode(struct bytes packet, struct nd_advertisement *out)
{
	struct cursor c, option;
	uint8_t type, flags;
	bool ok;

	*out = (struct nd_advertisement){ 0 };
	if (!message_of(packet, ADVERTISEMENT, &out->src, &out->dst, &c) || !nd_is_link_local(out->src) ||
		cursor_left(&c) < 12)
		return false;
	out->hop_limit = cursor_u8(&c);
	flags = cursor_u8(&c);
	out->managed = flags & FLAG_MANAGED;
	out->other = flags & FLAG_OTHER;
	out->lifetime_s = cursor_u16(&c);
	cursor_u64(&c);
	while (next_option(&c, &type, &option, &ok))
		take_option(type, &option, out);
	return ok;
}

/* RFC 4291 2.7.1: ff02::1:ff00:0/104 and the last 24 bits. */
static struct ip solicited_node(struct ip a)
{
	return (struct ip){ UINT64_C(0xff02) << 48, UINT64_C(0x1ff000000) | (a.low & 0xffffff) };
}

bool nd_neighbor_solicitation_encode(struct ip src, struct ip target, struct writer *w)
{
	struct ip dst = solicited_node(target);
	size_t from = w->len;

	packet_begin(w, src, dst);
	writer_u32(w, (uint32_t)NEIGHBOR_SOLICITATION << 24);
	writer_u32(w, 0);
	put_ip(w, target);
	return packet_end(w, from, src, dst);
}

bool nd_neighbor_solicitation_decode(struct bytes packet, struct ip *src, struct ip *target)
{
	struct cursor c, option;
	struct ip dst;
	uint8_t type;
	bool ok, to_node;

	if (!message_of(packet, NEIGHBOR_SOLICITATION, src, &dst, &c) || cursor_left(&c) < 20)
		return false;
	cursor_u32(&c);
	*target = take_ip(&c);
	to_node = ip_equal(dst, solicited_node(*target));
	while (next_option(&c, &type, &option, &ok))
		if (type == SOURCE_LINK_LAYER && ip_is_none(*src))
			return false;
	return ok && target->high >> 56 != 0xff && (to_node || (ip_equal(dst, *target) && !ip_is_none(*src)));
}

bool nd_neighbor_advertisement_encode(struct ip target, struct ip to, struct writer *w)
{
	bool solicited = !ip_is_none(to);
	struct ip dst = solicited ? to : ND_ALL_NODES;
	size_t from = w->len;

	packet_begin(w, target, dst);
	writer_u32(w, (uint32_t)NEIGHBOR_ADVERTISEMENT << 24);
	writer_u32(w, FLAG_ROUTER | FLAG_OVERRIDE | (solicited ? FLAG_SOLICITED : 0));
	put_ip(w, target);
	return packet_end(w, from, target, dst);
}
