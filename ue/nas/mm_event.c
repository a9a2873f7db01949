/* Events of the 5GMM state machine, whose table (mm_fsm.c) the host holds: raised here, by whoever has one.
 */
#include "ue/internal.h"

enum fsm_outcome ue_mm_event(struct ue *ue, enum mm_event event, const void *arg)
{
	return fsm_event(ue->host->mm_fsm, &ue->state, (uint8_t)event, ue->host, ue, arg);
}

const char *ue_mm_state_name(const struct ue *ue)
{
	return ue->host->mm_fsm->state_names[ue->state];
}

void ue_mm_timer(void *owner, struct timer *t)
{
	ue_mm_event(container_of(t, struct ue, timer), MM_EV_TIMER, NULL);
}
