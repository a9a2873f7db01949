/* What a UE asks for, by Npcf_SMPolicyControl_Update with RES_MO_RE (29.512 4.2.4.17). */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/pcf/internal.h"

static uint64_t or_zero(bool has, uint64_t v)
{
	return has ? v : 0;
}

/* A name that no flow of the session has. */
static void name_of_ue(struct pcf_association *a, char name[PCF_NAME_SIZE])
{
	unsigned n = 1;

	do
		snprintf(name, PCF_NAME_SIZE, "ue-%u", n++);
	while (pcf_association_flow(a, name));
}

static enum sbi_cause take_filters(struct pcf_flow *f, const struct ue_initiated_resource_request *r)
{
	char error[PCF_ERROR_SIZE];

	for (uint32_t i = 0; i < r->pack_filt_info.count; i++) {
		const struct packet_filter_info *in = &r->pack_filt_info.items[i];

		if (!in->pack_filt_cont || !pcf_filter_take(f, bytes_of_str(in->pack_filt_cont),
						   (uint8_t)in->flow_direction, error))
			return SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED;
	}
	return SBI_OK;
}

/* Filters are named by their place, from 1 on, as the SMF numbers them. */
static enum sbi_cause drop_filters(struct pcf_flow *f, const struct ue_initiated_resource_request *r)
{
	unsigned gone = 0;
	uint8_t kept = 0;

	for (uint32_t i = 0; i < r->pack_filt_info.count; i++) {
		const char *id = r->pack_filt_info.items[i].pack_filt_id;
		uint64_t n;

		if (!id || !text_uint(bytes_of_str(id), PCF_FILTERS_MAX, &n) || n == 0)
			return SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED;
		gone |= 1u << (n - 1);
	}
	for (uint8_t i = 0; i < f->filter_count; i++)
		if (!(gone >> i & 1))
			f->filters[kept++] = f->filters[i];
	f->filter_count = kept;
	return kept > 0 ? SBI_OK : SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED;
}

static void take_qos(struct pcf_flow *f, const struct requested_qos *q)
{
	if (q->five_qi)
		f->five_qi = q->five_qi;
	f->gbr = (struct ambr){ or_zero(q->has_gbr_ul, q->gbr_ul), or_zero(q->has_gbr_dl, q->gbr_dl) };
	f->mbr = f->gbr;
}

/* The operator's policy of the DNN. */
static bool is_allowed(const struct pcf_sm_rule *rule, const struct pcf_flow *f)
{
	return rule && rule->ue_flows && f->gbr.uplink_bps <= rule->max_ue_gbr.uplink_bps &&
	       f->gbr.downlink_bps <= rule->max_ue_gbr.downlink_bps;
}

/* The flow as the request makes it. */
static enum sbi_cause make_flow(struct pcf_flow *f, const struct ue_initiated_resource_request *r)
{
	char error[PCF_ERROR_SIZE];
	enum sbi_cause cause = SBI_OK;

	switch (r->rule_op) {
	case RULE_OPERATION_MODIFY__PCC_RULE_AND_REPLACE_PACKET_FILTERS:
		f->filter_count = 0;
		cause = take_filters(f, r);
		break;
	case RULE_OPERATION_CREATE_PCC_RULE:
	case RULE_OPERATION_MODIFY_PCC_RULE_AND_ADD_PACKET_FILTERS:
		cause = take_filters(f, r);
		break;
	case RULE_OPERATION_MODIFY__PCC_RULE_AND_DELETE_PACKET_FILTERS:
		cause = drop_filters(f, r);
		break;
	default:
		break;
	}
	if (cause != SBI_OK)
		return cause;
	if (r->has_precedence)
		f->precedence = r->precedence;
	if (r->req_qos)
		take_qos(f, r->req_qos);
	return pcf_flow_good(f, error) ? SBI_OK : SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED;
}

static enum sbi_cause request_delete(
	struct pcf_association *a, const struct pcf_flow *f, struct pcf_decision *d, const char *name)
{
	if (!f || f->origin != PCF_FROM_UE)
		return SBI_REQUESTED_SERVICE_NOT_AUTHORIZED;
	pcf_association_drop(a, name);
	pcf_decision_remove(d, name);
	return SBI_OK;
}

enum sbi_cause pcf_ue_request(struct pcf *pcf, struct pcf_association *a,
	const struct ue_initiated_resource_request *r, struct pcf_decision *d)
{
	struct pcf_flow *old = r->pcc_rule_id ? pcf_association_flow(a, r->pcc_rule_id) : NULL;
	bool create = r->rule_op == RULE_OPERATION_CREATE_PCC_RULE;
	struct pcf_flow f = { .origin = PCF_FROM_UE,
		.precedence = PCF_PRECEDENCE,
		.status = FLOW_STATUS_ENABLED,
		.arp = { .priority_level = PCF_ARP, .preemptable = true } };
	enum sbi_cause cause;

	if (r->rule_op == RULE_OPERATION_DELETE_PCC_RULE)
		return request_delete(a, old, d, r->pcc_rule_id);
	if (create && a->flow_count == PCF_FLOWS_MAX)
		return SBI_INSUFFICIENT_RESOURCES;
	if (create)
		name_of_ue(a, f.name);
	else if (old && old->origin == PCF_FROM_UE)
		f = *old;
	else
		return SBI_REQUESTED_SERVICE_NOT_AUTHORIZED;
	cause = make_flow(&f, r);
	if (cause != SBI_OK)
		return cause;
	if (!is_allowed(pcf_sm_rule_for(pcf, a->dnn), &f))
		return SBI_REQUESTED_SERVICE_NOT_AUTHORIZED;
	if (create)
		old = &a->flows[a->flow_count++];
	*old = f;
	pcf_decision_flow(d, old);
	return SBI_OK;
}
