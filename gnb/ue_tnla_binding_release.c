/*
 * UE TNLA Binding Release, 38.413 8.13.1: the UE's signalling is bound to no association until it needs one.
 *
 *   gNB                                        AMF
 *    |<- UE TNLA BINDING RELEASE REQUEST -------|    context and user plane stay
 *
 * There is one association with each AMF, so what can be bound anew is the stream.
 */
#include "gnb/internal.h"

void gnb_n2_uetnla_binding_release_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_uetnla_binding_release_request *m = pdu->u.uetnla_binding_release_request;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (ue)
		ue->stream = gnb_n2_stream(amf);
}
