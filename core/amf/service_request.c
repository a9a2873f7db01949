/* Service request, 23.502 4.2.3.2 and 24.501 5.6.1: an idle UE becomes connected, with the user plane it asks
 * for. */
#include "core/amf/internal.h"

/* 4.4.6: the complete request may come ciphered within the one in the clear. */
static bool complete_request(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas,
	struct nas_msg *inner, const struct nas_service_request **m)
{
	struct tlv_fault fault;
	struct bytes plain;

	*m = &nas->msg->service_request;
	if (!(*m)->has_nas_message_container)
		return true;
	if (!nas_decipher_container(&ue->security, NAS_UPLINK, nas->count, (*m)->nas_message_container,
		    &amf->arena, &plain) ||
		!nas_decode(plain, &amf->arena, inner, &fault) || inner->type != NAS_SERVICE_REQUEST)
		return false;
	*m = &inner->service_request;
	return true;
}

static void service_reject(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_SERVICE_REJECT, .service_reject.cause = cause };
	bool protect = ue->connection->secured && ue->security.active;

	amf_n1_send(amf, ue, protect ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
	amf_connection_release(amf, ue->connection, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
}

static bool service_accept(struct amf *amf, struct amf_ue *ue, const struct nas_service_request *m)
{
	struct nas_msg reply = { .type = NAS_SERVICE_ACCEPT };
	struct nas_service_accept *a = &reply.service_accept;

	a->has_pdu_session_status = m->has_pdu_session_status;
	a->pdu_session_status = amf_session_status(ue);
	/* 9.11.3.42: a bit of 1 is a session asked for that does not come back. */
	a->has_reactivation_result = m->has_uplink_data_status;
	a->reactivation_result = m->uplink_data_status & (uint16_t)~amf_session_status(ue);
	if (ue->connection->context_setup)
		return amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &reply);
	return amf_initial_context_setup(amf, ue, amf_n1_protected(amf, ue, NAS_INTEGRITY_CIPHERED, &reply));
}

enum fsm_outcome amf_service_request(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	const struct nas_service_request *m;
	struct nas_msg inner;

	if (!nas->is_protected) {
		service_reject(amf, ue, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
		return FSM_GONE;
	}
	if (!complete_request(amf, ue, nas, &inner, &m)) {
		service_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
		return FSM_GONE;
	}
	ue->kgnb_ul_count = nas->count;
	if (m->has_pdu_session_status)
		amf_session_reconcile(amf, ue, m->pdu_session_status);
	if (!service_accept(amf, ue, m))
		return FSM_REFUSED;
	/* The sessions follow once the gNB has the UE's context. */
	ue->connection->pending_sessions = m->has_uplink_data_status ? m->uplink_data_status : 0;
	if (ue->connection->context_setup)
		amf_connection_activate(amf, ue->connection);
	return FSM_OK;
}
