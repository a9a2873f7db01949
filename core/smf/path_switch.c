/*
 * Path switch, 23.502 4.9.1.2.2 and 29.502 5.2.2.3.3.
 *
 *   target  AMF                       SMF            UPF
 *     |      |- Upd (toBeSwitched) --->|              |    38.413 9.3.4.8
 *     |      |                         |-- Mod ------>|    the target's tunnel, SNDEM
 *     |      |<- 200 or an error ------|<- accepted --|    9.3.4.9, 9.3.4.20
 */
#include "core/smf/handover.h"

/* 33.501 6.6.1: a gNB on the way has lost or changed it. */
static void policy_judge(struct smf *smf, struct smf_session *s, bool wrong)
{
	s->protection_wrong = wrong;
	if (!wrong)
		return;
	smf->stat[SMF_STAT_POLICY_DIFFERS]++;
	log_warn(smf->nf.env->log,
		"imsi-%s: PDU session %u has come to a gNB with another user plane security policy than it "
		"has: it is corrected, and a gNB on its way may be compromised",
		s->supi.imsi, s->pdu_session_id);
}

enum fsm_outcome smf_path_switch(void *room, void *context, const void *arg)
{
	const struct sm_update *u = arg;
	struct smf_session *s = context;

	smf_n11_answer(room, s, SBI_OK, NULL);
	smf_handover_forget(room, s);
	policy_judge(room, s, u->setup.protection_wrong);
	return smf_switch_to(room, s, u, &u->setup.tunnel, u->setup.accepted,
		smf_flows_marked(&s->flows, FLOW_AT_GNB | FLOW_GNB_ASKED));
}

/* From the gNB that has just set it up, before the UPF has answered. */
enum fsm_outcome smf_path_switch_connecting(void *room, void *context, const void *arg)
{
	smf_activated(room, context);
	return smf_path_switch(room, context, arg);
}

enum fsm_outcome smf_path_switched(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_PATH_SWITCH_REQ_ACK,
		.data.up_cnx_state = UP_CNX_ACTIVATED };
	struct smf *smf = room;
	struct smf_session *s = context;

	smf->stat[SMF_STAT_PATH_SWITCHES]++;
	smf_session_log(smf, s, "switched to another gNB");
	smf_session_dirty(smf, s);
	rsp.data.n2_sm_info = smf_n2_sm_path_switch_acknowledge(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	return FSM_OK;
}

enum fsm_outcome smf_path_unswitched(void *room, void *context, const void *arg)
{
	struct ngap_cause why = { NGAP_CAUSE_TAG_TRANSPORT,
		{ .transport = NGAP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE } };
	struct nsmf_update_sm_context_rsp rsp = { .error = { .up_cnx_state = UP_CNX_DEACTIVATED,
							  .n2_sm_info_type = N2_SM_PATH_SWITCH_REQ_FAIL } };
	struct smf *smf = room;
	struct smf_session *s = context;

	smf->stat[SMF_STAT_PATH_SWITCHES_FAILED]++;
	rsp.error.n2_sm_info = smf_n2_sm_path_switch_refusal(smf, why);
	smf_n11_answer(smf, s, SBI_PEER_NOT_RESPONDING, &rsp);
	smf_unswitched(smf, s);
	return FSM_OK;
}
