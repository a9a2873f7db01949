/* A search space of the slot at hand (38.213 10.1). */
#include "ue/phy/parts.h"

static void add_size(struct phy_pdcch_search *s, const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, enum phy_dci_kind kind)
{
	struct phy_dci_layout l;

	if (!cell_dci_layout(&l, c, own, space, kind))
		return;
	for (unsigned i = 0; i < s->sizes; i++)
		if (s->size[i] == l.bits)
			return;
	s->size[s->sizes++] = l.bits;
}

void ue_phy_search_begin(struct ue_phy *p, unsigned n, uint8_t coreset_id, unsigned first_symbol)
{
	p->pdcch[n].found_n = 0;
	p->pdcch[n].after = NULL;
	for (unsigned i = n; i-- > 0 && !p->pdcch[n].after;)
		if (p->space[i]->coreset_id == coreset_id &&
			p->pdcch[i].search.occasion.first_symbol == first_symbol)
			p->pdcch[n].after = &p->pdcch[i];
}

void ue_phy_space_add(struct ue_phy *p, unsigned *n, const struct cell_space *space, uint16_t rnti)
{
	const struct cell *c = p->cell;
	struct phy_pdcch_search *s = &p->pdcch[*n].search;
	uint16_t symbols =
		phy_search_space_monitored(&space->space, p->now.sfn, p->now.slot, cell_frame_slots(c));

	symbols &= cell_slot_format(c, p->now.sfn, p->now.slot).downlink;
	if (rnti == 0 || symbols == 0)
		return;
	ue_phy_search_begin(p, *n, space->coreset_id, (unsigned)__builtin_ctz(symbols));
	*s = (struct phy_pdcch_search){ .occasion = { .coreset = &space->coreset,
						.slot = p->now.slot,
						.first_symbol = (uint8_t)__builtin_ctz(symbols),
						.n_id = c->pci },
		.rntis = 1,
		.rnti = { rnti } };
	s->candidates = (uint8_t)phy_search_space_candidates(
		&space->space, &space->coreset, p->now.slot, rnti, s->candidate);
	add_size(s, c, &p->own, space, space->configured ? PHY_DCI_0_1 : PHY_DCI_0_0);
	add_size(s, c, &p->own, space, space->configured ? PHY_DCI_1_1 : PHY_DCI_1_0_C);
	p->space[(*n)++] = space;
}
