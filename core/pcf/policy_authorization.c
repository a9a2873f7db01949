/*
 * Npcf_PolicyAuthorization, 29.514 4.2: an application asks for QoS of its flows.
 *
 *   AF -> PCF    POST app-sessions               4.2.2: bound to a PDU session by the UE's address; PCC rules
 *   PCF -> SMF   Npcf_SMPolicyControl_UpdateNotify
 *   AF -> PCF    PATCH ../{id}                   4.2.3: other media, another subscription
 *   AF -> PCF    PUT, DELETE ../{id}/events-subscription     4.2.6, 4.2.7
 *   AF -> PCF    POST ../{id}/delete             4.2.4
 */
#include <string.h>

#include "base/text.h"
#include "core/pcf/internal.h"

static uint8_t events_of(const struct af_event_subscription_list *list)
{
	uint8_t events = 0;

	for (uint32_t i = 0; i < list->count; i++) {
		enum af_event e = list->items[i].event;

		events |= (uint8_t)(e == AF_EVENT_QOS_NOTIF                         ? PCF_EVENT_QOS
				    : e == AF_EVENT_FAILED_RESOURCES_ALLOCATION     ? PCF_EVENT_FAILED
				    : e == AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION ? PCF_EVENT_ALLOCATED
				    : e == AF_EVENT_USAGE_REPORT                    ? PCF_EVENT_USAGE
										    : 0);
	}
	return events;
}

/* 4.2.6: without an URI of its own to that of the session. Of usage the total volume counts; without one
 * nothing is reported of it. */
static void subscribe(struct pcf_application *app, const struct af_event_subscription_list *events,
	const char *uri, uint64_t total_octets)
{
	app->events = events_of(events);
	app->usage_threshold = app->events & PCF_EVENT_USAGE ? total_octets : 0;
	if (!uri || !sbi_callback_segment(uri, app->events_callback))
		str_copy(app->events_callback, sizeof(app->events_callback), app->callback);
}

static uint64_t total_of(const struct usage_threshold *t)
{
	return t && t->has_total_volume ? t->total_volume : 0;
}

static uint64_t total_of_rm(const struct usage_threshold_rm *t)
{
	return t && t->has_total_volume ? t->total_volume : 0;
}

/* Each of its flows reports its part of the threshold, so that together they do not pass it unseen. */
static void monitor(struct pcf_association *a, const struct pcf_application *app)
{
	uint64_t flows = 0, part;

	for (uint8_t i = 0; i < a->flow_count; i++)
		flows += a->flows[i].application == app->number;
	part = flows ? (app->usage_threshold + flows - 1) / flows : 0;
	for (uint8_t i = 0; i < a->flow_count; i++) {
		struct pcf_flow *f = &a->flows[i];

		if (f->application != app->number || f->usage_threshold == part)
			continue;
		f->usage_threshold = part;
		f->touched = true;
	}
}

/* A component of a request that makes a session is one that changes nothing else. */
static enum sbi_cause take_new(const struct pcf *pcf, struct pcf_association *a, struct pcf_decision *d,
	uint8_t application, const struct media_component *m)
{
	struct media_sub_component_rm subs[PCF_FLOWS_MAX];
	struct media_component_rm_med_sub_comps_entry entries[PCF_FLOWS_MAX];
	struct media_component_rm rm = { .med_comp_n = m->med_comp_n,
		.f_status = m->f_status,
		.has_mar_bw_dl = m->has_mar_bw_dl,
		.mar_bw_dl = m->mar_bw_dl,
		.has_mar_bw_ul = m->has_mar_bw_ul,
		.mar_bw_ul = m->mar_bw_ul,
		.has_mir_bw_dl = m->has_mir_bw_dl,
		.mir_bw_dl = m->mir_bw_dl,
		.has_mir_bw_ul = m->has_mir_bw_ul,
		.mir_bw_ul = m->mir_bw_ul,
		.med_sub_comps = { m->med_sub_comps.count, entries },
		.med_type = m->med_type,
		.preempt_cap = m->preempt_cap,
		.preempt_vuln = m->preempt_vuln,
		.res_prio = m->res_prio };

	if (m->med_sub_comps.count > PCF_FLOWS_MAX)
		return SBI_INSUFFICIENT_RESOURCES;
	for (uint32_t i = 0; i < m->med_sub_comps.count; i++) {
		const struct media_sub_component *s = &m->med_sub_comps.entries[i].value;

		subs[i] = (struct media_sub_component_rm){ s->f_num, s->f_descs, s->f_status,
			s->has_mar_bw_dl, s->mar_bw_dl, s->has_mar_bw_ul, s->mar_bw_ul };
		entries[i] = (struct media_component_rm_med_sub_comps_entry){ m->med_sub_comps.entries[i].key,
			&subs[i] };
	}
	return pcf_media_take(pcf, a, d, application, &rm);
}

