/*
 * 5G-AKA from the SEAF's side, 24.501 5.4.1.3 and 33.501 6.1.3.2; and EAP-AKA', 5.4.1.2 and 6.1.3.1, of which
 * the SEAF carries the packets.
 *
 *   AMF -> AUSF  Nausf_UEAuthentication_Authenticate   29.509 5.2.2.2.2: a vector
 *   AMF -> UE    AUTHENTICATION REQUEST                24.501 5.4.1.3.2: T3560
 *   UE  -> AMF   AUTHENTICATION RESPONSE               5.4.1.3.3, 5.4.1.3.4: HRES* is compared here
 *                AUTHENTICATION FAILURE                5.4.1.3.7: again with AUTS or another ngKSI, or
 *                                                      identification
 *   AMF -> AUSF  5g-aka-confirmation                   29.509 5.2.2.2.2: RES* is compared there;
 *                                                      then security mode control
 *                or eap-session                        29.509 5.2.2.2.3: another EAP-Request, or the end
 *   AMF -> UE    AUTHENTICATION REJECT                 24.501 5.4.1.3.5, 5.4.1.2.2.11
 */
#include <stdio.h>

#include "core/amf/authentication.h"
#include "core/amf/emergency.h"
#include "crypto/equal.h"

const uint8_t amf_abba[AMF_ABBA_LEN]; /* 33.501 A.7.1: zeros */

/* Of a UE that is registered, and stays so; else within its registration. */
static bool is_again(const struct amf_ue *ue)
{
	return !amf_registration_of(ue);
}

/* "imsi-..." or "suci-..." */
static void identity_of(const struct amf_ue *ue, char text[SUPI_OR_SUCI_SIZE])
{
	if (is_again(ue))
		snprintf(text, SUPI_OR_SUCI_SIZE, "imsi-%s", ue->supi.imsi);
	else
		str_copy(text, SUPI_OR_SUCI_SIZE, amf_registration_of(ue)->supi_or_suci);
}

/* It comes to nothing; what was proved before still is. */
static enum fsm_outcome give_up(struct amf *amf, struct amf_ue *ue, enum event_reason reason, uint8_t cause)
{
	amf_ue_event(amf, ue, EVENT_NOT_AUTHENTICATED, reason, cause);
	amf_procedure_end(amf, amf_procedure_find(ue, AMF_AUTHENTICATION));
	return FSM_OK;
}

static enum fsm_outcome congested(struct amf *amf, struct amf_ue *ue)
{
	return is_again(ue) ? give_up(amf, ue, EVENT_EXHAUSTED, 0)
			    : amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
}

static enum fsm_outcome refused(struct amf *amf, struct amf_ue *ue, enum sbi_cause cause)
{
	if (amf_emergency_needs_no_proof(amf, ue))
		return amf_mm_event(amf, ue, MM_EV_UNPROVED, NULL);
	return is_again(ue) ? give_up(amf, ue, EVENT_FAULT, 0) : amf_registration_refused(amf, ue, cause);
}

/* The one under way, for another challenge; or a fresh one. */
static struct amf_authentication *authentication(struct amf *amf, struct amf_ue *ue)
{
	struct amf_authentication *p = amf_authentication_of(ue);
	const struct amf_registration *r = amf_registration_of(ue);
	uint8_t ue_ngksi = r ? r->ue_ngksi : ue->security.ngksi;

	if (p)
		return p;
	p = (struct amf_authentication *)amf_procedure_begin(amf, ue, AMF_AUTHENTICATION);
	if (p) /* not the UE's: the old context stays until the new one is taken into use */
		p->ngksi = ue_ngksi == NAS_KSI_NONE ? 0 : (uint8_t)((ue_ngksi + 1) % NAS_KSI_NONE);
	return p;
}

/* Another identity than before may be another UE, for whoever watches. */
static void note_claim(struct amf *amf, const struct amf_ue *ue)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);

	if (c->claimed && !ue->supi.imsi[0])
		amf_whose_begin(amf, c);
	c->claimed = true;
}

