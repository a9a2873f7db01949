/* Sending PUSCH: a transport block to the grids of the antenna ports. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pusch_parts.h"

enum {
	SUBCARRIERS = PHY_PRB_MAX * PHY_SC_PER_PRB,
	BITS_MAX = PHY_SYMBOLS_MAX * SUBCARRIERS * PHY_Q_M_MAX * PHY_UL_LAYERS_MAX,
	EARLY = 8, /* so many symbols of any modulation are whole octets */
};

struct phy_pusch_sender {
	const struct phy_dfts *dfts;
	struct phy_sch_encoder *encoder;
	struct phy_constellation constellations[PHY_MODULATIONS];
	struct phy_dmrs_work dmrs;
	struct phy_uci_codec *codec;
	uint8_t *octets; /* the codeword and its parts, one bit an octet */
	uint8_t bits[BITS_MAX / 8 + 8];
	struct phy_cf symbol[PHY_UL_LAYERS_MAX * SUBCARRIERS + EARLY]; /* as mapped */
	struct phy_cf layer[SUBCARRIERS + 2 * PHY_SC_PER_PRB];         /* data, or DM-RS, of one layer */
	struct phy_cf row[PHY_UL_LAYERS_MAX][SUBCARRIERS];             /* of the bandwidth part, by layer */
};

struct phy_pusch_sender *phy_pusch_sender_new(const struct phy_dfts *dfts)
{
	struct phy_pusch_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->dfts = dfts;
	s->encoder = phy_sch_encoder_new();
	(void)phy_dmrs_work_init(&s->dmrs);
	for (unsigned m = 0; m < PHY_MODULATIONS; m++)
		(void)phy_constellation_init(&s->constellations[m], m);
	s->codec = phy_uci_codec_new();
	s->octets = calloc(2, BITS_MAX);
	if (!s->encoder || !s->codec || !s->octets) {
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
	phy_uci_codec_free(s->codec);
	free(s->octets);
	free(s);
}

/* One symbol on its way to the grids. */
struct symbol {
	const struct phy_pusch *p;
	const struct phy_grid *ports;
	unsigned slot, l;
	int shift; /* in blocks */
};

/* Where a layer's symbol is made, at subcarrier 0 of the plan's bandwidth part. */
static struct phy_cf *row_of(struct phy_pusch_sender *s, const struct symbol *at, unsigned layer)
{
	const struct phy_pusch *p = at->p;

	if (!p->precoding.identity)
		return s->row[layer];
	return phy_grid_at(&at->ports[layer], at->l, phy_pusch_offset(p, &at->ports[layer])) +
	       at->shift * PHY_SC_PER_PRB;
}

static void clear(const struct phy_re_plan *plan, struct phy_cf *row)
{
	for (unsigned b = 0; b < plan->bands_n; b++)
		memset(row + plan->bands[b].first * PHY_SC_PER_PRB, 0,
			plan->bands[b].n * PHY_SC_PER_PRB * sizeof(*row));
}

static void put_dmrs(struct phy_pusch_sender *s, const struct kern *k, const struct symbol *at,
	unsigned layer, struct phy_cf *row)
{
	const struct phy_pusch *p = at->p;
	struct phy_dmrs d = phy_pusch_dmrs(p, s->dfts, layer, at->shift);
	unsigned per_prb = phy_dmrs_per_prb(&d), own = phy_dmrs_own_mask(&d);
	bool second = d.double_symbol && phy_dmrs_second(p->dmrs_symbols, at->l);

	phy_dmrs_symbol(&s->dmrs, k, &d, phy_pusch_symbols(p), at->slot, at->l, second, p->config.bwp_start,
		p->config.bwp_prbs, s->layer);
	for (unsigned b = 0; b < p->plan.bands_n; b++) {
		const struct phy_prb_run *band = &p->plan.bands[b];
		const struct phy_cf *r = s->layer + (int)per_prb * (band->first + at->shift);

		for (unsigned prb = band->first; prb < (unsigned)band->first + band->n; prb++) {
			for (unsigned m = own; m; m &= m - 1)
				row[prb * PHY_SC_PER_PRB + (unsigned)__builtin_ctz(m)] = *r++;
		}
	}
}

/* The data of a layer, from symbols that stand layer by layer (38.211 6.3.1.3). */
static void put_data(struct phy_pusch_sender *s, const struct symbol *at, const struct phy_cf *mapped,
	unsigned layer, struct phy_cf *row)
{
	const struct phy_pusch *p = at->p;
	unsigned layers = p->config.layers, n = p->plan.symbol_re[at->l];
	const struct phy_cf *from = mapped;

	if (p->config.transform_precoding) {
		phy_dft_run(s->dfts, n, false, s->layer, mapped, s->row[0]);
		from = s->layer;
	} else if (layers > 1) {
		for (unsigned i = 0; i < n; i++)
			s->layer[i] = mapped[i * layers + layer];
		from = s->layer;
	}
	phy_re_scatter(&p->plan, at->l, from, row);
}

/* What the layers are together at each antenna port (38.211 6.3.1.5, 6.4.1.1.3). */
static void precode(struct phy_pusch_sender *s, const struct kern *k, const struct symbol *at)
{
	const struct phy_pusch *p = at->p;
	const struct phy_precoding *w = &p->precoding;

	for (unsigned b = 0; b < p->plan.bands_n; b++) {
		unsigned first = p->plan.bands[b].first * PHY_SC_PER_PRB;
		const float *in[PHY_UL_LAYERS_MAX];

		for (unsigned i = 0; i < w->layers; i++)
			in[i] = &s->row[i][first].re;
		for (unsigned i = 0; i < w->ports; i++) {
			const struct phy_grid *g = &at->ports[i];
			struct phy_cf *out = phy_grid_at(g, at->l, phy_pusch_offset(p, g) + first) +
					     at->shift * PHY_SC_PER_PRB;

			k->cf_combine(&out->re, in, &w->w[i][0].re, w->layers,
				(size_t)p->plan.bands[b].n * PHY_SC_PER_PRB);
		}
	}
}

/* What the codeword's symbols from `first` on are in this symbol of the slot. */
static void send_symbol(
	struct phy_pusch_sender *s, const struct kern *k, const struct symbol *at, size_t first)
{
	const struct phy_pusch *p = at->p;
	size_t early = first % EARLY, n = (size_t)p->plan.symbol_re[at->l] * p->config.layers;
	const uint8_t *bits = s->bits + (first - early) * p->sch.q_m / 8;
	bool dmrs = p->dmrs_symbols >> at->l & 1;

