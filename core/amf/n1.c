/* N1: NAS messages in, through security (24.501 4.4.4), and out. */
#include "core/amf/internal.h"

static bool n1_is_identified_by_guti(const struct nas_msg *m, struct nas_mobile_identity *identity)
{
	switch (m->type) {
	case NAS_REGISTRATION_REQUEST:
		*identity = m->registration_request.mobile_identity;
		return true;
	case NAS_SERVICE_REQUEST:
		*identity = m->service_request.s_tmsi;
		return true;
	case NAS_DEREGISTRATION_REQUEST_UE:
		*identity = m->deregistration_request_ue.mobile_identity;
		return true;
	default:
		return false;
	}
}

/*
 * An initial message whose MAC a known UE's context confirms: the connection goes over to that context,
 * and what was made for the unknown UE is given up. A connection it had before is released.
 */
static bool n1_find_context(struct amf *amf, struct amf_connection *c, const struct nas_security_header *h,
	struct bytes *plain, uint32_t *count)
{
	struct nas_mobile_identity identity;
	struct tlv_fault fault;
	struct nas_msg msg;
	struct amf_ue *known, *unknown = c->ue;

	if (!nas_decode(h->inner, &amf->arena, &msg, &fault) || !n1_is_identified_by_guti(&msg, &identity))
		return false;
	known = amf_ue_by_guti(amf, &identity);
	if (!known || !nas_unprotect(&known->security, NAS_UPLINK, h, &amf->arena, plain, count))
		return false;
	if (known->connection) {
		amf_connection_release(amf, known->connection,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
		/* A de-registration under way ends with its connection, and the context with it. */
		if (amf_ue_by_guti(amf, &identity) != known)
			return false;
	}
	unknown->connection = NULL;
	amf_ue_free(amf, unknown);
	timer_stop(&amf->nf.timers, &known->timer);
	amf_connection_attach(amf, c, known);
	return true;
}

/* Fills in nas->plain; false: the message is not to be processed at all. */
static bool n1_unwrap(
	struct amf *amf, struct amf_connection *c, struct bytes pdu, bool initial, struct amf_nas *nas)
{
	struct nas_security_header h;
	struct tlv_fault fault;
	struct nas_security *pending = c->ue->procedure ? &c->ue->procedure->pending : NULL;

