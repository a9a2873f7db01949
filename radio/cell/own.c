#include "radio/cell/own.h"

#include "radio/cell/own_read.h"

/* What RRC need not say: 38.331 PDSCH-Config, PUSCH-Config, PDSCH-ServingCellConfig, BetaOffsets. */
void cell_own_init(struct cell_own *o, const struct cell *c)
{
	static const struct cell_shared shared = { .allocation = CELL_ALLOCATION_TYPE1,
		.rbg_config = 1,
		.mcs_table = PHY_MCS_64QAM,
		.dmrs = { { .additional = 2 }, { .additional = 2 } } };

	*o = (struct cell_own){ .harqs = 8,
		.layers = 1,
		.beta_csi = { 13, 13, 13, 13 },
		.beta_csi_more = { 13, 13, 13, 13 },
		.beta_ack = { { 11, 11, 11 }, { 11, 11, 11 }, { 11, 11, 11 }, { 11, 11, 11 } },
		.pdsch = { .shared = shared, .prg = { 2, 2 } },
		.pusch = { .shared = shared, .precoded_table = PHY_MCS_TP_64QAM, .alpha = PHY_ALPHA_1 } };
	o->lbrm_bits = phy_tbs_lbrm(c->downlink.widest_prbs, 1, 6);
	o->power.alpha_tenths = 10;
}

uint8_t cell_own_beta_ack(const struct cell_own *o, unsigned indicator, unsigned bits)
{
	return o->beta_ack[indicator % 4][bits <= CELL_ACKS_SMALL ? 0 : bits <= 11 ? 1 : 2];
}

uint8_t cell_own_beta_csi(const struct cell_own *o, unsigned indicator, unsigned bits)
{
	return bits <= 11 ? o->beta_csi[indicator % 4] : o->beta_csi_more[indicator % 4];
}

bool cell_own_reports_along(const struct cell_own *o, unsigned indicator, unsigned bits)
{
	const struct phy_pucch_config *p = &o->more[indicator % CELL_PUCCH_SET];
	unsigned crc = bits > 11 ? 6 : 0, coded = p->prbs * p->symbols * 8u * 2; /* QPSK on 8 of 12 REs */

	return o->acks_with_csi && indicator < o->more_n &&
	       100 * (bits + crc) <= coded * o->more_rate_percent;
}

struct phy_pucch_config cell_own_format2(
	const struct cell *c, const struct cell_own *o, const struct phy_pucch_config *at, uint16_t c_rnti)
{
	struct phy_pucch_config p = *at;

	p.rnti = c_rnti;
	p.n_id = o->has_pusch_n_id ? o->pusch_n_id : c->pci;
	p.dmrs_id = c->pci;
	return p;
}

struct phy_pucch_config cell_own_more(
	const struct cell *c, const struct cell_own *o, unsigned indicator, uint16_t c_rnti)
{
	return cell_own_format2(c, o, &o->more[indicator % CELL_PUCCH_SET], c_rnti);
}

/* What would have DCIs or PDSCHs be other than this reads them. */
static const char *cannot(const struct rrc_serving_cell_config *s)
{
	if (s->supplementary_uplink)
		return "a supplementary uplink";
	if (s->cross_carrier_scheduling_config)
		return "a carrier indicator";
	if (s->lte_crs_to_match_around || s->rate_match_pattern_to_add_mod_list)
		return "PDSCH around a pattern";
	if (s->tdd_ul_dl_configuration_dedicated)
		return "a TDD pattern of its own";
	return NULL;
}

const char *cell_own_read_part(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_downlink_dedicated *d,
	const struct rrc_bwp_uplink_dedicated *u)
{
	const struct rrc_setup_release_csi_meas_config *m = s->csi_meas_config;
	const struct rrc_pucch_config *pucch =
		u && u->pucch_config && u->pucch_config->tag == RRC_SETUP_RELEASE_PUCCH_CONFIG_TAG_SETUP
			? u->pucch_config->u.setup
			: NULL;
	const char *wrong = cannot(s);

	if (!wrong && d && d->pdcch_config &&
		d->pdcch_config->tag == RRC_SETUP_RELEASE_PDCCH_CONFIG_TAG_SETUP)
		wrong = cell_own_read_pdcch(o, c, &d->pdcch_config->u.setup);
	if (!wrong && pucch)
		wrong = cell_own_read_pucch(o, c, pucch);
	if (!wrong && u && u->srs_config && u->srs_config->tag == RRC_SETUP_RELEASE_SRS_CONFIG_TAG_SETUP)
		cell_own_read_srs(o, c, &u->srs_config->u.setup);
	if (u && u->srs_config && u->srs_config->tag == RRC_SETUP_RELEASE_SRS_CONFIG_TAG_RELEASE)
		for (size_t i = 0; i < CELL_SRS_MAX; i++)
			o->srs[i].there = false;
	if (!wrong && m && m->tag == RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP)
		wrong = cell_own_read_csi_rs(o, c, &m->u.setup);
	if (!wrong && m && m->tag == RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP)
		cell_own_read_report(o, c, &m->u.setup, pucch);
	if (!wrong && m && m->tag == RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP)
		cell_own_read_asked(o, c, &m->u.setup, pucch);
	if (m && m->tag == RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_RELEASE) {
		o->report.there = false;
		for (size_t i = 0; i < CELL_ASKED_MAX; i++)
			o->asked[i].report.there = false;
	}
	if (!wrong)
		wrong = cell_own_read_pdsch(o, c, s, d);
	if (!wrong)
		wrong = cell_own_read_pusch(o, c, s, u);
	o->there = true;
	return wrong;
}

const char *cell_own_read_physical(struct cell_own *o, const struct rrc_physical_cell_group_config *p)
{
	o->semi_static = p->pdsch_harq_ack_codebook ==
			 RRC_PHYSICAL_CELL_GROUP_CONFIG_PDSCH_HARQ_ACK_CODEBOOK_SEMI_STATIC;
	o->bundled_on_pucch = p->has_harq_ack_spatial_bundling_pucch;
	o->bundled_on_pusch = p->has_harq_ack_spatial_bundling_pusch;
	if (p->has_sp_csi_rnti)
		o->sp_csi_rnti = p->sp_csi_rnti;
	return p->has_pdsch_harq_ack_codebook_r16 ? "an enhanced HARQ-ACK codebook" : NULL;
}

void cell_own_release_uplink(struct cell_own *o)
{
	o->sr.there = o->report.there = false;
	for (size_t i = 0; i < CELL_ASKED_MAX; i++)
		o->asked[i].report.there = o->asked[i].report.there && o->asked[i].on != CELL_ASKED_ON_PUCCH;
	for (size_t i = 0; i < CELL_SRS_MAX; i++)
		o->srs[i].there = false;
}
