/* NAS messages in, through security (24.501 4.4.4.2), to the state machines. */
#include "ue/internal.h"

/* 4.4.4.2: what is processed although its integrity is not assured. */
static bool nas_allowed_unprotected(const struct ue *ue, const struct nas_msg *m)
{
	if (ue->secured)
		return false;
	switch (m->type) {
	case NAS_IDENTITY_REQUEST:
		return (m->identity_request.identity_type & 7) == NAS_IDENTITY_SUCI;
	case NAS_AUTHENTICATION_REQUEST:
	case NAS_AUTHENTICATION_RESULT:
	case NAS_AUTHENTICATION_REJECT:
	case NAS_DEREGISTRATION_ACCEPT_UE:
		return true;
	case NAS_REGISTRATION_REJECT:
		return m->registration_reject.cause !=
		       NAS_5GMM_NOT_AUTHORIZED_FOR_THIS_CAG_OR_AUTHORIZED_FOR_CAG_CELLS_ONLY;
	case NAS_SERVICE_REJECT:
		return m->service_reject.cause !=
		       NAS_5GMM_NOT_AUTHORIZED_FOR_THIS_CAG_OR_AUTHORIZED_FOR_CAG_CELLS_ONLY;
	default:
		return false;
	}
}

static const struct nas_event {
	enum nas_msg_type type;
	enum mm_event event;
} nas_events[] = {
	{ NAS_REGISTRATION_ACCEPT, MM_EV_ACCEPT },
	{ NAS_REGISTRATION_REJECT, MM_EV_REJECT },
	{ NAS_SERVICE_ACCEPT, MM_EV_SERVICE_ACCEPT },
	{ NAS_SERVICE_REJECT, MM_EV_SERVICE_REJECT },
	{ NAS_IDENTITY_REQUEST, MM_EV_IDENTITY_REQUEST },
	{ NAS_AUTHENTICATION_REQUEST, MM_EV_AUTHENTICATION_REQUEST },
	{ NAS_AUTHENTICATION_RESULT, MM_EV_AUTHENTICATION_RESULT },
	{ NAS_AUTHENTICATION_REJECT, MM_EV_AUTHENTICATION_REJECT },
	{ NAS_SECURITY_MODE_COMMAND, MM_EV_SECURITY_MODE_COMMAND },
	{ NAS_CONFIGURATION_UPDATE_COMMAND, MM_EV_CONFIGURATION_UPDATE },
	{ NAS_DEREGISTRATION_REQUEST_NETWORK, MM_EV_DEREGISTRATION_REQUEST },
	{ NAS_DEREGISTRATION_ACCEPT_UE, MM_EV_DEREGISTRATION_ACCEPT },
};

static void nas_unexpected(struct ue *ue, enum nas_msg_type type, uint8_t cause)
{
	const char *name = nas_msg_name(type);

	ue->host->stat[UE_STAT_NAS_UNEXPECTED]++;
	log_info(ue->host->env->log, "imsi-%s: %s is not expected in %s", ue->usim.supi.imsi,
		name ? name : "message", ue_mm_state_name(ue));
	ue_nas_status(ue, cause);
}

static void nas_dispatch(struct ue *ue, const struct mm_message *m)
{
	enum nas_msg_type type = m->msg->type;

	for (size_t i = 0; i < ARRAY_LEN(nas_events); i++) {
		if (nas_events[i].type != type)
			continue;
		if (ue_mm_event(ue, nas_events[i].event, m) == FSM_UNLISTED)
			nas_unexpected(ue, type, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE);
		return;
	}
	if (type == NAS_DL_NAS_TRANSPORT &&
		m->msg->dl_nas_transport.payload_container_type == NAS_PAYLOAD_UE_PARAMETERS)
		ue_parameters_update(ue, m->msg->dl_nas_transport.payload_container);
	else if (type == NAS_DL_NAS_TRANSPORT &&
		 m->msg->dl_nas_transport.payload_container_type == NAS_PAYLOAD_SOR)
		ue_steering_receive(ue, m->msg->dl_nas_transport.payload_container);
	else if (type == NAS_DL_NAS_TRANSPORT)
		ue_session_receive(ue, &m->msg->dl_nas_transport);
	else if (type == NAS_GMM_STATUS) /* 5.4.6.3: no answer */
		log_info(ue->host->env->log, "imsi-%s: 5GMM status, cause %u", ue->usim.supi.imsi,
			m->msg->gmm_status.cause);
	else
		nas_unexpected(ue, type, NAS_CAUSE_MESSAGE_UNKNOWN);
}

/* Fills in *plain; false: the message is not to be processed at all. */
static bool nas_unwrap(struct ue *ue, struct bytes pdu, struct bytes *plain, bool *is_protected)
{
	struct ue_host *host = ue->host;
	struct nas_security_header h;
	struct tlv_fault fault;
	uint32_t count;

	if (!nas_security_header_decode(pdu, &h, &fault)) {
		host->stat[UE_STAT_NAS_REFUSED]++;
		return false;
	}
	*plain = h.inner;
	if (h.type == NAS_PLAIN)
		return true;
	if (h.type == NAS_INTEGRITY_NEW_CONTEXT)
		*is_protected = ue_security_mode_unprotect(ue, &h, plain);
	else if (h.type == NAS_INTEGRITY || h.type == NAS_INTEGRITY_CIPHERED)
		*is_protected = nas_unprotect(&ue->security, NAS_DOWNLINK, &h, &host->arena, plain, &count);
	if (*is_protected)
		return true;
	host->stat[UE_STAT_NAS_INTEGRITY]++;
	return h.type == NAS_INTEGRITY;
}

void ue_nas_receive(struct ue *ue, struct bytes pdu)
{
	struct ue_host *host = ue->host;
	struct nas_msg msg = { 0 };
	struct mm_message m = { .msg = &msg };
	struct tlv_fault fault = { 0 };
	struct bytes plain;
	bool decoded;

	host->stat[UE_STAT_NAS_RECEIVED]++;
	if (!nas_unwrap(ue, pdu, &plain, &m.is_protected))
		return;
	if (host->tap)
		host->tap(host->tap_arg, ue, false, plain);
	decoded = nas_decode(plain, &host->arena, &msg, &fault);
	if (!m.is_protected && !(decoded && nas_allowed_unprotected(ue, &msg))) {
		host->stat[UE_STAT_NAS_INTEGRITY]++;
		return;
	}
	if (m.is_protected)
		ue->secured = true;
	if (decoded) {
		nas_dispatch(ue, &m);
		return;
	}
	host->stat[UE_STAT_NAS_REFUSED]++;
	log_info(host->env->log, "imsi-%s: NAS message 0x%02x refused: cause %u at %s", ue->usim.supi.imsi,
		msg.type, fault.cause, fault.ie_name ? fault.ie_name : "-");
	if (fault.answer)
		ue_nas_status(ue, fault.cause);
}
