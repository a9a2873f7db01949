/* System information while a cell is followed (38.331 5.2.2.3.2): SIB1 again, and SI messages in their
 * windows. */
#include "ue/phy/parts.h"

void ue_phy_inform(struct ue_phy *p, bool sib1, uint16_t sibs, uint64_t until_ns)
{
	p->si.wants_sib1 = sib1;
	p->si.sibs = sibs;
	p->si.until_ns = until_ns;
}

const struct cell_space *ue_phy_space_of(const struct ue_phy *p, const struct cell_space *space)
{
	return space == &p->si.sib1 ? NULL : space;
}

/* 38.213 13: candidates of Table 10.1-1, in the slots of SIB1. */
static void add_space_0(struct ue_phy *p, unsigned *n)
{
	const struct cell *c = p->home;
	struct phy_pdcch_search *s = &p->pdcch[*n].search;
	struct phy_dci_layout l;

	if (!cell_dci_layout(&l, c, NULL, NULL, PHY_DCI_1_0_SI))
		return;
	p->si.sib1 = (struct cell_space){
		.there = true, .space = phy_type0_search_space, .coreset = c->type0.coreset
	};
	ue_phy_search_begin(p, *n, 0, c->type0.occasions.first_symbol);
	*s = (struct phy_pdcch_search){ .occasion = { .coreset = &p->si.sib1.coreset,
						.slot = p->now.slot,
						.first_symbol = c->type0.occasions.first_symbol,
						.n_id = c->pci },
		.rntis = 1,
		.rnti = { UE_PHY_SI_RNTI },
		.sizes = 1,
		.size = { l.bits } };
	s->candidates = (uint8_t)phy_search_space_candidates(
		&phy_type0_search_space, &p->si.sib1.coreset, p->now.slot, UE_PHY_SI_RNTI, s->candidate);
	p->space[(*n)++] = &p->si.sib1;
}

unsigned ue_phy_si_monitor(struct ue_phy *p, unsigned n)
{
	const struct cell *c = p->home;
	bool of_sib1 = cell_sib1_in_slot(c, p->now.sfn, p->now.slot), in_window;

	if (!p->si.wants_sib1 && p->si.sibs == 0)
		return n;
	if (p->now_ns >= p->si.until_ns) {
		ue_phy_inform(p, false, 0, 0);
		return n;
	}
	in_window = (cell_si_sibs(&c->si, p->now.sfn, p->now.slot, cell_frame_slots(c)) & p->si.sibs) != 0;
	if (of_sib1 && (p->si.wants_sib1 || (in_window && c->information.there && c->information.id == 0)))
		add_space_0(p, &n);
	if (in_window && c->information.there && c->information.id != 0)
		ue_phy_space_add(p, &n, &c->information, UE_PHY_SI_RNTI);
	return n;
}
