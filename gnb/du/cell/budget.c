/* 38.213 10.1: a UE looks for so many PDCCH candidates and CCEs a slot, and leaves out what is beyond. What
 * it has of its own must be within that in each slot, beside what all UEs look for. */
#include "radio/cell/grant.h"
#include "radio/phy/mapping/pdcch_budget.h"

#include "gnb/du/cell/served_cell.h"

static void add_size(struct phy_pdcch_set *set, const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, enum phy_dci_kind kind)
{
	struct phy_dci_layout l;

	if (!cell_dci_layout(&l, c, own, space, kind))
		return;
	for (unsigned i = 0; i < set->sizes; i++)
		if (set->size[i] == l.bits)
			return;
	set->size[set->sizes++] = l.bits;
}

static struct phy_pdcch_set set_of(const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, unsigned slot, uint16_t rnti)
{
	struct phy_pdcch_set set = { .index = space->id,
		.ue_specific = space->space.ue_specific,
		.coreset_id = space->coreset_id,
		.symbols = space->space.symbols,
		.scrambling = c->pci };

	set.candidates = (uint8_t)phy_search_space_candidates(
		&space->space, &space->coreset, slot, rnti, set.candidate);
	add_size(&set, c, own, space, space->configured ? PHY_DCI_0_1 : PHY_DCI_0_0);
	add_size(&set, c, own, space, space->configured ? PHY_DCI_1_1 : PHY_DCI_1_0_C);
	return set;
}

/* Search space 0, in the slots of SIB1. */
static struct phy_pdcch_set set_of_sib1(const struct cell *c, unsigned slot)
{
	struct phy_pdcch_set set = { .symbols = (uint16_t)(1u << c->type0.occasions.first_symbol),
		.scrambling = c->pci };

	set.candidates = (uint8_t)phy_search_space_candidates(
		&phy_type0_search_space, &c->type0.coreset, slot, 0, set.candidate);
	add_size(&set, c, NULL, NULL, PHY_DCI_1_0_SI);
	return set;
}

/* Of a UE, in a slot. */
static bool slot_fits(
	const struct served_cell *s, const struct cell_own *own, unsigned sfn, unsigned slot, uint16_t rnti)
{
	const struct phy_pdcch_budget most = phy_pdcch_budget_max(s->cell.mu);
	struct phy_pdcch_set sets[3];
	struct phy_pdcch_budget used;
	unsigned n = 0;

	sets[n++] = set_of(&s->cell, own, &s->cell.random_access, slot, rnti);
	sets[n++] = set_of(&s->cell, own, &own->spaces[0], slot, rnti);
	if (cell_sib1_in_slot(&s->cell, sfn, slot))
		sets[n++] = set_of_sib1(&s->cell, slot);
	return phy_pdcch_monitored(sets, n, s->cell.mu, &used) == (1u << n) - 1 &&
	       used.candidates <= most.candidates && used.cces <= most.cces;
}

bool served_cell_within_budget(const struct served_cell *s, const struct cell_own *own)
{
	static const uint16_t rntis[] = { 0x4601, 0x4602, 0x4603 }; /* which choose the candidates */
	bool fits = true;

	for (unsigned slot = 0; slot < 2 * cell_frame_slots(&s->cell); slot++)
		for (unsigned i = 0; i < ARRAY_LEN(rntis); i++)
			fits = fits && slot_fits(s, own, slot / cell_frame_slots(&s->cell),
					       slot % cell_frame_slots(&s->cell), rntis[i]);
	return fits;
}
