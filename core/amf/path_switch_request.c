/*
 * Path switch, 38.413 8.4.4 and 23.502 4.9.1.2.2: the UE has gone to another gNB over Xn.
 *
 *   target -> AMF  PATH SWITCH REQUEST                8.4.4.2: the connection is the target's from here on
 *   AMF -> SMFs    UpdateSMContext (toBeSwitched)     29.502 5.2.2.3.3; (failedToBeSwitched) of the others
 *   AMF -> target  PATH SWITCH REQUEST ACKNOWLEDGE    8.4.4.2: a fresh {NH, NCC}
 *                  or PATH SWITCH REQUEST FAILURE     8.4.4.3: no session was switched, 8.4.4.4
 *
 * The source lets its connection go by itself, so nothing is sent to it.
 *
 * The UE may come in the midst of a change of K_AMF. 33.501 6.9.5.1: its {NH, NCC} is of the K_AMF before, as
 * long as no gNB has the key of the new one; the security mode command, or that key, goes to the target next.
 */
#include "core/amf/handover.h"
#include "core/amf/ladn.h"
#include "core/amf/ran.h"
#include "core/amf/paging.h"

typedef struct ngap_pdu_session_resource_to_be_switched_dl_list switched_dl_list;

static bool released_fail_list(struct amf *amf, uint16_t sessions, const struct amf_moving_sessions *moving,
	struct ngap_cause cause, struct ngap_pdu_session_resource_released_list_ps_fail *out)
{
	out->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*out->items));
	for (uint8_t id = 1; out->items && id <= PDU_SESSIONS_MAX; id++) {
		struct bytes info = moving ? amf_moving_info(moving, id) : BYTES_NONE;

		if (!amf_moving_has(sessions, id))
			continue;
		if (info.len == 0)
			info = amf_moving_unsuccessful(
				amf, &ngap_path_switch_request_unsuccessful_transfer_type, cause);
		out->items[out->count++] =
			(struct ngap_pdu_session_resource_released_item_ps_fail){ id, info };
	}
	return out->items != NULL;
}

/* 8.4.4.3: the gNB has no session of the UE any more. moving NULL: no SMF was asked. */
static void failure_send(struct amf *amf, struct amf_gnb *gnb, uint64_t amf_ue_ngap_id,
	uint32_t ran_ue_ngap_id, uint16_t sessions, const struct amf_moving_sessions *moving,
	struct ngap_cause cause)
{
	struct ngap_path_switch_request_failure m = { .amf_ue_ngap_id = amf_ue_ngap_id,
		.ran_ue_ngap_id = ran_ue_ngap_id };
	char text[NGAP_CAUSE_TEXT_SIZE];

	amf->stat[AMF_STAT_PATH_SWITCHES_FAILED]++;
	amf_count_path_switch_failure(amf, &cause);
	log_info(amf->nf.env->log, "%s: path switch of RAN UE %u refused, cause %s", gnb->name,
		ran_ue_ngap_id, ngap_cause_text(&cause, text));
	if (released_fail_list(amf, sessions, moving, cause, &m.pdu_session_resource_released_list_ps_fail))
		amf_n2_send_whose(amf, gnb, 0, amf->whose, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE, &m);
}

/* Its sessions by identity; false: one is named twice (8.4.4.4), or none that there can be is. */
static bool sessions_named(const switched_dl_list *list, uint16_t *out)
{
	bool once = true;

	*out = 0;
	for (size_t i = 0; i < list->count; i++) {
		uint8_t id = list->items[i].pdu_session_id;

		if (id == 0 || id > PDU_SESSIONS_MAX)
			continue;
		once &= !amf_moving_has(*out, id);
		*out |= (uint16_t)(1u << id);
	}
	return once;
}

/* The connection that the source had, where the UE is known to be. */
static struct amf_connection *connection_of(struct amf *amf, uint64_t source_amf_ue_ngap_id)
{
	struct amf_connection *c = hash_get(
		&amf->connection_by_amf_id, source_amf_ue_ngap_id, 0, struct amf_connection, by_amf_id);

	return c && c->ue && c->ue->serving == c && c->context_setup && c->ue->registered &&
			       c->ue->security.active
		       ? c
		       : NULL;
}

static bool bits_equal(struct per_bits a, struct per_bits b)
{
	return a.len_bits == b.len_bits &&
	       bytes_equal(bytes_of(a.data, (a.len_bits + 7) / 8), bytes_of(b.data, (b.len_bits + 7) / 8));
}

/* 33.501 6.7.3.1: others than the UE's own show that a gNB on the way has lost or changed them. */
static bool capabilities_equal(
	struct amf *amf, const struct amf_ue *ue, const struct ngap_path_switch_request *m)
{
	const struct ngap_ue_security_capabilities *theirs = &m->ue_security_capabilities;
	struct ngap_ue_security_capabilities ours = amf_ie_security_capabilities(amf, ue);

