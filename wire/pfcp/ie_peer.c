/* Addresses of peers and of the user plane (TS 29.244 clauses 8.2.70, 8.2.129, 8.2.138, type 116). */
#include "wire/pfcp/ie.h"

enum { V6 = 1, V4 = 2, THIRD = 4, FOURTH = 8 };

/* third: what bit 3 of the flags means in this element. */
static void addresses_read(struct cursor *c, struct pfcp_addresses *a, bool *third)
{
	uint8_t flags = cursor_u8(c);

	a->has_ipv6 = flags & V6;
	a->has_ipv4 = flags & V4;
	if (third)
		*third = flags & THIRD;
	if (a->has_ipv4)
		cursor_copy(c, a->ipv4, 4);
	if (a->has_ipv6)
		cursor_copy(c, a->ipv6, 16);
}

static void addresses_write(struct writer *w, const struct pfcp_addresses *a, bool third)
{
	writer_u8(w, flag_if(a->has_ipv6, V6) | flag_if(a->has_ipv4, V4) | flag_if(third, THIRD));
	if (a->has_ipv4)
		writer_put(w, BYTES(a->ipv4));
	if (a->has_ipv6)
		writer_put(w, BYTES(a->ipv6));
}

static enum tlv_fault_kind alternative_smf_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_addresses *a = value;

	addresses_read(c, a, &a->preferred);
	return TLV_OK;
}

static void alternative_smf_encode(struct writer *w, const void *value)
{
	addresses_write(w, value, ((const struct pfcp_addresses *)value)->preferred);
}

static enum tlv_fault_kind cp_entity_decode(struct cursor *c, struct arena *arena, void *value)
{
	addresses_read(c, value, NULL);
	return TLV_OK;
}

static void cp_entity_encode(struct writer *w, const void *value)
{
	addresses_write(w, value, false);
}

static enum tlv_fault_kind source_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_addresses *a = value;

	addresses_read(c, a, &a->has_prefix_length);
	if (a->has_prefix_length)
		a->prefix_length = cursor_u8(c);
	return TLV_OK;
}

static void source_encode(struct writer *w, const void *value)
{
	const struct pfcp_addresses *a = value;

	addresses_write(w, a, a->has_prefix_length);
	if (a->has_prefix_length)
		writer_u8(w, a->prefix_length);
}

#define VAL struct pfcp_addresses
static const struct tlv_field source_fields[] = {
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
	TLV_SHOW_IF(prefix_length, has_prefix_length, tlv_u8),
};
#define alternative_smf_fields source_fields
#define cp_entity_fields       source_fields
#undef VAL
const struct tlv_codec pfcp_alternative_smf_address = TLV_VALUE_CODEC(struct pfcp_addresses, alternative_smf);
const struct tlv_codec pfcp_cp_entity_address = TLV_VALUE_CODEC(struct pfcp_addresses, cp_entity);
const struct tlv_codec pfcp_source_address = TLV_VALUE_CODEC(struct pfcp_addresses, source);

static enum tlv_fault_kind pfcp_remote_gtpu_peer_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_remote_gtpu_peer *p = value;
	uint8_t flags = cursor_u8(c);

	p->has_ipv6 = flags & V6;
	p->has_ipv4 = flags & V4;
	p->has_destination_interface = flags & THIRD;
	p->has_network_instance = flags & FOURTH;
	if (p->has_ipv4)
		cursor_copy(c, p->ipv4, 4);
	if (p->has_ipv6)
		cursor_copy(c, p->ipv6, 16);
	if (p->has_destination_interface) {
		struct cursor in = cursor_sub(c, cursor_u16(c));

		p->destination_interface = cursor_u8(&in);
		if (in.failed)
			return TLV_BAD_LENGTH;
	}
	if (p->has_network_instance)
		p->network_instance = cursor_bytes(c, cursor_u16(c));
	return TLV_OK;
}

