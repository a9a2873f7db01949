/* What receiving an SS/PBCH block is made of. */
#pragma once

#include "radio/phy/channels/ssb_receive.h"

/* All pilots of a subcarrier, turned back to symbol 1. */
struct ssb_column {
	struct phy_cf h;
	float count;
};

/*
 * The channels of antennas by the width that foretells their pilots best, those of all antennas together, as
 * the channel is as wide at one as at another; and the noise that it leaves of each.
 */
void ssb_smooth(struct phy_cf (*const *out)[PHY_SSB_SUBCARRIERS], float noise[PHY_SSB_ANTENNAS_MAX],
	const struct ssb_column (*c)[PHY_SSB_SUBCARRIERS], unsigned antennas);
