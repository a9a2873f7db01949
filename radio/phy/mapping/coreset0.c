#include "radio/phy/mapping/coreset0.h"

#include "radio/phy/mapping/tables.h"

static const struct {
	uint8_t ssb_scs_khz, pdcch_scs_khz, bands; /* bands: 1 << enum phy_band_class */
	const struct phy_coreset0_row *rows;
} tables[] = {
	{ 15, 15, 1 << PHY_BAND_3_MHZ, phy_coreset0_table_13_0 },
	{ 15, 15, 1 << PHY_BAND_5_MHZ, phy_coreset0_table_13_1 },
	{ 15, 15, 1 << PHY_BAND_SHARED, phy_coreset0_table_13_1A },
	{ 15, 30, 1 << PHY_BAND_5_MHZ, phy_coreset0_table_13_2 },
	{ 30, 15, 1 << PHY_BAND_5_MHZ, phy_coreset0_table_13_3 },
	{ 30, 30, 1 << PHY_BAND_5_MHZ, phy_coreset0_table_13_4 },
	{ 30, 30, 1 << PHY_BAND_SHARED, phy_coreset0_table_13_4A },
	{ 30, 15, 1 << PHY_BAND_40_MHZ, phy_coreset0_table_13_5 },
	{ 30, 30, 1 << PHY_BAND_40_MHZ, phy_coreset0_table_13_6 },
	{ 120, 60, 1 << PHY_BAND_FR2_1, phy_coreset0_table_13_7 },
	{ 120, 120, 1 << PHY_BAND_FR2_1, phy_coreset0_table_13_8 },
	{ 240, 60, 1 << PHY_BAND_FR2_1, phy_coreset0_table_13_9 },
	{ 240, 120, 1 << PHY_BAND_FR2_1, phy_coreset0_table_13_10 },
	{ 120, 120, 1 << PHY_BAND_FR2_2, phy_coreset0_table_13_10A },
};

bool phy_coreset0_find(struct phy_coreset0 *z, const struct phy_coreset0_cell *cell, unsigned index)
{
	if ((unsigned)cell->band >= PHY_BAND_CLASSES || index > 15)
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(tables); i++) {
		const struct phy_coreset0_row *row = &tables[i].rows[index];

		if (cell->ssb_scs_khz != tables[i].ssb_scs_khz ||
			cell->pdcch_scs_khz != tables[i].pdcch_scs_khz ||
			!(tables[i].bands >> cell->band & 1))
			continue;
		z->pattern = row->pattern;
		z->n_rb = row->n_rb;
		z->n_symb = row->n_symb;
		z->offset_rb = row->offset_rb[cell->k_ssb > 0];
		return row->pattern != 0;
	}
	return false;
}

bool phy_coreset0_init(struct phy_coreset *c, const struct phy_coreset0 *z, unsigned first_crb, unsigned pci)
{
	if (pci > PHY_CORESET_SHIFT_MAX || first_crb >= PHY_CRB_END || z->n_rb == 0 || z->n_rb % 6 != 0)
		return false;
	*c = (struct phy_coreset){
		.groups = (UINT64_C(1) << z->n_rb / 6) - 1,
		.first_crb = (uint16_t)first_crb,
		.dmrs_id = (uint16_t)pci,
		.n_shift = (uint16_t)pci,
		.n_symb = z->n_symb,
		.bundle = 6, /* 38.211 7.3.2.2: L = 6, R = 2 */
		.interleaver = 2,
		.interleaved = true,
		.own_reference = true,
	};
	return phy_coreset_init(c);
}
