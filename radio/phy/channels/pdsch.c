#include "radio/phy/channels/pdsch.h"

#include "radio/phy/channels/pdsch_parts.h"

const char *phy_pdsch_error_text(enum phy_pdsch_error e)
{
	static const char *const texts[PHY_PDSCH_ERRORS] = {
		[PHY_PDSCH_OK] = "ok",
		[PHY_PDSCH_NUMEROLOGY] = "no such numerology",
		[PHY_PDSCH_BANDWIDTH] = "bandwidth part of no size",
		[PHY_PDSCH_TIME] = "S and L not of 38.214 Table 5.1.2.1-1",
		[PHY_PDSCH_PRBS] = "resource blocks outside the bandwidth part, or twice",
		[PHY_PDSCH_LAYERS] = "no such number of layers",
		[PHY_PDSCH_PRG] = "no such precoding resource block group",
		[PHY_PDSCH_DMRS] = "no such DM-RS ports with these CDM groups",
		[PHY_PDSCH_DMRS_TIME] = "no DM-RS position of 38.211 7.4.1.1.2 for these symbols",
		[PHY_PDSCH_DMRS_RESERVED] = "DM-RS on reserved resource elements",
		[PHY_PDSCH_DMRS_REFERENCE] = "DM-RS reference above the bandwidth part",
		[PHY_PDSCH_IDENTITY] = "scrambling identity out of range",
		[PHY_PDSCH_PTRS] = "no such PT-RS",
		[PHY_PDSCH_MCS] = "no such MCS",
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

static enum phy_pdsch_error check_layers(const struct phy_pdsch_config *c)
{
	if (c->layers < 1 || c->layers > PHY_LAYERS_MAX)
		return PHY_PDSCH_LAYERS;
	if (c->prg_prbs != 0 && c->prg_prbs != 2 && c->prg_prbs != 4)
		return PHY_PDSCH_PRG;
	return PHY_PDSCH_OK;
}

static enum phy_pdsch_error check_dmrs(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	if (c->dmrs.n_scid > 1 || c->n_id > 1023)
		return PHY_PDSCH_IDENTITY;
	p->dmrs_re = phy_dmrs_ports_mask(&c->dmrs, c->ports, c->layers);
	if (p->dmrs_re == 0)
		return PHY_PDSCH_DMRS;
	if (c->dmrs.reference_crb > c->bwp_start)
		return PHY_PDSCH_DMRS_REFERENCE;
	p->dmrs_symbols = phy_dmrs_pdsch_moved(&c->dmrs, &c->time, c->extended, c->coresets);
	if (p->dmrs_symbols == 0 || p->dmrs_symbols >> (c->time.s + c->time.l))
		return PHY_PDSCH_DMRS_TIME;
	return PHY_PDSCH_OK;
}

/* Modulation, code rate and size of a codeword. */
static enum phy_pdsch_error check_block(
	struct phy_pdsch *p, const struct phy_pdsch_config *c, unsigned codeword)
{
	static const enum phy_pdsch_error errors[] = {
		[PHY_BLOCK_OK] = PHY_PDSCH_OK,
		[PHY_BLOCK_MCS] = PHY_PDSCH_MCS,
		[PHY_BLOCK_RV] = PHY_PDSCH_RV,
		[PHY_BLOCK_KEPT] = PHY_PDSCH_KEPT,
		[PHY_BLOCK_TBS] = PHY_PDSCH_TBS,
	};
	const struct phy_pdsch_codeword *w = &c->codeword[codeword];
	unsigned dmrs_re = phy_dmrs_groups_re(&c->dmrs) * (unsigned)__builtin_popcount(p->dmrs_symbols);
	struct phy_block b = { .mcs_table = c->mcs_table,
		.mcs = w->mcs,
		.rv = w->rv,
		.size = { .prbs = c->prbs.n,
			.symbols = c->time.l,
			.dmrs_re = (uint8_t)dmrs_re,
			.overhead = c->overhead,
			.layers = (uint8_t)phy_pdsch_codeword_layers(c, codeword),
			.scaling = c->scaling },
		.kept_tbs = w->kept_tbs,
		.kept_rate_x2048 = w->kept_rate_x2048,
		.lbrm_bits = c->lbrm_bits };

	/* the tables of 38.214 5.1.3.1; those of transform precoding are the uplink's */
	if ((unsigned)c->mcs_table > PHY_MCS_1024QAM)
		return PHY_PDSCH_MCS;
	return errors[phy_block_init(&p->sch[codeword], &p->modulation[codeword], &b)];
}

static enum phy_pdsch_error check_blocks(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	enum phy_pdsch_error e = PHY_PDSCH_OK;

	p->codewords = c->layers > 4 ? 2 : 1; /* 38.211 Table 7.3.1.3-1 */
	for (unsigned q = 0; e == PHY_PDSCH_OK && q < p->codewords; q++)
		e = check_block(p, c, q);
	return e;
}

/* The layer of PT-RS: of the codeword of the higher MCS that of the lowest port. */
static unsigned ptrs_layer(const struct phy_pdsch_config *c)
{
	unsigned first = phy_pdsch_codeword_layers(c, 0), layer = 0, end = first;

	if (first < c->layers && c->codeword[1].mcs > c->codeword[0].mcs) {
		layer = first;
		end = c->layers;
	}
	for (unsigned i = layer; i < end; i++) {
		if (c->ports[i] < c->ports[layer])
			layer = i;
	}
	return layer;
}

/* Behind the bands. */
static enum phy_pdsch_error check_ptrs(struct phy_pdsch *p, const struct phy_pdsch_config *c)
{
	unsigned layer = ptrs_layer(c);
	const struct phy_ptrs_place place = { &p->plan, &c->dmrs, p->dmrs_symbols, c->time.s, c->time.l,
		(uint8_t)layer, c->ports[layer], c->layers, c->rnti, c->prbs.n };

	return phy_ptrs_plan_init(&p->ptrs, &c->ptrs, &place) ? PHY_PDSCH_OK : PHY_PDSCH_PTRS;
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

			if (dmrs && taken & p->dmrs_re)
				return PHY_PDSCH_DMRS_RESERVED;
			taken |= dmrs ? phy_dmrs_groups_mask(&c->dmrs) : 0;
			taken |= phy_ptrs_plan_add(&p->ptrs, l, c->prbs.at[i], taken);
			phy_re_plan_add(&p->plan, l, c->prbs.at[i], PHY_RE_ALL & ~taken);
		}
	}
	phy_re_plan_symbol(&p->plan, PHY_SYMBOLS_MAX);
	for (unsigned q = 0; q < p->codewords; q++)
		p->sch[q].g = p->plan.re * p->sch[q].q_m * p->sch[q].layers;
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
		e = check_layers(c);
	if (e == PHY_PDSCH_OK)
		e = check_dmrs(p, c);
	if (e == PHY_PDSCH_OK)
		e = check_blocks(p, c);
	if (e == PHY_PDSCH_OK && !reservations_legal(c))
		e = PHY_PDSCH_RESERVED;
	if (e == PHY_PDSCH_OK) {
		phy_re_plan_bands(&p->plan, &c->prbs, c->prg_prbs, c->bwp_start);
		e = check_ptrs(p, c);
	}
	if (e == PHY_PDSCH_OK)
		e = lay_out(p, c);
	if (e != PHY_PDSCH_OK)
		return e;
	p->config = *c;
	p->config.reserved = NULL;
	p->config.reserved_n = 0;
	return PHY_PDSCH_OK;
}

