/*
 * PDU session authentication and authorization, 24.501 6.3.1: a data network asks by EAP, and this UE has no
 * credential for any. So it says that it has no identity, and no method (RFC 3748 5.1, 5.3.1); what follows
 * is the network's refusal with #29.
 *
 *   UE                                          SMF
 *    |<- PDU SESSION AUTHENTICATION COMMAND -----|    EAP-Request
 *    |-- PDU SESSION AUTHENTICATION COMPLETE --->|    EAP-Response
 *    |<- REJECT, or RELEASE COMMAND -------------|    EAP-Failure
 */
#include "ue/internal.h"
#include "wire/eap/eap.h"

/* RFC 3748 5.3.1: no other method is wanted. */
static const uint8_t no_method[] = { EAP_TYPE_NONE };

enum fsm_outcome ue_session_authentication_command(void *room, void *context, const void *arg)
{
	struct ue_session *s = context;
	const struct nas_msg *m = arg;
	struct ue_session_order o = ue_session_order_of(s);
	struct nas_msg complete = { .type = NAS_PDU_SESSION_AUTHENTICATION_COMPLETE };
	uint8_t octets[UE_EAP_RESPONSE_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct eap_packet request, response = { .code = EAP_RESPONSE };

	ue_backoff_stop(s->ue, &o);
	/* RFC 3748 4.1: what is none is discarded. */
	if (eap_decode(m->pdu_session_authentication_command.eap_message, &request) == EAP_MALFORMED ||
		request.code != EAP_REQUEST) {
		s->ue->host->stat[UE_STAT_NAS_UNEXPECTED]++;
		return FSM_OK;
	}
	response.identifier = request.identifier;
	response.type = request.type;
	if (request.type != EAP_TYPE_IDENTITY && request.type != EAP_TYPE_NOTIFICATION) {
		response.type = EAP_TYPE_NAK;
		response.data = BYTES(no_method);
	}
	if (!eap_encode(&response, &w))
		return FSM_REFUSED;
	complete.pdu_session_authentication_complete.eap_message = writer_bytes(&w);
	ue_session_answer(s->ue, s->info.psi, m->pti, &complete);
	return FSM_OK;
}
