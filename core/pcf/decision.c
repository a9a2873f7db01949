/* Policy decisions (29.512 5.6.2.4): the session rule, and PCC rules with their QoS and gates. */
#include <string.h>

#include "core/pcf/internal.h"

const struct pcf_sm_rule *pcf_sm_rule_for(const struct pcf *pcf, const char *dnn)
{
	for (uint8_t i = 0; i < pcf->config.sm_rule_count; i++) {
		const struct pcf_sm_rule *rule = &pcf->config.sm_rules[i];

		if (!rule->dnn[0] || dnn_equal(rule->dnn, dnn))
			return rule;
	}
	return NULL;
}

static uint64_t at_most(uint64_t v, uint64_t max)
{
	return max && max < v ? max : v;
}

void pcf_decision_begin(struct pcf_decision *d)
{
	d->count = d->gone_count = d->confirm_count = 0;
	d->data = (struct sm_policy_decision){ .pcc_rules = { 0, d->rules },
		.qos_decs = { 0, d->qos_entries },
		.traff_cont_decs = { 0, d->gates },
		.um_decs = { 0, d->usages } };
}

/* What was subscribed, as far as the rule lets it. */
static void authorize(const struct pcf_sm_rule *rule, struct ambr *ambr, struct authorized_default_qos *qos)
{
	ambr->uplink_bps = at_most(ambr->uplink_bps, rule->max_session_ambr.uplink_bps);
	ambr->downlink_bps = at_most(ambr->downlink_bps, rule->max_session_ambr.downlink_bps);
	if (rule->five_qi)
		qos->five_qi = rule->five_qi;
	if (rule->arp_priority_level)
		qos->arp.priority_level = rule->arp_priority_level;
}

void pcf_decision_session(struct pcf *pcf, struct pcf_decision *d, const struct pcf_association *a)
{
	const struct pcf_sm_rule *rule = pcf_sm_rule_for(pcf, a->dnn);

	d->ambr = a->ambr;
	d->qos = (struct authorized_default_qos){
		.five_qi = a->qos.five_qi, .arp = a->qos.arp, .priority_level = a->qos.priority_level
	};
	if (rule)
		authorize(rule, &d->ambr, &d->qos);
	d->session = (struct session_rule){ .sess_rule_id = "1",
		.auth_sess_ambr = a->has_ambr ? &d->ambr : NULL,
		.auth_def_qos = a->has_qos ? &d->qos : NULL };
	d->session_entry = (struct sm_policy_decision_sess_rules_entry){ "1", &d->session };
	d->data.sess_rules.count = 1;
	d->data.sess_rules.entries = &d->session_entry;
}

static void decide_qos(const struct pcf_flow *f, struct pcf_decided *to)
{
	to->arp = f->arp;
	to->qos = (struct qos_data){ .qos_id = f->name,
		.five_qi = f->five_qi,
		.has_maxbr_ul = f->mbr.uplink_bps != 0,
		.maxbr_ul = f->mbr.uplink_bps,
		.has_maxbr_dl = f->mbr.downlink_bps != 0,
		.maxbr_dl = f->mbr.downlink_bps,
		.has_gbr_ul = f->gbr.uplink_bps != 0,
		.gbr_ul = f->gbr.uplink_bps,
		.has_gbr_dl = f->gbr.downlink_bps != 0,
		.gbr_dl = f->gbr.downlink_bps,
		.arp = &to->arp,
		.qnc = f->notify,
		.priority_level = f->priority_level,
		.reflective_qos = f->reflective };
}

void pcf_decision_flow(struct pcf_decision *d, const struct pcf_flow *f)
{
	struct pcf_decided *to = &d->flows[d->count];

	for (uint8_t i = 0; i < f->filter_count; i++)
		to->filters[i] = (struct flow_information){ .flow_description = f->filters[i].text,
			.packet_filter_usage = true,
			.flow_direction = (enum flow_direction)f->filters[i].direction };
	to->name = f->name;
	decide_qos(f, to);
	to->gate =
		(struct traffic_control_data){ .tc_id = f->name, .flow_status = (enum flow_status)f->status };
	to->rule = (struct pcc_rule){ .pcc_rule_id = f->name,
		.flow_infos = { f->filter_count, to->filters },
		.has_precedence = true,
		.precedence = f->precedence,
		.ref_qos_data = { 1, &to->name },
		.ref_tc_data = { 1, &to->name } };
	if (f->usage_threshold) {
		to->usage = (struct usage_monitoring_data){
			.um_id = f->name, .has_volume_threshold = true, .volume_threshold = f->usage_threshold
		};
		to->rule.ref_um_data = (struct text_list){ 1, &to->name };
		d->usages[d->data.um_decs.count++] =
			(struct sm_policy_decision_um_decs_entry){ to->name, &to->usage };
	}
	d->rules[d->count] = (struct sm_policy_decision_pcc_rules_entry){ to->name, &to->rule };
	d->qos_entries[d->data.qos_decs.count++] =
		(struct sm_policy_decision_qos_decs_entry){ to->name, &to->qos };
	d->gates[d->data.traff_cont_decs.count++] =
		(struct sm_policy_decision_traff_cont_decs_entry){ to->name, &to->gate };
	d->data.pcc_rules.count = ++d->count;
}

void pcf_decision_remove(struct pcf_decision *d, const char *name)
{
	char *gone = d->gone[d->gone_count++];

	str_copy(gone, PCF_NAME_SIZE, name);
	d->rules[d->count] = (struct sm_policy_decision_pcc_rules_entry){ gone, NULL };
	d->data.pcc_rules.count = ++d->count;
}

void pcf_decision_touched(struct pcf_decision *d, struct pcf_association *a, bool told)
{
	static const enum requested_rule_data_type success = REQUESTED_RULE_DATA_TYPE_SUCC_RES_ALLO;

	for (uint8_t i = 0; i < a->flow_count; i++) {
		if (!a->flows[i].touched)
			continue;
		a->flows[i].touched = false;
		pcf_decision_flow(d, &a->flows[i]);
		d->confirm[d->confirm_count++] = a->flows[i].name;
	}
	if (!told || d->confirm_count == 0)
		return;
	d->requested = (struct requested_rule_data){ { d->confirm_count, d->confirm }, { 1, &success } };
	d->data.last_req_rule_data = (struct requested_rule_data_list){ 1, &d->requested };
}

static bool rule_is_for(const struct pcf_pcc_rule *r, const struct pcf_association *a)
{
	return (!r->dnn[0] || dnn_equal(r->dnn, a->dnn)) &&
	       (!r->snssai.sst || snssai_equal(&r->snssai, &a->snssai)) &&
	       !strncmp(r->imsi, a->supi.imsi, strlen(r->imsi));
}

void pcf_configured_flows(const struct pcf *pcf, struct pcf_association *a)
{
	for (uint8_t i = 0; i < pcf->config.pcc_rule_count && a->flow_count < PCF_FLOWS_MAX; i++)
		if (rule_is_for(&pcf->config.pcc_rules[i], a))
			a->flows[a->flow_count++] = pcf->config.pcc_rules[i].flow;
}
