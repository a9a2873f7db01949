/* The parts of the simulated channel. */
#pragma once

#include "sim/channel/channel.h"

enum {
	CHANNEL_TAPS_MAX = 24,
	CHANNEL_WAVES = 32,                 /* sinusoids of a fading tap */
	CHANNEL_RAYS = 20,                  /* of a cluster: TR 38.901 Table 7.5-3 */
	CHANNEL_SINC = 2 * CHANNEL_LATENCY, /* coefficients of a fractional delay */
	CHANNEL_COEFS_MAX = CHANNEL_TAPS_MAX * CHANNEL_SINC,
	CHANNEL_NOISE_LANES = 16,
	CHANNEL_GRID = 256,     /* samples whose noise and phases are made at once */
	CHANNEL_FIR_BLOCK = 32, /* outputs at once */
	CHANNEL_PAIRS_MAX = CHANNEL_ANTENNAS_MAX * CHANNEL_ANTENNAS_MAX,
};

/* A row of a profile. */
struct channel_tap {
	double delay; /* ns, or normalized */
	double power_db;
	bool los; /* does not fade */
};

/* Where a cluster's rays leave the gNB and reach the UE, in degrees: azimuth and zenith. */
struct channel_cluster {
	double aod, aoa, zod, zoa;
};

/* The paths of a profile. */
struct channel_paths {
	const struct channel_tap *taps;
	unsigned count;
	bool normalized;
	/* Of a clustered delay line: a cluster a tap; and the rays' spread in degrees, and the power that
	 * keeps its polarization. */
	const struct channel_cluster *clusters;
	double c_asd, c_asa, c_zsd, c_zsa, xpr_db;
};

/* NULL if there is none. */
const struct channel_paths *channel_paths_of(enum channel_profile profile);

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

/* What antennas at the ends see of cluster i: rx * tx faders, the receiver's antenna first. */
void channel_cluster_init(struct channel_fader *faders, const struct channel_config *c,
	const struct channel_paths *p, unsigned i, double power, double turns, double travel,
	uint64_t *random);

/* A train (TS 38.104 G.3): its phase in turns at a time in seconds. */
double channel_train_turns(const struct channel_config *c, double s);

/* The root of the correlation matrix of n antennas, [row][column]; rho 0 to below 1. */
void channel_correlation_root(
	double root[CHANNEL_ANTENNAS_MAX][CHANNEL_ANTENNAS_MAX], unsigned n, double rho);

/* Of the sender's and the receiver's antennas; false: the direction has no such level. */
bool channel_correlation_of(const struct channel_config *c, double *tx, double *rx);

struct channel_noise {
	uint64_t state[4][CHANNEL_NOISE_LANES];
};

void channel_noise_init(struct channel_noise *g, uint64_t seed);

/* CHANNEL_GRID complex values whose parts are normal with variance 1. */
void channel_noise_next(struct channel_noise *g, float re[CHANNEL_GRID], float im[CHANNEL_GRID]);

/* A sinc in Kaiser's window, whose error is below -60 dB up to 0.8 of the band; x in samples. */
float channel_sinc(double x);

/* The filter from an antenna to an antenna: its coefficients in this step, and what it is on the way to. */
struct channel_pair {
	struct phy_cf now[CHANNEL_COEFS_MAX], next[CHANNEL_COEFS_MAX], slope[CHANNEL_COEFS_MAX];
};

/* A path's place among the coefficients. */
struct channel_path {
	unsigned first, count;
	float sinc[CHANNEL_SINC];
};

/* Which delays the filters have: ascending, each once. */
struct channel_delays {
	unsigned coefs, paths;
	size_t back[CHANNEL_COEFS_MAX]; /* samples */
	struct channel_path path[CHANNEL_TAPS_MAX];
};

/* delay: of each of n paths, in samples. */
void channel_delays_init(struct channel_delays *d, const double *delay, unsigned n);

/* What went into an antenna. */
struct channel_history {
	float *re, *im;
};

/* CHANNEL_FIR_BLOCK outputs, from sample x on: the sum over tx antennas of what came in, by pair's filters.
 */
void channel_filter(const struct channel_delays *d, const struct channel_history *in,
	const struct channel_pair *pairs, unsigned tx, size_t x, float *re, float *im);
