/* Reset at the CU-UP (37.483 8.2.1). */
#include "gnb/cuup/parts.h"

enum { RESET_MAX = 256 }; /* UEs named in one reset; of more the peer hears nothing */

static const enum e1ap_ue_associated_logical_e1_connection_item_res_tag is_item =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;
static const enum e1ap_ue_associated_logical_e1_connection_item_res_ack_tag is_item_ack =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_ACK_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;

static void part_free(struct cuup_node *n,
	const struct e1ap_ue_associated_logical_e1_connection_list_res *part,
	struct e1ap_ue_associated_logical_e1_connection_list_res_ack *ack)
{
	for (size_t i = 0; i < part->count && ack->count < RESET_MAX; i++) {
		const struct e1ap_ue_associated_logical_e1_connection_item *item =
			&part->items[i].u.ue_associated_logical_e1_connection_item;
		struct cuup_context *c = NULL;

		if (part->items[i].tag != is_item)
			continue;
		ack->items[ack->count++] =
			(struct e1ap_ue_associated_logical_e1_connection_item_res_ack){ .tag = is_item_ack,
				.u.ue_associated_logical_e1_connection_item = *item };
		if (item->has_gnb_cu_cp_ue_e1ap_id && item->has_gnb_cu_up_ue_e1ap_id)
			c = cuup_context_find(n, item->gnb_cu_cp_ue_e1ap_id, item->gnb_cu_up_ue_e1ap_id);
		else if (item->has_gnb_cu_cp_ue_e1ap_id) /* the CU-CP never learned ours */
			c = hash_get(
				&n->by_cp_id, item->gnb_cu_cp_ue_e1ap_id, 0, struct cuup_context, by_cp_id);
		if (c)
			cuup_context_free(c);
	}
}

/* The CU-CP has forgotten its contexts, all or those that it names. */
void cuup_reset(struct cuup_node *n, const struct e1ap_reset *m)
{
	struct e1ap_ue_associated_logical_e1_connection_item_res_ack items[RESET_MAX];
	struct e1ap_ue_associated_logical_e1_connection_list_res_ack list = { 0, items };
	struct e1ap_reset_acknowledge ack = { .transaction_id = m->transaction_id };

	if (m->reset_type.tag == E1AP_RESET_TYPE_TAG_PART_OF_E1_INTERFACE)
		part_free(n, &m->reset_type.u.part_of_e1_interface, &list);
	else
		cuup_contexts_free(n);
	ack.ue_associated_logical_e1_connection_list_res_ack = list.count ? &list : NULL;
	may_fail(cuup_e1ap_send(n, E1AP_MSG_RESET_ACKNOWLEDGE, &ack));
}

void cuup_node_reset(struct cuup_node *n)
{
	struct e1ap_reset m = { .transaction_id = ++n->transaction,
		.cause = { .tag = E1AP_CAUSE_TAG_MISC, .u.misc = E1AP_CAUSE_MISC_OM_INTERVENTION },
		.reset_type = { .tag = E1AP_RESET_TYPE_TAG_E1_INTERFACE,
			.u.e1_interface = E1AP_RESET_ALL_RESET_ALL } };

	cuup_contexts_free(n);
	if (n->up)
		may_fail(cuup_e1ap_send(n, E1AP_MSG_RESET, &m));
}
