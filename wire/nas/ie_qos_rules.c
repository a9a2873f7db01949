/* QoS rules (TS 24.501 clause 9.11.4.13). */
#include "wire/nas/ie.h"

enum { RULE_DEFAULT = 0x10, RULE_SEGREGATION = 0x40, RULE_QFI = 0x3f, FILTERS_MAX = 15, RULE_HEAD = 3 };

/* Octets of a component's value, by type (table 9.11.4.13.1); -1 for a reserved type. */
static int component_octets(uint8_t type)
{
	switch (type) {
	case NAS_FILTER_MATCH_ALL:
		return 0;
	case NAS_FILTER_PROTOCOL:
	case NAS_FILTER_C_TAG_PCP_DEI:
	case NAS_FILTER_S_TAG_PCP_DEI:
		return 1;
	case NAS_FILTER_LOCAL_PORT:
	case NAS_FILTER_REMOTE_PORT:
	case NAS_FILTER_TRAFFIC_CLASS:
	case NAS_FILTER_C_TAG_VID:
	case NAS_FILTER_S_TAG_VID:
	case NAS_FILTER_ETHERTYPE:
		return 2;
	case NAS_FILTER_FLOW_LABEL:
		return 3;
	case NAS_FILTER_LOCAL_PORT_RANGE:
	case NAS_FILTER_REMOTE_PORT_RANGE:
	case NAS_FILTER_SPI:
		return 4;
	case NAS_FILTER_DESTINATION_MAC:
	case NAS_FILTER_SOURCE_MAC:
		return 6;
	case NAS_FILTER_IPV4_REMOTE:
	case NAS_FILTER_IPV4_LOCAL:
		return 8;
	case NAS_FILTER_DESTINATION_MAC_RANGE:
	case NAS_FILTER_SOURCE_MAC_RANGE:
		return 12;
	case NAS_FILTER_IPV6_REMOTE:
	case NAS_FILTER_IPV6_LOCAL:
		return 17;
	default:
		return -1;
	}
}

/* Components in the rest of the cursor, or -1 when one is not of a known type or not whole. */
static int components_count(struct cursor c)
{
	int n = 0;

	while (cursor_left(&c) > 0) {
		int octets = component_octets(cursor_u8(&c));

		if (octets < 0)
			return -1;
		cursor_skip(&c, (size_t)octets);
		if (c.failed)
			return -1;
		n++;
	}
	return n;
}

static enum tlv_fault_kind filter_read(
	struct cursor *c, struct arena *arena, bool id_only, struct nas_packet_filter *f)
{
	uint8_t head = cursor_u8(c);
	struct cursor in;
	int n;

	f->id = head & 15;
	if (id_only)
		return TLV_OK;
	f->direction = head >> 4 & 3;
	in = cursor_sub(c, cursor_u8(c));
	n = components_count(in);
	if (n < 0)
		return TLV_BAD_MANDATORY;
	f->component_count = (size_t)n;
	f->components = tlv_array(arena, f->component_count, sizeof(*f->components));
	if (n > 0 && !f->components)
		return TLV_NO_MEMORY;
	for (int i = 0; i < n; i++) {
		f->components[i].type = cursor_u8(&in);
		f->components[i].value = cursor_bytes(&in, (size_t)component_octets(f->components[i].type));
	}
	return TLV_OK;
}

/* One rule from the octets its length gave. */
static enum tlv_fault_kind rule_read(struct cursor *c, struct arena *arena, struct nas_qos_rule *r)
{
	uint8_t head = cursor_u8(c), last;
	enum tlv_fault_kind kind = TLV_OK;

	r->operation = head >> 5;
	r->is_default = head & RULE_DEFAULT;
	r->filter_count = head & 15;
	if (r->operation < NAS_QOS_RULE_CREATE || r->operation > NAS_QOS_RULE_MODIFY ||
		r->filter_count > cursor_left(c))
		return TLV_BAD_MANDATORY;
	r->filters = tlv_array(arena, r->filter_count, sizeof(*r->filters));
	if (r->filter_count && !r->filters)
		return TLV_NO_MEMORY;
	for (size_t i = 0; i < r->filter_count && kind == TLV_OK; i++)
		kind = filter_read(c, arena, r->operation == NAS_QOS_RULE_DELETE_FILTERS, &r->filters[i]);
	if (kind != TLV_OK || c->failed)
		return kind;
	r->has_precedence = cursor_left(c) > 0;
	if (r->has_precedence)
		r->precedence = cursor_u8(c);
	r->has_qfi = cursor_left(c) > 0;
	if (r->has_qfi) {
		last = cursor_u8(c);
		r->segregation = last & RULE_SEGREGATION;
		r->qfi = last & RULE_QFI;
	}
	return TLV_OK;
}

