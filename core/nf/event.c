#include "core/nf/event.h"

#include <stdio.h>

#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

static const struct record_field fields[] = {
	RECORD_U(1, event, number),
	RECORD_U(2, event, utc_ms),
	RECORD_S(3, event, supi.imsi),
	RECORD_U(4, event, claimed),
	RECORD_U(5, event, kind),
	RECORD_U(6, event, reason),
	RECORD_U(7, event, cause_of),
	RECORD_U(8, event, cause),
	RECORD_U(9, event, pdu_session_id),
	RECORD_U(10, event, snssai.sst),
	RECORD_U(11, event, snssai.sd),
	RECORD_S(12, event, dnn),
	RECORD_S(13, event, gnb),
	RECORD_U(40, event, nci),
	RECORD_U(41, event, tac),
};
const struct record_def event_def = { "event", fields, ARRAY_LEN(fields) };

static const char *const kinds[EVENT_KIND_COUNT] = {
	[EVENT_REGISTERED] = "registered",
	[EVENT_REGISTRATION_REJECTED] = "registration-rejected",
	[EVENT_AUTHENTICATION_FAILED] = "authentication-failed",
	[EVENT_NO_ANSWER] = "no-answer",
	[EVENT_DEREGISTERED] = "de-registered",
	[EVENT_SERVICE_ACCEPTED] = "service-accepted",
	[EVENT_SERVICE_REJECTED] = "service-rejected",
	[EVENT_CONNECTION_RELEASED] = "connection-released",
	[EVENT_SESSION_ESTABLISHED] = "session-established",
	[EVENT_SESSION_REJECTED] = "session-rejected",
	[EVENT_SESSION_RELEASED] = "session-released",
	[EVENT_TRACED] = "traced",
	[EVENT_HANDED_OVER] = "handed-over",
	[EVENT_HANDOVER_FAILED] = "handover-failed",
	[EVENT_LOCATED] = "located",
	[EVENT_LOCATION_FAILED] = "location-failed",
	[EVENT_RAN_TRACE_STARTED] = "ran-trace-started",
	[EVENT_RAN_TRACE_STOPPED] = "ran-trace-stopped",
	[EVENT_RAN_TRACE_FAILED] = "ran-trace-failed",
	[EVENT_CELL_TRACED] = "cell-traced",
	[EVENT_REAUTHENTICATED] = "re-authenticated",
	[EVENT_NOT_AUTHENTICATED] = "not-authenticated",
	[EVENT_QOS_ALLOCATED] = "qos-allocated",
	[EVENT_QOS_FAILED] = "qos-failed",
	[EVENT_QOS_NOT_MET] = "qos-not-met",
	[EVENT_QOS_MET] = "qos-met",
	[EVENT_QOS_ENDED] = "qos-ended",
	[EVENT_CHALLENGE_REFUSED] = "challenge-refused",
	[EVENT_INTEGRITY_FAILED] = "integrity-failed",
	[EVENT_FLOW_REFUSED] = "flow-refused",
	[EVENT_FLOW_PRE_EMPTED] = "flow-pre-empted",
	[EVENT_PARAMETERS_UPDATED] = "parameters-updated",
	[EVENT_PARAMETERS_NOT_UPDATED] = "parameters-not-updated",
	[EVENT_STEERED] = "steered",
	[EVENT_NOT_STEERED] = "not-steered",
};

