#include "radio/phy/channels/pdsch.h"

#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pdsch_parts.h"

const char *phy_pdsch_error_text(enum phy_pdsch_error e)
{
	static const char *const texts[PHY_PDSCH_ERRORS] = {
		[PHY_PDSCH_OK] = "ok",
		[PHY_PDSCH_NUMEROLOGY] = "no such numerology",
		[PHY_PDSCH_BANDWIDTH] = "bandwidth part of no size",
		[PHY_PDSCH_TIME] = "S and L not of 38.214 Table 5.1.2.1-1",
		[PHY_PDSCH_PRBS] = "resource blocks outside the bandwidth part, or twice",
		[PHY_PDSCH_DMRS] = "no such DM-RS port with these CDM groups",
		[PHY_PDSCH_DMRS_TIME] = "no DM-RS position of 38.211 7.4.1.1.2 for these symbols",
		[PHY_PDSCH_DMRS_RESERVED] = "DM-RS on reserved resource elements",
		[PHY_PDSCH_DMRS_REFERENCE] = "DM-RS reference above the bandwidth part",
		[PHY_PDSCH_IDENTITY] = "scrambling identity out of range",
		[PHY_PDSCH_PTRS] = "PT-RS not offered",
		[PHY_PDSCH_MCS] = "no such MCS",
		[PHY_PDSCH_MODULATION] = "1024QAM not offered",
		[PHY_PDSCH_KEPT] = "size and rate to keep do not go with the MCS",
		[PHY_PDSCH_TBS] = "no transport block of that overhead, scaling or size",
		[PHY_PDSCH_RV] = "no such redundancy version",
		[PHY_PDSCH_RESERVED] = "reservation of nonsense",
		[PHY_PDSCH_NO_RE] = "no resource element left for data",
	};

	return (unsigned)e < PHY_PDSCH_ERRORS ? texts[e] : "?";
}

/* The allocation itself, without what it carries. */
static enum phy_pdsch_error check_place(const struct phy_pdsch_config *c)
{
	bool taken[PHY_PRB_MAX] = { false };

	if (c->mu > 3 || (c->extended && c->mu != 2))
		return PHY_PDSCH_NUMEROLOGY;
	if (c->bwp_prbs < 1 || c->bwp_prbs > PHY_PRB_MAX || c->bwp_start >= 2200)
		return PHY_PDSCH_BANDWIDTH;
	if (!phy_time_legal(&c->time, c->extended, c->dmrs.type_a_position))
		return PHY_PDSCH_TIME;
	if (c->prbs.n < 1 || c->prbs.n > c->bwp_prbs)
		return PHY_PDSCH_PRBS;
	for (unsigned i = 0; i < c->prbs.n; i++) {
		if (c->prbs.at[i] >= c->bwp_prbs || taken[c->prbs.at[i]])
			return PHY_PDSCH_PRBS;
		taken[c->prbs.at[i]] = true;
	}
	return PHY_PDSCH_OK;
}

static enum phy_pdsch_error check_dmrs(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	if (c->dmrs.n_scid > 1 || c->n_id > 1023)
		return PHY_PDSCH_IDENTITY;
	if (!phy_dmrs_legal(&c->dmrs))
		return PHY_PDSCH_DMRS;
	if (c->dmrs.reference_crb > c->bwp_start)
		return PHY_PDSCH_DMRS_REFERENCE;
	p->dmrs_symbols = phy_dmrs_pdsch_symbols(&c->dmrs, &c->time);
	if (p->dmrs_symbols == 0 || p->dmrs_symbols >> (c->time.s + c->time.l))
		return PHY_PDSCH_DMRS_TIME;
	return c->ptrs ? PHY_PDSCH_PTRS : PHY_PDSCH_OK;
}

