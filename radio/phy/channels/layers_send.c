/* Sending the symbols of a shared channel: from packed bits to the grids of the antenna ports. */
#include <stdlib.h>

#include "radio/phy/channels/layers.h"

enum {
	SUBCARRIERS = PHY_PRB_MAX * PHY_SC_PER_PRB,
	EARLY = 8, /* so many symbols of any modulation are whole octets */
	CODEWORD_LAYERS_MAX = KERN_DEAL_ROWS,
};

_Static_assert((int)PHY_LAYERS_MAX == KERN_PRECODE_MAX, "rows of a precoder are those of the kernel");

struct phy_layers_sender {
	struct phy_constellation constellations[PHY_MODULATIONS];
	struct phy_dmrs_work dmrs;
	struct phy_cf symbol[CODEWORD_LAYERS_MAX * SUBCARRIERS + EARLY]; /* of a codeword, as mapped */
	struct phy_cf dealt[CODEWORD_LAYERS_MAX][SUBCARRIERS];           /* the same by layer */
	struct phy_cf layer[SUBCARRIERS + 2 * PHY_SC_PER_PRB];           /* DM-RS, or what is spread */
	struct phy_cf row[PHY_LAYERS_MAX][SUBCARRIERS];                  /* of the bandwidth part, by layer */
	struct phy_cf mixed[PHY_PORTS_MAX][SUBCARRIERS]; /* by port, where not all REs count */
};

struct phy_layers_sender *phy_layers_sender_new(void)
{
	struct phy_layers_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	(void)phy_dmrs_work_init(&s->dmrs);
	for (unsigned m = 0; m < PHY_MODULATIONS; m++)
		(void)phy_constellation_init(&s->constellations[m], m);
	return s;
}

void phy_layers_sender_free(struct phy_layers_sender *s)
{
	free(s);
}

bool phy_layers_fit(const struct phy_layers *c, const struct phy_grid *g, unsigned slot)
{
	return g->symbols == phy_layers_symbols(c) && c->bwp_start >= g->first_crb &&
	       c->bwp_start - g->first_crb + c->bwp_prbs <= g->prbs && g->prbs <= PHY_PRB_MAX &&
	       slot < 10u << c->mu;
}

/* What sending one symbol goes by. */
struct sending {
	const struct phy_layers *c;
	const struct phy_precoders *precoders;
	const struct phy_layers_at *at;
};

/* Subcarrier 0 of the plan's bandwidth part at an antenna port. */
static struct phy_cf *port_row(const struct sending *to, unsigned port)
{
	const struct phy_grid *g = &to->at->grids[port];

	return phy_grid_at(g, to->at->l, phy_layers_offset(to->c, g)) + to->c->shift * PHY_SC_PER_PRB;
}

/* Where a layer's symbol is made. */
static struct phy_cf *row_of(struct phy_layers_sender *s, const struct sending *to, unsigned layer)
{
	return to->precoders->w ? s->row[layer] : port_row(to, layer);
}

static void clear(const struct phy_layers *c, struct phy_cf *row)
{
	const struct phy_re_plan *plan = c->plan;

	for (unsigned b = 0; b < plan->bands_n; b++) {
		struct phy_cf *at = row + plan->bands[b].first * PHY_SC_PER_PRB;

		if (c->dmrs_re == PHY_RE_ALL)
			memset(at, 0, plan->bands[b].n * PHY_SC_PER_PRB * sizeof(*at));
		for (unsigned i = 0; i < plan->bands[b].n && c->dmrs_re != PHY_RE_ALL;
			i++, at += PHY_SC_PER_PRB) {
			for (unsigned m = c->dmrs_re; m; m &= m - 1)
				at[__builtin_ctz(m)] = (struct phy_cf){ 0, 0 };
		}
	}
}

