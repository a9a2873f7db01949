/*
 * Security mode control, 24.501 5.4.2.
 *
 *   AMF -> UE  SECURITY MODE COMMAND    5.4.2.2: with the new context; T3560
 *   UE -> AMF  SECURITY MODE COMPLETE   5.4.2.3, 5.4.2.4: with the complete initial message; the new context
 *                                       is in use
 *              SECURITY MODE REJECT     5.4.2.5: the connection is released
 */
#include "core/amf/authentication.h"
#include "core/amf/emergency.h"
#include "core/amf/handover.h"
#include "core/amf/security_context.h"

/* The first algorithm of the operator's order that the UE has; 0 (null) is had by all; -1: none. */
static int choose(
	const uint8_t *order, uint8_t count, const struct nas_ue_security_capability *c, unsigned which)
{
	for (uint8_t i = 0; i < count; i++)
		if (nas_ue_security_capable(c, which, order[i]))
			return order[i];
	return -1;
}

/* Of a UE that is registered: the context in use stays. */
static enum fsm_outcome again_failed(struct amf *amf, struct amf_ue *ue, enum event_reason reason)
{
	amf_ue_event(amf, ue, EVENT_NOT_AUTHENTICATED, reason, 0);
	amf_procedure_end(amf, amf_procedure_find(ue, AMF_AUTHENTICATION));
	amf_procedure_end(amf, amf_procedure_find(ue, AMF_SECURITY_MODE));
	return FSM_OK;
}

static enum fsm_outcome failed(
	struct amf *amf, struct amf_ue *ue, enum nas_5gmm_cause cause, enum event_reason reason)
{
	return amf_registration_of(ue) ? amf_registration_reject(amf, ue, (uint8_t)cause)
				       : again_failed(amf, ue, reason);
}

/* The command for the pending context of p. */
static enum fsm_outcome command_send(
	struct amf *amf, struct amf_ue *ue, struct amf_security_mode *p, struct bytes eap_success)
{
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMMAND };
	struct nas_security_mode_command *command = &m.security_mode_command;

	command->selected_algorithms = (struct nas_security_algorithms){ p->pending.ea, p->pending.ia };
	command->ngksi = p->pending.ngksi;
	command->replayed_ue_security_capability = p->capability;
	command->has_imeisv_request = true;
	command->imeisv_request = NAS_IMEISV_REQUESTED;
	/* 5.4.2.2: the initial message was not protected: the UE repeats it, complete, in its answer (4.4.6).
	 */
	command->has_additional_security_information = amf_registration_of(ue) != NULL;
	command->additional_security_information = NAS_SECURITY_RINMR;
	/* 5.4.1.2.2.8, 33.501 6.1.3.1 step 11: the end of EAP goes with it. */
	command->has_eap_message = command->has_abba = eap_success.len > 0;
	command->eap_message = eap_success;
	command->abba = BYTES(amf_abba);
	/* 33.501 6.9.5.1: never while the gNB's key changes; then the end of that sends it. */
	if (!(amf_procedure_waits(&p->p)
			    ? amf_n1_keep(amf, &p->p, NAS_INTEGRITY_NEW_CONTEXT, &m, amf->config.t3560_ms)
			    : amf_n1_send_and_wait(
				      amf, &p->p, NAS_INTEGRITY_NEW_CONTEXT, &m, amf->config.t3560_ms)))
		return failed(amf, ue, NAS_5GMM_CONGESTION, EVENT_EXHAUSTED);
	return FSM_OK;
}

