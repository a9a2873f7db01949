/* PDU sessions as the AMF knows them (23.502 4.3): which SMF has which. */
#include "core/amf/ladn.h"

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
	return (struct sbi_token){ pool_index(&amf->ues, ue), s->generation, s->pdu_session_id,
		amf_ue_whose(ue) };
}

struct amf_session *amf_session_of_token(struct amf *amf, const struct sbi_token *t, struct amf_ue **ue)
{
	struct amf_session *s;

	*ue = pool_at(&amf->ues, (uint32_t)t->context);
	s = *ue ? amf_session_find(*ue, (uint8_t)t->step) : NULL;
	return s && s->generation == t->generation ? s : NULL;
}

struct amf_session *amf_session_new(struct amf *amf, uint8_t pdu_session_id, const char *dnn)
{
	struct amf_session *s = pool_alloc(&amf->sessions);

	if (s && !amf_session_set_dnn(amf, s, dnn)) {
		pool_free(&amf->sessions, s);
		return NULL;
	}
	if (s)
		s->pdu_session_id = pdu_session_id;
	return s;
}

bool amf_session_set_dnn(struct amf *amf, struct amf_session *s, const char *dnn)
{
	const char *word = words_take(&amf->dnns, dnn);

	if (!word)
		return false;
	words_give(&amf->dnns, s->dnn);
	s->dnn = word;
	return true;
}

void amf_session_drop(struct amf *amf, struct amf_session *s)
{
	words_give(&amf->dnns, s->dnn);
	free(s->held);
	pool_free(&amf->sessions, s);
}

void amf_session_free(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	struct amf_session **at = &ue->sessions;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	amf_session_drop(amf, s);
	amf_ue_dirty(amf, ue);
}

uint16_t amf_session_status(const struct amf_ue *ue)
{
	uint16_t bits = 0;

	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		bits |= (uint16_t)(1u << s->pdu_session_id);
	return bits;
}

static void context_release(
	struct amf *amf, const struct sbi_peer *smf, const char *sm_context_ref, uint64_t whose)
{
	struct nsmf_release_sm_context_req req = { .sm_context_ref = sm_context_ref };

	sbi_call(amf->nf.self, smf, SBI_SMF_RELEASE_SM_CONTEXT, &req, (struct sbi_token){ .whose = whose });
}

void amf_session_release_late(struct amf *amf, const struct sbi_answer *a)
{
	const struct nsmf_create_sm_context_rsp *rsp = a->body;

	if (rsp && rsp->sm_context_ref)
		context_release(amf, a->from, rsp->sm_context_ref, a->token.whose);
}

void amf_session_release(struct amf *amf, struct amf_ue *ue, struct amf_session *s)
{
	if (s->sm_context_ref[0])
		context_release(amf, s->smf, s->sm_context_ref, amf_ue_whose(ue));
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
	for (struct amf_session *s = ue->sessions; s; s = s->next) {
		struct nsmf_update_sm_context_req req = { s->sm_context_ref,
			{ .up_cnx_state = UP_CNX_DEACTIVATED } };

		if (!s->sm_context_ref[0])
			continue;
		amf_session_hold(s, BYTES_NONE);
		sbi_call(
			amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
	}
}

bool amf_session_hold(struct amf_session *s, struct bytes octets)
{
	free(s->held);
	s->held_len = 0;
	s->held = octets.len > 0 ? malloc(octets.len) : NULL;
	if (!s->held)
		return octets.len == 0;
	s->held_len = octets.len;
	return bytes_copy(s->held, s->held_len, octets);
}

uint16_t amf_session_activate(struct amf *amf, struct amf_ue *ue, uint16_t status)
{
	uint16_t asked = 0;

	for (const struct amf_session *s = ue->sessions; s; s = s->next) {
		struct nsmf_update_sm_context_req req = { s->sm_context_ref,
			{ .up_cnx_state = UP_CNX_ACTIVATING,
				.presence_in_ladn = amf_ladn_presence(amf, ue, s->dnn) } };

		if (!(status >> s->pdu_session_id & 1) || !s->sm_context_ref[0])
			continue;
		asked |= (uint16_t)(1u << s->pdu_session_id);
		sbi_call(
			amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
	}
	return asked;
}

void amf_session_update(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info)
{
	struct nsmf_update_sm_context_req req = { s->sm_context_ref,
		{ .n1_sm_msg = n1_sm_msg, .n2_sm_info_type = type, .n2_sm_info = info } };

	sbi_call(amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, amf_session_token(amf, ue, s));
}
