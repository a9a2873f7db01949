#include "radio/phy/mapping/ptrs_groups.h"

#include <math.h>

struct phy_ptrs_groups phy_ptrs_groups_of(const uint16_t thresholds[5], unsigned prbs)
{
	static const struct phy_ptrs_groups rows[] = { { 0, 0 }, { 2, 2 }, { 2, 4 }, { 4, 2 }, { 4, 4 },
		{ 8, 4 } };
	unsigned row = 0;

	for (unsigned i = 0; i < 5; i++) {
		if (prbs >= thresholds[i])
			row = i + 1;
	}
	return rows[row];
}

/* Where group s begins: Table 6.4.1.2.2.2-1. */
static unsigned group_at(const struct phy_ptrs_groups *g, unsigned s, unsigned m)
{
	unsigned last = g->groups - 1u;

	if (g->samples == 2) /* in the middle of each part */
		return (2 * s + 1) * m / (2u * g->groups) - 1;
	if (s == 0) /* at both ends, and between */
		return 0;
	if (s == last)
		return m - 4;
	return s * m / g->groups + m / (2u * g->groups) - 2;
}

unsigned phy_ptrs_samples(uint16_t at[PHY_PTRS_SAMPLES_MAX], const struct phy_ptrs_groups *g, unsigned m)
{
	bool small = (g->groups == 2 || g->groups == 4) && (g->samples == 2 || g->samples == 4);
	unsigned n = 0;

	if ((!small && (g->groups != 8 || g->samples != 4)) || m < 12 || m < 2u * g->groups * g->samples)
		return 0;
	for (unsigned s = 0; s < g->groups; s++) {
		for (unsigned k = 0; k < g->samples; k++)
			at[n++] = (uint16_t)(group_at(g, s, m) + k);
	}
	return n;
}

uint32_t phy_ptrs_c_init(unsigned n_id, unsigned slot_symbols, unsigned slot, unsigned symbol)
{
	uint64_t time = (uint64_t)slot_symbols * slot + symbol + 1;

	return (uint32_t)((time * (2 * n_id + 1) << 17) + 2 * n_id) & 0x7fffffff;
}

void phy_ptrs_sequence(struct phy_cf out[PHY_PTRS_SAMPLES_MAX], const struct phy_ptrs_groups *g,
	const uint16_t at[PHY_PTRS_SAMPLES_MAX], uint32_t c_init, unsigned rnti)
{
	static const int8_t w[4][4] = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 },
		{ 1, -1, -1, 1 } };
	struct phy_gold gold;
	uint32_t c;

	phy_gold_init(&gold, c_init);
	c = phy_gold_next(&gold);
	for (unsigned i = 0; i < (unsigned)g->groups * g->samples; i++) {
		float v = (c >> i & 1 ? -1 : 1) * w[rnti % g->samples][i % g->samples] * (float)M_SQRT1_2;

		/* (1 + j) v, turned by a right angle at odd places as pi/2-BPSK is */
		out[i] = (struct phy_cf){ at[i] % 2 ? -v : v, v };
	}
}
