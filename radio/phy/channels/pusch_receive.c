/* Receiving PUSCH: from the antennas' grids to LLRs symbol by symbol, then to the transport block. */
#include <stdlib.h>

#include "radio/phy/channels/pusch_parts.h"

/* The symbols before a frequency hop or behind it, or all. */
struct hop {
	struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX];
	struct phy_layers layers;
	bool heard;
};

struct phy_pusch_reception {
	const struct phy_dfts *dfts;
	struct phy_layers_channel *channel;
	unsigned antennas, layers; /* at most */
	int8_t *llr;               /* of the codeword */
	/* Of what is at hand. */
	struct phy_pusch_input what;
	struct phy_pusch_result result;
	struct hop hop[PHY_PUSCH_HOPS];
	uint32_t before[PHY_SYMBOLS_MAX]; /* LLRs before each symbol's */
	bool coded;                       /* there is something to decode */
	uint8_t bits[PHY_PUSCH_UCI_PARTS][PHY_UCI_BITS_MAX];
};

struct phy_pusch_work {
	struct phy_layers_receiver *receiver;
	struct phy_sch_decoder *decoder;
	struct phy_uci_codec *codec;
	int8_t *part; /* of UCI's parts */
};

struct phy_pusch_receiver {
	struct phy_pusch_reception *in;
	struct phy_pusch_work *work;
};

static size_t llrs(unsigned layers)
{
	return (size_t)layers * PHY_PUSCH_RE_MAX * PHY_Q_M_MAX;
}

struct phy_pusch_reception *phy_pusch_reception_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers)
{
	struct phy_pusch_reception *in = layers <= PHY_UL_LAYERS_MAX ? calloc(1, sizeof(*in)) : NULL;

	if (!in)
		return NULL;
	in->dfts = dfts;
	in->antennas = antennas;
	in->layers = layers;
	in->channel = phy_layers_channel_new(filters, antennas, layers);
	in->llr = calloc(llrs(layers), 1);
	if (in->channel && in->llr)
		return in;
	phy_pusch_reception_free(in);
	return NULL;
}

void phy_pusch_reception_free(struct phy_pusch_reception *in)
{
	if (!in)
		return;
	phy_layers_channel_free(in->channel);
	free(in->llr);
	free(in);
}

struct phy_pusch_work *phy_pusch_work_new(unsigned antennas, unsigned layers)
{
	struct phy_pusch_work *w = layers <= PHY_UL_LAYERS_MAX ? calloc(1, sizeof(*w)) : NULL;

	if (!w)
		return NULL;
	w->receiver = phy_layers_receiver_new(antennas, layers);
	w->decoder = phy_sch_decoder_new();
	w->codec = phy_uci_codec_new();
	w->part = calloc(llrs(layers), 1);
	if (w->receiver && w->decoder && w->codec && w->part)
		return w;
	phy_pusch_work_free(w);
	return NULL;
}

void phy_pusch_work_free(struct phy_pusch_work *w)
{
	if (!w)
		return;
	phy_layers_receiver_free(w->receiver);
	if (w->decoder)
		phy_sch_decoder_free(w->decoder);
	phy_uci_codec_free(w->codec);
	free(w->part);
	free(w);
}

struct phy_pusch_receiver *phy_pusch_receiver_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers)
{
	struct phy_pusch_receiver *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->in = phy_pusch_reception_new(filters, dfts, antennas, layers);
	r->work = phy_pusch_work_new(antennas, layers);
	if (r->in && r->work)
		return r;
	phy_pusch_receiver_free(r);
	return NULL;
}

void phy_pusch_receiver_free(struct phy_pusch_receiver *r)
{
	if (!r)
		return;
	phy_pusch_reception_free(r->in);
	phy_pusch_work_free(r->work);
	free(r);
}

unsigned phy_pusch_hops(const struct phy_pusch *p)
{
	return p->hop_symbol < p->config.time.s + p->config.time.l ? 2 : 1;
}

bool phy_pusch_begin(struct phy_pusch_reception *in, const struct phy_pusch_input *what)
{
	const struct phy_pusch *p = what->pusch;
	unsigned from = p->config.time.s;
	uint32_t before = 0;

	in->what = *what;
	in->result = (struct phy_pusch_result){ 0 };
	in->coded = false;
	if (what->count < 1 || what->count > in->antennas || p->config.layers > in->layers)
		return false;
	for (unsigned h = 0; h < phy_pusch_hops(p); h++, from = p->hop_symbol) {
		struct hop *hop = &in->hop[h];

		hop->heard = false;
		phy_pusch_layers(&hop->layers, hop->dmrs, p, in->dfts, what->slot, from);
	}
	for (unsigned i = 0; i < what->count; i++) {
		if (!phy_layers_fit(&in->hop[0].layers, &what->antennas[i], what->slot))
			return false;
	}
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		in->before[l] = before;
		before += (uint32_t)phy_layers_llrs(&in->hop[0].layers, l, 0);
	}
	return true;
}

