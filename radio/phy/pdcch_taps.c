#include "radio/phy/pdcch_taps.h"

#include <math.h>

struct phy_cf pdcch_gather(const struct pdcch_channel *ch, struct pdcch_unit u, uint32_t delay)
{
	struct phy_cf sum = { 0, 0 };

	for (unsigned i = u.first; i < u.first + u.n; i++) {
		struct phy_cf v = pdcch_mul(ch->mean[i], pdcch_turn(ch, pdcch_subcarrier(ch, i), delay));

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
			struct phy_cf p = pdcch_mul(f->l[i][k], pdcch_conj(f->l[j][k]));

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

void pdcch_taps_fit(const struct pdcch_channel *ch, struct pdcch_unit u, struct pdcch_taps *f, float noise)
{
	struct phy_cf row[PDCCH_TAPS_MAX];

	for (unsigned i = 0; i < f->n; i++) {
		struct phy_cf v = pdcch_gather(ch, u, f->delay[i]);

		for (unsigned j = 0; j <= i; j++) {
			uint32_t apart = f->delay[i] - f->delay[j];
			struct phy_cf sum = { 0, 0 };

			for (unsigned p = u.first; p < u.first + u.n; p++) {
				struct phy_cf w = pdcch_turn(ch, pdcch_subcarrier(ch, p), apart);

				sum.re += w.re;
				sum.im += w.im;
			}
			row[j] = sum;
		}
		row[i].re += noise / f->prior[i];
		factor_row(f, i, row, noise / f->prior[i]);
		for (unsigned j = 0; j < i; j++) {
			struct phy_cf p = pdcch_mul(f->l[i][j], f->y[j]);

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
			struct phy_cf p = pdcch_mul(pdcch_conj(f->l[j][i]), f->y[j]);

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
		struct phy_cf v = pdcch_mul(f->y[t], pdcch_conj(pdcch_turn(ch, k, f->delay[t])));

		h.re += v.re;
		h.im += v.im;
	}
	return h;
}
