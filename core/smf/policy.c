/*
 * Policy decisions of the PCF (29.512 4.2.6): the session rule becomes AMBR and default flow, PCC rules
 * become flows; and what is reported to the PCF.
 */
#include <string.h>

#include "base/ip_filter.h"
#include "core/smf/modification.h"
#include "wire/five_qi.h"

/*
 * 24.501 9.11.4.13: 80 is reserved, and 70 to 99 are for rules that the UE asks for. The default flow has the
 * last.
 */
enum {
	PRECEDENCE_FIRST = 1,
	PRECEDENCE_UE_FIRST = 70,
	PRECEDENCE_RESERVED = 80,
	PRECEDENCE_UE_LAST = 99,
	PRECEDENCE_LAST = 254
};

static bool precedence_taken(const struct smf_session *s, uint32_t value, bool of_ue)
{
	for (uint8_t i = 0; i < s->flows.count; i++)
		if (smf_flow_get(&s->flows, i)->precedence == value)
			return true;
	return value == PRECEDENCE_RESERVED ||
	       (value >= PRECEDENCE_UE_FIRST && value <= PRECEDENCE_UE_LAST && !of_ue);
}

/* The next free one from what the PCC rule has on; before it, if there is none; 0: all are taken. */
static uint8_t precedence_of(const struct smf_session *s, uint32_t wanted)
{
	uint32_t from = wanted < PRECEDENCE_FIRST  ? PRECEDENCE_FIRST
			: wanted > PRECEDENCE_LAST ? PRECEDENCE_LAST
						   : wanted;
	bool of_ue = from >= PRECEDENCE_UE_FIRST && from <= PRECEDENCE_UE_LAST;

	for (uint32_t v = from; v <= PRECEDENCE_LAST; v++)
		if (!precedence_taken(s, v, of_ue))
			return (uint8_t)v;
	for (uint32_t v = from; v >= PRECEDENCE_FIRST; v--)
		if (!precedence_taken(s, v, of_ue))
			return (uint8_t)v;
	return 0;
}

static uint8_t direction_of(enum flow_direction d)
{
	return d == FLOW_DIRECTION_UPLINK     ? NAS_FILTER_UPLINK
	       : d == FLOW_DIRECTION_DOWNLINK ? NAS_FILTER_DOWNLINK
					      : NAS_FILTER_BOTH;
}

/* False for what a packet filter of the UE cannot say: it is refused, never cut. */
static bool take_filter(const struct flow_information *in, struct smf_filter *out)
{
	struct ip_filter f;

	if (!in->flow_description || ip_filter_read(bytes_of_str(in->flow_description), &f) ||
		f.from.is_assigned || f.to.bits || f.from.range_count > 1 || f.to.range_count > 1)
		return false;
	out->direction = direction_of(in->flow_direction);
	out->protocol = f.any_protocol ? 0 : f.protocol;
	out->remote = f.from.ip;
	out->remote_bits = f.from.bits;
	if (f.from.range_count) {
		out->remote_low = f.from.ranges[0].low;
		out->remote_high = f.from.ranges[0].high;
	}
	if (f.to.range_count) {
		out->local_low = f.to.ranges[0].low;
		out->local_high = f.to.ranges[0].high;
	}
	return true;
}

static uint8_t gate_of(enum flow_status status)
{
	switch (status) {
	case FLOW_STATUS_ENABLED_UPLINK:
		return PFCP_GATE_DL_CLOSED;
	case FLOW_STATUS_ENABLED_DOWNLINK:
		return PFCP_GATE_UL_CLOSED;
	case FLOW_STATUS_DISABLED:
	case FLOW_STATUS_REMOVED:
		return PFCP_GATE_DL_CLOSED | PFCP_GATE_UL_CLOSED;
	default:
		return PFCP_GATE_OPEN;
	}
}

static const struct qos_data *qos_of(const struct sm_policy_decision *d, const struct pcc_rule *rule)
{
	for (uint32_t i = 0; rule->ref_qos_data.count > 0 && i < d->qos_decs.count; i++)
		if (!strcmp(d->qos_decs.entries[i].key, rule->ref_qos_data.items[0]))
			return d->qos_decs.entries[i].value;
	return NULL;
}

static const struct traffic_control_data *gate_data_of(
	const struct sm_policy_decision *d, const struct pcc_rule *rule)
{
	for (uint32_t i = 0; rule->ref_tc_data.count > 0 && i < d->traff_cont_decs.count; i++)
		if (!strcmp(d->traff_cont_decs.entries[i].key, rule->ref_tc_data.items[0]))
			return d->traff_cont_decs.entries[i].value;
	return NULL;
}

