/*
 * Namf_Communication_N1N2MessageTransfer, 29.518 5.2.2.3.1 and 23.502 4.3.3.2, for session management.
 *
 *   SMF -> AMF  N1N2MessageTransfer    29.518 5.2.2.3.1.1
 *               (waits while a procedure runs that may change keys or the gNB's context: procedure.c)
 *   AMF -> gNB  the NGAP message of the N2 information, with N1 in it (38.413 8.2); or DOWNLINK NAS
 *               TRANSPORT (8.6.2)
 *   AMF -> SMF  N1_N2_TRANSFER_INITIATED, or why not (29.518 5.2.2.3.1.2)
 *
 * The request stays unanswered while it waits, so the SMF learns once what has become of it. For an idle UE
 * it is answered at once, and waits for the UE, which is paged (paging.c): the user plane that it was for is
 * asked for when the UE comes, what is for the UE itself goes to it then.
 */
#include "core/amf/emergency.h"
#include "core/amf/mobility.h"
#include "core/amf/paging.h"

#include <stdio.h>
#include <stdlib.h>

/* Of information from an SMF (29.518 table 6.1.6.3.9-1); N2_SM_OTHER for what no gNB gets from it. */
static enum n2_sm_info_type n2_type_of(const struct n2_info_content *content)
{
	switch (content ? content->ngap_ie_type : N2_IE_ABSENT) {
	case N2_IE_ABSENT:
		return N2_SM_ABSENT;
	case N2_IE_PDU_RES_SETUP_REQ:
		return N2_SM_PDU_RES_SETUP_REQ;
	case N2_IE_PDU_RES_REL_CMD:
		return N2_SM_PDU_RES_REL_CMD;
	case N2_IE_PDU_RES_MOD_REQ:
		return N2_SM_PDU_RES_MOD_REQ;
	default:
		return N2_SM_OTHER;
	}
}

/* What is to be brought, as views of the request; false: not what this AMF brings. */
static bool transfer_read(
	struct amf *amf, const struct n1_n2_message_transfer_req_data *data, struct amf_n1n2_transfer *out)
{
	const struct n1_message_container *n1 = data->n1_message_container;
	const struct n2_info_container *n2 = data->n2_info_container;
	const struct n2_info_content *content = n2 && n2->sm_info ? n2->sm_info->n2_info_content : NULL;

	out->pdu_session_id = data->pdu_session_id;
	out->n1 = n1 ? n1->n1_message_content : BYTES_NONE;
	out->n2 = content ? content->ngap_data : BYTES_NONE;
	out->n2_type = n2_type_of(content);
	/* What no NAS message could carry is refused before anything is done. */
	if ((!n1 || (n1->n1_message_class == N1_MESSAGE_CLASS_SM &&
			    out->n1.len <= NAS_MAX_OCTETS - AMF_DL_TRANSPORT_OCTETS)) &&
		(!n2 || (n2->n2_information_class == N2_INFORMATION_CLASS_SM && content)) &&
		amf_session_deliverable(out->n2_type))
		return true;
	amf->stat[AMF_STAT_N2_INFO_REFUSED]++;
	return false;
}

static enum sbi_cause transfer_deliver(struct amf *amf, struct amf_ue *ue, const struct amf_n1n2_transfer *t)
{
	const struct amf_session *s = amf_session_find(ue, t->pdu_session_id);

	if (!s)
		return SBI_CONTEXT_NOT_FOUND;
	if (!amf_connection_for(ue, AMF_FOR_SESSION))
		return SBI_UE_IN_CM_IDLE_STATE;
	return amf_session_deliver(amf, ue, s, t->n1, t->n2_type, t->n2) ? SBI_OK
									 : SBI_INSUFFICIENT_RESOURCES;
}

static void transfer_answer_as(struct amf *amf, uint64_t request, enum n1_n2_message_transfer_cause how)
{
	struct namf_n1n2_message_transfer_rsp rsp = { .data = { how } };

	sbi_answer(amf->nf.bus, request, SBI_OK, &rsp);
}

static void transfer_answer(struct amf *amf, uint64_t request, enum sbi_cause cause)
{
	if (cause == SBI_OK)
		transfer_answer_as(amf, request, N1_N2_CAUSE_N1_N2_TRANSFER_INITIATED);
	else
		sbi_answer(amf->nf.bus, request, cause, NULL);
}

