/*
 * N2 handover of a session, 23.502 4.9.1.3 and 29.502 5.2.2.3.4.
 *
 *   source   target   AMF                    SMF              UPF
 *     |        |       |- Upd (PREPARING) --->|                |    38.413 9.3.4.14: HANDOVER REQUIRED's part
 *     |        |<- setup request -|<- 200 ----|                |    9.3.4.1; the source has the UE
 *     |        |------ Upd (PREPARED) ------->|                |    9.3.4.11: the target's tunnels
 *     |        |       |                      |-- Mod -------->|    indirect forwarding: a PDR and a FAR more
 *     |<-- command ----|<- 200 ---------------|<- accepted ----|    9.3.4.10
 *     |        |       |- Upd (COMPLETED) --->|                |    the UE is there
 *     |        |       |                      |-- Mod -------->|    the target's tunnel, SNDEM
 * (29.244 5.2.4.2)
 *     |<========================= end marker =================|    29.281 7.3.2
 *     |        |       |<- 200 ---------------|<- accepted ----|
 *     |        |       |                      |-- Mod -------->|    SMF_FORWARDING_MS later: forwards no more
 *
 * Until COMPLETED the downlink is the source's, and CANCELLED, a refusal or a guard time leave all as it was.
 * So nothing of a preparation is stored, unless the UPF is to forward.
 */
#include <stdlib.h>

#include "core/smf/handover.h"
#include "core/smf/teid.h"

static bool has_forwarding(const struct smf_session *s)
{
	return s->handover && s->handover->at;
}

/* What the UPF has of it goes. */
static void handover_end(struct smf *smf, struct smf_session *s)
{
	bool forwarding = has_forwarding(s);

	timer_stop(&smf->nf.timers, &s->timer);
	smf_handover_forget(smf, s);
	if (!forwarding)
		return;
	smf_session_dirty(smf, s);
	smf_n4_modify(smf, s);
}

/* By type of N2 information: what it is, and what answers it when it cannot be. */
static const struct handover_type {
	enum sm_event event;
	enum n2_sm_info_type refusal;
} types[N2_SM_COUNT] = {
	[N2_SM_HANDOVER_REQUIRED] = { SM_EV_HANDOVER_REQUIRED, N2_SM_HANDOVER_PREP_FAIL },
	[N2_SM_HANDOVER_REQ_ACK] = { SM_EV_HANDOVER_ADMITTED, N2_SM_HANDOVER_PREP_FAIL },
	[N2_SM_HANDOVER_RES_ALLOC_FAIL] = { SM_EV_HANDOVER_FAILED, N2_SM_HANDOVER_PREP_FAIL },
	[N2_SM_PATH_SWITCH_REQ] = { SM_EV_PATH_SWITCH, N2_SM_PATH_SWITCH_REQ_FAIL },
	[N2_SM_PATH_SWITCH_SETUP_FAIL] = { SM_EV_PATH_SWITCH_FAILED, N2_SM_ABSENT },
	[N2_SM_PDU_RES_MOD_IND] = { SM_EV_MODIFY_INDICATED, N2_SM_PDU_RES_MOD_IND_FAIL },
};

enum sm_event smf_handover_event(struct smf *smf, const struct smf_session *s, struct sm_update *u)
{
	const struct sm_context_update_data *d = &u->req->data;

	switch (d->n2_sm_info_type) {
	case N2_SM_ABSENT:
		return d->ho_state == HO_STATE_COMPLETED   ? SM_EV_HANDOVER_COMPLETE
		       : d->ho_state == HO_STATE_CANCELLED ? SM_EV_HANDOVER_CANCEL
							   : SM_EV_COUNT;
	case N2_SM_HANDOVER_REQUIRED:
		return smf_n2_sm_handover_required(smf, d->n2_sm_info, &u->forwarding)
			       ? SM_EV_HANDOVER_REQUIRED
			       : SM_EV_COUNT;
	case N2_SM_HANDOVER_REQ_ACK: /* a target that has no tunnel for it has not got it */
		return smf_n2_sm_handover_acknowledge(smf, s, d->n2_sm_info, &u->setup, &u->forwarding)
			       ? SM_EV_HANDOVER_ADMITTED
			       : SM_EV_HANDOVER_FAILED;
	case N2_SM_HANDOVER_RES_ALLOC_FAIL:
		return SM_EV_HANDOVER_FAILED;
	case N2_SM_PATH_SWITCH_REQ:
		return smf_n2_sm_path_switch_request(smf, s, d->n2_sm_info, &u->setup) ? SM_EV_PATH_SWITCH
										       : SM_EV_COUNT;
	case N2_SM_PDU_RES_MOD_IND:
		return smf_n2_sm_modify_indication(smf, s, d->n2_sm_info, &u->setup) ? SM_EV_MODIFY_INDICATED
										     : SM_EV_COUNT;
	case N2_SM_PATH_SWITCH_SETUP_FAIL:
		return SM_EV_PATH_SWITCH_FAILED;
	default:
		return SM_EV_COUNT;
	}
}

