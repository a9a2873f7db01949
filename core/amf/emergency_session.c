/* The request of a UE for a session of emergency services, 24.501 5.4.5.2.3 and 6.4.1. */
#include "core/amf/emergency.h"

/* Another one of the UE that is its own. */
static bool has_another(const struct amf_ue *ue, uint8_t pdu_session_id)
{
	for (const struct amf_session *s = ue->sessions; s; s = s->next)
		if (s->emergency && s->pdu_session_id != pdu_session_id)
			return true;
	return false;
}

/* 23.501 5.16.4.1: one at a time; whatever slice and DNN the UE names (24.501 6.4.1.2: it names none). */
void amf_emergency_session(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	struct snssai slice = amf_emergency_slice(amf);
	bool refused = !amf_emergency_is_served(amf) || has_another(ue, m->pdu_session_id);

	if (!refused && amf_session_begin(amf, ue, m, &slice, amf->config.emergency_dnn))
		return;
	amf_ue_event_no_session(amf, ue, m->pdu_session_id, &slice, amf->config.emergency_dnn,
		refused ? EVENT_EMERGENCY : EVENT_EXHAUSTED, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	amf_session_not_forwarded(
		amf, ue, m->pdu_session_id, m->payload_container, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
}
