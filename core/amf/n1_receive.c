/* NAS messages in, through security (24.501 4.4.4), to the 5GMM state machine or the sessions. */
#include "core/amf/security_context.h"

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

/* The connection is the known UE's: what was made for an unknown one goes. */
static void n1_is_of(struct amf *amf, struct amf_connection *c, struct amf_ue *known)
{
	amf_ue_free(amf, c->ue);
	amf_connection_attach(amf, c, known);
}

/* A UE that had left comes back with the context it left with. */
static bool n1_take_up_context(struct amf *amf, struct amf_connection *c,
	const struct nas_mobile_identity *identity, const struct nas_security_header *h, struct bytes *plain,
	uint32_t *count)
{
	struct amf_ue *ue = amf_security_context_find(amf, identity);

	if (!ue)
		return false;
	if (!nas_unprotect(&ue->security, NAS_UPLINK, h, &amf->arena, plain, count)) {
		amf_security_context_leave(amf, ue);
		return false;
	}
	amf_security_context_take_up(amf, ue);
	n1_is_of(amf, c, ue);
	return true;
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
	struct amf_ue *known;

	if (!nas_decode(h->inner, &amf->arena, &msg, &fault) || !n1_is_identified_by_guti(&msg, &identity))
		return false;
	known = amf_ue_by_guti(amf, &identity);
	if (!known)
		return n1_take_up_context(amf, c, &identity, h, plain, count);
	if (!nas_unprotect(&known->security, NAS_UPLINK, h, &amf->arena, plain, count))
		return false;
	if (known->serving) {
		amf_connection_release(amf, known->serving,
			ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
		/* A de-registration under way ends with its connection, and the context with it. */
		if (amf_ue_by_guti(amf, &identity) != known)
			return false;
	}
	n1_is_of(amf, c, known);
	return true;
}

/* Its operator hears of it once a connection: nobody fills the events with it. */
static void n1_integrity_failed(struct amf *amf, struct amf_connection *c)
{
	amf->stat[AMF_STAT_NAS_INTEGRITY]++;
	if (c->spoilt || !c->ue->supi.imsi[0])
		return;
	c->spoilt = true;
	amf_ue_event(amf, c->ue, EVENT_INTEGRITY_FAILED, EVENT_NO_REASON, 0);
}

/* Fills in nas->plain; false: the message is not to be processed at all. */
static bool n1_unwrap(
	struct amf *amf, struct amf_connection *c, struct bytes pdu, bool initial, struct amf_nas *nas)
{
	struct nas_security_header h;
	struct tlv_fault fault;
	struct amf_security_mode *mode = amf_security_mode_of(c->ue);

	if (!nas_security_header_decode(pdu, &h, &fault)) {
		amf->stat[AMF_STAT_NAS_REFUSED]++;
		return false;
	}
	nas->plain = h.inner;
	if (h.type == NAS_PLAIN)
		return true;
	if (mode && h.type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT)
		nas->is_protected =
			nas_unprotect(&mode->pending, NAS_UPLINK, &h, &amf->arena, &nas->plain, &nas->count);
	else if (c->ue->security.active)
		nas->is_protected = nas_unprotect(
			&c->ue->security, NAS_UPLINK, &h, &amf->arena, &nas->plain, &nas->count);
	else if (initial && h.type == NAS_INTEGRITY)
		nas->is_protected = n1_find_context(amf, c, &h, &nas->plain, &nas->count);
	if (nas->is_protected)
		return true;
	n1_integrity_failed(amf, c);
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
	{ NAS_CONFIGURATION_UPDATE_COMPLETE, MM_EV_CONFIGURATION_UPDATE_COMPLETE },
};

static void n1_unexpected(struct amf *amf, struct amf_ue *ue, enum nas_msg_type type)
{
	const char *name = nas_msg_name(type);
	char who[48];

	amf->stat[AMF_STAT_NAS_UNEXPECTED]++;
	log_info(amf->nf.env->log, "%s: %s is not expected in %s", amf_ue_str(amf, ue, who),
		name ? name : "message", amf_mm_state_name(amf, ue->state));
	amf_n1_status(amf, ue, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE);
}

static void n1_dispatch(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas)
{
	enum nas_msg_type type = nas->msg->type;
	char who[48];

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
		log_info(amf->nf.env->log, "%s: 5GMM status, cause %u", amf_ue_str(amf, ue, who),
			nas->msg->gmm_status.cause);
	else
		n1_unexpected(amf, ue, type);
}

/* A message that does not decode, 24.501 7. */
static void n1_malformed(
	struct amf *amf, struct amf_ue *ue, enum nas_msg_type type, const struct tlv_fault *fault)
{
	char who[48];

	amf->stat[AMF_STAT_NAS_REFUSED]++;
	log_info(amf->nf.env->log, "%s: NAS message 0x%02x refused: cause %u at %s", amf_ue_str(amf, ue, who),
		type, fault->cause, fault->ie_name ? fault->ie_name : "-");
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
	if (nas_security_wears_out(&ue->security)) /* 24.501 4.4.3.5 */
		amf_reauthentication_due(amf, ue);
}

/*
 * A REGISTRATION REQUEST in the clear on a secured connection is not processed (24.501 4.4.4.3), but the UE
 * may have lost its context: it loses the connection as well, and begins over on another one, where it is
 * identified. Its context here ends when the other one has authenticated (5.5.1.2.8).
 */
static void n1_begins_over(struct amf *amf, struct amf_connection *c)
{
	amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
}

void amf_n1_receive(struct amf *amf, struct amf_connection *c, struct bytes pdu, bool initial)
{
	struct amf_nas nas = { .connection = c, .initial = initial };
	struct tlv_fault fault = { 0 };
	struct nas_msg msg = { 0 };
	bool decoded;

	amf->stat[AMF_STAT_NAS_RECEIVED]++;
	if (!n1_unwrap(amf, c, pdu, initial, &nas))
		return;
	amf_seen_n1(amf, true, c->whose, pdu, nas.plain);
	decoded = nas_decode(nas.plain, &amf->arena, &msg, &fault);
	if (!nas.is_protected && !n1_allowed_unprotected(c, msg.type)) {
		n1_integrity_failed(amf, c);
		if (decoded && msg.type == NAS_REGISTRATION_REQUEST)
			n1_begins_over(amf, c);
		return;
	}
	if (nas.is_protected) {
		c->secured = true;
		amf_connection_proved(amf, c);
		n1_note_count(amf, c->ue);
		if (initial) /* 33.501 6.8.1.2.2: or SECURITY MODE COMPLETE later */
			c->ue->kgnb_ul_count = nas.count;
	}
	nas.msg = &msg;
	if (decoded && !nas_is_5gsm(msg.type))
		n1_dispatch(amf, c->ue, &nas);
	else if (decoded)
		n1_unexpected(amf, c->ue, msg.type);
	else
		n1_malformed(amf, c->ue, msg.type, &fault);
}
