/*
 * The state machines of a handover, by N2 or Xn, at the gNB that the UE leaves and at the one where it
 * arrives.
 *
 *   UE           source                              target
 *    |             |== preparation =====================>|    TNGRELOCprep, TXnRELOCprep
 *    |             |<= it is ready, with a command =======|
 *    |<- command --|== status transfer ==================>|    TNGRELOCoverall, TXnRELOCoverall
 *    |-- RRCReconfigurationComplete --------------------->|    HANDOVER NOTIFY, PATH SWITCH REQUEST
 *    |             |<= the UE's context is released ======|    by the AMF, or by the target
 *    |-- RRCReestablishmentRequest ->|                         or the UE comes back: cancel
 */
#include "gnb/handover.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "radio/uu_security.h"

static fsm_action source_execute, source_failed, source_prep_expired, source_cancel, source_cancelled,
	source_overall_expired, source_arrived;
static fsm_action target_arrived, target_expired, target_switched, target_refused, target_not_retrieved;

static const char *const source_states[] = { "PREPARING", "EXECUTING", "CANCELLING" };
_Static_assert(ARRAY_LEN(source_states) == SOURCE_STATE_COUNT, "a name for each");
static const char *const source_events[] = { "command", "failed", "cancel", "cancelled", "arrived", "timer" };
_Static_assert(ARRAY_LEN(source_events) == SOURCE_EV_COUNT, "a name for each");

static const struct fsm_row source_rows[] = {
	{ SOURCE_PREPARING, SOURCE_EV_COMMAND, source_execute, SOURCE_EXECUTING, SOURCE_CANCELLING },
	{ SOURCE_PREPARING, SOURCE_EV_FAILED, source_failed, FSM_SAME, FSM_SAME },
	{ SOURCE_PREPARING, SOURCE_EV_TIMER, source_prep_expired, SOURCE_CANCELLING, FSM_SAME },
	{ SOURCE_PREPARING, SOURCE_EV_CANCEL, source_cancel, SOURCE_CANCELLING, FSM_SAME },
	{ SOURCE_EXECUTING, SOURCE_EV_CANCEL, source_cancel, SOURCE_CANCELLING, FSM_SAME },
	{ SOURCE_EXECUTING, SOURCE_EV_TIMER, source_overall_expired, FSM_SAME, FSM_SAME },
	{ SOURCE_EXECUTING, SOURCE_EV_ARRIVED, source_arrived, FSM_SAME, FSM_SAME },
	{ SOURCE_CANCELLING, SOURCE_EV_CANCELLED, source_cancelled, FSM_SAME, FSM_SAME },
	{ SOURCE_CANCELLING, SOURCE_EV_FAILED, source_cancelled, FSM_SAME, FSM_SAME },
	{ SOURCE_CANCELLING, SOURCE_EV_TIMER, source_cancelled, FSM_SAME, FSM_SAME },
};

const struct fsm gnb_source_fsm = { "handover source", source_states, source_events, source_rows,
	ARRAY_LEN(source_rows) };

static const char *const target_states[] = { "EXPECTING", "SWITCHING", "RETRIEVING" };
_Static_assert(ARRAY_LEN(target_states) == TARGET_STATE_COUNT, "a name for each");
static const char *const target_events[] = { "arrived", "retrieved", "switched", "failed", "timer" };
_Static_assert(ARRAY_LEN(target_events) == TARGET_EV_COUNT, "a name for each");

static const struct fsm_row target_rows[] = {
	{ TARGET_EXPECTING, TARGET_EV_ARRIVED, target_arrived, TARGET_SWITCHING, FSM_SAME },
	{ TARGET_EXPECTING, TARGET_EV_TIMER, target_expired, FSM_SAME, FSM_SAME },
	{ TARGET_SWITCHING, TARGET_EV_SWITCHED, target_switched, FSM_SAME, FSM_SAME },
	{ TARGET_SWITCHING, TARGET_EV_FAILED, target_refused, FSM_SAME, FSM_SAME },
	{ TARGET_SWITCHING, TARGET_EV_TIMER, target_refused, FSM_SAME, FSM_SAME },
	{ TARGET_RETRIEVING, TARGET_EV_RETRIEVED, target_arrived, TARGET_SWITCHING, FSM_SAME },
	{ TARGET_RETRIEVING, TARGET_EV_FAILED, target_not_retrieved, FSM_SAME, FSM_SAME },
	{ TARGET_RETRIEVING, TARGET_EV_TIMER, target_not_retrieved, FSM_SAME, FSM_SAME },
};

