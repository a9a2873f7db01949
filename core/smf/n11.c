/* The SMF's service towards the AMF, and what it asks of it (TS 29.502, 29.518). */
#include "core/smf/internal.h"

struct sbi_token smf_n11_token(struct smf *smf, struct smf_session *s)
{
	s->generation = ++smf->generation;
	return (struct sbi_token){ .context = s->seid, .generation = s->generation };
}

void smf_n11_answer(struct smf *smf, struct smf_session *s, enum sbi_cause cause, const void *rsp)
{
	uint64_t id = s->request_id;

	s->request_id = 0;
	if (id)
		sbi_answer(smf->nf.bus, id, cause, rsp);
}

void smf_n11_defer(struct smf *smf, struct smf_session *s, uint64_t id)
{
	smf_n11_answer(smf, s, SBI_OK, NULL);
	s->request_id = id;
}

void smf_n11_transfer(
	struct smf *smf, struct smf_session *s, struct bytes n1, enum ngap_ie_type type, struct bytes n2)
{
	struct n1_message_container n1_container = {
		.n1_message_class = N1_MESSAGE_CLASS_SM,
		.n1_message_content = n1,
	};
	struct n2_info_content content = { .ngap_ie_type = type, .ngap_data = n2 };
	struct n2_sm_information sm_info = {
		.pdu_session_id = s->pdu_session_id,
		.n2_info_content = &content,
		.s_nssai = &s->snssai,
	};
	struct n2_info_container n2_container = {
		.n2_information_class = N2_INFORMATION_CLASS_SM,
		.sm_info = &sm_info,
	};
	struct namf_n1n2_message_transfer_req req = { s->supi,
		{
			.n1_message_container = n1.len > 0 ? &n1_container : NULL,
			.n2_info_container = n2.len > 0 ? &n2_container : NULL,
			.skip_ind = s->state == SM_RELEASING,
			.pdu_session_id = s->pdu_session_id,
		} };

	if (n1.len > 0 || n2.len > 0)
		sbi_call(smf->nf.self, s->amf, SBI_AMF_N1N2_MESSAGE_TRANSFER, &req, smf_n11_token(smf, s));
}

void smf_n11_notify_released(struct smf *smf, const struct smf_session *s)
{
	char callback[SBI_CALLBACK_SIZE];
	struct nsmf_sm_context_status_notify_req req = { callback,
		{ .status_info = { .resource_status = RESOURCE_STATUS_RELEASED } } };

	if (sbi_callback_segment(s->status_uri, callback))
		sbi_call(smf->nf.self, s->amf, SBI_AMF_SM_CONTEXT_STATUS_NOTIFY, &req,
			(struct sbi_token){ 0 });
}

void smf_policy_delete(
	struct smf *smf, const struct sbi_peer *pcf, const struct npcf_sm_policy_delete_req *req)
{
	sbi_call(smf->nf.self, pcf, SBI_PCF_SM_POLICY_DELETE, req, (struct sbi_token){ 0 });
}

/* The session that asked has ended, or was told of a time-out: what was created for it goes. */
static void smf_n11_on_late_answer(struct smf *smf, const struct sbi_answer *a)
{
	const struct npcf_sm_policy_create_rsp *policy = a->body;
	struct npcf_sm_policy_delete_req req = { 0 };

	if (a->op != SBI_PCF_SM_POLICY_CREATE || a->cause != SBI_OK)
		return;
	req.policy_id = policy->policy_id;
	smf_policy_delete(smf, a->from, &req);
}

void smf_n11_on_answer(struct smf *smf, const struct sbi_answer *a)
{
	struct smf_session *s = a->token.context ? smf_session_by_seid(smf, a->token.context) : NULL;
	const struct namf_n1n2_message_transfer_rsp *rsp = a->body;

	if (!s || !a->token.generation || s->generation != a->token.generation || a->late) {
		smf_n11_on_late_answer(smf, a);
		return;
	}
	if (a->op != SBI_AMF_N1N2_MESSAGE_TRANSFER)
		smf_session_event(smf, s, SM_EV_ANSWER, a);
	else if (a->cause != SBI_OK || !rsp || rsp->data.cause == N1_N2_CAUSE_N1_MSG_NOT_TRANSFERRED ||
		 rsp->data.cause == N1_N2_CAUSE_N2_MSG_NOT_TRANSFERRED)
		smf_session_event(smf, s, SM_EV_TRANSFER_FAILED, a);
}

