#include "radio/phy/channels/pdsch_fallback.h"

#include "radio/phy/channels/dci_riv.h"

/* 38.214 Table 5.1.2.1.1-1 */
static bool find_time(struct phy_time_domain *t, const struct phy_pdsch_dci_1_0 *d)
{
	bool listed = d->times && d->kind != PHY_PDSCH_SI_TYPE0;
	bool by_pattern = d->kind <= PHY_PDSCH_PAGING;
	enum phy_time_table table = PHY_TIME_DEFAULT_A;

	if (listed) {
		if (d->time >= d->times_n)
			return false;
		*t = d->times[d->time];
		return true;
	}
	if (d->pattern < 1 || d->pattern > 3)
		return false;
	if (by_pattern && d->pattern > 1)
		table = d->pattern == 2 ? PHY_TIME_DEFAULT_B : PHY_TIME_DEFAULT_C;
	return phy_time_default(t, table, d->extended, d->time, d->type_a_position);
}

static bool find_prbs(struct phy_prbs *p, const struct phy_pdsch_dci_1_0 *d)
{
	unsigned scale = d->riv_scale > 0 ? d->riv_scale : 1;
	struct phy_vrb v = { d->bwp_start, d->bwp_prbs, d->kind == PHY_PDSCH_OWN ? d->bwp_prbs : d->riv_prbs,
		d->coreset_start, d->interleaved ? PHY_VRB_INTERLEAVED_2 : PHY_VRB_DIRECT,
		d->kind == PHY_PDSCH_SI_TYPE0 };
	unsigned start, length;

	/* Another part than the initial one may end before the value's bandwidth does. */
	if (!d->interleaved && d->coreset_start < d->bwp_prbs && v.size > d->bwp_prbs - d->coreset_start)
		v.size = (uint16_t)(d->bwp_prbs - d->coreset_start);
	return phy_dci_riv_range(d->riv, d->riv_prbs, &start, &length) &&
	       phy_prbs_type1(p, &v, scale * start, scale * length);
}

/*
 * 5.1.6.2: one symbol of type 1 on port 1000; no data beside it unless the PDSCH has two symbols; additional
 * ones at pos2 with mapping type A, and one more with type B from seven symbols on (six of the extended
 * prefix).
 */
static struct phy_dmrs dmrs_of(const struct phy_pdsch_dci_1_0 *d, const struct phy_time_domain *t)
{
	struct phy_dmrs dmrs = { .additional = 2,
		.type_a_position = d->type_a_position,
		.groups_without_data = 2,
		.n_id = { d->dmrs_n_id, d->dmrs_n_id },
		.reference_crb =
			d->kind == PHY_PDSCH_SI_TYPE0 ? (uint16_t)(d->bwp_start + d->coreset_start) : 0 };

	if (t->type_b) {
		dmrs.additional = t->l >= (d->extended ? 6 : 7) ? 1 : 0;
		dmrs.groups_without_data = t->l == 2 ? 1 : 2;
	}
	return dmrs;
}

enum phy_pdsch_error phy_pdsch_from_dci_1_0(struct phy_pdsch_config *c, const struct phy_pdsch_dci_1_0 *d)
{
	bool scaled = d->kind == PHY_PDSCH_PAGING || d->kind == PHY_PDSCH_RANDOM_ACCESS;

	*c = (struct phy_pdsch_config){ .mu = d->mu,
		.extended = d->extended,
		.bwp_start = d->bwp_start,
		.bwp_prbs = d->bwp_prbs,
		.rnti = d->rnti,
		.n_id = d->n_id,
		.mcs_table = d->kind == PHY_PDSCH_OWN ? d->mcs_table : PHY_MCS_64QAM,
		.layers = 1,
		.codeword = { { .mcs = d->mcs, .rv = d->rv } },
		.overhead = d->kind >= PHY_PDSCH_COMMON ? d->overhead : 0,
		.scaling = scaled ? (enum phy_tb_scaling)d->tb_scaling : PHY_TB_SCALING_1,
		.lbrm_bits = d->lbrm_bits };
	if (!find_time(&c->time, d))
		return PHY_PDSCH_TIME;
	if (!find_prbs(&c->prbs, d))
		return PHY_PDSCH_PRBS;
	c->dmrs = dmrs_of(d, &c->time);
	return PHY_PDSCH_OK;
}