/* Modulation, code rate and size. */
static enum phy_pdsch_error check_block(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	static const enum phy_pdsch_error errors[] = {
		[PHY_BLOCK_OK] = PHY_PDSCH_OK,
		[PHY_BLOCK_MCS] = PHY_PDSCH_MCS,
		[PHY_BLOCK_MODULATION] = PHY_PDSCH_MODULATION,
		[PHY_BLOCK_RV] = PHY_PDSCH_RV,
		[PHY_BLOCK_KEPT] = PHY_PDSCH_KEPT,
		[PHY_BLOCK_TBS] = PHY_PDSCH_TBS,
	};
	unsigned dmrs_re = phy_dmrs_groups_re(&c->dmrs) * (unsigned)__builtin_popcount(p->dmrs_symbols);
	struct phy_block b = { .mcs_table = c->mcs_table,
		.mcs = c->mcs,
		.rv = c->rv,
		.size = { .prbs = c->prbs.n,
			.symbols = c->time.l,
			.dmrs_re = (uint8_t)dmrs_re,
			.overhead = c->overhead,
			.layers = 1,
			.scaling = c->scaling },
		.kept_tbs = c->kept_tbs,
		.kept_rate_x2048 = c->kept_rate_x2048,
		.lbrm_bits = c->lbrm_bits };

	/* the tables of 38.214 5.1.3.1; those of transform precoding are the uplink's */
	if ((unsigned)c->mcs_table > PHY_MCS_1024QAM)
		return PHY_PDSCH_MCS;
	return errors[phy_block_init(&p->sch, &p->modulation, &b)];
}

/* The REs of a block that reservations take in this symbol. */
static uint16_t reserved_mask(const struct phy_pdsch_config *c, unsigned symbol, unsigned prb)
{
	uint16_t mask = 0;

	for (size_t i = 0; i < c->reserved_n; i++) {
		const struct phy_reserved *r = &c->reserved[i];
		unsigned crb = c->bwp_start + prb;

		if (r->symbols >> symbol & 1 && crb >= r->first_crb && crb - r->first_crb < r->prbs)
			mask |= r->re;
	}
	return mask;
}

static enum phy_pdsch_error lay_out(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		bool data = l >= c->time.s && l < c->time.s + c->time.l, dmrs = p->dmrs_symbols >> l & 1;

		phy_re_plan_symbol(&p->plan, l);
		for (unsigned i = 0; data && i < c->prbs.n; i++) {
			uint16_t taken = reserved_mask(c, l, c->prbs.at[i]);

			if (dmrs && taken & phy_dmrs_own_mask(&c->dmrs))
				return PHY_PDSCH_DMRS_RESERVED;
			taken |= dmrs ? phy_dmrs_groups_mask(&c->dmrs) : 0;
			phy_re_plan_add(&p->plan, l, c->prbs.at[i], PHY_RE_ALL & ~taken);
		}
	}
	phy_re_plan_symbol(&p->plan, PHY_SYMBOLS_MAX);
	phy_re_plan_bands(&p->plan, &c->prbs);
	p->sch.g = p->plan.re * p->sch.q_m;
	return p->plan.re > 0 ? PHY_PDSCH_OK : PHY_PDSCH_NO_RE;
}

static bool reservations_legal(const struct phy_pdsch_config *c)
{
	for (size_t i = 0; i < c->reserved_n; i++) {
		if (c->reserved[i].symbols >> PHY_SYMBOLS_MAX || c->reserved[i].re >> PHY_SC_PER_PRB)
			return false;
	}
	return true;
}

enum phy_pdsch_error phy_pdsch_init(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	enum phy_pdsch_error e = check_place(c);

	if (e == PHY_PDSCH_OK)
		e = check_dmrs(p, c);
	if (e == PHY_PDSCH_OK)
		e = check_block(p, c);
	if (e == PHY_PDSCH_OK && !reservations_legal(c))
		e = PHY_PDSCH_RESERVED;
	if (e == PHY_PDSCH_OK)
		e = lay_out(p, c);
	if (e != PHY_PDSCH_OK)
		return e;
	p->config = *c;
	p->config.reserved = NULL;
	p->config.reserved_n = 0;
	return PHY_PDSCH_OK;
}

