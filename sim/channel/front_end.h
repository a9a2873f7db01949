/*
 * What the radio of a sender or receiver does to its samples: phase noise, unequal branches I and Q, a
 * carrier that leaks, clipping, a sampling clock that is off. The same configuration gives the same samples,
 * however the stream is cut.
 */
#pragma once

#include "radio/phy/signals/sequence.h"

struct front_end_config {
	double rate_hz;
	/*
	 * Noise of the oscillator's phase: its density at small offsets, in dBc / Hz, which falls by 20 dB a
	 * decade above the corner; -INFINITY for none. Its variance is pi * corner * density, at most 1
	 * rad^2.
	 */
	double phase_noise_dbc_hz, phase_noise_corner_hz;
	double iq_gain_db, iq_phase_deg; /* by how much Q is larger and turned: within 6 dB and 45 degrees */
	double dc_db;                    /* a constant, against power 1; -INFINITY for none */
	double clip_db;   /* larger samples are cut to this power, against 1; INFINITY: none are */
	double clock_ppm; /* by how much the clock is too fast: within 1000 */
	uint64_t seed;
};

/* NULL for what the configuration cannot be (NaN included), or when memory is out. */
struct front_end *front_end_new(const struct front_end_config *config);
void front_end_free(struct front_end *f);

/* The most samples that n can become. */
size_t front_end_room(size_t n);

/* n samples more; out has front_end_room(n), and is not in. How many they became: with an exact clock as
 * many, CHANNEL_LATENCY late. */
size_t front_end_run(struct front_end *f, struct phy_cf *out, const struct phy_cf *in, size_t n);
