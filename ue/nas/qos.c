/*
 * QoS rules and flow descriptions as the network orders them: checked as 24.501 6.3.2.4 and 6.4.1.3 have it,
 * taken whole or not at all.
 */
#include "base/cursor.h"
#include "ue/qos.h"
#include "wire/five_qi.h"

enum {
	SEMANTIC = NAS_5GSM_SEMANTIC_ERROR_IN_THE_QOS_OPERATION,
	SYNTACTICAL = NAS_5GSM_SYNTACTICAL_ERROR_IN_THE_QOS_OPERATION,
	FILTER_SEMANTIC = NAS_5GSM_SEMANTIC_ERRORS_IN_PACKET_FILTER_S,
	FILTER_SYNTACTICAL = NAS_5GSM_SYNTACTICAL_ERROR_IN_PACKET_FILTER_S
};

static struct ue_qos_rule *rule_of(struct ue_qos *q, uint8_t id)
{
	for (uint8_t i = 0; i < q->rule_count; i++)
		if (q->rules[i].id == id)
			return &q->rules[i];
	return NULL;
}

const struct ue_qos_flow *ue_qos_flow(const struct ue_qos *q, uint8_t qfi)
{
	for (uint8_t i = 0; i < q->flow_count; i++)
		if (q->flows[i].qfi == qfi)
			return &q->flows[i];
	return NULL;
}

static uint8_t filters_of(const struct ue_qos *q, uint8_t rule)
{
	uint8_t n = 0;

	for (uint8_t i = 0; i < q->filter_count; i++)
		n += q->filters[i].rule == rule;
	return n;
}

/* Takes a filter of a rule away; id 0xff: all of them. */
static void drop_filters(struct ue_qos *q, uint8_t rule, uint8_t id)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < q->filter_count; i++)
		if (q->filters[i].rule != rule || (id != 0xff && q->filters[i].id != id))
			q->filters[kept++] = q->filters[i];
	q->filter_count = kept;
}

static void drop_rule(struct ue_qos *q, uint8_t id)
{
	uint8_t kept = 0;

	drop_filters(q, id, 0xff);
	for (uint8_t i = 0; i < q->rule_count; i++)
		if (q->rules[i].id != id)
			q->rules[kept++] = q->rules[i];
	q->rule_count = kept;
}

static struct ip mask_of(unsigned bits)
{
	return (struct ip){ bits >= 64 ? UINT64_MAX
			    : bits     ? UINT64_MAX << (64 - bits)
				       : 0,
		bits >= 128 ? UINT64_MAX
		: bits > 64 ? UINT64_MAX << (128 - bits)
			    : 0 };
}

/* An IPv4 address and mask, or an IPv6 address and prefix length. */
static bool take_address(struct bytes value, struct ip *ip, struct ip *mask)
{
	struct cursor c = cursor_of(value);
	uint8_t bits;

	if (value.len == 8) {
		*ip = ip_from_v4(cursor_u32(&c));
		*mask = (struct ip){ UINT64_MAX, (uint64_t)UINT32_MAX << 32 | cursor_u32(&c) };
		return true;
	}
	ip->high = cursor_u64(&c);
	ip->low = cursor_u64(&c);
	bits = cursor_u8(&c);
	*mask = mask_of(bits);
	return !c.failed && bits <= 128;
}

static bool take_ports(struct bytes value, uint16_t *low, uint16_t *high)
{
	struct cursor c = cursor_of(value);

	*low = cursor_u16(&c);
	*high = value.len == 4 ? cursor_u16(&c) : *low;
	return *low <= *high;
}

/* Each type of component stands once, and those that contradict one another do not stand together (table
 * 9.11.4.13.1). A bit a kind. */
static unsigned component_kind(uint8_t type)
{
	switch (type) {
	case NAS_FILTER_MATCH_ALL:
		return 1 << 0;
	case NAS_FILTER_IPV4_REMOTE:
	case NAS_FILTER_IPV6_REMOTE:
		return 1 << 1;
	case NAS_FILTER_IPV4_LOCAL:
	case NAS_FILTER_IPV6_LOCAL:
		return 1 << 2;
	case NAS_FILTER_PROTOCOL:
		return 1 << 3;
	case NAS_FILTER_LOCAL_PORT:
	case NAS_FILTER_LOCAL_PORT_RANGE:
		return 1 << 4;
	case NAS_FILTER_REMOTE_PORT:
	case NAS_FILTER_REMOTE_PORT_RANGE:
		return 1 << 5;
	case NAS_FILTER_SPI:
		return 1 << 6;
	case NAS_FILTER_TRAFFIC_CLASS:
		return 1 << 7;
	case NAS_FILTER_FLOW_LABEL:
		return 1 << 8;
	default:
		return 1 << 9; /* of Ethernet */
	}
}

