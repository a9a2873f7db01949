/*
 * PDU session release: 23.502 4.3.4.2, 24.501 6.3.3 (network-requested) and 6.4.3 (UE-requested).
 *
 *   UE        gNB       AMF       SMF       UPF   UDM, PCF
 *   |-- RELEASE REQUEST -->|--Upd->|         |      |     or by AMF, or by the network itself
 *   |<- RELEASE COMMAND ---|<------|         |      |     24.501 6.3.3.2: T3592
 *   |         |<-- N2 REL -|       |         |      |     38.413 9.3.4.12, if the gNB has resources
 *   |         |-- N2 RSP ->|--Upd->|         |      |     in any order
 *   |-- RELEASE COMPLETE ->|--Upd->|         |      |     24.501 6.3.3.3
 *   |         |            |<-Ntf--|-- Dereg ------>|     29.503 5.3.2.4
 *   |         |            |       |-- Del ->|      |     29.244 6.3.4
 *   |         |            |       |<- usage-|      |
 *   |         |            |       |-- SmPol Del -->|     29.512 4.2.5
 */
#include "core/smf/modification.h"

static enum fsm_outcome release_end(struct smf *smf, struct smf_session *s)
{
	s->notify = true;
	return smf_session_event(smf, s, SM_EV_END, NULL);
}

/* Starts T3592. */
static enum fsm_outcome release_wait(struct smf *smf, struct smf_session *s)
{
	smf_session_guard(smf, s, smf->config.t3592_ms);
	return FSM_OK;
}

static void release_begin(struct smf *smf, struct smf_session *s, uint8_t pti, uint8_t cause)
{
	smf_modification_end(smf, s);
	smf_n11_answer(smf, s, SBI_OK, NULL);
	s->pti = pti;
	s->n1_cause = cause;
	s->retries = 0;
	s->n1_done = false;
	s->n2_done = !s->gnb_has;
	smf_session_dirty(smf, s);
}

/* The command to the UE, and to the gNB as long as it has resources, as the answer to an update. */
static void release_answer(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.n1_sm_msg = smf_nas_sm_release_command(smf, s) };

	if (!s->n2_done) {
		rsp.data.n2_sm_info_type = N2_SM_PDU_RES_REL_CMD;
		rsp.data.n2_sm_info = smf_n2_sm_release_command(smf);
	}
	smf_n11_reply(u, SBI_OK, &rsp);
}

static void release_transfer(struct smf *smf, struct smf_session *s)
{
	smf_n11_transfer(smf, s, s->n1_done ? BYTES_NONE : smf_nas_sm_release_command(smf, s),
		s->n2_done ? N2_IE_ABSENT : N2_IE_PDU_RES_REL_CMD,
		s->n2_done ? BYTES_NONE : smf_n2_sm_release_command(smf));
}

/* Asked for by the UE, or by the AMF (no N1 message, PTI 0). */
enum fsm_outcome smf_release_start(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	release_begin(smf, s, u->n1 ? u->n1->pti : 0, NAS_5GSM_REGULAR_DEACTIVATION);
	release_answer(smf, s, u);
	return release_wait(smf, s);
}

/* By the network: s->n1_cause is set. */
enum fsm_outcome smf_release_command(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	release_begin(smf, s, 0, s->n1_cause);
	release_transfer(smf, s);
	return release_wait(smf, s);
}

/* The UE has no such session (24.501 6.5.3): nothing is left to tell it, but its gNB. */
enum fsm_outcome smf_release_lacking(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	smf_n11_reply(arg, SBI_OK, NULL);
	release_begin(smf, s, 0, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY);
	s->n1_done = true;
	if (s->n2_done)
		return release_end(smf, s);
	release_transfer(smf, s);
	return release_wait(smf, s);
}

/* The UE's request again, its command being lost; or a collision, in which the network's goes on (6.3.3.6 c).
 */
enum fsm_outcome smf_release_again(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	if (s->n1_done || s->pti == 0 || !u->n1) {
		smf_n11_reply(u, SBI_OK, NULL);
		return FSM_OK;
	}
	s->pti = u->n1->pti;
	smf_session_dirty(smf, s);
	release_answer(smf, s, u);
	return FSM_OK;
}

/* n1 may be a 5GSM STATUS of a UE that does not have the session: released there as well. */
enum fsm_outcome smf_release_complete(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct nsmf_update_sm_context_rsp rsp = { 0 };

	if (u->n1->type == NAS_PDU_SESSION_RELEASE_COMPLETE && u->n1->pti != s->pti) {
		smf->stat[SMF_STAT_N1_REFUSED]++;
		rsp.data.n1_sm_msg =
			smf_nas_sm_status(smf, s->pdu_session_id, u->n1->pti, NAS_5GSM_PTI_MISMATCH);
		smf_n11_reply(u, SBI_OK, &rsp);
		return FSM_OK;
	}
	smf_n11_reply(u, SBI_OK, NULL);
	s->n1_done = true;
	smf_session_dirty(smf, s);
	if (s->n2_done)
		return release_end(smf, s);
	return FSM_OK;
}

