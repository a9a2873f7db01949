/* Values of Ethernet rules and reports (TS 29.244 clauses 8.2.93 to 8.2.95, 8.2.103, 8.2.104). */
#include <stdio.h>

#include "wire/pfcp/ie.h"

enum { SOURCE = 1, DESTINATION = 2, SOURCE_UPPER = 4, DESTINATION_UPPER = 8, MAC_LEN = 6 };
enum { PCP = 1, DEI = 2, VID = 4, ADDRESSES_MAX = 255 };

static uint64_t mac_if(struct cursor *c, bool has)
{
	return has ? cursor_uint(c, MAC_LEN) : 0;
}

static enum tlv_fault_kind pfcp_mac_address_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_mac_address *m = value;
	uint8_t flags = cursor_u8(c);

	m->has_source = flags & SOURCE;
	m->has_destination = flags & DESTINATION;
	m->has_source_upper = flags & SOURCE_UPPER;
	m->has_destination_upper = flags & DESTINATION_UPPER;
	m->source = mac_if(c, m->has_source);
	m->destination = mac_if(c, m->has_destination);
	m->source_upper = mac_if(c, m->has_source_upper);
	m->destination_upper = mac_if(c, m->has_destination_upper);
	return TLV_OK;
}

static void mac_put(struct writer *w, bool has, uint64_t mac)
{
	if (has)
		writer_uint(w, mac, MAC_LEN);
}

static void pfcp_mac_address_encode(struct writer *w, const void *value)
{
	const struct pfcp_mac_address *m = value;

	writer_u8(w, flag_if(m->has_source, SOURCE) | flag_if(m->has_destination, DESTINATION) |
			     flag_if(m->has_source_upper, SOURCE_UPPER) |
			     flag_if(m->has_destination_upper, DESTINATION_UPPER));
	mac_put(w, m->has_source, m->source);
	mac_put(w, m->has_destination, m->destination);
	mac_put(w, m->has_source_upper, m->source_upper);
	mac_put(w, m->has_destination_upper, m->destination_upper);
}

#define VAL struct pfcp_mac_address
static const struct tlv_field pfcp_mac_address_fields[] = {
	TLV_SHOW_IF(source, has_source, tlv_u64),
	TLV_SHOW_IF(destination, has_destination, tlv_u64),
	TLV_SHOW_IF(source_upper, has_source_upper, tlv_u64),
	TLV_SHOW_IF(destination_upper, has_destination_upper, tlv_u64),
};
#undef VAL
const struct tlv_codec pfcp_mac_address = TLV_VALUE_CODEC(struct pfcp_mac_address, pfcp_mac_address);

static enum tlv_fault_kind pfcp_vlan_tag_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_vlan_tag *t = value;
	uint8_t flags = cursor_u8(c), high = cursor_u8(c), low = cursor_u8(c);

	t->has_pcp = flags & PCP;
	t->has_dei = flags & DEI;
	t->has_vid = flags & VID;
	t->pcp = high & 7;
	t->dei = high >> 3 & 1;
	t->vid = (uint16_t)((high >> 4) << 8 | low);
	return TLV_OK;
}

static void pfcp_vlan_tag_encode(struct writer *w, const void *value)
{
	const struct pfcp_vlan_tag *t = value;

	writer_u8(w, flag_if(t->has_pcp, PCP) | flag_if(t->has_dei, DEI) | flag_if(t->has_vid, VID));
	writer_u8(w, (uint8_t)((t->vid >> 8) << 4 | (t->dei & 1) << 3 | (t->pcp & 7)));
	writer_u8(w, (uint8_t)t->vid);
}

#define VAL struct pfcp_vlan_tag
static const struct tlv_field pfcp_vlan_tag_fields[] = {
	TLV_SHOW_IF(pcp, has_pcp, tlv_u8),
	TLV_SHOW_IF(dei, has_dei, tlv_u8),
	TLV_SHOW_IF(vid, has_vid, tlv_u16),
};
#undef VAL
const struct tlv_codec pfcp_vlan_tag = TLV_VALUE_CODEC(struct pfcp_vlan_tag, pfcp_vlan_tag);

/* A tag is preceded by its length, 0 without one. */
static struct bytes tag_of(struct cursor *c)
{
	return cursor_left(c) ? cursor_bytes(c, cursor_u8(c)) : BYTES_NONE;
}

static enum tlv_fault_kind pfcp_mac_addresses_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_mac_addresses *m = value;
	uint8_t count = cursor_u8(c);

	m->mac = arena_array(arena, count, sizeof(*m->mac));
	if (!m->mac && count)
		return TLV_NO_MEMORY;
	for (m->mac_count = 0; m->mac_count < count; m->mac_count++)
		m->mac[m->mac_count] = cursor_uint(c, MAC_LEN);
	m->c_tag = tag_of(c);
	m->s_tag = tag_of(c);
	return TLV_OK;
}

static void pfcp_mac_addresses_encode(struct writer *w, const void *value)
{
	const struct pfcp_mac_addresses *m = value;

	w->failed |= m->mac_count > ADDRESSES_MAX;
	writer_u8(w, (uint8_t)m->mac_count);
	for (size_t i = 0; i < m->mac_count && !w->failed; i++)
		writer_uint(w, m->mac[i], MAC_LEN);
	writer_uint(w, m->c_tag.len, 1);
	writer_put(w, m->c_tag);
	writer_uint(w, m->s_tag.len, 1);
	writer_put(w, m->s_tag);
}

static void pfcp_mac_addresses_show(const void *value, char text[TLV_SHOW_SIZE])
{
	const struct pfcp_mac_addresses *m = value;
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < m->mac_count && at + 16 < TLV_SHOW_SIZE; i++)
		at += (size_t)snprintf(text + at, TLV_SHOW_SIZE - at, "%s%012llx", i ? " " : "",
			(unsigned long long)m->mac[i]);
}
const struct tlv_codec pfcp_mac_addresses = TLV_SHOWN_CODEC(struct pfcp_mac_addresses, pfcp_mac_addresses);
