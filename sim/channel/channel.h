/*
 * The simulated radio channel of one antenna to another: a stream of samples goes through the multipath
 * fading of TR 38.901 or TS 38.104, a timing and a frequency offset, and white Gaussian noise. The same
 * configuration gives the same samples, however the stream is cut into calls.
 */
#pragma once

#include "radio/phy/signals/sequence.h"

enum channel_profile {
	CHANNEL_AWGN,  /* one path that does not fade */
	CHANNEL_TDL_A, /* TR 38.901 7.7.2 */
	CHANNEL_TDL_B,
	CHANNEL_TDL_C,
	CHANNEL_TDL_D, /* D and E have a line of sight */
	CHANNEL_TDL_E,
	CHANNEL_TDLA30, /* TS 38.104 G.2.1.1 */
	CHANNEL_TDLB100,
	CHANNEL_TDLC300,
	CHANNEL_PROFILES,
};

enum {
	/* What is simulated comes this many samples late, for the interpolation of delays. */
	CHANNEL_LATENCY = 10,
	CHANNEL_DELAY_MAX = 1 << 16, /* samples, of the timing offset and of the longest path together */
};

struct channel_config {
	enum channel_profile profile;
	double rate_hz;         /* samples a second */
	double delay_spread_ns; /* rms, TDL-A to E: what the normalized delays are multiplied by; else 0 */
	double doppler_hz;      /* f_D, the largest Doppler shift; at most rate_hz / 2048; 0 stands still */
	double cfo_hz;          /* by how much the output lies too high; within half the rate */
	double delay_samples;   /* timing offset, positive late; at least -CHANNEL_LATENCY, which takes that
				   back */
	/*
	 * The noise of each complex output sample has the power signal_power / 10^(snr_db / 10); INFINITY for
	 * none. As phy_ofdm keeps energy, that is also the noise of each resource element: with resource
	 * elements of mean power 1 a signal_power of 1 makes snr_db their SNR, whatever part of the band is
	 * used.
	 */
	double snr_db;
	double signal_power;
	uint64_t seed;
};

/* NULL for what the configuration cannot be (NaN included), or when memory is out. */
struct channel *channel_new(const struct channel_config *config);
void channel_free(struct channel *ch);

/*
 * The next n samples; out may be in. The fading has the mean power 1 over time (profiles with Doppler) or
 * over seeds (without): out has that of in, and the noise.
 */
void channel_run(struct channel *ch, struct phy_cf *out, const struct phy_cf *in, size_t n);
