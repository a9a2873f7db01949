/* Ethernet frames: their headers, and which Ethernet packet filters they match (29.244 table 7.5.2.2-3). */
#include "core/upf/lan.h"
#include "core/upf/match.h"

enum {
	ETHERTYPE_AT = 12,
	ADDRESS_LEN = 6,
	TAG_LEN = 4,
	S_TAG = 0x88a8,
	C_TAG = 0x8100,
	IPV4 = 0x0800,
	IPV6 = 0x86dd
};

static uint64_t mac_of(const uint8_t *p)
{
	return (uint64_t)gtpu_be16(p) << 32 | gtpu_be32(p + 2);
}

/* A tag of that kind at `at`, if there is one; false: the frame ends within. */
static bool tag_read(const uint8_t *data, uint32_t len, uint16_t kind, uint32_t *at, bool *has, uint16_t *tci)
{
	*has = gtpu_be16(data + *at) == kind;
	if (!*has)
		return true;
	if (len < *at + TAG_LEN + 2)
		return false;
	*tci = gtpu_be16(data + *at + 2);
	*at += TAG_LEN;
	return true;
}

bool upf_frame_read(const uint8_t *data, uint32_t len, struct upf_frame *f, struct upf_flow *flow)
{
	uint32_t at = ETHERTYPE_AT, packet;

	if (len < ETHERTYPE_AT + 2)
		return false;
	*f = (struct upf_frame){ .destination = mac_of(data), .source = mac_of(data + ADDRESS_LEN) };
	if (!tag_read(data, len, S_TAG, &at, &f->has_s_tag, &f->s_tag) ||
		!tag_read(data, len, C_TAG, &at, &f->has_c_tag, &f->c_tag))
		return false;
	f->ethertype = gtpu_be16(data + at);
	f->payload_at = (uint8_t)(at + 2);
	packet = len - f->payload_at;
	f->is_ip = (f->ethertype == IPV4 || f->ethertype == IPV6) &&
		   upf_flow_read(data + f->payload_at, packet, &packet, flow);
	if (!f->is_ip)
		*flow = (struct upf_flow){ .src.low = f->source, .dst.low = f->destination };
	flow->frame = f;
	return true;
}

static bool mac_matches(const struct upf_mac_range *list, uint8_t count, uint64_t mac)
{
	for (uint8_t i = 0; i < count; i++)
		if (list[i].to ? mac >= list[i].from && mac <= list[i].to : mac == list[i].from)
			return true;
	return count == 0;
}

static bool tag_matches(const struct upf_tag_filter *t, bool has, uint16_t tci)
{
	return t->mask == 0 || (has && ((tci ^ t->tci) & t->mask) == 0);
}

static bool ether_matches(const struct upf_filter *sdf, const struct upf_ether_filter *e,
	const struct upf_flow *flow, enum upf_direction dir)
{
	const struct upf_frame *f = flow->frame;

	if (!mac_matches(e->source, e->source_count, f->source) ||
		!mac_matches(e->destination, e->destination_count, f->destination) ||
		(e->ethertype && e->ethertype != f->ethertype) ||
		!tag_matches(&e->c_tag, f->has_c_tag, f->c_tag) ||
		!tag_matches(&e->s_tag, f->has_s_tag, f->s_tag))
		return false;
	for (uint8_t i = 0; f->is_ip && i < e->filter_count; i++)
		if (upf_filter_matches(&sdf[e->filter_first + i], flow, dir))
			return true;
	return e->filter_count == 0;
}

bool upf_ether_filters_match(const struct upf_rules *r, const struct upf_pdr *pdr,
	const struct upf_flow *flow, enum upf_direction dir)
{
	const struct upf_ether_filter *e = upf_rules_ethers(r) + pdr->ether_first;

	for (uint8_t i = 0; i < pdr->ether_count; i++)
		if (ether_matches(upf_rules_filters(r) + pdr->filter_first, &e[i], flow, dir))
			return true;
	return false;
}
