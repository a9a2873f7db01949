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

/*
 * Table 13-0: 24 blocks are punctured to the 15 of the channel (38.211 7.3.2.2), rows 6 to 9 are not
 * interleaved. Rows 10 and 11 are of a channel of 5 MHz in n100, which is not offered.
 */
enum { ROWS_3_MHZ = 10, ROW_PLAIN = 6, RB_3_MHZ = 15 };

static bool find_3_mhz(struct phy_coreset0 *z, unsigned index)
{
	z->plain = index >= ROW_PLAIN;
	if (z->n_rb > RB_3_MHZ) {
		z->punctured = (uint8_t)(z->n_rb - RB_3_MHZ);
		z->n_rb = RB_3_MHZ;
	}
	return index < ROWS_3_MHZ;
}

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
		*z = (struct phy_coreset0){ .pattern = row->pattern,
			.n_rb = row->n_rb,
			.n_symb = row->n_symb,
			.offset_rb = row->offset_rb[cell->k_ssb > 0] };
		return row->pattern != 0 && (cell->band != PHY_BAND_3_MHZ || find_3_mhz(z, index));
	}
	return false;
}

bool phy_coreset0_init(struct phy_coreset *c, const struct phy_coreset0 *z, unsigned first_crb, unsigned pci)
{
	unsigned n_rb = z->n_rb + z->punctured;

	if (pci > PHY_CORESET_SHIFT_MAX || first_crb >= PHY_CRB_END || n_rb == 0 || n_rb % 6 != 0)
		return false;
	*c = (struct phy_coreset){
		.groups = (UINT64_C(1) << n_rb / 6) - 1,
		.first_crb = (uint16_t)first_crb,
		.dmrs_id = (uint16_t)pci,
		.n_shift = (uint16_t)pci,
		.n_symb = z->n_symb,
		.bundle = 6, /* 38.211 7.3.2.2: L = 6, R = 2 */
		.interleaver = 2,
		.interleaved = !z->plain,
		.punctured = z->punctured,
		.own_reference = true,
	};
	return phy_coreset_init(c);
}
