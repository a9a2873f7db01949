/*
 * The Xn interfaces: association, Xn Setup (38.423 8.4.1), loss and return.
 *
 *   gNB (lower ID)                  gNB (greater ID)
 *    |==== SCTP INIT ================>|    38.422 clause 7, once an AMF serves us; again with back-off
 *    |-- XN SETUP REQUEST ----------->|    9.1.3.1: cells, tracking areas, AMF regions
 *    |<- XN SETUP RESPONSE -----------|    9.1.3.2
 *    |<- XN SETUP FAILURE ------------|    9.1.3.3: we are no neighbour of its
 */
#include "gnb/xn.h"

static fsm_action xn_connect, xn_setup_send, xn_setup_answer, xn_retry, xn_ready, xn_refused, xn_lost;

static const char *const state_names[] = { "CLOSED", "CONNECTING", "SETTING-UP", "READY" };
_Static_assert(ARRAY_LEN(state_names) == XN_STATE_COUNT, "a name for each");
static const char *const event_names[] = { "timer", "up", "down", "setup request", "setup response",
	"setup failure" };
_Static_assert(ARRAY_LEN(event_names) == XN_EV_COUNT, "a name for each");

/* A setup request replaces whatever was before (8.4.1.1): the other end knows nothing of it any more. */
static const struct fsm_row rows[] = {
	{ XN_CLOSED, XN_EV_TIMER, xn_connect, XN_CONNECTING, XN_CLOSED },
	{ XN_CLOSED, XN_EV_SETUP_REQUEST, xn_setup_answer, XN_READY, XN_CLOSED },
	{ XN_CONNECTING, XN_EV_UP, xn_setup_send, XN_SETTING_UP, FSM_SAME },
	{ XN_CONNECTING, XN_EV_DOWN, xn_retry, XN_CLOSED, FSM_SAME },
	{ XN_SETTING_UP, XN_EV_SETUP_RESPONSE, xn_ready, XN_READY, FSM_SAME },
	{ XN_SETTING_UP, XN_EV_SETUP_FAILURE, xn_refused, FSM_SAME, FSM_SAME },
	{ XN_SETTING_UP, XN_EV_TIMER, xn_setup_send, FSM_SAME, FSM_SAME },
	{ XN_SETTING_UP, XN_EV_DOWN, xn_retry, XN_CLOSED, FSM_SAME },
	{ XN_READY, XN_EV_SETUP_REQUEST, xn_setup_answer, FSM_SAME, XN_CLOSED },
	{ XN_READY, XN_EV_DOWN, xn_lost, XN_CLOSED, FSM_SAME },
};

static const struct fsm xn_fsm = { "xn", state_names, event_names, rows, ARRAY_LEN(rows) };

enum fsm_outcome gnb_xn_event(struct gnb *gnb, struct gnb_xn *xn, enum xn_event event, const void *arg)
{
	return fsm_event(&xn_fsm, &xn->state, (uint8_t)event, gnb, xn, arg);
}

static void xn_timer(void *owner, struct timer *t)
{
	gnb_xn_event(owner, container_of(t, struct gnb_xn, timer), XN_EV_TIMER, NULL);
}

static void timer_set_ms(struct gnb *gnb, struct gnb_xn *xn, uint32_t ms)
{
	timer_set(&gnb->timers, &xn->timer, env_now_ns(gnb->env) + (uint64_t)ms * NS_PER_MS, xn_timer);
}

/* Of two neighbours the one of the lower gNB ID opens the association. */
static bool is_ours_to_open(const struct gnb *gnb, const struct gnb_neighbour *n)
{
	return n->xn.len > 0 && gnb->config.gnb_id < n->gnb_id;
}

void gnb_xn_start(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++) {
		struct gnb_xn *xn = &gnb->xns[i];

		xn->backoff_ms = gnb->config.reconnect_ms;
		xn->removed = false;
		if (xn->state == XN_CLOSED && is_ours_to_open(gnb, &gnb->config.neighbours[i]))
			timer_set_ms(gnb, xn, 0);
	}
}

