/*
 * The AMF's part in PDU sessions (23.502 4.3): it passes 5GSM messages and N2 session information between
 * UE, gNB and SMF, and knows which SMF has which session.
 */
#include "core/amf/internal.h"

#include <stdlib.h>

struct amf_session *amf_session_find(const struct amf_ue *ue, uint8_t pdu_session_id)
{
	struct amf_session *s = ue->sessions;

	while (s && s->pdu_session_id != pdu_session_id)
		s = s->next;
	return s;
}

struct sbi_token amf_session_token(struct amf *amf, const struct amf_ue *ue, const struct amf_session *s)
{
	return (struct sbi_token){ pool_index(&amf->ues, ue), s->generation, s->pdu_session_id };
}

/* The session that asked; NULL when it has ended, also when a later one has its identity. */
static struct amf_session *session_of(struct amf *amf, const struct sbi_token *t, struct amf_ue **ue)
{
	struct amf_session *s;

	*ue = pool_at(&amf->ues, (uint32_t)t->context);
	s = *ue ? amf_session_find(*ue, (uint8_t)t->step) : NULL;
	return s && s->generation == t->generation ? s : NULL;
}

void amf_session_free(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	struct amf_session **at = &ue->sessions;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	free(s->held);
	pool_free(&amf->sessions, s);
	amf_ue_dirty(amf, ue);
}

uint16_t amf_session_status(const struct amf_ue *ue)
{
	uint16_t bits = 0;

	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		bits |= (uint16_t)(1u << s->pdu_session_id);
	return bits;
}

static void context_release(struct amf *amf, const struct sbi_peer *smf, const char *sm_context_ref)
{
	struct nsmf_release_sm_context_req req = { .sm_context_ref = sm_context_ref };

	sbi_call(amf->nf.self, smf, SBI_SMF_RELEASE_SM_CONTEXT, &req, (struct sbi_token){ 0 });
}

void amf_session_release_late(struct amf *amf, const struct sbi_answer *a)
{
	const struct nsmf_create_sm_context_rsp *rsp = a->body;

	if (rsp && rsp->sm_context_ref)
		context_release(amf, a->from, rsp->sm_context_ref);
}

/* Local release: the SMF is told, the UE is not. */
void amf_session_release(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	if (s->sm_context_ref[0])
		context_release(amf, s->smf, s->sm_context_ref);
	amf_session_free(amf, ue, s);
}

void amf_session_release_all(struct amf *amf, struct amf_ue *ue)
{
	while (ue->sessions)
		amf_session_release(amf, ue, ue->sessions);
}

void amf_session_reconcile(struct amf *amf, struct amf_ue *ue, uint16_t status)
{
	for (struct amf_session *s = ue->sessions, *next; s; s = next) {
		next = s->next;
		if (!(status >> s->pdu_session_id & 1))
			amf_session_release(amf, ue, s);
	}
}

void amf_session_deactivate_all(struct amf *amf, struct amf_ue *ue)
{
	for (const struct amf_session *s = ue->sessions; s; s = s->next) {
		struct nsmf_update_sm_context_req req = { s->sm_context_ref,
			{ .up_cnx_state = UP_CNX_DEACTIVATED } };

		if (!s->sm_context_ref[0])
			continue;
		sbi_call(
			amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
	}
}

void amf_session_activate(struct amf *amf, struct amf_ue *ue, uint16_t status)
{
	for (const struct amf_session *s = ue->sessions; s; s = s->next) {
		struct nsmf_update_sm_context_req req = { s->sm_context_ref,
			{ .up_cnx_state = UP_CNX_ACTIVATING } };

		if (!(status >> s->pdu_session_id & 1) || !s->sm_context_ref[0])
			continue;
		sbi_call(
			amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
	}
}

/* 5.4.5.3.1 and 5.4.5.2.5: gives a payload back that went nowhere. */
void amf_session_not_forwarded(
	struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes payload, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	struct nas_dl_nas_transport *t = &m.dl_nas_transport;

	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = payload;
	t->has_pdu_session_id = true;
	t->pdu_session_id = pdu_session_id;
	t->has_cause = true;
	t->cause = cause;
	amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &m);
}

static struct bytes session_n1(
	struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes n1_sm_msg)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	struct nas_dl_nas_transport *t = &m.dl_nas_transport;

	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = n1_sm_msg;
	t->has_pdu_session_id = true;
	t->pdu_session_id = pdu_session_id;
	return amf_n1_protected(amf, ue, NAS_INTEGRITY_CIPHERED, &m);
}

static bool n2_setup(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info)
{
	struct ngap_pdu_session_resource_setup_item_su_req item = {
		.pdu_session_id = s->pdu_session_id,
		.has_pdu_session_nas_pdu = nas.len > 0,
		.pdu_session_nas_pdu = nas,
		.pdu_session_resource_setup_request_transfer = info,
	};
	struct ngap_ue_aggregate_maximum_bit_rate ambr = { (int64_t)ue->ambr.downlink_bps,
		(int64_t)ue->ambr.uplink_bps };
	struct ngap_pdu_session_resource_setup_request m = {
		.amf_ue_ngap_id = ue->connection->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->connection->ran_ue_ngap_id,
		.pdu_session_resource_setup_list_su_req = { 1, &item },
		.ue_aggregate_maximum_bit_rate = &ambr,
	};

	return ngap_s_nssai_of(&s->snssai, &amf->arena, &item.s_nssai) &&
	       amf_n2_send_ue(amf, ue->connection, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST, &m);
}

