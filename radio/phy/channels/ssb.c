#include "radio/phy/channels/ssb.h"

/* The subcarriers of the second PBCH symbol that SSS and its guard take. */
enum { SSS_FROM = 48, SSS_TO = 192 };

void phy_ssb_layout_init(struct phy_ssb_layout *layout, unsigned n_cell_id)
{
	unsigned data = 0, dmrs = 0;

	for (unsigned l = 1; l < PHY_SSB_SYMBOLS; l++) {
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
			if (l == 2 && k >= SSS_FROM && k < SSS_TO)
				continue;
			if (k % 4 == n_cell_id % 4)
				layout->dmrs[dmrs++] = (uint16_t)(l * PHY_SSB_SUBCARRIERS + k);
			else
				layout->data[data++] = (uint16_t)(l * PHY_SSB_SUBCARRIERS + k);
		}
	}
}

bool phy_ssb_transmit(const struct phy_pbch *p, struct phy_ssb *out, const struct phy_pbch_payload *payload,
	unsigned l_max, unsigned n_cell_id, float pss_gain)
{
	struct phy_cf data[PHY_PBCH_SYMBOLS], dmrs[PHY_PBCH_DMRS], *all = out->re[0];
	struct phy_ssb_layout layout;
	int8_t pss[PHY_SYNC_LENGTH], sss[PHY_SYNC_LENGTH];

	if (!phy_pbch_transmit(p, data, payload, l_max, n_cell_id))
		return false;
	*out = (struct phy_ssb){ 0 };
	phy_pbch_dmrs(dmrs, n_cell_id, phy_pbch_i_bar(l_max, payload->ssb_index, payload->half_frame));
	phy_ssb_layout_init(&layout, n_cell_id);
	for (unsigned i = 0; i < PHY_PBCH_SYMBOLS; i++)
		all[layout.data[i]] = data[i];
	for (unsigned i = 0; i < PHY_PBCH_DMRS; i++)
		all[layout.dmrs[i]] = dmrs[i];
	phy_pss(pss, n_cell_id % PHY_CELL_ID_2S);
	phy_sss(sss, n_cell_id);
	for (unsigned i = 0; i < PHY_SYNC_LENGTH; i++) {
		out->re[0][PHY_SSB_SYNC_AT + i].re = pss_gain * (float)pss[i];
		out->re[2][PHY_SSB_SYNC_AT + i].re = (float)sss[i];
	}
	return true;
}

void phy_ssb_puncture(struct phy_ssb *block)
{
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
		for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++)
			if (k < PHY_SSB_KEPT_AT || k >= PHY_SSB_KEPT_AT + PHY_SSB_KEPT)
				block->re[l][k] = (struct phy_cf){ 0, 0 };
}

/* First symbols: at[i mod count] + step * n, where n is i / count, and one more after every fourth n in FR2.
 */
static const struct pattern {
	uint8_t mu, count, step, skip_after;
	uint8_t at[8];
} patterns[PHY_SSB_CASES] = {
	{ 0, 2, 14, 0, { 2, 8 } }, { 1, 4, 28, 0, { 4, 8, 16, 20 } }, { 1, 2, 14, 0, { 2, 8 } },
	{ 3, 4, 28, 4, { 4, 8, 16, 20 } },                  /* n = 0 to 3, 5 to 8, 10 to 13, 15 to 18 */
	{ 4, 8, 56, 4, { 8, 12, 16, 20, 32, 36, 40, 44 } }, /* n = 0 to 3, 5 to 8 */
};

unsigned phy_ssb_mu(enum phy_ssb_case c)
{
	return patterns[c].mu;
}

unsigned phy_ssb_l_max(enum phy_ssb_case c, uint64_t frequency_hz, bool unpaired)
{
	uint64_t four_to_hz = c == PHY_SSB_CASE_C && unpaired ? 1880000000 : 3000000000;

	if (c >= PHY_SSB_CASE_D)
		return 64;
	return frequency_hz > 0 && frequency_hz <= four_to_hz - (c == PHY_SSB_CASE_C && unpaired) ? 4 : 8;
}

unsigned phy_ssb_first_symbol(enum phy_ssb_case c, unsigned index)
{
	const struct pattern *p = &patterns[c];
	unsigned n = index / p->count;

	if (p->skip_after > 0)
		n += n / p->skip_after;
	return p->at[index % p->count] + p->step * n;
}
