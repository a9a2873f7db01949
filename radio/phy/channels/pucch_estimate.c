/*
 * The channel of formats 2 to 4 over frequency. Pilots are turned so that the mean delay is none, smoothed by
 * a filter for an assumed SNR, whose residue shows the noise, and smoothed again by the filter for the SNR
 * that there is.
 */
#include "radio/phy/channels/pucch_parts.h"

enum { FIRST_CLASS = 2, HIGH_SNR = 1000 };

struct pilots {
	struct phy_pucch_work *w;
	const struct kern *k;
	enum pucch_pilots kind;
	unsigned antennas, symbols, prbs, n; /* n pilots a symbol */
	float step;                          /* turn from pilot to pilot */
};

/* What the turn from subcarrier to subcarrier is about, before anything is received: 1 us at 15 kHz. */
#define TURN_EXPECTED 0.1f

/*
 * The turn from subcarrier to subcarrier, by the angle of the sum of products of neighbours. Its variance
 * follows from how much of all energy that sum is; as much of the angle is taken as it is surer than what was
 * expected.
 */
static float turn_of(const struct pilots *p, float *energy, float *measured)
{
	unsigned lag = pucch_pilots_lag(p->kind), apart = p->kind == PUCCH_COMB_3 ? 1 : lag;
	float sum[2] = { 0, 0 }, share, variance, pairs = (float)(p->antennas * p->symbols * (p->n - apart));

	*energy = 0;
	for (unsigned a = 0; a < p->antennas; a++) {
		for (unsigned s = 0; s < p->symbols; s++) {
			const struct phy_cf *v = p->w->pilots[a][s];
			float part[2];

			p->k->cf_dot_conj(part, &v[apart].re, &v->re, p->n - apart);
			sum[0] += part[0];
			sum[1] += part[1];
			*energy += p->k->cf_energy(&v->re, p->n);
		}
	}
	share = (sum[0] * sum[0] + sum[1] * sum[1]) / (*energy * *energy + KERN_EQUALIZE_LEAST);
	share = share < 1 ? share : 1;
	*measured = atan2f(sum[1], sum[0]) / (float)lag;
	variance = (1 - share) / (2 * pairs * (share + KERN_EQUALIZE_LEAST) * (float)(lag * lag));
	return *measured * TURN_EXPECTED * TURN_EXPECTED / (TURN_EXPECTED * TURN_EXPECTED + variance);
}

/* Smooths all; returns what becomes of noise of variance 1. */
static float smooth(const struct pilots *p, unsigned snr_class)
{
	float noise = 0;

	for (unsigned i = 0; i < p->antennas * p->symbols; i++) {
		unsigned a = i / p->symbols, s = i % p->symbols;

		noise = pucch_filter(p->w->tables->filters, p->k, p->kind, snr_class, p->prbs, p->w->h[a][s],
			p->w->pilots[a][s]);
	}
	return noise;
}

static float noise_of(const struct pilots *p)
{
	float sum = 0;

	for (unsigned i = 0; i < p->antennas * p->symbols; i++)
		sum += pucch_filter_left(p->w->tables->filters, p->k, p->kind, FIRST_CLASS, p->prbs,
			p->w->temp, p->w->pilots[i / p->symbols][i % p->symbols]);
	return sum / (float)(p->antennas * p->symbols);
}

/* Of the estimate: other users of format 4 are not in it. */
static float power_of(const struct pilots *p)
{
	unsigned n = p->prbs * PHY_SC_PER_PRB;
	float energy = 0;

	for (unsigned i = 0; i < p->antennas * p->symbols; i++)
		energy += p->k->cf_energy(&p->w->h[i / p->symbols][i % p->symbols]->re, n);
	return energy / (float)(p->antennas * p->symbols * n);
}

/* Turns what stands at pilots back. */
static void turn_pilots(const struct pilots *p, float turn)
{
	unsigned spacing = p->kind == PUCCH_COMB_3 ? 3 : 1, first = p->kind == PUCCH_COMB_3 ? 1 : 0;

	for (unsigned i = 0; i < p->antennas * p->symbols; i++) {
		struct phy_cf *v = p->w->pilots[i / p->symbols][i % p->symbols];

		p->k->cf_ramp(&v->re, &v->re, p->n, -turn * (float)first, -turn * (float)spacing);
	}
}

void pucch_estimate(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p,
	enum pucch_pilots kind, unsigned antennas, unsigned symbols, struct pucch_estimate *e)
{
	unsigned prbs = p->config.prbs;
	struct pilots all = { w, k, kind, antennas, symbols, prbs, prbs * pucch_pilots_per_prb(kind), 0 };
	float energy, measured, turn = turn_of(&all, &energy, &measured), mean;

	mean = energy / (float)(antennas * symbols * all.n);
	*e = (struct pucch_estimate){ .delay_s = -measured /
						 (2 * (float)M_PI * 15e3f * (float)(1 << p->config.mu)) };
	turn_pilots(&all, turn);
	e->noise = fminf(noise_of(&all), mean);
	e->error = e->noise *
		   smooth(&all, pucch_filter_class(e->noise > 0 ? (mean - e->noise) / e->noise : HIGH_SNR));
	e->power = fmaxf(power_of(&all) - e->error, 0);
	for (unsigned i = 0; i < antennas * symbols; i++) {
		struct phy_cf *h = w->h[i / symbols][i % symbols];

		k->cf_ramp(&h->re, &h->re, (size_t)prbs * PHY_SC_PER_PRB, 0, turn);
	}
}
