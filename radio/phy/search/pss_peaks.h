/* The list of places where a PSS may be. */
#pragma once

#include "radio/phy/search/pss_search.h"

/* Minus the logarithm of the chance of a sum of so many likenesses in noise: the tail of a gamma
 * distribution. */
float phy_pss_score(float sum, unsigned repetitions);

/* Puts a peak in its place unless a better one stands near; takes away worse ones that do. */
void phy_pss_keep(
	struct phy_pss_peaks *peaks, const struct phy_pss_peak *peak, double rate_hz, double scs_hz);
