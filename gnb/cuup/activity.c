/* What the CU-UP notices of user data (37.483 8.3.6, 8.3.7, 8.3.8): silence, downlink for a UE that sleeps,
 * volume. */
#include "gnb/cuup/parts.h"

#define NTP_UNIX_S UINT64_C(2208988800) /* 1900 to 1970 */

void cuup_activity_begin(struct cuup_activity *a, bool wanted, int64_t limit_s, uint64_t now_ns)
{
	*a = (struct cuup_activity){ .limit_s = wanted && limit_s > 0 ? (uint32_t)limit_s : 0,
		.heard_ns = now_ns };
}

static void notify(struct cuup_context *c, const struct e1ap_activity_information *what)
{
	struct e1ap_bearer_context_inactivity_notification m = {
		.gnb_cu_cp_ue_e1ap_id = c->cp_id, .gnb_cu_up_ue_e1ap_id = c->id, .activity_information = *what
	};

	may_fail(cuup_e1ap_send(c->node, E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION, &m));
}

static uint64_t due_ns(const struct cuup_activity *a)
{
	return a->limit_s && !a->silent ? a->heard_ns + a->limit_s * NS_PER_S : NEVER;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t session_due_ns(const struct cuup_pdu_session *s)
{
	uint64_t due = due_ns(&s->activity);

	for (uint8_t d = 0; d < CUUP_DRBS_MAX; d++)
		if (s->bearers[d])
			due = earlier(due, due_ns(&s->bearers[d]->activity));
	return due;
}

/* True: nothing passed for too long, and that is new. */
static bool falls_silent(struct cuup_activity *a, uint64_t now_ns)
{
	bool due = due_ns(a) <= now_ns;

	a->silent = a->silent || due;
	return due;
}

static void sessions_notify(struct cuup_context *c, uint64_t now_ns)
{
	struct e1ap_drb_activity_item drbs[CUUP_SESSIONS_A_UE * CUUP_DRBS_MAX];
	struct e1ap_pdu_session_resource_activity_item sessions[CUUP_SESSIONS_A_UE];
	struct e1ap_activity_information by_drb = { .tag = E1AP_ACTIVITY_INFORMATION_TAG_DRB_ACTIVITY_LIST,
		.u.drb_activity_list = { 0, drbs } };
	struct e1ap_activity_information by_session = {
		.tag = E1AP_ACTIVITY_INFORMATION_TAG_PDU_SESSION_RESOURCE_ACTIVITY_LIST,
		.u.pdu_session_resource_activity_list = { 0, sessions }
	};

	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++) {
		struct cuup_pdu_session *s = c->sessions[i];

		if (s && falls_silent(&s->activity, now_ns))
			sessions[by_session.u.pdu_session_resource_activity_list.count++] =
				(struct e1ap_pdu_session_resource_activity_item){ s->psi,
					E1AP_PDU_SESSION_RESOURCE_ACTIVITY_NOT_ACTIVE };
		for (uint8_t d = 0; s && d < CUUP_DRBS_MAX; d++)
			if (s->bearers[d] && falls_silent(&s->bearers[d]->activity, now_ns))
				drbs[by_drb.u.drb_activity_list.count++] =
					(struct e1ap_drb_activity_item){ s->bearers[d]->drb,
						E1AP_DRB_ACTIVITY_NOT_ACTIVE };
	}
	if (by_session.u.pdu_session_resource_activity_list.count > 0)
		notify(c, &by_session);
	if (by_drb.u.drb_activity_list.count > 0)
		notify(c, &by_drb);
}

static void watch_due(void *owner, struct timer *t)
{
	struct cuup_context *c = container_of(t, struct cuup_context, watch);
	uint64_t now_ns = env_now_ns(c->node->config.env);
	struct e1ap_activity_information ue = { .tag = E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY,
		.u.ue_activity = E1AP_UE_ACTIVITY_NOT_ACTIVE };

	if (falls_silent(&c->activity, now_ns))
		notify(c, &ue);
	sessions_notify(c, now_ns);
	cuup_watch(c);
}

void cuup_watch(struct cuup_context *c)
{
	uint64_t due = due_ns(&c->activity);

	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		if (c->sessions[i])
			due = earlier(due, session_due_ns(c->sessions[i]));
	timer_stop(&c->node->timers, &c->watch);
	if (due != NEVER)
		timer_set(&c->node->timers, &c->watch, due, watch_due);
}

