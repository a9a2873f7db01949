/*
 * Handover cancellation, 38.413 8.4.5.
 *
 *   source -> AMF  HANDOVER CANCEL                before or after the command
 *   AMF -> source  HANDOVER CANCEL ACKNOWLEDGE    always, so that the source does not wait
 *   AMF -> target  UE CONTEXT RELEASE COMMAND     8.3.3
 */
#include "core/amf/handover.h"

void amf_handover_cancel(struct amf *amf, struct amf_connection *c, const void *body)
{
	struct amf_handover *h = c->ue && c->ue->serving == c ? amf_handover_of(c->ue) : NULL;
	struct ngap_handover_cancel_acknowledge m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id };

	amf_n2_send_ue(amf, c, NGAP_MSG_HANDOVER_CANCEL_ACKNOWLEDGE, &m);
	if (!h)
		return;
	h->cancelled = true;
	amf_handover_fail(amf, h, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED));
}