static size_t rules_count(struct cursor c)
{
	size_t n = 0;

	for (; !c.failed && cursor_left(&c) > 0; n++) {
		cursor_skip(&c, 1);
		cursor_skip(&c, cursor_u16(&c));
	}
	return n;
}

static enum tlv_fault_kind nas_qos_rules_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct nas_qos_rules *rules = value;
	enum tlv_fault_kind kind = TLV_OK;

	rules->count = rules_count(*c);
	rules->items = tlv_array(arena, rules->count, sizeof(*rules->items));
	if (!rules->items)
		return rules->count ? TLV_NO_MEMORY : TLV_BAD_LENGTH;
	for (size_t i = 0; i < rules->count && kind == TLV_OK; i++) {
		struct cursor in;

		rules->items[i].id = cursor_u8(c);
		in = cursor_sub(c, cursor_u16(c));
		kind = rule_read(&in, arena, &rules->items[i]);
		if (kind == TLV_OK && in.failed)
			kind = TLV_BAD_LENGTH;
	}
	return kind;
}

static void filter_write(struct writer *w, bool id_only, const struct nas_packet_filter *f)
{
	size_t mark;

	if (id_only) {
		writer_u8(w, f->id & 15);
		return;
	}
	writer_u8(w, (uint8_t)((f->direction & 3) << 4 | (f->id & 15)));
	mark = writer_mark(w, 1);
	for (size_t i = 0; i < f->component_count; i++) {
		if (component_octets(f->components[i].type) != (int)f->components[i].value.len)
			w->failed = true;
		writer_u8(w, f->components[i].type);
		writer_put(w, f->components[i].value);
	}
	writer_patch(w, mark, 1);
}

static void nas_qos_rules_encode(struct writer *w, const void *value)
{
	const struct nas_qos_rules *rules = value;

	for (size_t i = 0; i < rules->count; i++) {
		const struct nas_qos_rule *r = &rules->items[i];
		size_t mark;

		writer_u8(w, r->id);
		mark = writer_mark(w, 2);
		if (r->filter_count > FILTERS_MAX || (r->has_qfi && !r->has_precedence))
			w->failed = true;
		writer_u8(w, (uint8_t)((r->operation & 7) << 5 | (r->is_default ? RULE_DEFAULT : 0) |
				       (r->filter_count & 15)));
		for (size_t k = 0; !w->failed && k < r->filter_count; k++)
			filter_write(w, r->operation == NAS_QOS_RULE_DELETE_FILTERS, &r->filters[k]);
		if (r->has_precedence)
			writer_u8(w, r->precedence);
		if (r->has_qfi)
			writer_u8(
				w, (uint8_t)((r->segregation ? RULE_SEGREGATION : 0) | (r->qfi & RULE_QFI)));
		writer_patch(w, mark, 2);
	}
}

#define VAL struct nas_filter_component
static const struct tlv_field component_fields[] = { TLV_SHOW(type, tlv_u8), TLV_SHOW(value, tlv_bytes) };
#undef VAL
static const struct tlv_codec component_shown = NAS_SHOWN_ITEMS(struct nas_filter_component, component);
#define VAL struct nas_packet_filter
static const struct tlv_field filter_fields[] = {
	TLV_SHOW(id, tlv_u8),
	TLV_SHOW(direction, tlv_u8),
	TLV_SHOW_LIST(components, component_count, component_shown),
};
#undef VAL
static const struct tlv_codec filter_shown = NAS_SHOWN_ITEMS(struct nas_packet_filter, filter);
#define VAL struct nas_qos_rule
static const struct tlv_field rule_fields[] = {
	TLV_SHOW(id, tlv_u8),
	TLV_SHOW(operation, tlv_u8),
	TLV_SHOW(is_default, tlv_bool),
	TLV_SHOW_IF(precedence, has_precedence, tlv_u8),
	TLV_SHOW_IF(segregation, has_qfi, tlv_bool),
	TLV_SHOW_IF(qfi, has_qfi, tlv_u8),
	TLV_SHOW_LIST(filters, filter_count, filter_shown),
};
#undef VAL
static const struct tlv_codec rule_shown = NAS_SHOWN_ITEMS(struct nas_qos_rule, rule);
#define VAL struct nas_qos_rules
static const struct tlv_field nas_qos_rules_fields[] = { TLV_SHOW_LIST(items, count, rule_shown) };
#undef VAL
const struct tlv_codec nas_qos_rules = TLV_VALUE_CODEC(struct nas_qos_rules, nas_qos_rules);
