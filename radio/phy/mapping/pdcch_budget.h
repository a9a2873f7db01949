/*
 * What of its search space sets a UE monitors in a slot of a cell (38.213 10.1): PDCCH candidates and
 * non-overlapped CCEs up to Tables 10.1-2 and 10.1-3, common sets first, then UE-specific ones by their
 * index until one does not fit. Both ends go by it: a gNB sends nothing in a set that is left out.
 */
#pragma once

#include "radio/phy/mapping/search_space.h"

enum { PHY_PDCCH_SETS_MAX = 10, PHY_PDCCH_SET_SIZES = 4 };

/* A search space set in a slot. */
struct phy_pdcch_set {
	uint8_t index; /* searchSpaceId */
	bool ue_specific;
	uint8_t coreset_id;
	uint16_t symbols;    /* mask: where its CORESET begins in the slot; 0 where it is not monitored */
	uint32_t scrambling; /* c_init of 38.211 7.3.2.3: candidates scrambled otherwise are others */
	uint8_t sizes;
	uint8_t size[PHY_PDCCH_SET_SIZES]; /* bits of its DCI formats, no two alike */
	uint8_t candidates;
	struct phy_candidate candidate[PHY_CANDIDATES_MAX];
};

struct phy_pdcch_budget {
	uint16_t candidates, cces;
};

/* Tables 10.1-2 and -3; mu is 0 to 3. */
struct phy_pdcch_budget phy_pdcch_budget_max(unsigned mu);

/*
 * Which of up to PHY_PDCCH_SETS_MAX sets are monitored, as a mask of their places; *used is what they take.
 * Common sets always are: to keep those within the tables is the gNB's duty, and *used tells.
 */
uint16_t phy_pdcch_monitored(
	const struct phy_pdcch_set *sets, unsigned n, unsigned mu, struct phy_pdcch_budget *used);
