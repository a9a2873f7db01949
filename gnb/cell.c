/* The gNB's cells: where a UE is. */
#include "gnb/internal.h"

void gnb_cells_init(struct gnb *gnb)
{
	const struct gnb_config *c = &gnb->config;

	for (uint8_t i = 0; i < c->cell_count; i++) {
		gnb->places[i].tai = (struct tai){ c->plmn, c->cells[i].tac };
		gnb->places[i].ncgi = (struct ncgi){ c->plmn,
			(uint64_t)c->gnb_id << (36 - c->gnb_id_bits) | c->cells[i].id };
	}
}

bool gnb_cell_location(struct gnb *gnb, uint8_t cell, struct ngap_user_location_information *out)
{
	return ngap_nr_location_of(&gnb->places[cell].tai, &gnb->places[cell].ncgi, &gnb->arena, out);
}

uint8_t gnb_cell_tacs(const struct gnb_config *c, uint32_t tacs[GNB_CELLS_MAX])
{
	uint8_t n = 0;

	for (uint8_t i = 0; i < c->cell_count; i++) {
		uint8_t k = 0;

		while (k < n && tacs[k] != c->cells[i].tac)
			k++;
		if (k == n)
			tacs[n++] = c->cells[i].tac;
	}
	return n;
}
