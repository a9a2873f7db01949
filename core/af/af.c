/*
 * Npcf_PolicyAuthorization (29.514 4.2), the consumer's side.
 *
 *   operator   AF                     PCF
 *   |-- order ->|-- POST app-sessions ->|        by the UE's address
 *   |<- name ---|<- 201 ----------------|
 *   |           |<- notify, terminate --|        4.2.5: events of the subscriber (`freehold why`)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/af/af.h"

#define LOG_ROOM "af"

struct af {
	struct nf nf;
	struct af_answer answer;
	uint64_t stat[AF_STAT_COUNT];
};

/* A media component as it is sent, with what it points to: each filter is a set of flows, both ways. */
struct component {
	struct media_component_rm media;
	char texts[AF_FILTERS_MAX][2][IP_FILTER_TEXT_MAX];
	const char *descriptions[AF_FILTERS_MAX][2];
	struct media_sub_component_rm subs[AF_FILTERS_MAX];
	struct media_component_rm_med_sub_comps_entry entries[AF_FILTERS_MAX];
	char keys[AF_FILTERS_MAX + 1][4];
};

/* The same packets, the other way: "permit in", from the UE (29.514 5.3.8). */
static bool mirror(const struct ip_filter *f, char out[IP_FILTER_TEXT_MAX])
{
	struct ip_filter turned = *f;
	char towards[IP_FILTER_TEXT_MAX];
	struct writer w = writer_of((uint8_t *)towards, sizeof(towards) - 1);

	turned.from = f->to;
	turned.to = f->from;
	if (!ip_filter_write(&turned, &w))
		return false;
	towards[w.len] = '\0';
	return snprintf(out, IP_FILTER_TEXT_MAX, "permit in%s", towards + strlen("permit out")) <
	       IP_FILTER_TEXT_MAX;
}

static bool describe(const struct ip_filter *f, char texts[2][IP_FILTER_TEXT_MAX])
{
	struct writer w = writer_of((uint8_t *)texts[0], IP_FILTER_TEXT_MAX - 1);

	if (!ip_filter_write(f, &w))
		return false;
	texts[0][w.len] = '\0';
	return mirror(f, texts[1]);
}

/* False: a filter is too long to be sent. */
static bool component_of(const struct af_order *o, struct component *c)
{
	c->media = (struct media_component_rm){ .med_comp_n = o->component,
		.f_status = o->gate,
		.med_type = o->media,
		.res_prio = o->priority,
		.preempt_cap = o->preempt,
		.preempt_vuln = o->preemptable,
		.has_mar_bw_ul = o->bandwidth.uplink_bps != 0,
		.mar_bw_ul = o->bandwidth.uplink_bps,
		.has_mar_bw_dl = o->bandwidth.downlink_bps != 0,
		.mar_bw_dl = o->bandwidth.downlink_bps,
		.has_mir_bw_ul = o->least.uplink_bps != 0,
		.mir_bw_ul = o->least.uplink_bps,
		.has_mir_bw_dl = o->least.downlink_bps != 0,
		.mir_bw_dl = o->least.downlink_bps,
		.med_sub_comps = { o->filter_count, c->entries } };
	snprintf(c->keys[AF_FILTERS_MAX], sizeof(c->keys[0]), "%u", o->component);
	for (uint8_t i = 0; i < o->filter_count; i++) {
		if (!describe(&o->filters[i], c->texts[i]))
			return false;
		c->descriptions[i][0] = c->texts[i][0];
		c->descriptions[i][1] = c->texts[i][1];
		c->subs[i] = (struct media_sub_component_rm){ .f_num = i + 1u,
			.f_descs = { 2, c->descriptions[i] } };
		snprintf(c->keys[i], sizeof(c->keys[0]), "%u", i + 1u);
		c->entries[i] = (struct media_component_rm_med_sub_comps_entry){ c->keys[i], &c->subs[i] };
	}
	return true;
}

/* The same as one of a request that makes a session. */
static void new_component(const struct component *c, struct media_component *m,
	struct media_component_med_sub_comps_entry entries[AF_FILTERS_MAX])
{
	const struct media_component_rm *from = &c->media;