enum fsm_outcome amf_authentication_start(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_authentication *p = authentication(amf, ue);
	char snn[SNN_STR_SIZE], identity[SUPI_OR_SUCI_SIZE];
	struct nausf_authenticate_req req = { .data = {
						      .supi_or_suci = identity,
						      .serving_network_name = serving_network_name(
							      &amf->config.guami.plmn, snn),
					      } };

	if (!p)
		return congested(amf, ue);
	identity_of(ue, identity);
	note_claim(amf, ue);
	req.data.resynchronization_info = p->resyncs > 0 ? &p->resync : NULL;
	nf_call(&amf->nf, SBI_AUSF_AUTHENTICATE, &req, amf_procedure_token(amf, &p->p));
	return FSM_OK;
}

/* 5.4.1.3.2; 5.4.1.2.2.2 with an EAP message in place of RAND and AUTN. */
static enum fsm_outcome request_send(
	struct amf *amf, struct amf_ue *ue, struct amf_authentication *p, const struct av5g_aka *av)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_REQUEST };
	struct nas_authentication_request *request = &m.authentication_request;

	p->eap = av->eap_payload.len > 0;
	request->ngksi = p->ngksi;
	request->abba = BYTES(amf_abba);
	request->has_eap_message = p->eap;
	request->eap_message = av->eap_payload;
	request->has_rand = request->has_autn = !p->eap;
	bytes_copy(request->rand, sizeof(request->rand), BYTES(av->rand));
	bytes_copy(request->autn, sizeof(request->autn), BYTES(av->autn));
	if (!amf_n1_send_and_wait(
		    amf, &p->p, is_again(ue) ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m, amf->config.t3560_ms))
		return congested(amf, ue);
	amf->stat[AMF_STAT_AUTH_REQ]++;
	return FSM_OK;
}

enum fsm_outcome amf_authentication_vector(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_authentication *p = amf_authentication_of(ue);
	const struct sbi_answer *a = arg;
	const struct nausf_authenticate_rsp *rsp = a->body;
	char identity[SUPI_OR_SUCI_SIZE];
	const struct av5g_aka *av;

	if (a->cause != SBI_OK) {
		identity_of(ue, identity);
		log_info(amf->nf.env->log, "%.60s: no authentication vector: %s", identity,
			sbi_cause_name(a->cause));
		return refused(amf, ue, a->cause);
	}
	p->ausf = a->from;
	str_copy(p->auth_ctx_id, sizeof(p->auth_ctx_id), rsp->auth_ctx_id);
	av = &rsp->data.five_g_auth_data;
	bytes_copy(p->rand, sizeof(p->rand), BYTES(av->rand));
	bytes_copy(p->hxres_star, sizeof(p->hxres_star), BYTES(av->hxres_star));
	return request_send(amf, ue, p, av);
}

bool amf_authentication_goes_on(const struct sbi_answer *a)
{
	const struct nausf_eap_session_rsp *rsp = a->body;

	return a->cause == SBI_OK && rsp->data.auth_result == AUTH_RESULT_ABSENT &&
	       rsp->data.eap_payload.len > 0;
}

enum fsm_outcome amf_authentication_again(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct sbi_answer *a = arg;
	const struct nausf_eap_session_rsp *rsp = a->body;

	return request_send(amf, ue, amf_authentication_of(ue),
		&(struct av5g_aka){ .eap_payload = rsp->data.eap_payload });
}