static void update_refuse_n1(struct smf *smf, const struct sm_update *u, struct bytes n1)
{
	struct nsmf_update_sm_context_rsp rsp = { .data.n1_sm_msg = n1 };

	smf->stat[SMF_STAT_N1_REFUSED]++;
	sbi_answer(smf->nf.bus, u->id, SBI_OK, &rsp);
}

/*
 * 24.501 6.5.3: the UE does not know the session, or the procedure; the latter counts when it is the present
 * one, as the status may answer an earlier message. Other causes change nothing.
 */
static void update_status(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	uint8_t cause = u->n1->gsm_status.cause;

	log_info(smf->nf.env->log, "imsi-%s: PDU session %u: the UE says %s", s->supi.imsi, s->pdu_session_id,
		nas_5gsm_cause_name(cause) ? nas_5gsm_cause_name(cause) : "an unknown cause");
	if ((cause != NAS_5GSM_INVALID_PDU_SESSION_IDENTITY &&
		    ((cause != NAS_5GSM_PTI_MISMATCH && cause != NAS_5GSM_INVALID_PTI_VALUE) ||
			    u->n1->pti != s->pti)) ||
		smf_session_event(smf, s, SM_EV_RELEASE_COMPLETE, u) == FSM_UNLISTED)
		sbi_answer(smf->nf.bus, u->id, SBI_OK, NULL);
}

/* A 5GSM message that is well-formed and of this session. */
static void update_n1(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	const struct nas_msg *m = u->n1;
	bool bad_pti = m->pti == 0 || m->pti == 0xff;

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
		update_refuse_n1(smf, u,
			smf_nas_sm_refusal(smf, NAS_PDU_SESSION_MODIFICATION_REJECT, s->pdu_session_id,
				m->pti,
				bad_pti ? NAS_5GSM_INVALID_PTI_VALUE
					: NAS_5GSM_SERVICE_OPTION_NOT_SUPPORTED));
		break;
	case NAS_PDU_SESSION_MODIFICATION_COMPLETE:
	case NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT:
		update_refuse_n1(
			smf, u, smf_nas_sm_status(smf, s->pdu_session_id, m->pti, NAS_5GSM_PTI_MISMATCH));
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

	u->n1 = &m;
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
		update_n1(smf, s, u);
	}
}

static void update_n2(struct smf *smf, struct smf_session *s, struct sm_update *u)
{
	enum sm_event event;

	switch (u->req->data.n2_sm_info_type) {
	case N2_SM_PDU_RES_SETUP_RSP:
		event = SM_EV_SETUP_RESPONSE;
		if (!smf_n2_sm_setup_response(smf, u->req->data.n2_sm_info, &u->dl_ip, &u->dl_teid)) {
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
	case N2_SM_PDU_RES_NTY_REL: /* the gNB gave the resources up by itself */
		event = SM_EV_DEACTIVATE;
		break;
	default:
		event = SM_EV_COUNT;
	}
	if (smf_session_event(smf, s, event, u) != FSM_UNLISTED)
		return;
	smf->stat[SMF_STAT_N2_REFUSED]++;
	sbi_answer(smf->nf.bus, u->id, SBI_N2_SM_ERROR, NULL);
}

void smf_n11_update(struct smf *smf, const struct sbi_request *r)
{
	const struct nsmf_update_sm_context_req *req = r->body;
	struct smf_session *s = smf_session_by_ref(smf, req->sm_context_ref);
	struct sm_update u = { .id = r->id, .req = req };
	enum fsm_outcome result = FSM_UNLISTED;

	arena_reset(&smf->arena);
	if (!s || s->state == SM_DELETING) {
		sbi_answer(smf->nf.bus, r->id, SBI_CONTEXT_NOT_FOUND, NULL);
		return;
	}
	if (req->data.n2_sm_info_type != N2_SM_ABSENT) {
		update_n2(smf, s, &u);
		return;
	}
	if (req->data.n1_sm_msg.len > 0) {
		update_decode_n1(smf, s, &u);
		return;
	}
	if (req->data.release)
		result = smf_session_event(smf, s, SM_EV_RELEASE_REQUEST, &u);
	else if (req->data.up_cnx_state == UP_CNX_ACTIVATING)
		result = smf_session_event(smf, s, SM_EV_ACTIVATE, &u);
	else if (req->data.up_cnx_state == UP_CNX_DEACTIVATED)
		result = smf_session_event(smf, s, SM_EV_DEACTIVATE, &u);
	if (result == FSM_UNLISTED)
		sbi_answer(smf->nf.bus, r->id, SBI_OK, NULL);
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