const struct fsm gnb_target_fsm = { "handover target", target_states, target_events, target_rows,
	ARRAY_LEN(target_rows) };

/* Source */

static void forwarding_begin(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_command *c)
{
	for (uint8_t i = 0; i < c->count; i++) {
		struct gnb_session *s = ue->sessions[c->forwarding[i].psi];

		if (s && c->forwarding[i].peer.len)
			gnb_forward_begin(gnb, s, &c->forwarding[i]);
	}
}

static enum fsm_outcome source_give_up(
	struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause)
{
	gnb->stat[GNB_STAT_HO_CANCELLED]++;
	if (h->way->cancel(gnb, h, cause)) {
		gnb_handover_timer_set(gnb, h, GNB_PREPARATION_MS);
		return FSM_OK;
	}
	gnb_handover_free(gnb, h);
	return FSM_GONE;
}

static enum fsm_outcome source_execute(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;
	const struct gnb_command *c = arg;
	const struct ngap_cause cause =
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
	struct bytes reconfiguration;

	gnb->stat[GNB_STAT_HO_PREP_SUCC] += h->way != &gnb_by_cell;
	if (!gnb_handover_command_read(gnb, c->container, &reconfiguration) ||
		!gnb_rrc_hand_over(gnb, ue, reconfiguration)) {
		log_warn(gnb->env->log, "RAN UE %u cannot be sent to %s; the handover is cancelled",
			ue->ran_ue_ngap_id, h->to->name);
		return source_give_up(gnb, h, &cause) == FSM_GONE ? FSM_GONE : FSM_REFUSED;
	}
	gnb->stat[GNB_STAT_HO_EXE_REQ] += h->way != &gnb_by_cell;
	timer_stop(&gnb->timers, &ue->timer); /* its signs of life are others' now */
	forwarding_begin(gnb, ue, c);
	h->way->status_transfer(gnb, h);
	gnb_handover_timer_set(gnb, h, GNB_RELOCATION_MS);
	log_info(gnb->env->log, "RAN UE %u is sent to %s by %s", ue->ran_ue_ngap_id, h->to->name,
		h->way->name);
	return FSM_OK;
}

/* The UE stays. */
static enum fsm_outcome source_failed(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;

	log_warn(gnb->env->log, "RAN UE %u: no handover to %s by %s: %s", h->ue->ran_ue_ngap_id, h->to->name,
		h->way->name, (const char *)arg);
	gnb_handover_free(gnb, h);
	return FSM_GONE;
}

static enum fsm_outcome source_prep_expired(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	const struct ngap_cause cause = ngap_cause_radio(h->way->prep_expiry);

	gnb->figures.by_cause[h->way->prep_expiry][GNB_CAUSE_HO_PREP]++;
	log_warn(gnb->env->log, "RAN UE %u: %s does not answer; the handover is cancelled",
		h->ue->ran_ue_ngap_id, h->to->name);
	return source_give_up(gnb, h, &cause);
}

static enum fsm_outcome source_cancel(void *room, void *context, const void *arg)
{
	struct gnb_handover *h = context;

	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (h->ue->sessions[psi])
			gnb_forward_end(room, h->ue->sessions[psi]);
	return source_give_up(room, h, arg);
}

static enum fsm_outcome source_cancelled(void *room, void *context, const void *arg)
{
	gnb_handover_free(room, context);
	return FSM_GONE;
}

/* Nobody released the UE: the AMF is asked to. */
static enum fsm_outcome source_overall_expired(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;
	enum ngap_cause_radio_network cause = h->way->overall_expiry;

	log_warn(gnb->env->log, "RAN UE %u did not arrive at %s", ue->ran_ue_ngap_id, h->to->name);
	gnb_handover_free(gnb, h);
	gnb_ue_release_request(gnb, ue, cause);
	return FSM_GONE;
}

/* 38.300 9.2.3.1: source and target are this gNB. */
static enum fsm_outcome source_arrived(void *room, void *context, const void *arg)
{
	gnb_cell_changed(room, context);
	return FSM_GONE;
}

