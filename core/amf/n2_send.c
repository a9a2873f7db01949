/* NGAP messages out, TS 38.413. */
#include "core/amf/internal.h"

/* The key that a message carries for the gNB; empty: it has none. */
static struct bytes key_in(enum ngap_message type, const void *body)
{
	const struct ngap_initial_context_setup_request *setup = body;
	const struct ngap_handover_request *handover = body;
	const struct ngap_path_switch_request_acknowledge *path_switch = body;

	switch (type) {
	case NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST:
		return bytes_of(setup->security_key.data, KDF_KEY_LEN);
	case NGAP_MSG_HANDOVER_REQUEST:
		return bytes_of(handover->security_context.next_hop_nh.data, KDF_KEY_LEN);
	case NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE:
		return bytes_of(path_switch->security_context.next_hop_nh.data, KDF_KEY_LEN);
	default:
		return BYTES_NONE;
	}
}

/* What leaves is shown with zeros for the key, which is octets of the PDU (X.691 16.10); false: it is not
 * found. */
static bool hide(struct bytes key, struct writer *w)
{
	uint8_t *at = key.len > 0 ? memmem(w->data, w->len, key.data, key.len) : NULL;

	if (at)
		explicit_bzero(at, key.len);
	return at || key.len == 0;
}

bool amf_n2_send_whose(struct amf *amf, struct amf_gnb *gnb, uint16_t stream, uint64_t whose,
	enum ngap_message type, const void *body)
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
	if (sent && hide(key_in(type, body), &w))
		amf_seen_n2(amf, false, whose, gnb, writer_bytes(&w));
	explicit_bzero(amf->buffer, w.len); /* it may have K_gNB in it */
	return sent;
}

bool amf_n2_send(
	struct amf *amf, struct amf_gnb *gnb, uint16_t stream, enum ngap_message type, const void *body)
{
	return amf_n2_send_whose(amf, gnb, stream, 0, type, body);
}

bool amf_n2_send_ue(struct amf *amf, struct amf_connection *c, enum ngap_message type, const void *body)
{
	if (c->gnb->absent)
		return false;
	/* Nothing is sent about a context that the store lost, before it has it. */
	if (c->ue && mark_is_lost(amf->nf.env->turn, &c->ue->mark))
		amf_ue_dirty(amf, c->ue);
	return amf_n2_send_whose(amf, c->gnb, c->stream, c->whose, type, body);
}

void amf_n2_error_indication(struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause)
{
	struct ngap_error_indication m = { .cause = &cause };

	m.has_amf_ue_ngap_id = amf_ue_ngap_id != NULL;
	m.amf_ue_ngap_id = amf_ue_ngap_id ? *amf_ue_ngap_id : 0;
	m.has_ran_ue_ngap_id = ran_ue_ngap_id != NULL;
	m.ran_ue_ngap_id = ran_ue_ngap_id ? *ran_ue_ngap_id : 0;
	amf_n2_send_whose(amf, gnb, 0, amf->whose, NGAP_MSG_ERROR_INDICATION, &m);
}
