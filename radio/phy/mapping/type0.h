/* The Type0-PDCCH common search space, where SIB1 is scheduled: 38.213 13. */
#pragma once

#include "radio/phy/mapping/coreset0.h"
#include "radio/phy/mapping/search_space.h"

/* Where the Type0-PDCCH of one SS/PBCH block is monitored; everything in slots of the PDCCH's spacing. */
struct phy_type0 {
	bool with_ssb; /* in each frame that has the SS/PBCH block (patterns 2 and 3) */
	uint8_t occasions;
	struct {
		uint8_t sfn_odd; /* SFN mod 2 (pattern 1) */
		uint16_t slot;   /* of the frame */
	} at[2];
	uint8_t first_symbol;
};

/*
 * index: searchSpaceZero, the last four bits of pdcch-ConfigSIB1. ssb_index: i, below 64; half_frame: which
 * one the SS/PBCH blocks are in (patterns 2 and 3). False for what has no row.
 */
bool phy_type0_find(struct phy_type0 *t, const struct phy_coreset0_cell *cell, const struct phy_coreset0 *z,
	unsigned index, unsigned ssb_index, unsigned half_frame);

/* Whether it is monitored there; in_ssb_frame: the frame has the SS/PBCH block. */
bool phy_type0_monitored(const struct phy_type0 *t, unsigned sfn, unsigned slot, bool in_ssb_frame);

/* Its candidates: Table 10.1-1. For phy_search_space_candidates; the occasions are those of *t. */
extern const struct phy_search_space phy_type0_search_space;
