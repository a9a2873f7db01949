/*
 * Initial Context Setup, 38.413 8.3.1.
 *
 *   UE             gNB                                   AMF
 *    |              |<- INITIAL CONTEXT SETUP REQUEST ----|    K_gNB, algorithms, sessions, NAS PDU
 *    |<- security --|                                     |
 *    |-- complete ->|                                     |    air_guard_ms for both
 *    |<- bearers ---|                                     |
 *    |-- complete ->|-- INITIAL CONTEXT SETUP RESPONSE -->|    or FAILURE: no algorithm, UE lost
 */
#include "gnb/handover.h"

static const enum ngap_cause_radio_network no_common_algorithm =
	NGAP_CAUSE_RADIO_NETWORK_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED;

static void failure_send(struct gnb *gnb, struct gnb_ue *ue, enum ngap_cause_radio_network cause)
{
	struct ngap_initial_context_setup_failure m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.cause = ngap_cause_radio(cause),
	};

	gnb->stat[GNB_STAT_CONTEXT_FAILURES]++;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE, &m);
}

static void context_answer(struct gnb *gnb, struct gnb_procedure *p)
{
	struct gnb_ue *ue = p->ue;
	struct ngap_pdu_session_resource_setup_item_cxt_res done[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_failed_to_setup_item_cxt_res failed[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_setup_list_cxt_res done_list = { 0, done };
	struct ngap_pdu_session_resource_failed_to_setup_list_cxt_res failed_list = { 0, failed };
	struct ngap_initial_context_setup_response m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
	};

	if (p->security_pending) {
		failure_send(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
		return;
	}
	for (uint8_t i = 0; i < p->count; i++) {
		const struct gnb_item *item = &p->items[i];

		if (item->state == ITEM_DONE) {
			done[done_list.count].pdu_session_id = item->psi;
			done[done_list.count++].pdu_session_resource_setup_response_transfer =
				gnb_session_setup_transfer(gnb, ue->sessions[item->psi]);
		} else {
			failed[failed_list.count].pdu_session_id = item->psi;
			failed[failed_list.count++].pdu_session_resource_setup_unsuccessful_transfer =
				gnb_session_failure_transfer(gnb, item->cause);
		}
	}
	m.pdu_session_resource_setup_list_cxt_res = done_list.count ? &done_list : NULL;
	m.pdu_session_resource_failed_to_setup_list_cxt_res = failed_list.count ? &failed_list : NULL;
	gnb->stat[GNB_STAT_CONTEXTS]++;
	log_info(gnb->env->log, "RAN UE %u is served for AMF %s: NEA%u, NIA%u, %zu sessions",
		ue->ran_ue_ngap_id, ue->amf->name, ue->ea, ue->ia, done_list.count);
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &m);
	gnb_cell_traffic_trace(gnb, ue);
}

static const struct procedure_kind context_setup = { context_answer, true };

static bool context_take(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_initial_context_setup_request *m)
{
	gnb_capabilities_take(ue, &m->ue_security_capabilities);
	/* 8.3.1.2: without the list there are no restrictions. */
	if (!gnb_algorithms_choose(gnb, ue) ||
		!gnb_restrictions_take(gnb, ue, m->mobility_restriction_list) ||
		!bytes_copy(ue->k_gnb, sizeof(ue->k_gnb),
			bytes_of(m->security_key.data, m->security_key.len_bits / 8)))
		return false;
	ue->guami = ngap_guami(&m->guami);
	if (m->ue_aggregate_maximum_bit_rate) {
		ue->ambr_dl_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_dl;
		ue->ambr_ul_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_ul;
	}
	if (m->has_masked_imeisv)
		ue->masked_imeisv = m->masked_imeisv;
	ue->ncc = 0; /* 33.501 6.9.2.1.1 */
	ue->has_nh = false;
	gnb_drbs_key_is_new(ue);
	gnb->contexts += !ue->context;
	ue->context = true;
	return true;
}

void gnb_n2_initial_context_setup_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_initial_context_setup_request *m = pdu->u.initial_context_setup_request;
	const struct ngap_pdu_session_resource_setup_list_cxt_req *list =
		m->pdu_session_resource_setup_list_cxt_req;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct gnb_procedure *p;

	if (!ue)
		return;
	if (!ue->radio.on_air || ue->releasing) {
		failure_send(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
		return;
	}
	p = list && list->count > GNB_ITEMS_MAX ? NULL : gnb_procedure_new(gnb, ue, &context_setup);
	if (!p) {
		failure_send(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE);
		return;
	}
	if (!context_take(gnb, ue, m)) {
		gnb_procedure_free(gnb, p);
		failure_send(gnb, ue, no_common_algorithm);
		return;
	}
	ue->active_ns = env_now_ns(gnb->env);
	p->security_pending = true;
	gnb_rrc_activate_security(gnb, ue);
	if (m->has_ue_radio_capability)
		gnb_rrc_capability_known(
			gnb, ue, gnb_ue_radio_capability_containers(gnb, m->ue_radio_capability));
	else
		gnb_rrc_enquire_capability(gnb, ue);
	if (m->has_nas_pdu)
		gnb_downlink_nas(gnb, ue, m->nas_pdu);
	for (size_t i = 0; list && i < list->count; i++)
		gnb_session_setup(gnb, p, list->items[i].pdu_session_id, &list->items[i].s_nssai,
			list->items[i].pdu_session_resource_setup_request_transfer,
			list->items[i].has_nas_pdu ? list->items[i].nas_pdu : BYTES_NONE);
	gnb_procedure_check(gnb, p);
}
