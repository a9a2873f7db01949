/* What is reported to the PCF by Npcf_SMPolicyControl_Update (29.512 4.2.4): rules that failed, that are
 * there, and whether what they guarantee is met. */
#include <string.h>

#include "core/smf/modification.h"

static bool is_there(const struct smf_flow *f)
{
	return !f->leaving && (f->at & (FLOW_AT_GNB | FLOW_AT_UE)) == (FLOW_AT_GNB | FLOW_AT_UE) &&
	       !(f->at & (FLOW_GNB_ASKED | FLOW_UE_ASKED | FLOW_GNB_OLD | FLOW_UE_OLD));
}

void smf_policy_confirm(struct smf *smf, struct smf_session *s)
{
	static const enum policy_control_request_trigger trigger =
		POLICY_CONTROL_REQUEST_TRIGGER_SUCC_RES_ALLO;
	const char *rules[SMF_FLOWS_MAX];
	struct rule_report report = { .pcc_rule_ids = { 0, rules }, .rule_status = RULE_STATUS_ACTIVE };
	struct npcf_sm_policy_update_req req = { s->policy_id,
		{ .rep_policy_ctrl_req_triggers = { 1, &trigger }, .rule_reports = { 1, &report } } };

	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (!f->match->confirm || !is_there(f))
			continue;
		f->match->confirm = false;
		rules[report.pcc_rule_ids.count++] = f->match->pcc_rule_id;
	}
	if (report.pcc_rule_ids.count == 0 || !s->policy_id[0])
		return;
	smf_session_dirty(smf, s);
	sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
		(struct sbi_token){ .context = s->seid, .whose = supi_key(&s->supi) });
}

/* 29.512 4.2.4.15, by Npcf_SMPolicyControl_Update. */
void smf_policy_report_failed(
	struct smf *smf, struct smf_session *s, const char *rule_id, enum failure_code code)
{
	struct rule_report report = {
		.pcc_rule_ids = { 1, &rule_id }, .rule_status = RULE_STATUS_INACTIVE, .failure_code = code
	};
	struct npcf_sm_policy_update_req req = { s->policy_id, { .rule_reports = { 1, &report } } };

	if (s->policy_id[0])
		sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
			(struct sbi_token){ .context = s->seid, .whose = supi_key(&s->supi) });
}

/* 29.512 4.2.6.2.5: of the rule's total volume; 0: it is not monitored. */
uint64_t smf_usage_threshold(const struct sm_policy_decision *d, const struct pcc_rule *rule)
{
	for (uint32_t i = 0; rule->ref_um_data.count > 0 && i < d->um_decs.count; i++)
		if (!strcmp(d->um_decs.entries[i].key, rule->ref_um_data.items[0]) &&
			d->um_decs.entries[i].value)
			return d->um_decs.entries[i].value->volume_threshold;
	return 0;
}

/* 29.512 4.2.4.10 */
void smf_policy_used(struct smf *smf, struct smf_session *s, struct smf_flow *f)
{
	static const enum policy_control_request_trigger trigger = POLICY_CONTROL_REQUEST_TRIGGER_US_RE;
	struct accu_usage_report usage = {
		.ref_um_ids = f->match->pcc_rule_id, .has_vol_usage = true, .vol_usage = f->match->used
	};
	struct npcf_sm_policy_update_req req = { s->policy_id,
		{ .rep_policy_ctrl_req_triggers = { 1, &trigger }, .accu_usage_reports = { 1, &usage } } };

	f->match->used = 0;
	if (s->policy_id[0])
		sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
			(struct sbi_token){ .context = s->seid, .whose = supi_key(&s->supi) });
}

void smf_policy_notice(struct smf *smf, struct smf_session *s, const struct smf_flow *f, bool fulfilled)
{
	static const enum policy_control_request_trigger trigger = POLICY_CONTROL_REQUEST_TRIGGER_QOS_NOTIF;
	const char *rule = f->match->pcc_rule_id;
	struct qos_notification_control_info info = { { 1, &rule },
		fulfilled ? QOS_NOTIF_TYPE_GUARANTEED : QOS_NOTIF_TYPE_NOT_GUARANTEED };
	struct npcf_sm_policy_update_req req = { s->policy_id,
		{ .rep_policy_ctrl_req_triggers = { 1, &trigger }, .qnc_reports = { 1, &info } } };

	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: the GFBR of rule \"%s\" is %s", s->supi.imsi,
		s->pdu_session_id, rule, fulfilled ? "met again" : "not met");
	if (s->policy_id[0])
		sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
			(struct sbi_token){ .context = s->seid, .whose = supi_key(&s->supi) });
}

void smf_flow_fail(struct smf *smf, struct smf_session *s, struct smf_flow *f, enum failure_code code)
{
	if (!f->match || f->leaving)
		return;
	smf_flow_leave(smf, s, f);
	smf->stat[SMF_STAT_FLOWS_FAILED]++;
	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: flow %u of rule \"%s\" could not be had",
		s->supi.imsi, s->pdu_session_id, f->qfi, f->match->pcc_rule_id);
	smf_policy_report_failed(smf, s, f->match->pcc_rule_id, code);
}
