/* Which QoS flow an uplink packet belongs to: packet filters over its headers (24.501 9.11.4.13). */
#include "base/cursor.h"
#include "ue/qos.h"

enum { IPV4 = 4, IPV6 = 6, IPV4_HEADER_MIN = 20, IPV6_HEADER = 40 };
enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_DCCP = 33, PROTOCOL_SCTP = 132, PROTOCOL_UDPLITE = 136 };
enum {
	IPV6_HOP_BY_HOP = 0,
	IPV6_ROUTING = 43,
	IPV6_FRAGMENT = 44,
	IPV6_DESTINATION = 60,
	IPV6_HEADERS_MAX = 8
};

static bool protocol_has_ports(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_SCTP ||
	       protocol == PROTOCOL_DCCP || protocol == PROTOCOL_UDPLITE;
}

static void read_ports(struct cursor *c, bool uplink, struct ue_flow_key *out)
{
	uint16_t source = cursor_u16(c), destination = cursor_u16(c);

	out->has_ports = !c->failed;
	out->local_port = uplink ? source : destination;
	out->remote_port = uplink ? destination : source;
}

static bool read_v4(struct bytes packet, bool uplink, struct ue_flow_key *out)
{
	struct cursor c = cursor_of(packet);
	unsigned header = (cursor_u8(&c) & 15) * 4u;
	uint16_t fragment;
	struct ip source, destination;

	out->tos = cursor_u8(&c);
	cursor_skip(&c, 4);
	fragment = cursor_u16(&c);
	cursor_skip(&c, 1);
	out->protocol = cursor_u8(&c);
	cursor_skip(&c, 2);
	source = ip_from_v4(cursor_u32(&c));
	destination = ip_from_v4(cursor_u32(&c));
	if (c.failed || header < IPV4_HEADER_MIN)
		return false;
	out->local = uplink ? source : destination;
	out->remote = uplink ? destination : source;
	cursor_skip(&c, header - IPV4_HEADER_MIN);
	if (!c.failed && !(fragment & 0x1fff) && protocol_has_ports(out->protocol))
		read_ports(&c, uplink, out);
	return true;
}

/* Past the extension headers (RFC 8200 4), as many as may be. */
static void skip_extensions(struct cursor *c, struct ue_flow_key *out, bool *fragment)
{
	for (int i = 0; i < IPV6_HEADERS_MAX; i++) {
		uint8_t next, len;

		if (out->protocol == IPV6_FRAGMENT) {
			next = cursor_u8(c);
			cursor_skip(c, 1);
			*fragment |= cursor_u16(c) & 0xfff8;
			cursor_skip(c, 4);
		} else if (out->protocol == IPV6_HOP_BY_HOP || out->protocol == IPV6_ROUTING ||
			   out->protocol == IPV6_DESTINATION) {
			next = cursor_u8(c);
			len = cursor_u8(c);
			cursor_skip(c, 8u * len + 6u);
		} else {
			return;
		}
		if (c->failed)
			return;
		out->protocol = next;
	}
}

static bool read_v6(struct bytes packet, bool uplink, struct ue_flow_key *out)
{
	struct cursor c = cursor_of(packet);
	uint32_t first = cursor_u32(&c);
	struct ip source, destination;
	bool fragment = false;

	out->tos = (uint8_t)(first >> 20);
	cursor_skip(&c, 2);
	out->protocol = cursor_u8(&c);
	cursor_skip(&c, 1);
	source.high = cursor_u64(&c);
	source.low = cursor_u64(&c);
	destination.high = cursor_u64(&c);
	destination.low = cursor_u64(&c);
	if (c.failed)
		return false;
	out->local = uplink ? source : destination;
	out->remote = uplink ? destination : source;
	skip_extensions(&c, out, &fragment);
	if (!c.failed && !fragment && protocol_has_ports(out->protocol))
		read_ports(&c, uplink, out);
	return true;
}

bool ue_flow_key_read(struct bytes packet, bool uplink, struct ue_flow_key *out)
{
	uint8_t version = packet.len ? packet.data[0] >> 4 : 0;

	*out = (struct ue_flow_key){ .protocol = 0 };
	return version == IPV4   ? read_v4(packet, uplink, out)
	       : version == IPV6 ? read_v6(packet, uplink, out)
				 : false;
}

static bool filter_matches(const struct ue_filter *f, const struct ue_flow_key *k)
{
	if (f->never || !(f->direction & NAS_FILTER_UPLINK))
		return false;
	if ((f->has_protocol && f->protocol != k->protocol) || ((f->tos ^ k->tos) & f->tos_mask))
		return false;
	if (f->has_remote && (ip_family(f->remote) != ip_family(k->remote) ||
				     !ip_same_in(f->remote, k->remote, f->remote_mask)))
		return false;
	if (f->has_local && (ip_family(f->local) != ip_family(k->local) ||
				    !ip_same_in(f->local, k->local, f->local_mask)))
		return false;
	if ((f->has_remote_ports || f->has_local_ports) && !k->has_ports)
		return false;
	if (f->has_remote_ports && (k->remote_port < f->remote_low || k->remote_port > f->remote_high))
		return false;
	return !f->has_local_ports || (k->local_port >= f->local_low && k->local_port <= f->local_high);
}

uint8_t ue_qos_match(
	const struct ue_qos *q, const struct ue_flow_key *key, uint8_t precedence_min, uint8_t precedence_max)
{
	for (uint8_t i = 0; i < q->rule_count; i++)
		for (uint8_t k = 0; k < q->filter_count; k++)
			if (q->rules[i].precedence >= precedence_min &&
				q->rules[i].precedence <= precedence_max &&
				q->filters[k].rule == q->rules[i].id && filter_matches(&q->filters[k], key))
				return q->rules[i].qfi;
	return 0;
}
