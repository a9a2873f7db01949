#include "radio/phy/channels/type0_pdcch.h"

enum { SI_RNTI = 0xffff }; /* 38.321 Table 7.1-1 */

bool phy_type0_pdcch_init(struct phy_type0_pdcch *p, const struct phy_coreset0_cell *cell,
	uint8_t pdcch_config_sib1, unsigned pci, unsigned ssb_crb, unsigned ssb_index, unsigned half_frame)
{
	struct phy_dci_bandwidth width = { 0 };
	int first;

	if (!phy_coreset0_find(&p->table, cell, pdcch_config_sib1 >> 4) || ssb_crb >= PHY_CRB_END)
		return false;
	first = (int)ssb_crb - p->table.offset_rb;
	if (first < 0 || !phy_coreset0_init(&p->coreset, &p->table, (unsigned)first, pci))
		return false;
	p->pci = (uint16_t)pci;
	width.initial_dl = p->table.n_rb;
	return phy_dci_layout_common(&p->layout, PHY_DCI_1_0_SI, &width) &&
	       phy_type0_find(&p->occasions, cell, &p->table, pdcch_config_sib1 & 15, ssb_index, half_frame);
}

static struct phy_pdcch_search search(const struct phy_type0_pdcch *p, unsigned slot)
{
	struct phy_pdcch_search s = {
		.occasion = { .coreset = &p->coreset,
			.slot = (uint16_t)slot,
			.first_symbol = p->occasions.first_symbol,
			.n_id = p->pci },
		.sizes = 1,
		.size = { p->layout.bits },
		.rntis = 1,
		.rnti = { SI_RNTI },
	};

	s.candidates = (uint8_t)phy_search_space_candidates(
		&phy_type0_search_space, &p->coreset, slot, SI_RNTI, s.candidate);
	return s;
}

bool phy_type0_pdcch_transmit(const struct phy_type0_pdcch *p, struct phy_polar_cache *codes, unsigned slot,
	unsigned al, const struct phy_dci *dci, float amplitude, struct phy_grid *grid)
{
	struct phy_pdcch_search s = search(p, slot);
	struct phy_pdcch_output to = { .amplitude = amplitude, .ports = grid };
	uint8_t bits[PHY_DCI_OCTETS];

	if (!phy_dci_pack(&p->layout, dci, bits))
		return false;
	for (unsigned i = 0; i < s.candidates; i++) {
		if (s.candidate[i].al == al)
			return phy_pdcch_transmit(
				codes, &s.occasion, s.candidate[i], SI_RNTI, bits, p->layout.bits, &to);
	}
	return false;
}

bool phy_type0_pdcch_receive(const struct phy_type0_pdcch *p, struct phy_pdcch_receiver *rx,
	const struct kern *kern, unsigned slot, const struct phy_grid *grid, struct phy_dci *dci,
	struct phy_pdcch_found *found)
{
	struct phy_pdcch_search s = search(p, slot);
	struct phy_pdcch_found all[PHY_CANDIDATES_MAX];
	unsigned n = phy_pdcch_find(rx, kern, &s, grid, 1, all, PHY_CANDIDATES_MAX);

	for (unsigned i = 0; i < n; i++) {
		if (phy_dci_unpack(&p->layout, all[i].dci, dci)) {
			if (found)
				*found = all[i];
			return true;
		}
	}
	return false;
}
