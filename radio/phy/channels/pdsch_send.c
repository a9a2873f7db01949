/* Sending PDSCH: transport blocks to the grids of the antenna ports. */
#include <stdlib.h>

#include "radio/phy/channels/pdsch_parts.h"

enum { BITS_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_Q_M_MAX * 4 };

struct phy_pdsch_sending {
	struct phy_pdsch_output what;
	struct phy_dmrs dmrs[PHY_LAYERS_MAX];
	struct phy_layers layers;
	uint8_t bits[PHY_CODEWORDS_MAX][BITS_MAX / 8 + 8]; /* of each codeword, scrambled */
};

struct phy_pdsch_send_work {
	struct phy_sch_encoder *encoder;
	struct phy_layers_sender *layers;
};

struct phy_pdsch_sender {
	struct phy_pdsch_sending *sending;
	struct phy_pdsch_send_work *work;
};

struct phy_pdsch_sending *phy_pdsch_sending_new(void)
{
	return calloc(1, sizeof(struct phy_pdsch_sending));
}

void phy_pdsch_sending_free(struct phy_pdsch_sending *s)
{
	free(s);
}

struct phy_pdsch_send_work *phy_pdsch_send_work_new(void)
{
	struct phy_pdsch_send_work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->encoder = phy_sch_encoder_new();
	w->layers = phy_layers_sender_new();
	if (w->encoder && w->layers)
		return w;
	phy_pdsch_send_work_free(w);
	return NULL;
}

void phy_pdsch_send_work_free(struct phy_pdsch_send_work *w)
{
	if (!w)
		return;
	phy_sch_encoder_free(w->encoder);
	phy_layers_sender_free(w->layers);
	free(w);
}

struct phy_pdsch_sender *phy_pdsch_sender_new(void)
{
	struct phy_pdsch_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->sending = phy_pdsch_sending_new();
	s->work = phy_pdsch_send_work_new();
	if (s->sending && s->work)
		return s;
	phy_pdsch_sender_free(s);
	return NULL;
}

void phy_pdsch_sender_free(struct phy_pdsch_sender *s)
{
	if (!s)
		return;
	phy_pdsch_sending_free(s->sending);
	phy_pdsch_send_work_free(s->work);
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

bool phy_pdsch_send_begin(struct phy_pdsch_sending *s, const struct phy_pdsch_output *what)
{
	const struct phy_precoding *w = what->w;

	s->what = *what;
	phy_pdsch_layers(&s->layers, s->dmrs, what->pdsch);
	if (!precoders_legal(what->pdsch, w))
		return false;
	for (unsigned i = 0; i < (w ? w->ports : s->layers.layers); i++) {
		if (!phy_layers_fit(&s->layers, &what->ports[i], what->slot))
			return false;
	}
	return true;
}

bool phy_pdsch_encode(struct phy_pdsch_sending *s, struct phy_pdsch_send_work *w, const struct kern *k,
	unsigned codeword, const uint8_t *tb)
{
	const struct phy_pdsch *p = s->what.pdsch;
	uint8_t *bits = s->bits[codeword];

	if (codeword >= p->codewords)
		return true;
	if (!phy_sch_encode(w->encoder, k, &p->sch[codeword], tb, bits))
		return false;
	phy_scramble_packed(k, bits, p->sch[codeword].g, phy_pdsch_c_init(p, codeword));
	return true;
}

void phy_pdsch_send_symbol(
	const struct phy_pdsch_sending *s, struct phy_pdsch_send_work *w, const struct kern *k, unsigned l)
{
	const struct phy_pdsch *p = s->what.pdsch;
	const uint8_t *const bits[PHY_CODEWORDS_MAX] = { s->bits[0], s->bits[1] };
	const struct phy_precoders precoders = { s->what.w, p->config.prg_prbs };
	const struct phy_layers_at at = { .grids = s->what.ports, .slot = s->what.slot, .l = l };
	size_t before = 0;

	if (l < p->config.time.s || l >= p->config.time.s + p->config.time.l)
		return;
	for (unsigned i = 0; i < l; i++)
		before += p->plan.symbol_re[i];
	phy_layers_send(w->layers, k, &s->layers, &precoders, &at, bits, before);
}

bool phy_pdsch_send(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *const *tb, const struct phy_precoding *w, const struct phy_grid *ports)
{
	const struct phy_pdsch_output what = { p, slot, w, ports };

	if (!phy_pdsch_send_begin(s->sending, &what))
		return false;
	for (unsigned q = 0; q < p->codewords; q++) {
		if (!phy_pdsch_encode(s->sending, s->work, k, q, tb[q]))
			return false;
	}
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++)
		phy_pdsch_send_symbol(s->sending, s->work, k, l);
	return true;
}

bool phy_pdsch_send_bits(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *const *bits, const struct phy_precoding *w,
	const struct phy_grid *ports)
{
	const struct phy_pdsch_output what = { p, slot, w, ports };

	if (!phy_pdsch_send_begin(s->sending, &what))
		return false;
	for (unsigned q = 0; q < p->codewords; q++) {
		bytes_copy(s->sending->bits[q], sizeof(s->sending->bits[q]),
			bytes_of(bits[q], (p->sch[q].g + 7) / 8));
		phy_scramble_packed(k, s->sending->bits[q], p->sch[q].g, phy_pdsch_c_init(p, q));
	}
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++)
		phy_pdsch_send_symbol(s->sending, s->work, k, l);
	return true;
}
