/* The SMF's service towards the AMF (TS 29.502): what a request holds becomes events of the session. */
#include "core/smf/handover.h"
#include "core/smf/modification.h"

/*
 * The session that asked has ended, or was answered with a time-out: what was created for it goes. An entry
 * at the UDM stays when a new session of the same identity has it by now.
 */
static void smf_n11_on_late_answer(struct smf *smf, const struct sbi_answer *a)
{
	if (a->cause != SBI_OK)
		return;
	if (a->op == SBI_PCF_SM_POLICY_CREATE) {
		const struct npcf_sm_policy_create_rsp *policy = a->body;
		struct npcf_sm_policy_delete_req req = { .policy_id = policy->policy_id };

		smf_policy_delete(smf, a->from, &req, a->token.whose);
	} else if (a->op == SBI_UDM_SMF_REGISTRATION && a->body) {
		const struct nudm_smf_registration_rsp *entry = a->body;

		if (!smf_session_find(smf, &entry->supi, entry->pdu_session_id))
			smf_udm_deregister(smf, &entry->supi, entry->pdu_session_id);
	}
}

/* What became of a modification's command. */
static void n11_on_command(struct smf *smf, struct smf_session *s, const struct sbi_answer *a)
{
	const struct namf_n1n2_message_transfer_rsp *rsp = a->body;

	if (!s->modification || s->modification->generation != a->token.generation)
		return;
	if (a->cause != SBI_OK || !rsp || rsp->data.cause == N1_N2_CAUSE_N1_MSG_NOT_TRANSFERRED ||
		rsp->data.cause == N1_N2_CAUSE_N2_MSG_NOT_TRANSFERRED)
		smf_session_event(smf, s, SM_EV_COMMAND_FAILED, a);
}

void smf_n11_on_answer(struct smf *smf, const struct sbi_answer *a)
{
	struct smf_session *s = a->token.context ? smf_session_by_seid(smf, a->token.context) : NULL;
	const struct namf_n1n2_message_transfer_rsp *rsp = a->body;

	if (s && a->op == SBI_PCF_SM_POLICY_UPDATE) {
		smf_policy_updated(smf, s, a);
		return;
	}
	if (s && a->token.step == SMF_STEP_MODIFICATION) {
		n11_on_command(smf, s, a);
		return;
	}
	if (!s || !a->token.generation || s->generation != a->token.generation || a->late) {
		smf_n11_on_late_answer(smf, a);
		return;
	}
	if (a->op != SBI_AMF_N1N2_MESSAGE_TRANSFER)
		smf_session_event(smf, s, SM_EV_ANSWER, a);
	else if (a->cause != SBI_OK || !rsp || rsp->data.cause == N1_N2_CAUSE_N1_MSG_NOT_TRANSFERRED ||
		 rsp->data.cause == N1_N2_CAUSE_N2_MSG_NOT_TRANSFERRED)
		smf_session_event(smf, s, SM_EV_TRANSFER_FAILED, a);
	else if (rsp->data.cause == N1_N2_CAUSE_N1_N2_TRANSFER_INITIATED)
		smf_session_event(smf, s, SM_EV_TRANSFERRED, NULL);
}

/* Namf_Communication_N1N2TransferFailureNotification, 29.518 5.2.2.3.2: the UE did not answer. */
void smf_n11_transfer_failure(struct smf *smf, const struct sbi_request *r)
{
	const struct namf_n1n2_transfer_failure_notify_req *req = r->body;
	struct smf_session *s = NULL;
	struct sbi_callback c;

	if (sbi_callback_open(smf->nf.self, SBI_CALLBACK_N1N2_FAILURE, req->callback, &c))
		s = smf_session_by_seid(smf, c.context);
	sbi_answer(smf->nf.bus, r->id, s ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
	if (s && s->generation == c.generation)
		smf_session_event(smf, s, SM_EV_TRANSFER_FAILED, NULL);
}

static void update_refuse_n1(struct smf *smf, const struct sm_update *u, struct bytes n1)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.n1_sm_msg = n1 };

	smf->stat[SMF_STAT_N1_REFUSED]++;
	smf_n11_reply(u, SBI_OK, &rsp);
}

