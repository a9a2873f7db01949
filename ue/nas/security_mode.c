/*
 * Security mode control, 24.501 5.4.2.
 *
 *   UE                            AMF
 *    |<- SECURITY MODE COMMAND -----|    5.4.2.2: algorithms, capability replayed
 *    |-- SECURITY MODE COMPLETE --->|    5.4.2.3, with the complete initial message; the context is in use
 *    |-- SECURITY MODE REJECT ----->|    5.4.2.5: #23, #24
 */
#include "ue/internal.h"

static void reject_send(struct ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_SECURITY_MODE_REJECT, .security_mode_reject.cause = cause };

	log_warn(ue->host->env->log, "imsi-%s: security mode command refused, cause %u (%s)",
		ue->usim.supi.imsi, cause, nas_5gmm_cause_name(cause));
	ue_nas_send(ue, &m);
}

static bool capability_is_ours(const struct ue *ue, const struct nas_ue_security_capability *replayed)
{
	struct nas_ue_security_capability ours = ue_capability(ue);

	return bytes_equal(bytes_of(ours.octets, ours.len), bytes_of(replayed->octets, replayed->len));
}

/* 0: acceptable; else the cause of SECURITY MODE REJECT (5.4.2.3, 5.4.2.5). */
static uint8_t judge(const struct ue *ue, const struct nas_security_mode_command *m)
{
	struct nas_ue_security_capability ours = ue_capability(ue);

	if (!capability_is_ours(ue, &m->replayed_ue_security_capability))
		return NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH;
	if (ue_emergency_takes_null(ue, m))
		return 0;
	/* Null integrity is for emergency services only. */
	if (m->selected_algorithms.integrity == 0 ||
		!nas_ue_security_capable(&ours, NAS_CAP_IA, m->selected_algorithms.integrity) ||
		!nas_ue_security_capable(&ours, NAS_CAP_EA, m->selected_algorithms.ciphering))
		return NAS_5GMM_SECURITY_MODE_REJECTED_UNSPECIFIED;
	return 0;
}

/* The context that ngKSI names, with the algorithms that the command chooses. */
static bool context_of(
	const struct ue *ue, const struct nas_security_mode_command *m, struct nas_security *out)
{
	uint8_t ngksi = m->ngksi & NAS_KSI_MASK, k_amf[KDF_KEY_LEN];

	if (ue_emergency_takes_null(ue, m)) { /* 5.4.2.3: a K_AMF of our own */
		env_random(ue->host->env, k_amf, sizeof(k_amf));
		nas_security_start(out, k_amf, ngksi, 0, 0);
		explicit_bzero(k_amf, sizeof(k_amf));
		return true;
	}
	if (ue->fresh.active && ue->fresh.ngksi == ngksi)
		*out = ue->fresh;
	else if (ue->security.active && ue->security.ngksi == ngksi)
		*out = ue->security;
	else
		return false;
	nas_security_select(out, m->selected_algorithms.ciphering, m->selected_algorithms.integrity);
	return true;
}

bool ue_security_mode_unprotect(struct ue *ue, const struct nas_security_header *h, struct bytes *plain)
{
	struct nas_security s;
	struct nas_msg msg;
	struct tlv_fault fault;
	uint32_t count;
	uint8_t cause;
	bool ok;

	if (!nas_decode(h->inner, &ue->host->arena, &msg, &fault) || msg.type != NAS_SECURITY_MODE_COMMAND ||
		!context_of(ue, &msg.security_mode_command, &s))
		return false;
	ok = nas_unprotect(&s, NAS_DOWNLINK, h, &ue->host->arena, plain, &count);
	cause = ok ? judge(ue, &msg.security_mode_command) : NAS_5GMM_SECURITY_MODE_REJECTED_UNSPECIFIED;
	if (cause) {
		reject_send(ue, cause); /* 5.4.2.5: the context in use stays */
		ok = false;
	} else {
		if (ue->fresh.active && ue->fresh.ngksi == s.ngksi)
			ue_home_key_take(ue);
		ue->security = s;
		nas_security_clear(&ue->fresh);
	}
	explicit_bzero(&s, sizeof(s));
	return ok;
}

/* The command is good and its context in use (ue_security_mode_unprotect): the answer. */
enum fsm_outcome ue_security_mode_command(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_security_mode_command *c = &m->msg->security_mode_command;
	struct nas_msg answer = { .type = NAS_SECURITY_MODE_COMPLETE };
	struct nas_security_mode_complete *complete = &answer.security_mode_complete;

	ue->challenge_until_ns = 0;
	timer_stop(&ue->host->timers, &ue->t3520);
	if (c->has_imeisv_request && (c->imeisv_request & 7) == NAS_IMEISV_REQUESTED && ue->imeisv[0]) {
		complete->has_imeisv = true;
		complete->imeisv.type = NAS_IDENTITY_IMEISV;
		str_copy(complete->imeisv.imei, sizeof(complete->imeisv.imei), ue->imeisv);
	}
	/* 4.4.6: the initial message was sent in the clear, or the network did not understand it. */
	if (ue->state == MM_REGISTERED_INITIATED) {
		complete->nas_message_container = ue_registration_request_complete(ue);
		complete->has_nas_message_container = complete->nas_message_container.len > 0;
	}
	/* 33.501 6.9.4.4: the access stratum goes on with its keys until the gNB changes them. */
	return ue_nas_send_as(ue, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &answer) ? FSM_OK : FSM_REFUSED;
}
