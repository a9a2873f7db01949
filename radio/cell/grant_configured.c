/* DCI 1_1 and 0_1: 38.214 5.1.2, 5.1.3, 5.1.6.2, 6.1.2 to 6.1.4, 6.2.2, 6.3. */
#include "radio/cell/antenna_ports.h"
#include "radio/cell/grant_parts.h"
#include "radio/phy/channels/dci_riv.h"

enum { NO_BLOCK_MCS = 26, NO_BLOCK_RV = 1 /* of a codeword: 38.214 5.1.3 */ };

/* The field without the bits that choose a hop. False: it names no blocks. */
static bool find_prbs(struct phy_prbs *p, const struct cell_shared *s, const struct cell_carrier *at,
	enum phy_vrb_mapping mapping, uint32_t field)
{
	struct phy_vrb v = { at->bwp_start, at->bwp_prbs, at->bwp_prbs, 0, mapping, false };
	unsigned groups = phy_rbg_count(at->bwp_start, at->bwp_prbs, s->rbg_config), start, length;

	if (s->allocation == CELL_ALLOCATION_TYPE0) {
		uint8_t bitmap[4];

		field <<= 32 - groups;
		for (unsigned i = 0; i < sizeof(bitmap); i++)
			bitmap[i] = (uint8_t)(field >> (24 - 8 * i));
		v.mapping = PHY_VRB_DIRECT;
		return phy_prbs_type0(p, &v, s->rbg_config, bitmap);
	}
	return phy_dci_riv_range(field, at->bwp_prbs, &start, &length) &&
	       phy_prbs_type1(p, &v, start, length);
}

/* Where both types are, the first bit says which (38.212 7.3.1.1.2, 7.3.1.2.2). */
static struct cell_shared chosen(const struct cell_shared *s, const struct cell_carrier *at, uint32_t *field)
{
	unsigned groups = phy_rbg_count(at->bwp_start, at->bwp_prbs, s->rbg_config),
		 riv = phy_dci_riv_bits(at->bwp_prbs), width = groups > riv ? groups : riv;
	struct cell_shared one = *s;

	if (s->allocation != CELL_ALLOCATION_SWITCH)
		return one;
	one.allocation = *field >> width & 1 ? CELL_ALLOCATION_TYPE1 : CELL_ALLOCATION_TYPE0;
	*field &= (1u << (one.allocation == CELL_ALLOCATION_TYPE1 ? riv : groups)) - 1;
	return one;
}

static void dmrs_shape(struct phy_dmrs *out, const struct cell_dmrs *d, const struct cell *c)
{
	out->type2 = d->type2;
	out->additional = d->additional;
	out->type_a_position = c->type_a_position;
}

/* 38.214 5.1.2.3 */
static uint8_t prg_of(
	const struct cell_pdsch *p, const struct phy_prbs *at, unsigned bwp_prbs, unsigned field)
{
	bool in_a_row = at->n > 0 && at->at[at->n - 1] - at->at[0] + 1 == at->n;

	if (field == 0)
		return p->prg[0];
	return p->prg_widens && in_a_row && at->n > bwp_prbs / 2 ? 0 : p->prg[1];
}

static bool has_one_block(const struct cell_pdsch *p, const struct phy_dci *dci)
{
	return !p->two_codewords ||
	       (dci->field[PHY_DCI_MCS_2] == NO_BLOCK_MCS && dci->field[PHY_DCI_RV_2] == NO_BLOCK_RV);
}

