#include "radio/cell/grant_parts.h"

#include "radio/phy/channels/dci_riv.h"

enum { SI_RNTI = 0xffff, P_RNTI = 0xfffe }; /* 38.321 Table 7.1-1 */

/* Lists of a UE's own hold where the DCI does not come in a common search space of CORESET 0 (38.214 Tables
 * 5.1.2.1.1-1 and 6.1.2.1.1-1). */
static bool own_times(const struct cell_own *own, const struct cell_space *s)
{
	return own && s && (s->space.ue_specific || s->coreset_id != 0);
}

static enum phy_pdsch_for purpose(const struct cell_space *s, enum phy_dci_kind kind)
{
	switch (kind) {
	case PHY_DCI_1_0_SI:
		return s ? PHY_PDSCH_SI : PHY_PDSCH_SI_TYPE0;
	case PHY_DCI_1_0_P:
		return PHY_PDSCH_PAGING;
	case PHY_DCI_1_0_RA:
		return PHY_PDSCH_RANDOM_ACCESS;
	default:
		return s && s->space.ue_specific ? PHY_PDSCH_OWN : PHY_PDSCH_COMMON;
	}
}

/* Where the part is that the allocation counts in: until it has a part of its own that is CORESET 0's. */
static void place(struct phy_pdsch_dci_1_0 *d, const struct cell *c, const struct cell_own *own,
	const struct cell_space *s)
{
	const struct phy_coreset *coreset = s ? &s->coreset : &c->type0.coreset;

	if (d->kind == PHY_PDSCH_SI_TYPE0) {
		d->bwp_start = coreset->first_crb;
		d->bwp_prbs = c->type0.table.n_rb;
		d->riv_prbs = c->type0.table.n_rb;
		return;
	}
	d->bwp_start = c->downlink.bwp_start;
	d->bwp_prbs = c->downlink.bwp_prbs;
	d->riv_prbs =
		d->kind == PHY_PDSCH_OWN && !(own && own->sizes_cut) ? d->bwp_prbs : c->type0.table.n_rb;
	d->riv_scale = d->kind == PHY_PDSCH_OWN ? (uint8_t)phy_dci_riv_scale(d->bwp_prbs, d->riv_prbs) : 1;
	if (d->kind != PHY_PDSCH_OWN)
		d->coreset_start = (uint16_t)(phy_coreset_crb(coreset, 0) - d->bwp_start);
}

void cell_pdsch_range(
	const struct cell *c, const struct cell_space *space, uint16_t *first_prb, uint16_t *prbs)
{
	struct phy_pdsch_dci_1_0 d = { .kind = purpose(space, PHY_DCI_1_0_C) };
	uint16_t above;

	place(&d, c, NULL, space);
	above = (uint16_t)(d.bwp_prbs - d.coreset_start);
	*first_prb = d.coreset_start;
	*prbs = above < d.riv_prbs ? above : d.riv_prbs;
}

bool cell_pdsch_riv(uint32_t *riv, const struct cell *c, const struct cell_space *space, uint16_t first_prb,
	uint16_t prbs)
{
	struct phy_pdsch_dci_1_0 d = { .kind = purpose(space, PHY_DCI_1_0_C) };

	place(&d, c, NULL, space);
	return first_prb >= d.coreset_start &&
	       phy_dci_riv(riv, first_prb - d.coreset_start, prbs, d.riv_prbs);
}

