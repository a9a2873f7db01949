/* Events of the 5GMM state machine: raised from below, acted upon by what dispatch.c lists. */
#include "core/amf/internal.h"

enum fsm_outcome amf_mm_event(struct amf *amf, struct amf_ue *ue, enum amf_mm_event event, const void *arg)
{
	return fsm_event(amf->dispatch->mm, &ue->state, (uint8_t)event, amf, ue, arg);
}

const char *amf_mm_state_name(const struct amf *amf, uint8_t state)
{
	return state < MM_STATE_COUNT ? amf->dispatch->mm->state_names[state] : "?";
}
