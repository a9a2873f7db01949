/* QoS flows of a session, with what the SMF wants of each: kept for the target of a handover
 * (38.413 9.3.1.12). */
#include "gnb/internal.h"

static void characteristics_take(struct gnb_flow *f, const struct ngap_qos_characteristics *c)
{
	const struct ngap_dynamic5_qi_descriptor *d = &c->u.dynamic5_qi;

	f->dynamic = c->tag == NGAP_QOS_CHARACTERISTICS_TAG_DYNAMIC5_QI;
	if (c->tag == NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI) {
		f->five_qi = (uint8_t)c->u.non_dynamic5_qi.five_qi;
	} else if (f->dynamic) {
		f->five_qi = (uint8_t)(d->has_five_qi ? d->five_qi : 0);
		f->priority_level = (uint8_t)d->priority_level_qos;
		f->packet_delay_budget = (uint16_t)d->packet_delay_budget;
		f->per_scalar = (uint8_t)d->packet_error_rate.per_scalar;
		f->per_exponent = (uint8_t)d->packet_error_rate.per_exponent;
	}
}

static struct gnb_flow **flow_at(struct gnb_session *s, uint8_t qfi)
{
	struct gnb_flow **at = &s->first_flow;

	while (*at && (*at)->qfi != qfi)
		at = &(*at)->next;
	return at;
}

bool gnb_flow_take(struct gnb *gnb, struct gnb_session *s, uint8_t qfi,
	const struct ngap_qos_flow_level_qos_parameters *q)
{
	const struct ngap_gbr_qos_information *gbr = q->gbr_qos_information;
	struct gnb_flow **at = flow_at(s, qfi), *next = *at ? (*at)->next : NULL;

	if (!*at)
		*at = pool_alloc(&gnb->flows);
	if (!*at) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return false;
	}
	**at = (struct gnb_flow){ .next = next,
		.qfi = qfi,
		.arp_priority = q->allocation_and_retention_priority.priority_level_arp,
		.may_pre_empt = q->allocation_and_retention_priority.pre_emption_capability ==
				NGAP_PRE_EMPTION_CAPABILITY_MAY_TRIGGER_PRE_EMPTION,
		.pre_emptable = q->allocation_and_retention_priority.pre_emption_vulnerability ==
				NGAP_PRE_EMPTION_VULNERABILITY_PRE_EMPTABLE,
		.is_gbr = gbr != NULL };
	characteristics_take(*at, &q->qos_characteristics);
	if (gbr) {
		(*at)->mfbr_dl_bps = (uint64_t)gbr->maximum_flow_bit_rate_dl;
		(*at)->mfbr_ul_bps = (uint64_t)gbr->maximum_flow_bit_rate_ul;
		(*at)->gfbr_dl_bps = (uint64_t)gbr->guaranteed_flow_bit_rate_dl;
		(*at)->gfbr_ul_bps = (uint64_t)gbr->guaranteed_flow_bit_rate_ul;
	}
	return true;
}

void gnb_flow_drop(struct gnb *gnb, struct gnb_session *s, uint8_t qfi)
{
	struct gnb_flow **at = flow_at(s, qfi), *f = *at;

	if (!f)
		return;
	*at = f->next;
	pool_free(&gnb->flows, f);
}

void gnb_flows_free(struct gnb *gnb, struct gnb_session *s)
{
	while (s->first_flow)
		gnb_flow_drop(gnb, s, s->first_flow->qfi);
}