/* 29.518 5.2.2.3.2 */
static void failure_notify(struct amf *amf, const struct amf_n1n2_transfer *t)
{
	char uri[SBI_URI_SIZE]; /* what the transfer was as a resource, 29.518 6.1.3.5 */
	struct namf_n1n2_transfer_failure_notify_req req = { t->failure,
		{ N1_N2_CAUSE_UE_NOT_RESPONDING, uri } };

	snprintf(uri, sizeof(uri), "/namf-comm/v1/ue-contexts/imsi-%s/n1-n2-messages/%u", t->p.ue->supi.imsi,
		t->p.generation);
	if (t->failure[0])
		sbi_call(amf->nf.self, t->smf, SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY, &req,
			(struct sbi_token){ 0 });
}

static bool transfer_hold(struct amf_n1n2_transfer *t, const struct amf_n1n2_transfer *read)
{
	struct writer w;

	t->held = malloc(read->n1.len + read->n2.len + 1);
	if (!t->held)
		return false;
	w = writer_of(t->held, read->n1.len + read->n2.len);
	writer_put(&w, read->n1);
	writer_put(&w, read->n2);
	t->n1 = bytes_of(t->held, read->n1.len);
	t->n2 = bytes_of(t->held + read->n1.len, read->n2.len);
	t->n2_type = read->n2_type;
	t->pdu_session_id = read->pdu_session_id;
	return true;
}

/* Into the queue, for at most so long; NULL: it is full. */
static struct amf_n1n2_transfer *transfer_wait(
	struct amf *amf, struct amf_ue *ue, const struct amf_n1n2_transfer *read, uint32_t ms)
{
	struct amf_n1n2_transfer *t = NULL;

	if (amf_procedure_count(ue, AMF_N1N2_TRANSFER) < AMF_TRANSFERS_PER_UE_MAX)
		t = (struct amf_n1n2_transfer *)amf_procedure_begin(amf, ue, AMF_N1N2_TRANSFER);
	else
		amf->stat[AMF_STAT_EXHAUSTED]++;
	if (!t)
		return NULL;
	t->until_ns = env_now_ns(amf->nf.env) + (uint64_t)ms * NS_PER_MS;
	if (transfer_hold(t, read)) {
		amf_procedure_wait(amf, &t->p, ms);
		return t;
	}
	amf_procedure_end(amf, &t->p);
	return NULL;
}

/* Another procedure runs: the request is answered when that has ended. */
static enum sbi_cause transfer_queue(
	struct amf *amf, struct amf_ue *ue, uint64_t request, const struct amf_n1n2_transfer *read)
{
	struct amf_n1n2_transfer *t = transfer_wait(amf, ue, read, AMF_TRANSFER_WAIT_S * 1000);

	if (!t)
		return SBI_INSUFFICIENT_RESOURCES;
	t->request = request;
	amf->stat[AMF_STAT_TRANSFERS_WAITED]++;
	return SBI_OK;
}

/* 23.502 4.2.3.3 step 3b: the UE is idle, or about to come. */
static enum sbi_cause transfer_page(
	struct amf *amf, struct amf_ue *ue, const struct sbi_request *r, const struct amf_n1n2_transfer *read)
{
	const struct namf_n1n2_message_transfer_req *req = r->body;
	const char *failure_uri = req->data.n1n2_failure_txf_notif_uri;
	struct amf_n1n2_transfer *t;

	if (read->n1.len > 0 && req->data.skip_ind) {
		transfer_answer_as(amf, r->id, N1_N2_CAUSE_N1_MSG_NOT_TRANSFERRED);
		return SBI_OK;
	}
	if (read->n1.len == 0 && read->n2_type != N2_SM_PDU_RES_SETUP_REQ)
		return SBI_UE_IN_CM_IDLE_STATE; /* no gNB has anything of it */
	if (!amf_paging_is_possible(ue))
		return SBI_UE_NOT_REACHABLE;
	/* 29.518 5.2.2.3.1.2, 23.501 5.3.4.1.1: nor does the network begin anything there. */
	if (!amf_mobility_allows(ue, ue->tai.tac) && !amf_emergency_has(ue))
		return SBI_UE_IN_NON_ALLOWED_AREA;
	t = transfer_wait(amf, ue, read, amf_paging_ms(amf, ue) + AMF_TRANSFER_WAIT_S * 1000);
	if (!t)
		return SBI_INSUFFICIENT_RESOURCES;
	t->paged = true;
	t->smf = amf_session_find(ue, read->pdu_session_id)->smf;
	if (!amf_paging_begin(amf, ue, amf_paging_priority(&amf->config, &req->data))) {
		amf_procedure_end(amf, &t->p);
		return SBI_INSUFFICIENT_RESOURCES;
	}
	if (failure_uri && !sbi_callback_segment(failure_uri, t->failure))
		t->failure[0] = '\0';
	transfer_answer_as(amf, r->id, N1_N2_CAUSE_ATTEMPTING_TO_REACH_UE);
	return SBI_OK;
}

