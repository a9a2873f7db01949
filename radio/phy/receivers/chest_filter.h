/*
 * The filters of the channel estimator: for a channel whose delays fill a window evenly, known only by noisy
 * pilots, the linear estimate of least mean square error at each subcarrier. Made once, read by all threads.
 *
 * A pilot here is the mean over the two REs of a DM-RS port's frequency cover code (38.211 7.4.1.1.2), so
 * that ports of the same CDM group fall out: a cell of 4 subcarriers with configuration type 1, of 6 with 2.
 */
#pragma once

#include "base/bytes.h"

enum {
	PHY_CHEST_WIDTHS = 8, /* windows of delay */
	PHY_CHEST_SNRS = 4,
	PHY_CHEST_LEVELS = 5, /* filters reach over 1, 2, 4, 8 or 16 resource blocks */
	PHY_CHEST_LEAD = 4,   /* subcarriers before the first cell, for ports that begin later in a block */
};

struct phy_chest_filter {
	/* cols pilots to rows subcarriers, [cols][rows]; the first PHY_CHEST_LEAD rows lie before the cells
	 */
	const float *m;
	uint16_t rows, cols;
	float gain;   /* noise of a subcarrier in the middle, over that of a pilot */
	float middle; /* what is left of a pilot's noise in pilot less estimate, in the middle */
	float edges;  /* the same, summed over all cells but the middle one */
};

struct phy_chest_filters;

/* NULL when memory is out; some 3 MB. */
struct phy_chest_filters *phy_chest_filters_new(void);
void phy_chest_filters_free(struct phy_chest_filters *f);

/* The window of delay of a width, as part of what the cells resolve: 1 / (spacing of cells). */
float phy_chest_width(unsigned width);

/* The SNR of pilots, as a ratio, to take a filter by: the nearest one that there is. */
unsigned phy_chest_snr_class(float snr);

const struct phy_chest_filter *phy_chest_filter_get(
	const struct phy_chest_filters *f, bool type2, unsigned width, unsigned snr_class, unsigned level);