static void pfcp_remote_gtpu_peer_encode(struct writer *w, const void *value)
{
	const struct pfcp_remote_gtpu_peer *p = value;

	writer_u8(w, flag_if(p->has_ipv6, V6) | flag_if(p->has_ipv4, V4) |
			     flag_if(p->has_destination_interface, THIRD) |
			     flag_if(p->has_network_instance, FOURTH));
	if (p->has_ipv4)
		writer_put(w, BYTES(p->ipv4));
	if (p->has_ipv6)
		writer_put(w, BYTES(p->ipv6));
	if (p->has_destination_interface) {
		writer_u16(w, 1);
		writer_u8(w, p->destination_interface);
	}
	if (p->has_network_instance) {
		writer_uint(w, p->network_instance.len, 2);
		writer_put(w, p->network_instance);
	}
}

#define VAL struct pfcp_remote_gtpu_peer
static const struct tlv_field pfcp_remote_gtpu_peer_fields[] = {
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
	TLV_SHOW_IF(destination_interface, has_destination_interface, tlv_u8),
	TLV_SHOW_IF(network_instance, has_network_instance, tlv_bytes),
};
#undef VAL
const struct tlv_codec pfcp_remote_gtpu_peer =
	TLV_VALUE_CODEC(struct pfcp_remote_gtpu_peer, pfcp_remote_gtpu_peer);

/* Flags of type 116: V4, V6, TEIDRI (3 bits), ASSONI, ASSOSI. */
enum {
	RESOURCE_V4 = 1,
	RESOURCE_V6 = 2,
	RESOURCE_TEIDRI_SHIFT = 2,
	RESOURCE_ASSONI = 0x20,
	RESOURCE_ASSOSI = 0x40
};

static enum tlv_fault_kind pfcp_user_plane_resource_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_user_plane_resource *r = value;
	uint8_t flags = cursor_u8(c);

	r->has_ipv4 = flags & RESOURCE_V4;
	r->has_ipv6 = flags & RESOURCE_V6;
	r->teid_range_bits = flags >> RESOURCE_TEIDRI_SHIFT & 7;
	r->has_network_instance = flags & RESOURCE_ASSONI;
	r->has_source_interface = flags & RESOURCE_ASSOSI;
	if (r->teid_range_bits)
		r->teid_range = cursor_u8(c);
	if (r->has_ipv4)
		cursor_copy(c, r->ipv4, 4);
	if (r->has_ipv6)
		cursor_copy(c, r->ipv6, 16);
	if (r->has_network_instance) {
		size_t left = cursor_left(c);

		if (left < (size_t)r->has_source_interface)
			return TLV_BAD_LENGTH;
		r->network_instance = cursor_bytes(c, left - r->has_source_interface);
	}
	if (r->has_source_interface)
		r->source_interface = cursor_u8(c) & 15;
	return TLV_OK;
}

static void pfcp_user_plane_resource_encode(struct writer *w, const void *value)
{
	const struct pfcp_user_plane_resource *r = value;

	writer_u8(w, (uint8_t)(flag_if(r->has_ipv4, RESOURCE_V4) | flag_if(r->has_ipv6, RESOURCE_V6) |
			       (r->teid_range_bits & 7) << RESOURCE_TEIDRI_SHIFT |
			       flag_if(r->has_network_instance, RESOURCE_ASSONI) |
			       flag_if(r->has_source_interface, RESOURCE_ASSOSI)));
	if (r->teid_range_bits & 7)
		writer_u8(w, r->teid_range);
	if (r->has_ipv4)
		writer_put(w, BYTES(r->ipv4));
	if (r->has_ipv6)
		writer_put(w, BYTES(r->ipv6));
	if (r->has_network_instance)
		writer_put(w, r->network_instance);
	if (r->has_source_interface)
		writer_u8(w, r->source_interface & 15);
}

#define VAL struct pfcp_user_plane_resource
static const struct tlv_field pfcp_user_plane_resource_fields[] = {
	TLV_SHOW(teid_range_bits, tlv_u8),
	TLV_SHOW(teid_range, tlv_u8),
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
	TLV_SHOW_IF(network_instance, has_network_instance, tlv_bytes),
	TLV_SHOW_IF(source_interface, has_source_interface, tlv_u8),
};
#undef VAL
const struct tlv_codec pfcp_user_plane_resource =
	TLV_VALUE_CODEC(struct pfcp_user_plane_resource, pfcp_user_plane_resource);