enum fsm_outcome smf_release_response(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;

	smf_n11_reply(u, SBI_OK, NULL);
	s->n2_done = true;
	s->gnb_has = false;
	smf_session_dirty(smf, s);
	if (s->n1_done)
		return release_end(smf, s);
	return FSM_OK;
}

/* The UE became idle: the gNB has nothing of it any more. */
enum fsm_outcome smf_release_radio_lost(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct nsmf_update_sm_context_rsp rsp = { .data.up_cnx_state = UP_CNX_DEACTIVATED };

	smf_n11_reply(u, SBI_OK, &rsp);
	s->n2_done = true;
	s->gnb_has = false;
	smf_session_dirty(smf, s);
	if (s->n1_done)
		return release_end(smf, s);
	return FSM_OK;
}

/* An idle UE is not paged for a release: it learns of it from its next PDU session status (23.502 4.3.4.2).
 */
enum fsm_outcome smf_release_undelivered(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sbi_answer *a = arg;

	/* OK is of a transfer that was to skip an idle UE. */
	if (!a || a->cause == SBI_OK || a->cause == SBI_UE_IN_CM_IDLE_STATE ||
		a->cause == SBI_CONTEXT_NOT_FOUND)
		return release_end(smf, s);
	return FSM_OK;
}

/* T3592, 24.501 6.3.3.5: four repetitions, then the release is local. */
enum fsm_outcome smf_release_timer(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	if (s->retries == SMF_RETRIES_MAX) {
		smf->stat[SMF_STAT_T3592_EXPIRED]++;
		return release_end(smf, s);
	}
	s->retries++;
	release_transfer(smf, s);
	return release_wait(smf, s);
}

/* What of the user plane is answered during the release changes nothing. */
enum fsm_outcome smf_release_taken(void *room, void *context, const void *arg)
{
	smf_n11_reply(arg, SBI_OK, NULL);
	return FSM_OK;
}

/* A session that the UE had has ended, and why. */
static void release_tell(struct smf *smf, const struct smf_session *s)
{
	/* Of a release procedure; what the accept said was none (6.4.1.3). */
	bool of_accept = s->n1_cause == NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED ||
			 s->n1_cause == NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED;
	uint8_t cause = of_accept ? 0 : s->n1_cause;

	if (!s->accepted)
		return;
	smf_session_log(smf, s, "released");
	smf_session_tell(smf, s, EVENT_SESSION_RELEASED,
		!cause   ? EVENT_WITH_REGISTRATION
		: s->pti ? EVENT_BY_UE
			 : EVENT_BY_NETWORK,
		cause);
}

/*
 * The session is over for UE and AMF; a new one of the same identity may begin. Its address rests until the
 * UPF has forgotten it, but a static one is the subscriber's again at once.
 */
enum fsm_outcome smf_release_local(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	timer_stop(&smf->nf.timers, &s->timer);
	smf_modification_end(smf, s);
	smf_relocation_end(smf, s);
	release_tell(smf, s);
	smf_n11_answer(smf, s, SBI_CONTEXT_NOT_FOUND, NULL);
	if (s->notify)
		smf_n11_notify_released(smf, s);
	smf_session_unindex(smf, s);
	smf_session_set_access(smf, s, ACCESS_DROP);
	if (s->registered)
		smf_udm_deregister(smf, &s->supi, s->pdu_session_id);
	s->registered = false;
	smf_session_give_address(smf, s, s->static_address);
	s->generation = 0;
	if (s->stored)
		smf_session_dirty(smf, s);
	if (s->n4_establishing)
		return FSM_OK; /* the response shows what there is to delete */
	if (s->up_seid == 0 || smf_session_is_lost(smf, s) || !smf_n4_delete(smf, s))
		return smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	return FSM_OK;
}

/* The UPF is back: what it did not answer is asked again. */
enum fsm_outcome smf_release_delete_again(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;

	if (smf_session_is_lost(smf, s))
		return smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	return fsm_outcome_of(smf_n4_delete(smf, s));
}

/* The UPF has no such session any more, or does not answer. */
enum fsm_outcome smf_release_finish(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	struct accu_usage_report usage = {
		.ref_um_ids = "1",
		.has_vol_usage_uplink = true,
		.vol_usage_uplink = s->uplink_octets,
		.has_vol_usage_downlink = true,
		.vol_usage_downlink = s->downlink_octets,
	};
	struct npcf_sm_policy_delete_req req = { s->policy_id, { .accu_usage_reports = { 1, &usage } } };

	if (s->policy_id[0])
		smf_policy_delete(smf, s->pcf, &req, supi_key(&s->supi));
	if (s->accepted)
		smf->stat[SMF_STAT_RELEASES]++;
	smf_session_free(smf, s);
	return FSM_GONE;
}

bool smf_release_session(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id, uint8_t cause)
{
	struct smf_session *s = smf_session_find(smf, supi, pdu_session_id);

	if (!s || s->state < SM_ACCEPTING)
		return false;
	if (s->state != SM_RELEASING)
		s->n1_cause = cause;
	return smf_session_event(smf, s, SM_EV_RELEASE_COMMAND, NULL) == FSM_OK;
}