static bool n2_release(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info)
{
	struct ngap_pdu_session_resource_to_release_item_rel_cmd item = { s->pdu_session_id, info };
	struct ngap_pdu_session_resource_release_command m = {
		.amf_ue_ngap_id = ue->connection->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->connection->ran_ue_ngap_id,
		.has_nas_pdu = nas.len > 0,
		.nas_pdu = nas,
		.pdu_session_resource_to_release_list_rel_cmd = { 1, &item },
	};

	return amf_n2_send_ue(amf, ue->connection, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND, &m);
}

/* Brings what the SMF has for UE and gNB on its way. */
bool amf_session_deliver(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info)
{
	struct ngap_downlink_nas_transport t = { 0 };
	struct bytes nas = BYTES_NONE;

	if (!ue->connection)
		return false;
	if (n1_sm_msg.len > 0) {
		nas = session_n1(amf, ue, s->pdu_session_id, n1_sm_msg);
		if (nas.len == 0)
			return false;
	}
	if (type == N2_SM_PDU_RES_SETUP_REQ)
		return n2_setup(amf, ue, s, nas, info);
	if (type == N2_SM_PDU_RES_REL_CMD)
		return n2_release(amf, ue, s, nas, info);
	t.amf_ue_ngap_id = ue->connection->amf_ue_ngap_id;
	t.ran_ue_ngap_id = ue->connection->ran_ue_ngap_id;
	t.nas_pdu = nas;
	return nas.len == 0 || amf_n2_send_ue(amf, ue->connection, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &t);
}

/* What the gNB can be asked for about a session; N2_SM_ABSENT for others. */
static enum n2_sm_info_type n2_type_of(const struct n2_info_content *content)
{
	switch (content ? content->ngap_ie_type : N2_IE_ABSENT) {
	case N2_IE_PDU_RES_SETUP_REQ:
		return N2_SM_PDU_RES_SETUP_REQ;
	case N2_IE_PDU_RES_REL_CMD:
		return N2_SM_PDU_RES_REL_CMD;
	default:
		return N2_SM_ABSENT;
	}
}

static bool session_transfer(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	const struct n1_n2_message_transfer_req_data *data)
{
	const struct n1_message_container *n1 = data->n1_message_container;
	const struct n2_sm_information *sm =
		data->n2_info_container ? data->n2_info_container->sm_info : NULL;
	const struct n2_info_content *n2 = sm ? sm->n2_info_content : NULL;

	return amf_session_deliver(amf, ue, s, n1 ? n1->n1_message_content : BYTES_NONE, n2_type_of(n2),
		n2 ? n2->ngap_data : BYTES_NONE);
}

/* Namf_Communication_N1N2MessageTransfer, for session management */
void amf_session_n1n2_transfer(struct amf *amf, const struct sbi_request *r)
{
	const struct namf_n1n2_message_transfer_req *req = r->body;
	struct amf_ue *ue = amf_ue_by_supi(amf, &req->supi);
	struct amf_session *s = ue ? amf_session_find(ue, req->data.pdu_session_id) : NULL;
	struct namf_n1n2_message_transfer_rsp rsp = { .data = { N1_N2_CAUSE_N1_N2_TRANSFER_INITIATED } };
	enum sbi_cause cause = SBI_OK;

	if (!s)
		cause = SBI_CONTEXT_NOT_FOUND;
	else if (!ue->connection)
		cause = SBI_UE_IN_CM_IDLE_STATE;
	else if (!session_transfer(amf, ue, s, &req->data))
		cause = SBI_INSUFFICIENT_RESOURCES;
	sbi_answer(amf->nf.bus, r->id, cause, cause == SBI_OK ? &rsp : NULL);
}

