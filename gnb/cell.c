/* The gNB's cells: where a UE is. */
#include "gnb/internal.h"

void gnb_cells_init(struct gnb *gnb)
{
	const struct gnb_config *c = &gnb->config;

	gnb->own = (struct gnb_neighbour){ .gnb_id = c->gnb_id,
		.gnb_id_bits = c->gnb_id_bits,
		.plmn = c->plmn,
		.cell_count = c->cell_count };
	str_copy(gnb->own.name, sizeof(gnb->own.name), c->name);
	for (uint8_t i = 0; i < c->cell_count; i++) {
		gnb->own.cells[i] = c->cells[i];
		gnb->places[i].tai = (struct tai){ c->plmn, c->cells[i].tac };
		gnb->places[i].ncgi = (struct ncgi){ c->plmn,
			(uint64_t)c->gnb_id << (36 - c->gnb_id_bits) | c->cells[i].id };
	}
}

bool gnb_cell_location(struct gnb *gnb, uint8_t cell, struct ngap_user_location_information *out)
{
	return ngap_nr_location_of(&gnb->places[cell].tai, &gnb->places[cell].ncgi, &gnb->arena, out);
}

bool gnb_node_id_of(struct gnb *gnb, uint8_t id[4], const struct plmn *plmn, uint32_t gnb_id, uint8_t bits,
	struct ngap_global_ran_node_id *out)
{
	struct writer w = writer_of(id, 4);

	writer_u32(&w, gnb_id << (32 - bits));
	*out = (struct ngap_global_ran_node_id){ .tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID };
	out->u.global_gnb_id.plmn_identity = ngap_plmn_of(plmn, &gnb->arena);
	out->u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { id, bits } } };
	return out->u.global_gnb_id.plmn_identity.data;
}

bool gnb_node_id(struct gnb *gnb, uint8_t octets[4], struct ngap_global_ran_node_id *out)
{
	const struct gnb_config *c = &gnb->config;

	return gnb_node_id_of(gnb, octets, &c->plmn, c->gnb_id, c->gnb_id_bits, out);
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
