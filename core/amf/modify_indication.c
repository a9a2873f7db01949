/*
 * PDU Session Resource Modify Indication, 38.413 8.2.5: the gNB has other tunnels for sessions.
 *
 *   gNB -> AMF    PDU SESSION RESOURCE MODIFY INDICATION    8.2.5.2
 *   AMF -> SMFs   Nsmf_PDUSession_UpdateSMContext           29.502: PDU_RES_MOD_IND, each session's
 *   AMF -> gNB    PDU SESSION RESOURCE MODIFY CONFIRM       those that go on, and those that do not
 */
#include "core/amf/handover.h"
#include "core/amf/ngap_handler.h"

typedef struct ngap_pdu_session_resource_modify_list_mod_ind indicated_list;

_Static_assert(sizeof(struct ngap_pdu_session_resource_modify_indication_unsuccessful_transfer) ==
		       sizeof(struct ngap_cause),
	"amf_moving_unsuccessful() makes one");

static struct bytes unsuccessful(struct amf *amf, struct ngap_cause cause)
{
	return amf_moving_unsuccessful(
		amf, &ngap_pdu_session_resource_modify_indication_unsuccessful_transfer_type, cause);
}

/* moving NULL: no SMF was asked, and all of the sessions fail. */
static void confirm_send(struct amf *amf, struct amf_connection *c, uint16_t sessions,
	const struct amf_moving_sessions *moving, struct ngap_cause cause)
{
	struct ngap_pdu_session_resource_modify_list_mod_cfm done = { 0 };
	struct ngap_pdu_session_resource_failed_to_modify_list_mod_cfm failed = { 0 };
	struct ngap_pdu_session_resource_modify_confirm m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id };

	done.items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*done.items));
	failed.items = arena_array(&amf->arena, PDU_SESSIONS_MAX, sizeof(*failed.items));
	if (!done.items || !failed.items)
		return; /* counted by the arena; the gNB goes on without an answer */
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		struct bytes info = moving ? amf_moving_info(moving, id) : BYTES_NONE;

		if (moving && amf_moving_has(moving->ready, id)) {
			done.items[done.count++] =
				(struct ngap_pdu_session_resource_modify_item_mod_cfm){ id, info };
		} else if (amf_moving_has(sessions, id)) {
			amf->stat[AMF_STAT_MODIFY_INDICATIONS_FAILED]++;
			failed.items[failed.count++] =
				(struct ngap_pdu_session_resource_failed_to_modify_item_mod_cfm){ id,
					info.len > 0 ? info : unsuccessful(amf, cause) };
		}
	}
	m.pdu_session_resource_modify_list_mod_cfm = done.count ? &done : NULL;
	m.pdu_session_resource_failed_to_modify_list_mod_cfm = failed.count ? &failed : NULL;
	amf_n2_send_ue(amf, c, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_CONFIRM, &m);
}

/* By identity; *twice has those that are named more than once (8.2.5.4). */
static uint16_t sessions_named(const indicated_list *list, uint16_t *twice)
{
	uint16_t named = 0;

	*twice = 0;
	for (size_t i = 0; i < list->count; i++) {
		uint8_t id = list->items[i].pdu_session_id;

		if (id == 0 || id > PDU_SESSIONS_MAX)
			continue;
		*twice |= (uint16_t)(named & 1u << id);
		named |= (uint16_t)(1u << id);
	}
	return named;
}

void amf_pdu_session_resource_modify_indication(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_pdu_session_resource_modify_indication *m = body;
	const indicated_list *list = &m->pdu_session_resource_modify_list_mod_ind;
	struct sm_context_update_data data = { .n2_sm_info_type = N2_SM_PDU_RES_MOD_IND };
	struct amf_modify_indication *p;
	uint16_t twice, named = sessions_named(list, &twice);

	amf->stat[AMF_STAT_MODIFY_INDICATIONS]++;
	if (m->user_location_information)
		amf_connection_take_location(amf, c, m->user_location_information);
	p = (struct amf_modify_indication *)amf_procedure_begin(amf, c->ue, AMF_MODIFY_INDICATION);
	if (!p) {
		confirm_send(amf, c, named, NULL,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE));
		return;
	}
	p->named = named;
	for (size_t i = 0; i < list->count; i++) {
		uint8_t id = list->items[i].pdu_session_id;
		const struct amf_session *s =
			amf_moving_has(named & (uint16_t)~twice, id) ? amf_moving_session(c->ue, id) : NULL;

		data.n2_sm_info = list->items[i].pdu_session_resource_modify_indication_transfer;
		if (s)
			amf_moving_ask(amf, &p->p, &p->sessions, s, &data);
	}
	amf_procedure_wait(amf, &p->p, p->sessions.asked ? AMF_HANDOVER_SMF_MS : 0);
}

static void finish(struct amf *amf, struct amf_modify_indication *p)
{
	struct amf_connection *c = amf_connection_for(p->p.ue, AMF_FOR_NAS);

	if (c)
		confirm_send(amf, c, p->named, &p->sessions,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID));
	amf_procedure_end(amf, &p->p);
}

void amf_modify_indication_answered(
	struct amf *amf, struct amf_modify_indication *p, const struct sbi_answer *a)
{
	amf_moving_answered(amf, p->p.ue, &p->sessions, a, N2_SM_PDU_RES_MOD_CFM);
	if (!p->sessions.asked)
		finish(amf, p);
}

void amf_modify_indication_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_modify_indication *m = (struct amf_modify_indication *)p;

	amf_moving_give_up(&m->sessions);
	finish(amf, m);
}

void amf_modify_indication_ended(struct amf *amf, struct amf_procedure *p)
{
	amf_moving_fini(&((struct amf_modify_indication *)p)->sessions);
}
