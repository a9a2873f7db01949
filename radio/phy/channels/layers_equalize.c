/* Equalising a symbol of a shared channel: the layers of its REs, or what was spread over them. */
#include <math.h>

#include "radio/phy/channels/layers_parts.h"

/* The data of a run to r->x and r->noise from RE `at` of the symbol on; returns how many REs. */
static size_t equalize_run(struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_array_symbol *s, const struct phy_re_run *run, size_t at)
{
	size_t n = (size_t)run->prbs * PHY_SC_PER_PRB, first = (size_t)run->prb * PHY_SC_PER_PRB;
	const float *y[PHY_ANTENNAS_MAX], *h[PHY_ANTENNAS_MAX * PHY_LAYERS_MAX];
	unsigned rows = s->antennas * s->layers;
	float *x = &r->x[at * s->layers].re, *noise = r->noise + at * s->layers;
	struct phy_cf *row = r->y;

	for (unsigned i = 0; i < s->antennas; i++, row += LAYERS_RE_MAX) {
		y[i] = &s->y[i][first].re;
		if (run->mask == PHY_RE_ALL)
			continue;
		n = phy_re_gather(run, s->y[i], row);
		y[i] = &row->re;
	}
	for (unsigned i = 0; i < rows; i++, row += LAYERS_RE_MAX) {
		h[i] = &s->h[i][first].re;
		if (run->mask == PHY_RE_ALL)
			continue;
		(void)phy_re_gather(run, s->h[i], row);
		h[i] = &row->re;
	}
	if (rows == 1)
		k->cf_equalize(x, noise, y[0], h[0], s->noise, n);
	else
		k->cf_mmse(x, noise, y, &s->w[0].re, h, s->antennas, s->layers, n);
	return n;
}

/*
 * Back from what the DFT spread (38.211 6.3.1.4). Each subcarrier counts by the share of it that is signal,
 * as MMSE would have it; after the transform all have the mean share, and the noise that goes with it.
 */
static void unspread(struct phy_layers_receiver *r, const struct phy_dfts *dfts, size_t n)
{
	float mean = 0, noise;

	for (size_t i = 0; i < n; i++) {
		float share = 1 / (1 + r->noise[i]);

		r->work[0][i] = (struct phy_cf){ r->x[i].re * share, r->x[i].im * share };
		mean += share;
	}
	mean = fmaxf(mean / (float)n, 1e-6f);
	noise = (1 - mean) / mean;
	phy_dft_run(dfts, (unsigned)n, true, r->x, r->work[0], r->work[1]);
	for (size_t i = 0; i < n; i++) {
		r->x[i].re /= mean;
		r->x[i].im /= mean;
		r->noise[i] = noise;
	}
}

size_t layers_equalize(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, float phase)
{
	const struct phy_layers *c = ch->in.c;
	const struct phy_re_plan *plan = c->plan;
	struct phy_array_symbol s;
	size_t n = 0;

	phy_array_symbol(ch->array, r->array, k, l, &s);
	for (unsigned i = plan->start[l]; i < plan->start[l + 1]; i++) {
		struct phy_re_run run = plan->runs[i];

		run.prb = (uint16_t)(run.prb + c->shift);
		n += equalize_run(r, k, &s, &run, n);
	}
	if (phase != 0)
		k->cf_scale(&r->x->re, &r->x->re, n * c->layers, cosf(phase), -sinf(phase));
	if (c->dfts)
		unspread(r, c->dfts, n);
	return n;
}
