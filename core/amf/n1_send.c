/* NAS messages out, through security (24.501 4.4.4), and their repetition. */
#include "core/amf/handover.h"
#include "core/amf/mobility.h"

#include <stdlib.h>

/* Downlink counts are reserved in the store in blocks before use: reuse would repeat key stream. */
static void n1_reserve_count(struct amf *amf, struct amf_ue *ue)
{
	if (ue->security.count[NAS_DOWNLINK] < ue->dl_count_reserved)
		return; /* kept, or in this turn's store; a reservation that was lost: amf_n2_send_ue() */
	ue->dl_count_reserved = ue->security.count[NAS_DOWNLINK] + AMF_COUNT_BLOCK;
	amf_ue_dirty(amf, ue);
}

static struct bytes n1_wrap(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, struct bytes plain)
{
	struct writer w = writer_of(amf->nas_buffer, sizeof(amf->nas_buffer));
	bool pending = type == NAS_INTEGRITY_NEW_CONTEXT || type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT;
	struct nas_security *s = pending ? &amf_security_mode_of(ue)->pending : &ue->security;

	if (type == NAS_PLAIN)
		writer_put(&w, plain);
	else if (!nas_protect(s, NAS_DOWNLINK, type, plain, &w))
		return BYTES_NONE;
	amf_seen_n1(amf, false, amf_ue_whose(ue), writer_bytes(&w), plain);
	if (type != NAS_PLAIN && !pending)
		n1_reserve_count(amf, ue);
	return writer_bytes(&w);
}

/* The encoded message in the arena; empty when it does not encode, which is our bug. */
static struct bytes n1_encode(struct amf *amf, const struct nas_msg *msg)
{
	struct writer w = writer_of(amf->nas_buffer, sizeof(amf->nas_buffer));

	if (nas_encode(msg, &w))
		return arena_bytes(&amf->arena, writer_bytes(&w));
	log_error(amf->nf.env->log, "NAS message 0x%02x cannot be encoded; please report this", msg->type);
	return BYTES_NONE;
}

struct bytes amf_n1_protected(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg)
{
	struct bytes plain = n1_encode(amf, msg);

	return plain.len ? n1_wrap(amf, ue, type, plain) : BYTES_NONE;
}

bool amf_n1_transport(struct amf *amf, struct amf_ue *ue, struct bytes pdu)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	struct ngap_downlink_nas_transport m = { .nas_pdu = pdu };
	struct ngap_allowed_nssai slices;

	if (!c || pdu.len == 0)
		return false;
	m.amf_ue_ngap_id = c->amf_ue_ngap_id;
	m.ran_ue_ngap_id = c->ran_ue_ngap_id;
	if (amf_mobility_of(ue)->areas_changed && c->context_setup)
		m.mobility_restriction_list = amf_ie_mobility_restrictions(amf, ue);
	if (c->context_setup && amf_nssai_left(amf, ue).count < ue->allowed_nssai.count &&
		amf_ie_allowed_nssai(amf, ue, &slices))
		m.allowed_nssai = &slices;
	return amf_n2_send_ue(amf, c, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &m);
}

bool amf_n1_send(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg)
{
	return amf_n1_transport(amf, ue, amf_n1_protected(amf, ue, type, msg));
}

bool amf_n1_keep(struct amf *amf, struct amf_procedure *p, enum nas_security_header_type type,
	const struct nas_msg *msg, uint32_t timer_ms)
{
	struct bytes plain = n1_encode(amf, msg);
	uint8_t *copy = plain.len ? malloc(plain.len) : NULL;

	if (!copy)
		return false;
	amf_procedure_wait(amf, p, timer_ms);
	bytes_copy(copy, plain.len, plain);
	free(p->resend);
	p->resend = copy;
	p->resend_len = plain.len;
	p->resend_type = (uint8_t)type;
	p->retries = 0;
	return true;
}

bool amf_n1_send_and_wait(struct amf *amf, struct amf_procedure *p, enum nas_security_header_type type,
	const struct nas_msg *msg, uint32_t timer_ms)
{
	if (!amf_n1_keep(amf, p, type, msg, timer_ms))
		return false;
	amf_n1_send(amf, p->ue, type, msg);
	return true;
}

bool amf_n1_repeat(struct amf *amf, struct amf_procedure *p, uint32_t timer_ms)
{
	if (p->retries == AMF_RETRIES_MAX)
		return false;
	amf_procedure_wait(amf, p, timer_ms);
	p->retries++;
	amf_n1_transport(amf, p->ue, n1_wrap(amf, p->ue, p->resend_type, bytes_of(p->resend, p->resend_len)));
	return true;
}

/* 24.501 5.4.1.3.7 b, 5.4.2.7 b, 5.4.3.6 b. T3570 has the length of T3560 (table 10.2.2). */
void amf_n1_common_expired(struct amf *amf, struct amf_procedure *p)
{
	struct amf_ue *ue = p->ue;
	char name[48];

	if (amf_procedure_waits(p)) { /* 33.501 6.9.5.1: nor is it repeated while the gNB's key changes */
		amf_procedure_wait(amf, p, amf->config.t3560_ms);
		return;
	}
	if (amf_n1_repeat(amf, p, amf->config.t3560_ms))
		return;
	log_info(amf->nf.env->log, "%s: no answer in %s; released", amf_ue_str(amf, ue, name),
		amf_mm_state_name(amf, ue->state));
	amf_ue_event(amf, ue, EVENT_NO_ANSWER, EVENT_NO_REASON, 0);
	amf_connection_release(
		amf, amf_connection_for(ue, AMF_FOR_NAS), ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
}

void amf_n1_status(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	const struct amf_connection *c = amf_connection_for(ue, AMF_FOR_NAS);
	struct nas_msg m = { .type = NAS_GMM_STATUS, .gmm_status.cause = cause };

	if (c)
		amf_n1_send(amf, ue, c->secured ? NAS_INTEGRITY_CIPHERED : NAS_PLAIN, &m);
}
