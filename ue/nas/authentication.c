/*
 * 5G-AKA from the UE's side, 24.501 5.4.1.3 and 33.501 6.1.3.2 (EAP-AKA': eap_aka_prime.c); and
 * identification, 5.4.3.
 *
 *   UE                            AMF
 *    |<- IDENTITY REQUEST ---------|    5.4.3.2
 *    |-- IDENTITY RESPONSE ------->|    SUCI in the clear, others only under security
 *    |<- AUTHENTICATION REQUEST ---|    5.4.1.3.2: RAND, AUTN
 *    |-- AUTHENTICATION RESPONSE ->|    RES*, kept for a repeated challenge while T3516 runs
 *    |-- AUTHENTICATION FAILURE -->|    5.4.1.3.7: #20, #21 with AUTS, #71; T3520
 *    |<- AUTHENTICATION REJECT ----|    5.4.1.3.5
 */
#include "ue/internal.h"

static bool response_send(struct ue *ue)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE };

	m.authentication_response.has_res_star = true;
	bytes_copy(m.authentication_response.res_star, KDF_RES_STAR_LEN, BYTES(ue->res_star));
	return ue_nas_send(ue, &m);
}

/* 5.4.1.3.6, 5.4.1.3.7 */
static bool failure_send(struct ue *ue, uint8_t cause, const uint8_t *auts)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_FAILURE, .authentication_failure.cause = cause };

	ue->host->stat[UE_STAT_AUTHENTICATION_FAILURES]++;
	log_warn(ue->host->env->log, "imsi-%s: the network's challenge is refused, cause %u (%s)",
		ue->usim.supi.imsi, cause, nas_5gmm_cause_name(cause));
	ue->challenge_until_ns = 0;
	if (auts) {
		m.authentication_failure.has_auts = true;
		bytes_copy(m.authentication_failure.auts, AKA_AUTS_LEN, bytes_of(auts, AKA_AUTS_LEN));
	}
	ue_nas_send(ue, &m);
	if (++ue->authentication_failures >= UE_AUTHENTICATION_FAILURES_MAX) {
		ue->authentication_failures = 0;
		ue_connection_leave(ue, true);
		ue_mm_event(ue, MM_EV_FAILED, NULL);
		return true;
	}
	ue_timer_set(ue, &ue->t3520, ue->profile->t3520_ms, T3520_MS, ue_t3520_expired);
	return true;
}

/* The keys of an accepted challenge: a partial native context until SECURITY MODE COMMAND (33.501 6.2). */
static bool keys_take(struct ue *ue, const struct nas_authentication_request *r, const struct usim_keys *keys)
{
	uint8_t k_amf[KDF_KEY_LEN];
	bool ok = kdf_k_amf(keys->k_seaf, bytes_of_str(ue->usim.supi.imsi), r->abba, k_amf);

	if (ok)
		nas_security_start(&ue->fresh, k_amf, r->ngksi & NAS_KSI_MASK, 0, 0);
	bytes_copy(ue->home.fresh_k_ausf, sizeof(ue->home.fresh_k_ausf), BYTES(keys->k_ausf));
	explicit_bzero(k_amf, sizeof(k_amf));
	ue->eap_response_len = 0;
	bytes_copy(ue->rand, sizeof(ue->rand), BYTES(r->rand));
	bytes_copy(ue->res_star, sizeof(ue->res_star), BYTES(keys->res_star));
	ue->challenge_until_ns = env_now_ns(ue->host->env) + T3516_MS * (uint64_t)NS_PER_MS;
	return ok;
}

