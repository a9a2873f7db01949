#include "core/amf/internal.h"

/* Who it is as far as anybody knows; security mode control follows the proof. */
static void name_ue(const struct amf_ue *ue, struct event *e)
{
	const struct amf_security_mode *proved = amf_security_mode_of(ue);
	const struct amf_registration *r = amf_registration_of(ue);

	if (ue->supi.imsi[0])
		e->supi = ue->supi;
	else if (proved && proved->supi.imsi[0])
		e->supi = proved->supi;
	else
		e->given = r ? r->supi_or_suci : "";
}

static void raise(struct amf *amf, const struct amf_ue *ue, struct event *e)
{
	name_ue(ue, e);
	if (ue->serving && e->supi.imsi[0])
		amf_whose_known(amf, ue->serving, &e->supi);
	if (ue->serving)
		str_copy(e->gnb, sizeof(e->gnb), ue->serving->gnb->name);
	nf_event(&amf->nf, e);
}

void amf_ue_event(struct amf *amf, const struct amf_ue *ue, enum event_kind kind, enum event_reason reason,
	uint8_t cause)
{
	struct event e = { .kind = (uint8_t)kind,
		.reason = (uint8_t)reason,
		.cause_of = cause ? EVENT_CAUSE_5GMM : EVENT_CAUSE_NONE,
		.cause = cause };

	raise(amf, ue, &e);
}

void amf_ue_event_released(struct amf *amf, const struct amf_ue *ue, const struct ngap_cause *cause)
{
	struct event e = { .kind = EVENT_CONNECTION_RELEASED,
		.cause_of = EVENT_CAUSE_NGAP,
		.cause = event_ngap_cause(cause) };

	raise(amf, ue, &e);
}

void amf_ue_event_handover(struct amf *amf, const struct amf_ue *ue, const struct ngap_cause *failed)
{
	struct event e = { .kind = failed ? EVENT_HANDOVER_FAILED : EVENT_HANDED_OVER,
		.cause_of = failed ? EVENT_CAUSE_NGAP : EVENT_CAUSE_NONE,
		.cause = failed ? event_ngap_cause(failed) : 0 };

	raise(amf, ue, &e);
}

void amf_ue_event_located(struct amf *amf, const struct amf_ue *ue, enum event_reason reason)
{
	struct event e = {
		.kind = EVENT_LOCATED, .reason = (uint8_t)reason, .nci = ue->ran.nci, .tac = ue->tai.tac
	};

	raise(amf, ue, &e);
}

void amf_ue_event_order_failed(
	struct amf *amf, const struct amf_ue *ue, enum event_kind kind, const struct ngap_cause *cause)
{
	struct event e = { .kind = (uint8_t)kind,
		.cause_of = cause ? EVENT_CAUSE_NGAP : EVENT_CAUSE_NONE,
		.cause = cause ? event_ngap_cause(cause) : 0 };

	raise(amf, ue, &e);
}

void amf_ue_event_no_session(struct amf *amf, const struct amf_ue *ue, uint8_t pdu_session_id,
	const struct snssai *snssai, const char *dnn, enum event_reason reason, uint8_t cause)
{
	struct event e = { .kind = EVENT_SESSION_REJECTED,
		.reason = (uint8_t)reason,
		.cause_of = EVENT_CAUSE_5GMM,
		.cause = cause,
		.pdu_session_id = pdu_session_id,
		.snssai = *snssai };

	str_copy(e.dnn, sizeof(e.dnn), dnn);
	raise(amf, ue, &e);
}
