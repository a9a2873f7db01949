/* Events of sessions go up from here, through the state machines that smf_new() was given. */
#include "core/smf/internal.h"

enum fsm_outcome smf_session_event(
	struct smf *smf, struct smf_session *s, enum sm_event event, const void *arg)
{
	enum fsm_outcome outcome;

	/* Nothing is sent about a session that the store lost, before it has it. */
	if (mark_is_lost(smf->nf.env->turn, &s->mark))
		smf_session_dirty(smf, s);
	outcome = fsm_event(smf->life, &s->state, event, smf, s, arg);
	if (outcome == FSM_UNLISTED && s->state == SM_ESTABLISHED)
		outcome = fsm_event(smf->user_plane, &s->up, event, smf, s, arg);
	return outcome;
}

static void session_timer(void *owner, struct timer *t)
{
	smf_session_event(owner, container_of(t, struct smf_session, timer), SM_EV_TIMER, NULL);
}

void smf_session_guard(struct smf *smf, struct smf_session *s, uint32_t ms)
{
	timer_set(&smf->nf.timers, &s->timer, env_now_ns(smf->nf.env) + (uint64_t)ms * NS_PER_MS,
		session_timer);
}
