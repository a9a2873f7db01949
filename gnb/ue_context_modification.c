/*
 * UE Context Modification, 38.413 8.3.4.
 *
 *   gNB                                  AMF
 *    |<- UE CONTEXT MODIFICATION REQUEST --|    another K_gNB, AMF UE NGAP ID, UE-AMBR
 *    |-- UE CONTEXT MODIFICATION RESPONSE >|    FAILURE while it is handed over
 */
#include "gnb/handover.h"

static void failure_send(struct gnb *gnb, struct gnb_ue *ue, enum ngap_cause_radio_network cause)
{
	struct ngap_ue_context_modification_failure m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.cause = ngap_cause_radio(cause) };

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &m);
}

void gnb_n2_ue_context_modification_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ue_context_modification_request *m = pdu->u.ue_context_modification_request;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct ngap_ue_context_modification_response r = { 0 };

	if (!ue)
		return;
	if (gnb_handover_refuses(ue) != NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) {
		failure_send(gnb, ue, gnb_handover_refuses(ue));
		return;
	}
	if (m->has_security_key) {
		ue->ncc = ue->nh_ncc = 0; /* 33.501 6.9.2.1.1: the chain begins with it */
		ue->has_nh = false;
		bytes_copy(ue->k_gnb, sizeof(ue->k_gnb),
			bytes_of(m->security_key.data, m->security_key.len_bits / 8));
	}
	if (m->has_new_amf_ue_ngap_id)
		ue->amf_ue_ngap_id = m->new_amf_ue_ngap_id;
	if (m->ue_aggregate_maximum_bit_rate) {
		ue->ambr_dl_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_dl;
		ue->ambr_ul_bps =
			(uint64_t)m->ue_aggregate_maximum_bit_rate->ue_aggregate_maximum_bit_rate_ul;
	}
	r.amf_ue_ngap_id = ue->amf_ue_ngap_id;
	r.ran_ue_ngap_id = ue->ran_ue_ngap_id;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &r);
}
