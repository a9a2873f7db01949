/* NGAP messages out, TS 38.413. */
#include "core/amf/internal.h"

bool amf_n2_send(
	struct amf *amf, struct amf_gnb *gnb, uint16_t stream, enum ngap_message type, const void *body)
{
	struct writer w = writer_of(amf->buffer, sizeof(amf->buffer));
	const void *reporting = amf->notify ? ngap_report(type, body, amf->notify, &amf->arena) : NULL;
	bool sent;

	if (reporting) {
		body = reporting;
		amf->notify = NULL;
	}
	if (!ngap_encode(type, body, &w)) {
		log_error(amf->nf.env->log, "%s: %s cannot be encoded; please report this", gnb->name,
			ngap_message_name(type));
		return false;
	}
	sent = outbox_send(amf->nf.env->outbox, amf->config.n2_port, gnb->assoc, stream, writer_bytes(&w));
	explicit_bzero(amf->buffer, w.len); /* it may have K_gNB in it */
	return sent;
}

bool amf_n2_send_ue(struct amf *amf, struct amf_connection *c, enum ngap_message type, const void *body)
{
	if (c->gnb->absent)
		return false;
	/* Nothing is sent about a context that the store lost, before it has it. */
	if (c->ue && mark_is_lost(amf->nf.env->turn, &c->ue->mark))
		amf_ue_dirty(amf, c->ue);
	return amf_n2_send(amf, c->gnb, c->stream, type, body);
}

void amf_n2_error_indication(struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause)
{
	struct ngap_error_indication m = { .cause = &cause };

	m.has_amf_ue_ngap_id = amf_ue_ngap_id != NULL;
	m.amf_ue_ngap_id = amf_ue_ngap_id ? *amf_ue_ngap_id : 0;
	m.has_ran_ue_ngap_id = ran_ue_ngap_id != NULL;
	m.ran_ue_ngap_id = ran_ue_ngap_id ? *ran_ue_ngap_id : 0;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_ERROR_INDICATION, &m);
}
