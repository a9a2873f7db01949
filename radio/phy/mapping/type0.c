#include "radio/phy/mapping/type0.h"

#include "radio/phy/mapping/tables.h"

const struct phy_search_space phy_type0_search_space = {
	.period = 1,
	.duration = 1,
	.symbols = 1,
	.candidates = { 0, 0, 4, 2, 1 },
};

static unsigned slots_per_frame(const struct phy_coreset0_cell *cell)
{
	return cell->pdcch_scs_khz / 15 * 10;
}

/* Tables 13-11 and 13-12: two slots from n_0 on. */
static bool find_pattern1(struct phy_type0 *t, const struct phy_coreset0_cell *cell,
	const struct phy_coreset0 *z, unsigned index, unsigned i)
{
	const struct phy_searchspace0_row *row = cell->band < PHY_BAND_FR2_1
							 ? &phy_searchspace0_table_13_11[index]
							 : &phy_searchspace0_table_13_12[index];
	unsigned n = slots_per_frame(cell), first, symbols = z->n_symb;

	if (row->per_slot == 0)
		return false;
	/* O 2^mu + floor(i M); 2^mu = scs / 15, and 5 * 2^mu / 2 is whole for the spacings that have such O
	 */
	first = row->o_x2 * (cell->pdcch_scs_khz / 15u) / 2 + i * row->m_x2 / 2;
	t->with_ssb = false;
	t->occasions = 2;
	for (unsigned k = 0; k < 2; k++) {
		t->at[k].sfn_odd = (first + k) / n % 2;
		t->at[k].slot = (uint16_t)((first + k) % n);
	}
	t->first_symbol =
		(uint8_t)(row->first_symbol[i % 2] < 0 ? symbols : (unsigned)row->first_symbol[i % 2]);
	return true;
}

/* 4.1, cases D and E: the slot at 120 kHz, within the half frame, of the first symbol of SS/PBCH block i. */
static unsigned ssb_slot_120(const struct phy_coreset0_cell *cell, unsigned i)
{
	static const uint8_t d[4] = { 4, 8, 16, 20 }, e[8] = { 8, 12, 16, 20, 32, 36, 40, 44 };
	/* n: 0 to 3, 5 to 8, ... at 120 kHz; 0 to 3, 5 to 8 at 240 */
	unsigned n = cell->ssb_scs_khz == 120 ? i / 4 : i / 8;

	n += n / 4;
	return cell->ssb_scs_khz == 120 ? (d[i % 4] + 28 * n) / 14 : (e[i % 8] + 56 * n) / 28;
}

/* Tables 13-13 to 13-15. */
static bool find_pattern23(struct phy_type0 *t, const struct phy_coreset0_cell *cell,
	const struct phy_coreset0 *z, unsigned i, unsigned half_frame)
{
	static const struct {
		uint16_t ssb_scs_khz, pdcch_scs_khz;
		uint8_t pattern, first_symbol[8];
		uint8_t slot_before; /* bit i mod 8: in the slot before the SS/PBCH block's */
	} rows[] = {
		{ 120, 60, 2, { 0, 1, 6, 7, 0, 1, 6, 7 }, 0 },
		{ 240, 120, 2, { 0, 1, 2, 3, 12, 13, 0, 1 }, 0x30 },
		{ 120, 120, 3, { 4, 8, 2, 6, 4, 8, 2, 6 }, 0 },
	};
	unsigned slot;

	for (unsigned r = 0; r < ARRAY_LEN(rows); r++) {
		if (rows[r].ssb_scs_khz != cell->ssb_scs_khz ||
			rows[r].pdcch_scs_khz != cell->pdcch_scs_khz || rows[r].pattern != z->pattern)
			continue;
		slot = ssb_slot_120(cell, i) * cell->pdcch_scs_khz / 120;
		t->with_ssb = true;
		t->occasions = 1;
		t->at[0].sfn_odd = 0;
		t->at[0].slot = (uint16_t)(half_frame * slots_per_frame(cell) / 2 + slot -
					   (rows[r].slot_before >> i % 8 & 1));
		t->first_symbol = rows[r].first_symbol[i % 8];
		return true;
	}
	return false;
}

bool phy_type0_find(struct phy_type0 *t, const struct phy_coreset0_cell *cell, const struct phy_coreset0 *z,
	unsigned index, unsigned ssb_index, unsigned half_frame)
{
	unsigned blocks =
		cell->band < PHY_BAND_FR2_1 ? 8 : 64; /* L_max of 4.1; up to 20 with shared spectrum */

	if (cell->band == PHY_BAND_SHARED)
		blocks = 20;
	if (index > 15 || ssb_index >= blocks || half_frame > 1 || cell->pdcch_scs_khz < 15 ||
		(unsigned)cell->band >= PHY_BAND_CLASSES)
		return false;
	if (z->pattern == 1)
		return find_pattern1(t, cell, z, index, ssb_index);
	return index == 0 && find_pattern23(t, cell, z, ssb_index, half_frame);
}

bool phy_type0_monitored(const struct phy_type0 *t, unsigned sfn, unsigned slot, bool in_ssb_frame)
{
	for (unsigned i = 0; i < t->occasions; i++) {
		if (t->at[i].slot == slot && (t->with_ssb ? in_ssb_frame : t->at[i].sfn_odd == sfn % 2))
			return true;
	}
	return false;
}