/* The UE means the procedure under way; a status may answer an earlier message. */
static bool status_is_of_procedure(const struct smf_session *s, uint8_t pti)
{
	if (s->state == SM_RELEASING)
		return pti == s->pti;
	return s->modification && s->modification->n1 && pti == s->modification->pti;
}

/* 24.501 6.5.3: the UE does not know the session, or the procedure, which is over. Other causes change
 * nothing. */
static void update_status(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	uint8_t cause = u->n1->gsm_status.cause;

	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: the UE says %s", s->supi.imsi, s->pdu_session_id,
		nas_5gsm_cause_name(cause) ? nas_5gsm_cause_name(cause) : "an unknown cause");
	if (cause == NAS_5GSM_INVALID_PDU_SESSION_IDENTITY)
		smf_session_event(smf, s, SM_EV_UE_LACKS, u);
	else if ((cause == NAS_5GSM_PTI_MISMATCH || cause == NAS_5GSM_INVALID_PTI_VALUE ||
			 cause == NAS_CAUSE_MESSAGE_UNKNOWN) &&
		 status_is_of_procedure(s, u->n1->pti))
		smf_session_event(smf, s, SM_EV_STATUS, u);
}

/* A 5GSM message that is well-formed and of this session. */
static void update_n1(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	const struct nas_msg *m = u->n1;
	bool bad_pti = m->pti == 0 || m->pti == 0xff;
	enum sm_event event;

	switch (m->type) {
	case NAS_PDU_SESSION_RELEASE_REQUEST:
		if (bad_pti)
			update_refuse_n1(smf, u,
				smf_nas_sm_refusal(smf, NAS_PDU_SESSION_RELEASE_REJECT, s->pdu_session_id,
					m->pti, NAS_5GSM_INVALID_PTI_VALUE));
		else if (smf_session_event(smf, s, SM_EV_RELEASE_REQUEST, u) == FSM_UNLISTED)
			update_refuse_n1(smf, u,
				smf_nas_sm_status(
					smf, s->pdu_session_id, m->pti, NAS_CAUSE_NOT_COMPATIBLE_WITH_STATE));
		break;
	case NAS_PDU_SESSION_RELEASE_COMPLETE:
		if (smf_session_event(smf, s, SM_EV_RELEASE_COMPLETE, u) == FSM_UNLISTED)
			update_refuse_n1(smf, u,
				smf_nas_sm_status(smf, s->pdu_session_id, m->pti, NAS_5GSM_PTI_MISMATCH));
		break;
	case NAS_PDU_SESSION_MODIFICATION_REQUEST:
		if (bad_pti)
			update_refuse_n1(smf, u,
				smf_nas_sm_refusal(smf, NAS_PDU_SESSION_MODIFICATION_REJECT,
					s->pdu_session_id, m->pti, NAS_5GSM_INVALID_PTI_VALUE));
		else if (smf_session_event(smf, s, SM_EV_MODIFY_REQUEST, u) == FSM_UNLISTED)
			update_refuse_n1(smf, u,
				smf_nas_sm_status(
					smf, s->pdu_session_id, m->pti, NAS_CAUSE_NOT_COMPATIBLE_WITH_STATE));
		break;
	case NAS_PDU_SESSION_MODIFICATION_COMPLETE:
	case NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT:
		event = m->type == NAS_PDU_SESSION_MODIFICATION_COMPLETE ? SM_EV_MODIFY_COMPLETE
									 : SM_EV_MODIFY_REJECT;
		if (smf_session_event(smf, s, event, u) == FSM_UNLISTED)
			update_refuse_n1(smf, u,
				smf_nas_sm_status(smf, s->pdu_session_id, m->pti, NAS_5GSM_PTI_MISMATCH));
		break;
	case NAS_GSM_STATUS:
		update_status(smf, s, u);
		break;
	default:
		update_refuse_n1(smf, u,
			smf_nas_sm_status(smf, s->pdu_session_id, m->pti, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE));
	}
}

