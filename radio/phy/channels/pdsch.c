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

static uint16_t groups_mask(const struct phy_dmrs *d)
{
	uint16_t mask = 0;

	for (unsigned g = 0; g < d->groups_without_data; g++)
		mask |= phy_dmrs_group_mask(d, g);
	return mask;
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
	const struct phy_mcs *mcs = phy_mcs_row(c->mcs_table, c->mcs);
	struct phy_tbs t = { .prbs = c->prbs.n,
		.symbols = c->time.l,
		.overhead = c->overhead,
		.layers = 1,
		.scaling = c->scaling };

	if (!mcs)
		return PHY_PDSCH_MCS;
	if (mcs->q_m > PHY_PDSCH_Q_M_MAX)
		return PHY_PDSCH_MODULATION;
	if (c->rv > 3)
		return PHY_PDSCH_RV;
	if ((mcs->rate_x2048 == 0) != (c->kept_tbs > 0 && c->kept_rate_x2048 > 0) ||
		(mcs->rate_x2048 > 0 && (c->kept_tbs > 0 || c->kept_rate_x2048 > 0)))
		return PHY_PDSCH_KEPT;
	t.dmrs_re =
		(uint8_t)(__builtin_popcount(groups_mask(&c->dmrs)) * __builtin_popcount(p->dmrs_symbols));
	t.q_m = mcs->q_m;
	t.rate_x2048 = mcs->rate_x2048;
	p->modulation = PHY_QPSK + mcs->q_m / 2 - 1;
	p->sch = (struct phy_sch){ .a = c->kept_tbs,
		.lbrm_bits = c->lbrm_bits,
		.rate_x2048 = mcs->rate_x2048,
		.q_m = mcs->q_m,
		.layers = 1,
		.rv = c->rv };
	if (mcs->rate_x2048 == 0)
		p->sch.rate_x2048 = c->kept_rate_x2048;
	else
		p->sch.a = phy_tbs_bits(&t);
	return p->sch.a > 0 && p->sch.a <= SEGMENT_A_MAX && p->sch.rate_x2048 < 2048 ? PHY_PDSCH_OK
										     : PHY_PDSCH_TBS;
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

/* Adds a block to the runs of a symbol that began at *from. */
static void add_block(struct phy_pdsch *p, unsigned from, unsigned *end, unsigned prb, uint16_t mask)
{
	struct phy_re_run *last = *end > from ? &p->runs[*end - 1] : NULL;

	if (last && last->prb + last->prbs == prb && last->mask == mask)
		last->prbs++;
	else
		p->runs[(*end)++] = (struct phy_re_run){ (uint16_t)prb, 1, mask };
}

static enum phy_pdsch_error lay_out(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	unsigned end = 0;

	p->re = 0;
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		bool data = l >= c->time.s && l < c->time.s + c->time.l, dmrs = p->dmrs_symbols >> l & 1;

		p->start[l] = (uint16_t)end;
		p->symbol_re[l] = 0;
		for (unsigned i = 0; data && i < c->prbs.n; i++) {
			uint16_t taken = reserved_mask(c, l, c->prbs.at[i]), mask;

			if (dmrs && taken & phy_dmrs_own_mask(&c->dmrs))
				return PHY_PDSCH_DMRS_RESERVED;
			mask = 0xfff & ~(taken | (dmrs ? groups_mask(&c->dmrs) : 0));
			if (mask)
				add_block(p, p->start[l], &end, c->prbs.at[i], mask);
			p->symbol_re[l] = (uint16_t)(p->symbol_re[l] + __builtin_popcount(mask));
		}
		p->re += p->symbol_re[l];
	}
	p->start[PHY_SYMBOLS_MAX] = (uint16_t)end;
	p->sch.g = p->re * p->sch.q_m;
	return p->re > 0 ? PHY_PDSCH_OK : PHY_PDSCH_NO_RE;
}

/* The blocks in ascending order: what the channel is estimated over. */
static void find_bands(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	bool taken[PHY_PRB_MAX + 1] = { false };

	for (unsigned i = 0; i < c->prbs.n; i++)
		taken[c->prbs.at[i]] = true;
	p->bands_n = 0;
	for (unsigned i = 0, n; i < PHY_PRB_MAX; i += n + 1) {
		for (n = 0; taken[i + n]; n++)
			;
		if (n > 0)
			p->bands[p->bands_n++] = (struct phy_prb_run){ (uint16_t)i, (uint16_t)n };
	}
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
	find_bands(p, c);
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
	uint8_t bits[PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_PDSCH_Q_M_MAX / 8 + 8];
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
		d->double_symbol && phy_pdsch_second(p, l), p->config.bwp_start, p->config.bwp_prbs,
		s->symbol);
	for (unsigned b = 0; b < p->bands_n; b++) {
		const struct phy_cf *r = s->symbol + per_prb * p->bands[b].first;

		for (unsigned prb = p->bands[b].first; prb < p->bands[b].first + p->bands[b].n; prb++) {
			for (unsigned m = own; m; m &= m - 1)
				row[prb * PHY_SC_PER_PRB + (unsigned)__builtin_ctz(m)] = *r++;
		}
	}
}

/* The data of a symbol, mapped to the runs in their order. */
static void scatter(const struct phy_pdsch *p, unsigned l, const struct phy_cf *from, struct phy_cf *row)
{
	for (unsigned i = p->start[l]; i < p->start[l + 1]; i++) {
		const struct phy_re_run *run = &p->runs[i];
		struct phy_cf *to = row + run->prb * PHY_SC_PER_PRB;

		if (run->mask == 0xfff) {
			size_t n = (size_t)run->prbs * PHY_SC_PER_PRB;

			(void)bytes_copy(to, n * sizeof(*to), bytes_of(from, n * sizeof(*to)));
			from += n;
			continue;
		}
		for (unsigned prb = 0; prb < run->prbs; prb++, to += PHY_SC_PER_PRB) {
			for (unsigned m = run->mask; m; m &= m - 1)
				to[__builtin_ctz(m)] = *from++;
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
	for (unsigned l = 0; l < grid->symbols; at += p->symbol_re[l++]) {
		struct phy_cf *row = phy_grid_at(grid, l, phy_pdsch_offset(p, grid));
		const struct phy_re_run *run = &p->runs[p->start[l]];
		size_t early = at % 4; /* four symbols of any modulation are whole octets */
		const uint8_t *bits = s->bits + (at - early) * p->sch.q_m / 8;

		if (p->dmrs_symbols >> l & 1)
			send_dmrs(s, k, p, slot, l, row);
		if (p->start[l + 1] - p->start[l] == 1 && run->mask == 0xfff && early == 0) {
			phy_map_packed(
				k, constellation, row + run->prb * PHY_SC_PER_PRB, bits, p->symbol_re[l]);
			continue;
		}
		phy_map_packed(k, constellation, s->symbol, bits, early + p->symbol_re[l]);
		scatter(p, l, s->symbol + early, row);
	}
	return true;
}
