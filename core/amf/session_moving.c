/*
 * PDU sessions of a handover or path switch, between the gNBs and their SMFs (23.502 4.9.1, 29.502 5.2.2.3.3
 * and 5.2.2.3.4): each SMF is asked with what a gNB says, and what it answers is kept for the other one.
 */
#include "core/amf/handover.h"

#include <stdlib.h>

static uint16_t bit_of(uint8_t pdu_session_id)
{
	return (uint16_t)(1u << (pdu_session_id & 15));
}

static bool info_keep(struct amf_moving_info *info, struct bytes octets)
{
	free(info->octets);
	info->len = 0;
	info->octets = octets.len > 0 ? malloc(octets.len) : NULL;
	if (!info->octets)
		return octets.len == 0;
	info->len = octets.len;
	return bytes_copy(info->octets, info->len, octets);
}

void amf_moving_fini(struct amf_moving_sessions *m)
{
	for (size_t i = 0; i < ARRAY_LEN(m->info); i++)
		info_keep(&m->info[i], BYTES_NONE);
}

struct bytes amf_moving_info(const struct amf_moving_sessions *m, uint8_t pdu_session_id)
{
	const struct amf_moving_info *info = &m->info[pdu_session_id & 15];

	return bytes_of(info->octets, info->len);
}

struct amf_session *amf_moving_session(const struct amf_ue *ue, uint8_t pdu_session_id)
{
	struct amf_session *s = amf_session_find(ue, pdu_session_id);

	return s && s->sm_context_ref[0] ? s : NULL;
}

void amf_moving_ask(struct amf *amf, struct amf_procedure *p, struct amf_moving_sessions *m,
	const struct amf_session *s, const struct sm_context_update_data *data)
{
	struct nsmf_update_sm_context_req req = { s->sm_context_ref, *data };
	struct sbi_token token = amf_procedure_token(amf, p);

	token.step = s->pdu_session_id;
	m->ready &= (uint16_t)~bit_of(s->pdu_session_id);
	m->asked |= bit_of(s->pdu_session_id);
	sbi_call(amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req, token);
}

void amf_moving_fail(struct amf_moving_sessions *m, uint8_t pdu_session_id)
{
	m->asked &= (uint16_t)~bit_of(pdu_session_id);
	m->ready &= (uint16_t)~bit_of(pdu_session_id);
	m->failed |= bit_of(pdu_session_id);
}

void amf_moving_give_up(struct amf_moving_sessions *m)
{
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++)
		if (m->asked & bit_of(id))
			amf_moving_fail(m, id);
}

/* What the SMF has for a gNB is kept; the session goes on when it is of the type that was asked for. */
void amf_moving_answered(struct amf *amf, struct amf_ue *ue, struct amf_moving_sessions *m,
	const struct sbi_answer *a, enum n2_sm_info_type wanted)
{
	const struct nsmf_update_sm_context_rsp *rsp = a->body;
	uint8_t id = (uint8_t)a->token.step;
	struct amf_session *s = amf_session_find(ue, id);
	bool ok = a->cause == SBI_OK && rsp && rsp->data.n2_sm_info_type == wanted;

	if (!(m->asked & bit_of(id)))
		return;
	m->asked &= (uint16_t)~bit_of(id);
	if (rsp && !info_keep(&m->info[id & 15],
			   a->cause == SBI_OK ? rsp->data.n2_sm_info : rsp->error.n2_sm_info))
		ok = false;
	if (!rsp)
		info_keep(&m->info[id & 15], BYTES_NONE);
	if (s && a->cause == SBI_CONTEXT_NOT_FOUND)
		amf_session_free(amf, ue, s); /* the SMF does not have it any more */
	if (ok && s && !(m->failed & bit_of(id)))
		m->ready |= bit_of(id);
	else
		amf_moving_fail(m, id);
}

/* Both transfers consist of a cause. */
_Static_assert(
	sizeof(struct ngap_handover_preparation_unsuccessful_transfer) == sizeof(struct ngap_cause), "");
_Static_assert(
	sizeof(struct ngap_path_switch_request_unsuccessful_transfer) == sizeof(struct ngap_cause), "");

struct bytes amf_moving_unsuccessful(struct amf *amf, const struct per_type *type, struct ngap_cause cause)
{
	return ngap_value_bytes(type, &cause, &amf->arena);
}

void amf_moving_tell(
	struct amf *amf, struct amf_ue *ue, uint16_t sessions, const struct sm_context_update_data *data)
{
	for (uint8_t id = 1; id <= PDU_SESSIONS_MAX; id++) {
		const struct amf_session *s = sessions & bit_of(id) ? amf_moving_session(ue, id) : NULL;
		struct nsmf_update_sm_context_req req = { s ? s->sm_context_ref : NULL, *data };

		if (s)
			sbi_call(amf->nf.self, s->smf, SBI_SMF_UPDATE_SM_CONTEXT, &req,
				amf_session_token(amf, ue, s));
	}
}