/* 24.501 7.2 to 7.5: what is not well-formed, or not of this session. */
static void update_decode_n1(struct smf *smf, struct smf_session *s, struct sm_update *u)
{
	struct tlv_fault fault = { 0 };
	struct nas_msg m = { 0 };

	if (!nas_decode(u->req->data.n1_sm_msg, &smf->arena, &m, &fault) || !nas_is_5gsm(m.type)) {
		if (fault.kind != TLV_OK && !fault.answer)
			update_refuse_n1(smf, u, BYTES_NONE);
		else
			update_refuse_n1(smf, u,
				smf_nas_sm_status(smf, s->pdu_session_id, m.pti,
					fault.cause ? fault.cause : NAS_CAUSE_MESSAGE_UNKNOWN));
	} else if (m.pdu_session_id != s->pdu_session_id) {
		update_refuse_n1(smf, u,
			smf_nas_sm_status(
				smf, m.pdu_session_id, m.pti, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY));
	} else {
		u->n1 = &m;
		update_n1(smf, s, u);
		u->n1 = NULL;
	}
}

static void update_n2(struct smf *smf, struct smf_session *s, struct sm_update *u)
{
	enum sm_event event;

	switch (u->req->data.n2_sm_info_type) {
	case N2_SM_SECONDARY_RAT_USAGE:
		smf_secondary_rat_usage(smf, s, u);
		return;
	case N2_SM_PDU_RES_SETUP_RSP:
		event = SM_EV_SETUP_RESPONSE;
		if (!smf_n2_sm_setup_response(smf, s, u->req->data.n2_sm_info, &u->setup)) {
			smf->stat[SMF_STAT_N2_REFUSED]++;
			event = SM_EV_SETUP_FAILURE;
		}
		break;
	case N2_SM_PDU_RES_SETUP_FAIL:
		event = SM_EV_SETUP_FAILURE;
		break;
	case N2_SM_PDU_RES_REL_RSP:
		event = SM_EV_RELEASE_RESPONSE;
		break;
	case N2_SM_PDU_RES_MOD_RSP:
		event = SM_EV_MODIFY_RESPONSE;
		break;
	case N2_SM_PDU_RES_MOD_FAIL:
		event = SM_EV_MODIFY_FAILURE;
		break;
	case N2_SM_PDU_RES_NTY:
		event = SM_EV_NOTIFIED;
		break;
	case N2_SM_PDU_RES_NTY_REL: /* the gNB gave the resources up by itself */
		event = SM_EV_DEACTIVATE;
		break;
	default:
		event = smf_handover_event(smf, s, u);
	}
	if (smf_session_event(smf, s, event, u) != FSM_UNLISTED)
		return;
	smf->stat[SMF_STAT_N2_REFUSED]++;
	smf_handover_refuse(smf, u, SBI_N2_SM_ERROR);
}

/* 29.502 5.2.2.3.4.4 and 5.2.2.3.4.5. What is not under way is cancelled already. */
static void update_handover(
	struct smf *smf, struct smf_session *s, const struct sm_update *u, enum sm_event event)
{
	static const struct nsmf_update_sm_context_rsp cancelled = { .data.ho_state = HO_STATE_CANCELLED };

	if (smf_session_event(smf, s, event, u) != FSM_UNLISTED)
		return;
	if (event == SM_EV_HANDOVER_CANCEL)
		smf_n11_reply(u, SBI_OK, &cancelled);
	else
		smf_n11_reply(u, SBI_N2_SM_ERROR, NULL);
}