static void wakes(struct cuup_bearer *b, const struct cuup_activity *a)
{
	struct cuup_context *c = b->session->context;
	struct e1ap_drb_activity_item drb = { b->drb, E1AP_DRB_ACTIVITY_ACTIVE };
	struct e1ap_pdu_session_resource_activity_item session = { b->session->psi,
		E1AP_PDU_SESSION_RESOURCE_ACTIVITY_ACTIVE };
	struct e1ap_activity_information what = { .tag = E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY,
		.u.ue_activity = E1AP_UE_ACTIVITY_ACTIVE };

	if (a == &b->activity) {
		what.tag = E1AP_ACTIVITY_INFORMATION_TAG_DRB_ACTIVITY_LIST;
		what.u.drb_activity_list = (struct e1ap_drb_activity_list){ 1, &drb };
	} else if (a == &b->session->activity) {
		what.tag = E1AP_ACTIVITY_INFORMATION_TAG_PDU_SESSION_RESOURCE_ACTIVITY_LIST;
		what.u.pdu_session_resource_activity_list =
			(struct e1ap_pdu_session_resource_activity_list){ 1, &session };
	}
	notify(c, &what);
	cuup_watch(c);
}

/* A packet of the DRB, either way. */
void cuup_active(struct cuup_bearer *b)
{
	struct cuup_activity *all[] = { &b->activity, &b->session->activity, &b->session->context->activity };

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (!all[i]->limit_s)
			continue;
		all[i]->heard_ns = env_now_ns(b->session->context->node->config.env);
		if (!all[i]->silent)
			continue;
		all[i]->silent = false;
		wakes(b, all[i]);
	}
}

/* 8.3.7: the UE is to be called; once, until its context goes on. */
void cuup_downlink_notify(struct cuup_pdu_session *s, uint8_t qfi)
{
	struct cuup_context *c = s->context;
	struct e1ap_qos_flow_item flow = { .qos_flow_identifier = qfi };
	struct e1ap_pdu_session_to_notify_item item = { .pdu_session_id = s->psi,
		.qos_flow_list = { 1, &flow } };
	struct e1ap_pdu_session_to_notify_list list = { 1, &item };
	struct e1ap_dl_data_notification m = { .gnb_cu_cp_ue_e1ap_id = c->cp_id,
		.gnb_cu_up_ue_e1ap_id = c->id,
		.pdu_session_to_notify_list = &list };

	if (!c->notified)
		may_fail(cuup_e1ap_send(c->node, E1AP_MSG_DL_DATA_NOTIFICATION, &m));
	c->notified = true;
}

/* What is reported is of one message: begin and end, and items with their octets. */
struct usage {
	uint8_t from[4], to[4];
	struct e1ap_drb_usage_report_item octets[CUUP_DRBS_MAX];
	struct e1ap_data_usage_report_item items[CUUP_DRBS_MAX];
	struct e1ap_data_usage_report_list list;
};

static void usage_add(struct usage *u, struct cuup_bearer *b)
{
	size_t i = u->list.count;

	if (i == CUUP_DRBS_MAX || b->ul_octets + b->dl_octets == 0)
		return;
	u->octets[i] = (struct e1ap_drb_usage_report_item){ BYTES(u->from), BYTES(u->to), b->ul_octets,
		b->dl_octets };
	u->items[i] = (struct e1ap_data_usage_report_item){ b->drb, E1AP_RAT_TYPE_NR, { 1, &u->octets[i] } };
	u->list.count++;
	b->ul_octets = b->dl_octets = 0;
}

static void time_write(uint8_t octets[4], uint64_t utc_ms)
{
	struct writer w = writer_of(octets, 4);

	writer_u32(&w, (uint32_t)(utc_ms / MS_PER_S + NTP_UNIX_S)); /* as NTP counts (RFC 5905) */
}

void cuup_usage_report(struct cuup_context *c)
{
	struct cuup_node *n = c->node;
	struct usage u = { .list = { 0, u.items } };
	struct e1ap_data_usage_report m = { .gnb_cu_cp_ue_e1ap_id = c->cp_id, .gnb_cu_up_ue_e1ap_id = c->id };

	if (n->config.usage_every_s == 0)
		return;
	time_write(u.from, n->usage_from_ms);
	time_write(u.to, env_utc_ms(n->config.env));
	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		for (uint8_t d = 0; c->sessions[i] && d < CUUP_DRBS_MAX; d++)
			if (c->sessions[i]->bearers[d])
				usage_add(&u, c->sessions[i]->bearers[d]);
	m.data_usage_report_list = u.list;
	if (u.list.count > 0)
		may_fail(cuup_e1ap_send(n, E1AP_MSG_DATA_USAGE_REPORT, &m));
}

static void usage_due(void *owner, struct timer *t)
{
	struct cuup_node *n = owner;

	for (uint32_t i = 0;; i++) {
		struct cuup_context *c = pool_next(&n->contexts, &i);

		if (!c)
			break;
		cuup_usage_report(c);
	}
	cuup_usage_begin(n);
}

void cuup_usage_begin(struct cuup_node *n)
{
	n->usage_from_ms = env_utc_ms(n->config.env);
	if (n->config.usage_every_s > 0)
		timer_set(&n->timers, &n->usage,
			env_now_ns(n->config.env) + n->config.usage_every_s * NS_PER_S, usage_due);
}
