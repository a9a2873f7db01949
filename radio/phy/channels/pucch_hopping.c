/* Group, sequence and cyclic shift hopping of PUCCH (38.211 6.3.2.2). */
#include "radio/phy/channels/pucch_parts.h"

/* Eight bits of c from n on, the first the least significant. */
static unsigned gold_octet(struct phy_gold g, unsigned n)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < n / 32; i++)
		(void)phy_gold_next(&g);
	bits = phy_gold_next(&g);
	bits |= (uint64_t)phy_gold_next(&g) << 32;
	return bits >> n % 32 & 0xff;
}

unsigned pucch_group(const struct phy_pucch_config *c, unsigned slot, unsigned hop, unsigned *v)
{
	unsigned f_ss = c->hopping_id % 30u, n = 2 * slot + hop;
	struct phy_gold g;

	*v = 0;
	switch (c->groups) {
	case PHY_PUCCH_ENABLE:
		phy_gold_init(&g, c->hopping_id / 30u);
		return (gold_octet(g, 8 * n) + f_ss) % 30;
	case PHY_PUCCH_DISABLE:
		phy_gold_init(&g, c->hopping_id / 30u << 5 | f_ss);
		*v = gold_octet(g, n) & 1;
		return f_ss;
	default:
		return f_ss;
	}
}

void pucch_shifts(const struct phy_pucch_config *c, unsigned slot, uint8_t shifts[PHY_SYMBOLS_MAX])
{
	unsigned at = (slot * (c->extended ? 12u : 14u) + c->first_symbol) * 8;
	uint64_t bits;
	struct phy_gold g;

	phy_gold_init(&g, c->hopping_id);
	for (unsigned i = 0; i < at / 32; i++)
		(void)phy_gold_next(&g);
	bits = (uint64_t)phy_gold_next(&g) >> at % 32;
	for (unsigned l = 0, have = 32 - at % 32; l < c->symbols; l++, have -= 8, bits >>= 8) {
		if (have < 8) {
			bits |= (uint64_t)phy_gold_next(&g) << have;
			have += 32;
		}
		shifts[l] = (uint8_t)((bits & 0xff) % PUCCH_SHIFTS);
	}
}