bool phy_pdsch_fits(const struct phy_pdsch *p, const struct phy_grid *g)
{
	const struct phy_pdsch_config *c = &p->config;

	return g->symbols == (c->extended ? 12 : 14) && c->bwp_start >= g->first_crb &&
	       c->bwp_start - g->first_crb + c->bwp_prbs <= g->prbs && g->prbs <= PHY_PRB_MAX;
}

uint32_t phy_pdsch_c_init(const struct phy_pdsch *p)
{
	return (uint32_t)p->config.rnti << 15 | p->config.n_id; /* 38.211 7.3.1.1, codeword 0 */
}

struct phy_pdsch_sender {
	struct phy_sch_encoder *encoder;
	struct phy_constellation constellations[PHY_MODULATIONS];
	struct phy_dmrs_work dmrs;
	uint8_t bits[PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_Q_M_MAX / 8 + 8];
	struct phy_cf symbol[(PHY_PRB_MAX + 2) * PHY_SC_PER_PRB];
};

struct phy_pdsch_sender *phy_pdsch_sender_new(void)
{
	struct phy_pdsch_sender *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->encoder = phy_sch_encoder_new();
	(void)phy_dmrs_work_init(&s->dmrs);
	for (unsigned m = 0; m < PHY_MODULATIONS; m++)
		(void)phy_constellation_init(&s->constellations[m], m);
	if (!s->encoder) {
		free(s);
		return NULL;
	}
	return s;
}

void phy_pdsch_sender_free(struct phy_pdsch_sender *s)
{
	if (s)
		phy_sch_encoder_free(s->encoder);
	free(s);
}

static void send_dmrs(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, unsigned l, struct phy_cf *row)
{
	const struct phy_dmrs *d = &p->config.dmrs;
	unsigned per_prb = phy_dmrs_per_prb(d), own = phy_dmrs_own_mask(d);

	phy_dmrs_symbol(&s->dmrs, k, d, p->config.extended ? 12 : 14, slot, l,
		d->double_symbol && phy_dmrs_second(p->dmrs_symbols, l), p->config.bwp_start,
		p->config.bwp_prbs, s->symbol);
	for (unsigned b = 0; b < p->plan.bands_n; b++) {
		const struct phy_cf *r = s->symbol + per_prb * p->plan.bands[b].first;

		for (unsigned prb = p->plan.bands[b].first; prb < p->plan.bands[b].first + p->plan.bands[b].n;
			prb++) {
			for (unsigned m = own; m; m &= m - 1)
				row[prb * PHY_SC_PER_PRB + (unsigned)__builtin_ctz(m)] = *r++;
		}
	}
}

bool phy_pdsch_send(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *tb, struct phy_grid *grid)
{
	const struct phy_constellation *constellation = &s->constellations[p->modulation];
	size_t at = 0;

	if (!phy_pdsch_fits(p, grid) || slot >= 10u << p->config.mu ||
		!phy_sch_encode(s->encoder, k, &p->sch, tb, s->bits))
		return false;
	phy_scramble_packed(k, s->bits, p->sch.g, phy_pdsch_c_init(p));
	for (unsigned l = 0; l < grid->symbols; at += p->plan.symbol_re[l++]) {
		struct phy_cf *row = phy_grid_at(grid, l, phy_pdsch_offset(p, grid));
		const struct phy_re_run *run = &p->plan.runs[p->plan.start[l]];
		size_t early = at % 4; /* four symbols of any modulation are whole octets */
		const uint8_t *bits = s->bits + (at - early) * p->sch.q_m / 8;

		if (p->dmrs_symbols >> l & 1)
			send_dmrs(s, k, p, slot, l, row);
		if (p->plan.start[l + 1] - p->plan.start[l] == 1 && run->mask == PHY_RE_ALL && early == 0) {
			phy_map_packed(k, constellation, row + run->prb * PHY_SC_PER_PRB, bits,
				p->plan.symbol_re[l]);
			continue;
		}
		phy_map_packed(k, constellation, s->symbol, bits, early + p->plan.symbol_re[l]);
		phy_re_scatter(&p->plan, l, s->symbol + early, row);
	}
	return true;
}
