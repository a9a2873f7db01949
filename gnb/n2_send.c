/* NGAP messages out (TS 38.413). */
#include "gnb/internal.h"

bool gnb_n2_send(
	struct gnb *gnb, struct gnb_amf *amf, uint16_t stream, enum ngap_message type, const void *body)
{
	struct writer w = writer_of(gnb->buffer, sizeof(gnb->buffer));
	const void *reporting = gnb->notify ? ngap_report(type, body, gnb->notify, &gnb->arena) : NULL;

	if (reporting) {
		body = reporting;
		gnb->notify = NULL;
	}
	if (!ngap_encode(type, body, &w)) {
		log_error(gnb->env->log, "%s: %s cannot be encoded; please report this", amf->name,
			ngap_message_name(type));
		return false;
	}
	return outbox_send(gnb->env->outbox, GNB_PORT_N2, amf->assoc, stream, writer_bytes(&w));
}

/* 38.412 7: UE-associated signalling on streams of its own, the same one for all of a UE. */
uint16_t gnb_n2_stream(struct gnb_amf *amf)
{
	return amf->streams > 1 ? (uint16_t)(1 + amf->next_stream++ % (amf->streams - 1)) : 0;
}

bool gnb_n2_is_open(const struct gnb_amf *amf)
{
	return amf->state == NG_READY;
}

bool gnb_n2_send_ue(struct gnb *gnb, struct gnb_ue *ue, enum ngap_message type, const void *body)
{
	return gnb_n2_is_open(ue->amf) && gnb_n2_send(gnb, ue->amf, ue->stream, type, body);
}

void gnb_n2_send_error_indication(struct gnb *gnb, struct gnb_amf *amf, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause)
{
	struct ngap_error_indication m = { .cause = &cause };

	m.has_amf_ue_ngap_id = amf_ue_ngap_id != NULL;
	m.amf_ue_ngap_id = amf_ue_ngap_id ? *amf_ue_ngap_id : 0;
	m.has_ran_ue_ngap_id = ran_ue_ngap_id != NULL;
	m.ran_ue_ngap_id = ran_ue_ngap_id ? *ran_ue_ngap_id : 0;
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_ERROR_INDICATION, &m);
}
