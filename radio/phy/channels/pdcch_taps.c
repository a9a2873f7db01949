#include "radio/phy/channels/pdcch_taps.h"

#include <math.h>

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

struct phy_cf pdcch_gather(const struct pdcch_channel *ch, struct pdcch_unit u, uint32_t delay)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned i = u.first; i < u.first + u.n; i++) {
		struct phy_cf v = phy_cf_mul(ch->mean[i], pdcch_turn(ch, pdcch_subcarrier(ch, i), delay));

		sum.re += v.re;
		sum.im += v.im;
	}
	return sum;
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

/* A^H A of taps d apart, for d below n. */
static void correlate(
	const struct pdcch_channel *ch, struct pdcch_unit u, const struct pdcch_taps *f, struct phy_cf *g)
{
	for (unsigned d = 0; d < f->n; d++) {
		g[d] = (struct phy_cf){ 0, 0 };
		for (unsigned p = u.first; p < u.first + u.n; p++) {
			struct phy_cf w = pdcch_turn(ch, pdcch_subcarrier(ch, p), d * f->apart);

			g[d].re += w.re;
			g[d].im += w.im;
		}
	}
}

void pdcch_taps_fit(const struct pdcch_channel *ch, struct pdcch_unit u, struct pdcch_taps *f, float noise)
{
	struct phy_cf g[PDCCH_TAPS_MAX], row[PDCCH_TAPS_MAX];

	correlate(ch, u, f, g);
	for (unsigned i = 0; i < f->n; i++) {
		struct phy_cf v = pdcch_gather(ch, u, f->delay[i]);
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
