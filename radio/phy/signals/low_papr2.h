/* Low-PAPR sequences of type 2 (38.211 5.2.3): the DM-RS beside pi/2-BPSK. */
#pragma once

#include "radio/phy/signals/dft.h"

/*
 * m samples, a size of phy_dft_legal() of at most PHY_DFT_MAX / 2; below 30 the sequence is that of group u
 * (below 30), else that of c_init. work: 2 m samples.
 */
void phy_low_papr2(const struct phy_dfts *d, unsigned m, unsigned u, uint32_t c_init, struct phy_cf *out,
	struct phy_cf *work);
