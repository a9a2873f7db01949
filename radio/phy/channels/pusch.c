#include "radio/phy/channels/pusch.h"

#include "radio/phy/channels/pusch_parts.h"

const char *phy_pusch_error_text(enum phy_pusch_error e)
{
	static const char *const texts[PHY_PUSCH_ERRORS] = {
		[PHY_PUSCH_OK] = "ok",
		[PHY_PUSCH_NUMEROLOGY] = "no such numerology",
		[PHY_PUSCH_BANDWIDTH] = "bandwidth part of no size",
		[PHY_PUSCH_TIME] = "S and L not of 38.214 Table 6.1.2.1-1",
		[PHY_PUSCH_PRBS] = "resource blocks outside the bandwidth part, or not ascending",
		[PHY_PUSCH_HOPPING] =
			"a hop outside the bandwidth part, of no symbol, or of blocks not in a row",
		[PHY_PUSCH_LAYERS] = "no such number of layers",
		[PHY_PUSCH_PRECODING] = "no such TPMI for these ports and layers",
		[PHY_PUSCH_TRANSFORM] = "no transform precoding over these resource blocks",
		[PHY_PUSCH_DMRS] = "no such DM-RS ports with these CDM groups",
		[PHY_PUSCH_DMRS_TRANSFORM] = "no such DM-RS with transform precoding",
		[PHY_PUSCH_DMRS_TIME] = "no DM-RS position of 38.211 6.4.1.1.3 for these symbols",
		[PHY_PUSCH_DMRS_REFERENCE] = "DM-RS reference above the bandwidth part",
		[PHY_PUSCH_IDENTITY] = "scrambling identity out of range",
		[PHY_PUSCH_PTRS] = "no such PT-RS",
		[PHY_PUSCH_MCS] = "no such MCS",
		[PHY_PUSCH_KEPT] = "size and rate to keep do not go with the MCS",
		[PHY_PUSCH_TBS] = "no transport block of that overhead or size",
		[PHY_PUSCH_RV] = "no such redundancy version",
		[PHY_PUSCH_UCI] = "no such UCI, or no room for it",
		[PHY_PUSCH_NO_RE] = "no resource element left for data",
	};

	return (unsigned)e < PHY_PUSCH_ERRORS ? texts[e] : "?";
}

static bool in_a_row(const struct phy_prbs *p)
{
	return p->at[p->n - 1] - p->at[0] == p->n - 1;
}

/* The first block of the second hop (38.214 6.3.1). */
static unsigned second_hop(const struct phy_pusch_config *c)
{
	return (c->prbs.at[0] + c->hop_offset) % c->bwp_prbs;
}

/* The allocation itself, without what it carries. */
static enum phy_pusch_error check_place(const struct phy_pusch_config *c)
{
	if (c->mu > 3 || (c->extended && c->mu != 2))
		return PHY_PUSCH_NUMEROLOGY;
	if (c->bwp_prbs < 1 || c->bwp_prbs > PHY_PRB_MAX || c->bwp_start >= 2200)
		return PHY_PUSCH_BANDWIDTH;
	if (!phy_pusch_time_legal(&c->time, c->extended))
		return PHY_PUSCH_TIME;
	if (c->prbs.n < 1 || c->prbs.n > c->bwp_prbs)
		return PHY_PUSCH_PRBS;
	for (unsigned i = 0; i < c->prbs.n; i++) {
		if (c->prbs.at[i] >= c->bwp_prbs || (i > 0 && c->prbs.at[i] <= c->prbs.at[i - 1]))
			return PHY_PUSCH_PRBS;
	}
	if ((unsigned)c->hopping >= PHY_PUSCH_HOPPINGS)
		return PHY_PUSCH_HOPPING;
	if (c->hopping != PHY_PUSCH_NO_HOPPING &&
		(!in_a_row(&c->prbs) || second_hop(c) + c->prbs.n > c->bwp_prbs))
		return PHY_PUSCH_HOPPING;
	if (c->hopping == PHY_PUSCH_HOPPING_INTRA && c->time.l < 2)
		return PHY_PUSCH_HOPPING;
	return PHY_PUSCH_OK;
}

static enum phy_pusch_error check_layers(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	if (c->layers < 1 || c->layers > PHY_UL_LAYERS_MAX || (c->transform_precoding && c->layers > 1))
		return PHY_PUSCH_LAYERS;
	if (c->codebook ? !phy_precoding_tpmi(
				  &p->precoding, c->antenna_ports, c->layers, c->tpmi, c->transform_precoding)
			: !phy_precoding_identity(&p->precoding, c->layers))
		return PHY_PUSCH_PRECODING;
	if (c->transform_precoding && (!in_a_row(&c->prbs) || !phy_dft_legal(c->prbs.n * PHY_SC_PER_PRB)))
		return PHY_PUSCH_TRANSFORM;
	return PHY_PUSCH_OK;
}