	return m->no_ue_security_capabilities ||
	       (bits_equal(theirs->nr_encryption_algorithms, ours.nr_encryption_algorithms) &&
		       bits_equal(theirs->nr_integrity_protection_algorithms,
			       ours.nr_integrity_protection_algorithms) &&
		       bits_equal(theirs->eutra_encryption_algorithms, ours.eutra_encryption_algorithms) &&
		       bits_equal(theirs->eutra_integrity_protection_algorithms,
			       ours.eutra_integrity_protection_algorithms));
}

static void sessions_switch(
	struct amf *amf, struct amf_path_switch *p, const struct ngap_path_switch_request *m)
{
	const switched_dl_list *list = &m->pdu_session_resource_to_be_switched_dl_list;
	const struct ngap_pdu_session_resource_failed_to_setup_list_ps_req *failed =
		m->pdu_session_resource_failed_to_setup_list_ps_req;
	struct sm_context_update_data data = { .to_be_switched = true,
		.n2_sm_info_type = N2_SM_PATH_SWITCH_REQ };
	struct sm_context_update_data lost = { .failed_to_be_switched = true,
		.n2_sm_info_type = N2_SM_PATH_SWITCH_SETUP_FAIL };
	struct sm_context_update_data deactivated = { .up_cnx_state = UP_CNX_DEACTIVATED };
	uint16_t named = 0;

	for (size_t i = 0; i < list->count; i++) {
		uint8_t id = list->items[i].pdu_session_id;
		const struct amf_session *s = amf_moving_session(p->p.ue, id);

		if (id == 0 || id > PDU_SESSIONS_MAX)
			continue;
		named |= (uint16_t)(1u << id);
		data.n2_sm_info = list->items[i].path_switch_request_transfer;
		if (s)
			amf_moving_ask(amf, &p->p, &p->sessions, s, &data);
		else
			amf_moving_fail(&p->sessions, id);
	}
	for (size_t i = 0; failed && i < failed->count; i++) {
		uint8_t id = failed->items[i].pdu_session_id;

		if (id == 0 || id > PDU_SESSIONS_MAX || amf_moving_has(named, id))
			continue;
		named |= (uint16_t)(1u << id);
		lost.n2_sm_info = failed->items[i].path_switch_request_setup_failed_transfer;
		amf_moving_tell(amf, p->p.ue, (uint16_t)(1u << id), &lost);
	}
	amf_moving_tell(amf, p->p.ue, (uint16_t)~(named | amf_n1n2_waiting_sessions(p->p.ue)), &deactivated);
}

/* The gNB uses the id again: what it named before is gone there. */
static void id_taken(
	struct amf *amf, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id, const struct amf_connection *c)
{
	struct amf_connection *other = amf_connection_by_ran_id(amf, gnb, ran_ue_ngap_id);

	if (other && other != c)
		amf_connection_lost(amf, other);
}

/* The key is settled now: it is of the chain that source and UE have come with. */
static void key_take(struct amf *amf, struct amf_path_switch *p)
{
	struct amf_ue *ue = p->p.ue;
	struct amf_rekeying *r = amf_rekeying_of(ue);
	struct ngap_security_context fresh;

	if (r) {
		r->sent = false; /* the source has it or not; the target gets it after this */
		p->has_key = amf_next_hop_step(&r->before);
		p->key = r->before;
		return;
	}
	p->has_key = amf_next_hop_fresh(amf, ue, &fresh) && amf_next_hop_of(ue, &p->key);
}

/* 8.4.4.2 */
void amf_path_switch_request(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_path_switch_request *m = body;
	struct amf_connection *c = connection_of(amf, m->source_amf_ue_ngap_id);
	struct amf_path_switch *p = NULL;
	struct ngap_cause cause =
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES);
	bool once;
	uint16_t named;

	amf->stat[AMF_STAT_PATH_SWITCHES]++;
	amf->whose = c ? c->whose : 0;
	once = sessions_named(&m->pdu_session_resource_to_be_switched_dl_list, &named);
	if (once) {
		cause = ngap_cause_radio(c ? NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE
					   : NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID);
		if (c && gnb->connection_count < AMF_CONNECTIONS_PER_GNB_MAX)
			p = (struct amf_path_switch *)amf_procedure_begin(amf, c->ue, AMF_PATH_SWITCH);
	}
	if (!p) {
		failure_send(amf, gnb, m->source_amf_ue_ngap_id, m->ran_ue_ngap_id, named, NULL, cause);
		return;
	}
	log_info(amf->nf.env->log, "imsi-%s: went from gNB %s to gNB %s", c->ue->supi.imsi, c->gnb->name,
		gnb->name);
	id_taken(amf, gnb, m->ran_ue_ngap_id, c);
	if (!m->no_user_location_information)
		amf_connection_take_location(amf, c, &m->user_location_information);
	amf_connection_switch(amf, c, gnb, m->ran_ue_ngap_id);
	key_take(amf, p);
	amf_ue_dirty(amf, c->ue);
	p->capabilities_differ = !capabilities_equal(amf, c->ue, m);
	if (p->capabilities_differ) {
		amf->stat[AMF_STAT_CAPABILITIES_DIFFER]++;
		log_warn(amf->nf.env->log,
			"imsi-%s: gNB %s has other security capabilities of the UE than it has given: they "
			"are "
			"corrected, and a gNB on its way may be compromised",
			c->ue->supi.imsi, gnb->name);
	}
	sessions_switch(amf, p, m);
	amf_procedure_wait(amf, &p->p, p->sessions.asked ? AMF_HANDOVER_SMF_MS : 0);
}

