/* Reset at the CU-CP (37.483 8.2.1). */
#include "gnb/cucp/e1ap_parts.h"

enum { RESET_MAX = 256 }; /* UEs named in one reset; of more the peer hears nothing */

static const enum e1ap_ue_associated_logical_e1_connection_item_res_tag is_item =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;
static const enum e1ap_ue_associated_logical_e1_connection_item_res_ack_tag is_item_ack =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_ACK_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;

static void part_drop(struct cucp_e1ap *e, uint32_t up,
	const struct e1ap_ue_associated_logical_e1_connection_list_res *part, const struct e1ap_cause *cause,
	struct e1ap_ue_associated_logical_e1_connection_list_res_ack *ack)
{
	for (size_t i = 0; i < part->count && ack->count < RESET_MAX; i++) {
		const struct e1ap_ue_associated_logical_e1_connection_item *item =
			&part->items[i].u.ue_associated_logical_e1_connection_item;
		struct cucp_e1_context *c;

		if (part->items[i].tag != is_item)
			continue;
		ack->items[ack->count++] =
			(struct e1ap_ue_associated_logical_e1_connection_item_res_ack){ .tag = is_item_ack,
				.u.ue_associated_logical_e1_connection_item = *item };
		if (!item->has_gnb_cu_cp_ue_e1ap_id || !item->has_gnb_cu_up_ue_e1ap_id)
			continue;
		c = cucp_e1_find_quiet(e, up, item->gnb_cu_cp_ue_e1ap_id, item->gnb_cu_up_ue_e1ap_id);
		if (c)
			cucp_e1_context_drop(c, cause);
	}
}

/* The CU-UP has forgotten its contexts, all or those that it names. */
void cucp_e1_reset_received(struct cucp_e1ap *e, uint32_t up, const struct e1ap_reset *m)
{
	struct e1ap_ue_associated_logical_e1_connection_item_res_ack items[RESET_MAX];
	struct e1ap_ue_associated_logical_e1_connection_list_res_ack list = { 0, items };
	struct e1ap_reset_acknowledge ack = { .transaction_id = m->transaction_id };

	if (m->reset_type.tag == E1AP_RESET_TYPE_TAG_PART_OF_E1_INTERFACE)
		part_drop(e, up, &m->reset_type.u.part_of_e1_interface, &m->cause, &list);
	else
		cucp_e1_drop_all(e, up, &m->cause);
	ack.ue_associated_logical_e1_connection_list_res_ack = list.count ? &list : NULL;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_RESET_ACKNOWLEDGE, &ack));
}

void cucp_e1_reset(struct cucp_e1ap *e, uint32_t up)
{
	struct e1ap_reset m = { .transaction_id = ++e->transaction,
		.cause = { .tag = E1AP_CAUSE_TAG_MISC, .u.misc = E1AP_CAUSE_MISC_OM_INTERVENTION },
		.reset_type = { .tag = E1AP_RESET_TYPE_TAG_E1_INTERFACE,
			.u.e1_interface = E1AP_RESET_ALL_RESET_ALL } };

	if (e->ups[up].up)
		may_fail(cucp_e1_send(e, up, E1AP_MSG_RESET, &m));
	cucp_e1_drop_all(e, up, &m.cause);
}
