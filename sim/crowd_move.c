/* The gNBs of a crowd as each other's neighbours, between which its UEs are handed over. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/crowd_internal.h"

bool crowd_move_init(struct crowd *c)
{
	const struct gnb_config *gnb = &c->config.gnb;

	if (!c->config.moves)
		return true;
	c->found = calloc(c->config.gnb_count, sizeof(*c->found));
	if (!c->found || c->config.gnb_count < 2 || c->config.gnb_count > GNB_NEIGHBOURS_MAX)
		return false;
	for (uint8_t i = 0; i < c->config.gnb_count; i++)
		c->found[i] = (struct ue_cell){ .at = addr_from_v4(CROWD_AIR + i * 2u, 4997),
			.pci = (uint16_t)(gnb->cells[0].pci + i),
			.nci = (uint64_t)(gnb->gnb_id + i) << (36 - gnb->gnb_id_bits) | gnb->cells[0].id,
			.tai = { gnb->plmn, gnb->cells[0].tac } };
	return true;
}

void crowd_move_fini(struct crowd *c)
{
	free(c->found);
}

static void name_of(size_t gnb, char out[64])
{
	snprintf(out, 64, "gnb%zu", gnb + 1);
}

void crowd_move_neighbours(const struct crowd *c, size_t of, struct gnb_config *gnb)
{
	const struct gnb_config *first = &c->config.gnb;

	if (!c->config.moves)
		return;
	name_of(of, gnb->name);
	gnb->cell_count = 1;
	gnb->xn_address = crowd_xn_address(of);
	gnb->cells[0].pci = c->found[of].pci;
	gnb->neighbour_count = 0;
	for (size_t i = 0; i < c->config.gnb_count; i++) {
		struct gnb_neighbour *n = &gnb->neighbours[gnb->neighbour_count];

		if (i == of)
			continue;
		gnb->neighbour_count++;
		*n = (struct gnb_neighbour){ .gnb_id = first->gnb_id + (uint32_t)i,
			.gnb_id_bits = first->gnb_id_bits,
			.plmn = first->plmn,
			.direct = true,
			.xn = crowd_xn_address(i),
			.cell_count = 1,
			.cells = { { first->cells[0].id, first->cells[0].tac, c->found[i].pci } } };
		name_of(i, n->name);
	}
}

bool crowd_move(struct crowd *c, uint32_t index, struct crowd_cell *from, bool xn)
{
	char name[64];
	struct gnb_handover_order o = { .ue = crowd_home(c, index)->ue_air,
		.index = ue_index(c->ues[index]),
		.gnb = name,
		.n2 = !xn,
		.xn = xn };

	if (!c->found)
		return false;
	name_of((from->index + 1) % c->config.gnb_count, name);
	from->pending = true;
	return !gnb_handover_begin(from->gnb, &o);
}
