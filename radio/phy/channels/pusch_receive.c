/* Receiving PUSCH: from the antennas' grids to LLRs symbol by symbol, then to the transport block. */
#include <math.h>
#include <stdlib.h>

#include "radio/phy/receivers/array.h"
#include "radio/phy/channels/pusch_parts.h"

enum { RE_MAX = PHY_PRB_MAX * PHY_SC_PER_PRB };

struct phy_pusch_receiver {
	const struct phy_dfts *dfts;
	struct phy_array *array;
	struct phy_sch_decoder *decoder;
	unsigned antennas, layers;
	struct phy_cf *y; /* of partial blocks: antennas rows, then antennas * layers */
	struct phy_cf *x; /* of a symbol, layers in a row for each RE */
	float *noise;
	int8_t *llr, *part; /* of the codeword; of UCI's parts */
	struct phy_uci_codec *codec;
	uint8_t bits[PHY_PUSCH_UCI_PARTS][PHY_UCI_BITS_MAX];
	struct phy_cf work[2][RE_MAX];
};

struct phy_pusch_receiver *phy_pusch_receiver_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers)
{
	struct phy_pusch_receiver *r;
	size_t re = (size_t)layers * RE_MAX;

	if (antennas < 1 || antennas > PHY_PUSCH_ANTENNAS_MAX || layers < 1 || layers > PHY_UL_LAYERS_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->dfts = dfts;
	r->antennas = antennas;
	r->layers = layers;
	r->array = phy_array_new(filters, antennas, layers);
	r->decoder = phy_sch_decoder_new();
	r->y = calloc((size_t)antennas * (layers + 1) * RE_MAX, sizeof(*r->y));
	r->x = calloc(re, sizeof(*r->x));
	r->noise = calloc(re, sizeof(*r->noise));
	r->llr = calloc(PHY_SYMBOLS_MAX * re, PHY_Q_M_MAX);
	r->part = calloc(PHY_SYMBOLS_MAX * re, PHY_Q_M_MAX);
	r->codec = phy_uci_codec_new();
	if (!r->part || !r->codec || !r->array || !r->decoder || !r->y || !r->x || !r->noise || !r->llr) {
		phy_pusch_receiver_free(r);
		return NULL;
	}
	return r;
}

void phy_pusch_receiver_free(struct phy_pusch_receiver *r)
{
	if (!r)
		return;
	phy_array_free(r->array);
	if (r->decoder)
		phy_sch_decoder_free(r->decoder);
	free(r->y);
	free(r->x);
	free(r->noise);
	free(r->llr);
	free(r->part);
	phy_uci_codec_free(r->codec);
	free(r);
}

/* The data of a run to r->x and r->noise from RE `at` of the symbol on; returns how many REs. */
static size_t equalize_run(struct phy_pusch_receiver *r, const struct kern *k,
	const struct phy_array_symbol *s, const struct phy_re_run *run, size_t at)
{
	size_t n = (size_t)run->prbs * PHY_SC_PER_PRB, first = (size_t)run->prb * PHY_SC_PER_PRB;
	const float *y[PHY_PUSCH_ANTENNAS_MAX], *h[PHY_PUSCH_ANTENNAS_MAX * PHY_UL_LAYERS_MAX];
	unsigned rows = s->antennas * s->layers;
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
	k->cf_mmse(&r->x[at * s->layers].re, r->noise + at * s->layers, y, h, s->antennas, s->layers, n);
	return n;
}

/*
 * Back from what the DFT spread (38.211 6.3.1.4). Each subcarrier counts by the share of it that is signal,
 * as MMSE would have it; after the transform all have the mean share, and the noise that goes with it.
 */
static void unspread(struct phy_pusch_receiver *r, size_t n)
{
	float mean = 0, noise;

	for (size_t i = 0; i < n; i++) {
		float share = 1 / (1 + r->noise[i]);

		r->work[0][i] = (struct phy_cf){ r->x[i].re * share, r->x[i].im * share };
		mean += share;
	}
	mean = fmaxf(mean / (float)n, 1e-6f);
	noise = (1 - mean) / mean;
	phy_dft_run(r->dfts, (unsigned)n, true, r->x, r->work[0], r->work[1]);
	for (size_t i = 0; i < n; i++) {
		r->x[i].re /= mean;
		r->x[i].im /= mean;
		r->noise[i] = noise;
	}
}

/* What receiving one slot goes by. */
struct reception {
	const struct phy_pusch *p;
	const struct phy_grid *antennas;
	unsigned slot, count;
};

/* The LLRs of a symbol that is `shift` blocks away from the plan; returns how many. */
static size_t receive_symbol(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	unsigned l, int shift, int8_t *llr)
{
	const struct phy_pusch *p = in->p;
	struct phy_array_symbol s;
	size_t n = 0;

	phy_array_symbol(r->array, k, l, in->antennas, phy_pusch_offset(p, in->antennas), &s);
	for (unsigned i = p->plan.start[l]; i < p->plan.start[l + 1]; i++) {
		struct phy_re_run run = p->plan.runs[i];

		run.prb = (uint16_t)(run.prb + shift);
		n += equalize_run(r, k, &s, &run, n);
	}
	n *= p->config.layers;
	if (p->config.transform_precoding)
		unspread(r, n);
	phy_demap(k, p->modulation, llr, r->x, r->noise, n);
	return n * p->sch.q_m;
}

/* The symbols of a hop, from `from` up to `to`: LLRs to r->llr from *at on. False when there is nothing. */
static bool receive_hop(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	unsigned from, unsigned to, size_t *at)
{
	const struct phy_pusch *p = in->p;
	const struct phy_pusch_config *c = &p->config;
	int shift = phy_pusch_shift(p, in->slot, from);
	struct phy_prb_run moved = { (uint16_t)(c->prbs.at[0] + shift), c->prbs.n };
	struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX];
	struct phy_chest_layout layout = { dmrs, 0, c->mu, c->extended, c->bwp_start, c->bwp_prbs,
		p->plan.bands, p->plan.bands_n };

