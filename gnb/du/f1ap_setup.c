/* F1 Setup and Reset at the DU (38.473 8.2.3, 8.2.1). */
#include "gnb/du/f1ap_internal.h"

enum { RESET_MAX = 256 }; /* UEs named in one reset; of more the peer hears nothing */

static const enum f1ap_ue_associated_logical_f1_connection_item_res_tag is_item =
	F1AP_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM;
static const enum f1ap_ue_associated_logical_f1_connection_item_res_ack_tag is_item_ack =
	F1AP_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM_RES_ACK_TAG_UE_ASSOCIATED_LOGICAL_F1_CONNECTION_ITEM;

/* What F1 SETUP REQUEST says of a cell, with the octets it points to. */
struct served {
	struct f1ap_gnb_du_system_information system;
	struct f1ap_served_plmns_item plmns[DU_F1AP_PLMNS_MAX];
	struct f1ap_freq_band_nr_item band;
	uint8_t plmn[DU_F1AP_PLMNS_MAX][PLMN_OCTETS], cgi_plmn[PLMN_OCTETS], tac[3];
};

static struct f1ap_nr_mode_info mode_of(const struct du_f1ap_cell *cell, struct served *s)
{
	struct f1ap_transmission_bandwidth width = { cell->scs, cell->prb };
	struct f1ap_nr_freq_info dl = { .nrarfcn = cell->dl_arfcn, .freq_band_list_nr = { 1, &s->band } };
	struct f1ap_nr_freq_info ul = { .nrarfcn = cell->ul_arfcn, .freq_band_list_nr = { 1, &s->band } };

	s->band = (struct f1ap_freq_band_nr_item){ .freq_band_indicator_nr = cell->band };
	if (cell->tdd)
		return (struct f1ap_nr_mode_info){ .tag = F1AP_NR_MODE_INFO_TAG_TDD,
			.u.tdd = { .nr_freq_info = dl, .transmission_bandwidth = width } };
	return (struct f1ap_nr_mode_info){ .tag = F1AP_NR_MODE_INFO_TAG_FDD,
		.u.fdd = { .ul_nr_freq_info = ul,
			.dl_nr_freq_info = dl,
			.ul_transmission_bandwidth = width,
			.dl_transmission_bandwidth = width } };
}

static void cell_fill(
	const struct du_f1ap_cell *cell, struct served *s, struct f1ap_gnb_du_served_cells_item_ies *out)
{
	struct f1ap_served_cell_information *info = &out->u.gnb_du_served_cells_item.served_cell_information;
	struct writer w = writer_of(s->tac, sizeof(s->tac));

	out->tag = F1AP_GNB_DU_SERVED_CELLS_ITEM_IES_TAG_GNB_DU_SERVED_CELLS_ITEM;
	plmn_to_ap(&cell->cgi.plmn, s->cgi_plmn);
	writer_u24(&w, cell->tac);
	info->nr_cgi = (struct f1ap_nr_cgi){ BYTES(s->cgi_plmn), cell->cgi.nci };
	info->nrpci = cell->pci;
	info->has_five_gs_tac = true;
	info->five_gs_tac = writer_bytes(&w);
	info->served_plmns.items = s->plmns;
	for (uint8_t i = 0; i < cell->plmn_count && i < DU_F1AP_PLMNS_MAX; i++) {
		plmn_to_ap(&cell->plmns[i], s->plmn[i]);
		s->plmns[i] = (struct f1ap_served_plmns_item){ .plmn_identity = BYTES(s->plmn[i]) };
		info->served_plmns.count++;
	}
	info->nr_mode_info = mode_of(cell, s);
	info->measurement_timing_configuration = cell->measurement_timing;
	s->system = (struct f1ap_gnb_du_system_information){ .mib_message = cell->mib,
		.sib1_message = cell->sib1 };
	out->u.gnb_du_served_cells_item.gnb_du_system_information = &s->system;
}

static void again(void *owner, struct timer *t)
{
	du_f1ap_setup_send(owner);
}