static bool take_component(const struct nas_filter_component *in, struct ue_filter *out)
{
	switch (in->type) {
	case NAS_FILTER_MATCH_ALL:
		return true;
	case NAS_FILTER_IPV4_REMOTE:
	case NAS_FILTER_IPV6_REMOTE:
		out->has_remote = true;
		return take_address(in->value, &out->remote, &out->remote_mask);
	case NAS_FILTER_IPV4_LOCAL:
	case NAS_FILTER_IPV6_LOCAL:
		out->has_local = true;
		return take_address(in->value, &out->local, &out->local_mask);
	case NAS_FILTER_PROTOCOL:
		out->has_protocol = true;
		out->protocol = in->value.data[0];
		return true;
	case NAS_FILTER_LOCAL_PORT:
	case NAS_FILTER_LOCAL_PORT_RANGE:
		out->has_local_ports = true;
		return take_ports(in->value, &out->local_low, &out->local_high);
	case NAS_FILTER_REMOTE_PORT:
	case NAS_FILTER_REMOTE_PORT_RANGE:
		out->has_remote_ports = true;
		return take_ports(in->value, &out->remote_low, &out->remote_high);
	case NAS_FILTER_TRAFFIC_CLASS:
		out->tos = in->value.data[0];
		out->tos_mask = in->value.data[1];
		return true;
	default: /* IPsec, flow labels and Ethernet: no packet of ours */
		out->never = true;
		return true;
	}
}

static uint8_t take_filter(const struct nas_packet_filter *in, uint8_t rule, struct ue_filter *out)
{
	unsigned seen = 0;

	*out = (struct ue_filter){ .rule = rule, .id = in->id, .direction = in->direction };
	if (in->component_count == 0 || in->direction == 0)
		return FILTER_SYNTACTICAL;
	for (size_t i = 0; i < in->component_count; i++) {
		unsigned kind = component_kind(in->components[i].type);

		if (seen & kind)
			return FILTER_SEMANTIC;
		seen |= kind;
		if (!take_component(&in->components[i], out))
			return FILTER_SYNTACTICAL;
	}
	/* "match all" stands alone; an SPI goes with no port */
	if ((seen & 1 && seen != 1) || (seen & 1 << 6 && seen & (1 << 4 | 1 << 5)))
		return FILTER_SEMANTIC;
	return 0;
}

/* The filters of an operation; those of the same identity are replaced. */
static uint8_t add_filters(struct ue_qos *q, const struct nas_qos_rule *r)
{
	for (size_t i = 0; i < r->filter_count; i++) {
		struct ue_filter f;
		uint8_t cause = take_filter(&r->filters[i], r->id, &f);

		for (size_t k = 0; k < i; k++)
			if (r->filters[k].id == r->filters[i].id)
				return FILTER_SYNTACTICAL;
		if (cause)
			return cause;
		drop_filters(q, r->id, f.id);
		if (q->filter_count == UE_QOS_FILTERS_MAX)
			return NAS_5GSM_INSUFFICIENT_RESOURCES;
		q->filters[q->filter_count++] = f;
	}
	return 0;
}

/* 6.3.2.4 a 4: of two rules of one precedence the older goes, but never the default one. */
static uint8_t settle_precedence(struct ue_qos *q, const struct nas_qos_rule *r)
{
	for (uint8_t i = 0; i < q->rule_count; i++) {
		if (q->rules[i].id == r->id || q->rules[i].precedence != r->precedence)
			continue;
		if (q->rules[i].is_default || r->is_default)
			return SEMANTIC;
		drop_rule(q, q->rules[i].id);
		return 0;
	}
	return 0;
}

static uint8_t rule_create(struct ue_qos *q, const struct nas_qos_rule *r)
{
	const struct ue_qos_rule *old = rule_of(q, r->id);
	uint8_t cause;

	if ((r->filter_count == 0 && !q->unstructured) || !r->has_precedence || !r->has_qfi || r->qfi == 0 ||
		r->id == 0)
		return SYNTACTICAL;
	if ((old && old->is_default != r->is_default) || (q->unstructured && !r->is_default))
		return SEMANTIC;
	cause = settle_precedence(q, r);
	if (cause)
		return cause;
	drop_rule(q, r->id);
	for (uint8_t i = 0; r->is_default && i < q->rule_count; i++)
		if (q->rules[i].is_default)
			return SEMANTIC;
	if (q->rule_count == UE_QOS_RULES_MAX)
		return NAS_5GSM_INSUFFICIENT_RESOURCES;
	q->rules[q->rule_count++] = (struct ue_qos_rule){ r->id, r->precedence, r->qfi, r->is_default };
	return add_filters(q, r);
}

static uint8_t rule_delete(struct ue_qos *q, const struct nas_qos_rule *r)
{
	const struct ue_qos_rule *old = rule_of(q, r->id);

	if (r->filter_count > 0)
		return SYNTACTICAL;
	if (old && old->is_default)
		return SEMANTIC;
	drop_rule(q, r->id);
	return 0;
}

