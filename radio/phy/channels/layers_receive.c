/* Receiving the symbols of a shared channel: from the antennas' grids to LLRs. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/channels/layers.h"
#include "radio/phy/signals/complex.h"

enum { RE_MAX = PHY_PRB_MAX * PHY_SC_PER_PRB };

struct phy_layers_receiver {
	struct phy_array *array;
	unsigned antennas, layers;
	struct phy_cf *y;         /* of partial blocks: antennas rows, then antennas * layers */
	struct phy_cf *x;         /* of a symbol, layers in a row for each RE; then a codeword's */
	float *noise;             /* the same */
	struct phy_prb_run moved; /* the band, where it is not the plan's */
	struct phy_cf work[2][RE_MAX];
	float phase[PHY_SYMBOLS_MAX]; /* of each symbol against the channel's estimate, in radians */
	struct phy_dmrs_work dmrs;
};

struct phy_layers_receiver *phy_layers_receiver_new(
	const struct phy_chest_filters *filters, unsigned antennas, unsigned layers)
{
	struct phy_layers_receiver *r;

	if (antennas < 1 || antennas > PHY_ANTENNAS_MAX || layers < 1 || layers > PHY_LAYERS_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	(void)phy_dmrs_work_init(&r->dmrs);
	r->antennas = antennas;
	r->layers = layers;
	r->array = phy_array_new(filters, antennas, layers);
	r->y = calloc((size_t)antennas * (layers + 1) * RE_MAX, sizeof(*r->y));
	r->x = calloc(2 * (size_t)layers * RE_MAX, sizeof(*r->x));
	r->noise = calloc(2 * (size_t)layers * RE_MAX, sizeof(*r->noise));
	if (!r->array || !r->y || !r->x || !r->noise) {
		phy_layers_receiver_free(r);
		return NULL;
	}
	return r;
}

void phy_layers_receiver_free(struct phy_layers_receiver *r)
{
	if (!r)
		return;
	phy_array_free(r->array);
	free(r->y);
	free(r->x);
	free(r->noise);
	free(r);
}

const struct phy_array_result *phy_layers_result(const struct phy_layers_receiver *r)
{
	return phy_array_result(r->array);
}

/* The phase that PT-RS show in a symbol, at all antennas together. */
static float phase_of(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at, unsigned l, const struct phy_cf *sent)
{
	const struct phy_ptrs_plan *p = c->ptrs;
	struct phy_cf sum = { 0, 0 };
	struct phy_array_symbol s;

	phy_array_symbol(r->array, k, l, at->grids, phy_layers_offset(c, at->grids), &s);
	for (unsigned i = 0; i < p->n[l]; i++) {
		unsigned prb = (unsigned)((int)p->prb[l][i] + c->shift);
		unsigned re = prb * PHY_SC_PER_PRB + p->subcarrier;

		for (unsigned a = 0; a < s.antennas; a++)
			phy_cf_add(&sum, phy_cf_mul_conj(s.y[a][re],
						 phy_cf_mul(s.h[a * s.layers + p->layer][re], sent[prb])));
	}
	return isfinite(sum.re) && isfinite(sum.im) ? atan2f(sum.im, sum.re) : 0;
}

/* From one symbol whose phase is known to the next, the shorter way round; before the first and behind the
 * last it stays. */
static void fill_phases(struct phy_layers_receiver *r, const struct phy_layers *c, unsigned known)
{
	unsigned last = PHY_SYMBOLS_MAX;

	for (unsigned l = c->first; l < c->end; l++) {
		float step;

		if (!(known >> l & 1))
			continue;
		for (unsigned i = c->first; last == PHY_SYMBOLS_MAX && i < l; i++)
			r->phase[i] = r->phase[l];
		if (last < PHY_SYMBOLS_MAX) {
			step = remainderf(r->phase[l] - r->phase[last], 2 * (float)M_PI) / (float)(l - last);
			for (unsigned i = last + 1; i <= l; i++)
				r->phase[i] = r->phase[i - 1] + step;
		}
		last = l;
	}
	for (unsigned i = last + 1; i < c->end; i++)
		r->phase[i] = r->phase[last];
}

/*
 * Where each symbol's phase is, beside what the estimate has: at symbols with PT-RS as these show it, at
 * those with DM-RS 0, as the estimate is theirs.
 */
static void find_phases(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at)
{
	const struct phy_cf *sent = phy_layers_ptrs(&r->dmrs, k, c, at->slot, r->work[0]);
	unsigned known = c->dmrs_symbols;

	memset(r->phase, 0, sizeof(r->phase));
	for (unsigned l = c->first; l < c->end; l++) {
		if (c->ptrs->n[l] == 0)
			continue;
		r->phase[l] = phase_of(r, k, c, at, l, sent);
		known |= 1u << l;
	}
	fill_phases(r, c, known);
}

bool phy_layers_estimate(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at, unsigned antennas)
{
	struct phy_chest_layout layout = { c->dmrs, c->dmrs_symbols, c->mu, c->extended, c->bwp_start,
		c->bwp_prbs, c->plan->bands, c->plan->bands_n };

	if (c->shift != 0) {
		r->moved = (struct phy_prb_run){ (uint16_t)(c->plan->bands[0].first + c->shift),
			c->plan->bands[0].n };
		layout.bands = &r->moved;
		layout.bands_n = 1;
	}
	if (!phy_array_run(r->array, k, &layout, c->layers, at->slot, at->grids, antennas,
		    phy_layers_offset(c, at->grids)))
		return false;
	if (c->ptrs)
		find_phases(r, k, c, at);
	return true;
}

/* The data of a run to r->x and r->noise from RE `at` of the symbol on; returns how many REs. */
static size_t equalize_run(struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_array_symbol *s, const struct phy_re_run *run, size_t at)
{
	size_t n = (size_t)run->prbs * PHY_SC_PER_PRB, first = (size_t)run->prb * PHY_SC_PER_PRB;
	const float *y[PHY_ANTENNAS_MAX], *h[PHY_ANTENNAS_MAX * PHY_LAYERS_MAX];
	unsigned rows = s->antennas * s->layers;
	float *x = &r->x[at * s->layers].re, *noise = r->noise + at * s->layers;
	struct phy_cf *row = r->y;

	for (unsigned i = 0; i < s->antennas; i++, row += RE_MAX) {
		y[i] = &s->y[i][first].re;
		if (run->mask == PHY_RE_ALL)
			continue;
		n = phy_re_gather(run, s->y[i], row);
		y[i] = &row->re;
	}
	for (unsigned i = 0; i < rows; i++, row += RE_MAX) {
		h[i] = &s->h[i][first].re;
		if (run->mask == PHY_RE_ALL)
			continue;
		(void)phy_re_gather(run, s->h[i], row);
		h[i] = &row->re;
	}
	if (rows == 1)
		k->cf_equalize(x, noise, y[0], h[0], s->noise, n);
	else
		k->cf_mmse(x, noise, y, h, s->antennas, s->layers, n);
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

/* The LLRs of a codeword out of n REs of all layers; returns how many. */
static size_t demap(struct phy_layers_receiver *r, const struct kern *k, const struct phy_codeword *w,
	unsigned layers, size_t n, int8_t *llr)
{
	struct phy_cf *x = r->x;
	float *noise = r->noise;

	if (w->layers < layers) {
		size_t apart = (size_t)r->layers * RE_MAX;

		x += apart;
		noise += apart;
		for (size_t i = 0; i < n * w->layers; i++) {
			size_t from = i / w->layers * layers + w->first + i % w->layers;

			x[i] = r->x[from];
			noise[i] = r->noise[from];
		}
	}
	phy_demap(k, w->modulation, llr, x, noise, n * w->layers);
	return n * w->layers * w->q_m;
}

void phy_layers_receive(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at, int8_t **llr)
{
	const struct phy_re_plan *plan = c->plan;
	struct phy_array_symbol s;
	size_t n = 0;

	if (plan->symbol_re[at->l] == 0)
		return;
	phy_array_symbol(r->array, k, at->l, at->grids, phy_layers_offset(c, at->grids), &s);
	for (unsigned i = plan->start[at->l]; i < plan->start[at->l + 1]; i++) {
		struct phy_re_run run = plan->runs[i];

		run.prb = (uint16_t)(run.prb + c->shift);
		n += equalize_run(r, k, &s, &run, n);
	}
	if (c->ptrs)
		k->cf_scale(
			&r->x->re, &r->x->re, n * c->layers, cosf(r->phase[at->l]), -sinf(r->phase[at->l]));
	if (c->dfts)
		unspread(r, c->dfts, n);
	for (unsigned q = 0; q < c->codewords; q++)
		llr[q] += demap(r, k, &c->codeword[q], c->layers, n, llr[q]);
}
