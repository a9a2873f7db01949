/* The discrete Fourier transform of complex floats, for 2^a and 3 * 2^a samples. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/signals/sequence.h"

enum { PHY_FFT_MIN = 64, PHY_FFT_MAX = 65536, PHY_FFT_PASSES = 8 };

/* The factors of one size and direction; read only after it was made, so that threads may share it. */
struct phy_fft {
	unsigned n, passes;
	float sign; /* of the exponent: -1 forward, 1 inverse */
	unsigned radix[PHY_FFT_PASSES];
	struct phy_cf *w; /* of all passes in a row */
};

/* False if n is not of the kind above, from PHY_FFT_MIN to PHY_FFT_MAX, or memory is out. */
bool phy_fft_init(struct phy_fft *f, unsigned n, bool inverse);

void phy_fft_fini(struct phy_fft *f);

/* out[k] = sum of in[i] exp(sign j 2 pi i k / n), not scaled. in, out and work are three buffers of n
 * samples. */
void phy_fft_run(const struct phy_fft *f, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *in, struct phy_cf *work);
