#include "radio/phy/mapping/pusch_allocation.h"

enum { NOMINAL_MAX = 32 /* numberOfRepetitions of PUSCH-TimeDomainResourceAllocation */ };

bool phy_pusch_time_legal(const struct phy_time_domain *t, bool extended)
{
	unsigned symbols = extended ? 12 : 14;

	if (t->l < 1 || t->s + t->l > (int)symbols)
		return false;
	return t->type_b || (t->s == 0 && t->l >= 4);
}

unsigned phy_pusch_hop_symbol(const struct phy_time_domain *t, enum phy_pusch_hopping hopping)
{
	return hopping == PHY_PUSCH_HOPPING_INTRA ? t->s + t->l / 2u : PHY_SYMBOLS_MAX;
}

unsigned phy_pusch_repetition_rv(unsigned rv, unsigned n)
{
	static const uint8_t order[4] = { 0, 2, 3, 1 };
	unsigned at = 0;

	while (order[at] != rv && at < 3)
		at++;
	return order[(at + n) % 4];
}

/* A repetition ends before symbol `end` of its slot. */
static unsigned close_one(struct phy_repetition *r, unsigned end, unsigned l)
{
	r->l = (uint8_t)(end - r->s);
	return r->l > 1 || l == 1;
}

unsigned phy_pusch_repetitions_b(struct phy_repetition *out, unsigned max, unsigned s, unsigned l,
	unsigned nominal, const uint16_t *invalid, unsigned invalid_n)
{
	unsigned n = 0;

	if (s >= PHY_SYMBOLS_MAX || l < 1 || l > PHY_SYMBOLS_MAX || nominal > NOMINAL_MAX)
		return 0;
	for (unsigned k = 0; k < nominal; k++) {
		struct phy_repetition now = { 0 };
		bool open = false;

		for (unsigned i = 0; i <= l && n < max; i++) {
			unsigned at = s + k * l + i, slot = at / PHY_SYMBOLS_MAX,
				 symbol = at % PHY_SYMBOLS_MAX;
			bool usable = i < l && (slot >= invalid_n || !(invalid[slot] >> symbol & 1));

			if (open && (!usable || symbol == 0)) { /* symbol 0: the slot before ended */
				open = false;
				out[n] = now;
				n += close_one(&out[n], symbol == 0 ? PHY_SYMBOLS_MAX : symbol, l);
			}
			if (usable && !open && n < max) {
				now = (struct phy_repetition){ (uint16_t)slot, (uint8_t)k, (uint8_t)symbol,
					0 };
				open = true;
			}
		}
	}
	return n;
}
