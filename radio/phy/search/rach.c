#include "radio/phy/search/rach.h"

#include "radio/phy/channels/dci_riv.h"
#include "radio/phy/search/band.h"
#include "wire/rrc/rrc.h"

enum { ARENA_OCTETS = 16384, FRAMES = 1024 };

const char *phy_rach_error_text(enum phy_rach_error e)
{
	static const char *const texts[] = { "ok", "no SIB1", "its SIB1 has no random access in it",
		"its SIB1 has no such uplink carrier", "its SIB1 has no such preambles" };

	return (size_t)e < ARRAY_LEN(texts) ? texts[e] : "?";
}

static const struct rrc_uplink_config_common_sib *uplink_of(
	const struct rrc_bcch_dl_sch_message *m, const struct rrc_serving_cell_config_common_sib **cell)
{
	*cell = m->message.u.c1.u.system_information_block_type1.serving_cell_config_common;
	return *cell ? (*cell)->uplink_config_common : NULL;
}

/* A paired band, or a supplementary uplink, by the first band of the downlink that is known. */
static enum phy_prach_table table_of(const struct rrc_serving_cell_config_common_sib *cell)
{
	const struct rrc_frequency_info_dl_sib *f = &cell->downlink_config_common.frequency_info_dl;

	for (size_t i = 0; i < f->frequency_band_list.count; i++) {
		unsigned band = f->frequency_band_list.items[i].freq_band_indicator_nr;

		if (!f->frequency_band_list.items[i].has_freq_band_indicator_nr || !phy_band_find(band))
			continue;
		if (phy_band_fr2(band))
			return PHY_PRACH_FR2;
		return phy_band_find(band)->duplex == PHY_DUPLEX_TDD ? PHY_PRACH_FR1_UNPAIRED
								     : PHY_PRACH_FR1_PAIRED;
	}
	return cell->tdd_ul_dl_configuration_common ? PHY_PRACH_FR1_UNPAIRED : PHY_PRACH_FR1_PAIRED;
}

static enum phy_rach_error take_carrier(struct phy_rach *r, const struct rrc_uplink_config_common_sib *u,
	unsigned *bwp_start, unsigned *bwp_prbs)
{
	const struct rrc_bwp *bwp = &u->initial_uplink_bwp.generic_parameters;

	r->mu = (uint8_t)bwp->subcarrier_spacing;
	for (size_t i = 0; i < u->frequency_info_ul.scs_specific_carrier_list.count; i++) {
		const struct rrc_scs_specific_carrier *c =
			&u->frequency_info_ul.scs_specific_carrier_list.items[i];

		if (c->subcarrier_spacing == bwp->subcarrier_spacing)
			r->grid_prbs = c->carrier_bandwidth;
	}
	if (r->mu > 3 || r->grid_prbs == 0 || r->grid_prbs > PHY_DCI_RB_MAX ||
		!phy_dci_riv_range(bwp->location_and_bandwidth, PHY_DCI_RB_MAX, bwp_start, bwp_prbs) ||
		*bwp_start + *bwp_prbs > r->grid_prbs)
		return PHY_RACH_CARRIER;
	return PHY_RACH_OK;
}

static struct phy_prach_config config_of(const struct rrc_rach_config_common *c)
{
	const struct rrc_rach_config_common_prach_root_sequence_index_r16 *longer =
		c->prach_root_sequence_index_r16;
	bool is_long =
		c->prach_root_sequence_index.tag == RRC_RACH_CONFIG_COMMON_PRACH_ROOT_SEQUENCE_INDEX_TAG_L839;
	struct phy_prach_config p = { .zone = c->rach_config_generic.zero_correlation_zone_config,
		.set = (enum phy_prach_set)c->restricted_set_config };

	p.l_ra = is_long ? 839 : 139;
	p.root_index = is_long ? c->prach_root_sequence_index.u.l839 : c->prach_root_sequence_index.u.l139;
	if (longer && longer->tag == RRC_RACH_CONFIG_COMMON_PRACH_ROOT_SEQUENCE_INDEX_R16_TAG_L571) {
		p.l_ra = 571;
		p.root_index = longer->u.l571;
	} else if (longer) {
		p.l_ra = 1151;
		p.root_index = longer->u.l1151;
	}
	p.mu = c->has_msg1_subcarrier_spacing ? (uint8_t)c->msg1_subcarrier_spacing : 0;
	return p;
}

