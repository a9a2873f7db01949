/*
 * Emergency sessions, 23.501 5.16.4: without subscription and without an entry at the UDM, in the data
 * network of the configuration, by the QoS that it has there. The PCF is asked as of any session.
 */
#include "core/smf/internal.h"

/* An AMBR is only what the UE-AMBR of the AMF leaves. */
enum { EMERGENCY_AMBR_BPS = 10000000 };

enum fsm_outcome smf_establish_emergency(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct default_qos qos = { .five_qi = s->dnn->emergency_five_qi,
		.arp = { s->dnn->emergency_arp, true, false } }; /* 5.16.4.6: it may pre-empt, and is not */

	/* It was selected from before (session_establishment.c), so this cannot fail. */
	if (!smf_type_select(s->type_asked, smf_types_served(s->dnn), 0, &s->type, &s->n1_cause))
		return FSM_REFUSED;
	s->ambr = (struct ambr){ EMERGENCY_AMBR_BPS, EMERGENCY_AMBR_BPS };
	smf_flows_begin(&s->flows, &qos);
	return smf_establish_authorize(smf, s);
}
