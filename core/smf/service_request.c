/*
 * Service request: the user plane's activation, 23.502 4.2.3.2 steps 4 to 19; its second half also follows
 * the establishment.
 *
 *   gNB       AMF                  SMF              UPF
 *    |         |- Upd (ACTIVATING) ->|               |    29.502 5.2.2.3.2.2
 *    |<- setup request -|<- 200 -----|               |    38.413 9.3.4.1; guard 15 s
 *    |-- setup response or failure ->|               |    38.413 9.3.4.2, 9.3.4.16
 *    |         |                     |-- Mod ------->|    29.244 6.3.3: forward to the gNB
 *    |         |<- 200 (ACTIVATED) --|<- accepted ---|
 */
#include "core/smf/modification.h"

static const struct nsmf_update_sm_context_rsp deactivated = { .data.up_cnx_state = UP_CNX_DEACTIVATED };

/* What changes nothing is answered all the same. */
enum fsm_outcome smf_activate_taken(void *room, void *context, const void *arg)
{
	smf_n11_reply(arg, SBI_OK, NULL);
	return FSM_OK;
}

/* The gNB has the session, or is about to: nothing is set up twice (29.502 5.2.2.3.2.2). */
enum fsm_outcome smf_activate_have(void *room, void *context, const void *arg)
{
	const struct smf_session *s = context;
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_ACTIVATED };

	if (s->up == UP_ACTIVATING)
		rsp.data.up_cnx_state = UP_CNX_ACTIVATING;
	smf_n11_reply(arg, SBI_OK, &rsp);
	return FSM_OK;
}

/* The gNB has released what it had; if it had lost the tunnel, it gets another one, without the UE's asking.
 */
enum fsm_outcome smf_activate_again(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct bytes setup = s->reactivate ? smf_n2_sm_setup_request(smf, s) : BYTES_NONE;

	smf_n11_reply(arg, SBI_OK, NULL);
	s->reactivate = false;
	if (setup.len == 0 || !smf->upfs[s->upf].associated)
		return FSM_REFUSED;
	smf_session_guard(smf, s, smf->config.setup_guard_ms);
	s->gnb_has = true;
	smf_session_ask_gnb(s);
	smf_session_dirty(smf, s);
	smf_n11_transfer(smf, s, BYTES_NONE, N2_IE_PDU_RES_SETUP_REQ, setup);
	return FSM_OK;
}

/* Without a UPF that could forward there is nothing to set up (29.502 5.2.2.3.2.2 step 2b). */
enum fsm_outcome smf_activate_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_PDU_RES_SETUP_REQ,
		.data.up_cnx_state = UP_CNX_ACTIVATING };

	rsp.data.n2_sm_info = smf_n2_sm_setup_request(smf, s);
	if (!smf->upfs[s->upf].associated || rsp.data.n2_sm_info.len == 0) {
		smf_n11_reply(u, SBI_PEER_NOT_RESPONDING, &deactivated);
		return FSM_REFUSED;
	}
	smf_session_guard(smf, s, smf->config.setup_guard_ms);
	s->reactivate = false;
	smf_n11_answer(smf, s, SBI_OK, NULL);
	s->gnb_has = true;
	smf_session_ask_gnb(s);
	smf_session_dirty(smf, s);
	smf_n11_reply(u, SBI_OK, &rsp);
	return FSM_OK;
}

/* Which flows the gNB took; a dedicated one that it refused goes (23.501 5.7.1.3). */
void smf_activate_flows(struct smf *smf, struct smf_session *s, uint64_t accepted, uint64_t asked)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);
		bool taken = accepted >> f->qfi & 1, was_asked = asked >> f->qfi & 1;

		f->at = (uint16_t)((f->at & ~FLOW_OF_GNB) | (taken ? FLOW_AT_GNB : 0));
		if (was_asked && !taken)
			smf_flow_fail(smf, s, f, FAILURE_CODE_RES_ALLO_FAIL);
	}
}

/* The gNB's tunnel is known: the UPF is asked to use it. */
enum fsm_outcome smf_activate_connect(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = true;
	s->downlink = u->setup.tunnel;
	smf_activate_flows(smf, s, u->setup.accepted, smf_flows_marked(&s->flows, FLOW_GNB_ASKED));
	smf_session_set_access(smf, s, ACCESS_FORWARD);
	smf_session_dirty(smf, s);
	smf_n11_defer(smf, s, u);
	if (smf_n4_modify(smf, s))
		return FSM_OK;
	return smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
}

void smf_activated(struct smf *smf, struct smf_session *s)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_ACTIVATED };

	if (s->accepted)
		smf->stat[SMF_STAT_ACTIVATIONS]++;
	else
		smf_count_created(smf, s);
	if (!s->accepted) {
		smf_session_log(smf, s, "up");
		smf_session_tell(smf, s, EVENT_SESSION_ESTABLISHED, EVENT_NO_REASON, s->n1_cause);
		s->accepted_s = env_utc_ms(smf->nf.env) / MS_PER_S;
	}
	if (!s->accepted)
		smf_flows_accepted(&s->flows);
	s->accepted = true;
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	smf_advertise_due(smf, s);
	smf_policy_confirm(smf, s);
}

enum fsm_outcome smf_activate_done(void *room, void *context, const void *arg)
{
	smf_activated(room, context);
	smf_session_event(room, context, SM_EV_MODIFY, NULL);
	return FSM_OK;
}

/* The UPF did not take the tunnel: a new session ends, an old one stays without user plane. */
enum fsm_outcome smf_activate_unconnected(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct nsmf_update_sm_context_rsp rsp = { .error.up_cnx_state = UP_CNX_DEACTIVATED };

	smf_session_set_access(smf, s, ACCESS_DROP);
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_PEER_NOT_RESPONDING, &rsp);
	if (s->accepted) {
		smf_session_guard(smf, s, smf->config.paging_pause_ms);
		return FSM_OK;
	}
	smf_count_failed(smf, NAS_5GSM_INSUFFICIENT_RESOURCES);
	s->accepted = true; /* by the UE, to which its end must be sent */
	s->n1_cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	return smf_session_event(smf, s, SM_EV_RELEASE_COMMAND, NULL);
}

/* The gNB has nothing, and the UPF drops what comes, or will soon, for a while. */
static void activate_end(struct smf *smf, struct smf_session *s)
{
	s->gnb_has = false;
	s->downlink = (struct smf_tunnel){ 0 };
	smf_flows_mark(&s->flows, FLOW_OF_GNB, 0);
	smf_session_pause(smf, s);
}

/* The session stays, without user plane (23.502 4.2.3.2 step 14). */
enum fsm_outcome smf_activate_refused(void *room, void *context, const void *arg)
{
	smf_n11_reply(arg, SBI_OK, &deactivated);
	activate_end(room, context);
	return FSM_OK;
}

/* The gNB may have what it did not confirm: it must not keep it, or the UE would believe in its user plane.
 */
enum fsm_outcome smf_activate_silent(void *room, void *context, const void *arg)
{
	smf_n11_transfer(room, context, BYTES_NONE, N2_IE_PDU_RES_REL_CMD, smf_n2_sm_release_command(room));
	activate_end(room, context);
	return FSM_OK;
}
