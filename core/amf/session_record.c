#include "core/amf/session_record.h"

static const struct record_field session_fields[] = {
	RECORD_U(1, amf_session_record, pdu_session_id),
	RECORD_U(2, amf_session_record, sst),
	RECORD_U(3, amf_session_record, sd),
	RECORD_S(4, amf_session_record, dnn),
	RECORD_S(5, amf_session_record, sm_context_ref),
	RECORD_S(6, amf_session_record, smf),
	RECORD_U(7, amf_session_record, callback),
	RECORD_U(8, amf_session_record, emergency),
};
const struct record_def amf_session_record_def = { "session", session_fields, ARRAY_LEN(session_fields) };

void amf_session_to_record(const struct amf *amf, const struct amf_session *s, struct amf_session_record *to)
{
	to->pdu_session_id = s->pdu_session_id;
	to->sst = s->snssai.sst;
	to->sd = s->snssai.sd;
	str_copy(to->dnn, sizeof(to->dnn), s->dnn);
	str_copy(to->sm_context_ref, sizeof(to->sm_context_ref), s->sm_context_ref);
	sbi_peer_print(amf->nf.bus, s->smf, to->smf);
	to->callback = s->callback;
	to->emergency = s->emergency;
}

bool amf_session_from_record(struct amf *amf, struct amf_ue *ue, const struct amf_session_record *from)
{
	struct amf_session *s;

	if (from->pdu_session_id == 0 || from->pdu_session_id > PDU_SESSIONS_MAX ||
		amf_session_find(ue, from->pdu_session_id))
		return false;
	s = amf_session_new(amf, from->pdu_session_id, from->dnn);
	if (!s)
		return false;
	s->snssai = (struct snssai){ from->sst, from->sd };
	str_copy(s->sm_context_ref, sizeof(s->sm_context_ref), from->sm_context_ref);
	s->smf = sbi_peer_read(amf->nf.bus, from->smf);
	s->callback = from->callback;
	s->emergency = from->emergency;
	s->generation = ++amf->generation;
	s->next = ue->sessions;
	ue->sessions = s;
	return s->smf || !from->smf[0];
}