/* 38.331 5.3.7: it lost its way, or was refused there. The ShortMAC-I shows that it is the UE. */
bool gnb_ue_returned(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_rrc_return *r)
{
	const struct ngap_cause cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED);
	const struct gnb_handover *h =
		ue->handover && ue->handover->way == &gnb_by_cell ? ue->handover : NULL;
	uint16_t pci = gnb->config.cells[ue->radio.cell].pci, c_rnti = h ? h->before.c_rnti : ue->c_rnti, mac;

	if (ue->handover && ue->handover->is_target)
		return ue->handover->state == TARGET_RETRIEVING; /* it repeats itself */
	if (!ue->context || ue->releasing || !list_empty(&ue->procedures))
		return false;
	if (r->c_rnti != c_rnti || r->pci != pci ||
		!uu_short_mac_i(h ? h->before.k_gnb : ue->k_gnb, ue->ia, pci, c_rnti,
			gnb->places[r->at.cell].ncgi.nci, &mac) ||
		mac != r->short_mac)
		return false;
	if (ue->handover && ue->handover->state != SOURCE_CANCELLING)
		gnb_source_event(gnb, ue->handover, SOURCE_EV_CANCEL, &cause);
	if (!gnb_key_next(ue, ue->k_gnb, pci, UU_SSB_ARFCN, ue->ncc) || !gnb_rrc_reestablish(gnb, ue, &r->at))
		return false;
	gnb_drbs_key_is_new(ue);
	gnb_hold_end(gnb, ue);
	gnb->stat[GNB_STAT_REESTABLISHED]++;
	ue->heard_ns = ue->active_ns = env_now_ns(gnb->env);
	gnb_ue_watch(gnb, ue);
	log_info(gnb->env->log, "RAN UE %u is back: RRC re-established", ue->ran_ue_ngap_id);
	return true;
}

/* 38.331 5.3.7 where the CU-CP has verified the ShortMAC-I. */
bool gnb_ue_is_back(struct gnb *gnb, struct gnb_ue *ue, uint8_t cell, uint32_t ssb_arfcn)
{
	if (!ue->context || ue->releasing || ue->handover || !list_empty(&ue->procedures) ||
		!gnb_key_next(ue, ue->k_gnb, gnb->config.cells[cell].pci, ssb_arfcn, ue->ncc))
		return false;
	ue->radio.cell = cell;
	gnb_drbs_key_is_new(ue);
	gnb->stat[GNB_STAT_REESTABLISHED]++;
	ue->heard_ns = ue->active_ns = env_now_ns(gnb->env);
	gnb_ue_watch(gnb, ue);
	log_info(gnb->env->log, "RAN UE %u is back: RRC re-established", ue->ran_ue_ngap_id);
	return true;
}

/* Target */

bool gnb_ue_arrived(struct gnb *gnb, const struct gnb_rrc_arrival *a)
{
	struct gnb_handover *h = hash_get(&gnb->handover_by_c_rnti, (uint64_t)a->at.cell << 16 | a->c_rnti, 0,
		struct gnb_handover, by_c_rnti);
	uint32_t mac;

	if (!h || !uu_mac_i(h->ue->k_gnb, h->ue->ia, UU_RRC_RECONFIGURATION_COMPLETE, a->c_rnti, &mac) ||
		mac != a->mac || !gnb_rrc_accept(gnb, h->ue, &a->at)) {
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return false;
	}
	if (!h->is_target)
		return gnb_source_event(gnb, h, SOURCE_EV_ARRIVED, NULL) != FSM_UNLISTED;
	return gnb_target_event(gnb, h, TARGET_EV_ARRIVED, NULL) != FSM_UNLISTED;
}

static enum fsm_outcome target_arrived(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;

	gnb_handover_unexpect(gnb, h);
	gnb_drbs_key_is_new(ue);
	gnb->contexts += !ue->context;
	ue->context = true;
	ue->heard_ns = ue->active_ns = ue->since_ns = env_now_ns(gnb->env);
	gnb_ue_watch(gnb, ue);
	gnb_forward_arrived(gnb, ue);
	log_info(gnb->env->log, "RAN UE %u has arrived by %s: NEA%u, NIA%u", ue->ran_ue_ngap_id, h->way->name,
		ue->ea, ue->ia);
	if (h->way->arrived(gnb, h)) /* more is to come */
		return FSM_OK;
	gnb_handover_free(gnb, h);
	return FSM_GONE;
}

static enum fsm_outcome target_expired(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;

	log_info(gnb->env->log, "RAN UE %u was expected and did not come", ue->ran_ue_ngap_id);
	gnb_handover_free(gnb, h);
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	return FSM_GONE;
}

