/*
 * The discrete Fourier transform of DFT-s-OFDM (38.211 6.3.1.4): 12 * 2^a 3^b 5^c samples, and half of that
 * for the DM-RS of low-PAPR type 2 (5.2.3).
 */
#pragma once

#include "radio/phy/signals/sequence.h"

enum { PHY_DFT_MAX = 3240 /* 270 resource blocks */, PHY_DFT_PASSES = 12 };

/* The factors of all sizes; made once, read by all threads. */
struct phy_dfts;

/* NULL when memory is out; some 900 kB. */
struct phy_dfts *phy_dfts_new(void);
void phy_dfts_free(struct phy_dfts *d);

/* Is n one of the sizes? */
bool phy_dft_legal(unsigned n);

/*
 * out[k] = the sum of in[i] exp(-j 2 pi i k / n) over the root of n, or with the other sign if inverse:
 * energy stays. in, out and work are three buffers of n samples; n is legal.
 */
void phy_dft_run(const struct phy_dfts *d, unsigned n, bool inverse, struct phy_cf *out,
	const struct phy_cf *in, struct phy_cf *work);
