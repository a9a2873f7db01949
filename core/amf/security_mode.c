/*
 * Security mode control, 24.501 5.4.2.
 *
 *   AMF -> UE  SECURITY MODE COMMAND    5.4.2.2: with the new context; T3560
 *   UE -> AMF  SECURITY MODE COMPLETE   5.4.2.3, 5.4.2.4: with the complete initial message; the new context
 *                                       is in use
 *              SECURITY MODE REJECT     5.4.2.5: the connection is released
 */
#include "core/amf/authentication.h"
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

enum fsm_outcome amf_security_mode_start(struct amf *amf, struct amf_ue *ue, const struct supi *supi,
	uint8_t ngksi, const uint8_t k_amf[KDF_KEY_LEN], struct bytes eap_success)
{
	const struct amf_config *config = &amf->config;
	const struct nas_ue_security_capability *capability = &amf_registration_of(ue)->capability;
	int ea = choose(config->ciphering_order, config->ciphering_count, capability, NAS_CAP_EA);
	int ia = choose(config->integrity_order, config->integrity_count, capability, NAS_CAP_IA);
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMMAND };
	struct nas_security_mode_command *command = &m.security_mode_command;
	struct amf_security_mode *p;

	if (ea < 0 || ia < 0) {
		log_warn(amf->nf.env->log,
			"imsi-%s: no algorithm in common (see ciphering and integrity in core.amfs)",
			supi->imsi);
		return amf_registration_reject(amf, ue, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH);
	}
	p = (struct amf_security_mode *)amf_procedure_begin(amf, ue, AMF_SECURITY_MODE);
	if (!p)
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	p->supi = *supi;
	p->capability = *capability;
	nas_security_start(&p->pending, k_amf, ngksi, (uint8_t)ea, (uint8_t)ia);
	command->selected_algorithms = (struct nas_security_algorithms){ (uint8_t)ea, (uint8_t)ia };
	command->ngksi = ngksi;
	command->replayed_ue_security_capability = p->capability;
	command->has_imeisv_request = true;
	command->imeisv_request = NAS_IMEISV_REQUESTED;
	/* 5.4.2.2: the initial message was not protected: the UE repeats it, complete, in its answer (4.4.6).
	 */
	command->has_additional_security_information = true;
	command->additional_security_information = NAS_SECURITY_RINMR;
	/* 5.4.1.2.2.8, 33.501 6.1.3.1 step 11: the end of EAP goes with it. */
	command->has_eap_message = command->has_abba = eap_success.len > 0;
	command->eap_message = eap_success;
	command->abba = BYTES(amf_abba);
	/* 33.501 6.9.5.1: never while the gNB's key changes; then the end of that sends it. */
	if (!(amf_procedure_waits(&p->p)
			    ? amf_n1_keep(amf, &p->p, NAS_INTEGRITY_NEW_CONTEXT, &m, config->t3560_ms)
			    : amf_n1_send_and_wait(
				      amf, &p->p, NAS_INTEGRITY_NEW_CONTEXT, &m, config->t3560_ms)))
		return amf_registration_reject(amf, ue, NAS_5GMM_CONGESTION);
	return FSM_OK;
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
	return amf_registration_is_supported(amf_registration_of(ue)->registration_type);
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
		if (amf_registration_of(ue)->registration_type != NAS_REGISTRATION_INITIAL)
			sessions_pass_over(amf, other, ue);
		amf_deregistration_replaced(amf, other);
	}
	amf_security_context_drop(amf, supi);
	amf_ue_set_supi(amf, ue, supi);
}

enum fsm_outcome amf_security_mode_complete(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_security_mode *p = amf_security_mode_of(ue);
	const struct amf_nas *nas = arg;
	const struct nas_security_mode_complete *m = &nas->msg->security_mode_complete;

	if (m->has_nas_message_container && !take_initial_message(amf, ue, p, m->nas_message_container))
		return amf_registration_reject(amf, ue, NAS_CAUSE_INVALID_MANDATORY);
	ue->security = p->pending;
	ue->dl_count_reserved = 0;
	ue->k_amf_sealed = false;
	amf_next_hop_restart(amf, ue);
	ue->kgnb_ul_count = nas->count;
	ue->capability = p->capability;
	ue->masked_imeisv = m->has_imeisv ? amf_ie_masked_imeisv(&m->imeisv) : 0;
	replace_other_context(amf, ue, &p->supi);
	amf_procedure_end(amf, &p->p);
	return amf_mm_event(amf, ue, MM_EV_SECURED, NULL);
}

enum fsm_outcome amf_security_mode_reject(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	const struct amf_nas *nas = arg;

	log_warn(amf->nf.env->log, "imsi-%s: security mode rejected by the UE, cause %u",
		amf_security_mode_of(ue)->supi.imsi, nas->msg->security_mode_reject.cause);
	amf_ue_event(amf, ue, EVENT_AUTHENTICATION_FAILED, EVENT_BY_UE, nas->msg->security_mode_reject.cause);
	amf->stat[AMF_STAT_SECURITY_MODE_REJECTS]++;
	amf_connection_release(
		amf, amf_connection_for(ue, AMF_FOR_NAS), ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	return FSM_GONE;
}
