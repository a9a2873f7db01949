/* What the SMF answers to the AMF, and asks of AMF, UDM and PCF (TS 29.502, 29.518, 29.503, 29.512). */
#include "core/smf/modification.h"

struct sbi_token smf_n11_token(struct smf *smf, struct smf_session *s)
{
	s->generation = ++smf->generation;
	return (struct sbi_token){
		.context = s->seid, .generation = s->generation, .whose = supi_key(&s->supi)
	};
}

static void reply_take(struct nsmf_update_sm_context_rsp *to, const struct nsmf_update_sm_context_rsp *rsp)
{
	if (rsp->data.up_cnx_state != UP_CNX_ABSENT)
		to->data.up_cnx_state = rsp->data.up_cnx_state;
	if (rsp->data.ho_state != HO_STATE_ABSENT)
		to->data.ho_state = rsp->data.ho_state;
	if (rsp->data.n1_sm_msg.len > 0)
		to->data.n1_sm_msg = rsp->data.n1_sm_msg;
	if (rsp->data.n2_sm_info_type != N2_SM_ABSENT) {
		to->data.n2_sm_info_type = rsp->data.n2_sm_info_type;
		to->data.n2_sm_info = rsp->data.n2_sm_info;
	}
}

void smf_n11_reply(
	const struct sm_update *u, enum sbi_cause cause, const struct nsmf_update_sm_context_rsp *rsp)
{
	if (!u)
		return;
	if (u->answer->cause == SBI_OK)
		u->answer->cause = cause;
	if (rsp)
		reply_take(&u->answer->rsp, rsp);
}

void smf_n11_answer(struct smf *smf, struct smf_session *s, enum sbi_cause cause, const void *rsp)
{
	uint64_t id = s->request_id;

	s->request_id = 0;
	if (id)
		sbi_answer(smf->nf.bus, id, cause, rsp);
}

void smf_n11_defer(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	if (!u)
		return;
	smf_n11_answer(smf, s, SBI_OK, NULL);
	s->request_id = u->id;
	u->answer->deferred = true;
}

/* How an idle UE is to be reached, and who hears when it was not. */
struct n11_paging {
	const struct sm_downlink *d;
	const char *failure_uri;
};

/* paging NULL: an idle UE is not to be paged. */
static void n11_transfer(struct smf *smf, struct smf_session *s, struct bytes n1, enum ngap_ie_type type,
	struct bytes n2, const struct n11_paging *paging, struct sbi_token token)
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

	if (paging) {
		req.data.n1n2_failure_txf_notif_uri = paging->failure_uri;
		req.data.arp = &paging->d->flow->arp;
		req.data.five_qi = paging->d->flow->five_qi;
		req.data.has_ppi = paging->d->has_ppi;
		req.data.ppi = paging->d->ppi;
	}
	if (n1.len > 0 || n2.len > 0)
		sbi_call(smf->nf.self, s->amf, SBI_AMF_N1N2_MESSAGE_TRANSFER, &req, token);
}

void smf_n11_transfer(
	struct smf *smf, struct smf_session *s, struct bytes n1, enum ngap_ie_type type, struct bytes n2)
{
	n11_transfer(smf, s, n1, type, n2, NULL, smf_n11_token(smf, s));
}

uint32_t smf_n11_command(struct smf *smf, struct smf_session *s, struct bytes n1, struct bytes n2)
{
	struct sbi_token t = { .context = s->seid,
		.generation = ++smf->generation,
		.step = SMF_STEP_MODIFICATION,
		.whose = supi_key(&s->supi) };

	n11_transfer(smf, s, n1, n2.len > 0 ? N2_IE_PDU_RES_MOD_REQ : N2_IE_ABSENT, n2, NULL, t);
	return t.generation;
}

void smf_n11_page(struct smf *smf, struct smf_session *s, const struct sm_downlink *d, struct bytes n2)
{
	struct sbi_token t = smf_n11_token(smf, s);
	char uri[SBI_URI_SIZE];

	if (sbi_callback_uri(smf->nf.self, SBI_CALLBACK_N1N2_FAILURE,
		    &(struct sbi_callback){ s->seid, t.generation }, uri))
		n11_transfer(
			smf, s, BYTES_NONE, N2_IE_PDU_RES_SETUP_REQ, n2, &(struct n11_paging){ d, uri }, t);
}

void smf_n11_notify_released(struct smf *smf, const struct smf_session *s)
{
	char callback[SBI_CALLBACK_SIZE];
	struct nsmf_sm_context_status_notify_req req = { callback,
		{ .status_info = { .resource_status = RESOURCE_STATUS_RELEASED } } };

	if (sbi_callback_of_octets(s->status_callback, callback))
		sbi_call(smf->nf.self, s->amf, SBI_AMF_SM_CONTEXT_STATUS_NOTIFY, &req,
			(struct sbi_token){ .whose = supi_key(&s->supi) });
}

void smf_policy_delete(struct smf *smf, const struct sbi_peer *pcf,
	const struct npcf_sm_policy_delete_req *req, uint64_t whose)
{
	sbi_call(smf->nf.self, pcf, SBI_PCF_SM_POLICY_DELETE, req, (struct sbi_token){ .whose = whose });
}

void smf_udm_deregister(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id)
{
	struct nudm_smf_deregistration_req req = { *supi, pdu_session_id };

	nf_call(&smf->nf, SBI_UDM_SMF_DEREGISTRATION, &req, (struct sbi_token){ .whose = supi_key(supi) });
}
