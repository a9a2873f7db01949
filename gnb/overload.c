/*
 * Overload of an AMF, 38.413 8.7.7 and 8.7.8: connections are rejected before anything is sent to it.
 *
 *   gNB                      AMF
 *    |<- OVERLOAD START -------|    which connections, and how many percent of them; replaces what was before
 *    |<- OVERLOAD STOP --------|    all again; so does NG Setup
 */
#include "gnb/internal.h"

enum { WAIT_MAX_S = 16 }; /* 38.331 RejectWaitTime */

/* Whether the action rejects connections of this cause, by 8.7.7.2. */
static bool is_subject(uint8_t action, enum ngap_rrc_establishment_cause cause)
{
	bool data = cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA ||
		    cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SMS ||
		    cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_VIDEO_CALL ||
		    cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_VOICE_CALL;
	bool high_priority = cause == NGAP_RRC_ESTABLISHMENT_CAUSE_HIGH_PRIORITY_ACCESS ||
			     cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MPS_PRIORITY_ACCESS ||
			     cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MCS_PRIORITY_ACCESS ||
			     cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_EXCEPTION_DATA;

	switch (action) {
	case NGAP_OVERLOAD_ACTION_REJECT_NON_EMERGENCY_MO_DT:
		return data;
	case NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING:
		return data || cause == NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING;
	case NGAP_OVERLOAD_ACTION_PERMIT_EMERGENCY_SESSIONS_AND_MOBILE_TERMINATED_SERVICES_ONLY:
		return cause != NGAP_RRC_ESTABLISHMENT_CAUSE_EMERGENCY &&
		       cause != NGAP_RRC_ESTABLISHMENT_CAUSE_MT_ACCESS;
	case NGAP_OVERLOAD_ACTION_PERMIT_HIGH_PRIORITY_SESSIONS_AND_MOBILE_TERMINATED_SERVICES_ONLY:
		return !high_priority && cause != NGAP_RRC_ESTABLISHMENT_CAUSE_MT_ACCESS;
	default:
		return false;
	}
}

bool gnb_overload_permits(struct gnb_amf *amf, enum ngap_rrc_establishment_cause cause)
{
	if (!amf->overloaded || !is_subject(amf->overload_action, cause))
		return true;
	/* Evenly: of 30 percent, three of ten in turn. */
	amf->overload_due = (uint8_t)(amf->overload_due + amf->overload_percent);
	if (amf->overload_due < 100)
		return true;
	amf->overload_due = (uint8_t)(amf->overload_due - 100);
	return false;
}

/* Not all at once. */
uint8_t gnb_overload_wait_s(struct gnb *gnb)
{
	return (uint8_t)(1 + env_random_u32(gnb->env) % WAIT_MAX_S);
}

/* Slices cannot be distinguished here: the radio does not tell what a UE asks for. */
void gnb_n2_overload_start(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_overload_start *m = pdu->u.overload_start;
	const struct ngap_overload_response *r = m->amf_overload_response;

	amf->overloaded = r && r->tag == NGAP_OVERLOAD_RESPONSE_TAG_OVERLOAD_ACTION;
	if (!amf->overloaded)
		return;
	amf->overload_action = (uint8_t)r->u.overload_action;
	amf->overload_percent =
		m->has_amf_traffic_load_reduction_indication ? m->amf_traffic_load_reduction_indication : 100;
	log_info(gnb->env->log, "AMF %s is overloaded: action %u, %u%%", amf->name, amf->overload_action,
		amf->overload_percent);
}

void gnb_n2_overload_stop(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	amf->overloaded = false;
	log_info(gnb->env->log, "AMF %s is not overloaded any more", amf->name);
}
