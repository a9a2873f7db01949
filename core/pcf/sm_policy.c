/*
 * Npcf_SMPolicyControl, 29.512 4.2.
 *
 *   SMF -> PCF  POST sm-policies        4.2.2: what was subscribed, as far as the DNN's rule lets it, PCC
 * rules SMF -> PCF  POST ../update          4.2.4: other subscription, rules that failed, what a UE asks for
 *   PCF -> SMF  POST {uri}/update       4.2.3: PCC rules of operators come and go
 *   SMF -> PCF  POST ../delete          4.2.5: with the volumes that were used
 */
#include <stdio.h>
#include <string.h>

#include "base/prefix.h"
#include "core/pcf/internal.h"

static void take_subscribed(struct pcf_association *a, const struct ambr *ambr, const struct default_qos *qos)
{
	if (ambr) {
		a->has_ambr = true;
		a->ambr = *ambr;
	}
	if (qos) {
		a->has_qos = true;
		a->qos = *qos;
	}
}

/* It ends, and with it the sessions of applications. */
static void association_end(struct pcf *pcf, const struct pcf_association *a)
{
	struct pcf_application app;

	for (uint8_t n = 1; n <= PCF_APPLICATIONS_MAX; n++)
		if (a->applications >> (n - 1) & 1 && pcf_application_of(pcf, a, n, &app))
			pcf_application_terminate(pcf, &app, TERMINATION_CAUSE_PDU_SESSION_TERMINATION);
	pcf_unbind(pcf, a);
	pcf_association_delete(pcf, a);
}

/* As text of a prefix: the SMF gives each session a /64. */
static struct ip prefix_of_ue(const char *text)
{
	struct prefix prefix;

	return text && prefix_parse(text, &prefix) && ip_family(prefix.ip) == IP_FAMILY_V6
		       ? (struct ip){ prefix.ip.high, 0 }
		       : IP_NONE;
}