/* Neither N1 nor N2: what the AMF itself wants. What does not fit the state has nothing to change. */
static void update_cnx(struct smf *smf, struct smf_session *s, struct sm_update *u)
{
	enum sm_event handover = smf_handover_event(smf, s, u);

	if (u->req->data.release)
		smf_session_event(smf, s, SM_EV_RELEASE_REQUEST, u);
	else if (handover != SM_EV_COUNT)
		update_handover(smf, s, u, handover);
	else if (u->req->data.up_cnx_state == UP_CNX_ACTIVATING &&
		 smf_ladn_refuses(s->dnn, u->req->data.presence_in_ladn))
		smf_n11_reply(u, SBI_OUT_OF_LADN_SERVICE_AREA, NULL);
	else if (u->req->data.up_cnx_state == UP_CNX_ACTIVATING)
		smf_session_event(smf, s, SM_EV_ACTIVATE, u);
	else if (u->req->data.up_cnx_state == UP_CNX_DEACTIVATED)
		smf_session_event(smf, s, SM_EV_DEACTIVATE, u);
	else if (u->req->data.presence_in_ladn == PRESENCE_STATE_OUT_OF_AREA)
		smf_ladn_left(smf, s);
}

/* The session that the AMF means; NULL once it is over for UE and AMF. */
static struct smf_session *update_session(struct smf *smf, const struct nsmf_update_sm_context_req *req)
{
	struct smf_session *s = smf_session_by_ref(smf, req->sm_context_ref);

	return s && s->state != SM_DELETING ? s : NULL;
}

/* When the answer waits for the UPF, what goes to UE and gNB does not. */
static void update_answer(struct smf *smf, const struct sm_update *u)
{
	struct nsmf_update_sm_context_rsp *rsp = &u->answer->rsp;
	struct smf_session *s = update_session(smf, u->req);
	bool n2 = rsp->data.n2_sm_info_type == N2_SM_PDU_RES_REL_CMD;

	if (u->answer->deferred) {
		if (s)
			smf_n11_transfer(smf, s, rsp->data.n1_sm_msg,
				n2 ? N2_IE_PDU_RES_REL_CMD : N2_IE_ABSENT,
				n2 ? rsp->data.n2_sm_info : BYTES_NONE);
		return;
	}
	if (u->answer->cause != SBI_OK)
		rsp->error = (struct sm_context_update_error){ .n1_sm_msg = rsp->data.n1_sm_msg,
			.n2_sm_info = rsp->data.n2_sm_info,
			.n2_sm_info_type = rsp->data.n2_sm_info_type,
			.up_cnx_state = rsp->data.up_cnx_state };
	sbi_answer(smf->nf.bus, u->id, u->answer->cause, rsp);
}

/* N1 and N2 may come together (29.502 5.2.2.3.1): the gNB's part first, then the UE's, if there is still one.
 */
void smf_n11_update(struct smf *smf, const struct sbi_request *r)
{
	const struct nsmf_update_sm_context_req *req = r->body;
	struct smf_session *s = update_session(smf, req);
	struct sm_answer answer = { .cause = SBI_OK };
	struct sm_update u = { .id = r->id, .req = req, .answer = &answer };
	bool n2 = req->data.n2_sm_info_type != N2_SM_ABSENT, n1 = req->data.n1_sm_msg.len > 0;

	arena_reset(&smf->arena);
	if (!s) {
		sbi_answer(smf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	if (n2)
		update_n2(smf, s, &u);
	s = update_session(smf, req);
	if (n1 && s)
		update_decode_n1(smf, s, &u);
	if (!n1 && !n2)
		update_cnx(smf, s, &u);
	update_answer(smf, &u);
}

/* Nsmf_PDUSession_ReleaseSMContext: UE and gNB know already. */
void smf_n11_release(struct smf *smf, const struct sbi_request *r)
{
	const struct nsmf_release_sm_context_req *req = r->body;
	struct smf_session *s = smf_session_by_ref(smf, req->sm_context_ref);

	sbi_answer(smf->nf.bus, r->id, s ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
	if (s)
		smf_session_event(smf, s, SM_EV_END, NULL);
}
