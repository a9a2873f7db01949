/* Search spaces: when a UE looks for PDCCHs, and at which CCEs (38.213 10.1). */
#pragma once

#include "radio/phy/mapping/coreset.h"

enum {
	PHY_ALS = 5,              /* aggregation levels 1, 2, 4, 8, 16 */
	PHY_CANDIDATES_OF_AL = 8, /* nrofCandidates is at most n8 */
	PHY_CANDIDATES_MAX = PHY_ALS * PHY_CANDIDATES_OF_AL,
};

struct phy_search_space {
	uint16_t period;   /* k_s, slots */
	uint16_t offset;   /* o_s, below the period */
	uint16_t duration; /* T_s, slots of a period: 1, or less than the period */
	uint16_t symbols;  /* monitoringSymbolsWithinSlot: bit l is symbol l, where the CORESET begins */
	uint8_t candidates[PHY_ALS]; /* M of each level: 0 to 6 or 8 */
	uint8_t coreset_id;          /* p of A_p, 0 to 15; of a UE-specific one */
	bool ue_specific;
};

/* One place where a PDCCH may be. */
struct phy_candidate {
	uint8_t cce, al;
};

/* Whether the standard allows it, with a CORESET of n_symb symbols. */
bool phy_search_space_valid(const struct phy_search_space *s, unsigned n_symb);

/*
 * The symbols, as a mask, where the CORESET begins for this search space in a slot, 0 if it is not monitored
 * there. slot: within the frame, below slots_per_frame.
 */
uint16_t phy_search_space_monitored(
	const struct phy_search_space *s, unsigned sfn, unsigned slot, unsigned slots_per_frame);

/*
 * The candidates in a slot of its frame, from the most CCEs to the fewest, each once. rnti: the C-RNTI, for a
 * UE-specific search space. Returns how many.
 */
unsigned phy_search_space_candidates(const struct phy_search_space *s, const struct phy_coreset *c,
	unsigned slot, uint16_t rnti, struct phy_candidate out[PHY_CANDIDATES_MAX]);
