/* Nodes, endpoints and addresses (TS 29.244 clauses 8.2.3, 8.2.37, 8.2.38, 8.2.62, 8.2.70 and alike). */
#include "wire/pfcp/ie.h"

enum { FIRST = 1, SECOND = 2, THIRD = 4, FOURTH = 8, FIFTH = 16, SIXTH = 32, SEVENTH = 64 };
enum { FQDN_TEXT = 256, LABEL_MAX = 63, TYPE_MASK = 15 };

static void ipv4_read(struct cursor *c, bool has, uint8_t ipv4[4])
{
	if (has)
		cursor_copy(c, ipv4, 4);
}

static void ipv6_read(struct cursor *c, bool has, uint8_t ipv6[16])
{
	if (has)
		cursor_copy(c, ipv6, 16);
}

static void addresses_write(
	struct writer *w, bool has_ipv4, const uint8_t ipv4[4], bool has_ipv6, const uint8_t ipv6[16])
{
	if (has_ipv4)
		writer_put(w, bytes_of(ipv4, 4));
	if (has_ipv6)
		writer_put(w, bytes_of(ipv6, 16));
}

/* Labels (RFC 1035 clause 3.1), with or without the root, to dotted text in the arena; empty when malformed.
 */
static enum tlv_fault_kind fqdn_read(struct cursor *c, struct arena *arena, const char **out)
{
	char text[FQDN_TEXT];
	size_t n = 0;

	while (cursor_left(c) > 0) {
		struct bytes label = cursor_bytes(c, cursor_u8(c));

		if (label.len == 0)
			break;
		if (label.len > LABEL_MAX || n + label.len + 2 > sizeof(text) ||
			memchr(label.data, 0, label.len))
			return TLV_BAD_MANDATORY;
		if (n > 0)
			text[n++] = '.';
		bytes_copy(text + n, sizeof(text) - n, label);
		n += label.len;
	}
	text[n] = '\0';
	if (n == 0)
		return TLV_BAD_MANDATORY;
	*out = arena_str(arena, text);
	return *out ? TLV_OK : TLV_NO_MEMORY;
}

static void fqdn_write(struct writer *w, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, ".");

		if (n == 0 || n > LABEL_MAX)
			w->failed = true;
		writer_u8(w, (uint8_t)n);
		writer_put(w, bytes_of(text, n));
		text += n;
		text += *text == '.';
	}
}

static enum tlv_fault_kind pfcp_node_id_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_node_id *id = value;

	id->type = cursor_u8(c) & TYPE_MASK;
	if (id->type > PFCP_NODE_FQDN)
		return TLV_BAD_MANDATORY;
	ipv4_read(c, id->type == PFCP_NODE_IPV4, id->ipv4);
	ipv6_read(c, id->type == PFCP_NODE_IPV6, id->ipv6);
	return id->type == PFCP_NODE_FQDN ? fqdn_read(c, arena, &id->fqdn) : TLV_OK;
}

static void pfcp_node_id_encode(struct writer *w, const void *value)
{
	const struct pfcp_node_id *id = value;

	writer_u8(w, id->type & TYPE_MASK);
	addresses_write(w, id->type == PFCP_NODE_IPV4, id->ipv4, id->type == PFCP_NODE_IPV6, id->ipv6);
	if (id->type == PFCP_NODE_FQDN)
		fqdn_write(w, id->fqdn);
}

static const struct tlv_codec text_shown = { .kind = TLV_TEXT };
#define VAL struct pfcp_node_id
static const struct tlv_field pfcp_node_id_fields[] = {
	TLV_SHOW(type, tlv_u8),
	TLV_SHOW(ipv4, tlv_fixed4),
	TLV_SHOW(ipv6, tlv_fixed16),
	TLV_SHOW(fqdn, text_shown),
};
#undef VAL
const struct tlv_codec pfcp_node_id = TLV_VALUE_CODEC(struct pfcp_node_id, pfcp_node_id);

static enum tlv_fault_kind pfcp_f_seid_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_f_seid *f = value;
	uint8_t flags = cursor_u8(c);

	f->has_ipv6 = flags & FIRST;
	f->has_ipv4 = flags & SECOND;
	f->seid = cursor_u64(c);
	ipv4_read(c, f->has_ipv4, f->ipv4);
	ipv6_read(c, f->has_ipv6, f->ipv6);
	return TLV_OK;
}

static void pfcp_f_seid_encode(struct writer *w, const void *value)
{
	const struct pfcp_f_seid *f = value;

	writer_u8(w, flag_if(f->has_ipv6, FIRST) | flag_if(f->has_ipv4, SECOND));
	writer_u64(w, f->seid);
	addresses_write(w, f->has_ipv4, f->ipv4, f->has_ipv6, f->ipv6);
}

