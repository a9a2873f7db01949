/*
 * UE Context Release and its request, 38.413 8.3.2 and 8.3.3.
 *
 *   UE            gNB                                AMF
 *    |  (lost,     |-- UE CONTEXT RELEASE REQUEST ---->|    8.3.2; guard; then NG RESET of the one UE
 *    |  inactive)  |<- UE CONTEXT RELEASE COMMAND -----|    8.3.3
 *    |<- release --|-- UE CONTEXT RELEASE COMPLETE --->|
 */
#include "gnb/handover.h"

static size_t sessions_of(const struct gnb_ue *ue, uint8_t psis[PDU_SESSIONS_MAX])
{
	size_t n = 0;

	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			psis[n++] = psi;
	return n;
}

/* To another gNB, which has it now. */
static bool has_moved(const struct gnb_ue *ue, const struct ngap_cause *cause)
{
	const struct gnb_handover *h = gnb_handover_from(ue);

	return h && h->state == SOURCE_EXECUTING && cause->tag == NGAP_CAUSE_TAG_RADIO_NETWORK &&
	       cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_SUCCESSFUL_HANDOVER;
}

void gnb_n2_ue_context_release_command(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_release_command *m = pdu->u.ue_context_release_command;
	const struct ngap_ue_ngap_id_pair *pair = &m->ue_ngap_ids.u.ue_ngap_id_pair;
	struct ngap_pdu_session_resource_item_cxt_rel_cpl items[PDU_SESSIONS_MAX] = { 0 };
	struct ngap_pdu_session_resource_list_cxt_rel_cpl list = { 0, items };
	struct ngap_ue_context_release_complete r = { 0 };
	uint8_t psis[PDU_SESSIONS_MAX];
	struct gnb_ue *ue = NULL;

	if (m->ue_ngap_ids.tag == NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR) {
		ue = gnb_n2_ue_find(gnb, amf, pair->amf_ue_ngap_id, pair->ran_ue_ngap_id);
	} else if (m->ue_ngap_ids.tag == NGAP_UE_NGAP_IDS_TAG_AMF_UE_NGAP_ID) {
		ue = gnb_ue_of_amf_id(amf, m->ue_ngap_ids.u.amf_ue_ngap_id);
		if (!ue)
			gnb_n2_send_error_indication(gnb, amf, &m->ue_ngap_ids.u.amf_ue_ngap_id, NULL,
				ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID));
	}
	if (!ue)
		return;
	gnb->stat[GNB_STAT_REL_CMD]++;
	gnb->stat[GNB_STAT_HO_EXE_SUCC] += has_moved(ue, &m->cause);
	list.count = sessions_of(ue, psis);
	for (size_t i = 0; i < list.count; i++)
		items[i].pdu_session_id = psis[i];
	r.amf_ue_ngap_id = ue->amf_ue_ngap_id;
	r.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	r.pdu_session_resource_list_cxt_rel_cpl = list.count ? &list : NULL;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &r);
	gnb_rrc_end(gnb, ue, GNB_RRC_RELEASED);
	gnb_ue_free(gnb, ue);
}

/* The AMF has a context that we have not: 8.7.4.2.1, by our id only while we do not know the AMF's. */
static void reset_send(struct gnb *gnb, const struct gnb_ue *ue)
{
	struct ngap_ue_associated_logical_ng_connection_item item = {
		.has_amf_ue_ngap_id = ue->has_amf_ue_ngap_id,
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.has_ran_ue_ngap_id = true,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
	};
	struct ngap_ng_reset m = {
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST),
		.reset_type = {
			.tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { 1, &item },
		},
	};

	gnb_n2_send(gnb, ue->amf, 0, NGAP_MSG_NG_RESET, &m);
}

/* The AMF did not answer the request: the context goes all the same. */
static void release_guard(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;
	struct gnb_ue *ue = container_of(t, struct gnb_ue, timer);

	log_warn(
		gnb->env->log, "AMF %s does not release RAN UE %u; reset", ue->amf->name, ue->ran_ue_ngap_id);
	reset_send(gnb, ue);
	gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
	gnb_ue_free(gnb, ue);
}

static void release_request_send(struct gnb *gnb, struct gnb_ue *ue)
{
	struct ngap_pdu_session_resource_item_cxt_rel_req items[PDU_SESSIONS_MAX] = { 0 };
	struct ngap_pdu_session_resource_list_cxt_rel_req list = { 0, items };
	struct ngap_ue_context_release_request m = { 0 };
	uint8_t psis[PDU_SESSIONS_MAX];

	list.count = sessions_of(ue, psis);
	for (size_t i = 0; i < list.count; i++)
		items[i].pdu_session_id = psis[i];
	m.amf_ue_ngap_id = ue->amf_ue_ngap_id;
	m.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	m.pdu_session_resource_list_cxt_rel_req = list.count ? &list : NULL;
	m.cause = ngap_cause_radio((enum ngap_cause_radio_network)ue->release_cause);
	gnb->stat[GNB_STAT_REL_REQ] += gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m);
	timer_set(&gnb->timers, &ue->timer, env_now_ns(gnb->env) + GNB_RELEASE_GUARD_MS * (uint64_t)NS_PER_MS,
		release_guard);
}

void gnb_ue_release_request(struct gnb *gnb, struct gnb_ue *ue, enum ngap_cause_radio_network cause)
{
	if (!ue->has_amf_ue_ngap_id) {
		reset_send(gnb, ue);
		gnb_rrc_end(gnb, ue, GNB_RRC_FAILED);
		gnb_ue_free(gnb, ue);
		return;
	}
	if (ue->releasing)
		return;
	ue->releasing = true;
	ue->release_cause = (uint8_t)cause;
	timer_stop(&gnb->timers, &ue->timer);
	if (gnb_n2_is_open(ue->amf))
		release_request_send(gnb, ue);
}

void gnb_ue_release_again(struct gnb *gnb, struct gnb_ue *ue)
{
	if (ue->releasing)
		release_request_send(gnb, ue);
}

void gnb_ue_lost(struct gnb *gnb, struct gnb_ue *ue)
{
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
}
