/*
 * PDU Session Resource Modify Indication, 38.413 8.2.5 and 23.502 4.14.1: the gNB has another tunnel for the
 * session, as where its cells are joined by another node.
 *
 *   gNB     AMF                       SMF            UPF
 *    |- Ind. >|- Upd (MOD_IND) -------->|              |    38.413 9.3.4.6
 *    |        |                         |-- Mod ------>|    the other tunnel, SNDEM
 *    |<- Cfm -|<- 200 or an error ------|<- accepted --|    9.3.4.7, 9.3.4.22
 */
#include "core/smf/handover.h"

/* One beside a modification is refused: what the gNB has of that is not known. */
enum fsm_outcome smf_modify_indicated(void *room, void *context, const void *arg)
{
	const struct sm_update *u = arg;
	struct smf_session *s = context;

	if (s->modification) {
		smf_handover_refuse(room, u, SBI_N2_SM_ERROR);
		return FSM_REFUSED;
	}
	smf_handover_forget(room, s);
	return smf_switch_to(
		room, s, u, &u->setup.tunnel, u->setup.accepted, smf_flows_marked(&s->flows, FLOW_AT_GNB));
}

enum fsm_outcome smf_modify_indication_done(void *room, void *context, const void *arg)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.n2_sm_info_type = N2_SM_PDU_RES_MOD_CFM };
	struct smf *smf = room;
	struct smf_session *s = context;

	smf->stat[SMF_STAT_TUNNELS_MOVED]++;
	smf_session_dirty(smf, s);
	rsp.data.n2_sm_info = smf_n2_sm_modify_confirm(smf, s);
	smf_n11_answer(smf, s, SBI_OK, &rsp);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	return FSM_OK;
}

/* The UPF does not take it, and nobody knows where the downlink goes: the session stays, without user plane.
 */
enum fsm_outcome smf_modify_indication_failed(void *room, void *context, const void *arg)
{
	struct ngap_cause why = { NGAP_CAUSE_TAG_TRANSPORT,
		{ .transport = NGAP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE } };
	struct nsmf_update_sm_context_rsp rsp = { .error = { .up_cnx_state = UP_CNX_DEACTIVATED,
							  .n2_sm_info_type = N2_SM_PDU_RES_MOD_IND_FAIL } };
	struct smf *smf = room;
	struct smf_session *s = context;

	rsp.error.n2_sm_info = smf_n2_sm_modify_indication_refusal(smf, why);
	smf_n11_answer(smf, s, SBI_PEER_NOT_RESPONDING, &rsp);
	smf_n11_transfer(smf, s, BYTES_NONE, N2_IE_PDU_RES_REL_CMD, smf_n2_sm_release_command(smf));
	smf_unswitched(smf, s);
	return FSM_OK;
}
