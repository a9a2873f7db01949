/*
 * Handover preparation, 38.413 8.4.1 and 23.502 4.9.1.3.2.
 *
 *   source -> AMF  HANDOVER REQUIRED                  8.4.1.2
 *   AMF -> SMFs    UpdateSMContext (PREPARING)        29.502 5.2.2.3.4.2: what the target is to set up
 *   AMF -> target  HANDOVER REQUEST                   8.4.2 (handover_resource_allocation.c)
 *   AMF -> SMFs    UpdateSMContext (PREPARED)         29.502 5.2.2.3.4.3: what the target has set up
 *   AMF -> source  HANDOVER COMMAND                   8.4.1.2: the UE goes
 *               or HANDOVER PREPARATION FAILURE       8.4.1.3: it stays
 *
 * Whatever ends it before the UE has arrived ends it in amf_handover_ended(): the target is released, the
 * SMFs are told CANCELLED, and a source that still waits gets its answer.
 */
#include "core/amf/emergency.h"
#include "core/amf/handover.h"
#include "core/amf/mobility.h"

#include <stdlib.h>

static void failure_send(struct amf *amf, struct amf_connection *c, struct ngap_cause cause)
{
	struct ngap_handover_preparation_failure m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.cause = cause,
	};
	char text[NGAP_CAUSE_TEXT_SIZE];

	amf->stat[AMF_STAT_HANDOVERS_FAILED]++;
	amf_count_handover_failure(amf, &cause);
	if (c->ue && c->ue->registered)
		amf_ue_event_handover(amf, c->ue, &cause);
	log_info(amf->nf.env->log, "%s: handover of RAN UE %u refused, cause %s", c->gnb->name,
		c->ran_ue_ngap_id, ngap_cause_text(&cause, text));
	amf_n2_send_ue(amf, c, NGAP_MSG_HANDOVER_PREPARATION_FAILURE, &m);
}

/* 23.502 4.9.1.3.2 step 2: a gNB of another AMF would be reached by N14, which is not there. */
static bool target_choose(struct amf *amf, const struct amf_gnb *source,
	const struct ngap_handover_required *m, struct amf_gnb **target, struct tai *tai,
	struct ngap_cause *cause)
{
	const struct ngap_target_ran_node_id *id = &m->target_id.u.target_ran_node_id;

	*cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HO_TARGET_NOT_ALLOWED);
	if (m->handover_type != NGAP_HANDOVER_TYPE_INTRA5GS ||
		m->target_id.tag != NGAP_TARGET_ID_TAG_TARGET_RAN_NODE_ID)
		return false;
	*cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID);
	*tai = ngap_tai(&id->selected_tai);
	*target = amf_gnb_by_node(amf, amf_node_id(&id->global_ran_node_id));
	if (!*target || (*target)->absent || *target == source)
		return false;
	*cause = ngap_cause_radio(
		NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	return amf_gnb_has_tai(amf, *target, tai);
}

/* The SMFs of the sessions are asked; a session that is named twice is asked for once. */
static void sessions_prepare(struct amf *amf, struct amf_handover *h, const struct ngap_handover_required *m)
{
	const struct ngap_pdu_session_resource_list_ho_rqd *list = &m->pdu_session_resource_list_ho_rqd;
	struct sm_context_update_data data = { .ho_state = HO_STATE_PREPARING,
		.n2_sm_info_type = N2_SM_HANDOVER_REQUIRED };

	for (size_t i = 0; i < list->count; i++) {
		const struct amf_session *s = amf_moving_session(h->p.ue, list->items[i].pdu_session_id);

		if (!s || amf_moving_has(h->sessions.asked, s->pdu_session_id))
			continue;
		data.n2_sm_info = list->items[i].handover_required_transfer;
		amf_moving_ask(amf, &h->p, &h->sessions, s, &data);
	}
}

/* All that is refused at once is refused here; what is there already stays as it is. */
static struct amf_handover *handover_begin(struct amf *amf, struct amf_connection *c,
	const struct ngap_handover_required *m, struct ngap_cause *cause)
{
	struct amf_gnb *target;
	struct amf_handover *h;
	struct tai tai;

	*cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
	if (!c->ue || c->ue->serving != c)
		return NULL;
	*cause = ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	if (!c->context_setup || !c->ue->registered || !c->ue->security.active)
		return NULL;
	if (!target_choose(amf, c->gnb, m, &target, &tai, cause))
		return NULL;
	/* 23.501 5.3.4.1.1: the core network enforces it too. */
	*cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HO_TARGET_NOT_ALLOWED);
	if (amf_mobility_forbids(c->ue, tai.tac) && !amf_emergency_has(c->ue))
		return NULL;
	*cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
	if (amf_procedure_conflict(c->ue, AMF_HANDOVER) == AMF_REFUSES)
		return NULL;
	*cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	if (amf_handover_of(c->ue))
		amf_handover_of(c->ue)->replaced = true;
	h = (struct amf_handover *)amf_procedure_begin(amf, c->ue, AMF_HANDOVER);
	if (!h)
		return NULL;
	h->cause = m->no_cause ? ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED)
			       : amf_handover_cause(&m->cause);
	h->target_node = target->node_id;
	h->tai = tai;
	if (amf_handover_container(h, m->source_to_target_transparent_container))
		return h;
	h->replaced = true; /* it is answered here */
	amf_procedure_end(amf, &h->p);
	return NULL;
}

