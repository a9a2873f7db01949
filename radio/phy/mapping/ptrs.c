#include "radio/phy/mapping/ptrs.h"

static unsigned time_density(const struct phy_ptrs_thresholds *t, unsigned mcs)
{
	if (!t->has_mcs)
		return 1;
	return mcs < t->mcs[0] ? 0 : mcs < t->mcs[1] ? 4 : mcs < t->mcs[2] ? 2 : 1;
}

static unsigned frequency_density(const struct phy_ptrs_thresholds *t, unsigned prbs)
{
	if (!t->has_prbs)
		return 2;
	return prbs < t->prbs[0] ? 0 : prbs < t->prbs[1] ? 2 : 4;
}

/* Is PT-RS left out of a PDSCH for which no thresholds are configured, as nobody needs it? */
static bool robust(const struct phy_ptrs_thresholds *t, const struct phy_ptrs_schedule *s)
{
	static const uint8_t least[] = { 0, 10, 5, 15, 3 };

	return !s->uplink && !t->has_mcs && !t->has_prbs &&
	       (s->mcs < least[s->mcs_table <= 4 ? s->mcs_table : 0] || s->prbs < 3);
}

/* Does the allocation end before PT-RS of this density would come? */
static bool brief(const struct phy_ptrs_schedule *s, unsigned density)
{
	if (s->uplink)
		return (s->symbols <= 2 && density > 1) || (s->symbols <= 4 && density > 2);
	return (s->symbols == 2 && density > 1) || (s->symbols == 4 && density > 2);
}

void phy_ptrs_density(
	struct phy_ptrs_config *c, const struct phy_ptrs_thresholds *t, const struct phy_ptrs_schedule *s)
{
	c->time_density = (uint8_t)time_density(t, s->mcs);
	c->frequency_density = (uint8_t)frequency_density(t, s->prbs);
	if (c->time_density == 0 || c->frequency_density == 0 || robust(t, s) || brief(s, c->time_density))
		c->time_density = c->frequency_density = 0;
}

uint16_t phy_ptrs_symbols(
	unsigned first, unsigned n, uint16_t dmrs_symbols, bool double_symbol, unsigned time_density)
{
	unsigned end = first + n, reference = first, i = 0, mask = 0;

	while (time_density > 0 && reference + i * time_density < end) {
		unsigned to = reference + i * time_density;
		unsigned from = i > 0 ? to - time_density + 1 : reference;
		unsigned met = dmrs_symbols & ((2u << to) - (1u << from));

		if (met == 0) {
			mask |= 1u << to;
			i++;
			continue;
		}
		reference = (unsigned)__builtin_ctz(met);
		if (double_symbol && !phy_dmrs_second(dmrs_symbols, reference))
			reference++;
		i = 1;
	}
	return (uint16_t)mask;
}

/* Table 7.4.1.2.2-1 */
int phy_ptrs_subcarrier(bool type2, unsigned port, unsigned re_offset)
{
	static const int8_t type_1[4][4] = { { 0, 2, 6, 8 }, { 2, 4, 8, 10 }, { 1, 3, 7, 9 },
		{ 3, 5, 9, 11 } };
	static const int8_t type_2[6][4] = { { 0, 1, 6, 7 }, { 1, 6, 7, 0 }, { 2, 3, 8, 9 }, { 3, 8, 9, 2 },
		{ 4, 5, 10, 11 }, { 5, 10, 11, 4 } };

	if (port >= (type2 ? ARRAY_LEN(type_2) : ARRAY_LEN(type_1)) || re_offset > 3)
		return -1;
	return type2 ? type_2[port][re_offset] : type_1[port][re_offset];
}

unsigned phy_ptrs_first_block(unsigned rnti, unsigned prbs, unsigned frequency_density)
{
	unsigned rest = prbs % frequency_density;

	return rnti % (rest == 0 ? frequency_density : rest);
}