static bool acknowledge_lists(struct amf *amf, const struct amf_path_switch *p,
	struct ngap_pdu_session_resource_switched_list *done,
	struct ngap_pdu_session_resource_released_list_ps_ack *gone)
{
	struct ngap_cause cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);

	done->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*done->items));
	gone->items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*gone->items));
	if (!done->items || !gone->items)
		return false;
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		struct bytes info = amf_moving_info(&p->sessions, id);

		if (amf_moving_has(p->sessions.ready, id))
			done->items[done->count++] =
				(struct ngap_pdu_session_resource_switched_item){ id, info, NULL };
		else if (amf_moving_has(p->sessions.failed, id))
			gone->items[gone->count++] = (struct ngap_pdu_session_resource_released_item_ps_ack){
				id,
				info.len > 0
					? info
					: amf_moving_unsuccessful(amf,
						  &ngap_path_switch_request_unsuccessful_transfer_type, cause)
			};
	}
	return true;
}

static bool acknowledge_send(struct amf *amf, struct amf_path_switch *p, struct amf_connection *c)
{
	struct ngap_pdu_session_resource_released_list_ps_ack gone = { 0 };
	struct ngap_ue_security_capabilities capabilities = amf_ie_security_capabilities(amf, c->ue);
	struct ngap_path_switch_request_acknowledge m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.ue_security_capabilities = p->capabilities_differ ? &capabilities : NULL,
		.security_context = { p->key.ncc, { p->key.nh, 8 * sizeof(p->key.nh) } },
	};

	if (!p->has_key || !acknowledge_lists(amf, p, &m.pdu_session_resource_switched_list, &gone) ||
		!amf_ie_allowed_nssai(amf, c->ue, &m.allowed_nssai))
		return false;
	m.pdu_session_resource_released_list_ps_ack = gone.count > 0 ? &gone : NULL;
	return amf_n2_send_ue(amf, c, NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE, &m);
}

/* All SMFs have answered, or have not for too long. A gNB that gets no session does not keep the UE. */
static void path_switch_finish(struct amf *amf, struct amf_path_switch *p)
{
	struct amf_connection *c = amf_connection_for(p->p.ue, AMF_FOR_NAS);
	struct ngap_cause cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED);

	if (p->sessions.ready && acknowledge_send(amf, p, c)) {
		amf->stat[AMF_STAT_PATH_SWITCHES_DONE]++;
		amf_ue_event_handover(amf, p->p.ue, NULL);
		amf_procedure_end(amf, &p->p);
		amf_connection_put(amf, c);
		amf_session_deliver_held(amf, c->ue);
		amf_ladn_moved(amf, c->ue);
		amf_order_carry_out(amf, c);
		return;
	}
	amf->whose = c->whose;
	amf_ue_event_handover(amf, p->p.ue, &cause);
	failure_send(amf, c->gnb, c->amf_ue_ngap_id, c->ran_ue_ngap_id,
		p->sessions.ready | p->sessions.failed, &p->sessions, cause);
	amf_connection_release(
		amf, c, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
}

void amf_path_switch_answered(struct amf *amf, struct amf_path_switch *p, const struct sbi_answer *a)
{
	amf_moving_answered(amf, p->p.ue, &p->sessions, a, N2_SM_PATH_SWITCH_REQ_ACK);
	if (!p->sessions.asked)
		path_switch_finish(amf, p);
}

void amf_path_switch_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_path_switch *s = (struct amf_path_switch *)p;

	amf_moving_give_up(&s->sessions);
	path_switch_finish(amf, s);
}

void amf_path_switch_ended(struct amf *amf, struct amf_procedure *p)
{
	struct amf_path_switch *s = (struct amf_path_switch *)p;

	explicit_bzero(&s->key, sizeof(s->key));
	amf_moving_fini(&s->sessions);
}

bool amf_moving_on_answer(struct amf *amf, const struct sbi_answer *a)
{
	struct amf_procedure *p =
		a->op == SBI_SMF_UPDATE_SM_CONTEXT ? amf_procedure_of_token(amf, &a->token) : NULL;

	if (!p)
		return false;
	if (p->kind == AMF_HANDOVER)
		amf_handover_answered(amf, (struct amf_handover *)p, a);
	else if (p->kind == AMF_PATH_SWITCH)
		amf_path_switch_answered(amf, (struct amf_path_switch *)p, a);
	else if (p->kind == AMF_MODIFY_INDICATION)
		amf_modify_indication_answered(amf, (struct amf_modify_indication *)p, a);
	return true;
}