	if (!nas_security_header_decode(pdu, &h, &fault)) {
		amf->stat[AMF_STAT_NAS_REFUSED]++;
		return false;
	}
	nas->plain = h.inner;
	if (h.type == NAS_PLAIN)
		return true;
	if (pending && pending->active && h.type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT)
		nas->is_protected =
			nas_unprotect(pending, NAS_UPLINK, &h, &amf->arena, &nas->plain, &nas->count);
	else if (c->ue->security.active)
		nas->is_protected = nas_unprotect(
			&c->ue->security, NAS_UPLINK, &h, &amf->arena, &nas->plain, &nas->count);
	else if (initial && h.type == NAS_INTEGRITY)
		nas->is_protected = n1_find_context(amf, c, &h, &nas->plain, &nas->count);
	if (nas->is_protected)
		return true;
	amf->stat[AMF_STAT_NAS_INTEGRITY]++;
	return h.type == NAS_INTEGRITY ||
	       h.type == NAS_INTEGRITY_NEW_CONTEXT; /* readable; may be allowed as it is */
}

/* 24.501 4.4.4.3: what is processed although its integrity is not assured. */
static bool n1_allowed_unprotected(const struct amf_connection *c, enum nas_msg_type type)
{
	if (c->secured)
		return false;
	switch (type) {
	case NAS_REGISTRATION_REQUEST:
	case NAS_IDENTITY_RESPONSE:
	case NAS_AUTHENTICATION_RESPONSE:
	case NAS_AUTHENTICATION_FAILURE:
	case NAS_SECURITY_MODE_REJECT:
	case NAS_DEREGISTRATION_REQUEST_UE:
	case NAS_DEREGISTRATION_ACCEPT_NETWORK:
	case NAS_SERVICE_REQUEST:
	case NAS_CONTROL_PLANE_SERVICE_REQUEST:
		return true;
	default:
		return false;
	}
}

static const struct n1_event {
	enum nas_msg_type type;
	enum amf_mm_event event;
} n1_events[] = {
	{ NAS_REGISTRATION_REQUEST, MM_EV_REGISTRATION_REQUEST },
	{ NAS_REGISTRATION_COMPLETE, MM_EV_REGISTRATION_COMPLETE },
	{ NAS_IDENTITY_RESPONSE, MM_EV_IDENTITY_RESPONSE },
	{ NAS_AUTHENTICATION_RESPONSE, MM_EV_AUTHENTICATION_RESPONSE },
	{ NAS_AUTHENTICATION_FAILURE, MM_EV_AUTHENTICATION_FAILURE },
	{ NAS_SECURITY_MODE_COMPLETE, MM_EV_SECURITY_MODE_COMPLETE },
	{ NAS_SECURITY_MODE_REJECT, MM_EV_SECURITY_MODE_REJECT },
	{ NAS_DEREGISTRATION_REQUEST_UE, MM_EV_DEREGISTRATION_REQUEST },
	{ NAS_DEREGISTRATION_ACCEPT_NETWORK, MM_EV_DEREGISTRATION_ACCEPT },
	{ NAS_SERVICE_REQUEST, MM_EV_SERVICE_REQUEST },
};

static void n1_unexpected(struct amf *amf, struct amf_ue *ue, enum nas_msg_type type)
{
	const char *name = nas_msg_name(type);

	amf->stat[AMF_STAT_NAS_UNEXPECTED]++;
	log_info(amf->nf.env->log, "imsi-%s: %s is not expected in %s", ue->supi.imsi,
		name ? name : "message", amf_mm_state_name(ue->state));
	amf_n1_status(amf, ue, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE);
}

static void n1_dispatch(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas)
{
	enum nas_msg_type type = nas->msg->type;

	/* The UE goes on: its REGISTRATION COMPLETE got lost. */
	if (type == NAS_UL_NAS_TRANSPORT && ue->state == MM_ACCEPTED && nas->is_protected)
		amf_mm_event(amf, ue, MM_EV_REGISTRATION_COMPLETE, nas);
	for (size_t i = 0; i < ARRAY_LEN(n1_events); i++) {
		if (n1_events[i].type != type)
			continue;
		if (amf_mm_event(amf, ue, n1_events[i].event, nas) == FSM_UNLISTED)
			n1_unexpected(amf, ue, type);
		return;
	}
	if (type == NAS_UL_NAS_TRANSPORT && ue->state == MM_REGISTERED)
		amf_session_ul_nas_transport(amf, ue, &nas->msg->ul_nas_transport);
	else if (type == NAS_GMM_STATUS) /* 24.501 5.4.6: no state transition, no answer */
		log_info(amf->nf.env->log, "imsi-%s: 5GMM status, cause %u", ue->supi.imsi,
			nas->msg->gmm_status.cause);
	else
		n1_unexpected(amf, ue, type);
}

/* A message that does not decode, 24.501 7. */
static void n1_malformed(
	struct amf *amf, struct amf_ue *ue, enum nas_msg_type type, const struct tlv_fault *fault)
{
	amf->stat[AMF_STAT_NAS_REFUSED]++;
	log_info(amf->nf.env->log, "imsi-%s: NAS message 0x%02x refused: cause %u at %s", ue->supi.imsi, type,
		fault->cause, fault->ie_name ? fault->ie_name : "-");
	if (!fault->answer)
		return;
	if (type == NAS_REGISTRATION_REQUEST && ue->state == MM_DEREGISTERED)
		amf_registration_reject(amf, ue, fault->cause);
	else
		amf_n1_status(amf, ue, fault->cause);
}

/* Uplink counts are stored now and then, so that a restarted AMF takes up near where it was. */
static void n1_note_count(struct amf *amf, struct amf_ue *ue)
{
	if (ue->security.count[NAS_UPLINK] >= ue->ul_count_stored + AMF_COUNT_BLOCK)
		amf_ue_dirty(amf, ue);
}

void amf_n1_receive(struct amf *amf, struct amf_connection *c, struct bytes pdu, bool initial)
{
	struct amf_nas nas = { .connection = c };
	struct tlv_fault fault = { 0 };
	struct nas_msg msg = { 0 };
	bool decoded;

	amf->stat[AMF_STAT_NAS_RECEIVED]++;
	if (!n1_unwrap(amf, c, pdu, initial, &nas))
		return;
	if (amf->nas_tap)
		amf->nas_tap(amf->nas_tap_arg, true, nas.plain);
	decoded = nas_decode(nas.plain, &amf->arena, &msg, &fault);
	if (!nas.is_protected && !n1_allowed_unprotected(c, msg.type)) {
		amf->stat[AMF_STAT_NAS_INTEGRITY]++;
		return;
	}
	if (nas.is_protected) {
		c->secured = true;
		n1_note_count(amf, c->ue);
	}
	nas.msg = &msg;
	if (decoded && !nas_is_5gsm(msg.type))
		n1_dispatch(amf, c->ue, &nas);
	else if (decoded)
		n1_unexpected(amf, c->ue, msg.type);
	else
		n1_malformed(amf, c->ue, msg.type, &fault);
}

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
	struct nas_security *s = pending ? &ue->procedure->pending : &ue->security;