/* Each block's to its REs; how many it has is known where this is called. */
static inline void put_blocks(
	struct phy_cf *row, unsigned blocks, const struct phy_cf *r, unsigned own, unsigned per_prb)
{
	uint8_t at[PHY_SC_PER_PRB];
	unsigned n = 0;

	for (unsigned m = own; m && n < per_prb; m &= m - 1)
		at[n++] = (uint8_t)__builtin_ctz(m);
	for (unsigned b = 0; b < blocks; b++, row += PHY_SC_PER_PRB) {
		for (unsigned i = 0; i < per_prb; i++)
			row[at[i]] = *r++;
	}
}

static void put_dmrs(struct phy_layers_sender *s, const struct kern *k, const struct sending *to,
	unsigned layer, struct phy_cf *row)
{
	const struct phy_layers *c = to->c;
	const struct phy_dmrs *d = &c->dmrs[layer];
	unsigned per_prb = phy_dmrs_per_prb(d), own = phy_dmrs_own_mask(d), l = to->at->l;
	bool second = d->double_symbol && phy_dmrs_second(c->dmrs_symbols, l);

	phy_dmrs_symbol(&s->dmrs, k, d, phy_layers_symbols(c), to->at->slot, l, second, c->bwp_start,
		c->bwp_prbs, s->layer);
	for (unsigned b = 0; b < c->plan->bands_n; b++) {
		const struct phy_prb_run *band = &c->plan->bands[b];
		const struct phy_cf *r = s->layer + (int)per_prb * (band->first + to->c->shift);
		struct phy_cf *first = row + band->first * PHY_SC_PER_PRB;

		if (d->type2)
			put_blocks(first, band->n, r, own, 4);
		else
			put_blocks(first, band->n, r, own, 6);
	}
}

/* r(2 m + k') of the DM-RS at the same subcarriers, in the first symbol that has them (7.4.1.2.1). */
const struct phy_cf *phy_layers_ptrs(struct phy_dmrs_work *w, const struct kern *k,
	const struct phy_layers *c, unsigned slot, struct phy_cf *out)
{
	struct phy_dmrs d = c->dmrs[c->ptrs->layer];
	unsigned per_prb = phy_dmrs_per_prb(&d), first = (unsigned)__builtin_ctz(c->dmrs_symbols);
	unsigned before = phy_dmrs_own_mask(&d) & ((1u << c->ptrs->subcarrier) - 1);
	unsigned at = (unsigned)__builtin_popcount(before);
	float scale = c->ptrs->amplitude / phy_dmrs_amplitude(&d);

	d.port &= (uint8_t)~1u; /* of its CDM group the one with all signs positive */
	phy_dmrs_symbol(w, k, &d, phy_layers_symbols(c), slot, first, false, c->bwp_start, c->bwp_prbs, out);
	for (unsigned prb = 0; prb < c->bwp_prbs; prb++, at += per_prb)
		out[prb] = (struct phy_cf){ out[at].re * scale, out[at].im * scale };
	return out;
}

void phy_layers_samples(const struct phy_layers *c, unsigned slot, struct phy_cf out[PHY_PTRS_SAMPLES_MAX])
{
	const struct phy_ptrs_plan *p = c->ptrs;
	unsigned first = (unsigned)__builtin_ctz(p->symbols);

	phy_ptrs_sequence(out, &p->groups, p->sample,
		phy_ptrs_c_init(p->n_id, phy_layers_symbols(c), slot, first), p->rnti);
	for (unsigned i = 0; i < p->samples; i++) {
		out[i].re *= p->amplitude;
		out[i].im *= p->amplitude;
	}
}

