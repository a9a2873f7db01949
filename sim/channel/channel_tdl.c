/* Tapped delay lines: the profiles, and the fading of a tap. */
#include "sim/channel/internal.h"

#include <math.h>

#include "sim/channel/tables.h"

#define NORMALIZED(array) { array, ARRAY_LEN(array), true }
#define IN_NS(array)      { array, ARRAY_LEN(array), false }

static const struct channel_tdl profiles[CHANNEL_PROFILES] = {
	[CHANNEL_AWGN] = { (const struct channel_tap[]){ { 0, 0, true } }, 1, false },
	[CHANNEL_TDL_A] = NORMALIZED(channel_tdl_a),
	[CHANNEL_TDL_B] = NORMALIZED(channel_tdl_b),
	[CHANNEL_TDL_C] = NORMALIZED(channel_tdl_c),
	[CHANNEL_TDL_D] = NORMALIZED(channel_tdl_d),
	[CHANNEL_TDL_E] = NORMALIZED(channel_tdl_e),
	[CHANNEL_TDLA30] = IN_NS(channel_tdla30),
	[CHANNEL_TDLB100] = IN_NS(channel_tdlb100),
	[CHANNEL_TDLC300] = IN_NS(channel_tdlc300),
};

const struct channel_tdl *channel_tdl_of(enum channel_profile profile)
{
	return (unsigned)profile < CHANNEL_PROFILES ? &profiles[profile] : NULL;
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
