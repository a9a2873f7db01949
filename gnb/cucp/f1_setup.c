/* F1 Setup and Reset (38.473 8.2.3, 8.2.1). */
#include "gnb/cucp/internal.h"

enum {
	RRC_VERSION = 0, /* 9.3.1.70: the latest one is told by the extension, if at all */
	RESET_MAX = 256  /* UEs named in one reset; of more the peer hears nothing */
};

static const enum f1ap_ue_associated_logical_f1_connection_item_res_tag is_item =
	F1AP_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM;
static const enum f1ap_ue_associated_logical_f1_connection_item_res_ack_tag is_item_ack =
	F1AP_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM_RES_ACK_TAG_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM;

static void failure_send(struct cucp *c, uint32_t du, int64_t transaction, struct f1ap_cause cause)
{
	struct f1ap_f1_setup_failure m = { .transaction_id = transaction,
		.cause = cause,
		.has_time_to_wait = true,
		.time_to_wait = F1AP_TIME_TO_WAIT_V10S };

	c->stats.refused++;
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_F1_SETUP_FAILURE, &m));
}

/* Its cells that are ours are to be activated. */
static void response_send(struct cucp *c, uint32_t du, int64_t transaction)
{
	struct cucp_activation a = { 0 };
	struct f1ap_f1_setup_response m = { .transaction_id = transaction,
		.has_gnb_cu_name = c->config.name != NULL,
		.gnb_cu_name = c->config.name ? bytes_of_str(c->config.name) : BYTES_NONE,
		.gnb_cu_rrc_version.latest_rrc_version = RRC_VERSION };

	for (uint8_t i = 0; i < c->dus[du].cell_count; i++)
		cucp_activation_add(&a, &c->dus[du].cells[i]);
	m.cells_to_be_activated_list = a.list.count ? &a.list : NULL;
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_F1_SETUP_RESPONSE, &m));
}

/* The gNB-DU ID is one DU's alone (9.3.1.9). False: another has it. */
static bool id_is_free(struct cucp *c, uint32_t du, int64_t id)
{
	for (uint32_t i = 0; i < c->config.dus_max; i++) {
		if (i == du || !c->dus[i].up || c->dus[i].id != (uint64_t)id)
			continue;
		if (c->config.f1_again && !c->config.f1_again(c->config.f1_arg, du, i))
			return false;
		cucp_f1_lost(c, i);
	}
	return true;
}

/* The cells that are ours; false, with the cause: one is of no PLMN of ours, none is ours, or they are too
 * many.
 */
static bool cells_read(const struct cucp *c, uint32_t du, const struct f1ap_gnb_du_served_cells_list *list,
	struct cucp_du *out, enum f1ap_cause_radio_network *cause)
{
	for (size_t i = 0; list && i < list->count; i++) {
		struct cucp_cell cell;

		if (list->items[i].tag != F1AP_GNB_DU_SERVED_CELLS_ITEM_IES_TAG_GNB_DU_SERVED_CELLS_ITEM)
			continue;
		*cause = F1AP_CAUSE_RADIO_NETWORK_PLMN_NOT_SERVED_BY_THE_GNB_CU;
		if (!cucp_cell_read(
			    c, &list->items[i].u.gnb_du_served_cells_item.served_cell_information, &cell))
			return false;
		*cause = F1AP_CAUSE_RADIO_NETWORK_GNB_CU_CELL_CAPACITY_EXCEEDED;
		if (out->cell_count == CUCP_CELLS_MAX)
			return false;
		if (cucp_cell_find(out, &cell.cgi) == out->cell_count && cucp_cell_is_offered(c, du, &cell))
			out->cells[out->cell_count++] = cell;
	}
	*cause = F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE;
	return out->cell_count > 0 || !list || list->count == 0;
}

/* 8.2.3.1: what was there before is erased. */
void cucp_f1_setup(struct cucp *c, uint32_t du, const struct f1ap_f1_setup_request *m)
{
	struct f1ap_cause taken = { .tag = F1AP_CAUSE_TAG_PROTOCOL,
		.u.protocol = F1AP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE };
	struct cucp_du next = { .up = true, .id = m->gnb_du_id };
	enum f1ap_cause_radio_network cause;

	cucp_f1_lost(c, du);
	if (!id_is_free(c, du, m->gnb_du_id)) {
		failure_send(c, du, m->transaction_id, taken);
		return;
	}
	if (!cells_read(c, du, m->gnb_du_served_cells_list, &next, &cause)) {
		failure_send(c, du, m->transaction_id, cucp_cause(cause));
		return;
	}
	c->dus[du] = next;
	response_send(c, du, m->transaction_id);
}

static void part_drop(struct cucp *c, uint32_t du,
	const struct f1ap_ue_associated_logical_f1_connection_list_res *part,
	struct f1ap_ue_associated_logical_f1_connection_list_res_ack *ack)
{
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);

	for (size_t i = 0; i < part->count; i++) {
		const struct f1ap_ue_associated_logical_f1_connection_item *item =
			&part->items[i].u.ue_associated_logical_f1_connection_item;
		struct cucp_ue *ue;

		if (part->items[i].tag != is_item || ack->count == RESET_MAX)
			continue;
		ack->items[ack->count++] =
			(struct f1ap_ue_associated_logical_f1_connection_item_res_ack){ .tag = is_item_ack,
				.u.ue_associated_logical_f1_connection_item = *item };
		if (!item->has_gnb_cu_ue_f1ap_id || !item->has_gnb_du_ue_f1ap_id)
			continue;
		ue = cucp_ue_find(c, du, item->gnb_cu_ue_f1ap_id, item->gnb_du_ue_f1ap_id);
		if (ue)
			cucp_ue_drop(ue, &cause);
	}
}

/* 8.2.1.2.2: the DU has forgotten its contexts, all or those that it names. */
void cucp_reset(struct cucp *c, uint32_t du, const struct f1ap_reset *m)
{
	struct f1ap_reset_acknowledge ack = { .transaction_id = m->transaction_id };
	struct f1ap_ue_associated_logical_f1_connection_item_res_ack items[RESET_MAX];
	struct f1ap_ue_associated_logical_f1_connection_list_res_ack list = { 0, items };

	if (m->reset_type.tag == F1AP_RESET_TYPE_TAG_PART_OF_F1_INTERFACE) {
		part_drop(c, du, &m->reset_type.u.part_of_f1_interface, &list);
	} else {
		cucp_f1_lost(c, du);
		c->dus[du].up = true;
	}
	ack.ue_associated_logical_f1_connection_list_res_ack = list.count ? &list : NULL;
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_RESET_ACKNOWLEDGE, &ack));
}