enum phy_pdsch_error cell_pdsch_configured(struct cell_pdsch_grant *g, const struct cell *c,
	const struct cell_own *own, uint16_t rnti, const struct phy_dci *dci)
{
	const struct cell_pdsch *p = &own->pdsch;
	uint32_t field = dci->field[PHY_DCI_FREQUENCY], timing = dci->field[PHY_DCI_HARQ_TIMING];
	struct cell_shared shared = chosen(&p->shared, &c->downlink, &field);
	struct phy_pdsch_config *f = &g->config;
	const struct cell_dmrs *d;

	*f = (struct phy_pdsch_config){ .mu = c->mu,
		.bwp_start = c->downlink.bwp_start,
		.bwp_prbs = c->downlink.bwp_prbs,
		.rnti = rnti,
		.n_id = own->has_pdsch_n_id ? own->pdsch_n_id : c->pci,
		.mcs_table = shared.mcs_table,
		.layers = 1,
		.codeword = { { .mcs = (uint8_t)dci->field[PHY_DCI_MCS],
			.rv = (uint8_t)dci->field[PHY_DCI_RV] } },
		.overhead = shared.overhead,
		.lbrm_bits = own->lbrm_bits };
	if (!has_one_block(p, dci))
		return PHY_PDSCH_LAYERS;
	if (!cell_pdsch_time(c, own, dci->field[PHY_DCI_TIME], &f->time))
		return PHY_PDSCH_TIME;
	if (!find_prbs(&f->prbs, &shared, &c->downlink,
		    dci->field[PHY_DCI_VRB_TO_PRB] ? p->interleaver : PHY_VRB_DIRECT, field))
		return PHY_PDSCH_PRBS;
	d = &shared.dmrs[f->time.type_b];
	dmrs_shape(&f->dmrs, d, c);
	for (unsigned i = 0; i < 2; i++)
		f->dmrs.n_id[i] = d->has_n_id[i] ? d->n_id[i] : c->pci;
	f->dmrs.n_scid = (uint8_t)dci->field[PHY_DCI_DMRS_INIT];
	if (!cell_ports_read(&f->dmrs, CELL_PORTS_PDSCH, d, dci->field[PHY_DCI_ANTENNA_PORTS]))
		return PHY_PDSCH_DMRS;
	f->ports[0] = f->dmrs.port;
	f->prg_prbs = prg_of(p, &f->prbs, f->bwp_prbs, dci->field[PHY_DCI_PRB_BUNDLING]);
	g->k1 = timing < p->k1_n ? p->k1[timing] : 0;
	return PHY_PDSCH_OK;
}

struct phy_dmrs cell_pusch_sequences(const struct cell *c, const struct cell_dmrs *d)
{
	enum phy_sequence_hopping common =
		c->pusch_group_hopping ? PHY_SEQUENCE_HOPS_GROUPS : PHY_SEQUENCE_STAYS;

	return (struct phy_dmrs){ .type_a_position = c->type_a_position,
		.n_id = { d && d->has_n_id[0] ? d->n_id[0] : c->pci,
			d && d->has_n_id[1] ? d->n_id[1] : c->pci },
		.low_papr = { .hopping = d && d->has_hopping ? d->hopping : common,
			.n_id = d && d->has_low_papr_n_id ? d->low_papr_n_id : c->pci } };
}

bool cell_pusch_hop(struct phy_pusch_config *f, const struct cell_pusch *p, uint32_t *field, unsigned width)
{
	unsigned bits = p->hops > 2 ? 2 : 1, left = width - bits, at = *field >> left;

	if (at >= p->hops)
		return false;
	f->hopping = PHY_PUSCH_HOPPING_INTRA;
	f->hop_offset = p->hop[at];
	*field &= (1u << left) - 1;
	return true;
}

static bool pusch_dmrs(struct phy_pusch_config *f, const struct cell *c, const struct cell_dmrs *d,
	const struct phy_dci *dci)
{
	enum cell_ports_of of = f->transform_precoding ? CELL_PORTS_PRECODED_PUSCH : CELL_PORTS_PUSCH;

	f->dmrs = cell_pusch_sequences(c, d);
	dmrs_shape(&f->dmrs, d, c);
	if (f->hopping == PHY_PUSCH_HOPPING_INTRA && f->dmrs.additional > 1)
		f->dmrs.additional = 1;
	f->dmrs.n_scid = (uint8_t)dci->field[PHY_DCI_DMRS_INIT];
	if (!cell_ports_read(&f->dmrs, of, d, dci->field[PHY_DCI_ANTENNA_PORTS]))
		return false;
	f->ports[0] = f->dmrs.port;
	return !f->transform_precoding || phy_dft_legal(12u * f->prbs.n);
}