	*m = (struct media_component){ .med_comp_n = from->med_comp_n,
		.f_status = from->f_status,
		.has_mar_bw_dl = from->has_mar_bw_dl,
		.mar_bw_dl = from->mar_bw_dl,
		.has_mar_bw_ul = from->has_mar_bw_ul,
		.mar_bw_ul = from->mar_bw_ul,
		.has_mir_bw_dl = from->has_mir_bw_dl,
		.mir_bw_dl = from->mir_bw_dl,
		.has_mir_bw_ul = from->has_mir_bw_ul,
		.mir_bw_ul = from->mir_bw_ul,
		.med_sub_comps = { from->med_sub_comps.count, entries },
		.med_type = from->med_type,
		.preempt_cap = from->preempt_cap,
		.preempt_vuln = from->preempt_vuln,
		.res_prio = from->res_prio };
	for (uint32_t i = 0; i < from->med_sub_comps.count; i++)
		entries[i] = (struct media_component_med_sub_comps_entry){ c->keys[i],
			{ .f_num = c->subs[i].f_num, .f_descs = c->subs[i].f_descs } };
}

static void call(struct af *af, enum sbi_op_id op, const void *req, uint64_t whose)
{
	af->stat[AF_STAT_ASKED]++;
	af->answer = (struct af_answer){ .cause = SBI_CAUSE_COUNT };
	nf_call(&af->nf, op, req, (struct sbi_token){ .context = whose, .whose = whose });
}

void af_create(struct af *af, const struct af_order *o, const struct af_target *t)
{
	static const struct af_event_subscription events[] = { { AF_EVENT_QOS_NOTIF, 0 },
		{ AF_EVENT_FAILED_RESOURCES_ALLOCATION, 0 }, { AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION, 0 },
		{ AF_EVENT_USAGE_REPORT, 0 } };
	const struct usage_threshold usage = { .has_total_volume = true, .total_volume = o->usage };
	const struct events_subsc_req_data subscription = {
		.events = { ARRAY_LEN(events) - !o->usage, events }, .usg_thres = o->usage ? &usage : NULL
	};
	struct media_component_med_sub_comps_entry subs[AF_FILTERS_MAX];
	struct app_session_context_req_data_med_components_entry entry;
	char uri[SBI_URI_SIZE], v6[ADDR_STR_SIZE];
	struct addr address = ip_to_addr((struct ip){ t->ipv6_prefix, 1 }, 0);
	struct app_session_context_req_data data = { .dnn = t->dnn,
		.slice_info = &t->snssai,
		.ev_subsc = &subscription,
		.med_components = { 1, &entry },
		.notif_uri = uri,
		.supp_feat = "0",
		.ue_ipv4 = t->ipv4,
		.ue_ipv6 = t->ipv4 ? NULL : addr_str(&address, v6) };
	struct npcf_app_session_create_req req = { { .asc_req_data = &data } };
	struct component c;

	af->answer = (struct af_answer){ .cause = SBI_INVALID_SERVICE_INFORMATION };
	if (!component_of(o, &c) ||
		!sbi_callback_uri(af->nf.self, SBI_CALLBACK_APPLICATION,
			&(struct sbi_callback){ supi_key(&o->supi), t->pdu_session_id }, uri))
		return;
	entry.key = c.keys[AF_FILTERS_MAX];
	new_component(&c, &entry.value, subs);
	call(af, SBI_PCF_APP_SESSION_CREATE, &req, supi_key(&o->supi));
}

void af_update(struct af *af, const char *app_session_id, const struct af_order *o)
{
	struct component c;
	struct app_session_context_update_data_med_components_entry entry = { c.keys[AF_FILTERS_MAX],
		&c.media };
	struct app_session_context_update_data data = { .med_components = { 1, &entry } };
	struct npcf_app_session_update_req req = { app_session_id, { &data } };

	af->answer = (struct af_answer){ .cause = SBI_INVALID_SERVICE_INFORMATION };
	if (component_of(o, &c))
		call(af, SBI_PCF_APP_SESSION_UPDATE, &req, 0);
}

void af_delete(struct af *af, const char *app_session_id)
{
	struct npcf_app_session_delete_req req = { app_session_id };

	call(af, SBI_PCF_APP_SESSION_DELETE, &req, 0);
}

struct af_answer af_answer(const struct af *af)
{
	return af->answer;
}