/* 5.4.1.3.5, 5.4.1.2.2.11: the network does not accept the UE; eap_failure: of the AUSF, or none. */
static enum fsm_outcome authentication_reject_with(
	struct amf *amf, struct amf_ue *ue, enum event_reason reason, uint8_t cause, struct bytes eap_failure)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_REJECT,
		.authentication_reject = {
			.has_eap_message = eap_failure.len > 0, .eap_message = eap_failure } };
	char name[48], identity[SUPI_OR_SUCI_SIZE];

	amf_ue_event(amf, ue, EVENT_AUTHENTICATION_FAILED, reason, cause);
	if (amf_emergency_needs_no_proof(amf, ue))
		return amf_mm_event(amf, ue, MM_EV_UNPROVED, NULL);
	amf->stat[AMF_STAT_AUTH_REJECT]++;
	identity_of(ue, identity);
	log_warn(
		amf->nf.env->log, "%s (%.60s): authentication rejected", amf_ue_str(amf, ue, name), identity);
	amf_n1_send(amf, ue, is_again(ue) ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
	if (is_again(ue)) /* it is not who it was taken for: nothing of it stays */
		return amf_deregistration_refused(amf, ue);
	amf_connection_release(amf, amf_connection_for(ue, AMF_FOR_NAS),
		ngap_cause_of_nas(NGAP_CAUSE_NAS_AUTHENTICATION_FAILURE));
	return FSM_GONE;
}

static enum fsm_outcome authentication_reject(
	struct amf *amf, struct amf_ue *ue, enum event_reason reason, uint8_t cause)
{
	return authentication_reject_with(amf, ue, reason, cause, BYTES_NONE);
}

/* 5.4.1.2.2.3: what is in it is between the UE and the AUSF. */
static void eap_response(struct amf *amf, struct amf_authentication *p, struct bytes message)
{
	struct nausf_eap_session_req req = { .auth_ctx_id = p->auth_ctx_id, .data.eap_payload = message };

	timer_stop(&amf->nf.timers, &p->p.timer);
	sbi_call(amf->nf.self, p->ausf, SBI_AUSF_EAP_SESSION, &req, amf_procedure_token(amf, &p->p));
}

enum fsm_outcome amf_authentication_response(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_authentication *p = amf_authentication_of(ue);
	const struct amf_nas *nas = arg;
	const struct nas_authentication_response *r = &nas->msg->authentication_response;
	struct nausf_5g_aka_confirm_req req = { .auth_ctx_id = p ? p->auth_ctx_id : NULL };
	uint8_t hres_star[KDF_RES_STAR_LEN];

	if (!p)
		return FSM_OK; /* of a challenge that is over */
	/* 24.501 7.7.1 and 7.7.3: of a wrong length it counts as missing, where it must be. T3560 goes on. */
	if (p->eap ? !r->has_eap_message : !r->has_res_star) {
		amf->stat[AMF_STAT_NAS_REFUSED]++;
		amf_n1_status(amf, ue, NAS_CAUSE_CONDITIONAL_IE);
		return FSM_REFUSED;
	}
	if (p->eap) {
		eap_response(amf, p, r->eap_message);
		return FSM_OK;
	}
	timer_stop(&amf->nf.timers, &p->p.timer);
	if (!kdf_hres_star(p->rand, r->res_star, hres_star) ||
		!crypto_equal(BYTES(hres_star), BYTES(p->hxres_star)))
		return authentication_reject(amf, ue, EVENT_WRONG_KEY, 0);
	bytes_copy(req.data.res_star, sizeof(req.data.res_star), BYTES(r->res_star));
	sbi_call(amf->nf.self, p->ausf, SBI_AUSF_5G_AKA_CONFIRM, &req, amf_procedure_token(amf, &p->p));
	return FSM_OK;
}

static enum event_reason failure_reason(uint8_t cause)
{
	return cause == NAS_5GMM_MAC_FAILURE     ? EVENT_WRONG_KEY
	       : cause == NAS_5GMM_SYNCH_FAILURE ? EVENT_SYNCHRONISATION
						 : EVENT_NO_REASON;
}

static enum fsm_outcome start_again(struct amf *amf, struct amf_ue *ue)
{
	return is_again(ue) ? amf_authentication_start(amf, ue, NULL)
			    : amf_mm_event(amf, ue, MM_EV_AUTHENTICATE, NULL);
}

