/* The channel over time: frequency offset, Doppler, and the weights of the DM-RS symbols for each symbol. */
#include <math.h>

#include "radio/phy/receivers/chest_parts.h"

static const double FADE_MAX = 0.5; /* radians a symbol: 1.1 kHz of Doppler at 15 kHz */

/* Below, no symbol's channel is further than -45 dB from the mean of the slot's: 3 Hz at 15 kHz. */
static const double FADE_LEAST = 0.0013;

/* The sum of h of a position times the conjugate of the one before, as many as cells, over all antennas. */
static struct phy_cf step_of(const struct phy_chest *c, const struct kern *k, unsigned d)
{
	float cell = (float)c->cell;
	struct phy_cf sum = { 0, 0 };

	for (unsigned i = 0; i < c->layout.bands_n * c->antennas; i++) {
		const struct phy_prb_run *band = &c->layout.bands[i / c->antennas];
		const struct chest_antenna *at = &c->antenna[i % c->antennas];
		size_t from = (size_t)band->first * PHY_SC_PER_PRB, n = (size_t)band->n * PHY_SC_PER_PRB;
		float part[2];

		if (!at->lives)
			continue;
		k->cf_dot_conj(part, &at->h[d][from].re, &at->h[d - 1][from].re, n);
		sum.re += part[0] / cell;
		sum.im += part[1] / cell;
	}
	return sum;
}

void chest_find_motion(struct phy_chest *c, const struct kern *k)
{
	struct phy_cf steps[CHEST_POSITIONS];
	double turn = 0, weight = 0, fade = 0, cells = 0;

	c->turn = c->fade = 0;
	for (unsigned d = 1; d < c->positions; d++) {
		double dt = (double)(c->at[d] - c->at[d - 1]), size;

		steps[d] = step_of(c, k, d);
		size = hypot(steps[d].re, steps[d].im);
		turn += size * dt * atan2(steps[d].im, steps[d].re);
		weight += size * dt * dt;
	}
	if (!(weight > 0))
		return;
	c->turn = (float)(turn / weight);
	for (unsigned b = 0; b < c->layout.bands_n; b++)
		cells += c->layout.bands[b].n * c->per_prb;
	weight = 0;
	for (unsigned d = 1; d < c->positions; d++) {
		double dt = (double)(c->at[d] - c->at[d - 1]), a = (double)c->turn * dt;
		double power =
			sqrt(fmax(1e-20, c->powers[d] - c->error) * fmax(1e-20, c->powers[d - 1] - c->error));
		double alike = (steps[d].re * cos(a) + steps[d].im * sin(a)) / (power * cells);

		/* J0(x) = 1 - x^2 / 4 + .. */
		fade += 4 * (1 - alike) * dt * dt;
		weight += dt * dt * dt * dt;
	}
	fade = fade > 0 ? sqrt(fade / weight) : 0;
	c->fade = (float)(fade < FADE_LEAST ? 0 : fade < FADE_MAX ? fade : FADE_MAX); /* false for NaN */
}

/* Solves the positive definite a x = b in place of b. */
static void solve(double a[CHEST_POSITIONS][CHEST_POSITIONS], double *b, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = i + 1; j < n; j++) {
			double f = a[j][i] / a[i][i];

			for (unsigned k = i; k < n; k++)
				a[j][k] -= f * a[i][k];
			b[j] -= f * b[i];
		}
	}
	for (unsigned i = n; i-- > 0;) {
		for (unsigned k = i + 1; k < n; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
}

/* The weights of least mean square error for a symbol, for power 1; returns that error. */
static double weigh(const struct phy_chest *c, double symbol, double error, double *w)
{
	double a[CHEST_POSITIONS][CHEST_POSITIONS], r[CHEST_POSITIONS], left = 1;

	for (unsigned i = 0; i < c->positions; i++) {
		for (unsigned j = 0; j < c->positions; j++)
			a[i][j] = j0((double)c->fade * (double)(c->at[i] - c->at[j])) + (i == j ? error : 0);
		w[i] = r[i] = j0((double)c->fade * (symbol - (double)c->at[i]));
	}
	solve(a, w, c->positions);
	for (unsigned i = 0; i < c->positions; i++)
		left -= w[i] * r[i];
	return fmax(left, 0);
}

float chest_weights(const struct phy_chest *c, unsigned symbol, struct phy_cf w[CHEST_POSITIONS])
{
	double weight[CHEST_POSITIONS] = { 1 }, power = 0, error, left;

	for (unsigned d = 0; d < c->positions; d++)
		power += (double)(c->powers[d] - c->error) / c->positions;
	error = left = fmax(1e-6, fmin(1e3, (double)c->error / fmax(power, 1e-20)));
	if (c->positions > 1)
		left = weigh(c, symbol, error, weight);
	for (unsigned d = 0; d < c->positions; d++) {
		double a = (double)c->turn * ((double)symbol - (double)c->at[d]);

		if (c->positions == 1)
			a = 0;
		w[d] = (struct phy_cf){ (float)(weight[d] * cos(a)), (float)(weight[d] * sin(a)) };
	}
	return (float)left;
}

bool chest_is_still(const struct phy_chest *c)
{
	return c->fade <= 0;
}

const struct phy_cf *phy_chest_symbol(
	const struct phy_chest *c, const struct kern *k, unsigned symbol, struct phy_cf *out, float *noise)
{
	const float *in[CHEST_POSITIONS];
	struct phy_cf w[CHEST_POSITIONS];
	float left = chest_weights(c, symbol, w);

	*noise = c->result.noise + left * c->result.power;
	if (c->positions == 1)
		return c->antenna[0].h[0];
	for (unsigned d = 0; d < c->positions; d++)
		in[d] = &c->antenna[0].h[d][0].re;
	k->cf_combine(&out->re, in, &w[0].re, c->positions, (size_t)c->layout.bwp_prbs * PHY_SC_PER_PRB);
	return out;
}
