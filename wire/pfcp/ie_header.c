/* Outer headers and failed rules (TS 29.244 clauses 8.2.56, 8.2.64, 8.2.80). */
#include "wire/pfcp/ie.h"

enum {
	OHC_TEID = PFCP_OHC_GTPU_IPV4 | PFCP_OHC_GTPU_IPV6,
	OHC_IPV4 = PFCP_OHC_GTPU_IPV4 | PFCP_OHC_UDP_IPV4 | PFCP_OHC_IPV4,
	OHC_IPV6 = PFCP_OHC_GTPU_IPV6 | PFCP_OHC_UDP_IPV6 | PFCP_OHC_IPV6,
	OHC_PORT = PFCP_OHC_UDP_IPV4 | PFCP_OHC_UDP_IPV6,
	RULE_TYPE_MASK = 31,
};

static enum tlv_fault_kind pfcp_outer_header_creation_decode(
	struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_outer_header_creation *o = value;

	o->description = cursor_u16(c);
	if (o->description & OHC_TEID)
		o->teid = cursor_u32(c);
	if (o->description & OHC_IPV4)
		cursor_copy(c, o->ipv4, 4);
	if (o->description & OHC_IPV6)
		cursor_copy(c, o->ipv6, 16);
	if (o->description & OHC_PORT)
		o->port = cursor_u16(c);
	if (o->description & PFCP_OHC_C_TAG)
		cursor_copy(c, o->c_tag, 3);
	if (o->description & PFCP_OHC_S_TAG)
		cursor_copy(c, o->s_tag, 3);
	return TLV_OK;
}

static void pfcp_outer_header_creation_encode(struct writer *w, const void *value)
{
	const struct pfcp_outer_header_creation *o = value;

	writer_u16(w, o->description);
	if (o->description & OHC_TEID)
		writer_u32(w, o->teid);
	if (o->description & OHC_IPV4)
		writer_put(w, BYTES(o->ipv4));
	if (o->description & OHC_IPV6)
		writer_put(w, BYTES(o->ipv6));
	if (o->description & OHC_PORT)
		writer_u16(w, o->port);
	if (o->description & PFCP_OHC_C_TAG)
		writer_put(w, BYTES(o->c_tag));
	if (o->description & PFCP_OHC_S_TAG)
		writer_put(w, BYTES(o->s_tag));
}

#define VAL struct pfcp_outer_header_creation
static const struct tlv_field pfcp_outer_header_creation_fields[] = {
	TLV_SHOW(description, tlv_u16),
	TLV_SHOW(teid, tlv_u32),
	TLV_SHOW(ipv4, tlv_fixed4),
	TLV_SHOW(ipv6, tlv_fixed16),
	TLV_SHOW(port, tlv_u16),
};
#undef VAL
const struct tlv_codec pfcp_outer_header_creation =
	TLV_VALUE_CODEC(struct pfcp_outer_header_creation, pfcp_outer_header_creation);

static enum tlv_fault_kind pfcp_outer_header_removal_decode(
	struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_outer_header_removal *o = value;

	o->description = cursor_u8(c);
	o->has_extension_header_deletion = cursor_left(c) > 0;
	if (o->has_extension_header_deletion)
		o->extension_header_deletion = cursor_u8(c);
	return TLV_OK;
}

static void pfcp_outer_header_removal_encode(struct writer *w, const void *value)
{
	const struct pfcp_outer_header_removal *o = value;

	writer_u8(w, o->description);
	if (o->has_extension_header_deletion)
		writer_u8(w, o->extension_header_deletion);
}

#define VAL struct pfcp_outer_header_removal
static const struct tlv_field pfcp_outer_header_removal_fields[] = {
	TLV_SHOW(description, tlv_u8),
	TLV_SHOW_IF(extension_header_deletion, has_extension_header_deletion, tlv_u8),
};
#undef VAL
const struct tlv_codec pfcp_outer_header_removal =
	TLV_VALUE_CODEC(struct pfcp_outer_header_removal, pfcp_outer_header_removal);

/* Octets of a rule identifier of this type; types to come are read as FAR (table 8.2.80-1). */
static size_t rule_id_octets(uint8_t type)
{
	switch (type) {
	case PFCP_RULE_PDR:
	case PFCP_RULE_MAR:
		return 2;
	case PFCP_RULE_BAR:
	case PFCP_RULE_SRR:
		return 1;
	default:
		return 4;
	}
}

static enum tlv_fault_kind pfcp_failed_rule_id_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_failed_rule_id *r = value;

	r->type = cursor_u8(c) & RULE_TYPE_MASK;
	r->id = (uint32_t)cursor_uint(c, rule_id_octets(r->type));
	return TLV_OK;
}

static void pfcp_failed_rule_id_encode(struct writer *w, const void *value)
{
	const struct pfcp_failed_rule_id *r = value;

	writer_u8(w, r->type & RULE_TYPE_MASK);
	writer_uint(w, r->id, rule_id_octets(r->type));
}

#define VAL struct pfcp_failed_rule_id
static const struct tlv_field pfcp_failed_rule_id_fields[] = { TLV_SHOW(type, tlv_u8),
	TLV_SHOW(id, tlv_u32) };
#undef VAL
const struct tlv_codec pfcp_failed_rule_id = TLV_VALUE_CODEC(struct pfcp_failed_rule_id, pfcp_failed_rule_id);
