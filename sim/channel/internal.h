/* The parts of the simulated channel. */
#pragma once

#include "sim/channel/channel.h"

enum {
	CHANNEL_TAPS_MAX = 24,
	CHANNEL_WAVES = 32,                 /* sinusoids of a fading tap */
	CHANNEL_SINC = 2 * CHANNEL_LATENCY, /* coefficients of a fractional delay */
	CHANNEL_COEFS_MAX = CHANNEL_TAPS_MAX * CHANNEL_SINC,
	CHANNEL_NOISE_LANES = 16,
	CHANNEL_GRID = 256, /* samples whose noise and phases are made at once */
};

/* A row of a profile. */
struct channel_tap {
	double delay; /* ns, or normalized */
	double power_db;
	bool los; /* does not fade */
};

struct channel_tdl {
	const struct channel_tap *taps;
	unsigned count;
	bool normalized;
};

/* The paths of a profile; NULL if there is none. */
const struct channel_tdl *channel_tdl_of(enum channel_profile profile);

/* From splitmix64. */
uint64_t channel_random(uint64_t *state);

/* Uniform from 0 to below 1. */
double channel_uniform(uint64_t *state);

/* A sum of sinusoids, each a phasor that turns by a fixed angle from step to step. */
struct channel_fader {
	unsigned waves;
	double re[CHANNEL_WAVES], im[CHANNEL_WAVES];
	double turn_re[CHANNEL_WAVES], turn_im[CHANNEL_WAVES];
};

/*
 * A tap of mean power `power` whose steps are so long that f_D turns by `turns` in each: Jakes' spectrum, or
 * for a line of sight one sinusoid at 0.7 f_D (TR 38.901 7.7.2).
 */
void channel_fader_init(struct channel_fader *f, double power, bool los, double turns, uint64_t *random);

/* The gain now; then a step. */
struct phy_cf channel_fader_next(struct channel_fader *f);

struct channel_noise {
	uint64_t state[4][CHANNEL_NOISE_LANES];
};

void channel_noise_init(struct channel_noise *g, uint64_t seed);

/* CHANNEL_GRID complex values whose parts are normal with variance 1. */
void channel_noise_next(struct channel_noise *g, float re[CHANNEL_GRID], float im[CHANNEL_GRID]);
