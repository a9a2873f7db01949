#include "radio/cell/parts_common.h"

#include <string.h>

#include "radio/cell/cell_read.h"

static const char elsewhere[] = "a bandwidth part of another subcarrier spacing, or outside the carrier";

void cell_downlink_part_begin(struct cell *c, const struct cell *initial)
{
	c->downlink = initial->downlink;
	c->common_coreset_id = 0;
	c->random_access.there = c->paging.there = c->information.there = false;
	c->pdsch_times_n = 0;
}

void cell_uplink_part_begin(struct cell *c, const struct cell *initial)
{
	c->uplink = initial->uplink;
	c->pusch_times_n = 0;
	c->pusch_group_hopping = c->has_p0_pusch = c->has_rach = false;
	c->msg3_delta_db = 0;
	c->p0_pucch_dbm = 0;
	c->pucch_resource_common = UINT8_MAX;
	c->pucch_groups = PHY_PUCCH_NEITHER;
	c->pucch_hopping_id = c->pci;
}

static bool spaces_are_within(const struct cell *c)
{
	const struct cell_space *all[] = { &c->random_access, &c->paging, &c->information };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i]->there && all[i]->id != 0 &&
			!cell_coreset_is_within(&all[i]->coreset, &c->downlink))
			return false;
	return c->common_coreset_id == 0 || cell_coreset_is_within(&c->common_coreset, &c->downlink);
}

const char *cell_downlink_part_read(struct cell *c, const struct rrc_bwp_downlink_common *d)
{
	const struct rrc_setup_release_pdcch_config_common *p = d->pdcch_config_common;

	if (!cell_part_place_read(&c->downlink, &d->generic_parameters, c->mu))
		return elsewhere;
	if (p && p->tag == RRC_SETUP_RELEASE_PDCCH_CONFIG_COMMON_TAG_SETUP &&
		(!cell_spaces_read(c, &p->u.setup) || !spaces_are_within(c)))
		return "a common search space of a bandwidth part that cannot be";
	return cell_pdsch_common_read(c, d->pdsch_config_common) ? NULL : "a PDSCH time that cannot be";
}

static bool are_equal(const struct phy_prach_config *a, const struct phy_prach_config *b)
{
	return a->format == b->format && a->l_ra == b->l_ra && a->mu == b->mu &&
	       a->root_index == b->root_index && a->zone == b->zone && a->set == b->set;
}

/* Preambles are made as SIB1 has them: what differs is where. */
static const char *read_rach(
	struct cell *c, const struct cell *initial, const struct rrc_rach_config_common *r)
{
	const struct phy_prach *own = c->rach.plan, *sib1 = initial->rach.plan;

	if (phy_rach_of_part(&c->rach, r, c->uplink.bwp_start - c->uplink.first_crb, c->uplink.bwp_prbs) !=
			PHY_RACH_OK ||
		!cell_access_read(c, r))
		return "random access of a bandwidth part that cannot be";
	if (!are_equal(&own->config, &sib1->config))
		return "other preambles in a bandwidth part than in the initial one";
	c->has_rach = true;
	return NULL;
}

const char *cell_uplink_part_read(
	struct cell *c, const struct cell *initial, const struct rrc_bwp_uplink_common *u)
{
	const struct rrc_setup_release_rach_config_common *r = u->rach_config_common;

	if (!cell_part_place_read(&c->uplink, &u->generic_parameters, c->mu))
		return elsewhere;
	if (!cell_pusch_common_read(c, u->pusch_config_common))
		return "a PUSCH time that cannot be";
	may_fail(cell_pucch_common_read(c, u->pucch_config_common)); /* it may have none */
	if (r && r->tag == RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_SETUP)
		return read_rach(c, initial, &r->u.setup);
	c->has_rach = c->has_rach && !r;
	return NULL;
}
