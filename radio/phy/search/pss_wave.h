/* Parts of the PSS, in time and as filters of a view. */
#pragma once

#include "radio/phy/search/pss_blocks.h"

/* So many chips on subcarriers from `first` on, counted from the middle of the view; each 1, -1 or 0. */
struct phy_pss_part {
	const int8_t *chip;
	unsigned count;
	int first;
};

/* A symbol of them, of unit energy, in places. */
void phy_pss_wave(struct phy_cf *out, const struct phy_pss_blocks *s, const struct phy_pss_view *v,
	const struct phy_pss_part *part);

/* Its spectrum within so many bins of the middle: the filter that correlates with it. */
void phy_pss_filter(struct phy_cf *out, const struct phy_pss_blocks *s, struct phy_pss_view *v,
	const struct phy_pss_part *part, unsigned half_bins);

/* What passes so many bins to either side of the middle. */
void phy_pss_band(struct phy_cf *out, const struct phy_pss_view *v, unsigned half_bins);
