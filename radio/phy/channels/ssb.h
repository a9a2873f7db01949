/* The SS/PBCH block: its layout (38.211 7.4.3.1) and where in a half frame it may stand (38.213 4.1). */
#pragma once

#include "radio/phy/signals/grid.h"
#include "radio/phy/channels/pbch.h"
#include "radio/phy/signals/sync_signal.h"

enum {
	PHY_SSB_SUBCARRIERS = 240,
	PHY_SSB_PRB = 20,
	/* what is left of it on a channel of 3 MHz, around the same middle (7.4.3.1) */
	PHY_SSB_KEPT_AT = 48,
	PHY_SSB_KEPT = 144,
	PHY_SSB_SYMBOLS = 4,
	PHY_SSB_SYNC_AT = 56, /* the first subcarrier of PSS and SSS */
	PHY_SSB_INDEX_MAX = 64,
	PHY_SSB_PERIOD_MS = 20, /* that a UE may assume at first (38.213 4.1) */
};

/* The resource elements of a block: symbol after symbol, the lowest subcarrier first. */
struct phy_ssb {
	struct phy_cf re[PHY_SSB_SYMBOLS][PHY_SSB_SUBCARRIERS];
};

/* Where PBCH and its DM-RS stand, by their order, as indices of all of a block's elements (Table 7.4.3.1-1).
 */
struct phy_ssb_layout {
	uint16_t data[PHY_PBCH_SYMBOLS];
	uint16_t dmrs[PHY_PBCH_DMRS];
};

void phy_ssb_layout_init(struct phy_ssb_layout *layout, unsigned n_cell_id);

/* A whole block; false for what phy_pbch_transmit refuses. pss_gain: amplitude of the PSS, 1 or sqrt(2)
 * (38.213 4.1). */
bool phy_ssb_transmit(const struct phy_pbch *p, struct phy_ssb *out, const struct phy_pbch_payload *payload,
	unsigned l_max, unsigned n_cell_id, float pss_gain);

/* Takes away what a channel of 3 MHz does not hold: of a block to send, and of one that was received, where
 * nothing then stands for what says nothing. */
void phy_ssb_puncture(struct phy_ssb *block);

static inline unsigned phy_ssb_width(bool punctured)
{
	return punctured ? PHY_SSB_KEPT : PHY_SSB_SUBCARRIERS;
}

/* The patterns of 38.213 4.1, by their spacing: 15, 30, 30, 120 and 240 kHz. */
enum phy_ssb_case {
	PHY_SSB_CASE_A,
	PHY_SSB_CASE_B,
	PHY_SSB_CASE_C,
	PHY_SSB_CASE_D,
	PHY_SSB_CASE_E,
	PHY_SSB_CASES
};

/* The numerology of a case: the spacing is 15 kHz times 2 to its power. */
unsigned phy_ssb_mu(enum phy_ssb_case c);

/* L_max of a case at a carrier frequency; 8 for A to C where it is not known (0). unpaired matters for C. */
unsigned phy_ssb_l_max(enum phy_ssb_case c, uint64_t frequency_hz, bool unpaired);

/* The first symbol of a candidate block, of its own numerology, in the half frame. index is below 64, 8 for A
 * to C. */
unsigned phy_ssb_first_symbol(enum phy_ssb_case c, unsigned index);
