/* QoS rules and QoS flow descriptions of the UE (24.501 9.11.4.13, 9.11.4.12), and the command that changes
 * them (8.3.9). */
#include "core/smf/modification.h"
#include "core/smf/relocation.h"

struct nas_bit_rate smf_nas_rate(uint64_t bps)
{
	return nas_bit_rate_of((bps + 999) / 1000);
}

static void filter_component(struct nas_packet_filter *f, uint8_t type, const struct writer *w, size_t from)
{
	f->components[f->component_count++] =
		(struct nas_filter_component){ type, bytes_of(w->data + from, w->len - from) };
}

static void filter_ports(
	struct nas_packet_filter *f, uint8_t one, uint16_t low, uint16_t high, struct writer *w)
{
	size_t from = w->len;

	if (!high)
		return;
	writer_u16(w, low);
	if (low != high)
		writer_u16(w, high);
	filter_component(f, low == high ? one : one + 1, w, from);
}

static void filter_put(const struct smf_filter *in, struct nas_packet_filter *f, struct writer *w)
{
	size_t from = w->len;

	f->id = in->id;
	f->direction = in->direction;
	if (ip_family(in->remote) == IP_FAMILY_V4) {
		writer_u32(w, ip_v4(in->remote));
		writer_u32(w, in->remote_bits ? UINT32_MAX << (32 - in->remote_bits) : 0);
		filter_component(f, NAS_FILTER_IPV4_REMOTE, w, from);
	} else if (ip_family(in->remote) == IP_FAMILY_V6) {
		writer_u64(w, in->remote.high);
		writer_u64(w, in->remote.low);
		writer_u8(w, in->remote_bits);
		filter_component(f, NAS_FILTER_IPV6_REMOTE, w, from);
	}
	from = w->len;
	if (in->protocol) {
		writer_u8(w, in->protocol);
		filter_component(f, NAS_FILTER_PROTOCOL, w, from);
	}
	filter_ports(f, NAS_FILTER_LOCAL_PORT, in->local_low, in->local_high, w);
	filter_ports(f, NAS_FILTER_REMOTE_PORT, in->remote_low, in->remote_high, w);
}

/* n: for its filters; NULL: it has none. */
static void rule_put(const struct smf_flow *f, struct smf_nas_filters *n, struct nas_qos_rule *rule)
{
	static const struct smf_match all = { .filter_count = 1,
		.filters = { { .id = 1, .direction = NAS_FILTER_BOTH } } };
	const struct smf_match *match = f->match ? f->match : &all;
	struct writer w = writer_of(n ? n->octets : NULL, n ? sizeof(n->octets) : 0);

	*rule = (struct nas_qos_rule){ .id = f->rule_id,
		.operation = NAS_QOS_RULE_CREATE,
		.is_default = !f->match,
		.has_precedence = true,
		.has_qfi = true,
		.precedence = f->precedence,
		.qfi = f->qfi,
		.filter_count = n ? match->filter_count : 0,
		.filters = n ? n->filters : NULL };
	for (uint8_t i = 0; i < rule->filter_count; i++) {
		struct nas_packet_filter *to = &n->filters[i];

		*to = (struct nas_packet_filter){ .components = n->components[i] };
		filter_put(&match->filters[i], to, &w);
		if (to->component_count == 0)
			filter_component(to, NAS_FILTER_MATCH_ALL, &w, w.len);
	}
}

static void flow_put(
	const struct smf_flows *flows, const struct smf_flow *f, uint8_t operation, struct nas_qos_flow *out)
{
	const struct smf_rates r = smf_flows_rates(flows, f->qfi);

	*out = (struct nas_qos_flow){ .qfi = f->qfi, .operation = operation };
	if (operation == NAS_QOS_FLOW_DELETE)
		return;
	out->replaces = out->has_five_qi = true;
	out->five_qi = f->five_qi;
	if (!f->match)
		return;
	out->has_gfbr_uplink = r.gbr.uplink_bps != 0;
	out->has_gfbr_downlink = r.gbr.downlink_bps != 0;
	out->has_mfbr_uplink = r.mbr.uplink_bps != 0;
	out->has_mfbr_downlink = r.mbr.downlink_bps != 0;
	out->gfbr_uplink = smf_nas_rate(r.gbr.uplink_bps);
	out->gfbr_downlink = smf_nas_rate(r.gbr.downlink_bps);
	out->mfbr_uplink = smf_nas_rate(r.mbr.uplink_bps);
	out->mfbr_downlink = smf_nas_rate(r.mbr.downlink_bps);
}

/* Whether it has one that it did not confirm is not known: to create it is right then too (6.3.2.4 a). */
static bool ue_has(const struct smf_flow *f)
{
	return f->at & FLOW_AT_UE && !(f->at & FLOW_UE_ASKED);
}