/* All but what it is for. */
static bool pusch_configured(struct cell_pusch_grant *g, const struct cell *c, const struct cell_own *own,
	uint16_t rnti, const struct phy_dci *dci)
{
	const struct cell_pusch *p = &own->pusch;
	uint32_t field = dci->field[PHY_DCI_FREQUENCY];
	struct cell_shared shared = chosen(&p->shared, &c->uplink, &field);
	struct phy_pusch_config *f = &g->config;
	bool precoded = cell_own_precodes(c, own);

	*f = (struct phy_pusch_config){ .mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.layers = 1,
		.antenna_ports = 1,
		.transform_precoding = precoded,
		.rnti = rnti,
		.n_id = own->has_pusch_n_id ? own->pusch_n_id : c->pci,
		.mcs_table = precoded ? p->precoded_table : shared.mcs_table,
		.mcs = (uint8_t)dci->field[PHY_DCI_MCS],
		.rv = (uint8_t)dci->field[PHY_DCI_RV],
		.overhead = shared.overhead,
		.lbrm_bits = p->lbrm_bits };
	g->dai = (uint8_t)(dci->field[PHY_DCI_DAI] + 1);
	g->beta = (uint8_t)dci->field[PHY_DCI_BETA_OFFSET];
	return cell_pusch_time(c, own, dci->field[PHY_DCI_TIME], &f->time) &&
	       (!dci->field[PHY_DCI_HOPPING] || shared.allocation != CELL_ALLOCATION_TYPE1 ||
		       cell_pusch_hop(f, p, &field, phy_dci_riv_bits(c->uplink.bwp_prbs))) &&
	       find_prbs(&f->prbs, &shared, &c->uplink, PHY_VRB_DIRECT, field) &&
	       pusch_dmrs(f, c, &shared.dmrs[f->time.type_b], dci);
}

/* 38.214 6.1.2.1: without UL-SCH K2 is what the reports have by the same field, the most of them. */
static bool csi_k2(uint8_t *k2, const struct cell_own *own, const struct cell_trigger *t, unsigned row)
{
	*k2 = 0;
	for (unsigned i = 0; i < t->n; i++) {
		const struct cell_asked *a = &own->asked[t->report[i].asked];

		if (row >= a->slot_offsets)
			return false;
		if (a->slot_offset[row] > *k2)
			*k2 = a->slot_offset[row];
	}
	return true;
}

bool cell_pusch_configured(struct cell_pusch_grant *g, const struct cell *c, const struct cell_own *own,
	uint16_t rnti, const struct phy_dci *dci)
{
	uint32_t request = dci->field[PHY_DCI_CSI_REQUEST];
	const struct cell_trigger *t =
		request > 0 && request <= CELL_TRIGGERS_MAX ? &own->triggers[request - 1] : NULL;

	g->csi = (uint8_t)request;
	g->no_data = !dci->field[PHY_DCI_UL_SCH];
	if ((request > 0 && (!t || t->n == 0)) || (request == 0 && g->no_data) ||
		!pusch_configured(g, c, own, rnti, dci))
		return false;
	return !g->no_data || (t && csi_k2(&g->config.time.k0, own, t, dci->field[PHY_DCI_TIME]));
}

/* Tables 5.2.1.5.2-1 and -2. */
enum cell_sp_csi cell_sp_csi_grant(struct cell_pusch_grant *g, unsigned *asked, const struct cell *c,
	const struct cell_own *own, const struct phy_dci *dci)
{
	uint32_t request = dci->field[PHY_DCI_CSI_REQUEST], row = dci->field[PHY_DCI_TIME],
		 all = (1u << phy_dci_riv_bits(c->uplink.bwp_prbs)) - 1;
	const struct cell_asked *a;

	*asked = request < CELL_TRIGGERS_MAX ? own->sp_triggers[request] : CELL_ASKED_MAX;
	a = &own->asked[*asked % CELL_ASKED_MAX];
	if (*asked >= CELL_ASKED_MAX || !a->report.there || a->on != CELL_ASKED_ON_PUSCH ||
		dci->field[PHY_DCI_HARQ_PROCESS] != 0 || dci->field[PHY_DCI_RV] != 0)
		return CELL_SP_CSI_INVALID;
	if (dci->field[PHY_DCI_MCS] == 31 &&
		dci->field[PHY_DCI_FREQUENCY] ==
			(own->pusch.shared.allocation == CELL_ALLOCATION_TYPE0 ? 0 : all))
		return CELL_SP_CSI_ENDS;
	*g = (struct cell_pusch_grant){ .no_data = true };
	if (row >= a->slot_offsets || !pusch_configured(g, c, own, own->sp_csi_rnti, dci))
		return CELL_SP_CSI_INVALID;
	g->k2 = a->slot_offset[row];
	g->tpc = (uint8_t)dci->field[PHY_DCI_TPC];
	return CELL_SP_CSI_BEGINS;
}
