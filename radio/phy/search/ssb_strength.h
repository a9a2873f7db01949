/*
 * How strong each SS/PBCH block of a cell's bursts is: SS-RSRP, SS-RSRQ and SS-SINR of 38.215 5.1.1, 5.1.3
 * and 5.1.5, the means over what a recording has of it. NR carrier RSSI is that of the block's own symbols
 * and resource blocks.
 */
#pragma once

#include "radio/phy/search/cells.h"
#include "radio/phy/search/ssb_bursts.h"

struct phy_ssb_strength {
	uint8_t index;
	uint8_t count; /* of them that were measured, 20 ms apart */
	float rsrp_db; /* a resource element, against a sample of power 1 */
	float rsrq_db, sinr_db;
};

struct phy_ssb_strengths {
	unsigned count; /* by index */
	struct phy_ssb_strength block[PHY_SSB_INDEX_MAX];
};

/* Of a cell that was found in the recording; blocks that are not sent, or too weak to tell, are left out.
 * Work is the caller's, of the recording's rate and the cell's spacing. */
void phy_ssb_strengths(struct phy_ssb_strengths *out, struct phy_bursts *work, const struct kern *k,
	const struct phy_recording *in, const struct phy_cell *cell, enum phy_ssb_case pattern);
