/* Cells as DUs offer them (38.473 9.3.1.10), and which of them are to be activated. */
#include "gnb/cucp/internal.h"

enum { TIMING_OCTETS = 2048 };

static bool is_served(const struct cucp *c, const struct plmn *plmn)
{
	bool served = false;

	for (size_t i = 0; i < c->config.plmn_count; i++)
		served = served || plmn_equal(&c->config.plmns[i], plmn);
	return served;
}

/* Where its SS/PBCH block is, which K_NG-RAN* of the cell is derived from (33.501 A.11), and when. */
static void ssb_read(struct cucp_cell *out, struct bytes timing)
{
	uint64_t first[TIMING_OCTETS / 8];
	struct rrc_measurement_timing_configuration m;
	const struct rrc_meas_timing_list *list;
	const struct rrc_meas_timing_frequency_and_timing *ssb = NULL;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, first, sizeof(first), CUCP_ARENA_LIMIT);
	if (rrc_decode(&rrc_measurement_timing_configuration_type, timing, &arena, &m, &diag) &&
		m.critical_extensions.tag ==
			RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_TAG_C1 &&
		m.critical_extensions.u.c1.tag ==
			RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF) {
		list = m.critical_extensions.u.c1.u.meas_timing_conf.meas_timing;
		ssb = list ? list->items[0].frequency_and_timing : NULL;
	}
	if (ssb) {
		out->ssb_arfcn = ssb->carrier_freq;
		out->ssb_spacing = ssb->ssb_subcarrier_spacing;
		out->ssb_window = ssb->ssb_measurement_timing_configuration;
	}
	arena_fini(&arena);
}

bool cucp_cell_read(
	const struct cucp *c, const struct f1ap_served_cell_information *in, struct cucp_cell *out)
{
	bool served = false;

	*out = (struct cucp_cell){ .cgi = cucp_cgi_of(&in->nr_cgi), .pci = in->nrpci };
	ssb_read(out, in->measurement_timing_configuration);
	if (in->has_five_gs_tac) {
		struct cursor cur = cursor_of(in->five_gs_tac);

		out->tac = cursor_u24(&cur);
	}
	for (size_t i = 0; i < in->served_plmns.count && out->plmn_count < CUCP_PLMNS_MAX; i++) {
		struct plmn plmn = plmn_from_ap(in->served_plmns.items[i].plmn_identity.data);

		out->plmns[out->plmn_count++] = plmn;
		served = served || is_served(c, &plmn);
	}
	return served;
}

uint8_t cucp_cell_find(const struct cucp_du *d, const struct ncgi *cgi)
{
	uint8_t i = 0;

	while (i < d->cell_count &&
		(d->cells[i].cgi.nci != cgi->nci || !plmn_equal(&d->cells[i].cgi.plmn, &cgi->plmn)))
		i++;
	return i;
}

bool cucp_cell_is_offered(const struct cucp *c, uint32_t du, const struct cucp_cell *cell)
{
	const struct cucp_upper *upper = &c->config.upper;

	for (uint32_t i = 0; i < c->config.dus_max; i++)
		if (i != du && c->dus[i].up && cucp_cell_find(&c->dus[i], &cell->cgi) < c->dus[i].cell_count)
			return false;
	return !upper->cell_offered || upper->cell_offered(upper->arg, cell);
}

void cucp_activation_add(struct cucp_activation *a, const struct cucp_cell *cell)
{
	size_t i = a->list.count++;

	a->list.items = a->items;
	a->items[i] = (struct f1ap_cells_to_be_activated_list_item_ies){
		.tag = F1AP_CELLS_TO_BE_ACTIVATED_LIST_ITEM_IES_TAG_CELLS_TO_BE_ACTIVATED_LIST_ITEM,
		.u.cells_to_be_activated_list_item = { .nr_cgi = cucp_cgi(&cell->cgi, a->plmns[i]),
			.has_nrpci = true,
			.nrpci = cell->pci },
	};
}