enum fsm_outcome amf_security_mode_start(struct amf *amf, struct amf_ue *ue, const struct supi *supi,
	uint8_t ngksi, const uint8_t k_amf[KDF_KEY_LEN], struct bytes eap_success)
{
	const struct amf_config *config = &amf->config;
	const struct amf_registration *r = amf_registration_of(ue);
	const struct nas_ue_security_capability *capability = r ? &r->capability : &ue->capability;
	int ea = choose(config->ciphering_order, config->ciphering_count, capability, NAS_CAP_EA);
	int ia = choose(config->integrity_order, config->integrity_count, capability, NAS_CAP_IA);
	struct amf_security_mode *p;

	if (ea < 0 || ia < 0) {
		log_warn(amf->nf.env->log,
			"imsi-%s: no algorithm in common (see ciphering and integrity in core.amfs)",
			supi->imsi);
		return failed(amf, ue, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH, EVENT_NO_ALGORITHM);
	}
	p = (struct amf_security_mode *)amf_procedure_begin(amf, ue, AMF_SECURITY_MODE);
	if (!p)
		return failed(amf, ue, NAS_5GMM_CONGESTION, EVENT_EXHAUSTED);
	p->supi = *supi;
	p->capability = *capability;
	nas_security_start(&p->pending, k_amf, ngksi, (uint8_t)ea, (uint8_t)ia);
	return command_send(amf, ue, p, eap_success);
}

/* 24.501 5.4.2.2, 33.501 10.2.2.2: ngKSI 0 and a K_AMF of our own; the UE makes another, and none is used. */
enum fsm_outcome amf_security_mode_unproved(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_security_mode *p = NULL;
	uint8_t k_amf[KDF_KEY_LEN];

	if (amf->unproved < AMF_EMERGENCY_UNPROVED_MAX)
		p = (struct amf_security_mode *)amf_procedure_begin(amf, ue, AMF_SECURITY_MODE);
	else
		amf->stat[AMF_STAT_EXHAUSTED]++;
	if (!p)
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	p->capability = amf_registration_of(ue)->capability;
	env_random(amf->nf.env, k_amf, sizeof(k_amf));
	nas_security_start(&p->pending, k_amf, 0, 0, 0);
	explicit_bzero(k_amf, sizeof(k_amf));
	return command_send(amf, ue, p, BYTES_NONE);
}

/* The complete REGISTRATION REQUEST of the container counts, in place of what came in the clear. */
static bool take_initial_message(
	struct amf *amf, struct amf_ue *ue, const struct amf_security_mode *p, struct bytes container)
{
	struct nas_msg initial;
	struct tlv_fault fault;

	if (!nas_decode(container, &amf->arena, &initial, &fault) || initial.type != NAS_REGISTRATION_REQUEST)
		return false;
	/* A bidding-down attack on the clear message shows here (33.501 6.7.2). */
	if (initial.registration_request.has_ue_security_capability &&
		!bytes_equal(bytes_of(initial.registration_request.ue_security_capability.octets,
				     initial.registration_request.ue_security_capability.len),
			bytes_of(p->capability.octets, p->capability.len)))
		return false;
	amf_registration_take(amf, amf_registration_of(ue), &initial.registration_request, true);
	return amf_registration_is_supported(amf_registration_of(ue)->registration_type) &&
	       !amf_emergency_refusal(amf, ue);
}

/* What is in the making has its answers for the other context; the UE asks again (24.501 6.4.1.6). */
static void sessions_pass_over(struct amf *amf, struct amf_ue *from, struct amf_ue *to)
{
	for (struct amf_session *s = from->sessions, *next; s; s = next) {
		next = s->next;
		if (s->creating)
			amf_session_free(amf, from, s);
	}
	to->sessions = from->sessions;
	from->sessions = NULL;
}

/*
 * The UE has proved who it is. Another context of the same SUPI ends here: its sessions pass over unless
 * this is an initial registration (23.502 4.2.2.2.2 step 17).
 */
static void replace_other_context(struct amf *amf, struct amf_ue *ue, const struct supi *supi)
{
	struct amf_ue *other = amf_ue_by_supi(amf, supi);

	if (other && other != ue) {
		if (amf_registration_of(ue)->registration_type == NAS_REGISTRATION_MOBILITY ||
			amf_registration_of(ue)->registration_type == NAS_REGISTRATION_PERIODIC)
			sessions_pass_over(amf, other, ue);
		amf_deregistration_replaced(amf, other);
	}
	amf_security_context_drop(amf, supi);
	amf_ue_set_supi(amf, ue, supi);
}