static enum phy_pusch_error check_dmrs(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	const struct phy_dmrs *d = &c->dmrs;

	if (d->n_scid > 1 || c->n_id > 1023 || d->low_papr.n_id > 1007)
		return PHY_PUSCH_IDENTITY;
	if (phy_dmrs_ports_mask(d, c->ports, c->layers) == 0)
		return PHY_PUSCH_DMRS;
	/* 38.214 6.2.2; one or two sequences a CDM group are CP-OFDM's */
	if (c->transform_precoding && (d->type2 || d->groups_without_data != 2 || d->per_group ||
					      (unsigned)d->low_papr.hopping > PHY_SEQUENCE_HOPS))
		return PHY_PUSCH_DMRS_TRANSFORM;
	if (!c->transform_precoding && d->reference_crb > c->bwp_start)
		return PHY_PUSCH_DMRS_REFERENCE;
	p->dmrs_symbols = phy_dmrs_pusch_symbols(d, &c->time, c->hopping);
	if (p->dmrs_symbols == 0 || p->dmrs_symbols >> (c->time.s + c->time.l))
		return PHY_PUSCH_DMRS_TIME;
	return PHY_PUSCH_OK;
}

/* Modulation, code rate and size. */
static enum phy_pusch_error check_block(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	static const enum phy_pusch_error errors[] = {
		[PHY_BLOCK_OK] = PHY_PUSCH_OK,
		[PHY_BLOCK_MCS] = PHY_PUSCH_MCS,
		[PHY_BLOCK_RV] = PHY_PUSCH_RV,
		[PHY_BLOCK_KEPT] = PHY_PUSCH_KEPT,
		[PHY_BLOCK_TBS] = PHY_PUSCH_TBS,
	};
	unsigned dmrs_re = phy_dmrs_groups_re(&c->dmrs) * (unsigned)__builtin_popcount(p->dmrs_symbols);
	struct phy_block b = { .mcs_table = c->mcs_table,
		.mcs = c->mcs,
		.rv = c->rv,
		.size = { .prbs = c->prbs.n,
			.symbols = c->time.l,
			.dmrs_re = (uint8_t)dmrs_re,
			.overhead = c->overhead,
			.layers = c->layers },
		.kept_tbs = c->kept_tbs,
		.kept_rate_x2048 = c->kept_rate_x2048,
		.lbrm_bits = c->lbrm_bits };
	bool precoded = (unsigned)c->mcs_table >= PHY_MCS_TP_64QAM;

	/* 38.214 6.1.4.1: Table 5.1.3.1-2 of 256QAM is there for both */
	if (c->mcs_table == PHY_MCS_1024QAM ||
		(c->mcs_table != PHY_MCS_256QAM && precoded != c->transform_precoding))
		return PHY_PUSCH_MCS;
	return errors[phy_block_init(&p->sch, &p->modulation, &b)];
}

/* Behind the bands and the block. */
static enum phy_pusch_error check_ptrs(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	unsigned layer = c->ptrs_layer < c->layers ? c->ptrs_layer : 0;
	const struct phy_ptrs_place place = { &p->plan, &c->dmrs, p->dmrs_symbols, c->time.s, c->time.l,
		(uint8_t)layer, c->ports[layer], c->layers, c->rnti, c->prbs.n };
	bool ok = c->transform_precoding ? phy_ptrs_plan_groups(&p->ptrs, &c->ptrs, &place, p->sch.q_m)
					 : phy_ptrs_plan_init(&p->ptrs, &c->ptrs, &place);

	return ok && (c->ptrs.time_density == 0 || layer == c->ptrs_layer) ? PHY_PUSCH_OK : PHY_PUSCH_PTRS;
}

static enum phy_pusch_error lay_out(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	for (unsigned l = 0; l < PHY_SYMBOLS_MAX; l++) {
		bool data = l >= c->time.s && l < c->time.s + c->time.l;
		uint16_t taken = p->dmrs_symbols >> l & 1 ? phy_dmrs_groups_mask(&c->dmrs) : 0;

		phy_re_plan_symbol(&p->plan, l);
		for (unsigned i = 0; data && i < c->prbs.n; i++) {
			uint16_t ptrs = phy_ptrs_plan_add(&p->ptrs, l, c->prbs.at[i], taken);

			phy_re_plan_add(&p->plan, l, c->prbs.at[i], PHY_RE_ALL & ~(taken | ptrs));
		}
		if (p->ptrs.symbols >> l & 1)
			phy_re_plan_less(&p->plan, l, p->ptrs.samples);
	}
	phy_re_plan_symbol(&p->plan, PHY_SYMBOLS_MAX);
	p->sch.g = p->g = p->plan.re * p->sch.q_m * c->layers;
	return p->plan.re > 0 ? PHY_PUSCH_OK : PHY_PUSCH_NO_RE;
}

