/* Paging (38.473 8.7.1). */
#include "gnb/cucp/internal.h"
#include "radio/rrc/s_tmsi.h"

enum { INDEX_MASK = 0x3ff }; /* 38.304 7.1: UE_ID is 5G-S-TMSI mod 1024 */

static bool is_of(const struct cucp_cell *cell, const struct tai *tai)
{
	bool served = false;

	for (uint8_t i = 0; i < cell->plmn_count; i++)
		served = served || plmn_equal(&cell->plmns[i], &tai->plmn);
	return served && cell->tac == tai->tac;
}

static void page(struct cucp *c, uint32_t du, uint64_t number, const struct tai *tai)
{
	const struct cucp_du *d = &c->dus[du];
	struct f1ap_paging_cell_item_ies items[CUCP_CELLS_MAX];
	uint8_t plmns[CUCP_CELLS_MAX][PLMN_OCTETS];
	struct f1ap_paging m = {
		.ue_identity_index_value = { .tag = F1AP_UE_IDENTITY_INDEX_VALUE_TAG_INDEX_LENGTH10,
			.u.index_length10 = number & INDEX_MASK },
		.paging_identity = { .tag = F1AP_PAGING_IDENTITY_TAG_CNUE_PAGING_IDENTITY,
			.u.cnue_paging_identity = { .tag = F1AP_CNUE_PAGING_IDENTITY_TAG_FIVE_G_S_TMSI,
				.u.five_g_s_tmsi = number } },
		.paging_cell_list.items = items
	};

	for (uint8_t i = 0; i < d->cell_count; i++) {
		size_t n = m.paging_cell_list.count;

		if (!is_of(&d->cells[i], tai))
			continue;
		items[n].tag = F1AP_PAGING_CELL_ITEM_IES_TAG_PAGING_CELL_ITEM;
		items[n].u.paging_cell_item =
			(struct f1ap_paging_cell_item){ .nr_cgi = cucp_cgi(&d->cells[i].cgi, plmns[n]) };
		m.paging_cell_list.count++;
	}
	if (m.paging_cell_list.count > 0)
		may_fail(cucp_f1ap_send(c, du, F1AP_MSG_PAGING, &m));
}

void cucp_page(struct cucp *c, const struct s_tmsi *s_tmsi, const struct tai *tai)
{
	for (uint32_t i = 0; i < c->config.dus_max; i++)
		if (c->dus[i].up)
			page(c, i, rrc_s_tmsi_number(s_tmsi), tai);
}
