/* Where a PUSCH lies in time, and how it hops: 38.214 6.1.2.1, 6.3. Resource blocks as PDSCH has them. */
#pragma once

#include "radio/phy/mapping/pdsch_allocation.h"

enum phy_pusch_hopping {
	PHY_PUSCH_NO_HOPPING,
	PHY_PUSCH_HOPPING_INTRA, /* within the slot: the second half of the symbols elsewhere */
	PHY_PUSCH_HOPPING_INTER, /* odd slots elsewhere */
	PHY_PUSCH_HOPPINGS,
};

/* Is this a combination of Table 6.1.2.1-1? Actual repetitions of type B: 1 to 14 symbols anywhere. */
bool phy_pusch_time_legal(const struct phy_time_domain *t, bool extended);

/* The first symbol of the second hop (6.3.1), or behind the slot without one. */
unsigned phy_pusch_hop_symbol(const struct phy_time_domain *t, enum phy_pusch_hopping hopping);

/* The redundancy version of repetition n when the DCI gave `rv` (Table 6.1.2.1-2); rv 0 to 3. */
unsigned phy_pusch_repetition_rv(unsigned rv, unsigned n);

/*
 * Repetition type B (6.1.2.1): nominal repetitions of l symbols one behind the other, from symbol s of the
 * first slot on. An actual repetition is what a slot's end and symbols that are not the uplink's leave of
 * one.
 */
struct phy_repetition {
	uint16_t slot;   /* after the first */
	uint8_t nominal; /* of which it is a part */
	uint8_t s, l;
};

enum { PHY_REPETITIONS_MAX = 128 };

/*
 * Fills out with at most `max` and returns how many there are: none for s above 13, l not 1 to 14 or nominal
 * above 32. invalid[slot]: masks of symbols that may not be used (bit 0 for symbol 0), of invalid_n slots;
 * more are free. A repetition of one symbol is left out unless l is 1.
 */
unsigned phy_pusch_repetitions_b(struct phy_repetition *out, unsigned max, unsigned s, unsigned l,
	unsigned nominal, const uint16_t *invalid, unsigned invalid_n);
