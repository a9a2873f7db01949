/* Tapped delay lines: the profiles, and the fading of a tap. */
#include "sim/channel/internal.h"

#include <math.h>

#include "sim/channel/tables.h"

#define NORMALIZED(array) { .taps = array, .count = ARRAY_LEN(array), .normalized = true }
#define IN_NS(array)      { .taps = array, .count = ARRAY_LEN(array) }
/* The angles under TR 38.901 Tables 7.7.1-1 to -5: c_ASD, c_ASA, c_ZSD, c_ZSA, XPR. */
#define CLUSTERS(array, ...) { array, ARRAY_LEN(array), true, array##_clusters, __VA_ARGS__ }

static const struct channel_tap one_path[] = { { 0, 0, true } };

static const struct channel_paths profiles[CHANNEL_PROFILES] = {
	[CHANNEL_AWGN] = IN_NS(one_path),
	[CHANNEL_TDL_A] = NORMALIZED(channel_tdl_a),
	[CHANNEL_TDL_B] = NORMALIZED(channel_tdl_b),
	[CHANNEL_TDL_C] = NORMALIZED(channel_tdl_c),
	[CHANNEL_TDL_D] = NORMALIZED(channel_tdl_d),
	[CHANNEL_TDL_E] = NORMALIZED(channel_tdl_e),
	[CHANNEL_TDLA30] = IN_NS(channel_tdla30),
	[CHANNEL_TDLB100] = IN_NS(channel_tdlb100),
	[CHANNEL_TDLC300] = IN_NS(channel_tdlc300),
	[CHANNEL_CDL_A] = CLUSTERS(channel_cdl_a, 5, 11, 3, 3, 10),
	[CHANNEL_CDL_B] = CLUSTERS(channel_cdl_b, 10, 22, 3, 7, 8),
	[CHANNEL_CDL_C] = CLUSTERS(channel_cdl_c, 2, 15, 3, 7, 7),
	[CHANNEL_CDL_D] = CLUSTERS(channel_cdl_d, 5, 8, 3, 3, 11),
	[CHANNEL_CDL_E] = CLUSTERS(channel_cdl_e, 5, 11, 3, 7, 8),
	[CHANNEL_TRAIN_OPEN] = IN_NS(one_path),
	[CHANNEL_TRAIN_TUNNEL] = IN_NS(one_path),
};

const struct channel_paths *channel_paths_of(enum channel_profile profile)
{
	return (unsigned)profile < CHANNEL_PROFILES ? &profiles[profile] : NULL;
}

bool channel_is_scaled(enum channel_profile profile)
{
	const struct channel_paths *p = channel_paths_of(profile);

	return p && p->normalized;
}

uint64_t channel_random(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

double channel_uniform(uint64_t *state)
{
	return (double)(channel_random(state) >> 11) * 0x1p-53;
}

/*
 * The waves arrive from angles that are spaced evenly about a random one, each with a random phase. Their
 * autocorrelation is then J_0 but for Bessel functions of the order of their number, already over one run.
 */
void channel_fader_init(struct channel_fader *f, double power, bool los, double turns, uint64_t *random)
{
	double first = channel_uniform(random);

	f->waves = los ? 1 : CHANNEL_WAVES;
	for (unsigned i = 0; i < f->waves; i++) {
		double arrival = 2 * M_PI * (i + first) / f->waves,
		       phase = 2 * M_PI * channel_uniform(random);
		double turn = 2 * M_PI * turns * (los ? 0.7 : cos(arrival)), size = sqrt(power / f->waves);

		f->re[i] = size * cos(phase);
		f->im[i] = size * sin(phase);
		f->turn_re[i] = cos(turn);
		f->turn_im[i] = sin(turn);
	}
}

struct phy_cf channel_fader_next(struct channel_fader *f)
{
	double re = 0, im = 0;

	for (unsigned i = 0; i < f->waves; i++) {
		double a = f->re[i], b = f->im[i];

		re += a;
		im += b;
		f->re[i] = a * f->turn_re[i] - b * f->turn_im[i];
		f->im[i] = a * f->turn_im[i] + b * f->turn_re[i];
	}
	return (struct phy_cf){ (float)re, (float)im };
}
