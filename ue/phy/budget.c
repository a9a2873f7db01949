/* 38.213 10.1: of UE-specific search space sets only those are monitored that stay, with the common ones,
 * within so many PDCCH candidates and CCEs a slot. */
#include "radio/phy/mapping/pdcch_budget.h"
#include "ue/phy/parts.h"

_Static_assert((int)UE_PHY_SPACES <= (int)PHY_PDCCH_SETS_MAX, "all are counted at once");
_Static_assert((int)PHY_PDCCH_SIZES <= (int)PHY_PDCCH_SET_SIZES, "with all their sizes");

static struct phy_pdcch_set set_of(const struct cell_space *space, const struct phy_pdcch_search *s)
{
	struct phy_pdcch_set out = { .index = space->id,
		.ue_specific = space->space.ue_specific,
		.coreset_id = space->coreset_id,
		.symbols = (uint16_t)(1u << s->occasion.first_symbol),
		.scrambling = ((uint32_t)s->occasion.n_rnti << 16) + s->occasion.n_id,
		.sizes = s->sizes,
		.candidates = s->candidates };

	for (unsigned i = 0; i < s->sizes; i++)
		out.size[i] = s->size[i];
	for (unsigned i = 0; i < s->candidates; i++)
		out.candidate[i] = s->candidate[i];
	return out;
}

void ue_phy_keep_budget(struct ue_phy *p, unsigned spaces)
{
	struct phy_pdcch_set sets[UE_PHY_SPACES] = { { 0 } };
	struct phy_pdcch_budget used;
	uint16_t monitored;

	for (unsigned i = 0; i < spaces; i++)
		sets[i] = set_of(p->space[i], &p->pdcch[i].search);
	monitored = phy_pdcch_monitored(sets, spaces, p->cell->mu, &used);
	for (unsigned i = 0; i < spaces; i++) {
		if (monitored >> i & 1)
			continue;
		p->pdcch[i].search.candidates = 0;
		p->stat[UE_PHY_STAT_SPACES_LEFT]++;
	}
}