void smf_handover_refuse(struct smf *smf, const struct sm_update *u, enum sbi_cause cause)
{
	struct ngap_cause why = { NGAP_CAUSE_TAG_RADIO_NETWORK,
		{ .radio_network = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED } };
	enum n2_sm_info_type type = u->req->data.n2_sm_info_type;
	struct nsmf_update_sm_context_rsp rsp = { 0 };

	rsp.data.n2_sm_info_type = types[type].refusal;
	if (types[type].refusal == N2_SM_HANDOVER_PREP_FAIL) {
		smf->stat[SMF_STAT_HANDOVERS_FAILED]++;
		rsp.data.ho_state = HO_STATE_NONE;
		rsp.data.n2_sm_info = smf_n2_sm_handover_refusal(smf, why);
	} else if (types[type].refusal == N2_SM_PATH_SWITCH_REQ_FAIL) {
		smf->stat[SMF_STAT_PATH_SWITCHES_FAILED]++;
		rsp.data.n2_sm_info = smf_n2_sm_path_switch_refusal(smf, why);
	} else if (types[type].refusal == N2_SM_PDU_RES_MOD_IND_FAIL) {
		rsp.data.n2_sm_info = smf_n2_sm_modify_indication_refusal(smf, why);
	}
	smf_n11_reply(u, cause, &rsp);
}

/* HANDOVER REQUIRED, also again: the target is to set up what a gNB always is. */
enum fsm_outcome smf_handover_prepare(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_PDU_RES_SETUP_REQ,
		.data.ho_state = HO_STATE_PREPARING };

	smf_n11_answer(smf, s, SBI_OK, NULL);
	handover_end(smf, s);
	rsp.data.n2_sm_info = smf_n2_sm_setup_request(smf, s);
	if (!s->handover)
		s->handover = calloc(1, sizeof(*s->handover));
	if (!smf->upfs[s->upf].associated || rsp.data.n2_sm_info.len == 0 || !s->handover) {
		smf_handover_forget(smf, s);
		smf_handover_refuse(smf, u, SBI_PEER_NOT_RESPONDING);
		return FSM_REFUSED;
	}
	s->handover->under_way = true;
	s->handover->asked = smf_flows_marked(&s->flows, 0);
	s->handover->direct_path = u->forwarding.direct_path;
	smf_session_guard(smf, s, SMF_HANDOVER_MS);
	smf_n11_reply(u, SBI_OK, &rsp);
	return FSM_OK;
}

static void count_switched(struct smf *smf, struct smf_session *s)
{
	smf->stat[SMF_STAT_HANDOVERS]++;
	smf_session_log(smf, s, "handed over");
}

/* From the gNB to which it has just been handed over: the UPF, which is asked for that, answers meanwhile. */
enum fsm_outcome smf_handover_again(void *room, void *context, const void *arg)
{
	enum fsm_outcome outcome = smf_handover_prepare(room, context, arg);

	if (outcome == FSM_OK)
		count_switched(room, context);
	return outcome;
}

/* From the gNB that has just set it up: likewise. */
enum fsm_outcome smf_handover_connecting(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_ACTIVATED };
	enum fsm_outcome outcome;

	smf_n11_answer(room, context, SBI_OK, &rsp);
	outcome = smf_handover_prepare(room, context, arg);
	if (outcome == FSM_OK)
		smf_activated(room, context);
	return outcome;
}

/* The gNB has not got its answer to a path switch request yet. */
enum fsm_outcome smf_handover_busy(void *room, void *context, const void *arg)
{
	smf_handover_refuse(room, arg, SBI_N2_SM_ERROR);
	return FSM_OK;
}

/* What a source that reaches the target itself does not send by way of the UPF. */
static void take_forwarding(struct smf_handover *h, const struct n2_forwarding *f)
{
	uint8_t octets[SMF_N2_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	h->forwarded = f->flows;
	if (!h->direct_path) {
		h->forward_to = f->flows ? f->tunnel : (struct smf_tunnel){ 0 };
		return;
	}
	h->direct = f->tunnel;
	if (!f->drbs || !ngap_value_encode(&ngap_data_forwarding_response_drb_list_type, f->drbs, &w))
		return;
	free(h->drbs);
	h->drbs = malloc(w.len);
	h->drbs_len = h->drbs ? w.len : 0;
	bytes_copy(h->drbs, h->drbs_len, writer_bytes(&w));
}

/* The target has set it up; the UPF is asked to forward, where it is to. */
enum fsm_outcome smf_handover_tunnel(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	s->handover->target = u->setup.tunnel;
	s->handover->accepted = u->setup.accepted;
	take_forwarding(s->handover, &u->forwarding);
	smf_session_guard(smf, s, SMF_HANDOVER_MS);
	smf_n11_defer(smf, s, u);
	if (!s->handover->forward_to.teid && !s->handover->at)
		return smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	smf_session_dirty(smf, s);
	if (smf_n4_modify(smf, s))
		return FSM_OK;
	return smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
}

enum fsm_outcome smf_handover_command(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_HANDOVER_CMD,
		.data.ho_state = HO_STATE_PREPARED };

	if (!s->handover->forwarding.teid)
		s->handover->forward_to = (struct smf_tunnel){ 0 };
	rsp.data.n2_sm_info = smf_n2_sm_handover_command(smf, s);
	if (has_forwarding(s))
		smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	return FSM_OK;
}

