/*
 * What a PDSCH is matched around: resource elements declared as not available for it (38.214 5.1.4), as lists
 * of reservations of one slot.
 */
#pragma once

#include "radio/phy/signals/grid.h"

/* REs of blocks in a row, in some symbols: of an SS/PBCH block, a CORESET, a pattern, CSI-RS, CRS. */
struct phy_reserved {
	uint16_t symbols; /* of the slot, bit 0 for symbol 0 */
	uint16_t re;      /* of each resource block, bit 0 for subcarrier 0 */
	uint16_t first_crb;
	uint16_t prbs;
};

/* A list in the caller's room; what did not fit is counted, and the list then of no use. */
struct phy_reserved_list {
	struct phy_reserved *at;
	size_t room, n, lost;
};

/* RateMatchPattern, by bitmaps. */
struct phy_rate_match_pattern {
	uint16_t first_crb, prbs; /* of bit 0 of blocks: 0 at cell level, else the bandwidth part's */
	uint8_t blocks[(PHY_PRB_MAX + 7) / 8]; /* resourceBlocks, the first in the most significant bit */
	bool two_slots;
	uint32_t
		symbols; /* symbolsInResourceBlock, bit 0 for the first symbol; a slot's behind the other's */
	uint8_t period;  /* of periodicityAndPattern, in slots or pairs of them: 1 (not configured) to 40 */
	uint64_t pattern; /* bit 0 for the first */
};

/* What it takes in a slot of numerology mu; false for a period that there is not, or no blocks. */
bool phy_rate_match_pattern(struct phy_reserved_list *out, const struct phy_rate_match_pattern *p,
	unsigned mu, bool extended, unsigned sfn, unsigned slot);

/* lte-CRS-ToMatchAround; at 15 kHz. */
struct phy_lte_crs {
	uint16_t first; /* subcarrier of the common resource blocks where the LTE carrier begins */
	uint8_t prbs;   /* carrierBandwidthDL: 6, 15, 25, 50, 75 or 100 */
	uint8_t ports;  /* nrofCRS-Ports: 1, 2 or 4 */
	uint8_t v_shift;
	bool mbsfn; /* this is an MBSFN subframe */
};

/* The CRS of a slot (36.211 6.10.1.2); false for what LTE does not have. */
bool phy_lte_crs(struct phy_reserved_list *out, const struct phy_lte_crs *c);
