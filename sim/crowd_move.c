/* UEs of a crowd that are served are handed over by N2, from each gNB to the next. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/crowd_internal.h"

bool crowd_move_init(struct crowd *c)
{
	const struct gnb_config *gnb = &c->config.gnb;

	if (!c->config.handovers)
		return true;
	c->at = calloc(c->config.ue_count, sizeof(*c->at));
	c->is_moving = calloc(c->config.ue_count, sizeof(*c->is_moving));
	c->found = calloc(c->config.gnb_count, sizeof(*c->found));
	if (!c->at || !c->is_moving || !c->found || c->config.gnb_count < 2 ||
		c->config.gnb_count > GNB_NEIGHBOURS_MAX)
		return false;
	for (uint32_t i = 0; i < c->config.ue_count; i++)
		c->at[i] = (uint8_t)(i % c->config.gnb_count);
	for (uint8_t i = 0; i < c->config.gnb_count; i++)
		c->found[i] = (struct ue_cell){ .at = addr_from_v4(CROWD_AIR + i * 2u, 4997),
			.pci = (uint16_t)(gnb->cells[0].pci + i),
			.nci = (uint64_t)(gnb->gnb_id + i) << (36 - gnb->gnb_id_bits) | gnb->cells[0].id,
			.tai = { gnb->plmn, gnb->cells[0].tac } };
	return true;
}

void crowd_move_fini(struct crowd *c)
{
	free(c->at);
	free(c->is_moving);
	free(c->found);
}

static void name_of(size_t gnb, char out[64])
{
	snprintf(out, 64, "gnb%zu", gnb + 1);
}

void crowd_move_neighbours(const struct crowd *c, size_t of, struct gnb_config *gnb)
{
	const struct gnb_config *first = &c->config.gnb;

	if (!c->config.handovers)
		return;
	name_of(of, gnb->name);
	gnb->cell_count = 1;
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
			.cell_count = 1,
			.cells = { { first->cells[0].id, first->cells[0].tac, c->found[i].pci } } };
		name_of(i, n->name);
	}
}

static uint32_t under_way(const struct crowd *c)
{
	return c->numbers.moves - c->numbers.handed_over - c->numbers.moves_failed;
}

/* False: it is on its way. */
static bool move(struct crowd *c, uint32_t i)
{
	struct crowd_cell *home = &c->cells[i % c->config.gnb_count], *from = &c->cells[c->at[i]];
	char name[64];
	struct gnb_handover_order o = {
		.ue = home->ue_air, .index = ue_index(c->ues[i]), .gnb = name, .n2 = true
	};

	if (c->is_moving[i])
		return false;
	name_of((c->at[i] + 1u) % c->config.gnb_count, name);
	c->numbers.moves++;
	if (gnb_handover_begin(from->gnb, &o))
		c->numbers.moves_failed++;
	else
		c->is_moving[i] = true;
	crowd_pump(c, from);
	return true;
}

void crowd_move_feed(struct crowd *c)
{
	while (c->moves && c->numbers.moves < c->config.handovers &&
		under_way(c) < (c->config.in_flight_max ? c->config.in_flight_max : c->config.ue_count)) {
		if (!move(c, c->next_move))
			return; /* of those that went first this one is not there yet */
		c->next_move = (c->next_move + 1) % c->config.ue_count;
	}
}

void crowd_move_event(struct crowd *c, struct crowd_cell *home, const struct ue *ue, bool arrived)
{
	uint32_t i = (uint32_t)(ue_index(ue) * c->config.gnb_count + home->index);

	if (!c->is_moving || i >= c->config.ue_count || !c->is_moving[i])
		return;
	c->is_moving[i] = false;
	c->numbers.handed_over += arrived;
	c->numbers.moves_failed += !arrived;
	if (arrived)
		c->at[i] = (uint8_t)((c->at[i] + 1u) % c->config.gnb_count);
}

void crowd_hand_over(struct crowd *c)
{
	c->moves = true;
	crowd_move_feed(c);
}

bool crowd_handed_over(const struct crowd *c)
{
	return c->numbers.moves == c->config.handovers && under_way(c) == 0;
}
