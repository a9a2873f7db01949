/*
 * UE Context Modification Required (38.473 8.3.5): a DU wants its UE to be configured otherwise. Its
 * CellGroupConfig goes to the UE in a reconfiguration of its own.
 *
 *   UE                     DU                             CU-CP
 *    |                      |-- MODIFICATION REQUIRED ---->|  REFUSE: not now, or not such
 *    |<-- Reconfiguration --|<- DL RRC --------------------|
 *    |-- Complete --------->|-- UL RRC ------------------->|
 *    |                      |<- MODIFICATION CONFIRM ------|
 */
#include "gnb/cucp/internal.h"

static void refuse(struct cucp_ue *ue, enum f1ap_cause_radio_network cause)
{
	struct f1ap_ue_context_modification_refuse m = {
		.gnb_cu_ue_f1ap_id = ue->cu_id, .gnb_du_ue_f1ap_id = ue->du_id, .cause = cucp_cause(cause)
	};

	ue->c->stats.required_refused++;
	may_fail(cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_UE_CONTEXT_MODIFICATION_REFUSE, &m));
}

/* All of it can be done, or none of it is: bearers are the CU's to change. */
static bool is_served(const struct f1ap_ue_context_modification_required *m)
{
	return m->du_to_cu_rrc_information && m->du_to_cu_rrc_information->cell_group_config.len > 0 &&
	       !m->drbs_required_to_be_modified_list && !m->srbs_required_to_be_released_list &&
	       !m->drbs_required_to_be_released_list;
}

/* While the DU is asked for something else, its CellGroupConfigs would pass each other. */
static bool is_ready(const struct cucp_ue *ue)
{
	return ue->known && ue->has_context && !ue->restore && !ue->required && !ue->owes_confirm &&
	       (ue->procedure == CUCP_NONE || ue->procedure == CUCP_CAPABILITY ||
		       ue->procedure == CUCP_RECONFIGURATION);
}

void cucp_modification_required(
	struct cucp *c, uint32_t du, const struct f1ap_ue_context_modification_required *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	struct sdu *cell_group = NULL;

	if (!ue)
		return;
	if (!is_served(m)) {
		refuse(ue, F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
		return;
	}
	if (is_ready(ue))
		cell_group = sdu_of(c->config.pool, m->du_to_cu_rrc_information->cell_group_config);
	if (!cell_group) {
		refuse(ue, F1AP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE);
		return;
	}
	ue->required = cell_group;
	list_remove(&ue->waiting);
	list_append(&c->waiting, &ue->waiting);
}

bool cucp_required_done(struct cucp_ue *ue)
{
	struct f1ap_ue_context_modification_confirm m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->du_id };

	if (!ue->owes_confirm)
		return false;
	ue->owes_confirm = false;
	ue->c->stats.required++;
	may_fail(cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_UE_CONTEXT_MODIFICATION_CONFIRM, &m));
	return true;
}