/* The flow of the rule, once: it goes with the last of its rules, and is there with the first that the UE
 * has. */
static void describe(
	struct smf_nas_qos *q, const struct smf_flows *flows, const struct smf_flow *f, bool fresh)
{
	uint8_t operation = f->leaving ? NAS_QOS_FLOW_DELETE : NAS_QOS_FLOW_CREATE;
	const struct smf_flow *of = f;

	if (q->described >> f->qfi & 1)
		return;
	q->described |= UINT64_C(1) << f->qfi;
	for (uint8_t i = 0; i < flows->count; i++) {
		const struct smf_flow *other = smf_flow_get(flows, i);

		if (other->qfi != f->qfi || other->leaving)
			continue;
		of = other;
		operation = operation == NAS_QOS_FLOW_MODIFY || (!fresh && ue_has(other))
				    ? NAS_QOS_FLOW_MODIFY
				    : NAS_QOS_FLOW_CREATE;
	}
	flow_put(flows, of, operation, &q->flows[q->flow_count++]);
}

static struct smf_nas_filters *filters_for(struct smf_nas_qos *q)
{
	return q->unstructured ? NULL : &q->filters[q->rule_count];
}

void smf_nas_qos_create(struct smf_nas_qos *q, const struct smf_flows *flows, const struct smf_flow *f)
{
	rule_put(f, filters_for(q), &q->rules[q->rule_count]);
	q->rule_count++;
	describe(q, flows, f, true);
}

void smf_nas_qos_put(struct smf_nas_qos *q, const struct smf_flows *flows, const struct smf_flow *f)
{
	struct nas_qos_rule *rule = &q->rules[q->rule_count];

	if (f->leaving)
		*rule = (struct nas_qos_rule){ .id = f->rule_id, .operation = NAS_QOS_RULE_DELETE };
	else
		rule_put(f, filters_for(q), rule);
	if (!f->leaving && ue_has(f))
		rule->operation = q->unstructured ? NAS_QOS_RULE_MODIFY : NAS_QOS_RULE_REPLACE_FILTERS;
	q->rule_count++;
	describe(q, flows, f, false);
}

bool smf_flow_ue_due(const struct smf_flow *f)
{
	if (f->leaving)
		return f->at & (FLOW_AT_UE | FLOW_UE_ASKED);
	return !(f->at & FLOW_AT_UE) || f->at & (FLOW_UE_ASKED | FLOW_UE_OLD);
}

struct bytes smf_nas_sm_modification_command(struct smf *smf, const struct smf_session *s, uint8_t pti)
{
	struct writer w = writer_of(smf->n1_buffer, sizeof(smf->n1_buffer));
	struct smf_nas_qos qos = { .unstructured = s->type == NAS_PDU_UNSTRUCTURED };
	uint8_t octets[2];
	struct writer seconds = writer_of(octets, sizeof(octets));
	struct nas_pco_item lifetime = { NAS_PCO_ADDRESS_LIFETIME, BYTES(octets) };
	struct nas_msg m = {
		.type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = s->pdu_session_id, .pti = pti
	};
	struct nas_pdu_session_modification_command *c = &m.pdu_session_modification_command;

	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		if (smf_flow_ue_due(f))
			smf_nas_qos_put(&qos, &s->flows, f);
	}
	if (qos.rule_count == 0 && !s->ambr_ue_old && !pti &&
		!smf_relocation_is_due(s)) /* a request is answered, if with nothing new */
		return BYTES_NONE;
	c->has_session_ambr = s->ambr_ue_old;
	c->session_ambr.uplink = smf_nas_rate(s->ambr.uplink_bps);
	c->session_ambr.downlink = smf_nas_rate(s->ambr.downlink_bps);
	c->has_rq_timer = s->reflective && qos.rule_count > 0;
	c->rq_timer = nas_timer2_of(SMF_RQ_TIMER_S);
	if (smf_relocation_is_due(s) && !pti) { /* 6.3.2.2: #39, and until when the address lasts */
		c->has_cause = c->has_epco = true;
		c->cause = NAS_5GSM_REACTIVATION_REQUESTED;
		c->epco = (struct nas_pco){ 1, &lifetime };
		writer_u16(&seconds, SMF_ADDRESS_LIFETIME_S);
	}
	c->has_qos_rules = c->has_qos_flows = qos.rule_count > 0;
	c->qos_rules = (struct nas_qos_rules){ qos.rule_count, qos.rules };
	c->qos_flows = (struct nas_qos_flows){ qos.flow_count, qos.flows };
	return nas_encode(&m, &w) ? writer_bytes(&w) : BYTES_NONE;
}
