/* Receiving PUSCH: from the antennas' grids to LLRs symbol by symbol, then to the transport block. */
#include <stdlib.h>

#include "radio/phy/channels/pusch_parts.h"

struct phy_pusch_receiver {
	const struct phy_dfts *dfts;
	struct phy_layers_receiver *receiver;
	struct phy_sch_decoder *decoder;
	unsigned antennas, layers;
	int8_t *llr, *part; /* of the codeword; of UCI's parts */
	struct phy_uci_codec *codec;
	uint8_t bits[PHY_PUSCH_UCI_PARTS][PHY_UCI_BITS_MAX];
};

struct phy_pusch_receiver *phy_pusch_receiver_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers)
{
	struct phy_pusch_receiver *r;
	size_t llrs = phy_pusch_llrs(layers);

	if (layers > PHY_UL_LAYERS_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->dfts = dfts;
	r->antennas = antennas;
	r->layers = layers;
	r->receiver = phy_layers_receiver_new(filters, antennas, layers);
	r->decoder = phy_sch_decoder_new();
	r->llr = calloc(llrs, 1);
	r->part = calloc(llrs, 1);
	r->codec = phy_uci_codec_new();
	if (!r->receiver || !r->decoder || !r->llr || !r->part || !r->codec) {
		phy_pusch_receiver_free(r);
		return NULL;
	}
	return r;
}

void phy_pusch_receiver_free(struct phy_pusch_receiver *r)
{
	if (!r)
		return;
	phy_layers_receiver_free(r->receiver);
	if (r->decoder)
		phy_sch_decoder_free(r->decoder);
	free(r->llr);
	free(r->part);
	phy_uci_codec_free(r->codec);
	free(r);
}

/* What receiving one slot goes by. */
struct reception {
	const struct phy_pusch *p;
	const struct phy_grid *antennas;
	unsigned slot, count;
	int8_t *llr; /* of the codeword */
};

/* The symbols of a hop, from `from` on: LLRs to *llr, which goes on. False when there is nothing. */
static bool receive_hop(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	unsigned from, int8_t **llr)
{
	struct phy_layers_at at = { in->antennas, in->slot, from };
	struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX];
	struct phy_layers c;

	phy_pusch_layers(&c, dmrs, in->p, r->dfts, in->slot, from);
	if (!phy_layers_estimate(r->receiver, k, &c, &at, in->count))
		return false;
	for (; at.l < c.end; at.l++)
		phy_layers_receive(r->receiver, k, &c, &at, llr);
	return true;
}

/* All LLRs of the codeword; a hop that is silent says nothing. */
static bool demodulate(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	struct phy_array_result *channel)
{
	const struct phy_pusch *p = in->p;
	unsigned from = p->config.time.s, end = from + p->config.time.l;
	unsigned middle = p->hop_symbol < end ? p->hop_symbol : end;
	int8_t *at = in->llr;
	bool any = false;

	for (unsigned hop = 0; hop < 2 && from < end; hop++, from = middle, middle = end) {
		int8_t *begin = at;

		if (receive_hop(r, k, in, from, &at)) {
			if (!any)
				*channel = *phy_layers_result(r->receiver);
			any = true;
			continue;
		}
		for (unsigned l = from; l < middle; l++)
			at += (size_t)p->plan.symbol_re[l] * p->config.layers * p->sch.q_m;
		memset(begin, 0, (size_t)(at - begin));
	}
	phy_descramble_llr(k, in->llr, p->g, phy_pusch_c_init(p));
	return any && phy_llr_tell(in->llr, p->g);
}

/* UCI's LLRs out of the codeword's, which become those of UL-SCH, and what they say. */
static void take_uci(struct phy_pusch_receiver *r, const struct kern *k, const struct reception *in,
	struct phy_pusch_result *result)
{
	const struct phy_pusch *p = in->p;
	int8_t *part[PHY_PUSCH_UCI_PARTS], *at = r->part;

	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		part[i] = at;
		at += p->uci.code[i].e;
	}
	phy_pusch_uci_split(&p->uci, p->plan.re, p->sch.q_m * p->config.layers, in->llr, part, in->llr);
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		if (p->uci.code[i].e == 0)
			continue;
		result->uci[i].code = phy_uci_decode(r->codec, k, &p->uci.code[i], part[i], r->bits[i]);
		result->uci[i].bits = r->bits[i];
	}
}

bool phy_pusch_demodulate(struct phy_pusch_receiver *r, const struct kern *k, struct phy_pusch_steps *steps,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_pusch_result *result)
{
	const struct phy_pusch *p = steps->pusch;
	const struct reception in = { p, antennas, slot, count, steps->llr };
	struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX];
	struct phy_layers c;

	*result = (struct phy_pusch_result){ 0 };
	steps->coded = false;
	if (count < 1 || count > r->antennas || p->config.layers > r->layers)
		return false;
	phy_pusch_layers(&c, dmrs, p, r->dfts, slot, p->config.time.s);
	for (unsigned i = 0; i < count; i++) {
		if (!phy_layers_fit(&c, &antennas[i], slot))
			return false;
	}
	if (!demodulate(r, k, &in, &result->channel))
		return true;
	if (p->uci.used)
		take_uci(r, k, &in, result);
	steps->coded = p->sch.g > 0 && phy_sch_begin(&p->sch, steps->harq);
	return steps->coded || p->sch.g == 0;
}

void phy_pusch_decode_part(struct phy_pusch_receiver *r, const struct kern *k,
	const struct phy_pusch_steps *steps, const struct phy_sch_part *part)
{
	if (steps->coded)
		phy_sch_decode_part(r->decoder, k, &steps->pusch->sch, PHY_PUSCH_ITERATIONS, steps->llr,
			steps->harq, part);
}

void phy_pusch_conclude(const struct kern *k, const struct phy_pusch_steps *steps, uint8_t *tb,
	struct phy_pusch_result *result)
{
	if (!steps->coded)
		return;
	phy_sch_end(k, &steps->pusch->sch, steps->harq, tb, &result->sch);
	result->ok = result->sch.ok;
}

bool phy_pusch_receive(struct phy_pusch_receiver *r, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *harq, uint8_t *tb,
	struct phy_pusch_result *result)
{
	struct phy_pusch_steps steps = { p, harq, r->llr, false };
	const struct phy_sch_part all = { 0, 1 };

	if (!phy_pusch_demodulate(r, k, &steps, slot, antennas, count, result))
		return false;
	phy_pusch_decode_part(r, k, &steps, &all);
	phy_pusch_conclude(k, &steps, tb, result);
	return true;
}
