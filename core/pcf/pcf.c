/*
 * Npcf_AMPolicyControl and Npcf_SMPolicyControl: 29.507 4.2, 29.512 4.2.
 *
 *   AMF -> PCF  POST policies           29.507 4.2.2
 *   AMF -> PCF  DELETE policies         29.507 4.2.5
 *   SMF -> PCF  POST sm-policies        29.512 4.2.2: what was subscribed, as far as the DNN's rule lets it
 *   SMF -> PCF  POST ../delete          29.512 4.2.5: with the volumes that were used
 */
#include "core/pcf/pcf.h"

#include <stdio.h>
#include <stdlib.h>

_Static_assert(
	sizeof("sm--255") + sizeof(((struct supi *)0)->imsi) <= POLICY_ID_SIZE, "a policy's name has room");

struct pcf {
	struct nf nf;
	struct pcf_config config;
	uint64_t stat[PCF_STAT_COUNT];
};

static void pcf_am_policy_create(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_am_policy_create_req *req = r->body;
	char policy_id[POLICY_ID_SIZE];
	struct npcf_am_policy_create_rsp rsp = { .policy_id = policy_id, .data = { .supp_feat = "0" } };

	/* The policy follows from the configuration alone, so the association's name is all its state. */
	snprintf(policy_id, sizeof(policy_id), "am-%s", req->data.supi.imsi);
	pcf->stat[PCF_STAT_AM_REQ]++;
	pcf->stat[PCF_STAT_AM_SUCC]++;
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

static const struct pcf_sm_rule *pcf_sm_rule_for(const struct pcf *pcf, const char *dnn)
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

/* What was subscribed, as far as the rule lets it. */
static void pcf_authorize(
	const struct pcf_sm_rule *rule, struct ambr *ambr, struct authorized_default_qos *qos)
{
	ambr->uplink_bps = at_most(ambr->uplink_bps, rule->max_session_ambr.uplink_bps);
	ambr->downlink_bps = at_most(ambr->downlink_bps, rule->max_session_ambr.downlink_bps);
	if (rule->five_qi)
		qos->five_qi = rule->five_qi;
	if (rule->arp_priority_level)
		qos->arp.priority_level = rule->arp_priority_level;
}

static void pcf_sm_policy_create(struct pcf *pcf, const struct sbi_request *r)
{
	const struct sm_policy_context_data *req = &((const struct npcf_sm_policy_create_req *)r->body)->data;
	const struct pcf_sm_rule *rule = pcf_sm_rule_for(pcf, req->dnn);
	struct ambr ambr = { 0 };
	struct authorized_default_qos qos = { 0 };
	struct session_rule session = { .sess_rule_id = "1" };
	struct sm_policy_decision_sess_rules_entry entry = { "1", &session };
	char policy_id[POLICY_ID_SIZE];
	struct npcf_sm_policy_create_rsp rsp = { policy_id, { .sess_rules = { 1, &entry } } };

	if (req->subs_sess_ambr) {
		ambr = *req->subs_sess_ambr;
		session.auth_sess_ambr = &ambr;
	}
	if (req->subs_def_qos) {
		qos.five_qi = req->subs_def_qos->five_qi;
		qos.arp = req->subs_def_qos->arp;
		qos.priority_level = req->subs_def_qos->priority_level;
		session.auth_def_qos = &qos;
	}
	if (rule)
		pcf_authorize(rule, &ambr, &qos);
	snprintf(policy_id, sizeof(policy_id), "sm-%s-%u", req->supi.imsi, req->pdu_session_id);
	pcf->stat[PCF_STAT_SM_REQ]++;
	pcf->stat[PCF_STAT_SM_SUCC]++;
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

static void pcf_sm_policy_delete(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_sm_policy_delete_req *req = r->body;
	const struct accu_usage_report_list *reports = &req->data.accu_usage_reports;

	pcf->stat[PCF_STAT_SM_DELETED]++;
	for (uint32_t i = 0; i < reports->count; i++) {
		pcf->stat[PCF_STAT_UPLINK_OCTETS] += reports->items[i].vol_usage_uplink;
		pcf->stat[PCF_STAT_DOWNLINK_OCTETS] += reports->items[i].vol_usage_downlink;
	}
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, NULL);
}

static void pcf_on_request(void *self, const struct sbi_request *r)
{
	struct pcf *pcf = self;

	switch (r->op) {
	case SBI_PCF_AM_POLICY_CREATE:
		pcf_am_policy_create(pcf, r);
		break;
	case SBI_PCF_AM_POLICY_DELETE:
		sbi_answer(pcf->nf.bus, r->id, SBI_OK, NULL);
		break;
	case SBI_PCF_SM_POLICY_CREATE:
		pcf_sm_policy_create(pcf, r);
		break;
	case SBI_PCF_SM_POLICY_DELETE:
		pcf_sm_policy_delete(pcf, r);
		break;
	default:
		sbi_answer(pcf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void pcf_on_answer(void *self, const struct sbi_answer *a)
{
	nf_on_answer(self, a);
}

struct pcf *pcf_new(const struct pcf_config *config, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { pcf_on_request, pcf_on_answer };
	struct pcf *pcf = calloc(1, sizeof(*pcf));

	if (!pcf)
		return NULL;
	pcf->config = *config;
	nf_init(&pcf->nf, NF_PCF, NULL, &config->plmn, env, bus, &ops);
	return pcf;
}

void pcf_free(struct pcf *pcf)
{
	if (!pcf)
		return;
	nf_fini(&pcf->nf);
	free(pcf);
}

struct nf *pcf_nf(struct pcf *pcf)
{
	return &pcf->nf;
}

void pcf_usage(const struct pcf *pcf, uint64_t *uplink_octets, uint64_t *downlink_octets)
{
	*uplink_octets = pcf->stat[PCF_STAT_UPLINK_OCTETS];
	*downlink_octets = pcf->stat[PCF_STAT_DOWNLINK_OCTETS];
}

static const struct stat_def stat_defs[PCF_STAT_COUNT] = {
	[PCF_STAT_AM_REQ] = { "pa_policy_am_asso_req", "AM policy associations asked for",
		"PA.PolicyAMAssoReq 5.5" },
	[PCF_STAT_AM_SUCC] = { "pa_policy_am_asso_succ", "AM policy associations made",
		"PA.PolicyAMAssoSucc 5.5" },
	[PCF_STAT_SM_REQ] = { "pa_policy_sm_asso_req", "SM policy associations asked for",
		"PA.PolicySMAssoReq 5.5" },
	[PCF_STAT_SM_SUCC] = { "pa_policy_sm_asso_succ", "SM policy associations made",
		"PA.PolicySMAssoSucc 5.5" },
	[PCF_STAT_SM_DELETED] = { "sm_policies_deleted", "SM policy associations that ended" },
	[PCF_STAT_UPLINK_OCTETS] = { "reported_uplink_bytes",
		"volume of ended sessions, as the SMF reports it", NULL, STAT_COUNTER, "bytes" },
	[PCF_STAT_DOWNLINK_OCTETS] = { "reported_downlink_bytes", "the same, downlink", NULL, STAT_COUNTER,
		"bytes" },
};
const struct stat_group pcf_stat_group = { "pcf", stat_defs, PCF_STAT_COUNT };

void pcf_stats(const struct pcf *pcf, struct stats *out)
{
	*out = (struct stats){ &pcf_stat_group, pcf->stat };
}
