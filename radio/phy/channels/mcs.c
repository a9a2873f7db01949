#include "radio/phy/channels/mcs.h"

#include "radio/phy/channels/tables.h"

enum {
	N_INFO_SMALL = 3824, /* above, the size is computed, not looked up */
	N_RE_MAX = 156,      /* of a PRB */
	RATE_QUARTER_X2048 = 512,
	RATE_LBRM_X2048 = 2 * 948,
};

const struct phy_mcs *phy_mcs_row(enum phy_mcs_table table, unsigned mcs)
{
	static const struct phy_mcs *const tables[PHY_MCS_TABLES] = {
		[PHY_MCS_64QAM] = phy_mcs_table1_pdsch_64qam,
		[PHY_MCS_256QAM] = phy_mcs_table2_pdsch_256qam,
		[PHY_MCS_64QAM_LOW_SE] = phy_mcs_table3_pdsch_64qam_lowse,
		[PHY_MCS_1024QAM] = phy_mcs_table4_pdsch_1024qam,
		[PHY_MCS_TP_64QAM] = phy_mcs_pusch_tp_table1,
		[PHY_MCS_TP_64QAM_LOW_SE] = phy_mcs_pusch_tp_table2,
		[PHY_MCS_TP_PI2_64QAM] = phy_mcs_pusch_tp_table1_pi2,
		[PHY_MCS_TP_PI2_64QAM_LOW_SE] = phy_mcs_pusch_tp_table2_pi2,
	};

	return (unsigned)table < PHY_MCS_TABLES && mcs < PHY_MCS_ROWS ? &tables[table][mcs] : NULL;
}

static unsigned log2_floor(uint64_t v)
{
	return 63 - (unsigned)__builtin_clzll(v);
}

static uint32_t ceil_div(uint32_t a, uint32_t b)
{
	return (a + b - 1) / b;
}

static uint32_t small_tbs(uint64_t n_info)
{
	unsigned log = n_info > 0 ? log2_floor(n_info) : 0, n = log > 9 ? log - 6 : 3, i = 0;
	uint64_t want = n_info >> n << n;

	if (want < 24)
		want = 24;
	while (phy_tbs_table[i] < want)
		i++;
	return phy_tbs_table[i];
}

uint32_t phy_tbs_from_info(uint64_t n_info_x8192, unsigned rate_x2048)
{
	const uint64_t one = 8192;
	unsigned n;
	uint64_t above;
	uint32_t want, blocks = 1;

	if (n_info_x8192 <= N_INFO_SMALL * one)
		return small_tbs(n_info_x8192 / one);
	above = n_info_x8192 - 24 * one;
	n = log2_floor(above / one) - 5;
	want = (uint32_t)((above + (one << n) / 2) / (one << n) << n); /* halves go up */
	if (want < 3840)
		want = 3840;
	if (rate_x2048 <= RATE_QUARTER_X2048)
		blocks = ceil_div(want + 24, 3816);
	else if (want > 8424)
		blocks = ceil_div(want + 24, 8424);
	return 8 * blocks * ceil_div(want + 24, 8 * blocks) - 24;
}

uint32_t phy_tbs_bits(const struct phy_tbs *t)
{
	static const uint8_t quarters[] = { 4, 2, 1 };
	unsigned taken = t->dmrs_re + t->overhead, all = 12u * t->symbols, re;

	if (t->prbs < 1 || t->prbs > 275 || t->symbols > 14 || all <= taken || t->layers < 1 ||
		t->layers > 4 || t->q_m < 1 || t->q_m > 10 || t->rate_x2048 < 1 || t->rate_x2048 >= 2048 ||
		t->overhead > 18 || t->overhead % 6 || (unsigned)t->scaling > PHY_TB_SCALING_QUARTER)
		return 0;
	re = all - taken < N_RE_MAX ? all - taken : N_RE_MAX;
	return phy_tbs_from_info(
		(uint64_t)re * t->prbs * t->q_m * t->layers * t->rate_x2048 * quarters[t->scaling],
		t->rate_x2048);
}

uint32_t phy_tbs_lbrm(unsigned prbs, unsigned layers, unsigned q_m)
{
	/* Table 5.4.2.1-1 */
	static const uint16_t sizes[] = { 32, 66, 107, 135, 162, 217, 273 };
	unsigned i = 0;

	if (prbs < 1 || prbs > 275 || layers < 1 || layers > 4 || (q_m != 6 && q_m != 8 && q_m != 10))
		return 0;
	while (i + 1 < ARRAY_LEN(sizes) && sizes[i] < prbs)
		i++;
	return phy_tbs_from_info(
		(uint64_t)N_RE_MAX * sizes[i] * q_m * layers * RATE_LBRM_X2048 * 4, RATE_LBRM_X2048);
}
