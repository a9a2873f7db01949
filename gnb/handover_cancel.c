/*
 * Handover Cancellation by N2, 38.413 8.4.5, at the source.
 *
 *   gNB                                  AMF
 *    |-- HANDOVER CANCEL ---------------->|    the UE stays, or is back
 *    |<- HANDOVER CANCEL ACKNOWLEDGE -----|
 */
#include "gnb/handover.h"

bool gnb_handover_cancel_send(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause)
{
	struct ngap_handover_cancel m = { .amf_ue_ngap_id = h->ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = h->ue->ran_ue_ngap_id,
		.cause = *cause };

	return gnb_n2_send_ue(gnb, h->ue, NGAP_MSG_HANDOVER_CANCEL, &m);
}

void gnb_n2_handover_cancel_acknowledge(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_handover_cancel_acknowledge *m = pdu->u.handover_cancel_acknowledge;
	struct gnb_ue *ue = m->no_amf_ue_ngap_id || m->no_ran_ue_ngap_id
				    ? NULL
				    : gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct gnb_handover *h = ue ? gnb_handover_from(ue) : NULL;

	if (!h || gnb_source_event(gnb, h, SOURCE_EV_CANCELLED, NULL) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
}
