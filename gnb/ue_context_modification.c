/*
 * UE Context Modification, 38.413 8.3.4.
 *
 *   gNB                                  AMF
 *    |<- UE CONTEXT MODIFICATION REQUEST --|    another K_gNB, AMF UE NGAP ID, UE-AMBR
 *    |-- UE CONTEXT MODIFICATION RESPONSE >|    FAILURE while it is handed over
 *
 * Another K_gNB is answered once the UE has it too (33.501 6.9.4.4), or has come back without it.
 */
#include "gnb/handover.h"

static void failure_send(struct gnb *gnb, struct gnb_ue *ue, enum ngap_cause_radio_network cause)
{
	struct ngap_ue_context_modification_failure m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.cause = ngap_cause_radio(cause) };

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &m);
}

static void response_send(struct gnb *gnb, struct gnb_ue *ue)
{
	struct ngap_ue_context_modification_response m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id };

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &m);
}

static void key_changed(struct gnb *gnb, struct gnb_ue *ue, bool done)
{
	if (done) {
		log_info(gnb->env->log, "RAN UE %u has another key", ue->ran_ue_ngap_id);
		response_send(gnb, ue);
		return;
	}
	failure_send(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
}

void gnb_n2_ue_context_modification_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_modification_request *m = pdu->u.ue_context_modification_request;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (!ue)
		return;
	if (gnb_handover_refuses(ue) != NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) {
		failure_send(gnb, ue, gnb_handover_refuses(ue));
		return;
	}
	if (m->has_security_key &&
		!gnb_key_change(
			gnb, ue, bytes_of(m->security_key.data, m->security_key.len_bits / 8), key_changed)) {
		failure_send(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
		return;
	}
	if (m->has_new_amf_ue_ngap_id)
		ue->amf_ue_ngap_id = m->new_amf_ue_ngap_id;
	if (m->ue_aggregate_maximum_bit_rate) {
		ue->ambr_dl_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_dl;
		ue->ambr_ul_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_ul;
	}
	if (!m->has_security_key)
		response_send(gnb, ue);
}
