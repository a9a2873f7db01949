/* The user plane's coming and going: setup responses, deactivation and activation (23.502 4.2.3.2, 4.2.6). */
#include "core/smf/internal.h"

static void update_answer(struct smf *smf, const struct sm_update *u, enum up_cnx_state state)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = state };

	if (u)
		sbi_answer(smf->nf.bus, u->id, SBI_OK, &rsp);
}

enum fsm_outcome update_taken(void *room, void *context, const void *arg)
{
	update_answer(room, arg, UP_CNX_ABSENT);
	return FSM_OK;
}

/* The gNB's tunnel is known: the UPF is told to use it. */
enum fsm_outcome connect_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = true;
	s->dl_ip = u->dl_ip;
	s->dl_teid = u->dl_teid;
	smf_session_set_active(smf, s, true);
	smf_session_dirty(smf, s);
	smf_n11_defer(smf, s, u->id);
	if (!smf_n4_modify(smf, s))
		smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
	return FSM_OK;
}

enum fsm_outcome connect_done(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_ACTIVATED };

	smf->stat[s->accepted ? SMF_STAT_ACTIVATIONS : SMF_STAT_ESTABLISHED]++;
	s->accepted = true;
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	return FSM_OK;
}

/* The UPF did not take the tunnel: a new session ends, an old one stays without user plane. */
enum fsm_outcome connect_failed(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_DEACTIVATED };

	smf_session_set_active(smf, s, false);
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_PEER_NOT_RESPONDING, &rsp);
	if (s->accepted)
		return FSM_OK;
	smf->stat[SMF_STAT_REJECTS]++;
	s->accepted = true; /* by the UE, which must be told */
	s->n1_cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	smf_session_event(smf, s, SM_EV_RELEASE_COMMAND, NULL);
	return FSM_OK;
}

/* The UPF is told to drop what comes for the UE. arg may be NULL: the gNB's tunnel is gone. */
enum fsm_outcome disconnect_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = false;
	s->dl_ip = s->dl_teid = 0;
	smf_session_set_active(smf, s, false);
	smf_session_dirty(smf, s);
	smf->stat[SMF_STAT_DEACTIVATIONS]++;
	if (u)
		smf_n11_defer(smf, s, u->id);
	if (!smf_n4_modify(smf, s))
		smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
	return FSM_OK;
}

/* Also when the UPF does not answer: the UE is idle all the same. */
enum fsm_outcome disconnect_done(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_DEACTIVATED };

	smf_session_dirty(room, context);
	smf_n11_answer(room, context, SBI_OK, &rsp);
	return FSM_OK;
}

/* Nothing is forwarded yet, or any more. */
enum fsm_outcome deactivate_at_once(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = false;
	smf_session_dirty(smf, s);
	update_answer(smf, arg, UP_CNX_DEACTIVATED);
	return FSM_OK;
}

enum fsm_outcome smf_activate_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_PDU_RES_SETUP_REQ,
		.data.up_cnx_state = UP_CNX_ACTIVATING };

	rsp.data.n2_sm_info = smf_n2_sm_setup_request(smf, s);
	if (!smf->upfs[s->upf].associated || rsp.data.n2_sm_info.len == 0 ||
		!smf_session_guard(smf, s, smf->config.setup_guard_ms)) {
		sbi_answer(smf->nf.bus, u->id, SBI_PEER_NOT_RESPONDING, NULL);
		return FSM_REFUSED;
	}
	smf_n11_answer(smf, s, SBI_OK, NULL);
	s->gnb_has = true;
	smf_session_dirty(smf, s);
	sbi_answer(smf->nf.bus, u->id, SBI_OK, &rsp);
	return FSM_OK;
}

/* The session stays, without user plane (23.502 4.2.3.2 step 14). */
enum fsm_outcome setup_failed(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	update_answer(smf, arg, UP_CNX_DEACTIVATED);
	return smf_activate_expired(smf, s, NULL);
}

/* The gNB may have what it did not confirm: it must not keep it, or the UE would believe in its user plane.
 */
enum fsm_outcome smf_activate_silent(void *room, void *context, const void *arg)
{
	smf_n11_transfer(room, context, BYTES_NONE, N2_IE_PDU_RES_REL_CMD, smf_n2_sm_release_command(room));
	return smf_activate_expired(room, context, NULL);
}

enum fsm_outcome smf_activate_expired(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	bool was_active = s->up_active;

	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = false;
	s->dl_ip = s->dl_teid = 0;
	smf_session_set_active(smf, s, false);
	smf_session_dirty(smf, s);
	if (was_active)
		smf_n4_modify(smf, s);
	return FSM_OK;
}
