/*
 * Service request, 23.502 4.2.3.2 and 24.501 5.6.1: an idle UE becomes connected, with the user plane it asks
 * for.
 *
 *   UE  -> AMF  SERVICE REQUEST
 *   AMF -> gNB  INITIAL CONTEXT SETUP REQUEST, with SERVICE ACCEPT for the UE (or DOWNLINK NAS TRANSPORT)
 *   gNB -> AMF  INITIAL CONTEXT SETUP RESPONSE
 *   AMF -> SMF  Nsmf_PDUSession_UpdateSMContext, ACTIVATING, of each session asked for
 */
#include "core/amf/internal.h"

static void service_reject(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_SERVICE_REJECT, .service_reject.cause = cause };
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	bool protect = c->secured && ue->security.active;

	amf_n1_send(amf, ue, protect ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
	amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
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
	if (amf_connection_for(ue, AMF_FOR_NAS)->context_setup)
		return amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &reply);
	return amf_initial_context_setup(amf, ue, amf_n1_protected(amf, ue, NAS_INTEGRITY_CIPHERED, &reply));
}

/* The sessions follow once the gNB has the UE's context. */
void amf_service_request_connected(struct amf *amf, struct amf_ue *ue)
{
	struct amf_service_request *p = amf_service_request_of(ue);
	uint16_t sessions = p ? p->pending_sessions : 0;

	if (!p)
		return;
	amf_procedure_end(amf, &p->p);
	amf_session_activate(amf, ue, sessions);
}

/* The gNB has not answered: what waits for it goes on, and finds out for itself. */
void amf_service_request_expired(struct amf *amf, struct amf_procedure *p)
{
	amf_procedure_end(amf, p);
}

enum fsm_outcome amf_service_request(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	const struct nas_service_request *m;
	const struct nas_msg *complete;
	struct amf_service_request *p;
	struct nas_msg inner;

	if (!nas->is_protected) {
		service_reject(amf, ue, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
		return FSM_GONE;
	}
	complete = amf_nas_complete(amf, ue, nas, &inner);
	if (!complete) {
		service_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
		return FSM_GONE;
	}
	m = &complete->service_request;
	p = (struct amf_service_request *)amf_procedure_begin(amf, ue, AMF_SERVICE_REQUEST);
	if (!p) {
		service_reject(amf, ue, NAS_5GMM_CONGESTION);
		return FSM_GONE;
	}
	amf_procedure_wait(amf, &p->p, AMF_CONTEXT_SETUP_S * 1000);
	ue->kgnb_ul_count = nas->count;
	p->pending_sessions = m->has_uplink_data_status ? m->uplink_data_status : 0;
	if (m->has_pdu_session_status)
		amf_session_reconcile(amf, ue, m->pdu_session_status);
	if (!service_accept(amf, ue, m)) {
		amf_procedure_end(amf, &p->p);
		return FSM_REFUSED;
	}
	if (amf_connection_for(ue, AMF_FOR_NAS)->context_setup)
		amf_service_request_connected(amf, ue);
	return FSM_OK;
}