static enum phy_pdsch_error pdsch_fallback(struct cell_pdsch_grant *g, const struct cell *c,
	const struct cell_own *own, const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci)
{
	const struct cell_own *times = own_times(own, space) ? own : NULL;
	bool listed = (times && times->pdsch_times_n > 0) || c->pdsch_times_n > 0;
	struct phy_pdsch_dci_1_0 d = { .kind = purpose(space, dci->kind),
		.rnti = rnti,
		.riv = dci->field[PHY_DCI_FREQUENCY],
		.time = (uint8_t)dci->field[PHY_DCI_TIME],
		.interleaved = dci->field[PHY_DCI_VRB_TO_PRB],
		.mcs = (uint8_t)dci->field[PHY_DCI_MCS],
		.rv = (uint8_t)dci->field[PHY_DCI_RV],
		.tb_scaling = (uint8_t)dci->field[PHY_DCI_TB_SCALING],
		.mu = c->mu,
		.n_id = c->pci,
		.dmrs_n_id = c->pci,
		.pattern = c->type0.table.pattern,
		.type_a_position = c->type_a_position,
		.lbrm_bits = own && purpose(space, dci->kind) >= PHY_PDSCH_COMMON ? own->lbrm_bits : 0 };
	enum phy_pdsch_error e;

	if (d.kind == PHY_PDSCH_OWN && own && own->has_pdsch_n_id)
		d.n_id = own->pdsch_n_id;
	if (own && own->pdsch.shared.mcs_table == PHY_MCS_64QAM_LOW_SE) /* 256QAM is of 1_1 */
		d.mcs_table = PHY_MCS_64QAM_LOW_SE;
	d.overhead = own ? own->pdsch.shared.overhead : 0;
	if (listed) {
		d.times = times && times->pdsch_times_n > 0 ? times->pdsch_times : c->pdsch_times;
		d.times_n = times && times->pdsch_times_n > 0 ? times->pdsch_times_n : c->pdsch_times_n;
	}
	place(&d, c, own, space);
	e = phy_pdsch_from_dci_1_0(&g->config, &d);
	if (own && dci->kind == PHY_DCI_1_0_C) { /* 38.211 7.4.1.1.1 */
		const struct cell_dmrs *dmrs = &own->pdsch.shared.dmrs[g->config.time.type_b];

		g->config.dmrs.n_id[0] = dmrs->has_n_id[0] ? dmrs->n_id[0] : c->pci;
	}
	g->k1 = d.kind >= PHY_PDSCH_COMMON ? (uint8_t)(dci->field[PHY_DCI_HARQ_TIMING] + 1) : 0;
	return e;
}

enum phy_pdsch_error cell_pdsch_grant(struct cell_pdsch_grant *g, const struct cell *c,
	const struct cell_own *own, const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci)
{
	enum phy_pdsch_error e = dci->kind == PHY_DCI_1_1 ? cell_pdsch_configured(g, c, own, rnti, dci)
							  : pdsch_fallback(g, c, own, space, rnti, dci);

	g->k0 = g->config.time.k0;
	g->harq_process = (uint8_t)dci->field[PHY_DCI_HARQ_PROCESS];
	g->ndi = dci->field[PHY_DCI_NDI];
	g->dai = (uint8_t)dci->field[PHY_DCI_DAI];
	g->tpc = (uint8_t)dci->field[PHY_DCI_TPC];
	g->pucch_resource = (uint8_t)dci->field[PHY_DCI_PUCCH_RESOURCE];
	return e;
}

/*
 * 38.214 6.2.2 without a configuration: DM-RS of type 1 in single symbols, all additional ones that there are
 * (fewer with hops), no data beside them but in two symbols without transform precoding.
 */
static struct phy_dmrs pusch_dmrs(
	const struct cell *c, const struct cell_own *own, const struct phy_pusch_config *p)
{
	struct phy_dmrs d = cell_pusch_sequences(c, own ? &own->pusch.shared.dmrs[p->time.type_b] : NULL);

	d.additional = p->hopping == PHY_PUSCH_HOPPING_INTRA ? 1 : 2;
	d.groups_without_data = p->time.l <= 2 && !p->transform_precoding ? 1 : 2;
	return d;
}

/* The offset of the second hop: 38.214 6.3.1 for the fallback DCI before it is configured, 38.213 Table 8.3-1
 * for Msg3; they are the same fractions. */
static unsigned hop_offset(unsigned prbs, unsigned choice)
{
	if (prbs < 50)
		return choice & 1 ? prbs / 4 : prbs / 2;
	return choice == 0 ? prbs / 2 : choice == 1 ? prbs / 4 : choice == 2 ? prbs - prbs / 4 : 0;
}

