/* Sending PDSCH: transport blocks to the grids of the antenna ports. */
#include <stdlib.h>

#include "radio/phy/channels/pdsch_parts.h"

enum { BITS_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_Q_M_MAX * 4 };

struct phy_pdsch_sender {
	struct phy_sch_encoder *encoder;
	struct phy_layers_sender *layers;
	uint8_t bits[PHY_CODEWORDS_MAX][BITS_MAX / 8 + 8];
};

struct phy_pdsch_sender *phy_pdsch_sender_new(void)
{
	struct phy_pdsch_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->encoder = phy_sch_encoder_new();
	s->layers = phy_layers_sender_new();
	if (!s->encoder || !s->layers) {
		phy_pdsch_sender_free(s);
		return NULL;
	}
	return s;
}

void phy_pdsch_sender_free(struct phy_pdsch_sender *s)
{
	if (!s)
		return;
	phy_sch_encoder_free(s->encoder);
	phy_layers_sender_free(s->layers);
	free(s);
}

/* Is each from the layers to these ports? */
static bool precoders_legal(const struct phy_pdsch *p, const struct phy_precoding *w)
{
	for (unsigned i = 0; w && i < phy_pdsch_prgs(p); i++) {
		if (w[i].layers != p->config.layers || w[i].ports < 1 || w[i].ports > PHY_PORTS_MAX ||
			w[i].ports != w[0].ports)
			return false;
	}
	return true;
}

bool phy_pdsch_send(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *const *tb, const struct phy_precoding *w, const struct phy_grid *ports)
{
	const uint8_t *const bits[PHY_CODEWORDS_MAX] = { s->bits[0], s->bits[1] };
	const struct phy_precoders precoders = { w, p->config.prg_prbs };
	struct phy_layers_at at = { .grids = ports, .slot = slot, .l = p->config.time.s };
	unsigned end = at.l + p->config.time.l;
	struct phy_dmrs dmrs[PHY_LAYERS_MAX];
	struct phy_layers c;
	size_t before = 0;

	phy_pdsch_layers(&c, dmrs, p);
	if (!precoders_legal(p, w))
		return false;
	for (unsigned i = 0; i < (w ? w->ports : c.layers); i++) {
		if (!phy_layers_fit(&c, &ports[i], slot))
			return false;
	}
	for (unsigned q = 0; q < p->codewords; q++) {
		if (!phy_sch_encode(s->encoder, k, &p->sch[q], tb[q], s->bits[q]))
			return false;
		phy_scramble_packed(k, s->bits[q], p->sch[q].g, phy_pdsch_c_init(p, q));
	}
	for (; at.l < end; before += p->plan.symbol_re[at.l++])
		phy_layers_send(s->layers, k, &c, &precoders, &at, bits, before);
	return true;
}
