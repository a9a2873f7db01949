/*
 * 5GSM messages between UE and SMF, 23.502 4.3 and 24.501 5.4.5.
 *
 *   UE  -> AMF  UL NAS TRANSPORT                    24.501 5.4.5.2
 *   AMF -> SMF  Nsmf_PDUSession_CreateSMContext or UpdateSMContext    29.502 5.2.2.2, 5.2.2.3
 *   SMF -> AMF  its answer, with what is for UE and gNB
 *   AMF -> UE   DL NAS TRANSPORT                    24.501 5.4.5.3, alone or in an NGAP message
 *                                                   (session_delivery.c)
 */
#include "core/amf/emergency.h"
#include "core/amf/home_update.h"
#include "core/amf/mobility.h"
#include "core/amf/paging.h"

/* Nsmf_PDUSession_SMContextStatusNotify: the session is released. */
void amf_session_status_notify(struct amf *amf, const struct sbi_request *r)
{
	const struct nsmf_sm_context_status_notify_req *req = r->body;
	struct amf_ue *ue = NULL;
	struct amf_session *s;
	struct sbi_callback c;

	if (sbi_callback_open(amf->nf.self, SBI_CALLBACK_SM_CONTEXT_STATUS, req->callback, &c))
		ue = hash_get(&amf->ue_by_supi, c.context, 0, struct amf_ue, by_supi);
	for (s = ue ? ue->sessions : NULL; s && s->callback != c.generation; s = s->next)
		;
	/* A session of the same identity that has been established since is another one. */
	if (s)
		amf_session_free(amf, ue, s);
	sbi_answer(amf->nf.bus, r->id, s ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

/* What is for a gNB goes to the one that has the UE once it is at rest. */
static void session_forward(struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes n1,
	enum n2_sm_info_type type, struct bytes n2)
{
	if (!amf_gnb_is_busy(ue) || type == N2_SM_ABSENT ||
		!amf_n1n2_hold(amf, ue, s->pdu_session_id, n1, type, n2))
		amf_session_deliver(amf, ue, s, n1, type, n2);
}

/* An error may have messages for UE and gNB as well. */
static void session_updated(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	const struct nsmf_update_sm_context_rsp *rsp, bool ok)
{
	const struct sm_context_updated_data *d = &rsp->data;
	const struct sm_context_update_error *e = &rsp->error;

	if (ok)
		session_forward(amf, ue, s, d->n1_sm_msg, d->n2_sm_info_type, d->n2_sm_info);
	else
		session_forward(amf, ue, s, e->n1_sm_msg, e->n2_sm_info_type, e->n2_sm_info);
}

static struct amf_activation *activation_of(const struct amf_ue *ue, struct amf_procedure **p)
{
	struct amf_service_request *service = amf_service_request_of(ue);
	struct amf_registration *registration = amf_registration_of(ue);

	*p = service ? &service->p : registration ? &registration->p : NULL;
	return service ? &service->user_plane : registration ? &registration->user_plane : NULL;
}

/* What was asked for before the accept stays here until that is sent: the procedure's timer goes on with it.
 */
static bool activation_answered(struct amf *amf, struct amf_ue *ue, struct amf_session *s, bool ok,
	const struct nsmf_update_sm_context_rsp *rsp)
{
	struct amf_procedure *p;
	struct amf_activation *a = activation_of(ue, &p);
	uint16_t bit = (uint16_t)(1u << s->pdu_session_id);

	if (!a || !(a->asked & bit) || (ok && (!rsp || rsp->data.up_cnx_state == UP_CNX_DEACTIVATED)))
		return false; /* or of a deactivation before */
	a->asked &= (uint16_t)~bit;
	/* Without N2 information the gNB has the session, or is being asked. */
	if (ok && (rsp->data.n2_sm_info_type != N2_SM_PDU_RES_SETUP_REQ ||
			  amf_session_hold(s, rsp->data.n2_sm_info)))
		a->ready |= bit;
	if (!a->asked)
		amf_procedure_wait(amf, p, 0);
	return true;
}

static void session_on_updated(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	const struct nsmf_update_sm_context_rsp *rsp = a->body;

	if (activation_answered(amf, ue, s, a->cause == SBI_OK, rsp) && a->cause != SBI_CONTEXT_NOT_FOUND)
		return;
	if (a->cause == SBI_CONTEXT_NOT_FOUND)
		amf_session_free(amf, ue, s); /* the SMF does not have it any more */
	else if (rsp)
		session_updated(amf, ue, s, rsp, a->cause == SBI_OK);
}

void amf_session_on_answer(struct amf *amf, const struct sbi_answer *a)
{
	struct amf_ue *ue;
	struct amf_session *s = amf_session_of_token(amf, &a->token, &ue);

	if (!s && a->op == SBI_SMF_CREATE_SM_CONTEXT && a->cause == SBI_OK)
		amf_session_release_late(amf, a);
	if (!s)
		return;
	if (a->op == SBI_SMF_UPDATE_SM_CONTEXT && !s->creating)
		session_on_updated(amf, ue, s, a);
	else if (s->creating)
		amf_session_establishing(amf, ue, s, a);
}

/*
 * 5.4.5.2.3: a payload for a session. Others (SMS, LPP, UE policy, ...; acknowledgements of nothing that
 * the home network has sent) have nobody to serve them here: they are counted, and a type that there is not
 * is a faulty message (7.5.1).
 */
static bool is_n1_sm(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	bool known = (m->payload_container_type >= NAS_PAYLOAD_N1_SM &&
			     m->payload_container_type <= NAS_PAYLOAD_EVENT_NOTIFICATION) ||
		     m->payload_container_type == NAS_PAYLOAD_MULTIPLE;

	if (m->payload_container_type == NAS_PAYLOAD_N1_SM && m->has_pdu_session_id &&
		m->pdu_session_id > 0 && m->pdu_session_id <= PDU_SESSIONS_MAX &&
		m->payload_container.len > 0)
		return true;
	amf->stat[AMF_STAT_NAS_UNEXPECTED]++;
	if (!known)
		amf_n1_status(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
	else if (m->payload_container_type == NAS_PAYLOAD_N1_SM)
		amf_n1_status(amf, ue, NAS_CAUSE_CONDITIONAL_IE);
	return false;
}

/* 23.501 5.16.4.9a: who is registered for emergencies alone has nothing else.
 * 24.501 5.4.5.2.5: signalling of sessions is not forwarded where service is restricted; what only answers
 * is. */
static bool is_restricted(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	static const struct snssai none;

	if (!m->has_request_type || (amf_mobility_allows(ue, ue->tai.tac) && !ue->emergency))
		return false;
	log_info(amf->nf.env->log,
		"imsi-%s: PDU session %u refused: service is restricted in tracking area %u", ue->supi.imsi,
		m->pdu_session_id, ue->tai.tac);
	amf_ue_event_no_session(amf, ue, m->pdu_session_id, m->has_s_nssai ? &m->s_nssai.snssai : &none,
		m->has_dnn ? m->dnn : "", EVENT_RESTRICTED, NAS_5GMM_RESTRICTED_SERVICE_AREA);
	amf_session_not_forwarded(
		amf, ue, m->pdu_session_id, m->payload_container, NAS_5GMM_RESTRICTED_SERVICE_AREA);
	return true;
}

void amf_session_ul_nas_transport(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	const struct amf_session *s;

	if (amf_home_update_payload(amf, ue, m))
		return;
	if (!is_n1_sm(amf, ue, m))
		return;
	/* 23.501 5.16.4.3: no restriction holds for it. */
	if (m->has_request_type && m->request_type == NAS_REQUEST_INITIAL_EMERGENCY) {
		amf_emergency_session(amf, ue, m);
		return;
	}
	if (is_restricted(amf, ue, m))
		return;
	if (m->has_request_type &&
		(m->request_type == NAS_REQUEST_INITIAL || m->request_type == NAS_REQUEST_EXISTING)) {
		amf_session_request(amf, ue, m);
		return;
	}
	s = amf_session_find(ue, m->pdu_session_id);
	if (s && s->sm_context_ref[0])
		amf_session_update(amf, ue, s, m->payload_container, N2_SM_ABSENT, BYTES_NONE);
	else
		amf_session_not_forwarded(
			amf, ue, m->pdu_session_id, m->payload_container, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
}
