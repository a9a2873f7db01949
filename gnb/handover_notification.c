/*
 * Handover Notification, 38.413 8.4.3, at the target.
 *
 *   UE                  gNB                      AMF
 *    |-- complete ------>|-- HANDOVER NOTIFY ---->|    the UE is here; downlink comes here from now on
 */
#include "gnb/handover.h"

bool gnb_handover_notify_send(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	struct ngap_handover_notify m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id };

	if (gnb_cell_location(gnb, ue->radio.cell, &m.user_location_information))
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_HANDOVER_NOTIFY, &m);
	return false;
}