/* A free number among those of the session; 0: none. */
static uint8_t free_number(const struct pcf_association *a)
{
	for (uint8_t n = 1; n <= PCF_APPLICATIONS_MAX; n++)
		if (!(a->applications >> (n - 1) & 1))
			return n;
	return 0;
}

/* Both records; with room for neither the turn is doomed, and the answer does not leave. */
static enum sbi_cause keep(
	struct pcf *pcf, const struct pcf_association *a, const struct pcf_application *app)
{
	return pcf_association_put(pcf, a) && pcf_application_put(pcf, app) ? SBI_OK
									    : SBI_INSUFFICIENT_RESOURCES;
}

static void push(
	struct pcf *pcf, struct pcf_association *a, const struct pcf_application *app, struct pcf_decision *d)
{
	pcf_decision_touched(d, a, app->events & PCF_EVENT_ALLOCATED);
	if (d->data.pcc_rules.count > 0)
		pcf_sm_policy_notify(pcf, a, d);
}

static enum sbi_cause create(struct pcf *pcf, const struct sbi_request *r,
	const struct app_session_context_req_data *q, struct pcf_application *app)
{
	struct pcf_association a;
	struct pcf_decision d;
	enum sbi_cause cause = SBI_OK;

	if (!pcf_bound(pcf, q, &a)) {
		pcf->stat[PCF_STAT_APP_UNBOUND]++;
		return SBI_PDU_SESSION_NOT_AVAILABLE;
	}
	*app = (struct pcf_application){ .supi = a.supi,
		.pdu_session_id = a.pdu_session_id,
		.number = free_number(&a),
		.instance = env_random_u32(pcf->nf.env) };
	if (!app->number)
		return SBI_INSUFFICIENT_RESOURCES;
	if (q->med_components.count == 0)
		return SBI_INVALID_SERVICE_INFORMATION;
	sbi_peer_print(pcf->nf.bus, r->from, app->af);
	if (!sbi_callback_segment(q->notif_uri, app->callback))
		return SBI_MANDATORY_IE_INCORRECT;
	if (q->ev_subsc)
		subscribe(
			app, &q->ev_subsc->events, q->ev_subsc->notif_uri, total_of(q->ev_subsc->usg_thres));
	pcf_decision_begin(&d);
	for (uint32_t i = 0; cause == SBI_OK && i < q->med_components.count; i++)
		cause = take_new(pcf, &a, &d, app->number, &q->med_components.entries[i].value);
	if (cause != SBI_OK)
		return cause;
	a.applications |= (uint8_t)(1u << (app->number - 1));
	monitor(&a, app);
	cause = keep(pcf, &a, app);
	if (cause == SBI_OK)
		push(pcf, &a, app, &d);
	return cause;
}

void pcf_app_session_create(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_app_session_create_req *req = r->body;
	struct app_session_context_resp_data data = { .supp_feat = "0" };
	char name[APP_SESSION_ID_SIZE];
	struct npcf_app_session_create_rsp rsp = { name, { .asc_resp_data = &data } };
	struct pcf_application app;
	enum sbi_cause cause;

	pcf->stat[PCF_STAT_APP_CREATE_REQ]++;
	cause = req->data.asc_req_data ? create(pcf, r, req->data.asc_req_data, &app)
				       : SBI_MANDATORY_IE_MISSING;
	if (cause != SBI_OK) {
		sbi_answer(pcf->nf.bus, r->id, cause, NULL);
		return;
	}
	pcf->stat[PCF_STAT_APP_CREATE_SUCC]++;
	pcf_application_name(&app, name);
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, &rsp);
}

/* null takes away the component whose number is the key (RFC 7396). */
static enum sbi_cause take_entry(const struct pcf *pcf, struct pcf_association *a, struct pcf_decision *d,
	uint8_t application, const char *key, const struct media_component_rm *m)
{
	struct media_component_rm gone = { .f_status = FLOW_STATUS_REMOVED };
	uint64_t n;

	if (m)
		return pcf_media_take(pcf, a, d, application, m);
	if (!text_uint(bytes_of_str(key), UINT32_MAX, &n))
		return SBI_INVALID_SERVICE_INFORMATION;
	gone.med_comp_n = (uint32_t)n;
	return pcf_media_take(pcf, a, d, application, &gone);
}

