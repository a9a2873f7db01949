/*
 * What gNBs report of a UE by the way.
 *
 *   gNB -> AMF  RRC INACTIVE TRANSITION REPORT      38.413 8.3.5: whether the UE is in RRC_INACTIVE
 *   gNB -> AMF  SECONDARY RAT DATA USAGE REPORT     8.15.1
 *               AMF -> SMF  Nsmf_PDUSession_UpdateSMContext, of each session (23.502 4.21)
 */
#include "core/amf/internal.h"

void amf_rrc_inactive_transition_report(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_rrc_inactive_transition_report *m = body;

	if (!m->no_user_location_information)
		amf_connection_take_location(amf, c, &m->user_location_information);
	if (!m->no_rrc_state)
		c->rrc_inactive = m->rrc_state == NGAP_RRC_STATE_INACTIVE;
}

void amf_secondary_rat_data_usage_report(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_secondary_rat_data_usage_report *m = body;
	const struct ngap_pdu_session_resource_secondary_rat_usage_list *list =
		&m->pdu_session_resource_secondary_rat_usage_list;

	if (m->user_location_information)
		amf_connection_take_location(amf, c, m->user_location_information);
	for (size_t i = 0; !m->no_pdu_session_resource_secondary_rat_usage_list && i < list->count; i++)
		amf_session_n2_info(amf, c, list->items[i].pdu_session_id, N2_SM_SECONDARY_RAT_USAGE,
			list->items[i].secondary_rat_data_usage_report_transfer);
}
