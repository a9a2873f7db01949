#include <stdio.h>

#include "core/amf/internal.h"

/* Of an identity in the null scheme, "suci-0-MCC-MNC-RI-0-0-MSIN", the SUPI that is claimed. */
static bool claimed_supi(const char *suci, struct supi *out)
{
	const char *at = suci;
	size_t lens[7], i = 0;
	const char *parts[7];
	char digits[16];

	for (; i < ARRAY_LEN(parts); i++) {
		parts[i] = at;
		lens[i] = strcspn(at, "-");
		if (!at[lens[i]])
			break;
		at += lens[i] + 1;
	}
	/* The MSIN begins behind six dashes. */
	if (i != ARRAY_LEN(parts) || lens[5] != 1 || parts[5][0] != '0')
		return false;
	snprintf(digits, sizeof(digits), "%.*s%.*s%.15s", (int)lens[2], parts[2], (int)lens[3], parts[3], at);
	return supi_parse(digits, out);
}

/* Who it is as far as anybody knows; security mode control follows the proof. */
static void name_ue(const struct amf_ue *ue, struct event *e)
{
	const struct amf_security_mode *proved = amf_security_mode_of(ue);
	const struct amf_registration *r = amf_registration_of(ue);

	if (ue->supi.imsi[0])
		e->supi = ue->supi;
	else if (proved)
		e->supi = proved->supi;
	else
		e->claimed = r && claimed_supi(r->supi_or_suci, &e->supi);
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