static enum sbi_cause update(struct pcf *pcf, const struct npcf_app_session_update_req *req)
{
	const struct app_session_context_update_data *q = req->data.asc_req_data;
	struct pcf_application app;
	struct pcf_association a;
	struct pcf_decision d;
	enum sbi_cause cause = SBI_OK;

	if (!pcf_application_named(pcf, req->app_session_id, &app, &a))
		return SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND;
	pcf_decision_begin(&d);
	if (q && q->ev_subsc)
		subscribe(&app, &q->ev_subsc->events, q->ev_subsc->notif_uri,
			total_of_rm(q->ev_subsc->usg_thres));
	for (uint32_t i = 0; q && cause == SBI_OK && i < q->med_components.count; i++) {
		const struct app_session_context_update_data_med_components_entry *e =
			&q->med_components.entries[i];

		cause = take_entry(pcf, &a, &d, app.number, e->key, e->value);
	}
	monitor(&a, &app);
	if (cause == SBI_OK)
		cause = keep(pcf, &a, &app);
	if (cause == SBI_OK)
		push(pcf, &a, &app, &d);
	return cause;
}

/* What is monitored changes with the subscription. */
static enum sbi_cause subscribed(
	struct pcf *pcf, struct pcf_association *a, const struct pcf_application *app)
{
	struct pcf_decision d;
	enum sbi_cause cause;

	monitor(a, app);
	cause = keep(pcf, a, app);
	pcf_decision_begin(&d);
	if (cause == SBI_OK)
		push(pcf, a, app, &d);
	return cause;
}

void pcf_app_session_update(struct pcf *pcf, const struct sbi_request *r)
{
	struct app_session_context_resp_data data = { .supp_feat = "0" };
	struct npcf_app_session_update_rsp rsp = { { .asc_resp_data = &data } };
	enum sbi_cause cause;

	pcf->stat[PCF_STAT_APP_UPDATE_REQ]++;
	cause = update(pcf, r->body);
	pcf->stat[PCF_STAT_APP_UPDATE_SUCC] += cause == SBI_OK;
	sbi_answer(pcf->nf.bus, r->id, cause, cause == SBI_OK ? &rsp : NULL);
}

void pcf_app_session_delete(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_app_session_delete_req *req = r->body;
	struct pcf_application app;
	struct pcf_association a;
	struct pcf_decision d;

	if (!pcf_application_named(pcf, req->app_session_id, &app, &a)) {
		sbi_answer(pcf->nf.bus, r->id, SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	pcf_decision_begin(&d);
	may_fail(pcf_media_drop(&a, &d, app.number, 0)); /* a new decision has room for all */
	a.applications &= (uint8_t)~(1u << (app.number - 1));
	if (!pcf_association_put(pcf, &a)) {
		sbi_answer(pcf->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
		return;
	}
	pcf_application_delete(pcf, &app);
	pcf->stat[PCF_STAT_APP_DELETED]++;
	push(pcf, &a, &app, &d);
	sbi_answer(pcf->nf.bus, r->id, SBI_OK, NULL);
}

void pcf_app_session_subscribe(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_app_session_subscribe_req *req = r->body;
	enum sbi_cause cause = SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND;
	struct pcf_application app;
	struct pcf_association a;

	if (pcf_application_named(pcf, req->app_session_id, &app, &a)) {
		subscribe(&app, &req->data.events, req->data.notif_uri, total_of(req->data.usg_thres));
		cause = subscribed(pcf, &a, &app);
	}
	sbi_answer(pcf->nf.bus, r->id, cause, NULL);
}

void pcf_app_session_unsubscribe(struct pcf *pcf, const struct sbi_request *r)
{
	const struct npcf_app_session_unsubscribe_req *req = r->body;
	enum sbi_cause cause = SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND;
	struct pcf_application app;
	struct pcf_association a;

	if (pcf_application_named(pcf, req->app_session_id, &app, &a)) {
		app.events = 0;
		app.usage_threshold = 0;
		cause = subscribed(pcf, &a, &app);
	}
	sbi_answer(pcf->nf.bus, r->id, cause, NULL);
}
