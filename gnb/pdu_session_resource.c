/*
 * PDU Session Resource Setup and Release, 38.413 8.2.1 and 8.2.2.
 *
 *   UE             gNB                                        AMF
 *    |              |<- PDU SESSION RESOURCE SETUP REQUEST ----|    the UPF's tunnels, QoS flows, NAS PDUs
 *    |<- bearers ---|                                          |
 *    |-- complete ->|-- PDU SESSION RESOURCE SETUP RESPONSE -->|    what is set up and what is not
 *    |              |<- PDU SESSION RESOURCE RELEASE COMMAND --|
 *    |<- release ---|-- PDU SESSION RESOURCE RELEASE RESPONSE >|
 */
#include "gnb/handover.h"

static void setup_answer(struct gnb *gnb, struct gnb_procedure *p)
{
	struct gnb_ue *ue = p->ue;
	struct ngap_pdu_session_resource_setup_item_su_res done[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_failed_to_setup_item_su_res failed[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_setup_list_su_res done_list = { 0, done };
	struct ngap_pdu_session_resource_failed_to_setup_list_su_res failed_list = { 0, failed };
	struct ngap_pdu_session_resource_setup_response m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
	};

	for (uint8_t i = 0; i < p->count; i++) {
		const struct gnb_item *item = &p->items[i];

		if (item->state == ITEM_DONE) {
			log_info(gnb->env->log, "RAN UE %u: PDU session %u is up", ue->ran_ue_ngap_id,
				item->psi);
			done[done_list.count].pdu_session_id = item->psi;
			done[done_list.count++].pdu_session_resource_setup_response_transfer =
				gnb_session_setup_transfer(gnb, ue->sessions[item->psi]);
		} else {
			failed[failed_list.count].pdu_session_id = item->psi;
			failed[failed_list.count++].pdu_session_resource_setup_unsuccessful_transfer =
				gnb_session_failure_transfer(gnb, item->cause);
		}
	}
	m.pdu_session_resource_setup_list_su_res = done_list.count ? &done_list : NULL;
	m.pdu_session_resource_failed_to_setup_list_su_res = failed_list.count ? &failed_list : NULL;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE, &m);
	if (!ue->drbs_spent || ue->releasing)
		return;
	log_info(gnb->env->log, "RAN UE %u has had all DRBs that one key is good for: it is to come again",
		ue->ran_ue_ngap_id);
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);
}

static const struct procedure_kind session_setup = { setup_answer, true };

/* More sessions than there are identities, no room for the procedure, or a handover: none of them is set up.
 */
static void setup_refuse(struct gnb *gnb, struct gnb_ue *ue,
	const struct ngap_pdu_session_resource_setup_list_su_req *list, enum ngap_cause_radio_network cause)
{
	struct ngap_pdu_session_resource_failed_to_setup_list_su_res failed = { 0 };
	struct ngap_pdu_session_resource_setup_response m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.pdu_session_resource_failed_to_setup_list_su_res = &failed,
	};

	failed.items = arena_array(&gnb->arena, list->count, sizeof(*failed.items));
	if (!failed.items)
		return;
	for (failed.count = 0; failed.count < list->count; failed.count++) {
		const struct gnb_item item = { .state = ITEM_FAILED, .cause = (uint8_t)cause };

		gnb_count_setup(gnb, gnb_slice_row(gnb, &list->items[failed.count].s_nssai));
		gnb_count_set_up(gnb, &item);
		failed.items[failed.count].pdu_session_id = list->items[failed.count].pdu_session_id;
		failed.items[failed.count].pdu_session_resource_setup_unsuccessful_transfer =
			gnb_session_failure_transfer(gnb, item.cause);
	}
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE, &m);
}

void gnb_n2_pdu_session_resource_setup_request(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_setup_request *m = pdu->u.pdu_session_resource_setup_request;
	const struct ngap_pdu_session_resource_setup_list_su_req *list =
		&m->pdu_session_resource_setup_list_su_req;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct gnb_procedure *p = NULL;
	enum ngap_cause_radio_network handover;

	if (!ue)
		return;
	handover = gnb_handover_refuses(ue);
	if (handover == NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED && ue->radio.on_air && !ue->releasing &&
		list->count <= GNB_ITEMS_MAX)
		p = gnb_procedure_new(gnb, ue, &session_setup);
	if (!p) {
		setup_refuse(gnb, ue, list,
			handover ? handover : NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE);
		return;
	}
	ue->active_ns = env_now_ns(gnb->env);
	if (m->has_nas_pdu)
		gnb_downlink_nas(gnb, ue, m->nas_pdu);
	for (size_t i = 0; i < list->count; i++)
		gnb_session_setup(gnb, p, list->items[i].pdu_session_id, &list->items[i].s_nssai,
			list->items[i].pdu_session_resource_setup_request_transfer,
			list->items[i].has_pdu_session_nas_pdu ? list->items[i].pdu_session_nas_pdu
							       : BYTES_NONE);
	gnb_procedure_check(gnb, p);
}

static bool release_one(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi, struct bytes nas)
{
	uint8_t drb;

	if (psi == 0 || psi > PDU_SESSIONS_MAX || !ue->sessions[psi])
		return false;
	drb = ue->sessions[psi]->drb;
	gnb_procedure_session_gone(gnb, ue, psi);
	/* The answer to what was being set up may have taken it already. */
	if (ue->sessions[psi])
		gnb_session_free(gnb, ue->sessions[psi]);
	return gnb_rrc_release_bearer(gnb, ue, drb, nas);
}

void gnb_n2_pdu_session_resource_release_command(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_release_command *m =
		pdu->u.pdu_session_resource_release_command;
	const struct ngap_pdu_session_resource_to_release_list_rel_cmd *list =
		&m->pdu_session_resource_to_release_list_rel_cmd;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct ngap_pdu_session_resource_release_response_transfer transfer = { 0 };
	struct ngap_pdu_session_resource_release_response r = { 0 };
	struct ngap_pdu_session_resource_released_list_rel_res *released =
		&r.pdu_session_resource_released_list_rel_res;
	struct bytes nas = m->has_nas_pdu ? m->nas_pdu : BYTES_NONE;
	struct bytes octets;

	if (!ue)
		return;
	octets = ngap_value_bytes(
		&ngap_pdu_session_resource_release_response_transfer_type, &transfer, &gnb->arena);
	released->items = arena_array(&gnb->arena, list->count, sizeof(*released->items));
	if (!released->items || !octets.data)
		return;
	/* Also what there was not counts as released (8.2.2.2). The NAS PDU goes with the first bearer. */
	for (size_t i = 0; i < list->count; i++) {
		if (release_one(gnb, ue, list->items[i].pdu_session_id, nas))
			nas = BYTES_NONE;
		released->items[i].pdu_session_id = list->items[i].pdu_session_id;
		released->items[i].pdu_session_resource_release_response_transfer = octets;
	}
	released->count = list->count;
	if (nas.len > 0)
		gnb_downlink_nas(gnb, ue, nas);
	r.amf_ue_ngap_id = ue->amf_ue_ngap_id;
	r.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE, &r);
}