	if (n > 0)
		phy_map_packed(k, &s->constellations[p->modulation], s->symbol, bits, early + n);
	for (unsigned layer = 0; layer < p->config.layers; layer++) {
		struct phy_cf *row = row_of(s, at, layer);

		if (dmrs)
			clear(&p->plan, row);
		if (n > 0)
			put_data(s, at, s->symbol + early, layer, row);
		if (dmrs)
			put_dmrs(s, k, at, layer, row);
	}
	if (!p->precoding.identity)
		precode(s, k, at);
}

/* The codeword with UCI in it, scrambled, from UL-SCH's bits in s->bits (38.212 6.2.7, 38.211 6.3.1.1). */
static void join_uci(
	struct phy_pusch_sender *s, const struct phy_pusch *p, const uint8_t *const uci[PHY_PUSCH_UCI_PARTS])
{
	uint8_t *out = s->octets, *at = s->octets + BITS_MAX;
	const uint8_t *part[PHY_PUSCH_UCI_PARTS], *data = at;

	for (uint32_t i = 0; i < p->sch.g; i++)
		*at++ = (uint8_t)bits_get(s->bits, i);
	for (unsigned i = 0; i < PHY_PUSCH_UCI_PARTS; i++) {
		part[i] = at;
		if (p->uci.code[i].e > 0)
			phy_uci_encode(s->codec, &p->uci.code[i], uci[i], at);
		at += p->uci.code[i].e;
	}
	phy_pusch_uci_join(&p->uci, p->plan.re, p->sch.q_m * p->config.layers, part, data, out);
	phy_scramble(out, p->g, phy_pusch_c_init(p));
	for (uint32_t i = 0; i < p->g; i++)
		bits_set(s->bits, i, out[i]);
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
	struct symbol at = { .p = p, .ports = ports, .slot = slot };
	unsigned end = p->config.time.s + p->config.time.l;
	size_t first = 0;

	for (unsigned i = 0; i < p->precoding.ports; i++) {
		if (!phy_pusch_fits(p, &ports[i], slot))
			return false;
	}
	if (!has_parts(p, uci) || (p->sch.g > 0 && !phy_sch_encode(s->encoder, k, &p->sch, tb, s->bits)))
		return false;
	if (p->uci.used)
		join_uci(s, p, uci);
	else
		phy_scramble_packed(k, s->bits, p->g, phy_pusch_c_init(p));
	for (at.l = p->config.time.s; at.l < end; at.l++) {
		at.shift = phy_pusch_shift(p, slot, at.l);
		send_symbol(s, k, &at, first);
		first += (size_t)p->plan.symbol_re[at.l] * p->config.layers;
	}
	return true;
}

bool phy_pusch_send(struct phy_pusch_sender *s, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const uint8_t *tb, const struct phy_grid *ports)
{
	static const uint8_t *const none[PHY_PUSCH_UCI_PARTS];

	return phy_pusch_send_uci(s, k, p, slot, tb, none, ports);
}
