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
#include "radio/uu.h"
#include "wire/rrc/rrc.h"

enum { BAND_N78 = 78, CELLS_MAX = GNB_CELLS_MAX };

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

/* What is said of this gNB in a setup, request or response. */
struct setup {
	uint8_t id[4];
	struct xnap_global_ng_ran_node_id node;
	struct xnap_s_nssai slices[SNSSAI_MAX];
	struct xnap_broadcast_plmn_in_tai_support_item plmn;
	struct xnap_tai_support_item tas[CELLS_MAX];
	struct xnap_tai_support_list ta_list;
	struct xnap_global_amf_region_information regions[GNB_AMFS_MAX * GNB_GUAMIS_MAX];
	struct xnap_amf_region_information region_list;
	struct bytes plmn_octets;
	struct xnap_nr_frequency_band_item band;
	struct xnap_served_cells_nr_item cells[CELLS_MAX];
	struct xnap_served_cells_nr cell_list;
};

static void regions_fill(struct gnb *gnb, struct setup *s)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++) {
		const struct gnb_amf *amf = &gnb->amfs[i];

		for (uint8_t k = 0; amf->state == NG_READY && k < amf->guami_count; k++)
			s->regions[s->region_list.count++] = (struct xnap_global_amf_region_information){
				ngap_plmn_of(&amf->guamis[k].plmn, &gnb->arena), amf->guamis[k].amf_region_id
			};
	}
	s->region_list.items = s->regions;
}

/* 38.331 11.2.2: all that the simulated radio has of measurement timing is nothing. */
static struct bytes timing(struct gnb *gnb)
{
	struct rrc_measurement_timing_configuration m = {
		.critical_extensions.tag = RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_TAG_C1
	};
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));

	m.critical_extensions.u.c1.tag =
		RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF;
	return rrc_encode(&rrc_measurement_timing_configuration_type, &m, &w)
		       ? arena_bytes(&gnb->arena, writer_bytes(&w))
		       : BYTES_NONE;
}

static bool cells_fill(struct gnb *gnb, struct setup *s)
{
	struct bytes timing_octets = timing(gnb);

	s->band.nr_frequency_band = BAND_N78;
	for (uint8_t i = 0; i < gnb->config.cell_count; i++) {
		struct xnap_served_cell_information_nr *c = &s->cells[i].served_cell_info_nr;
		struct xnap_nr_mode_info_tdd *tdd = &c->nr_mode_info.u.tdd;
		struct ngap_tai tai;

		if (!ngap_tai_of(&gnb->places[i].tai, &gnb->arena, &tai))
			return false;
		c->nr_pci = gnb->config.cells[i].pci;
		c->cell_id = (struct xnap_nr_cgi){ tai.plmn_identity, gnb->places[i].ncgi.nci };
		c->tac = tai.tac;
		c->broadcast_plmn = (struct xnap_broadcast_plmns){ 1, &s->plmn_octets };
		c->nr_mode_info.tag = XNAP_NR_MODE_INFO_TAG_TDD;
		tdd->nr_frequency_info.nr_arfcn = UU_SSB_ARFCN;
		tdd->nr_frequency_info.frequency_band_list =
			(struct xnap_nr_frequency_band_list){ 1, &s->band };
		tdd->nr_transmisson_bandwidth =
			(struct xnap_nr_transmission_bandwidth){ XNAP_NRSCS_SCS30, XNAP_NRNRB_NRB273 };
		c->measurement_timing_configuration = timing_octets;
		c->connectivity_support.endc_support = XNAP_CONNECTIVITY_SUPPORT_ENDC_SUPPORT_NOT_SUPPORTED;
	}
	s->cell_list = (struct xnap_served_cells_nr){ gnb->config.cell_count, s->cells };
	return timing_octets.data;
}

static bool areas_fill(struct gnb *gnb, struct setup *s)
{
	const struct gnb_config *c = &gnb->config;
	uint32_t tacs[CELLS_MAX];

	for (uint8_t i = 0; i < c->slice_count; i++) {
		struct ngap_s_nssai slice;

		if (!ngap_s_nssai_of(&c->slices[i], &gnb->arena, &slice))
			return false;
		s->slices[i] = (struct xnap_s_nssai){ slice.sst, slice.has_sd, slice.sd };
	}
	s->plmn = (struct xnap_broadcast_plmn_in_tai_support_item){ s->plmn_octets,
		{ c->slice_count, s->slices }, NULL };
	s->ta_list = (struct xnap_tai_support_list){ gnb_cell_tacs(c, tacs), s->tas };
	for (size_t i = 0; i < s->ta_list.count; i++) {
		struct tai tai = { c->plmn, tacs[i] };
		struct ngap_tai t;

		if (!ngap_tai_of(&tai, &gnb->arena, &t))
			return false;
		s->tas[i] = (struct xnap_tai_support_item){ t.tac, { 1, &s->plmn } };
	}
	return true;
}

static struct setup *setup_make(struct gnb *gnb)
{
	struct setup *s = arena_alloc(&gnb->arena, sizeof(*s));
	struct writer w;

	if (!s)
		return NULL;
	*s = (struct setup){ .plmn_octets = ngap_plmn_of(&gnb->config.plmn, &gnb->arena) };
	w = writer_of(s->id, sizeof(s->id));
	writer_u32(&w, gnb->config.gnb_id << (32 - gnb->config.gnb_id_bits));
	s->node.tag = XNAP_GLOBAL_NG_RAN_NODE_ID_TAG_GNB;
	s->node.u.gnb.plmn_id = s->plmn_octets;
	s->node.u.gnb.gnb_id.tag = XNAP_GNB_ID_CHOICE_TAG_GNB_ID;
	s->node.u.gnb.gnb_id.u.gnb_id = (struct per_bits){ s->id, gnb->config.gnb_id_bits };
	regions_fill(gnb, s);
	return s->plmn_octets.data && areas_fill(gnb, s) && cells_fill(gnb, s) ? s : NULL;
}

const struct xnap_served_cells_nr *gnb_xn_own_cells(struct gnb *gnb)
{
	const struct setup *s = setup_make(gnb);

	return s ? &s->cell_list : NULL;
}

/* arg: the MSG_UP of the association, or NULL when Xn Setup is repeated. */
static enum fsm_outcome xn_setup_send(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_xn *xn = context;
	const struct msg *up = arg;
	const struct setup *s = setup_make(gnb);
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
	const struct setup *s = setup_make(gnb);
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
