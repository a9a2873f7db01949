/* QoS enforcement rules, 29.244 7.5.2.5. */
#include "core/upf/internal.h"

/* The gates are two pairs of bits, of which only 0 and 1 are defined (8.2.7). */
enum { GATES_KNOWN = PFCP_GATE_DL_CLOSED | PFCP_GATE_UL_CLOSED };

struct upf_draft_qer *upf_draft_qer(struct upf_draft *d, uint32_t id)
{
	for (uint8_t i = 0; i < d->qer_count; i++)
		if (d->qers[i].rule.id == id)
			return &d->qers[i];
	return NULL;
}

/* kbit/s to the cost of an octet and the depth of the bucket. 0 kbit/s lets nothing through. */
static void qer_rate(struct upf_rate *r, enum upf_direction dir, uint64_t kbps)
{
	r->cost[dir] = kbps ? (UINT64_C(8000000) << 24) / kbps : UINT64_C(1) << 47;
	r->depth[dir] = kbps ? (uint64_t)UPF_BUCKET_MS * NS_PER_MS << 8 : 0;
}

static void qer_mbr(struct upf_draft_qer *q, const struct pfcp_bit_rate *mbr)
{
	q->rule.has_mbr = true;
	qer_rate(&q->rate, UPF_UPLINK, mbr->uplink_kbps);
	qer_rate(&q->rate, UPF_DOWNLINK, mbr->downlink_kbps);
}

static bool qer_gate(struct upf_draft *d, struct upf_qer *q, uint8_t gate)
{
	if (gate & ~GATES_KNOWN)
		return upf_refuse_rule(d, PFCP_RULE_QER, q->id);
	q->gate = gate & GATES_KNOWN;
	return true;
}

bool upf_qer_create(struct upf_draft *d, const struct pfcp_create_qer *c)
{
	struct upf_draft_qer *q = &d->qers[d->qer_count];

	if (upf_draft_qer(d, c->qer_id))
		return upf_refuse_rule(d, PFCP_RULE_QER, c->qer_id);
	if (d->qer_count == UPF_QERS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	*q = (struct upf_draft_qer){ .rule = { .id = c->qer_id }, .created = true };
	d->qer_count++;
	if (c->has_mbr)
		qer_mbr(q, &c->mbr);
	if (c->has_qfi)
		q->rule.qfi = c->qfi & 63;
	if (c->has_rqi)
		q->rule.rqi = c->rqi & 1;
	return qer_gate(d, &q->rule, c->gate_status);
}

bool upf_qer_update(struct upf_draft *d, const struct pfcp_update_qer *u)
{
	struct upf_draft_qer *q = upf_draft_qer(d, u->qer_id);

	if (!q)
		return upf_refuse_rule(d, PFCP_RULE_QER, u->qer_id);
	if (u->has_mbr)
		qer_mbr(q, &u->mbr);
	if (u->has_qfi)
		q->rule.qfi = u->qfi & 63;
	if (u->has_rqi)
		q->rule.rqi = u->rqi & 1;
	return !u->has_gate_status || qer_gate(d, &q->rule, u->gate_status);
}

bool upf_qer_remove(struct upf_draft *d, uint32_t id)
{
	struct upf_draft_qer *q = upf_draft_qer(d, id);

	if (!q)
		return upf_refuse_rule(d, PFCP_RULE_QER, id);
	*q = d->qers[--d->qer_count];
	return true;
}