static bool an_amf_serves(const struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		if (gnb->amfs[i].state == NG_READY && gnb->amfs[i].guami_count > 0)
			return true;
	return false;
}

/* Before an AMF serves us there is no region to name (9.2.3.83 wants one). */
static enum fsm_outcome xn_connect(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;
	struct msg m = { .kind = MSG_UP, .port = GNB_PORT_XN, .peer = gnb_xn_neighbour(gnb, xn)->xn };

	xn->token = ++gnb->tokens;
	m.token = xn->token;
	if (an_amf_serves(gnb) && outbox_put(gnb->env->outbox, &m))
		return FSM_OK;
	timer_set_ms(gnb, xn, gnb->config.reconnect_ms);
	return FSM_REFUSED;
}

/* arg: the MSG_UP of the association, or NULL when Xn Setup is repeated. */
static enum fsm_outcome xn_setup_send(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;
	const struct msg *up = arg;
	const struct gnb_xn_own *s = gnb_xn_own(gnb);
	struct xnap_xn_setup_request m;

	if (up) {
		xn->port = GNB_PORT_XN;
		xn->assoc = up->assoc;
		xn->streams = up->out_streams;
	}
	timer_set_ms(gnb, xn, GNB_SETUP_GUARD_MS);
	if (!s || s->region_list.count == 0)
		return FSM_OK; /* no AMF any more, or no memory: the guard tries again */
	m = (struct xnap_xn_setup_request){ .global_ng_ran_node_id = s->node,
		.tai_support_list = s->ta_list,
		.amf_region_information = s->region_list };
	m.list_of_served_cells_nr = arena_alloc(&gnb->arena, sizeof(*m.list_of_served_cells_nr));
	if (m.list_of_served_cells_nr)
		*m.list_of_served_cells_nr = s->cell_list;
	return fsm_outcome_of(gnb_xn_send(gnb, xn, 0, XNAP_MSG_XN_SETUP_REQUEST, &m));
}

static void begun(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_served_cells_nr *cells)
{
	timer_stop(&gnb->timers, &xn->timer);
	xn->backoff_ms = gnb->config.reconnect_ms;
	xn->removed = false;
	gnb_xn_cells_take(gnb, xn, cells);
	gnb->stat[GNB_STAT_XN_SETUPS]++;
	log_info(gnb->env->log, "Xn to %s is set up", gnb_xn_neighbour(gnb, xn)->name);
}

/* arg: struct asked */
struct asked {
	uint64_t assoc;
	uint16_t streams;
	const struct xnap_xn_setup_request *m;
};

static enum fsm_outcome xn_setup_answer(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;
	const struct asked *a = arg;
	const struct gnb_xn_own *s = gnb_xn_own(gnb);
	struct xnap_xn_setup_response m;
	struct xnap_served_cells_nr cells;

	gnb_xn_handovers_end(gnb, xn);
	xn->port = GNB_PORT_XN_SERVER;
	xn->assoc = a->assoc;
	xn->streams = a->streams;
	if (!s)
		return FSM_REFUSED;
	cells = s->cell_list;
	m = (struct xnap_xn_setup_response){ .global_ng_ran_node_id = s->node,
		.tai_support_list = s->ta_list,
		.list_of_served_cells_nr = &cells };
	begun(gnb, xn, a->m->list_of_served_cells_nr);
	return fsm_outcome_of(gnb_xn_send(gnb, xn, 0, XNAP_MSG_XN_SETUP_RESPONSE, &m));
}

static enum fsm_outcome xn_ready(void *room, void *context, const void *arg)
{
	const struct xnap_xn_setup_response *m = arg;

	begun(room, context, m->list_of_served_cells_nr);
	return FSM_OK;
}

static void backoff(struct gnb *gnb, struct gnb_xn *xn)
{
	if (!is_ours_to_open(gnb, gnb_xn_neighbour(gnb, xn)) || xn->removed)
		return;
	timer_set_ms(gnb, xn, xn->backoff_ms);
	xn->backoff_ms = xn->backoff_ms < gnb->config.reconnect_max_ms / 2 ? xn->backoff_ms * 2
									   : gnb->config.reconnect_max_ms;
}