	if (shift != 0) { /* which only blocks in a row are */
		layout.bands = &moved;
		layout.bands_n = 1;
	}
	for (unsigned l = 0; l < c->layers; l++)
		dmrs[l] = phy_pusch_dmrs(p, r->dfts, l, shift);
	layout.dmrs_symbols = p->dmrs_symbols & ((1u << to) - (1u << from));
	if (!phy_array_run(r->array, k, &layout, c->layers, in->slot, in->antennas, in->count,
		    phy_pusch_offset(p, in->antennas)))
		return false;
	for (unsigned l = from; l < to; l++) {
		if (p->plan.symbol_re[l] > 0)
			*at += receive_symbol(r, k, in, l, shift, r->llr + *at);
	}
	return true;
}

/* All LLRs of the codeword; a hop that is silent says nothing. */
static bool demodulate(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	struct phy_array_result *channel)
{
	const struct phy_pusch *p = in->p;
	unsigned from = p->config.time.s, end = from + p->config.time.l;
	unsigned middle = p->hop_symbol < end ? p->hop_symbol : end;
	size_t at = 0;
	bool any = false;

	for (unsigned hop = 0; hop < 2 && from < end; hop++, from = middle, middle = end) {
		size_t begin = at;

		if (receive_hop(r, k, in, from, middle, &at)) {
			if (!any)
				*channel = *phy_array_result(r->array);
			any = true;
			continue;
		}
		for (unsigned l = from; l < middle; l++)
			at += (size_t)p->plan.symbol_re[l] * p->config.layers * p->sch.q_m;
		memset(r->llr + begin, 0, at - begin);
	}
	phy_descramble_llr(k, r->llr, p->g, phy_pusch_c_init(p));
	return any && phy_llr_tell(r->llr, p->g);
}

/* UCI's LLRs out of the codeword's, which become those of UL-SCH, and what they say. */
static void take_uci(struct phy_pusch_receiver *r, const struct kern *k, const struct phy_pusch *p,
	struct phy_pusch_result *result)
{
	int8_t *part[PHY_PUSCH_UCI_PARTS], *at = r->part;

	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		part[i] = at;
		at += p->uci.code[i].e;
	}
	phy_pusch_uci_split(&p->uci, p->plan.re, p->sch.q_m * p->config.layers, r->llr, part, r->llr);
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		if (p->uci.code[i].e == 0)
			continue;
		result->uci[i].code = phy_uci_decode(r->codec, k, &p->uci.code[i], part[i], r->bits[i]);
		result->uci[i].bits = r->bits[i];
	}
}

bool phy_pusch_receive(struct phy_pusch_receiver *r, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *harq, uint8_t *tb,
	struct phy_pusch_result *result)
{
	const struct reception in = { p, antennas, slot, count };

	*result = (struct phy_pusch_result){ 0 };
	if (count < 1 || count > r->antennas || p->config.layers > r->layers)
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (!phy_pusch_fits(p, &antennas[i], slot))
			return false;
	}
	if (!demodulate(r, k, &in, &result->channel))
		return true;
	if (p->uci.used)
		take_uci(r, k, p, result);
	if (p->sch.g == 0)
		return true;
	if (!phy_sch_decode(r->decoder, k, &p->sch, PHY_PUSCH_ITERATIONS, r->llr, harq, tb, &result->sch))
		return false;
	result->ok = result->sch.ok;
	return true;
}