	if (amf->nas_tap)
		amf->nas_tap(amf->nas_tap_arg, false, plain);
	if (type == NAS_PLAIN)
		writer_put(&w, plain);
	else if (!nas_protect(s, NAS_DOWNLINK, type, plain, &w))
		return BYTES_NONE;
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

static bool n1_transport(struct amf *amf, struct amf_ue *ue, struct bytes pdu)
{
	struct amf_connection *c = ue->connection;
	struct ngap_downlink_nas_transport m = { .nas_pdu = pdu };

	if (!c || pdu.len == 0)
		return false;
	m.amf_ue_ngap_id = c->amf_ue_ngap_id;
	m.ran_ue_ngap_id = c->ran_ue_ngap_id;
	return amf_n2_send_ue(amf, c, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &m);
}

bool amf_n1_send(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg)
{
	return n1_transport(amf, ue, amf_n1_protected(amf, ue, type, msg));
}

bool amf_n1_keep(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg)
{
	struct amf_procedure *p = ue->procedure;
	struct writer w = writer_of(p->resend, sizeof(p->resend));

	if (!nas_encode(msg, &w))
		return false;
	p->resend_len = (uint16_t)w.len;
	p->resend_type = (uint8_t)type;
	p->retries = 0;
	return true;
}

bool amf_n1_send_and_wait(struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type,
	const struct nas_msg *msg, uint32_t timer_ms)
{
	if (!amf_n1_keep(amf, ue, type, msg) || !amf_n1_send(amf, ue, type, msg))
		return false;
	amf_n1_wait(amf, ue, timer_ms);
	return true;
}

void amf_n1_wait(struct amf *amf, struct amf_ue *ue, uint32_t timer_ms)
{
	timer_set(&amf->nf.timers, &ue->timer, env_now_ns(amf->nf.env) + (uint64_t)timer_ms * NS_PER_MS,
		amf_ue_timer);
}

bool amf_n1_repeat(struct amf *amf, struct amf_ue *ue, uint32_t timer_ms)
{
	struct amf_procedure *p = ue->procedure;

	if (p->retries++ == AMF_RETRIES_MAX)
		return false;
	n1_transport(amf, ue, n1_wrap(amf, ue, p->resend_type, bytes_of(p->resend, p->resend_len)));
	amf_n1_wait(amf, ue, timer_ms);
	return true;
}

/* T3560 and T3570: repeats, and at the fifth expiry releases the connection (24.501 5.4.1.3.7 b, 5.4.3.5 b).
 */
enum fsm_outcome amf_procedure_timer(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	char name[48];

	if (amf_n1_repeat(amf, ue, amf->config.t3560_ms))
		return FSM_OK;
	log_info(amf->nf.env->log, "%s: no answer in %s; released", amf_ue_str(amf, ue, name),
		amf_mm_state_name(ue->state));
	amf_connection_release(amf, ue->connection, ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	return FSM_GONE;
}

void amf_n1_status(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GMM_STATUS, .gmm_status.cause = cause };

	if (ue->connection && ue->connection->secured)
		amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &m);
	else if (ue->connection)
		amf_n1_send(amf, ue, NAS_PLAIN, &m);
}