static const char *const reasons[EVENT_REASON_COUNT] = {
	[EVENT_NO_REASON] = "",
	[EVENT_UNKNOWN_SUBSCRIBER] = "unknown-subscriber",
	[EVENT_OTHER_NETWORK] = "other-network",
	[EVENT_HOME_NETWORK_KEY] = "home-network-key",
	[EVENT_WRONG_KEY] = "wrong-key",
	[EVENT_SYNCHRONISATION] = "synchronisation",
	[EVENT_NO_ALGORITHM] = "no-algorithm",
	[EVENT_NO_SLICE] = "no-slice",
	[EVENT_TRACKING_AREA] = "tracking-area",
	[EVENT_OVERLOAD] = "overload",
	[EVENT_EXHAUSTED] = "exhausted",
	[EVENT_FAULT] = "fault",
	[EVENT_NOT_REGISTERED] = "not-registered",
	[EVENT_BY_UE] = "by-ue",
	[EVENT_BY_NETWORK] = "by-network",
	[EVENT_UNREACHABLE] = "unreachable",
	[EVENT_MOVED] = "moved",
	[EVENT_REPLACED] = "replaced",
	[EVENT_WITH_REGISTRATION] = "with-registration",
	[EVENT_SLICE_NOT_ALLOWED] = "slice-not-allowed",
	[EVENT_DNN_NOT_SUBSCRIBED] = "dnn-not-subscribed",
	[EVENT_DNN_NOT_SERVED] = "dnn-not-served",
	[EVENT_SESSION_TYPE] = "session-type",
	[EVENT_NO_UPF] = "no-upf",
	[EVENT_NO_ADDRESS] = "no-address",
	[EVENT_STATIC_ADDRESS] = "static-address",
	[EVENT_UPF_REFUSED] = "upf-refused",
	[EVENT_GNB_REFUSED] = "gnb-refused",
	[EVENT_UNDELIVERED] = "undelivered",
	[EVENT_IN_AREA] = "in-area",
	[EVENT_RESTRICTED] = "restricted",
	[EVENT_OUT_OF_AREA] = "out-of-area",
	[EVENT_OUT_OF_LADN] = "out-of-ladn",
	[EVENT_EMERGENCY] = "emergency",
	[EVENT_WITH_SESSION] = "with-session",
	[EVENT_NO_RESOURCES] = "no-resources",
};

/* A later version may have stored more than this one knows. */
const char *event_kind_name(uint8_t kind)
{
	return kind < EVENT_KIND_COUNT && kinds[kind] ? kinds[kind] : "unknown";
}

const char *event_reason_name(uint8_t reason)
{
	return reason < EVENT_REASON_COUNT ? reasons[reason] : "unknown";
}

uint16_t event_ngap_cause(const struct ngap_cause *c)
{
	if (c->tag < NGAP_CAUSE_TAG_RADIO_NETWORK || c->tag > NGAP_CAUSE_TAG_MISC)
		return 0;
	return (uint16_t)(c->tag << 8 | ((unsigned)c->u.misc & 0xff)); /* the enums lie in one place */
}

struct ngap_cause event_ngap_cause_of(uint16_t cause)
{
	struct ngap_cause c = { .tag = (enum ngap_cause_tag)(cause >> 8) };

	c.u.misc = (enum ngap_cause_misc)(cause & 0xff);
	return c;
}

static const char *known(const char *name)
{
	return name ? name : "unknown";
}

static void ngap_text(uint16_t cause, char text[EVENT_CAUSE_SIZE])
{
	struct ngap_cause c = event_ngap_cause_of(cause);
	char name[NGAP_CAUSE_TEXT_SIZE];

	snprintf(text, EVENT_CAUSE_SIZE, "NGAP %s", ngap_cause_text(&c, name));
}

const char *event_cause_text(const struct event *e, char text[EVENT_CAUSE_SIZE])
{
	text[0] = '\0';
	if (e->cause_of == EVENT_CAUSE_5GMM)
		snprintf(text, EVENT_CAUSE_SIZE, "5GMM %u: %s", e->cause,
			known(nas_5gmm_cause_name((uint8_t)e->cause)));
	else if (e->cause_of == EVENT_CAUSE_5GSM)
		snprintf(text, EVENT_CAUSE_SIZE, "5GSM %u: %s", e->cause,
			known(nas_5gsm_cause_name((uint8_t)e->cause)));
	else if (e->cause_of == EVENT_CAUSE_NGAP)
		ngap_text(e->cause, text);
	return text;
}