/* Both plans: of the row, and of a last occasion that has another format. */
static bool take_preambles(struct phy_rach *r, struct phy_prach_config c)
{
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	unsigned n = 0, prbs, k_bar;

	if (!phy_prach_row_format(r->table, r->index, &c.format) ||
		phy_prach_init(&r->plan[0], &c) != PHY_PRACH_OK ||
		!phy_prach_blocks(&r->plan[0], r->mu, &prbs, &k_bar))
		return false;
	r->prach_mu = c.mu;
	r->prbs = (uint16_t)prbs;
	for (unsigned frame = 0; n == 0 && frame < FRAMES; frame++)
		for (unsigned slot = 0; n == 0 && slot < r->slots; slot++)
			n = phy_rach_occasions(r, frame, slot, o);
	if (n == 0)
		return false;
	c.format = o[n - 1].format;
	return phy_prach_init(&r->plan[1], &c) == PHY_PRACH_OK;
}

enum phy_rach_error phy_rach_of_part(
	struct phy_rach *r, const struct rrc_rach_config_common *c, unsigned bwp_start, unsigned bwp_prbs)
{
	const struct rrc_rach_config_generic *g = &c->rach_config_generic;

	r->index = g->prach_configuration_index;
	r->fdm = (uint8_t)(1u << g->msg1_fdm);
	if (g->has_prach_configuration_index_v1610 || !take_preambles(r, config_of(c)))
		return PHY_RACH_PREAMBLES;
	r->first_prb = (uint16_t)(bwp_start + g->msg1_frequency_start);
	return g->msg1_frequency_start + r->fdm * r->prbs <= bwp_prbs ? PHY_RACH_OK : PHY_RACH_CARRIER;
}

static enum phy_rach_error take(struct phy_rach *r, const struct rrc_bcch_dl_sch_message *m)
{
	const struct rrc_serving_cell_config_common_sib *cell;
	const struct rrc_uplink_config_common_sib *u = uplink_of(m, &cell);
	const struct rrc_setup_release_rach_config_common *rach =
		u ? u->initial_uplink_bwp.rach_config_common : NULL;
	unsigned bwp_start = 0, bwp_prbs = 0;
	enum phy_rach_error e;

	if (!rach || rach->tag != RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_SETUP)
		return PHY_RACH_NONE;
	e = take_carrier(r, u, &bwp_start, &bwp_prbs);
	if (e != PHY_RACH_OK)
		return e;
	r->table = table_of(cell);
	r->slots = r->table == PHY_PRACH_FR2 ? 40 : 10;
	return phy_rach_of_part(r, &rach->u.setup, bwp_start, bwp_prbs);
}

enum phy_rach_error phy_rach_init(struct phy_rach *r, struct bytes sib1)
{
	enum phy_rach_error e = PHY_RACH_NO_SIB1;
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message message;
	struct per_diag diag;
	struct arena arena;

	*r = (struct phy_rach){ 0 };
	arena_init(&arena, first, sizeof(first), 0);
	if (rrc_decode(&rrc_bcch_dl_sch_message_type, sib1, &arena, &message, &diag) &&
		message.message.tag == RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1 &&
		message.message.u.c1.tag ==
			RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION_BLOCK_TYPE1)
		e = take(r, &message);
	arena_fini(&arena);
	return e;
}

unsigned phy_rach_occasions(const struct phy_rach *r, unsigned frame, unsigned slot,
	struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX])
{
	return phy_prach_occasions(r->table, r->index, r->prach_mu, frame, slot, out);
}

unsigned phy_rach_plan(const struct phy_rach *r, const struct phy_prach_occasion *o)
{
	return o->format != r->plan[0].config.format;
}

unsigned phy_rach_rnti(
	const struct phy_rach *r, unsigned slot, const struct phy_prach_occasion *o, unsigned fdm)
{
	/* t_id counts slots of the PRACH's spacing; o->slot those within the slot of r->slots */
	unsigned per_slot = r->slots == 40 ? (1u << r->prach_mu) / 4 : 1u << r->prach_mu;

	return 1 + o->symbol + 14 * (slot * per_slot + o->slot) + 14 * 80 * fdm;
}