static enum fsm_outcome target_switched(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;

	log_info(gnb->env->log, "RAN UE %u: the path is switched", h->ue->ran_ue_ngap_id);
	gnb_handover_free(gnb, h);
	return FSM_GONE;
}

/*
 * 38.413 8.4.4.3: the UE has no session left, and the AMF no UE of ours; the source will ask for its release.
 * Without an answer the AMF may have it here all the same, so its release is asked for.
 */
static enum fsm_outcome target_refused(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;

	gnb->stat[GNB_STAT_PATH_SWITCH_FAILURES]++;
	log_warn(
		gnb->env->log, "RAN UE %u: the path is not switched; the UE is released", ue->ran_ue_ngap_id);
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	if (arg) {
		gnb_ue_free(gnb, ue);
		return FSM_GONE;
	}
	gnb_handover_free(gnb, h);
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	return FSM_GONE;
}

/* 38.331 5.3.7.8: the UE goes idle, and its NAS begins again. */
static enum fsm_outcome target_not_retrieved(void *room, void *context, const void *arg)
{
	struct gnb *gnb = room;
	struct gnb_handover *h = context;
	struct gnb_ue *ue = h->ue;

	gnb->stat[GNB_STAT_REESTABLISHMENT_REFUSED]++;
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	gnb_ue_free(gnb, ue);
	return FSM_GONE;
}

/* The operator's order */

static const struct gnb_neighbour *neighbour_named(const struct gnb *gnb, const char *name)
{
	if (!strcmp(gnb->own.name, name))
		return &gnb->own;
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		if (!strcmp(gnb->config.neighbours[i].name, name))
			return &gnb->config.neighbours[i];
	return NULL;
}

static bool cell_of(const struct gnb_neighbour *n, uint16_t id, uint8_t *out)
{
	for (*out = 0; *out < n->cell_count; ++*out)
		if (id == 0 || n->cells[*out].id == id)
			return true;
	return false;
}

static const struct handover_way *way_to(struct gnb *gnb, const struct gnb_neighbour *to,
	const struct gnb_handover_order *o, struct gnb_xn **xn)
{
	*xn = NULL;
	if (to == &gnb->own)
		return &gnb_by_cell;
	*xn = &gnb->xns[to - gnb->config.neighbours];
	return !o->n2 && (*xn)->state == XN_READY ? &gnb_by_xn : &gnb_by_n2;
}

static const char *handover_begin(struct gnb *gnb, const struct gnb_handover_order *o)
{
	const struct gnb_neighbour *to = neighbour_named(gnb, o->gnb);
	const struct handover_way *way;
	struct gnb_xn *xn;
	struct gnb_handover *h;
	struct gnb_ue *ue;
	uint8_t cell;

	if (!to || !cell_of(to, o->cell, &cell))
		return "that gNB, or that cell of it, is not a neighbour";
	ue = gnb_rrc_find(gnb, &o->ue, o->any_index ? NULL : &o->index);
	if (!ue)
		return "no such UE is connected, or there are several";
	way = way_to(gnb, to, o, &xn);
	if (way == &gnb_by_cell && (o->xn || o->n2))
		return "that is a cell of the gNB where the UE is";
	if (way == &gnb_by_cell && cell == ue->radio.cell)
		return "the UE is in that cell";
	if (o->xn && way != &gnb_by_xn)
		return "there is no Xn to that gNB";
	if (gnb_restrictions_forbid(gnb, ue, &(struct tai){ to->plmn, to->cells[cell].tac }))
		return "the UE's mobility restrictions forbid that area";
	if (!ue->context || ue->releasing || ue->handover || !list_empty(&ue->procedures) ||
		!ue->radio.on_air || !gnb_n2_is_open(ue->amf))
		return "something else is under way for the UE";
	h = gnb_handover_new(gnb, ue, way, false);
	if (!h)
		return "there are too many handovers";
	h->to = to;
	h->to_cell = cell;
	h->direct = to->direct;
	h->xn = way == &gnb_by_xn ? xn : NULL;
	if (way->require(gnb, h)) { /* another cell of ours: h may be gone */
		gnb->stat[GNB_STAT_HO_PREP_REQ] += way != &gnb_by_cell;
		return NULL;
	}
	gnb_handover_free(gnb, h);
	return "the request cannot be made: the UE has no session, or memory is out";
}

/* Beside the room's own turns. */
const char *gnb_handover_begin(struct gnb *gnb, const struct gnb_handover_order *o)
{
	const char *why = handover_begin(gnb, o);

	arena_reset(&gnb->arena);
	return why;
}
