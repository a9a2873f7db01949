/*
 * The discrete Fourier transform of complex 16-bit integers in block floating point: before each pass the
 * whole block is halved as often as needed, so that nothing clips whatever the input, and the result has an
 * exponent.
 */
#pragma once

#include "radio/phy/signals/fft.h"

struct phy_ci16 {
	int16_t re, im;
};

/* The factors of one size and direction; read only after it was made, so that threads may share it. */
struct phy_fft16 {
	unsigned n, passes;
	bool inverse;
	unsigned radix[PHY_FFT_PASSES];
	int16_t *w; /* of all passes in a row */
};

/* False if n is not 2^a or 3 * 2^a from PHY_FFT_MIN to PHY_FFT_MAX, or memory is out. */
bool phy_fft16_init(struct phy_fft16 *f, unsigned n, bool inverse);

void phy_fft16_fini(struct phy_fft16 *f);

/*
 * The transform of phy_fft_run is out[k] * 2^e, with e returned. in, out and work are three buffers of n
 * samples. Noise comes out with an SNR above 60 dB up to 8192 samples, above 58 dB with more.
 */
int phy_fft16_run(const struct phy_fft16 *f, const struct kern *kern, struct phy_ci16 *out,
	const struct phy_ci16 *in, struct phy_ci16 *work);