uint16_t amf_n1n2_waiting_sessions(const struct amf_ue *ue)
{
	uint16_t bits = 0;

	for (const struct amf_procedure *p = ue->procedures; p; p = p->next)
		if (p->kind == AMF_N1N2_TRANSFER)
			bits |= (uint16_t)(1u << ((const struct amf_n1n2_transfer *)p)->pdu_session_id);
	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		if (!s->creating && s->held_len > 0)
			bits |= (uint16_t)(1u << s->pdu_session_id);
	return bits;
}

uint16_t amf_n1n2_transfer_sessions(const struct amf_ue *ue)
{
	uint16_t bits = 0;

	for (const struct amf_procedure *p = ue->procedures; p; p = p->next) {
		const struct amf_n1n2_transfer *t = (const struct amf_n1n2_transfer *)p;

		if (p->kind == AMF_N1N2_TRANSFER && t->paged && t->n2_type == N2_SM_PDU_RES_SETUP_REQ)
			bits |= (uint16_t)(1u << t->pdu_session_id);
	}
	return bits;
}

bool amf_n1n2_hold(struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes n1,
	enum n2_sm_info_type type, struct bytes n2)
{
	struct amf_n1n2_transfer read = {
		.pdu_session_id = pdu_session_id, .n1 = n1, .n2_type = type, .n2 = n2
	};

	return transfer_wait(amf, ue, &read, AMF_TRANSFER_WAIT_S * 1000) != NULL;
}

void amf_n1n2_message_transfer(struct amf *amf, const struct sbi_request *r)
{
	const struct namf_n1n2_message_transfer_req *req = r->body;
	struct amf_ue *ue = amf_ue_by_supi(amf, &req->supi);
	struct amf_n1n2_transfer read = { 0 };
	enum sbi_cause cause;

	if (!ue || !amf_session_find(ue, req->data.pdu_session_id)) {
		cause = SBI_CONTEXT_NOT_FOUND;
	} else if (!transfer_read(amf, &req->data, &read)) {
		cause = SBI_OPTIONAL_IE_INCORRECT;
	} else if (!amf_connection_for(ue, AMF_FOR_SESSION)) {
		cause = transfer_page(amf, ue, r, &read);
		if (cause == SBI_OK)
			return;
	} else if (amf_procedure_conflict(ue, AMF_N1N2_TRANSFER) != AMF_WAITS) {
		cause = transfer_deliver(amf, ue, &read);
	} else {
		cause = transfer_queue(amf, ue, r->id, &read);
		if (cause == SBI_OK)
			return;
	}
	transfer_answer(amf, r->id, cause);
}

/* The UE has come, or has not: its user plane is asked for by what it came with, and no gNB has more of it.
 */
static void transfer_after_paging(struct amf *amf, struct amf_n1n2_transfer *t, bool waits)
{
	struct amf_ue *ue = t->p.ue;
	const struct amf_session *s = amf_session_find(ue, t->pdu_session_id);
	bool came = !waits && amf_connection_for(ue, AMF_FOR_SESSION) && s;

	if (came)
		t->failure[0] = '\0';
	if (came && t->n1.len > 0)
		amf_session_deliver(amf, ue, s, t->n1, N2_SM_ABSENT, BYTES_NONE);
	amf_procedure_end(amf, &t->p);
}

/* What it waited for has ended, or has not for too long. */
void amf_n1n2_transfer_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_n1n2_transfer *t = (struct amf_n1n2_transfer *)p;
	uint64_t request = t->request, now = env_now_ns(amf->nf.env);
	enum sbi_cause cause = amf_handover_of(p->ue) ? SBI_TEMPORARY_REJECT_HANDOVER_ONGOING
						      : SBI_TEMPORARY_REJECT_REGISTRATION_ONGOING;

	if (amf_procedure_waits(p) && now < t->until_ns) {
		amf_procedure_wait(amf, p, (uint32_t)((t->until_ns - now + NS_PER_MS - 1) / NS_PER_MS));
		return;
	}
	if (t->paged) {
		transfer_after_paging(amf, t, amf_procedure_waits(p));
		return;
	}
	if (!amf_procedure_waits(p))
		cause = transfer_deliver(amf, p->ue, t);
	t->request = 0;
	amf_procedure_end(amf, p);
	if (request)
		transfer_answer(amf, request, cause);
}

/* The UE leaves, or the transfer was not taken: then its caller answers. */
void amf_n1n2_transfer_ended(struct amf *amf, struct amf_procedure *p)
{
	struct amf_n1n2_transfer *t = (struct amf_n1n2_transfer *)p;

	if (t->request)
		transfer_answer(amf, t->request, SBI_CONTEXT_NOT_FOUND);
	failure_notify(amf, t);
	free(t->held);
}