/* As hop_offset() has them, of the initial part: the first bits of a field of so many choose. */
static void hop_by(struct phy_pusch_config *p, const struct cell *c, uint32_t *field, unsigned width)
{
	unsigned prbs = c->bandwidth.initial_ul, left = width - (prbs < 50 ? 1 : 2);

	p->hopping = PHY_PUSCH_HOPPING_INTRA;
	p->hop_offset = (uint16_t)hop_offset(prbs, *field >> left);
	*field &= (1u << left) - 1;
}

/* What a resource indication value counts in. */
struct riv {
	uint16_t prbs, offset; /* offset: of the first block within the active part */
	uint8_t scale;
};

/* 38.214 6.1.2.2.2: DCI 0_0 of a common space has the value that the initial part has, and so has one of the
 * UE's own whose size is cut. */
static struct riv riv_of(const struct cell *c, const struct cell_own *own, bool specific)
{
	struct riv r = { specific && !own->sizes_cut ? c->uplink.bwp_prbs : c->bandwidth.initial_ul, 0, 1 };

	if (specific)
		r.scale = (uint8_t)phy_dci_riv_scale(c->uplink.bwp_prbs, r.prbs);
	return r;
}

/* 38.213 8.3, 38.211 6.3.1.7: what is granted during random access lies in the initial part if the active one
 * holds it, else it begins where the active one does. */
static struct riv riv_of_msg3(const struct cell *c)
{
	struct riv r = { c->bandwidth.initial_ul, 0, 1 };
	unsigned above = c->initial_ul_start - c->uplink.bwp_start;

	if (c->initial_ul_start >= c->uplink.bwp_start && above + r.prbs <= c->uplink.bwp_prbs)
		r.offset = (uint16_t)above;
	return r;
}

static bool pusch_place(struct phy_pusch_config *p, const struct cell *c, const struct cell_own *own,
	const struct riv *in, uint32_t riv)
{
	unsigned start, length;
	struct phy_vrb v = { p->bwp_start, p->bwp_prbs, p->bwp_prbs, in->offset, PHY_VRB_DIRECT, false };

	if (!phy_dci_riv_range(riv, in->prbs, &start, &length) ||
		!phy_prbs_type1(&p->prbs, &v, in->scale * start, in->scale * length) ||
		(p->transform_precoding && !phy_dft_legal(12 * in->scale * length)))
		return false;
	p->dmrs = pusch_dmrs(c, own, p);
	return true;
}

static struct phy_pusch_config pusch_common(const struct cell *c, uint16_t rnti, bool transform_precoding)
{
	return (struct phy_pusch_config){ .mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.layers = 1,
		.antenna_ports = 1,
		.transform_precoding = transform_precoding,
		.rnti = rnti,
		.n_id = c->pci,
		.mcs_table = transform_precoding ? PHY_MCS_TP_64QAM : PHY_MCS_64QAM };
}

static bool pusch_fallback(struct cell_pusch_grant *g, const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci)
{
	bool tp =
		c->access.msg3_transform_precoding; /* 38.214 6.1.3: for DCI 0_0, whatever PUSCH-Config has */
	bool specific = own && space && space->space.ue_specific;
	struct riv riv = own ? riv_of(c, own, specific) : riv_of_msg3(c);
	uint32_t field = dci->field[PHY_DCI_FREQUENCY];
	unsigned width = phy_dci_riv_bits(riv.prbs);

	g->config = pusch_common(c, rnti, tp);
	if (dci->field[PHY_DCI_HOPPING] && own && !cell_pusch_hop(&g->config, &own->pusch, &field, width))
		return false;
	if (dci->field[PHY_DCI_HOPPING] && !own) /* Msg3 once more (38.214 6.3.1) */
		hop_by(&g->config, c, &field, width);
	if (!cell_pusch_time(
		    c, own_times(own, space) ? own : NULL, dci->field[PHY_DCI_TIME], &g->config.time) ||
		!pusch_place(&g->config, c, own, &riv, field))
		return false;
	if (specific && own->has_pusch_n_id)
		g->config.n_id = own->pusch_n_id;
	if (specific && !tp && own->pusch.shared.mcs_table == PHY_MCS_64QAM_LOW_SE)
		g->config.mcs_table = PHY_MCS_64QAM_LOW_SE;
	if (specific && tp && own->pusch.precoded_table == PHY_MCS_TP_64QAM_LOW_SE)
		g->config.mcs_table = PHY_MCS_TP_64QAM_LOW_SE;
	g->config.overhead = own ? own->pusch.shared.overhead : 0;
	g->config.lbrm_bits = own ? own->pusch.lbrm_bits : 0;
	g->config.mcs = (uint8_t)dci->field[PHY_DCI_MCS];
	g->config.rv = (uint8_t)dci->field[PHY_DCI_RV];
	return true;
}