#define VAL struct pfcp_f_seid
static const struct tlv_field pfcp_f_seid_fields[] = {
	TLV_SHOW(seid, tlv_u64),
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
};
#undef VAL
const struct tlv_codec pfcp_f_seid = TLV_VALUE_CODEC(struct pfcp_f_seid, pfcp_f_seid);

static enum tlv_fault_kind pfcp_f_teid_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_f_teid *f = value;
	uint8_t flags = cursor_u8(c);

	f->has_ipv4 = flags & FIRST;
	f->has_ipv6 = flags & SECOND;
	f->choose = flags & THIRD;
	f->has_choose_id = f->choose && flags & FOURTH;
	if (!f->choose) {
		f->teid = cursor_u32(c);
		ipv4_read(c, f->has_ipv4, f->ipv4);
		ipv6_read(c, f->has_ipv6, f->ipv6);
	} else if (f->has_choose_id) {
		f->choose_id = cursor_u8(c);
	}
	if (c->failed)
		return TLV_BAD_LENGTH;
	return f->has_ipv4 || f->has_ipv6 ? TLV_OK : TLV_BAD_MANDATORY;
}

static void pfcp_f_teid_encode(struct writer *w, const void *value)
{
	const struct pfcp_f_teid *f = value;
	bool has_id = f->choose && f->has_choose_id;

	writer_u8(w, flag_if(f->has_ipv4, FIRST) | flag_if(f->has_ipv6, SECOND) | flag_if(f->choose, THIRD) |
			     flag_if(has_id, FOURTH));
	if (has_id)
		writer_u8(w, f->choose_id);
	if (f->choose)
		return;
	writer_u32(w, f->teid);
	addresses_write(w, f->has_ipv4, f->ipv4, f->has_ipv6, f->ipv6);
}

#define VAL struct pfcp_f_teid
static const struct tlv_field pfcp_f_teid_fields[] = {
	TLV_SHOW(choose, tlv_bool),
	TLV_SHOW_IF(choose_id, has_choose_id, tlv_u8),
	TLV_SHOW(teid, tlv_u32),
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
};
#undef VAL
const struct tlv_codec pfcp_f_teid = TLV_VALUE_CODEC(struct pfcp_f_teid, pfcp_f_teid);

static enum tlv_fault_kind pfcp_ue_ip_address_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_ue_ip_address *a = value;
	uint8_t flags = cursor_u8(c);

	a->has_ipv6 = flags & FIRST;
	a->has_ipv4 = flags & SECOND;
	a->is_destination = flags & THIRD;
	a->has_prefix_delegation_bits = flags & FOURTH;
	a->choose_ipv4 = flags & FIFTH;
	a->choose_ipv6 = flags & SIXTH;
	a->has_prefix_length = flags & SEVENTH;
	ipv4_read(c, a->has_ipv4, a->ipv4);
	ipv6_read(c, a->has_ipv6, a->ipv6);
	if (a->has_prefix_delegation_bits)
		a->prefix_delegation_bits = cursor_u8(c);
	if (a->has_prefix_length)
		a->prefix_length = cursor_u8(c);
	return TLV_OK;
}

static void pfcp_ue_ip_address_encode(struct writer *w, const void *value)
{
	const struct pfcp_ue_ip_address *a = value;

	writer_u8(w, flag_if(a->has_ipv6, FIRST) | flag_if(a->has_ipv4, SECOND) |
			     flag_if(a->is_destination, THIRD) |
			     flag_if(a->has_prefix_delegation_bits, FOURTH) | flag_if(a->choose_ipv4, FIFTH) |
			     flag_if(a->choose_ipv6, SIXTH) | flag_if(a->has_prefix_length, SEVENTH));
	addresses_write(w, a->has_ipv4, a->ipv4, a->has_ipv6, a->ipv6);
	if (a->has_prefix_delegation_bits)
		writer_u8(w, a->prefix_delegation_bits);
	if (a->has_prefix_length)
		writer_u8(w, a->prefix_length);
}

#define VAL struct pfcp_ue_ip_address
static const struct tlv_field pfcp_ue_ip_address_fields[] = {
	TLV_SHOW_IF(ipv4, has_ipv4, tlv_fixed4),
	TLV_SHOW_IF(ipv6, has_ipv6, tlv_fixed16),
	TLV_SHOW(is_destination, tlv_bool),
	TLV_SHOW(choose_ipv4, tlv_bool),
	TLV_SHOW(choose_ipv6, tlv_bool),
	TLV_SHOW_IF(prefix_delegation_bits, has_prefix_delegation_bits, tlv_u8),
	TLV_SHOW_IF(prefix_length, has_prefix_length, tlv_u8),
};
#undef VAL
const struct tlv_codec pfcp_ue_ip_address = TLV_VALUE_CODEC(struct pfcp_ue_ip_address, pfcp_ue_ip_address);