/* The context is in use from now on. */
static void take_into_use(struct amf *amf, struct amf_ue *ue, struct amf_security_mode *p, uint32_t count)
{
	ue->security = p->pending;
	ue->dl_count_reserved = 0;
	ue->k_amf_sealed = false;
	ue->secured_s = env_utc_ms(amf->nf.env) / MS_PER_S;
	amf_next_hop_restart(amf, ue);
	ue->kgnb_ul_count = count;
	ue->capability = p->capability;
	amf_ue_dirty(amf, ue);
}

/* A context that nobody proved is taken only for what it was made for; p gets the UE's identity. */
static bool take_unproved(struct amf *amf, struct amf_ue *ue, struct amf_security_mode *p,
	const struct nas_security_mode_complete *m)
{
	if (!amf_emergency_is_asked(amf_registration_of(ue)) ||
		!amf_emergency_equipment(ue, m->has_imeisv ? &m->imeisv : NULL, &p->supi))
		return false;
	amf->stat[AMF_STAT_UNPROVED]++;
	return true;
}

static enum fsm_outcome secured(
	struct amf *amf, struct amf_ue *ue, bool again, const struct amf_next_hop *before)
{
	if (again)
		return amf_reauthentication_secured(amf, ue, before);
	if (!amf_rekey(amf, ue, before))
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	return amf_mm_event(amf, ue, MM_EV_SECURED, NULL);
}

enum fsm_outcome amf_security_mode_complete(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_security_mode *p = amf_security_mode_of(ue);
	const struct amf_nas *nas = arg;
	const struct nas_security_mode_complete *m = &nas->msg->security_mode_complete;
	bool again = !amf_registration_of(ue), has_before;
	struct amf_next_hop before = { 0 };
	enum fsm_outcome outcome;

	if (!p)
		return FSM_OK; /* repeated */
	if (!again && m->has_nas_message_container &&
		!take_initial_message(amf, ue, p, m->nas_message_container))
		return amf_registration_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
	if (!p->supi.imsi[0] && !take_unproved(amf, ue, p, m))
		return amf_registration_reject(amf, ue, NAS_5GMM_PEI_NOT_ACCEPTED);
	has_before = ue->security.active && amf_next_hop_of(ue, &before);
	take_into_use(amf, ue, p, nas->count);
	ue->masked_imeisv = m->has_imeisv ? amf_ie_masked_imeisv(&m->imeisv) : 0;
	if (!again)
		replace_other_context(amf, ue, &p->supi);
	amf_procedure_end(amf, &p->p);
	outcome = secured(amf, ue, again, has_before ? &before : NULL);
	explicit_bzero(&before, sizeof(before));
	return outcome;
}

enum fsm_outcome amf_security_mode_reject(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;
	char name[SUPI_STR_SIZE];

	if (!amf_security_mode_of(ue))
		return FSM_OK;
	log_warn(amf->nf.env->log, "%s: security mode rejected by the UE, cause %u",
		supi_str(&amf_security_mode_of(ue)->supi, name), nas->msg->security_mode_reject.cause);
	amf_ue_event(amf, ue, EVENT_AUTHENTICATION_FAILED, EVENT_BY_UE, nas->msg->security_mode_reject.cause);
	amf->stat[AMF_STAT_SECURITY_MODE_REJECTS]++;
	if (!amf_registration_of(ue)) /* 5.4.2.5: the context before is in use */
		return again_failed(amf, ue, EVENT_BY_UE);
	amf_connection_release(
		amf, amf_connection_for(ue, AMF_FOR_NAS), ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	return FSM_GONE;
}