void du_f1ap_setup_send(struct du_f1ap *f)
{
	struct f1ap_gnb_du_served_cells_item_ies items[DU_F1AP_CELLS_MAX] = { { .tag = 0 } };
	struct served served[DU_F1AP_CELLS_MAX];
	struct f1ap_gnb_du_served_cells_list list = { f->config.cell_count, items };
	struct f1ap_f1_setup_request m = { .transaction_id = ++f->transaction,
		.gnb_du_id = f->config.id,
		.has_gnb_du_name = f->config.name != NULL,
		.gnb_du_name = f->config.name ? bytes_of_str(f->config.name) : BYTES_NONE,
		.gnb_du_served_cells_list = f->config.cell_count ? &list : NULL };

	for (uint8_t i = 0; i < f->config.cell_count; i++)
		cell_fill(&f->config.cells[i], &served[i], &items[i]);
	may_fail(du_f1ap_send(f, F1AP_MSG_F1_SETUP_REQUEST, &m));
	timer_set(&f->timers, &f->setup, env_now_ns(f->config.env) + DU_F1AP_SETUP_MS * (uint64_t)NS_PER_MS,
		again);
}

void du_f1ap_begin(struct du_f1ap *f)
{
	du_f1ap_lost(f); /* 8.2.3.1: nothing of an earlier interface is left */
	du_f1ap_setup_send(f);
}

/* 8.2.3.2: the cells that the CU names are on the air from now on. */
void du_f1ap_setup_response(struct du_f1ap *f, const struct f1ap_f1_setup_response *m)
{
	const struct f1ap_cells_to_be_activated_list *list = m->cells_to_be_activated_list;

	if (f->up || m->transaction_id != f->transaction)
		return;
	f->up = true;
	timer_stop(&f->timers, &f->setup);
	for (size_t i = 0; list && i < list->count; i++)
		if (list->items[i].tag ==
			F1AP_CELLS_TO_BE_ACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_ACTIVATED_LIST_ITEM)
			f->stats.refused +=
				!du_f1ap_cell_activate(f, &list->items[i].u.cells_to_be_activated_list_item);
}

static uint32_t wait_ms(enum f1ap_time_to_wait wait)
{
	static const uint32_t seconds[] = { 1, 2, 5, 10, 20, 60 };

	return (unsigned)wait < ARRAY_LEN(seconds) ? seconds[wait] * MS_PER_S : DU_F1AP_SETUP_MS;
}

/* 8.2.3.3 */
void du_f1ap_setup_failure(struct du_f1ap *f, const struct f1ap_f1_setup_failure *m)
{
	if (f->up || m->transaction_id != f->transaction)
		return;
	f->stats.setup_failures++;
	timer_set(&f->timers, &f->setup,
		env_now_ns(f->config.env) +
			(m->has_time_to_wait ? wait_ms(m->time_to_wait) : DU_F1AP_SETUP_MS) *
				(uint64_t)NS_PER_MS,
		again);
}

static void part_release(struct du_f1ap *f,
	const struct f1ap_ue_associated_logical_f1_connection_list_res *part,
	struct f1ap_ue_associated_logical_f1_connection_list_res_ack *ack)
{
	for (size_t i = 0; i < part->count; i++) {
		const struct f1ap_ue_associated_logical_f1_connection_item *item =
			&part->items[i].u.ue_associated_logical_f1_connection_item;
		struct du_f1ap_ue *ue;

		if (part->items[i].tag != is_item || ack->count == RESET_MAX)
			continue;
		ack->items[ack->count++] =
			(struct f1ap_ue_associated_logical_f1_connection_item_res_ack){ .tag = is_item_ack,
				.u.ue_associated_logical_f1_connection_item = *item };
		if (!item->has_gnb_cu_ue_f1ap_id || !item->has_gnb_du_ue_f1ap_id)
			continue;
		ue = du_f1ap_ue_find(f, item->gnb_cu_ue_f1ap_id, item->gnb_du_ue_f1ap_id);
		if (ue)
			du_f1ap_ue_release(f, ue);
	}
}

/* 8.2.1.2.1: the CU has forgotten its contexts, all or those that it names. */
void du_f1ap_reset(struct du_f1ap *f, const struct f1ap_reset *m)
{
	struct f1ap_reset_acknowledge ack = { .transaction_id = m->transaction_id };
	struct f1ap_ue_associated_logical_f1_connection_item_res_ack items[RESET_MAX];
	struct f1ap_ue_associated_logical_f1_connection_list_res_ack list = { 0, items };

	if (m->reset_type.tag == F1AP_RESET_TYPE_TAG_PART_OF_F1_INTERFACE) {
		part_release(f, &m->reset_type.u.part_of_f1_interface, &list);
	} else {
		du_f1ap_lost(f);
		f->up = true;
	}
	ack.ue_associated_logical_f1_connection_list_res_ack = list.count ? &list : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_RESET_ACKNOWLEDGE, &ack));
}
