#include "radio/phy/channels/pdcch_taps.h"

#include <math.h>

enum { SUM_LANES = 8 };

static const float side_power = 0.25f; /* of the taps beside the strongest, falling with the distance */

void pdcch_taps_place(struct pdcch_taps *f, unsigned n, uint32_t delay, uint32_t apart, float power)
{
	f->n = n;
	f->apart = apart;
	for (unsigned i = 0; i < n; i++) {
		int away = (int)(i + 1) / 2;

		f->place[i] = i % 2 ? away : -away;
		f->delay[i] = delay + (uint32_t)f->place[i] * apart;
		f->prior[i] = i == 0 ? power : power * side_power / (float)away;
	}
}

void pdcch_turning_begin(struct pdcch_turning *t, const struct pdcch_channel *ch, struct pdcch_unit u,
	const struct phy_cf *values, uint32_t from, uint32_t step)
{
	t->n = u.n;
	for (unsigned i = 0; i < u.n; i++) {
		unsigned k = pdcch_subcarrier(ch, u.first + i);
		struct phy_cf w = pdcch_turn(ch, k, step), v = pdcch_turn(ch, k, from);

		if (values)
			v = phy_cf_mul(values[u.first + i], v);
		t->re[i] = v.re;
		t->im[i] = v.im;
		t->step_re[i] = w.re;
		t->step_im[i] = w.im;
	}
}

void pdcch_turning_next(struct pdcch_turning *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		float re = t->re[i] * t->step_re[i] - t->im[i] * t->step_im[i];

		t->im[i] = t->re[i] * t->step_im[i] + t->im[i] * t->step_re[i];
		t->re[i] = re;
	}
}

/* Lanes, so that additions need not wait for one another. */
static float sum_of(const float *v, unsigned n)
{
	float lane[SUM_LANES] = { 0 }, sum = 0;
	unsigned i = 0;

	for (; i + SUM_LANES <= n; i += SUM_LANES)
		for (unsigned l = 0; l < SUM_LANES; l++)
			lane[l] += v[i + l];
	for (; i < n; i++)
		sum += v[i];
	for (unsigned l = 0; l < SUM_LANES; l++)
		sum += lane[l];
	return sum;
}

struct phy_cf pdcch_turning_sum(const struct pdcch_turning *t, unsigned first, unsigned n)
{
	return (struct phy_cf){ sum_of(&t->re[first], n), sum_of(&t->im[first], n) };
}

/* Row i of L from row i of M. */
static void factor_row(struct pdcch_taps *f, unsigned i, const struct phy_cf *row, float ridge)
{
	for (unsigned j = 0; j <= i; j++) {
		struct phy_cf v = row[j];

		for (unsigned k = 0; k < j; k++) {
			struct phy_cf p = phy_cf_mul_conj(f->l[i][k], f->l[j][k]);

			v.re -= p.re;
			v.im -= p.im;
		}
		if (i == j) {
			/* what M adds to A^H A at least stays, were it not for rounding */
			f->l[i][i] = (struct phy_cf){ sqrtf(v.re > ridge ? v.re : ridge), 0 };
		} else {
			f->l[i][j].re = v.re / f->l[j][j].re;
			f->l[i][j].im = v.im / f->l[j][j].re;
		}
	}
}

/* A^H A of taps d apart, for d below n; A^H b of the taps in the order of their delays. */
static void correlate(const struct pdcch_channel *ch, struct pdcch_unit u, const struct pdcch_taps *f,
	struct phy_cf *g, struct phy_cf *v)
{
	struct pdcch_turning t;

	pdcch_turning_begin(&t, ch, u, NULL, 0, f->apart);
	for (unsigned d = 0; d < f->n; d++, pdcch_turning_next(&t))
		g[d] = pdcch_turning_sum(&t, 0, u.n);
	pdcch_turning_begin(&t, ch, u, ch->mean, f->delay[0] - (f->n - 1) / 2 * f->apart, f->apart);
	for (unsigned d = 0; d < f->n; d++, pdcch_turning_next(&t))
		v[d] = pdcch_turning_sum(&t, 0, u.n);
}

void pdcch_taps_fit(const struct pdcch_channel *ch, struct pdcch_unit u, struct pdcch_taps *f, float noise)
{
	struct phy_cf g[PDCCH_TAPS_MAX], all[PDCCH_TAPS_MAX], row[PDCCH_TAPS_MAX];

	correlate(ch, u, f, g, all);
	for (unsigned i = 0; i < f->n; i++) {
		struct phy_cf v = all[f->place[i] + (int)(f->n - 1) / 2];
		float ridge = noise / f->prior[i];

		for (unsigned j = 0; j <= i; j++) {
			int d = f->place[i] - f->place[j];

			row[j] = d < 0 ? phy_cf_conj(g[-d]) : g[d];
		}
		row[i].re += ridge;
		factor_row(f, i, row, ridge);
		for (unsigned j = 0; j < i; j++) {
			struct phy_cf p = phy_cf_mul(f->l[i][j], f->y[j]);

			v.re -= p.re;
			v.im -= p.im;
		}
		f->y[i] = (struct phy_cf){ v.re / f->l[i][i].re, v.im / f->l[i][i].re };
	}
}

/* L^H x = y. */
void pdcch_taps_solve(struct pdcch_taps *f)
{
	for (unsigned i = f->n; i-- > 0;) {
		struct phy_cf v = f->y[i];

		for (unsigned j = i + 1; j < f->n; j++) {
			struct phy_cf p = phy_cf_mul(phy_cf_conj(f->l[j][i]), f->y[j]);

			v.re -= p.re;
			v.im -= p.im;
		}
		f->y[i] = (struct phy_cf){ v.re / f->l[i][i].re, v.im / f->l[i][i].re };
	}
}

struct phy_cf pdcch_taps_response(const struct pdcch_channel *ch, const struct pdcch_taps *f, unsigned k)
{
	struct phy_cf h = { 0, 0 };

	for (unsigned t = 0; t < f->n; t++) {
		struct phy_cf v = phy_cf_mul(f->y[t], phy_cf_conj(pdcch_turn(ch, k, f->delay[t])));

		h.re += v.re;
		h.im += v.im;
	}
	return h;
}
