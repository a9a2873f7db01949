/* The resource elements of one antenna port over one slot: what channels write before OFDM and read behind
 * it. */
#pragma once

#include "radio/phy/signals/sequence.h"

enum {
	PHY_PRB_MAX = 275,    /* 38.211 4.4.2 */
	PHY_SC_PER_PRB = 12,  /* 4.4.4.1 */
	PHY_SYMBOLS_MAX = 14, /* of a slot, 4.3.2 */
};

struct phy_grid {
	struct phy_cf *re;  /* symbol after symbol, 12 * prbs subcarriers each; the caller's */
	uint16_t prbs;      /* 1 to PHY_PRB_MAX */
	uint16_t first_crb; /* the common resource block (4.4.4.3) of its subcarrier 0 */
	uint8_t symbols;    /* 14, or 12 with the extended prefix */
};

static inline struct phy_cf *phy_grid_at(const struct phy_grid *g, unsigned symbol, unsigned subcarrier)
{
	return g->re + (size_t)symbol * g->prbs * PHY_SC_PER_PRB + subcarrier;
}