/* The UPF does not forward: the source does without. */
enum fsm_outcome smf_handover_undo(void *room, void *context, const void *arg)
{
	struct smf_session *s = context;

	s->handover->forward_to = (struct smf_tunnel){ 0 };
	s->handover->at &= FLOW_AT_UPF;
	smf_teid_give(room, s, &s->handover->forwarding);
	return smf_handover_command(room, context, arg);
}

enum fsm_outcome smf_handover_fail(void *room, void *context, const void *arg)
{
	handover_end(room, context);
	smf_handover_refuse(room, arg, SBI_OK);
	return FSM_OK;
}

enum fsm_outcome smf_handover_cancel(void *room, void *context, const void *arg)
{
	static const struct nsmf_update_sm_context_rsp rsp = { .data.ho_state = HO_STATE_CANCELLED };
	struct smf *smf = room;

	smf->stat[SMF_STAT_HANDOVERS_FAILED]++;
	smf_n11_answer(smf, context, SBI_OK, NULL);
	handover_end(smf, context);
	smf_n11_reply(arg, SBI_OK, &rsp);
	return FSM_OK;
}

/* The AMF has forgotten it. */
enum fsm_outcome smf_handover_expire(void *room, void *context, const void *arg)
{
	struct smf *smf = room;

	smf->stat[SMF_STAT_HANDOVERS_FAILED]++;
	smf_n11_answer(smf, context, SBI_OK, NULL);
	handover_end(smf, context);
	return FSM_OK;
}

enum fsm_outcome smf_switch_to(struct smf *smf, struct smf_session *s, const struct sm_update *u,
	const struct smf_tunnel *tunnel, uint64_t accepted, uint64_t asked)
{
	timer_stop(&smf->nf.timers, &s->timer);
	s->gnb_has = true;
	s->reactivate = false;
	s->downlink = *tunnel;
	smf_activate_flows(smf, s, accepted, asked);
	smf_session_set_access(smf, s, ACCESS_FORWARD);
	smf_session_dirty(smf, s);
	smf_n11_defer(smf, s, u);
	if (smf_n4_modify(smf, s))
		return FSM_OK;
	return smf_session_event(smf, s, SM_EV_N4_FAILED, NULL);
}

/* What the source still has goes on its way until SMF_FORWARDING_MS have passed. */
enum fsm_outcome smf_handover_complete(void *room, void *context, const void *arg)
{
	struct smf_session *s = context;
	struct smf_tunnel target = s->handover->target;

	s->handover->under_way = false;
	return smf_switch_to(room, s, arg, &target, s->handover->accepted, s->handover->asked);
}

enum fsm_outcome smf_handover_switched(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.ho_state = HO_STATE_COMPLETED };
	struct smf *smf = room;
	struct smf_session *s = context;

	count_switched(smf, s);
	smf_session_dirty(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	if (has_forwarding(s))
		smf_session_guard(smf, s, SMF_FORWARDING_MS);
	else
		smf_handover_forget(smf, s);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL); /* what waited for its end */
	return FSM_OK;
}

void smf_unswitched(struct smf *smf, struct smf_session *s)
{
	s->gnb_has = false;
	s->downlink = (struct smf_tunnel){ 0 };
	smf_handover_forget(smf, s);
	smf_session_pause(smf, s);
}

enum fsm_outcome smf_handover_unswitched(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .error.up_cnx_state = UP_CNX_DEACTIVATED };
	struct smf *smf = room;
	struct smf_session *s = context;

	smf->stat[SMF_STAT_HANDOVERS_FAILED]++;
	smf_n11_answer(smf, s, SBI_PEER_NOT_RESPONDING, &rsp);
	smf_n11_transfer(smf, s, BYTES_NONE, N2_IE_PDU_RES_REL_CMD, smf_n2_sm_release_command(smf));
	smf_unswitched(smf, s);
	return FSM_OK;
}

/* SMF_FORWARDING_MS after the switch. */
enum fsm_outcome smf_handover_forwarded(void *room, void *context, const void *arg)
{
	handover_end(room, context);
	smf_session_event(room, context, SM_EV_MODIFY, NULL);
	return FSM_OK;
}
