/* A UE's request for QoS: rule, filter and flow of PDU SESSION MODIFICATION REQUEST (24.501 6.4.2.2). */
#include <stdlib.h>

#include "ue/internal.h"

enum { COMPONENTS = 4, COMPONENT_OCTETS = 64, PRECEDENCE_FIRST = 70 };

static void component(struct nas_packet_filter *f, uint8_t type, const struct writer *w, size_t from)
{
	f->components[f->component_count++] =
		(struct nas_filter_component){ type, bytes_of(w->data + from, w->len - from) };
}

static void put_ports(
	struct nas_packet_filter *f, uint8_t one, const struct ip_filter_end *e, struct writer *w)
{
	const struct ip_filter_range *r = &e->ranges[0];
	size_t from = w->len;

	if (e->range_count == 0)
		return;
	writer_u16(w, r->low);
	if (r->low != r->high)
		writer_u16(w, r->high);
	component(f, r->low == r->high ? one : one + 1, w, from);
}

static void put_remote(struct nas_packet_filter *f, const struct ip_filter_end *e, struct writer *w)
{
	size_t from = w->len;

	if (e->bits == 0)
		return;
	if (ip_family(e->ip) == IP_FAMILY_V4) {
		writer_u32(w, ip_v4(e->ip));
		writer_u32(w, UINT32_MAX << (32 - e->bits));
		component(f, NAS_FILTER_IPV4_REMOTE, w, from);
	} else {
		writer_u64(w, e->ip.high);
		writer_u64(w, e->ip.low);
		writer_u8(w, e->bits);
		component(f, NAS_FILTER_IPV6_REMOTE, w, from);
	}
}

static bool put_filter(struct ue_session *s, struct nas_packet_filter *f)
{
	const struct ue_flow_request *r = s->request;
	struct arena *arena = &s->ue->host->arena;
	uint8_t *octets = arena_alloc(arena, COMPONENT_OCTETS);
	struct writer w = writer_of(octets, octets ? COMPONENT_OCTETS : 0);
	size_t from;

	*f = (struct nas_packet_filter){ .id = r->filter_id, .direction = NAS_FILTER_BOTH };
	f->components = arena_array(arena, COMPONENTS, sizeof(*f->components));
	if (!octets || !f->components)
		return false;
	put_remote(f, &r->filter.from, &w);
	from = w.len;
	if (!r->filter.any_protocol) {
		writer_u8(&w, r->filter.protocol);
		component(f, NAS_FILTER_PROTOCOL, &w, from);
	}
	put_ports(f, NAS_FILTER_LOCAL_PORT, &r->filter.to, &w);
	put_ports(f, NAS_FILTER_REMOTE_PORT, &r->filter.from, &w);
	if (f->component_count == 0)
		component(f, NAS_FILTER_MATCH_ALL, &w, w.len);
	return !w.failed;
}

static uint8_t precedence_of(const struct ue_session *s)
{
	if (s->request->precedence)
		return s->request->precedence;
	return (uint8_t)(PRECEDENCE_FIRST + (s->qos ? s->qos->rule_count : 1) % 10);
}

static void fill_flow(const struct ue_session *s, struct nas_qos_flow *f)
{
	const struct ue_flow_request *r = s->request;
	bool gbr = r->gfbr_uplink_kbps || r->gfbr_downlink_kbps;

	*f = (struct nas_qos_flow){ .operation = r->rule ? NAS_QOS_FLOW_MODIFY : NAS_QOS_FLOW_CREATE,
		.replaces = true,
		.has_five_qi = true,
		.five_qi = r->five_qi,
		.has_gfbr_uplink = gbr,
		.gfbr_uplink = nas_bit_rate_of(r->gfbr_uplink_kbps),
		.has_gfbr_downlink = gbr,
		.gfbr_downlink = nas_bit_rate_of(r->gfbr_downlink_kbps),
		.has_mfbr_uplink = gbr,
		.mfbr_uplink = nas_bit_rate_of(r->gfbr_uplink_kbps),
		.has_mfbr_downlink = gbr,
		.mfbr_downlink = nas_bit_rate_of(r->gfbr_downlink_kbps) };
}

bool ue_flow_request_fill(struct ue_session *s, struct nas_pdu_session_modification_request *m)
{
	const struct ue_flow_request *r = s->request;
	struct arena *arena = &s->ue->host->arena;
	struct nas_qos_rule *rule = arena_alloc(arena, sizeof(*rule));
	struct nas_packet_filter *filter = arena_alloc(arena, sizeof(*filter));
	struct nas_qos_flow *flow = arena_alloc(arena, sizeof(*flow));
	bool whole = r->operation == NAS_QOS_RULE_CREATE;

	if (!rule || !filter || !flow)
		return false;
	*rule = (struct nas_qos_rule){ .id = r->rule,
		.operation = r->operation,
		.has_precedence = whole,
		.precedence = whole ? precedence_of(s) : 0,
		.has_qfi = whole,
		.filter_count = r->has_filter,
		.filters = filter };
	if (r->has_filter && !put_filter(s, filter))
		return false;
	m->has_qos_rules = true;
	m->qos_rules = (struct nas_qos_rules){ 1, rule };
	m->has_qos_flows = r->five_qi != 0;
	if (r->five_qi)
		fill_flow(s, flow);
	m->qos_flows = (struct nas_qos_flows){ r->five_qi != 0, flow };
	return true;
}

bool ue_session_request_flow(struct ue *ue, uint8_t psi, const struct ue_flow_request *r)
{
	struct ue_session *s = ue_session_find(ue, psi);

	if (!s || s->state != SM_ACTIVE || ue->state != MM_REGISTERED || s->request ||
		!ue_backoff_modifies(s))
		return false;
	s->request = malloc(sizeof(*s->request));
	if (!s->request)
		return false;
	*s->request = *r;
	if (ue_sm_event(s, SM_EV_MODIFY, NULL) == FSM_OK)
		return true;
	ue_flow_request_end(s);
	return false;
}

bool ue_session_rule(const struct ue *ue, uint8_t psi, uint8_t n, uint8_t *rule, uint8_t *qfi)
{
	const struct ue_session *s = ue_session_find(ue, psi);
	struct ue_qos q;

	if (!s)
		return false;
	ue_session_qos(s, &q);
	if (n >= q.rule_count)
		return false;
	*rule = q.rules[n].id;
	*qfi = q.rules[n].qfi;
	return true;
}
