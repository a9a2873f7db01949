/* The end of a UE context, and the UE without a connection (24.501 5.3.7). */
#include "core/amf/internal.h"

/* Forgets the UE: procedures, sessions (released at their SMF), indexes, stored record. */
void amf_ue_free(struct amf *amf, struct amf_ue *ue)
{
	amf_order_forget(amf, ue);
	amf_session_release_all(amf, ue);
	amf_procedure_end_all(amf, ue);
	timer_stop(&amf->nf.timers, &ue->reachability);
	if (ue->serving)
		ue->serving->ue = NULL;
	if (ue->target)
		ue->target->ue = NULL;
	ue->serving = ue->target = NULL;
	amf_ue_forget(amf, ue);
}

static void implicit_deregistration_expired(void *owner, struct timer *t)
{
	amf_mm_event(owner, container_of(t, struct amf_ue, reachability), MM_EV_UNREACHABLE, NULL);
}

/* The UE is not to be reached any more, but may still come back. */
static void mobile_reachable_expired(void *owner, struct timer *t)
{
	struct amf *amf = owner;

	container_of(t, struct amf_ue, reachability)->unreachable = true;
	timer_set(&amf->nf.timers, t, env_now_ns(amf->nf.env) + AMF_IMPLICIT_DEREGISTRATION_S * NS_PER_S,
		implicit_deregistration_expired);
}

/* The N2 connection is gone. A registered UE is CM-IDLE now; a procedure under way is lost. */
void amf_ue_became_idle(struct amf *amf, struct amf_ue *ue)
{
	/* T3512 as its coding gave it to the UE. */
	uint64_t reachable_s = nas_timer3_s(nas_timer3_of(amf->config.t3512_s)) + AMF_MOBILE_REACHABLE_S;

	if (ue->state != MM_REGISTERED) {
		amf_mm_event(amf, ue, MM_EV_CONNECTION_LOST, NULL);
		return;
	}
	if (ue->moved)
		amf_ue_dirty(amf, ue);
	ue->moved = false;
	amf_procedure_end_connected(amf, ue);
	amf_session_deactivate_all(amf, ue);
	if (amf->config.t3512_s)
		timer_set(&amf->nf.timers, &ue->reachability,
			env_now_ns(amf->nf.env) + reachable_s * NS_PER_S, mobile_reachable_expired);
}
