/* gNB-CU Configuration Update at the DU (38.473 8.2.5): which cells are on the air. */
#include "gnb/du/f1ap_internal.h"

enum { TNLAS_MAX = 32 /* maxnoofTNLAssociations */ };

static const enum f1ap_cells_to_be_activated_list_item_ies_tag is_on =
	F1AP_CELLS_TO_BE_ACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_ACTIVATED_LIST_ITEM;
static const enum f1ap_cells_to_be_deactivated_list_item_ies_tag is_off =
	F1AP_CELLS_TO_BE_DEACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_DEACTIVATED_LIST_ITEM;
static const enum f1ap_cells_failed_to_be_activated_list_item_ies_tag is_failed =
	F1AP_CELLS_FAILED_TO_BE_ACTIVATED_LIST_ITEM_IES_TAG_CELLS_FAILED_TO_BE_ACTIVATED_LIST_ITEM;
static const enum f1ap_gnb_cu_tnl_association_to_add_item_ies_tag is_tnla =
	F1AP_GNB_CU_TNL_ASSOCIATION_TO_ADD_ITEM_IES_TAG_GNB_CU_TNL_ASSOCIATION_TO_ADD_ITEM;
static const enum f1ap_gnb_cu_tnl_association_failed_to_setup_item_ies_tag is_failed_tnla =
	F1AP_GNB_CU_TNL_ASSOCIATION_FAILED_TO_SETUP_ITEM_IES_TAG_GNB_CU_TNL_ASSOCIATION_FAILED_TO_SETUP_ITEM;

/* Its place in the configuration; cell_count: it is none of ours. */
static uint8_t cell_of(const struct du_f1ap *f, const struct f1ap_nr_cgi *cgi)
{
	struct plmn plmn = plmn_from_ap(cgi->plmn_identity.data);
	uint8_t i = 0;

	while (i < f->config.cell_count && (f->config.cells[i].cgi.nci != cgi->nr_cell_identity ||
						   !plmn_equal(&f->config.cells[i].cgi.plmn, &plmn)))
		i++;
	return i;
}

/* A cell keeps the PCI that it was configured with. */
bool du_f1ap_cell_activate(struct du_f1ap *f, const struct f1ap_cells_to_be_activated_list_item *in)
{
	uint8_t cell = cell_of(f, &in->nr_cgi);

	if (cell == f->config.cell_count || (in->has_nrpci && in->nrpci != f->config.cells[cell].pci))
		return false;
	f->active |= (uint16_t)(1u << cell);
	return true;
}

/* What an acknowledgement has, with what it points to. */
struct answer {
	struct f1ap_cells_failed_to_be_activated_list cells;
	struct f1ap_cells_failed_to_be_activated_list_item_ies cell_items[DU_F1AP_CELLS_MAX];
	struct f1ap_gnb_cu_tnl_association_failed_to_setup_list tnlas;
	struct f1ap_gnb_cu_tnl_association_failed_to_setup_item_ies tnla_items[TNLAS_MAX];
};

static void cells_activate(
	struct du_f1ap *f, const struct f1ap_cells_to_be_activated_list *list, struct answer *a)
{
	const struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
		.u.radio_network = F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE };

	for (size_t i = 0; list && i < list->count; i++) {
		const struct f1ap_cells_to_be_activated_list_item *item =
			&list->items[i].u.cells_to_be_activated_list_item;

		if (list->items[i].tag != is_on || du_f1ap_cell_activate(f, item) ||
			a->cells.count == DU_F1AP_CELLS_MAX)
			continue;
		f->stats.refused++;
		a->cell_items[a->cells.count++] =
			(struct f1ap_cells_failed_to_be_activated_list_item_ies){ is_failed,
				.u.cells_failed_to_be_activated_list_item = { item->nr_cgi, cause } };
	}
}

/* UEs of such a cell are the CU's to release. */
static void cells_deactivate(struct du_f1ap *f, const struct f1ap_cells_to_be_deactivated_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		uint8_t cell = cell_of(f, &list->items[i].u.cells_to_be_deactivated_list_item.nr_cgi);

		if (list->items[i].tag == is_off && cell < f->config.cell_count)
			f->active &= (uint16_t)~(1u << cell);
	}
}

/* There is one association, so those that are offered beside it are not taken. */
static void tnlas_refuse(const struct f1ap_gnb_cu_tnl_association_to_add_list *list, struct answer *a)
{
	const struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = F1AP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE };

	for (size_t i = 0; list && i < list->count && a->tnlas.count < TNLAS_MAX; i++) {
		if (list->items[i].tag != is_tnla)
			continue;
		a->tnla_items[a->tnlas.count++] =
			(struct f1ap_gnb_cu_tnl_association_failed_to_setup_item_ies){ is_failed_tnla,
				.u.gnb_cu_tnl_association_failed_to_setup_item = {
					list->items[i]
						.u.gnb_cu_tnl_association_to_add_item
						.tnl_association_transport_layer_address,
					cause } };
	}
}

void du_f1ap_cu_configuration_update(struct du_f1ap *f, const struct f1ap_gnb_cu_configuration_update *m)
{
	struct answer a = { 0 };
	struct f1ap_gnb_cu_configuration_update_acknowledge ack = { .transaction_id = m->transaction_id };

	a.cells.items = a.cell_items;
	a.tnlas.items = a.tnla_items;
	cells_deactivate(f, m->cells_to_be_deactivated_list);
	cells_activate(f, m->cells_to_be_activated_list, &a);
	tnlas_refuse(m->gnb_cu_tnl_association_to_add_list, &a);
	ack.cells_failed_to_be_activated_list = a.cells.count ? &a.cells : NULL;
	ack.gnb_cu_tnl_association_failed_to_setup_list = a.tnlas.count ? &a.tnlas : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack));
}