/* The flow that a PCC rule wants, but for QFI and precedence. FAILURE_CODE_ABSENT: it is one. */
static enum failure_code wanted_flow(const struct sm_policy_decision *d, const struct pcc_rule *rule,
	struct smf_flow *f, struct smf_match *m)
{
	const struct qos_data *qos = qos_of(d, rule);
	const struct traffic_control_data *gate = gate_data_of(d, rule);

	*m = (struct smf_match){ .gate = gate ? gate_of(gate->flow_status) : PFCP_GATE_OPEN };
	if (strlen(rule->pcc_rule_id) >= sizeof(m->pcc_rule_id))
		return FAILURE_CODE_UNK_RULE_ID;
	str_copy(m->pcc_rule_id, sizeof(m->pcc_rule_id), rule->pcc_rule_id);
	if (rule->flow_infos.count == 0)
		return FAILURE_CODE_MISS_FLOW_INFO;
	if (rule->flow_infos.count > SMF_FILTERS_MAX)
		return FAILURE_CODE_FILTER_RES;
	for (uint32_t i = 0; i < rule->flow_infos.count; i++) {
		m->filters[i].id = (uint8_t)(i + 1);
		if (!take_filter(&rule->flow_infos.items[i], &m->filters[i]))
			return FAILURE_CODE_INCOR_FLOW_INFO;
	}
	m->filter_count = (uint8_t)rule->flow_infos.count;
	if (!qos || !qos->five_qi || !qos->arp)
		return FAILURE_CODE_UNSUCC_QOS_VAL;
	*f = (struct smf_flow){
		.five_qi = qos->five_qi, .priority_level = qos->priority_level, .arp = *qos->arp, .match = m
	};
	m->gbr = (struct ambr){ qos->gbr_ul, qos->gbr_dl };
	m->mbr = (struct ambr){ qos->maxbr_ul, qos->maxbr_dl };
	m->notify = qos->qnc;
	m->reflective = qos->reflective_qos;
	m->usage_threshold = smf_usage_threshold(d, rule);
	if (five_qi_is_gbr(f->five_qi) != (m->gbr.uplink_bps || m->gbr.downlink_bps))
		return FAILURE_CODE_UNSUCC_QOS_VAL;
	return FAILURE_CODE_ABSENT;
}

static bool rates_equal(const struct ambr *a, const struct ambr *b)
{
	return a->uplink_bps == b->uplink_bps && a->downlink_bps == b->downlink_bps;
}

static bool arp_equal(const struct arp *a, const struct arp *b)
{
	return a->priority_level == b->priority_level && a->may_preempt == b->may_preempt &&
	       a->preemptable == b->preemptable;
}

/* Who is to be told of what differs. */
static unsigned flow_changes(const struct smf_flow *old, const struct smf_flow *now)
{
	const struct smf_match *a = old->match, *b = now->match;
	unsigned changes = 0;

	if (old->five_qi != now->five_qi || old->priority_level != now->priority_level ||
		!arp_equal(&old->arp, &now->arp) || a->notify != b->notify || a->reflective != b->reflective)
		changes |= FLOW_GNB_OLD;
	if (old->five_qi != now->five_qi || !smf_match_equal(a, b))
		changes |= FLOW_UE_OLD;
	if (!rates_equal(&a->gbr, &b->gbr) || !rates_equal(&a->mbr, &b->mbr))
		changes |= FLOW_GNB_OLD | FLOW_UE_OLD;
	if (a->gate != b->gate || a->usage_threshold != b->usage_threshold || !smf_match_equal(a, b) ||
		changes & FLOW_GNB_OLD)
		changes |= FLOW_UPF_OLD;
	return changes;
}

/* 29.512 4.2.6.5.5: what the PCF wants to hear of when it is there. */
static bool is_to_be_confirmed(const struct sm_policy_decision *d, const char *rule_id)
{
	for (uint32_t i = 0; i < d->last_req_rule_data.count; i++) {
		const struct requested_rule_data *r = &d->last_req_rule_data.items[i];

		for (uint32_t k = 0; k < r->req_data.count; k++)
			for (uint32_t n = 0; r->req_data.items[k] == REQUESTED_RULE_DATA_TYPE_SUCC_RES_ALLO &&
					     n < r->ref_pcc_rule_ids.count;
				n++)
				if (!strcmp(r->ref_pcc_rule_ids.items[n], rule_id))
					return true;
	}
	return false;
}