static enum fsm_outcome xn_retry(void *room, void *context, const void *arg)
{
	backoff(room, context);
	return FSM_OK;
}

static enum fsm_outcome xn_lost(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;

	log_warn(gnb->env->log, "Xn to %s is gone", gnb_xn_neighbour(gnb, xn)->name);
	gnb_xn_handovers_end(gnb, xn);
	xn->removing = false;
	backoff(gnb, xn);
	return FSM_OK;
}

static enum fsm_outcome xn_refused(void *room, void *context, const void *arg)
{
	static const uint8_t wait_s[XNAP_TIME_TO_WAIT_N] = { 1, 2, 5, 10, 20, 60 };
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;
	const struct xnap_xn_setup_failure *m = arg;
	char text[XNAP_CAUSE_TEXT_SIZE];
	uint32_t s =
		m->has_time_to_wait && m->time_to_wait < XNAP_TIME_TO_WAIT_N ? wait_s[m->time_to_wait] : 60;

	gnb->stat[GNB_STAT_XN_SETUP_FAILURES]++;
	log_warn(gnb->env->log,
		"%s refuses Xn Setup (%s); next attempt in %u s: is this gNB a neighbour of it?",
		gnb_xn_neighbour(gnb, xn)->name, gnb_xn_cause_text(m->no_cause ? NULL : &m->cause, text), s);
	timer_set_ms(gnb, xn, s * MS_PER_S);
	return FSM_OK;
}

void gnb_xn_setup_response(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	if (gnb_xn_event(gnb, xn, XN_EV_SETUP_RESPONSE, pdu->u.xn_setup_response) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
}

void gnb_xn_setup_failure(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	if (gnb_xn_event(gnb, xn, XN_EV_SETUP_FAILURE, pdu->u.xn_setup_failure) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
}

static struct gnb_xn *xn_of_node(struct gnb *gnb, const struct xnap_global_ng_ran_node_id *id)
{
	const struct per_bits *bits = &id->u.gnb.gnb_id.u.gnb_id;

	if (id->tag != XNAP_GLOBAL_NG_RAN_NODE_ID_TAG_GNB ||
		id->u.gnb.gnb_id.tag != XNAP_GNB_ID_CHOICE_TAG_GNB_ID)
		return NULL;
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++) {
		const struct gnb_neighbour *n = &gnb->config.neighbours[i];
		struct plmn plmn = ngap_plmn(id->u.gnb.plmn_id);

		if (n->xn.len > 0 && n->gnb_id_bits == bits->len_bits &&
			per_bits_uint(*bits, n->gnb_id_bits) == n->gnb_id && plmn_equal(&n->plmn, &plmn))
			return &gnb->xns[i];
	}
	return NULL;
}

static void failure_send(struct gnb *gnb, uint64_t assoc)
{
	struct xnap_xn_setup_failure m = { .cause = xnap_cause_of_misc(XNAP_CAUSE_MISC_O_AND_M_INTERVENTION),
		.has_time_to_wait = true,
		.time_to_wait = XNAP_TIME_TO_WAIT_V60S };
	struct writer w = writer_of(gnb->buffer, sizeof(gnb->buffer));

	gnb->stat[GNB_STAT_XN_SETUP_FAILURES]++;
	if (xnap_encode(XNAP_MSG_XN_SETUP_FAILURE, &m, &w))
		may_fail(outbox_send(gnb->env->outbox, GNB_PORT_XN_SERVER, assoc, 0,
			writer_bytes(&w))); /* it asks again */
}

void gnb_xn_setup_asked(
	struct gnb *gnb, uint64_t assoc, uint16_t streams, const struct xnap_xn_setup_request *m)
{
	struct gnb_xn *xn = xn_of_node(gnb, &m->global_ng_ran_node_id);
	const struct asked a = { assoc, streams, m };

	if (!xn || gnb_xn_event(gnb, xn, XN_EV_SETUP_REQUEST, &a) != FSM_OK) {
		log_warn(gnb->env->log, "Xn Setup of a gNB that is no neighbour is refused");
		failure_send(gnb, assoc);
	}
}
