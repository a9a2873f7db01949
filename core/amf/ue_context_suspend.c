/*
 * UE Context Suspend and Resume, 38.413 8.3.11 and 8.3.12: of ng-eNBs and user plane CIoT optimisation, which
 * are not here. So each is refused by its own failure message, and the gNB goes on as the clause says.
 *
 *   gNB -> AMF  UE CONTEXT SUSPEND REQUEST
 *   AMF -> gNB  UE CONTEXT SUSPEND FAILURE    8.3.11.3: the UE stays connected
 *   gNB -> AMF  UE CONTEXT RESUME REQUEST
 *   AMF -> gNB  UE CONTEXT RESUME FAILURE     8.3.12.3: which releases the connection
 */
#include "core/amf/internal.h"

static struct ngap_cause refusal(void)
{
	return ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
}

void amf_ue_context_suspend_request(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_context_suspend_failure m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id, .ran_ue_ngap_id = c->ran_ue_ngap_id, .cause = refusal()
	};

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_SUSPEND_FAILURE, &m);
}

void amf_ue_context_resume_request(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_context_resume_failure m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id, .ran_ue_ngap_id = c->ran_ue_ngap_id, .cause = refusal()
	};

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_RESUME_FAILURE, &m);
	amf_connection_lost(amf, c);
}