/* Nsmf_PDUSession_SMContextStatusNotify: the session is released. */
void amf_session_status_notify(struct amf *amf, const struct sbi_request *r)
{
	const struct nsmf_sm_context_status_notify_req *req = r->body;
	struct amf_ue *ue = NULL;
	struct amf_session *s;
	struct sbi_callback c;

	if (sbi_callback_open(amf->nf.self, SBI_CALLBACK_SM_CONTEXT_STATUS, req->callback, &c))
		ue = hash_get(&amf->ue_by_supi, c.context, 0, struct amf_ue, by_supi);
	for (s = ue ? ue->sessions : NULL; s && s->callback != c.generation; s = s->next)
		;
	/* A session of the same identity that has been established since is another one. */
	if (s)
		amf_session_free(amf, ue, s);
	sbi_answer(amf->nf.bus, r->id, s ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void session_update(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info)
{
	struct nsmf_update_sm_context_req req = { s->sm_context_ref,
		{ .n1_sm_msg = n1_sm_msg, .n2_sm_info_type = type, .n2_sm_info = info } };

	sbi_call(amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
}

/* N2 session information of the gNB's answers, item by item. */
static void n2_info_received(struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id,
	enum n2_sm_info_type type, struct bytes info)
{
	const struct amf_session *s = amf_session_find(ue, pdu_session_id);

	if (s && s->sm_context_ref[0])
		session_update(amf, ue, s, BYTES_NONE, type, info);
	else
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
}

void amf_pdu_session_resource_setup_response(
	struct amf *amf, struct amf_connection *c, const struct ngap_pdu_session_resource_setup_response *m)
{
	const struct ngap_pdu_session_resource_setup_list_su_res *done =
		m->pdu_session_resource_setup_list_su_res;
	const struct ngap_pdu_session_resource_failed_to_setup_list_su_res *failed =
		m->pdu_session_resource_failed_to_setup_list_su_res;

	for (size_t i = 0; done && i < done->count; i++)
		n2_info_received(amf, c->ue, done->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_RSP,
			done->items[i].pdu_session_resource_setup_response_transfer);
	for (size_t i = 0; failed && i < failed->count; i++)
		n2_info_received(amf, c->ue, failed->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_FAIL,
			failed->items[i].pdu_session_resource_setup_unsuccessful_transfer);
}

/* 38.413 8.2.4: sessions whose resources the gNB gave up by itself. Notified QoS flows have no one to tell
 * yet. */
void amf_pdu_session_resource_notify(
	struct amf *amf, struct amf_connection *c, const struct ngap_pdu_session_resource_notify *m)
{
	const struct ngap_pdu_session_resource_released_list_not *gone =
		m->pdu_session_resource_released_list_not;

	for (size_t i = 0; gone && i < gone->count; i++)
		n2_info_received(amf, c->ue, gone->items[i].pdu_session_id, N2_SM_PDU_RES_NTY_REL,
			gone->items[i].pdu_session_resource_notify_released_transfer);
}

void amf_pdu_session_resource_release_response(
	struct amf *amf, struct amf_connection *c, const struct ngap_pdu_session_resource_release_response *m)
{
	const struct ngap_pdu_session_resource_released_list_rel_res *list =
		&m->pdu_session_resource_released_list_rel_res;

	for (size_t i = 0; !m->no_pdu_session_resource_released_list_rel_res && i < list->count; i++)
		n2_info_received(amf, c->ue, list->items[i].pdu_session_id, N2_SM_PDU_RES_REL_RSP,
			list->items[i].pdu_session_resource_release_response_transfer);
}

/* An error may have messages for UE and gNB as well. */
static void session_updated(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	const struct nsmf_update_sm_context_rsp *rsp, bool ok)
{
	const struct sm_context_updated_data *d = &rsp->data;
	const struct sm_context_update_error *e = &rsp->error;

	if (ok)
		amf_session_deliver(amf, ue, s, d->n1_sm_msg, d->n2_sm_info_type, d->n2_sm_info);
	else
		amf_session_deliver(amf, ue, s, e->n1_sm_msg, e->n2_sm_info_type, e->n2_sm_info);
}

static void session_on_updated(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a)
{
	const struct nsmf_update_sm_context_rsp *rsp = a->body;

	if (a->cause == SBI_CONTEXT_NOT_FOUND)
		amf_session_free(amf, ue, s); /* the SMF does not have it any more */
	else if (rsp)
		session_updated(amf, ue, s, rsp, a->cause == SBI_OK);
}

void amf_session_on_answer(struct amf *amf, const struct sbi_answer *a)
{
	struct amf_ue *ue;
	struct amf_session *s = session_of(amf, &a->token, &ue);

	if (!s && a->op == SBI_SMF_CREATE_SM_CONTEXT && a->cause == SBI_OK)
		amf_session_release_late(amf, a);
	if (!s)
		return;
	if (a->op == SBI_SMF_UPDATE_SM_CONTEXT && !s->creating)
		session_on_updated(amf, ue, s, a);
	else if (s->creating)
		amf_session_establishing(amf, ue, s, a);
}

void amf_session_ul_nas_transport(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	const struct amf_session *s;

	if (m->payload_container_type != NAS_PAYLOAD_N1_SM || !m->has_pdu_session_id ||
		m->payload_container.len == 0 || m->pdu_session_id == 0 ||
		m->pdu_session_id > PDU_SESSIONS_MAX) {
		amf->stat[AMF_STAT_NAS_UNEXPECTED]++;
		amf_session_not_forwarded(amf, ue, m->has_pdu_session_id ? m->pdu_session_id : 0,
			m->payload_container, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
		return;
	}
	if (m->has_request_type &&
		(m->request_type == NAS_REQUEST_INITIAL || m->request_type == NAS_REQUEST_EXISTING)) {
		amf_session_request(amf, ue, m);
		return;
	}
	s = amf_session_find(ue, m->pdu_session_id);
	if (s && s->sm_context_ref[0])
		session_update(amf, ue, s, m->payload_container, N2_SM_ABSENT, BYTES_NONE);
	else
		amf_session_not_forwarded(
			amf, ue, m->pdu_session_id, m->payload_container, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
}
