/* Bearer Context Release at the CU-UP (37.483 8.3.4, 8.3.5). */
#include "gnb/cuup/parts.h"

void cuup_bearer_context_release(struct cuup_node *n, const struct e1ap_bearer_context_release_command *in)
{
	struct cuup_context *c = cuup_context_find(n, in->gnb_cu_cp_ue_e1ap_id, in->gnb_cu_up_ue_e1ap_id);
	struct e1ap_bearer_context_release_complete m = { .gnb_cu_cp_ue_e1ap_id = in->gnb_cu_cp_ue_e1ap_id,
		.gnb_cu_up_ue_e1ap_id = in->gnb_cu_up_ue_e1ap_id };

	if (c) {
		cuup_usage_report(c);
		cuup_context_free(c);
	}
	/* Also of one that is not there: the CU-CP wants it gone, and it is. */
	may_fail(cuup_e1ap_send(n, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMPLETE, &m));
}

/* With the numbers that its DRBs have reached. */
void cuup_release_request(struct cuup_context *c, enum e1ap_cause_radio_network cause)
{
	struct e1ap_drb_status_item items[CUUP_DRBS_MAX];
	struct e1ap_pdcp_count dl[CUUP_DRBS_MAX], ul[CUUP_DRBS_MAX];
	struct e1ap_drb_status_list list = { 0, items };
	struct e1ap_bearer_context_release_request m = { .gnb_cu_cp_ue_e1ap_id = c->cp_id,
		.gnb_cu_up_ue_e1ap_id = c->id,
		.cause = e1ap_radio_cause(cause) };

	if (c->ending)
		return;
	c->ending = true;
	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		for (uint8_t d = 0; c->sessions[i] && d < CUUP_DRBS_MAX && list.count < CUUP_DRBS_MAX; d++) {
			const struct cuup_bearer *b = c->sessions[i]->bearers[d];
			const struct pdcp *p = b ? cuup_drb_pdcp(c->sessions[i]->entity, b->drb) : NULL;

			if (!p)
				continue;
			dl[list.count] = e1ap_count(pdcp_tx_next(p), b->sn_bits);
			ul[list.count] = e1ap_count(pdcp_rx_deliv(p), b->ul_sn_bits);
			items[list.count] =
				(struct e1ap_drb_status_item){ b->drb, &dl[list.count], &ul[list.count] };
			list.count++;
		}
	m.drb_status_list = list.count ? &list : NULL;
	may_fail(cuup_e1ap_send(c->node, E1AP_MSG_BEARER_CONTEXT_RELEASE_REQUEST, &m));
}