/* What is left for UL-SCH beside UCI. */
static enum phy_pusch_error lay_out_uci(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	const struct phy_pusch_uci_place place = { &p->plan, &p->sch, p->dmrs_symbols, c->time.s,
		(uint8_t)(c->time.s + c->time.l), p->hop_symbol };

	p->uci.used = false;
	if (c->uci.bits[PHY_PUSCH_ACK] == 0 && c->uci.bits[PHY_PUSCH_CSI_1] == 0 &&
		c->uci.bits[PHY_PUSCH_CSI_2] == 0)
		return c->uci.no_data ? PHY_PUSCH_UCI : PHY_PUSCH_OK;
	if (!phy_pusch_uci_init(&p->uci, &c->uci, &place))
		return PHY_PUSCH_UCI;
	p->sch.g = p->uci.data_re * p->sch.q_m * c->layers;
	return PHY_PUSCH_OK;
}

enum phy_pusch_error phy_pusch_init(struct phy_pusch *p, const struct phy_pusch_config *c)
{
	enum phy_pusch_error e = check_place(c);

	if (e == PHY_PUSCH_OK)
		e = check_layers(p, c);
	if (e == PHY_PUSCH_OK)
		e = check_dmrs(p, c);
	if (e == PHY_PUSCH_OK)
		e = check_block(p, c);
	if (e == PHY_PUSCH_OK) {
		phy_re_plan_bands(&p->plan, &c->prbs, 0, c->bwp_start);
		e = check_ptrs(p, c);
	}
	if (e == PHY_PUSCH_OK)
		e = lay_out(p, c);
	p->hop_symbol = (uint8_t)phy_pusch_hop_symbol(&c->time, c->hopping);
	if (e == PHY_PUSCH_OK)
		e = lay_out_uci(p, c);
	p->config = *c;
	p->config.dmrs.low_papr.used = c->transform_precoding;
	p->config.dmrs.low_papr.prbs = c->prbs.n;
	/* 38.211 6.4.1.1.1.2: only beside pi/2-BPSK */
	if (p->modulation != PHY_PI2_BPSK)
		p->config.dmrs.low_papr.pi2_bpsk = false;
	return e;
}

uint32_t phy_pusch_c_init(const struct phy_pusch *p)
{
	return (uint32_t)p->config.rnti << 15 | p->config.n_id; /* 38.211 6.3.1.1 */
}

int phy_pusch_shift(const struct phy_pusch *p, unsigned slot, unsigned l)
{
	const struct phy_pusch_config *c = &p->config;
	bool second = c->hopping == PHY_PUSCH_HOPPING_INTER ? slot % 2 : l >= p->hop_symbol;

	return second ? (int)second_hop(c) - c->prbs.at[0] : 0;
}

void phy_pusch_layers(struct phy_layers *c, struct phy_dmrs dmrs[PHY_UL_LAYERS_MAX],
	const struct phy_pusch *p, const struct phy_dfts *dfts, unsigned slot, unsigned l)
{
	const struct phy_pusch_config *of = &p->config;
	unsigned end = of->time.s + of->time.l, middle = p->hop_symbol < end ? p->hop_symbol : end;
	int shift = phy_pusch_shift(p, slot, l);

	for (unsigned i = 0; i < of->layers; i++) {
		dmrs[i] = of->dmrs;
		dmrs[i].port = of->ports[i];
		dmrs[i].low_papr.first_crb = (uint16_t)(of->bwp_start + of->prbs.at[0] + shift);
		dmrs[i].low_papr.dfts = dfts;
	}
	*c = (struct phy_layers){ .plan = &p->plan,
		.dmrs = dmrs,
		.dmrs_re = PHY_RE_ALL,
		.ptrs = p->ptrs.symbols ? &p->ptrs : NULL,
		.dfts = of->transform_precoding ? dfts : NULL,
		.first = (uint8_t)(l < middle ? of->time.s : middle),
		.end = (uint8_t)(l < middle ? middle : end),
		.shift = shift,
		.moved = { (uint16_t)(p->plan.bands[0].first + shift), p->plan.bands[0].n },
		.mu = of->mu,
		.extended = of->extended,
		.bwp_start = of->bwp_start,
		.bwp_prbs = of->bwp_prbs,
		.layers = of->layers,
		.codewords = 1,
		.codeword = { { p->modulation, p->sch.q_m, 0, of->layers } } };
	c->dmrs_symbols = (uint16_t)(p->dmrs_symbols & ((1u << c->end) - (1u << c->first)));
}
