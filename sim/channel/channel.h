/*
 * The simulated radio channel from up to eight antennas to up to eight: a stream of samples goes through the
 * multipath fading of TR 38.901 or TS 38.104, a timing and a frequency offset, and white Gaussian noise. The
 * same configuration gives the same samples, however the stream is cut into calls.
 */
#pragma once

#include "radio/phy/signals/sequence.h"

enum channel_profile {
	CHANNEL_AWGN,  /* one path that does not fade; of several antennas: columns of a Fourier matrix */
	CHANNEL_TDL_A, /* TR 38.901 7.7.2 */
	CHANNEL_TDL_B,
	CHANNEL_TDL_C,
	CHANNEL_TDL_D, /* D and E have a line of sight */
	CHANNEL_TDL_E,
	CHANNEL_TDLA30, /* TS 38.104 G.2.1.1 */
	CHANNEL_TDLB100,
	CHANNEL_TDLC300,
	CHANNEL_CDL_A, /* TR 38.901 7.7.1: what antennas have in common follows from directions */
	CHANNEL_CDL_B,
	CHANNEL_CDL_C,
	CHANNEL_CDL_D,
	CHANNEL_CDL_E,
	CHANNEL_TRAIN_OPEN,   /* TS 38.104 G.3, scenario 1: a high speed train that passes */
	CHANNEL_TRAIN_TUNNEL, /* scenario 3 */
	CHANNEL_PROFILES,
};

/* Between antennas of one end, for TDL profiles: TS 38.104 G.2.3.1 (uplink), TS 38.101-4 B.2.3.1 (downlink).
 */
enum channel_correlation {
	CHANNEL_LOW, /* none */
	CHANNEL_MEDIUM,
	CHANNEL_MEDIUM_A, /* downlink only */
	CHANNEL_HIGH,
	CHANNEL_CORRELATIONS,
};

enum {
	/* What is simulated comes this many samples late, for the interpolation of delays. */
	CHANNEL_LATENCY = 10,
	CHANNEL_DELAY_MAX = 1 << 16, /* samples, of the timing offset and of the longest path together */
	CHANNEL_ANTENNAS_MAX = 8,
};

struct channel_config {
	enum channel_profile profile;
	enum channel_correlation correlation;
	bool uplink;            /* the UE sends: it is what moves, and G.2.3.1's beta is the sender's */
	uint8_t tx, rx;         /* antennas, 0 for one */
	double rate_hz;         /* samples a second */
	double delay_spread_ns; /* rms, TDL-A to E, CDL: what the normalized delays are multiplied by; else 0
				 */
	double doppler_hz;      /* f_D, the largest Doppler shift; at most rate_hz / 2048; 0 stands still */
	double speed_kmh;       /* of a train, 10 to 1000; else 0 */
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

/* Has the profile normalized delays, which a delay spread is for? */
bool channel_is_scaled(enum channel_profile profile);

/* NaN is not. */
bool channel_is_legal(const struct channel_config *config);

/* NULL for what is not legal, or when memory is out. */
struct channel *channel_new(const struct channel_config *config);
void channel_free(struct channel *ch);

/*
 * The next n samples of each antenna: from tx streams to rx streams, of which out[i] may be in[i], and is
 * no other. The fading from each antenna to each has the mean power 1 over time (profiles with Doppler) or
 * over seeds (without): a stream out has the sum of the powers in, and the noise.
 */
void channel_run(struct channel *ch, struct phy_cf *const *out, const struct phy_cf *const *in, size_t n);
