/*
 * Generic UE configuration update, 24.501 5.4.4.
 *
 *   UE                                      AMF
 *    |<- CONFIGURATION UPDATE COMMAND --------|    5.4.4.2: GUTI, allowed NSSAI
 *    |-- CONFIGURATION UPDATE COMPLETE ------>|    5.4.4.3, where it is asked for
 */
#include "ue/internal.h"

enum fsm_outcome ue_configuration_update(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_configuration_update_command *c = &m->msg->configuration_update_command;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE };
	uint8_t bits = c->has_configuration_update_indication ? c->configuration_update_indication : 0;
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	if (c->has_guti)
		ue_identity_take_guti(ue, &c->guti);
	if (c->has_allowed_nssai) {
		ue->allowed_count = 0;
		for (size_t i = 0; i < c->allowed_nssai.count && i < SNSSAI_MAX; i++)
			ue->allowed[ue->allowed_count++] = c->allowed_nssai.items[i].snssai;
	}
	if (bits & NAS_UPDATE_ACKNOWLEDGE)
		ue_nas_send(ue, &complete);
	/* 5.4.4.3: with "registration requested" a registration update follows, once idle. */
	if (bits & NAS_UPDATE_REGISTRATION) {
		ue_connection_leave(ue, true);
		ue_mm_event(ue, MM_EV_UPDATE, &type);
	}
	return FSM_OK;
}
