/*
 * Service request, 23.502 4.2.3.2 and 24.501 5.6.1: an idle UE becomes connected, with the user plane it asks
 * for.
 *
 *   UE  -> AMF  SERVICE REQUEST                    24.501 5.6.1.2
 *   AMF -> SMF  Nsmf_PDUSession_UpdateSMContext    29.502 5.2.2.3.2.2: ACTIVATING, of each session asked for
 *   AMF -> gNB  INITIAL CONTEXT SETUP REQUEST      38.413 8.3.1, with SERVICE ACCEPT (24.501 5.6.1.4) for
 *                                                  the UE and the sessions that are ready
 *               (or DOWNLINK NAS TRANSPORT, 38.413 8.6.2, and PDU SESSION RESOURCE SETUP REQUEST, 8.2.1)
 *   gNB -> AMF  INITIAL CONTEXT SETUP RESPONSE     8.3.1.2
 *   AMF -> UE   SERVICE REJECT                     24.501 5.6.1.5
 */
#include "core/amf/emergency.h"
#include "core/amf/ladn.h"
#include "core/amf/mobility.h"
#include "core/amf/paging.h"

static void service_reject(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_SERVICE_REJECT, .service_reject.cause = cause };
	struct nas_service_reject *r = &m.service_reject;
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	bool protect = c->secured && ue->security.active;

	amf_ue_event(amf, ue, EVENT_SERVICE_REJECTED,
		cause == NAS_5GMM_CONGESTION                 ? EVENT_OVERLOAD
		: cause == NAS_5GMM_IMPLICITLY_DE_REGISTERED ? EVENT_NOT_REGISTERED
		: cause == NAS_5GMM_RESTRICTED_SERVICE_AREA  ? EVENT_RESTRICTED
							     : EVENT_NO_REASON,
		cause);
	r->has_t3346 = cause == NAS_5GMM_CONGESTION;
	r->t3346 = r->has_t3346 ? amf_t3346(amf) : 0;
	amf_n1_send(amf, ue, protect ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
	amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
}

/* 5.6.1.4.1: what the SMFs have not made ready does not come back, and the UE hears so. */
static bool service_accept(struct amf *amf, struct amf_ue *ue, const struct amf_service_request *p)
{
	struct nas_msg reply = { .type = NAS_SERVICE_ACCEPT };
	struct nas_service_accept *a = &reply.service_accept;

	a->has_pdu_session_status = p->has_pdu_session_status;
	a->pdu_session_status = amf_session_status(ue);
	/* 9.11.3.42: a bit of 1 is a session asked for that does not come back. */
	a->has_reactivation_result = p->has_uplink_data_status;
	a->reactivation_result = p->uplink_data_status & (uint16_t)~p->user_plane.ready;
	return amf_accept_send(amf, ue, &reply);
}

/* All SMFs have answered, or have not for too long. */
void amf_service_request_expired(struct amf *amf, struct amf_procedure *p)
{
	const struct amf_service_request *s = (const struct amf_service_request *)p;
	struct amf_ue *ue = p->ue;
	bool accepted = service_accept(amf, ue, s), paged = s->paged;

	if (accepted)
		amf_ue_event(amf, ue, EVENT_SERVICE_ACCEPTED, EVENT_NO_REASON, 0);
	amf_procedure_end(amf, p);
	if (accepted) {
		amf_ladn_moved(amf, ue);
		amf_reauthentication_due(amf, ue);
	}
	if (accepted && paged)
		amf_guti_reallocate(amf, ue);
	else if (accepted)
		amf_configuration_update_due(amf, ue);
}

static void service_take(struct amf_service_request *p, const struct nas_service_request *m)
{
	p->has_pdu_session_status = m->has_pdu_session_status;
	p->has_uplink_data_status = m->has_uplink_data_status;
	p->uplink_data_status = m->has_uplink_data_status ? m->uplink_data_status : 0;
}

/* 23.501 5.3.4.1.1: none where service is restricted, but for emergencies and priority. */
static bool is_restricted(const struct amf_ue *ue, const struct nas_service_request *m)
{
	return !amf_mobility_allows(ue, ue->tai.tac) && !amf_emergency_has(ue) &&
	       m->service_type != NAS_SERVICE_EMERGENCY &&
	       m->service_type != NAS_SERVICE_EMERGENCY_FALLBACK &&
	       m->service_type != NAS_SERVICE_HIGH_PRIORITY;
}

enum fsm_outcome amf_service_request(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	const struct nas_service_request *m;
	const struct nas_msg *complete;
	struct amf_service_request *p;
	bool paged = amf_paging_of(ue) != NULL, restricted;
	struct nas_msg inner;

	if (!nas->is_protected) {
		service_reject(amf, ue, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
		return FSM_GONE;
	}
	/* 5.6.1.5: it has left, and must register; 4.4.3.5: its key wears out, and only a registration renews
	 * it. */
	if (!ue->registered || nas_security_wears_out(&ue->security)) {
		service_reject(amf, ue, NAS_5GMM_IMPLICITLY_DE_REGISTERED);
		return FSM_GONE;
	}
	if (nas->initial && !amf_load_admits(amf, nas->connection)) {
		service_reject(amf, ue, NAS_5GMM_CONGESTION);
		return FSM_GONE;
	}
	complete = amf_nas_complete(amf, ue, nas, &inner);
	if (!complete) {
		service_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
		return FSM_GONE;
	}
	m = &complete->service_request;
	restricted = is_restricted(ue, m);
	/* 24.501 5.6.1.5: whoever is paged is answered, but gets no user plane. */
	if (restricted && !paged) {
		service_reject(amf, ue, NAS_5GMM_RESTRICTED_SERVICE_AREA);
		return FSM_GONE;
	}
	p = (struct amf_service_request *)amf_procedure_begin(amf, ue, AMF_SERVICE_REQUEST);
	if (!p) {
		service_reject(amf, ue, NAS_5GMM_CONGESTION);
		return FSM_GONE;
	}
	p->paged = paged;
	service_take(p, m);
	if (m->has_pdu_session_status)
		amf_session_reconcile(amf, ue, m->pdu_session_status);
	p->user_plane.asked = restricted ? 0
					 : amf_session_activate(amf, ue,
						   p->uplink_data_status | amf_n1n2_transfer_sessions(ue));
	amf_procedure_wait(amf, &p->p, p->user_plane.asked ? AMF_ACTIVATION_WAIT_MS : 0);
	return FSM_OK;
}