/* What a hop is to the layers. */
static struct phy_layers_input input_of(const struct phy_pusch_reception *in, unsigned hop)
{
	const struct phy_pusch_input *what = &in->what;

	return (struct phy_layers_input){ &in->hop[hop].layers, what->antennas, what->count, what->slot };
}

void phy_pusch_estimate(struct phy_pusch_reception *in, const struct kern *k, unsigned hop,
	enum phy_array_step step, unsigned layer)
{
	const struct phy_layers_input layers = input_of(in, hop);

	phy_layers_step(in->channel, k, &layers, step, layer);
}

void phy_pusch_estimate_end(
	struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k, unsigned hop)
{
	const struct phy_layers_input layers = input_of(in, hop);

	in->hop[hop].heard = phy_layers_end(in->channel, w->receiver, k, &layers);
	if (in->hop[hop].heard && (hop == 0 || !in->hop[0].heard))
		in->result.channel = *phy_layers_result(in->channel);
}

/* A hop that is silent says nothing. */
void phy_pusch_demodulate(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k,
	unsigned hop, unsigned l)
{
	const struct hop *h = &in->hop[hop];
	int8_t *llr = in->llr + in->before[l];

	if (l < h->layers.first || l >= h->layers.end)
		return;
	if (h->heard)
		phy_layers_receive(in->channel, w->receiver, k, l, &llr);
	else
		memset(llr, 0, phy_layers_llrs(&h->layers, l, 0));
}

/* UCI's LLRs out of the codeword's, which become those of UL-SCH, and what they say. */
static void take_uci(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k)
{
	const struct phy_pusch *p = in->what.pusch;
	int8_t *part[PHY_PUSCH_UCI_PARTS], *at = w->part;

	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		part[i] = at;
		at += p->uci.code[i].e;
	}
	phy_pusch_uci_split(&p->uci, p->plan.re, p->sch.q_m * p->config.layers, in->llr, part, in->llr);
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		if (p->uci.code[i].e == 0)
			continue;
		in->result.uci[i].code = phy_uci_decode(w->codec, k, &p->uci.code[i], part[i], in->bits[i]);
		in->result.uci[i].bits = in->bits[i];
	}
}

bool phy_pusch_soften(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k)
{
	const struct phy_pusch *p = in->what.pusch;
	bool heard = false;

	for (unsigned h = 0; h < phy_pusch_hops(p); h++)
		heard |= in->hop[h].heard;
	if (!heard)
		return true;
	phy_descramble_llr(k, in->llr, p->g, phy_pusch_c_init(p));
	if (!phy_llr_tell(in->llr, p->g))
		return true;
	if (p->uci.used)
		take_uci(in, w, k);
	in->coded = p->sch.g > 0 && phy_sch_begin(&p->sch, in->what.harq);
	return in->coded || p->sch.g == 0;
}

void phy_pusch_decode_part(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k,
	const struct phy_sch_part *part)
{
	if (in->coded)
		phy_sch_decode_part(w->decoder, k, &in->what.pusch->sch, PHY_PUSCH_ITERATIONS, in->llr,
			in->what.harq, part);
}

void phy_pusch_conclude(
	struct phy_pusch_reception *in, const struct kern *k, uint8_t *tb, struct phy_pusch_result *result)
{
	if (in->coded) {
		phy_sch_end(k, &in->what.pusch->sch, in->what.harq, tb, &in->result.sch);
		in->result.ok = in->result.sch.ok;
	}
	*result = in->result;
}

static void receive_hop(struct phy_pusch_receiver *r, const struct kern *k, unsigned hop)
{
	unsigned layers = r->in->hop[hop].layers.layers;

	for (unsigned i = 0; i < PHY_ARRAY_STEPS * layers; i++)
		phy_pusch_estimate(r->in, k, hop, (enum phy_array_step)(i / layers), i % layers);
	phy_pusch_estimate_end(r->in, r->work, k, hop);
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++)
		phy_pusch_demodulate(r->in, r->work, k, hop, l);
}

bool phy_pusch_receive(struct phy_pusch_receiver *r, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *harq, uint8_t *tb,
	struct phy_pusch_result *result)
{
	const struct phy_pusch_input what = { p, antennas, count, slot, harq };
	const struct phy_sch_part all = { 0, 1 };

	*result = (struct phy_pusch_result){ 0 };
	if (!phy_pusch_begin(r->in, &what))
		return false;
	for (unsigned hop = 0; hop < phy_pusch_hops(p); hop++)
		receive_hop(r, k, hop);
	if (!phy_pusch_soften(r->in, r->work, k))
		return false;
	phy_pusch_decode_part(r->in, r->work, k, &all);
	phy_pusch_conclude(r->in, k, tb, result);
	return true;
}
