/* Imperfect radios: what front_end.h says, in the order of a receiver's parts. */
#include "sim/channel/front_end.h"

#include <math.h>
#include <stdlib.h>

#include "sim/channel/internal.h"

enum { PHASES = 128, TAPS = CHANNEL_SINC };

struct front_end {
	struct front_end_config config;
	struct channel_noise noise;
	float normal[2][CHANNEL_GRID];
	unsigned normal_at;
	double phase, keep,
		push; /* of the oscillator in rad; what stays of it a sample later; what chance adds */
	float q_of_i, q_of_q, dc, clip;
	double step, at; /* samples in for one out; how far the next one out lies ahead of past[0] */
	struct phy_cf past[TAPS + 1];
	float taps[PHASES + 1][TAPS];
};

static bool within(double v, double lo, double hi)
{
	return v >= lo && v <= hi; /* not so for NaN */
}

static bool legal(const struct front_end_config *c)
{
	bool quiet = c->phase_noise_dbc_hz == -INFINITY;

	if (!quiet && (!within(c->phase_noise_dbc_hz, -250, 0) ||
			      !within(c->phase_noise_corner_hz, 1, c->rate_hz / 8) ||
			      M_PI * c->phase_noise_corner_hz * pow(10, c->phase_noise_dbc_hz / 10) > 1))
		return false;
	return within(c->rate_hz, 1e3, 1e10) && within(c->iq_gain_db, -6, 6) &&
	       within(c->iq_phase_deg, -45, 45) && (c->dc_db == -INFINITY || within(c->dc_db, -200, 20)) &&
	       (c->clip_db == INFINITY || within(c->clip_db, -40, 100)) && within(c->clock_ppm, -1000, 1000);
}

static void oscillator_init(struct front_end *f)
{
	const struct front_end_config *c = &f->config;
	double variance = M_PI * c->phase_noise_corner_hz * pow(10, c->phase_noise_dbc_hz / 10);

	if (c->phase_noise_dbc_hz == -INFINITY)
		return;
	f->keep = exp(-2 * M_PI * c->phase_noise_corner_hz / c->rate_hz);
	f->push = sqrt(variance * (1 - f->keep * f->keep));
}

struct front_end *front_end_new(const struct front_end_config *c)
{
	struct front_end *f = legal(c) ? calloc(1, sizeof(*f)) : NULL;
	double gain = pow(10, c->iq_gain_db / 20), angle = c->iq_phase_deg * M_PI / 180;

	if (!f)
		return NULL;
	f->config = *c;
	channel_noise_init(&f->noise, c->seed);
	f->q_of_q = (float)(gain * cos(angle));
	f->q_of_i = (float)(gain * sin(angle));
	oscillator_init(f);
	f->dc = (float)pow(10, c->dc_db / 20);
	f->clip = (float)pow(10, c->clip_db / 20);
	f->step = 1 / (1 + c->clock_ppm * 1e-6);
	for (unsigned p = 0; p <= PHASES; p++)
		for (unsigned k = 0; k < TAPS; k++)
			f->taps[p][k] = channel_sinc((double)k - (CHANNEL_LATENCY - 1) - (double)p / PHASES);
	return f;
}

void front_end_free(struct front_end *f)
{
	free(f);
}

size_t front_end_room(size_t n)
{
	return n + n / 500 + 2;
}

static double normal(struct front_end *f)
{
	unsigned i = f->normal_at;

	if (i == 0)
		channel_noise_next(&f->noise, f->normal[0], f->normal[1]);
	f->normal_at = (i + 1) % (2 * CHANNEL_GRID);
	return f->normal[i / CHANNEL_GRID][i % CHANNEL_GRID];
}

/* The sample that lies f->at ahead of past[0], between the taps of two neighbouring phases. */
static struct phy_cf between(const struct front_end *f)
{
	double phase = f->at * PHASES, whole = floor(phase);
	unsigned p = (unsigned)whole;
	float part = (float)(phase - whole), re = 0, im = 0;

	for (unsigned k = 0; k < TAPS; k++) {
		float w = f->taps[p][k] + part * (f->taps[p + 1][k] - f->taps[p][k]);

		re += w * f->past[k].re;
		im += w * f->past[k].im;
	}
	return (struct phy_cf){ re, im };
}

/* Oscillator, branches and leak, then what the converter can hold. */
static struct phy_cf spoil(struct front_end *f, struct phy_cf x)
{
	float c, s, size;
	struct phy_cf y;

	if (f->push > 0) {
		c = (float)cos(f->phase);
		s = (float)sin(f->phase);
		f->phase = f->phase * f->keep + f->push * normal(f);
		x = (struct phy_cf){ x.re * c - x.im * s, x.re * s + x.im * c };
	}
	y = (struct phy_cf){ x.re + f->dc, f->q_of_q * x.im + f->q_of_i * x.re };
	size = sqrtf(y.re * y.re + y.im * y.im);
	if (size > f->clip) {
		y.re *= f->clip / size;
		y.im *= f->clip / size;
	}
	return y;
}

size_t front_end_run(struct front_end *f, struct phy_cf *out, const struct phy_cf *in, size_t n)
{
	size_t done = 0;

	for (size_t i = 0; i < n; i++) {
		for (unsigned k = 0; k < TAPS - 1; k++)
			f->past[k] = f->past[k + 1];
		f->past[TAPS - 1] = in[i];
		for (; f->at < 1; f->at += f->step)
			out[done++] = spoil(f, between(f));
		f->at -= 1;
	}
	return done;
}