bool cell_pusch_grant(struct cell_pusch_grant *g, const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci)
{
	*g = (struct cell_pusch_grant){ .k2 = 0 };
	if (dci->kind == PHY_DCI_0_1 ? !cell_pusch_configured(g, c, own, rnti, dci)
				     : !pusch_fallback(g, c, own, space, rnti, dci))
		return false;
	g->k2 = g->config.time.k0;
	g->harq_process = (uint8_t)dci->field[PHY_DCI_HARQ_PROCESS];
	g->ndi = dci->field[PHY_DCI_NDI];
	g->tpc = (uint8_t)dci->field[PHY_DCI_TPC];
	return true;
}

/* 38.213 8.3: of the 14 bits a part of up to 180 blocks takes the lowest, a wider one has zeros above; with
 * hopping the first bits choose the offset. */
bool cell_msg3_grant(struct cell_pusch_grant *g, const struct cell *c, uint16_t temporary_c_rnti,
	const struct mac_rar_grant *grant)
{
	static const uint8_t delta[] = { 2, 3, 4, 6 }; /* 38.214 Table 6.1.2.1.1-5 */
	unsigned prbs = c->bandwidth.initial_ul, bits = phy_dci_riv_bits(prbs);
	struct riv riv = riv_of_msg3(c);
	uint32_t field = grant->frequency_resource;

	*g = (struct cell_pusch_grant){ .config = pusch_common(
						c, temporary_c_rnti, c->access.msg3_transform_precoding) };
	if (prbs <= 180)
		field &= (1u << bits) - 1;
	if (grant->frequency_hopping)
		hop_by(&g->config, c, &field, prbs <= 180 ? bits : 14);
	if (!cell_pusch_time(c, NULL, grant->time_resource, &g->config.time) ||
		!pusch_place(&g->config, c, NULL, &riv, field))
		return false;
	g->config.mcs = grant->mcs;
	g->k2 = (uint8_t)(g->config.time.k0 + delta[c->mu]);
	g->tpc = grant->tpc;
	return true;
}

static size_t octets_of(struct phy_tbs *t, enum phy_mcs_table table, unsigned mcs)
{
	const struct phy_mcs *row = phy_mcs_row(table, mcs);

	if (!row || row->rate_x2048 == 0)
		return 0;
	t->q_m = row->q_m;
	t->rate_x2048 = row->rate_x2048;
	return phy_tbs_bits(t) / 8;
}

size_t cell_pdsch_octets(const struct phy_pdsch_config *p)
{
	struct phy_tbs t = { .prbs = p->prbs.n,
		.symbols = p->time.l,
		.dmrs_re =
			(uint8_t)(phy_dmrs_groups_re(&p->dmrs) *
				  (unsigned)__builtin_popcount(phy_dmrs_pdsch_symbols(&p->dmrs, &p->time))),
		.overhead = p->overhead,
		.layers = p->layers,
		.scaling = p->scaling };

	return octets_of(&t, p->mcs_table, p->codeword[0].mcs);
}

size_t cell_pusch_octets(const struct phy_pusch_config *p)
{
	struct phy_tbs t = { .prbs = p->prbs.n,
		.symbols = p->time.l,
		.dmrs_re = (uint8_t)(phy_dmrs_groups_re(&p->dmrs) *
				     (unsigned)__builtin_popcount(
					     phy_dmrs_pusch_symbols(&p->dmrs, &p->time, p->hopping))),
		.overhead = p->overhead,
		.layers = p->layers };

	return octets_of(&t, p->mcs_table, p->mcs);
}