static enum failure_code take_rule(struct smf *smf, struct smf_session *s, const struct sm_policy_decision *d,
	const struct pcc_rule *rule)
{
	struct smf_flow *old = smf_flows_of_rule(&s->flows, rule->pcc_rule_id);
	const struct smf_flow *alike;
	struct smf_match match;
	struct smf_flow flow;
	enum failure_code code = wanted_flow(d, rule, &flow, &match);

	if (code)
		return code;
	if (s->type == NAS_PDU_UNSTRUCTURED) /* 23.501 5.6.10.3: it has one flow */
		return FAILURE_CODE_MAX_NR_QOS_FLOW;
	smf_flow_mark(&flow, &smf->config);
	match.reflective &= s->reflective;
	match.confirm = is_to_be_confirmed(d, rule->pcc_rule_id);
	/* of other rules' flow it cannot change the QoS: it leaves that flow (23.503 6.1.3.2.4) */
	if (old && smf_flows_is_shared(&s->flows, old) && !smf_flow_alike(old, &flow)) {
		smf_flow_leave(smf, s, old);
		old = NULL;
	}
	if (!smf_guarantee_admit(smf, s, old, &flow))
		return FAILURE_CODE_RES_LIM;
	if (old) {
		smf_guarantee_count(smf, s, old, false);
		flow.at = (uint16_t)(old->at | flow_changes(old, &flow));
		s->n4_again |= (flow.at & FLOW_UPF_OLD) != 0;
		flow.qfi = old->qfi;
		flow.rule_id = old->rule_id;
		flow.precedence = old->precedence;
		flow.marked = old->marked;
		match.uplink_octets = old->match->uplink_octets;
		match.downlink_octets = old->match->downlink_octets;
		match.used = old->match->used;
		*old->match = match;
		flow.match = old->match;
		*old = flow;
		smf_guarantee_count(smf, s, old, true);
		return FAILURE_CODE_ABSENT;
	}
	flow.marked = smf->config.marking_count > 0;
	alike = smf_flows_alike(&s->flows, &flow);
	flow.rule_id = smf_flows_free_id(&s->flows);
	flow.qfi = alike ? alike->qfi : flow.rule_id;
	flow.precedence = precedence_of(s, rule->has_precedence ? rule->precedence : PRECEDENCE_LAST);
	if (!flow.precedence || !smf_flows_add(&s->flows, &flow)) {
		smf->stat[SMF_STAT_FLOWS_REFUSED]++;
		return FAILURE_CODE_MAX_NR_QOS_FLOW;
	}
	smf_guarantee_count(smf, s, &flow, true);
	smf->stat[SMF_STAT_FLOWS]++;
	return FAILURE_CODE_ABSENT;
}

static void take_ambr(struct smf_session *s, const struct ambr *ambr)
{
	if (rates_equal(&s->ambr, ambr))
		return;
	s->ambr = *ambr;
	s->n4_again = true; /* what the UPF was asked before does not confirm it */
	s->ambr_gnb_old = s->ambr_ue_old = s->state >= SM_ACCEPTING;
}

/* The default flow stays what it is, but for its QoS. */
static void take_default(
	const struct smf *smf, struct smf_session *s, const struct authorized_default_qos *qos)
{
	struct smf_flow *f = &s->flows.first;
	uint8_t dscp = f->dscp;

	if (s->flows.count == 0) {
		smf_flows_begin(&s->flows,
			&(const struct default_qos){ qos->five_qi, qos->arp, qos->priority_level });
		smf_flow_mark(f, &smf->config);
		return;
	}
	if (f->five_qi == qos->five_qi && f->priority_level == qos->priority_level &&
		arp_equal(&f->arp, &qos->arp))
		return;
	f->at |= FLOW_GNB_OLD | (f->five_qi != qos->five_qi ? FLOW_UE_OLD : 0);
	f->five_qi = qos->five_qi;
	f->priority_level = qos->priority_level;
	f->arp = qos->arp;
	smf_flow_mark(f, &smf->config);
	f->at |= f->dscp != dscp ? FLOW_UPF_OLD : 0;
	s->n4_again |= f->dscp != dscp;
}

