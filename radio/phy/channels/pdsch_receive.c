/* Receiving PDSCH: from the antennas' grids to LLRs symbol by symbol, then to the transport blocks. */
#include <stdlib.h>

#include "radio/phy/channels/pdsch_parts.h"

struct phy_pdsch_receiver {
	struct phy_layers_channel *channel;
	struct phy_layers_receiver *receiver;
	struct phy_sch_decoder *decoder;
	unsigned antennas, layers;
	int8_t *llr; /* of all codewords */
};

struct phy_pdsch_receiver *phy_pdsch_receiver_new(
	const struct phy_chest_filters *filters, unsigned antennas, unsigned layers)
{
	struct phy_pdsch_receiver *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->antennas = antennas;
	r->layers = layers;
	r->channel = phy_layers_channel_new(filters, antennas, layers);
	r->receiver = phy_layers_receiver_new(antennas, layers);
	r->decoder = phy_sch_decoder_new();
	if (r->receiver)
		r->llr = calloc((size_t)layers * PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB, PHY_Q_M_MAX);
	if (!r->channel || !r->receiver || !r->decoder || !r->llr) {
		phy_pdsch_receiver_free(r);
		return NULL;
	}
	return r;
}

void phy_pdsch_receiver_free(struct phy_pdsch_receiver *r)
{
	if (!r)
		return;
	phy_layers_channel_free(r->channel);
	phy_layers_receiver_free(r->receiver);
	if (r->decoder)
		phy_sch_decoder_free(r->decoder);
	free(r->llr);
	free(r);
}

void phy_pdsch_receiver_search(struct phy_pdsch_receiver *r, bool on)
{
	phy_layers_search(r->receiver, on);
}

bool phy_pdsch_receive(struct phy_pdsch_receiver *r, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *const *harq,
	uint8_t *const *tb, struct phy_pdsch_result *result)
{
	int8_t *llr[PHY_CODEWORDS_MAX] = { r->llr, r->llr + p->sch[0].g }, *next[] = { llr[0], llr[1] };
	struct phy_dmrs dmrs[PHY_LAYERS_MAX];
	struct phy_layers c;
	const struct phy_layers_input in = { &c, antennas, count, slot };

	*result = (struct phy_pdsch_result){ 0 };
	phy_pdsch_layers(&c, dmrs, p);
	if (count < 1 || count > r->antennas || c.layers > r->layers)
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (!phy_layers_fit(&c, &antennas[i], slot))
			return false;
	}
	if (!phy_layers_estimate(r->channel, r->receiver, k, &in))
		return true;
	result->channel = *phy_layers_result(r->channel);
	for (unsigned l = 0; l < antennas->symbols; l++) {
		phy_layers_receive(r->channel, r->receiver, k, l, next);
		for (unsigned q = 0; q < c.codewords; q++)
			next[q] += phy_layers_llrs(&c, l, q);
	}
	result->ok = true;
	for (unsigned q = 0; q < p->codewords; q++) {
		phy_descramble_llr(k, llr[q], p->sch[q].g, phy_pdsch_c_init(p, q));
		if (phy_llr_tell(llr[q], p->sch[q].g) &&
			!phy_sch_decode(r->decoder, k, &p->sch[q], PHY_PDSCH_ITERATIONS, llr[q], harq[q],
				tb[q], &result->sch[q])) {
			result->ok = false;
			return false;
		}
		result->ok = result->ok && result->sch[q].ok;
	}
	return true;
}
