/* UE Context Modification Required at the DU (38.473 8.3.5): a UE is to have another CellGroupConfig. */
#include "gnb/du/f1ap_internal.h"

bool du_f1ap_modification_require(
	struct du_f1ap *f, uint16_t c_rnti, enum f1ap_cause_radio_network cause, struct bytes cell_group)
{
	const struct du_f1ap_ue *ue = du_f1ap_ue_by_c_rnti(f, c_rnti);
	struct f1ap_du_to_cu_rrc_information rrc = { .cell_group_config = cell_group };
	struct f1ap_ue_context_modification_required m = { .du_to_cu_rrc_information = &rrc,
		.cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause } };

	if (!f->up || !ue || !ue->has_cu_id)
		return false;
	m.gnb_cu_ue_f1ap_id = ue->cu_id;
	m.gnb_du_ue_f1ap_id = ue->id;
	return du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_MODIFICATION_REQUIRED, &m);
}

void du_f1ap_modification_answered(struct du_f1ap *f, uint32_t cu_id, uint32_t id, bool confirmed)
{
	const struct du_f1ap_ue *ue = du_f1ap_ue_find(f, cu_id, id);

	if (ue)
		f->config.lower.required(f->config.lower.arg, ue->c_rnti, confirmed);
}