void pcf_sm_policy_create(struct pcf *pcf, const struct sbi_request *r)
{
	const struct sm_policy_context_data *req = &((const struct npcf_sm_policy_create_req *)r->body)->data;
	struct pcf_association a = { .supi = req->supi,
		.pdu_session_id = req->pdu_session_id,
		.instance = env_random_u32(pcf->nf.env),
		.ipv4 = req->ipv4_address ? ip_from_v4(req->ipv4_address) : IP_NONE,
		.ipv6 = prefix_of_ue(req->ipv6_address_prefix),
		.snssai = req->slice_info };
	struct pcf_association before;
	struct pcf_decision d;
	char policy_id[POLICY_ID_SIZE];
	struct npcf_sm_policy_create_rsp rsp;

	pcf->stat[PCF_STAT_SM_REQ]++;
	str_copy(a.dnn, sizeof(a.dnn), req->dnn);
	sbi_peer_print(pcf->nf.bus, r->from, a.smf);
	if (!req->notification_uri || !sbi_callback_segment(req->notification_uri, a.callback))
		a.callback[0] = '\0';
	take_subscribed(&a, req->subs_sess_ambr, req->subs_def_qos);
	pcf_configured_flows(pcf, &a);
	if (pcf_association_of(pcf, &a.supi, a.pdu_session_id, &before)) /* which has been replaced */
		association_end(pcf, &before);
	pcf_decision_begin(&d);
	pcf_decision_session(pcf, &d, &a);
	for (uint8_t i = 0; i < a.flow_count; i++)
		pcf_decision_flow(&d, &a.flows[i]);
	if (!pcf_association_put(pcf, &a)) {
		sbi_answer(pcf->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
		return;
	}
	pcf_bind(pcf, &a);
	pcf_association_name(&a, policy_id);
	pcf->stat[PCF_STAT_SM_SUCC]++;
	rsp = (struct npcf_sm_policy_create_rsp){ policy_id, d.data };
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

/* The flow that a report names; -1: none. */
static int reported(const struct pcf_association *a, const char *name)
{
	for (uint8_t i = 0; i < a->flow_count; i++)
		if (!strcmp(a->flows[i].name, name))
			return i;
	return -1;
}

static void set_of(const struct pcf_association *a, const struct text_list *names, struct pcf_flow_set *set)
{
	for (uint32_t k = 0; k < names->count; k++) {
		int i = reported(a, names->items[k]);

		if (i >= 0)
			set->which[i] = true;
	}
}

/* 4.2.4.15: what the SMF could not install, or has lost, is in force no more; what it was to confirm is. */
static void take_reports(struct pcf *pcf, struct pcf_association *a, const struct rule_report_list *list)
{
	struct pcf_flow_set there = { 0 }, failed = { 0 };

	for (uint32_t i = 0; i < list->count; i++) {
		const struct rule_report *report = &list->items[i];

		if (report->rule_status == RULE_STATUS_ACTIVE)
			set_of(a, &report->pcc_rule_ids, &there);
		else if (report->rule_status == RULE_STATUS_INACTIVE)
			set_of(a, &report->pcc_rule_ids, &failed);
	}
	pcf_application_tell(pcf, a, PCF_EVENT_ALLOCATED, &there, true);
	pcf_application_tell(pcf, a, PCF_EVENT_FAILED, &failed, false);
	for (uint8_t i = a->flow_count; i-- > 0;) {
		if (!failed.which[i])
			continue;
		pcf->stat[PCF_STAT_FLOWS_FAILED]++;
		log_info(pcf->nf.env->log, "imsi-%s: PDU session %u: flow \"%s\" could not be had",
			a->supi.imsi, a->pdu_session_id, a->flows[i].name);
		pcf_association_drop_at(a, i);
	}
}

/* 4.2.4.20: whether what is guaranteed is there. */
static void take_notices(struct pcf *pcf, const struct pcf_association *a,
	const struct qos_notification_control_info_list *list)
{
	for (uint32_t i = 0; i < list->count; i++) {
		struct pcf_flow_set set = { 0 };

		set_of(a, &list->items[i].ref_pcc_rule_ids, &set);
		pcf_application_tell(
			pcf, a, PCF_EVENT_QOS, &set, list->items[i].notif_type == QOS_NOTIF_TYPE_GUARANTEED);
	}
}

/* 29.512 4.2.4.10: by the flow that is monitored. */
static void take_usage(
	struct pcf *pcf, struct pcf_association *a, const struct accu_usage_report_list *reports)
{
	for (uint32_t i = 0; i < reports->count; i++) {
		const struct accu_usage_report *r = &reports->items[i];
		const struct pcf_flow *f = r->ref_um_ids ? pcf_association_flow(a, r->ref_um_ids) : NULL;

		if (f && f->application)
			pcf_application_used(pcf, a, f->application, r->vol_usage);
	}
}

void pcf_sm_policy_update(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_sm_policy_update_req *req = r->body;
	struct npcf_sm_policy_update_rsp rsp;
	struct pcf_association a;
	struct pcf_decision d;
	enum sbi_cause cause;

	pcf->stat[PCF_STAT_SM_UPDATE_REQ]++;
	if (!pcf_association_named(pcf, req->policy_id, &a)) {
		sbi_answer(pcf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	take_subscribed(&a, req->data.subs_sess_ambr, req->data.subs_def_qos);
	take_notices(pcf, &a, &req->data.qnc_reports);
	take_reports(pcf, &a, &req->data.rule_reports);
	take_usage(pcf, &a, &req->data.accu_usage_reports);
	pcf_applications_without_flows(pcf, &a);
	pcf_decision_begin(&d);
	if (req->data.subs_sess_ambr || req->data.subs_def_qos)
		pcf_decision_session(pcf, &d, &a);
	cause = req->data.ue_init_res_req ? pcf_ue_request(pcf, &a, req->data.ue_init_res_req, &d) : SBI_OK;
	pcf->stat[PCF_STAT_UE_REFUSED] += cause != SBI_OK;
	if (cause == SBI_OK && !pcf_association_put(pcf, &a))
		cause = SBI_INSUFFICIENT_RESOURCES;
	if (cause != SBI_OK) {
		sbi_answer(pcf->nf.bus, r->id, cause, NULL);
		return;
	}
	pcf->stat[PCF_STAT_SM_UPDATE_SUCC]++;
	rsp.data = d.data;
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

void pcf_sm_policy_delete(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_sm_policy_delete_req *req = r->body;
	const struct accu_usage_report_list *reports = &req->data.accu_usage_reports;
	struct pcf_association a;

	pcf->stat[PCF_STAT_SM_DELETED]++;
	for (uint32_t i = 0; i < reports->count; i++) {
		pcf->stat[PCF_STAT_UPLINK_OCTETS] += reports->items[i].vol_usage_uplink;
		pcf->stat[PCF_STAT_DOWNLINK_OCTETS] += reports->items[i].vol_usage_downlink;
	}
	if (pcf_association_named(pcf, req->policy_id, &a))
		association_end(pcf, &a);
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, NULL);
}

void pcf_sm_policy_notify(struct pcf *pcf, const struct pcf_association *a, const struct pcf_decision *d)
{
	char policy_id[POLICY_ID_SIZE], uri[SBI_URI_SIZE];
	struct npcf_sm_policy_notify_req req = { a->callback, { uri, &d->data } };
	struct sbi_token token = {
		.context = supi_key(&a->supi), .generation = a->instance, .step = a->pdu_session_id
	};

	token.whose = token.context;
	pcf->stat[PCF_STAT_SM_NOTIFY_REQ]++;
	pcf_association_name(a, policy_id);
	snprintf(uri, sizeof(uri), "/npcf-smpolicycontrol/v1/sm-policies/%s", policy_id);
	sbi_call(pcf->nf.self, sbi_peer_read(pcf->nf.bus, a->smf), SBI_SMF_SM_POLICY_NOTIFY, &req, token);
}

/* 4.2.3.2: taken; or it has no such session any more. What of it failed comes with an update. */
void pcf_sm_policy_notified(struct pcf *pcf, const struct sbi_answer *a)
{
	pcf->stat[PCF_STAT_SM_NOTIFY_SUCC] += a->cause == SBI_OK;
}

/* The session that the order means. */
static bool order_session(struct pcf *pcf, const struct pcf_order *o, struct pcf_association *a)
{
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++)
		if ((!o->pdu_session_id || o->pdu_session_id == id) &&
			pcf_association_of(pcf, &o->supi, id, a) && (!o->dnn[0] || dnn_equal(o->dnn, a->dnn)))
			return true;
	return false;
}

static bool refuse(char error[PCF_ERROR_SIZE], const char *text)
{
	str_copy(error, PCF_ERROR_SIZE, text);
	return false;
}

bool pcf_flow_add(struct pcf *pcf, const struct pcf_order *o, char error[PCF_ERROR_SIZE])
{
	struct pcf_association a;
	struct pcf_decision d;
	struct pcf_flow *f;

	if (!order_session(pcf, o, &a))
		return refuse(error, "the subscriber has no such session");
	f = pcf_association_flow(&a, o->flow.name);
	if (f && f->origin == PCF_FROM_APPLICATION)
		return refuse(error, "the flow of that name is an application's, which alone changes it");
	if (!f && a.flow_count == PCF_FLOWS_MAX)
		return refuse(error, "the session has as many flows as there may be");
	if (!f)
		f = &a.flows[a.flow_count++];
	*f = o->flow;
	if (!pcf_association_put(pcf, &a))
		return refuse(error, "the store refuses the change: is the disk full?");
	pcf->stat[PCF_STAT_FLOWS_ADDED]++;
	pcf_decision_begin(&d);
	pcf_decision_flow(&d, f);
	pcf_sm_policy_notify(pcf, &a, &d);
	return true;
}

bool pcf_flow_remove(struct pcf *pcf, const struct pcf_order *o, char error[PCF_ERROR_SIZE])
{
	struct pcf_association a;
	struct pcf_decision d;

	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		if ((o->pdu_session_id && o->pdu_session_id != id) ||
			!pcf_association_of(pcf, &o->supi, id, &a) ||
			(o->dnn[0] && !dnn_equal(o->dnn, a.dnn)) || !pcf_association_drop(&a, o->flow.name))
			continue;
		pcf_applications_without_flows(pcf, &a);
		if (!pcf_association_put(pcf, &a))
			return refuse(error, "the store refuses the change: is the disk full?");
		pcf->stat[PCF_STAT_FLOWS_REMOVED]++;
		pcf_decision_begin(&d);
		pcf_decision_remove(&d, o->flow.name);
		pcf_sm_policy_notify(pcf, &a, &d);
		return true;
	}
	return refuse(error, "no session of the subscriber has a flow of that name");
}