bool smf_policy_take(struct smf *smf, struct smf_session *s, const struct sm_policy_decision *d)
{
	bool good = true;
	/* Of several session rules the first counts. What it leaves out is as before. */
	const struct session_rule *rule = d->sess_rules.count > 0 ? d->sess_rules.entries[0].value : NULL;

	if (rule && rule->auth_sess_ambr)
		take_ambr(s, rule->auth_sess_ambr);
	if (rule && rule->auth_def_qos)
		take_default(smf, s, rule->auth_def_qos);
	for (uint32_t i = 0; i < d->pcc_rules.count; i++) {
		const struct pcc_rule *pcc = d->pcc_rules.entries[i].value;
		struct smf_flow *f = smf_flows_of_rule(&s->flows, d->pcc_rules.entries[i].key);
		enum failure_code code;

		if (!pcc) {
			if (f)
				smf_flow_leave(smf, s, f);
			continue;
		}
		code = take_rule(smf, s, d, pcc);
		good &= code == FAILURE_CODE_ABSENT;
		if (code)
			smf_policy_report_failed(smf, s, d->pcc_rules.entries[i].key, code);
	}
	smf_flows_purge(&s->flows);
	return good;
}

/* The session that a callback of ours stands for; NULL: none, or none that policy matters to any more. */
static struct smf_session *notified_session(struct smf *smf, const char *callback)
{
	struct smf_session *s = NULL;
	struct sbi_callback c;

	if (sbi_callback_open(smf->nf.self, SBI_CALLBACK_SM_POLICY, callback, &c))
		s = smf_session_by_seid(smf, c.context);
	return s && s->state >= SM_ESTABLISHING && s->state <= SM_ESTABLISHED ? s : NULL;
}

/* 29.512 4.2.3.2. What of it fails is reported by an update. */
void smf_policy_notify(struct smf *smf, const struct sbi_request *r)
{
	const struct npcf_sm_policy_notify_req *req = r->body;
	struct smf_session *s = notified_session(smf, req->callback);

	sbi_answer(smf->nf.bus, r->id, s ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
	if (!s || !req->data.sm_policy_decision)
		return;
	may_fail(smf_policy_take(smf, s, req->data.sm_policy_decision));
	if (s->stored)
		smf_session_dirty(smf, s);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
}

/* 29.512 4.2.4.2: another subscription; the PCF says what of it is authorized. */
static void policy_subscribed(struct smf *smf, struct smf_session *s, const struct smf_subscribed *now)
{
	static const enum policy_control_request_trigger triggers[] = {
		POLICY_CONTROL_REQUEST_TRIGGER_SE_AMBR_CH, POLICY_CONTROL_REQUEST_TRIGGER_DEF_QOS_CH
	};
	struct npcf_sm_policy_update_req req = { s->policy_id,
		{ .rep_policy_ctrl_req_triggers = { ARRAY_LEN(triggers), triggers },
			.subs_sess_ambr = &now->ambr,
			.subs_def_qos = &now->qos } };

	sbi_call(smf->nf.self, s->pcf, SBI_PCF_SM_POLICY_UPDATE, &req,
		(struct sbi_token){
			.context = s->seid, .step = SMF_STEP_SUBSCRIPTION, .whose = supi_key(&s->supi) });
}

void smf_subscription_changed(struct smf *smf, const struct supi *supi,
	void (*ask)(void *arg, const struct snssai *snssai, const char *dnn, struct smf_subscribed *out),
	void *arg)
{
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		struct smf_session *s = smf_session_find(smf, supi, id);
		struct smf_subscribed now = { 0 };

		if (!s || s->dnn->emergency) /* one in the making is as it was asked for */
			continue;
		ask(arg, &s->snssai, s->dnn->dnn, &now);
		if (now.cause)
			may_fail(smf_release_session(smf, supi, id, now.cause));
		else if (now.changed && s->policy_id[0])
			policy_subscribed(smf, s, &now);
	}
}

/* A PCF that has no such policy leaves a session that follows nothing: the UE is to ask for it again. */
static void policy_unknown(struct smf *smf, struct smf_session *s)
{
	if (s->state < SM_ACCEPTING || s->state > SM_ESTABLISHED)
		return;
	s->n1_cause = NAS_5GSM_REACTIVATION_REQUESTED;
	smf_session_event(smf, s, SM_EV_RELEASE_COMMAND, NULL);
}

void smf_policy_updated(struct smf *smf, struct smf_session *s, const struct sbi_answer *a)
{
	const struct npcf_sm_policy_update_rsp *rsp = a->body;

	if (a->token.step == SMF_STEP_REQUEST) {
		if (s->modification && s->modification->generation == a->token.generation)
			smf_session_event(smf, s, SM_EV_AUTHORIZED, a);
		return;
	}
	if (a->cause == SBI_CONTEXT_NOT_FOUND && a->token.step == SMF_STEP_SUBSCRIPTION)
		policy_unknown(smf, s);
	if (a->cause != SBI_OK || !rsp || s->state < SM_ESTABLISHING || s->state > SM_ESTABLISHED)
		return;
	may_fail(smf_policy_take(smf, s, &rsp->data));
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
}