/* 8.4.1.2 */
void amf_handover_required(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_handover_required *m = body;
	struct ngap_cause cause;
	struct amf_handover *h;

	amf->stat[AMF_STAT_HANDOVERS]++;
	h = handover_begin(amf, c, m, &cause);
	if (!h) {
		failure_send(amf, c, cause);
		return;
	}
	sessions_prepare(amf, h, m);
	amf_procedure_wait(amf, &h->p, h->sessions.asked ? AMF_HANDOVER_SMF_MS : 0);
}

static bool command_lists(struct amf *amf, const struct amf_handover *h,
	struct ngap_pdu_session_resource_handover_list *go,
	struct ngap_pdu_session_resource_to_release_list_ho_cmd *stay)
{
	go->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*go->items));
	stay->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*stay->items));
	if (!go->items || !stay->items)
		return false;
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		struct bytes info = amf_moving_info(&h->sessions, id);

		if (amf_moving_has(h->sessions.ready, id))
			go->items[go->count++] = (struct ngap_pdu_session_resource_handover_item){ id, info };
		else if (amf_moving_has(h->sessions.failed, id))
			stay->items
				[stay->count++] = (struct ngap_pdu_session_resource_to_release_item_ho_cmd){
				id, info.len > 0
					    ? info
					    : amf_moving_unsuccessful(amf,
						      &ngap_handover_preparation_unsuccessful_transfer_type,
						      h->cause)
			};
	}
	return true;
}

/* 8.4.1.2: the UE is sent on its way. */
static void command_send(struct amf *amf, struct amf_handover *h)
{
	struct amf_connection *c = amf_connection_for(h->p.ue, AMF_FOR_NAS);
	struct ngap_pdu_session_resource_handover_list go = { 0 };
	struct ngap_pdu_session_resource_to_release_list_ho_cmd stay = { 0 };
	struct ngap_handover_command m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.pdu_session_resource_handover_list = &go,
		.target_to_source_transparent_container = bytes_of(h->container, h->container_len),
	};

	h->cause = ngap_cause_radio(
		NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM);
	if (!h->sessions.ready || !command_lists(amf, h, &go, &stay)) {
		amf_procedure_end(amf, &h->p);
		return;
	}
	m.pdu_session_resource_to_release_list_ho_cmd = stay.count > 0 ? &stay : NULL;
	h->step = HANDOVER_COMMANDED;
	h->cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY);
	amf_procedure_wait(amf, &h->p, AMF_HANDOVER_ARRIVAL_MS);
	amf_n2_send_ue(amf, c, NGAP_MSG_HANDOVER_COMMAND, &m);
}

static void go_on(struct amf *amf, struct amf_handover *h)
{
	if (h->sessions.asked)
		return;
	if (h->step == HANDOVER_PREPARING) {
		if (!amf_handover_allocate(amf, h))
			amf_procedure_end(amf, &h->p);
	} else if (h->step == HANDOVER_ADMITTED) {
		command_send(amf, h);
	}
}

/* An SMF has answered. */
void amf_handover_answered(struct amf *amf, struct amf_handover *h, const struct sbi_answer *a)
{
	amf_moving_answered(amf, h->p.ue, &h->sessions, a,
		h->step == HANDOVER_PREPARING ? N2_SM_PDU_RES_SETUP_REQ : N2_SM_HANDOVER_CMD);
	go_on(amf, h);
}

/* SMFs, target or UE have not answered, or come, for too long. */
void amf_handover_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_handover *h = (struct amf_handover *)p;

	if (h->step == HANDOVER_PREPARING || h->step == HANDOVER_ADMITTED) {
		amf_moving_give_up(&h->sessions);
		go_on(amf, h);
	} else if (h->step == HANDOVER_ALLOCATING) {
		amf_handover_fail(amf, h, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY));
	} else {
		log_info(amf->nf.env->log, "imsi-%s: did not arrive at its handover's target",
			p->ue->supi.imsi);
		amf_procedure_end(amf, p);
	}
}

/* Of one that nobody waits for. */
static void lost(struct amf *amf, const struct amf_ue *ue, const struct ngap_cause *cause)
{
	amf->stat[AMF_STAT_HANDOVERS_FAILED]++;
	amf_count_handover_failure(amf, cause);
	amf_ue_event_handover(amf, ue, cause);
}

static void handover_unwind(struct amf *amf, struct amf_handover *h)
{
	struct amf_ue *ue = h->p.ue;
	struct amf_connection *source = ue->serving, *target = ue->target;
	struct sm_context_update_data cancelled = { .ho_state = HO_STATE_CANCELLED };

	if (target)
		amf_connection_release(amf, target, h->cause);
	amf_moving_tell(amf, ue, h->sessions.asked | h->sessions.ready | h->sessions.failed, &cancelled);
	if (h->cancelled) {
		amf->stat[AMF_STAT_HANDOVERS_CANCELLED]++;
		amf_ue_event_handover(amf, ue, &h->cause);
	} else if (source && h->step < HANDOVER_COMMANDED && !h->source_lost && !h->replaced) {
		failure_send(amf, source, h->cause);
	} else {
		lost(amf, ue, &h->cause);
	}
}

void amf_handover_ended(struct amf *amf, struct amf_procedure *p)
{
	struct amf_handover *h = (struct amf_handover *)p;

	if (h->step != HANDOVER_DONE)
		handover_unwind(amf, h);
	amf_moving_fini(&h->sessions);
	for (uint8_t i = 0; i < h->undelivered_count; i++)
		free(h->undelivered[i].octets);
	free(h->container);
	if (p->ue->state == MM_REGISTERED)
		amf_session_deliver_held(amf, p->ue);
}
