/* The end of a UE context, and the UE without a connection (24.501 5.3.7). */
#include "core/amf/mobility.h"

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

/* The N2 connection is gone. A registered UE is CM-IDLE now; a procedure under way is lost. */
void amf_ue_became_idle(struct amf *amf, struct amf_ue *ue)
{
	if (ue->state != MM_REGISTERED) {
		amf_mm_event(amf, ue, MM_EV_CONNECTION_LOST, NULL);
		return;
	}
	if (ue->moved)
		amf_ue_dirty(amf, ue);
	ue->moved = false;
	amf_procedure_end_connected(amf, ue);
	amf_session_deactivate_all(amf, ue);
	amf_reachability_idle(amf, ue);
}
