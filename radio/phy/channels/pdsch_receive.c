/* Receiving PDSCH: from the grid to LLRs symbol by symbol, then to the transport block. */
#include <stdlib.h>

#include "radio/phy/channels/pdsch_parts.h"

enum { RE_MAX = PHY_PRB_MAX * PHY_SC_PER_PRB };

struct phy_pdsch_receiver {
	struct phy_chest *chest;
	struct phy_sch_decoder *decoder;
	struct phy_cf y[RE_MAX], h[RE_MAX], x[RE_MAX]; /* of a symbol */
	float noise[RE_MAX];
	int8_t llr[PHY_SYMBOLS_MAX * RE_MAX * PHY_Q_M_MAX];
};

struct phy_pdsch_receiver *phy_pdsch_receiver_new(const struct phy_chest_filters *filters)
{
	struct phy_pdsch_receiver *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->chest = phy_chest_new(filters, 1);
	r->decoder = phy_sch_decoder_new();
	if (!r->chest || !r->decoder) {
		phy_pdsch_receiver_free(r);
		return NULL;
	}
	return r;
}

void phy_pdsch_receiver_free(struct phy_pdsch_receiver *r)
{
	if (!r)
		return;
	phy_chest_free(r->chest);
	if (r->decoder)
		phy_sch_decoder_free(r->decoder);
	free(r);
}

/* A symbol's data to r->x and r->noise, in the order that they were mapped. */
static void equalize(struct phy_pdsch_receiver *r, const struct kern *k, const struct phy_pdsch *p,
	unsigned l, const struct phy_cf *row)
{
	float noise;
	const struct phy_cf *h = phy_chest_symbol(r->chest, k, l, &noise);
	size_t at = 0;

	for (unsigned i = p->plan.start[l]; i < p->plan.start[l + 1]; i++) {
		const struct phy_re_run *run = &p->plan.runs[i];
		const struct phy_cf *run_y = row + run->prb * PHY_SC_PER_PRB;
		const struct phy_cf *run_h = h + run->prb * PHY_SC_PER_PRB;
		size_t n = (size_t)run->prbs * PHY_SC_PER_PRB;

		if (run->mask != PHY_RE_ALL) {
			n = phy_re_gather(run, row, r->y);
			(void)phy_re_gather(run, h, r->h);
			run_y = r->y;
			run_h = r->h;
		}
		k->cf_equalize(&r->x[at].re, &r->noise[at], &run_y->re, &run_h->re, noise, n);
		at += n;
	}
}

static bool demodulate(struct phy_pdsch_receiver *r, const struct kern *k, const struct phy_pdsch *p,
	const struct phy_grid *grid)
{
	size_t at = 0;

	for (unsigned l = 0; l < grid->symbols; l++) {
		if (p->plan.symbol_re[l] == 0)
			continue;
		equalize(r, k, p, l, phy_grid_at(grid, l, phy_pdsch_offset(p, grid)));
		phy_demap(k, p->modulation, r->llr + at, r->x, r->noise, p->plan.symbol_re[l]);
		at += (size_t)p->plan.symbol_re[l] * p->sch.q_m;
	}
	phy_descramble_llr(k, r->llr, p->sch.g, phy_pdsch_c_init(p));
	return phy_llr_tell(r->llr, p->sch.g);
}

bool phy_pdsch_receive(struct phy_pdsch_receiver *r, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const struct phy_grid *grid, struct phy_harq *harq, uint8_t *tb,
	struct phy_pdsch_result *result)
{
	const struct phy_pdsch_config *c = &p->config;
	const struct phy_chest_layout layout = { &c->dmrs, p->dmrs_symbols, c->mu, c->extended, c->bwp_start,
		c->bwp_prbs, p->plan.bands, p->plan.bands_n };

	*result = (struct phy_pdsch_result){ 0 };
	if (!phy_pdsch_fits(p, grid) || slot >= 10u << c->mu)
		return false;
	if (!phy_chest_run(r->chest, k, &layout, slot, grid, 1, phy_pdsch_offset(p, grid)))
		return true;
	result->channel = *phy_chest_result(r->chest);
	if (!demodulate(r, k, p, grid))
		return true;
	if (!phy_sch_decode(r->decoder, k, &p->sch, PHY_PDSCH_ITERATIONS, r->llr, harq, tb, &result->sch))
		return false;
	result->ok = result->sch.ok;
	return true;
}