static bool challenge(struct ue *ue, const struct nas_authentication_request *r)
{
	char snn[SNN_STR_SIZE];
	struct usim_keys keys;
	enum usim_result result;
	bool ok = true;

	/* The serving network is the home network: there is no roaming here. */
	result = usim_authenticate(
		&ue->usim, r->rand, r->autn, serving_network_name(&ue->usim.home, snn), &keys);
	if (result == USIM_MAC_FAILURE)
		failure_send(ue, NAS_5GMM_MAC_FAILURE, NULL);
	else if (result == USIM_NON_5G)
		failure_send(ue, NAS_5GMM_NON_5G_AUTHENTICATION_UNACCEPTABLE, NULL);
	else if (result == USIM_SYNCH_FAILURE)
		failure_send(ue, NAS_5GMM_SYNCH_FAILURE, keys.auts);
	else
		ok = keys_take(ue, r, &keys);
	explicit_bzero(&keys, sizeof(keys));
	if (result == USIM_OK && ok) {
		ue->authentication_failures = 0;
		return response_send(ue);
	}
	return ok;
}

enum fsm_outcome ue_authentication_request(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_authentication_request *r = &m->msg->authentication_request;
	uint8_t ngksi = r->ngksi & NAS_KSI_MASK;

	timer_stop(&ue->host->timers, &ue->t3520);
	if ((!r->has_eap_message && (!r->has_rand || !r->has_autn)) || r->abba.len < 2) {
		ue_nas_status(ue, NAS_CAUSE_CONDITIONAL_IE);
		return FSM_OK;
	}
	/* 5.4.1.3.2: the same challenge again gets the same answer; the USIM would refuse its SQN. */
	if (!r->has_eap_message && ue->eap_response_len == 0 &&
		ue->challenge_until_ns > env_now_ns(ue->host->env) &&
		bytes_equal(BYTES(r->rand), BYTES(ue->rand)))
		return fsm_outcome_of(response_send(ue));
	if (ngksi == NAS_KSI_NONE || (ue->security.active && ue->security.ngksi == ngksi))
		return fsm_outcome_of(failure_send(ue, NAS_5GMM_NGKSI_ALREADY_IN_USE, NULL));
	return fsm_outcome_of(r->has_eap_message ? ue_eap_request(ue, r) : challenge(ue, r));
}

/* 5.4.1.3.5 */
enum fsm_outcome ue_authentication_reject(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;

	log_warn(ue->host->env->log, "imsi-%s: the network rejects the authentication", ue->usim.supi.imsi);
	ue->host->stat[UE_STAT_REGISTRATION_REJECTS]++;
	ue_mm_forget_guti(ue);
	ue_session_release_all(ue);
	timer_stop(&ue->host->timers, &ue->timer);
	if (!m->is_protected)
		ue_timer_set(ue, &ue->timer, T3247_MIN_MS + env_random_u32(ue->host->env) % T3247_SPREAD_MS,
			0, ue_mm_timer);
	ue_say(ue, UE_EVENT_REGISTRATION_FAILED, 0, NAS_5GMM_ILLEGAL_UE, "authentication rejected");
	ue_mm_event(ue, MM_EV_BARRED, NULL);
	return FSM_OK;
}

/* 5.4.3.3 */
enum fsm_outcome ue_identity_request(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	struct nas_msg answer = { .type = NAS_IDENTITY_RESPONSE };
	struct nas_mobile_identity *id = &answer.identity_response.mobile_identity;
	uint8_t type = m->msg->identity_request.identity_type & 7;

	if (type == NAS_IDENTITY_SUCI && usim_is_present(&ue->usim)) {
		if (!ue_identity_suci(ue, id, true))
			return FSM_REFUSED;
	} else if (type == NAS_IDENTITY_5G_GUTI && ue->has_guti) {
		*id = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI, .guti = ue->guti };
	} else if (type == NAS_IDENTITY_IMEISV && ue->imeisv[0]) {
		id->type = NAS_IDENTITY_IMEISV;
		str_copy(id->imei, sizeof(id->imei), ue->imeisv);
	} else {
		id->type = NAS_IDENTITY_NONE; /* not available */
	}
	return fsm_outcome_of(ue_nas_send(ue, &answer));
}