static uint8_t rule_modify(struct ue_qos *q, const struct nas_qos_rule *r)
{
	struct ue_qos_rule *old = rule_of(q, r->id);
	uint8_t cause;

	if (!old)
		return SEMANTIC;
	if ((r->operation == NAS_QOS_RULE_MODIFY) != (r->filter_count == 0))
		return SYNTACTICAL;
	if (r->has_precedence) {
		cause = settle_precedence(q, r);
		if (cause)
			return cause;
		old = rule_of(q, r->id);
		old->precedence = r->precedence;
	}
	if (r->has_qfi && r->qfi)
		old->qfi = r->qfi;
	if (r->operation == NAS_QOS_RULE_DELETE_FILTERS) {
		for (size_t i = 0; i < r->filter_count; i++)
			drop_filters(q, r->id, r->filters[i].id);
		return filters_of(q, r->id) == 0 ? SEMANTIC : 0;
	}
	if (r->operation == NAS_QOS_RULE_REPLACE_FILTERS)
		drop_filters(q, r->id, 0xff);
	return add_filters(q, r);
}

static uint8_t rule_apply(struct ue_qos *q, const struct nas_qos_rule *r)
{
	switch (r->operation) {
	case NAS_QOS_RULE_CREATE:
		return rule_create(q, r);
	case NAS_QOS_RULE_DELETE:
		return rule_delete(q, r);
	default:
		return rule_modify(q, r);
	}
}

static void flow_take(struct ue_qos_flow *to, const struct nas_qos_flow *f)
{
	if (f->has_five_qi)
		to->five_qi = f->five_qi;
	if (f->has_gfbr_uplink)
		to->gfbr_uplink_kbps = nas_bit_rate_kbps(f->gfbr_uplink);
	if (f->has_gfbr_downlink)
		to->gfbr_downlink_kbps = nas_bit_rate_kbps(f->gfbr_downlink);
	if (f->has_mfbr_uplink)
		to->mfbr_uplink_kbps = nas_bit_rate_kbps(f->mfbr_uplink);
	if (f->has_mfbr_downlink)
		to->mfbr_downlink_kbps = nas_bit_rate_kbps(f->mfbr_downlink);
}

static struct ue_qos_flow *flow_of(struct ue_qos *q, uint8_t qfi)
{
	for (uint8_t i = 0; i < q->flow_count; i++)
		if (q->flows[i].qfi == qfi)
			return &q->flows[i];
	return NULL;
}

static uint8_t flow_apply(struct ue_qos *q, const struct nas_qos_flow *f)
{
	struct ue_qos_flow *old = flow_of(q, f->qfi);

	if (f->qfi == 0)
		return SYNTACTICAL;
	if (f->operation == NAS_QOS_FLOW_DELETE) {
		if (old)
			*old = q->flows[--q->flow_count];
		return 0;
	}
	if (f->operation == NAS_QOS_FLOW_MODIFY && !old)
		return SEMANTIC;
	if (!old && q->flow_count == UE_QOS_FLOWS_MAX)
		return NAS_5GSM_INSUFFICIENT_RESOURCES;
	if (!old)
		old = &q->flows[q->flow_count++];
	if (f->operation == NAS_QOS_FLOW_CREATE || f->replaces)
		*old = (struct ue_qos_flow){ .qfi = f->qfi,
			.five_qi = old->qfi == f->qfi ? old->five_qi : 0 };
	flow_take(old, f);
	if (f->operation == NAS_QOS_FLOW_CREATE && !f->has_five_qi)
		return SYNTACTICAL;
	if (five_qi_is_gbr(old->five_qi) && (!(old->gfbr_uplink_kbps | old->gfbr_downlink_kbps) ||
						    !(old->mfbr_uplink_kbps | old->mfbr_downlink_kbps)))
		return SEMANTIC;
	return 0;
}

static void sort_rules(struct ue_qos *q)
{
	for (uint8_t i = 1; i < q->rule_count; i++)
		for (uint8_t k = i; k > 0 && q->rules[k].precedence < q->rules[k - 1].precedence; k--) {
			struct ue_qos_rule r = q->rules[k];

			q->rules[k] = q->rules[k - 1];
			q->rules[k - 1] = r;
		}
}

/* What must hold at the end. A flow may lack a description: networks of the field leave out those of 5QIs
 * that need none. */
static uint8_t check_whole(const struct ue_qos *q)
{
	unsigned defaults = 0;

	for (uint8_t i = 0; i < q->rule_count; i++)
		defaults += q->rules[i].is_default;
	return defaults == 1 ? 0 : SEMANTIC;
}

uint8_t ue_qos_apply(struct ue_qos *q, const struct nas_qos_rules *rules, const struct nas_qos_flows *flows)
{
	struct ue_qos next = *q;
	uint8_t cause = 0;

	for (size_t i = 0; flows && i < flows->count && !cause; i++)
		cause = flow_apply(&next, &flows->items[i]);
	for (size_t i = 0; rules && i < rules->count && !cause; i++)
		cause = rule_apply(&next, &rules->items[i]);
	sort_rules(&next);
	if (!cause)
		cause = check_whole(&next);
	if (!cause)
		*q = next;
	return cause;
}
