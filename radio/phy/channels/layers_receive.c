/* Receiving the symbols of a shared channel: from the antennas' grids to LLRs. */
#include <stdlib.h>

#include "radio/phy/channels/layers_parts.h"

static bool legal(unsigned antennas, unsigned layers)
{
	return antennas >= 1 && antennas <= PHY_ANTENNAS_MAX && layers >= 1 && layers <= PHY_LAYERS_MAX;
}

struct phy_layers_channel *phy_layers_channel_new(
	const struct phy_chest_filters *filters, unsigned antennas, unsigned layers)
{
	struct phy_layers_channel *ch = legal(antennas, layers) ? calloc(1, sizeof(*ch)) : NULL;

	if (!ch)
		return NULL;
	ch->array = phy_array_new(filters, antennas, layers);
	if (ch->array)
		return ch;
	free(ch);
	return NULL;
}

void phy_layers_channel_free(struct phy_layers_channel *ch)
{
	if (ch)
		phy_array_free(ch->array);
	free(ch);
}

struct phy_layers_receiver *phy_layers_receiver_new(unsigned antennas, unsigned layers)
{
	struct phy_layers_receiver *r = legal(antennas, layers) ? calloc(1, sizeof(*r)) : NULL;

	if (!r)
		return NULL;
	(void)phy_dmrs_work_init(&r->dmrs);
	r->layers = layers;
	r->array = phy_array_work_new(antennas, layers);
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
	phy_array_work_free(r->array);
	free(r->y);
	free(r->x);
	free(r->noise);
	free(r);
}

void phy_layers_search(struct phy_layers_receiver *r, bool on)
{
	r->search = on;
}

const struct phy_array_result *phy_layers_result(const struct phy_layers_channel *ch)
{
	return phy_array_result(ch->array);
}

static struct phy_array_input input_of(const struct phy_layers_input *in)
{
	const struct phy_layers *c = in->c;

	return (struct phy_array_input){
		.layout = { c->dmrs, c->dmrs_symbols, c->mu, c->extended, c->bwp_start, c->bwp_prbs,
			c->shift ? &c->moved : c->plan->bands, c->shift ? 1 : c->plan->bands_n },
		.layers = c->layers,
		.slot = in->slot,
		.grids = in->grids,
		.antennas = in->antennas,
		.offset = phy_layers_offset(c, in->grids)
	};
}

void phy_layers_step(struct phy_layers_channel *ch, const struct kern *k, const struct phy_layers_input *in,
	enum phy_array_step step, unsigned layer)
{
	const struct phy_array_input array = input_of(in);

	phy_array_step(ch->array, k, &array, step, layer);
}

bool phy_layers_end(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_layers_input *in)
{
	const struct phy_array_input array = input_of(in);

	ch->in = *in;
	if (!phy_array_end(ch->array, k, &array))
		return false;
	memset(ch->phase, 0, sizeof(ch->phase));
	if (in->c->ptrs)
		layers_find_phases(ch, r, k);
	return true;
}

bool phy_layers_estimate(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_layers_input *in)
{
	unsigned layers = in->c->layers;

	for (unsigned i = 0; i < PHY_ARRAY_STEPS * layers; i++)
		phy_layers_step(ch, k, in, (enum phy_array_step)(i / layers), i % layers);
	return phy_layers_end(ch, r, k, in);
}

/* The LLRs of a codeword out of n REs of all layers. */
static void demap(struct phy_layers_receiver *r, const struct kern *k, const struct phy_codeword *w,
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
}

void phy_layers_receive(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, int8_t *const *llr)
{
	const struct phy_layers *c = ch->in.c;
	size_t n;

	if (c->plan->symbol_re[l] == 0)
		return;
	if (layers_can_search(r, c, ch->in.antennas)) {
		layers_search(ch, r, k, l, ch->phase[l], llr[0]);
		return;
	}
	n = layers_equalize(ch, r, k, l, ch->phase[l]);
	if (phy_layers_has_samples(c, l))
		n = layers_follow_samples(r, c, ch->in.slot, n);
	for (unsigned q = 0; q < c->codewords; q++)
		demap(r, k, &c->codeword[q], c->layers, n, llr[q]);
}