static void put_ptrs(struct phy_layers_sender *s, const struct kern *k, const struct sending *to)
{
	const struct phy_ptrs_plan *p = to->c->ptrs;
	const struct phy_cf *sent = phy_layers_ptrs(&s->dmrs, k, to->c, to->at->slot, s->layer);
	unsigned l = to->at->l;

	for (unsigned layer = 0; layer < to->c->layers; layer++) {
		struct phy_cf *row = row_of(s, to, layer) + p->subcarrier;

		for (unsigned i = 0; i < p->n[l]; i++)
			row[p->prb[l][i] * PHY_SC_PER_PRB] = layer == p->layer
								     ? sent[(int)p->prb[l][i] + to->c->shift]
								     : (struct phy_cf){ 0, 0 };
	}
}

/* Symbols for the transform, PT-RS among the n of data. */
static const struct phy_cf *with_samples(
	struct phy_layers_sender *s, const struct sending *to, const struct phy_cf *data, unsigned n)
{
	const struct phy_ptrs_plan *p = to->c->ptrs;
	struct phy_cf sent[PHY_PTRS_SAMPLES_MAX];

	phy_layers_samples(to->c, to->at->slot, sent);
	for (unsigned i = 0, j = 0; i < n + p->samples; i++)
		s->mixed[0][i] = j < p->samples && i == p->sample[j] ? sent[j++] : *data++;
	return s->mixed[0];
}

/* The data of a layer, behind the transform if there is one. */
static void put_data(
	struct phy_layers_sender *s, const struct sending *to, const struct phy_cf *data, struct phy_cf *row)
{
	const struct phy_layers *c = to->c;
	unsigned n = c->plan->symbol_re[to->at->l];

	if (c->dfts) {
		if (phy_layers_has_samples(c, to->at->l)) {
			data = with_samples(s, to, data, n);
			n += c->ptrs->samples;
		}
		phy_dft_run(c->dfts, n, false, s->layer, data, s->row[0]);
		data = s->layer;
	}
	phy_re_scatter(c->plan, to->at->l, data, row);
}

/* A codeword's symbols from `before` on, each layer's to its row. */
static void put_codeword(struct phy_layers_sender *s, const struct kern *k, const struct sending *to,
	const struct phy_codeword *w, const uint8_t *bits, size_t before)
{
	const struct phy_re_plan *plan = to->c->plan;
	unsigned l = to->at->l;
	const struct phy_re_run *run = &plan->runs[plan->start[l]];
	size_t n = plan->symbol_re[l], first = before * w->layers,
	       early = first * w->q_m % 8 ? first % EARLY : 0;
	const struct phy_constellation *constellation = &s->constellations[w->modulation];
	bool whole = plan->start[l + 1] - plan->start[l] == 1 && run->mask == PHY_RE_ALL && !to->c->dfts;
	struct phy_cf *layer[CODEWORD_LAYERS_MAX];
	float *rows[CODEWORD_LAYERS_MAX];

	bits += (first - early) * w->q_m / 8;
	for (unsigned i = 0; i < w->layers; i++) {
		layer[i] = whole ? row_of(s, to, w->first + i) + run->prb * PHY_SC_PER_PRB : s->dealt[i];
		rows[i] = &layer[i]->re;
	}
	if (w->layers == 1 && early == 0) {
		phy_map_packed(k, constellation, layer[0], bits, n);
	} else if (early == 0) {
		k->qam_map(rows, w->layers, bits, n, w->q_m, constellation->level);
	} else {
		phy_map_packed(k, constellation, s->symbol, bits, early + n * w->layers);
		k->cf_deal(rows, &s->symbol[early].re, w->layers, n);
	}
	for (unsigned i = 0; i < w->layers && !whole; i++)
		put_data(s, to, s->dealt[i], row_of(s, to, w->first + i));
}

/* What the REs of a run of whole blocks are, but those of its mask only. */
static void copy_masked(
	const struct phy_re_run *run, struct phy_cf *out, const struct phy_cf *in, size_t subcarriers)
{
	for (size_t b = 0; b < subcarriers; b += PHY_SC_PER_PRB) {
		for (unsigned m = run->mask; m; m &= m - 1)
			out[b + (unsigned)__builtin_ctz(m)] = in[b + (unsigned)__builtin_ctz(m)];
	}
}

