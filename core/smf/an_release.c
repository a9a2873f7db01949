/*
 * AN release and its like: the user plane's deactivation, 23.502 4.2.6 steps 5 to 7.
 *
 *   gNB     AMF                   SMF             UPF
 *    |       |- Upd (DEACTIVATED) ->|              |    29.502 5.2.2.3.2.3
 *    |-- notify: released --------->|              |    38.413 9.3.4.13, the gNB by itself
 *    |       |                      |<- report ----|    29.244 7.5.8: error indication of the gNB
 *    |       |                      |-- Mod ------>|    29.244 6.3.3: keep, and notify (5.2.3.1)
 *    |       |<- 200 (DEACTIVATED) -|<- accepted --|
 */
#include "core/smf/internal.h"

/* The UPF is asked to keep what comes for the UE, and to report the first; or, where it has done so and the
 * UE did not stay, to drop it for a while. arg may be NULL: the gNB's tunnel is gone. */
enum fsm_outcome smf_deactivate_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	timer_stop(&smf->nf.timers, &s->timer);
	smf->stat[SMF_STAT_DEACTIVATIONS] += s->access == ACCESS_FORWARD;
	s->gnb_has = s->reactivate = false;
	s->downlink = (struct smf_tunnel){ 0 };
	smf_flows_mark(&s->flows, FLOW_OF_GNB, 0);
	smf_session_event(smf, s, SM_EV_COMMAND_FAILED, NULL);
	smf_handover_forget(smf, s);
	smf_session_set_access(smf, s, s->n4_reported ? ACCESS_DROP : ACCESS_NOTIFY);
	smf_session_dirty(smf, s);
	smf_n11_defer(smf, s, arg);
	if (smf_n4_modify(smf, s))
		return FSM_OK;
	return smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
}

/* Also when the UPF does not answer: the UE is idle all the same. */
enum fsm_outcome smf_deactivate_done(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_DEACTIVATED };
	struct smf *smf = room;
	struct smf_session *s = context;

	if (s->access == ACCESS_DROP)
		smf_session_guard(smf, s, smf->config.paging_pause_ms);
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL); /* a flow that did not get through */
	return FSM_OK;
}