unsigned phy_pdsch_prgs(const struct phy_pdsch *p)
{
	const struct phy_pdsch_config *c = &p->config;

	return phy_prg_of(c->prg_prbs, c->bwp_start, c->bwp_prbs - 1u) + 1;
}

uint32_t phy_pdsch_c_init(const struct phy_pdsch *p, unsigned codeword)
{
	return (uint32_t)p->config.rnti << 15 | codeword << 14 | p->config.n_id; /* 38.211 7.3.1.1 */
}

unsigned phy_pdsch_codeword_layers(const struct phy_pdsch_config *c, unsigned codeword)
{
	unsigned first = c->layers > 4 ? c->layers / 2u : c->layers; /* 38.211 Table 7.3.1.3-1 */

	return codeword == 0 ? first : c->layers - first;
}

void phy_pdsch_layers(struct phy_layers *c, struct phy_dmrs dmrs[PHY_LAYERS_MAX], const struct phy_pdsch *p)
{
	const struct phy_pdsch_config *of = &p->config;

	for (unsigned i = 0; i < of->layers; i++) {
		dmrs[i] = of->dmrs;
		dmrs[i].port = of->ports[i];
	}
	*c = (struct phy_layers){ .plan = &p->plan,
		.dmrs = dmrs,
		.dmrs_symbols = p->dmrs_symbols,
		.dmrs_re = p->dmrs_re,
		.ptrs = p->ptrs.symbols ? &p->ptrs : NULL,
		.first = of->time.s,
		.end = (uint8_t)(of->time.s + of->time.l),
		.mu = of->mu,
		.extended = of->extended,
		.bwp_start = of->bwp_start,
		.bwp_prbs = of->bwp_prbs,
		.layers = of->layers,
		.codewords = (uint8_t)p->codewords };
	for (unsigned q = 0, first = 0; q < p->codewords; first += c->codeword[q++].layers)
		c->codeword[q] = (struct phy_codeword){ p->modulation[q], p->sch[q].q_m, (uint8_t)first,
			(uint8_t)phy_pdsch_codeword_layers(of, q) };
}