/* Blocks of one precoder, at each antenna port; REs beside the mask stay. */
static void precode_blocks(struct phy_layers_sender *s, const struct kern *k, const struct sending *to,
	const struct phy_precoding *w, const struct phy_re_run *run)
{
	size_t first = (size_t)run->prb * PHY_SC_PER_PRB, n = (size_t)run->prbs * PHY_SC_PER_PRB;
	bool whole = run->mask == PHY_RE_ALL;
	const float *in[PHY_LAYERS_MAX];
	float *out[PHY_PORTS_MAX];

	for (unsigned i = 0; i < w->layers; i++)
		in[i] = &s->row[i][first].re;
	for (unsigned i = 0; i < w->ports; i++)
		out[i] = whole ? &port_row(to, i)[first].re : &s->mixed[i][0].re;
	k->cf_precode(out, w->ports, in, w->layers, &w->w[0][0].re, n);
	for (unsigned i = 0; i < w->ports && !whole; i++)
		copy_masked(run, port_row(to, i) + first, s->mixed[i], n);
}

/* The same of any blocks, each by its PRG. */
static void precode_run(struct phy_layers_sender *s, const struct kern *k, const struct sending *to,
	const struct phy_re_run *run)
{
	const struct phy_precoders *p = to->precoders;
	unsigned start = to->c->bwp_start, end = (unsigned)run->prb + run->prbs, next;

	for (unsigned prb = run->prb; prb < end; prb = next) {
		struct phy_re_run part = { (uint16_t)prb, 0, run->mask };

		next = phy_prg_end(p->prg_prbs, start, prb);
		next = next < end ? next : end;
		part.prbs = (uint16_t)(next - prb);
		precode_blocks(s, k, to, &p->w[phy_prg_of(p->prg_prbs, start, prb)], &part);
	}
}

/* What the layers are together at each antenna port (38.211 6.3.1.5, 6.4.1.1.3; 38.214 5.1.2.3). */
static void precode(struct phy_layers_sender *s, const struct kern *k, const struct sending *to)
{
	const struct phy_re_plan *plan = to->c->plan;
	unsigned l = to->at->l;

	for (unsigned i = plan->start[l]; i < plan->start[l + 1]; i++)
		precode_run(s, k, to, &plan->runs[i]);
	for (unsigned b = 0; to->c->dmrs_symbols >> l & 1 && b < plan->bands_n; b++) {
		struct phy_re_run run = { plan->bands[b].first, plan->bands[b].n, to->c->dmrs_re };

		precode_run(s, k, to, &run);
	}
	for (unsigned i = 0; to->c->ptrs && i < to->c->ptrs->n[l]; i++) {
		struct phy_re_run run = { to->c->ptrs->prb[l][i], 1,
			(uint16_t)(1u << to->c->ptrs->subcarrier) };

		precode_run(s, k, to, &run);
	}
}

void phy_layers_send(struct phy_layers_sender *s, const struct kern *k, const struct phy_layers *c,
	const struct phy_precoders *precoders, const struct phy_layers_at *at, const uint8_t *const *bits,
	size_t before)
{
	const struct sending to = { c, precoders, at };
	bool dmrs = c->dmrs_symbols >> at->l & 1;

	for (unsigned i = 0; dmrs && i < c->layers; i++)
		clear(c, row_of(s, &to, i));
	for (unsigned q = 0; c->plan->symbol_re[at->l] > 0 && q < c->codewords; q++)
		put_codeword(s, k, &to, &c->codeword[q], bits[q], before);
	for (unsigned i = 0; dmrs && i < c->layers; i++)
		put_dmrs(s, k, &to, i, row_of(s, &to, i));
	if (c->ptrs && c->ptrs->n[at->l] > 0)
		put_ptrs(s, k, &to);
	if (precoders->w)
		precode(s, k, &to);
}