static void on_answer(void *self, const struct sbi_answer *a)
{
	struct af *af = self;
	const struct npcf_app_session_create_rsp *rsp = a->body;

	if (nf_on_answer(&af->nf, a))
		return;
	af->stat[AF_STAT_REFUSED] += a->cause != SBI_OK;
	af->answer.cause = a->cause;
	if (a->op == SBI_PCF_APP_SESSION_CREATE && a->cause == SBI_OK && rsp)
		str_copy(af->answer.app_session_id, sizeof(af->answer.app_session_id), rsp->app_session_id);
}

/* An event of whom the URI stands for; false: it was not given out here. */
static bool tell(struct af *af, const char *callback, enum event_kind kind, enum event_reason reason)
{
	struct event e = { .kind = (uint8_t)kind, .reason = (uint8_t)reason };
	struct sbi_callback c;

	if (!sbi_callback_open(af->nf.self, SBI_CALLBACK_APPLICATION, callback, &c) ||
		!supi_of_key(c.context, &e.supi))
		return false;
	e.pdu_session_id = (uint8_t)c.generation;
	if (kind)
		nf_event(&af->nf, &e);
	return true;
}

static enum event_kind kind_of(enum af_event event, const struct events_notification *n)
{
	switch (event) {
	case AF_EVENT_SUCCESSFUL_RESOURCES_ALLOCATION:
		return EVENT_QOS_ALLOCATED;
	case AF_EVENT_FAILED_RESOURCES_ALLOCATION:
		return EVENT_QOS_FAILED;
	case AF_EVENT_QOS_NOTIF:
		return n->qnc_reports.count > 0 &&
				       n->qnc_reports.items[0].notif_type == QOS_NOTIF_TYPE_GUARANTEED
			       ? EVENT_QOS_MET
			       : EVENT_QOS_NOT_MET;
	default:
		return 0; /* nothing that was subscribed */
	}
}

static void on_notify(struct af *af, const struct sbi_request *r)
{
	const struct npcf_app_session_notify_req *req = r->body;
	bool known = false;

	for (uint32_t i = 0; i < req->data.ev_notifs.count; i++)
		known = tell(af, req->callback, kind_of(req->data.ev_notifs.items[i].event, &req->data),
			EVENT_NO_REASON);
	af->stat[AF_STAT_NOTIFIED] += known;
	af->stat[AF_STAT_USED_OCTETS] += known && req->data.usg_rep ? req->data.usg_rep->total_volume : 0;
	sbi_answer(af->nf.bus, r->id, known ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void on_terminate(struct af *af, const struct sbi_request *r)
{
	const struct npcf_app_session_terminate_req *req = r->body;
	bool known = tell(af, req->callback, EVENT_QOS_ENDED,
		req->data.term_cause == TERMINATION_CAUSE_PDU_SESSION_TERMINATION ? EVENT_WITH_SESSION
										  : EVENT_NO_RESOURCES);

	af->stat[AF_STAT_TERMINATED] += known;
	sbi_answer(af->nf.bus, r->id, known ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void on_request(void *self, const struct sbi_request *r)
{
	struct af *af = self;

	if (r->op == SBI_AF_EVENT_NOTIFY)
		on_notify(af, r);
	else if (r->op == SBI_AF_TERMINATE)
		on_terminate(af, r);
	else
		sbi_answer(af->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
}

struct af *af_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { on_request, on_answer };
	struct af *af = calloc(1, sizeof(*af));

	if (!af)
		return NULL;
	af->answer.cause = SBI_CAUSE_COUNT;
	nf_init(&af->nf, NF_AF, NULL, plmn, env, bus, &ops);
	return af;
}

void af_free(struct af *af)
{
	if (!af)
		return;
	free(af);
}

struct nf *af_nf(struct af *af)
{
	return &af->nf;
}

static const struct stat_def stat_defs[AF_STAT_COUNT] = {
	[AF_STAT_ASKED] = { "asked", "application sessions asked for, changed or ended by operators" },
	[AF_STAT_REFUSED] = { "refused", "of these, what the PCF refused" },
	[AF_STAT_NOTIFIED] = { "notified", "events of application sessions that came" },
	[AF_STAT_USED_OCTETS] = { "used_octets", "octets of applications of which they were told" },
	[AF_STAT_TERMINATED] = { "terminated", "application sessions that the network ended" },
};
const struct stat_group af_stat_group = { "af", stat_defs, AF_STAT_COUNT };

void af_stats(const struct af *af, struct stats *out)
{
	*out = (struct stats){ &af_stat_group, af->stat };
}
