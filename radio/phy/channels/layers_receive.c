/* Receiving the symbols of a shared channel: from the antennas' grids to LLRs. */
#include <stdlib.h>

#include "radio/phy/channels/layers_parts.h"

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
	r->y = calloc((size_t)antennas * (layers + 1) * LAYERS_RE_MAX, sizeof(*r->y));
	r->x = calloc(2 * (size_t)layers * LAYERS_RE_MAX, sizeof(*r->x));
	r->noise = calloc(2 * (size_t)layers * LAYERS_RE_MAX, sizeof(*r->noise));
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
		layers_find_phases(r, k, c, at);
	return true;
}

/* The LLRs of a codeword out of n REs of all layers; returns how many. */
static size_t demap(struct phy_layers_receiver *r, const struct kern *k, const struct phy_codeword *w,
	unsigned layers, size_t n, int8_t *llr)
{
	struct phy_cf *x = r->x;
	float *noise = r->noise;

	if (w->layers < layers) {
		size_t apart = (size_t)r->layers * LAYERS_RE_MAX;

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
	size_t n;

	if (c->plan->symbol_re[at->l] == 0)
		return;
	n = layers_equalize(r, k, c, at, c->ptrs ? r->phase[at->l] : 0);
	if (phy_layers_has_samples(c, at->l))
		n = layers_follow_samples(r, c, at->slot, n);
	for (unsigned q = 0; q < c->codewords; q++)
		llr[q] += demap(r, k, &c->codeword[q], c->layers, n, llr[q]);
}