/* 5.4.1.3.7 c to f */
enum fsm_outcome amf_authentication_failure(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_authentication *p = amf_authentication_of(ue);
	const struct amf_nas *nas = arg;
	const struct nas_authentication_failure *f = &nas->msg->authentication_failure;

	if (!p)
		return FSM_OK;
	timer_stop(&amf->nf.timers, &p->p.timer);
	amf_count_authentication_failure(amf, f->cause);
	if (f->cause == NAS_5GMM_SYNCH_FAILURE && f->has_auts && !p->eap && p->resyncs < AMF_RESYNCS_MAX) {
		p->resyncs++;
		amf_ue_event(amf, ue, EVENT_CHALLENGE_REFUSED, EVENT_SYNCHRONISATION, f->cause);
		bytes_copy(p->resync.rand, sizeof(p->resync.rand), BYTES(p->rand));
		bytes_copy(p->resync.auts, sizeof(p->resync.auts), BYTES(f->auts));
		return start_again(amf, ue);
	}
	if (f->cause == NAS_5GMM_NGKSI_ALREADY_IN_USE && !p->ngksi_changed) {
		p->ngksi_changed = true;
		p->ngksi = (uint8_t)((p->ngksi + 1) % NAS_KSI_NONE);
		return start_again(amf, ue);
	}
	if (is_again(ue))
		return give_up(amf, ue, failure_reason(f->cause), f->cause);
	/* A MAC failure may mean that the identity was somebody else's: ask for it once. */
	if (f->cause == NAS_5GMM_MAC_FAILURE && !amf_registration_of(ue)->identity_asked) {
		amf_ue_event(amf, ue, EVENT_CHALLENGE_REFUSED, EVENT_WRONG_KEY, f->cause);
		return amf_mm_event(amf, ue, MM_EV_IDENTIFY, NULL);
	}
	return authentication_reject(amf, ue, failure_reason(f->cause), f->cause);
}

/* The keys of K_SEAF (33.501 A.7), and security mode control with them. */
static enum fsm_outcome secure(struct amf *amf, struct amf_ue *ue, const struct supi *supi,
	const uint8_t k_seaf[KDF_KEY_LEN], struct bytes eap_success)
{
	uint8_t k_amf[KDF_KEY_LEN];
	enum fsm_outcome outcome;

	if (!kdf_k_amf(k_seaf, bytes_of_str(supi->imsi), BYTES(amf_abba), k_amf))
		return authentication_reject(amf, ue, EVENT_WRONG_KEY, 0);
	outcome =
		amf_security_mode_start(amf, ue, supi, amf_authentication_of(ue)->ngksi, k_amf, eap_success);
	explicit_bzero(k_amf, sizeof(k_amf));
	return outcome;
}

enum fsm_outcome amf_authentication_confirmed(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct sbi_answer *a = arg;
	const struct confirmation_data_response *five_g = a->body;
	const struct eap_session *eap = a->body;
	bool is_eap = amf_authentication_of(ue)->eap;

	if (a->cause != SBI_OK)
		return refused(amf, ue, a->cause);
	if (is_eap && eap->auth_result == AUTH_RESULT_AUTHENTICATION_SUCCESS && eap->has_k_seaf &&
		eap->supi.imsi[0])
		return secure(amf, ue, &eap->supi, eap->k_seaf, eap->eap_payload);
	if (!is_eap && five_g->auth_result == AUTH_RESULT_AUTHENTICATION_SUCCESS && five_g->has_kseaf &&
		five_g->supi.imsi[0])
		return secure(amf, ue, &five_g->supi, five_g->kseaf, BYTES_NONE);
	return authentication_reject_with(
		amf, ue, EVENT_WRONG_KEY, 0, is_eap ? eap->eap_payload : BYTES_NONE);
}
