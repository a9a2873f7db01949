/* Sending PUSCH: a transport block to the grids of the antenna ports. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pusch_parts.h"

enum {
	BITS_MAX = PHY_PUSCH_RE_MAX * PHY_Q_M_MAX * PHY_UL_LAYERS_MAX,
};

struct phy_pusch_sender {
	const struct phy_dfts *dfts;
	struct phy_sch_encoder *encoder;
	struct phy_layers_sender *layers;
	struct phy_uci_codec *codec;
	uint8_t *octets; /* the codeword and its parts, one bit an octet */
	uint8_t bits[BITS_MAX / 8 + 8];
};

struct phy_pusch_sender *phy_pusch_sender_new(const struct phy_dfts *dfts)
{
	struct phy_pusch_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dfts = dfts;
	s->encoder = phy_sch_encoder_new();
	s->layers = phy_layers_sender_new();
	s->codec = phy_uci_codec_new();
	s->octets = calloc(2, BITS_MAX);
	if (!s->encoder || !s->layers || !s->codec || !s->octets) {
		phy_pusch_sender_free(s);
		return NULL;
	}
	return s;
}

void phy_pusch_sender_free(struct phy_pusch_sender *s)
{
	if (!s)
		return;
	phy_sch_encoder_free(s->encoder);
	phy_layers_sender_free(s->layers);
	phy_uci_codec_free(s->codec);
	free(s->octets);
	free(s);
}

/* The codeword with UCI in it, scrambled, from UL-SCH's bits in s->bits (38.212 6.2.7, 38.211 6.3.1.1). */
static void join_uci(
	struct phy_pusch_sender *s, const struct phy_pusch *p, const uint8_t *const uci[PHY_PUSCH_UCI_PARTS])
{
	uint8_t *out = s->octets, *at = s->octets + BITS_MAX;
	const uint8_t *part[PHY_PUSCH_UCI_PARTS], *data = at;

	bits_unpack(at, s->bits, p->sch.g);
	at += p->sch.g;
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		part[i] = at;
		if (p->uci.code[i].e > 0)
			phy_uci_encode(s->codec, &p->uci.code[i], uci[i], at);
		at += p->uci.code[i].e;
	}
	phy_pusch_uci_join(&p->uci, p->plan.re, p->sch.q_m * p->config.layers, part, data, out);
	phy_scramble(out, p->g, phy_pusch_c_init(p));
	bits_pack(s->bits, out, p->g);
}

static bool has_parts(const struct phy_pusch *p, const uint8_t *const uci[PHY_PUSCH_UCI_PARTS])
{
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		if (p->config.uci.bits[i] > 0 && !uci[i])
			return false;
	}
	return true;
}

bool phy_pusch_send_uci(struct phy_pusch_sender *s, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const uint8_t *tb, const uint8_t *const uci[PHY_PUSCH_UCI_PARTS],
	const struct phy_grid *ports)
{
	const struct phy_precoders precoders = { p->precoding.identity ? NULL : &p->precoding, 0 };
	const uint8_t *const bits[] = { s->bits };
	struct phy_layers_at at = { .grids = ports, .slot = slot };
	struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX];
	struct phy_layers c;
	unsigned end = p->config.time.s + p->config.time.l;
	size_t before = 0;

	phy_pusch_layers(&c, dmrs, p, s->dfts, slot, p->config.time.s);
	for (unsigned i = 0; i < p->precoding.ports; i++) {
		if (!phy_layers_fit(&c, &ports[i], slot))
			return false;
	}
	if (!has_parts(p, uci) || (p->sch.g > 0 && !phy_sch_encode(s->encoder, k, &p->sch, tb, s->bits)))
		return false;
	if (p->uci.used)
		join_uci(s, p, uci);
	else
		phy_scramble_packed(k, s->bits, p->g, phy_pusch_c_init(p));
	for (at.l = p->config.time.s; at.l < end; before += p->plan.symbol_re[at.l++]) {
		phy_pusch_layers(&c, dmrs, p, s->dfts, slot, at.l);
		phy_layers_send(s->layers, k, &c, &precoders, &at, bits, before);
	}
	return true;
}

bool phy_pusch_send(struct phy_pusch_sender *s, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const uint8_t *tb, const struct phy_grid *ports)
{
	static const uint8_t *const none[PHY_PUSCH_UCI_PARTS];

	return phy_pusch_send_uci(s, k, p, slot, tb, none, ports);
}
