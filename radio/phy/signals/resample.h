/* A part of a recording at another centre and another rate: what a receiver takes before it demodulates. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/signals/sequence.h"

enum {
	PHY_RESAMPLE_HALF = 32,       /* length of the filter to either side, in samples of the lower rate */
	PHY_RESAMPLE_PHASES = 64,     /* between which it is interpolated */
	PHY_RESAMPLE_RATIO_MAX = 256, /* of the two rates, either way */
};

/* The filter of two rates: passes 94 % of the lower one's band, 60 dB down where that folds back. */
struct phy_resampler {
	double step;   /* input samples to an output sample */
	unsigned taps; /* input samples to an output sample's sum */
	float *filter; /* PHY_RESAMPLE_PHASES + 1 rows of 2 * taps: each tap twice, for re and im */
	struct phy_cf *mixed;
	size_t mixed_max;
};

/* False for rates that are not above 0 or too far apart, and when memory is out; nothing is then held. */
bool phy_resampler_init(struct phy_resampler *r, double rate_in_hz, double rate_out_hz);

void phy_resampler_fini(struct phy_resampler *r);

/* Samples of a recording; outside it there is silence. */
struct phy_recording {
	const struct phy_cf *samples;
	size_t count;
	double rate_hz;
};

/*
 * out[m] = the recording, shifted down by frequency_hz (the phase is that of its sample 0), low-passed, at
 * the time of its sample start + m * step; start may be a fraction and may lie outside (far outside, or as
 * NaN: out is silence).
 */
void phy_resample(struct phy_resampler *r, const struct kern *k, const struct phy_recording *in,
	double frequency_hz, double start, struct phy_cf *out, size_t n);
