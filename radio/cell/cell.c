#include "radio/cell/cell.h"

#include "radio/cell/cell_read.h"
#include "radio/cell/paging.h"
#include "radio/phy/channels/dci_riv.h"
#include "radio/phy/search/band.h"
#include "wire/rrc/number.h"

enum { ARENA_OCTETS = 16384, POINT_A_HZ = 15000 };

const char *cell_error_text(enum cell_error e)
{
	static const char *const texts[] = { "ok", "no SIB1 of a cell to camp on", "no band that is known",
		"no carrier of its spacing", "SS/PBCH blocks outside the carrier", "no such CORESET 0",
		"a search space that cannot be", "a time domain allocation that cannot be",
		"random access that cannot be", "a TDD pattern that cannot be" };

	return (size_t)e < ARRAY_LEN(texts) ? texts[e] : "?";
}

bool cell_part_place_read(struct cell_carrier *c, const struct rrc_bwp *bwp, unsigned mu)
{
	unsigned start, prbs;

	if (bwp->subcarrier_spacing != (enum rrc_subcarrier_spacing)mu || bwp->has_cyclic_prefix ||
		!phy_dci_riv_range(bwp->location_and_bandwidth, PHY_DCI_RB_MAX, &start, &prbs) ||
		start + prbs > c->prbs)
		return false;
	c->bwp_start = (uint16_t)(c->first_crb + start);
	c->bwp_prbs = (uint16_t)prbs;
	return true;
}

/* A BWP's blocks lie within the carrier; its numerology is the carrier's. */
static bool read_carrier(struct cell_carrier *c, const struct rrc_scs_specific_carrier *items, size_t n,
	const struct rrc_bwp *bwp, unsigned mu)
{
	for (size_t i = 0; i < n; i++)
		if (items[i].subcarrier_spacing == bwp->subcarrier_spacing) {
			c->first_crb = items[i].offset_to_carrier;
			c->prbs = items[i].carrier_bandwidth;
		}
	if (c->prbs == 0 || c->prbs > PHY_DCI_RB_MAX || !cell_part_place_read(c, bwp, mu))
		return false;
	c->widest_prbs = c->bwp_prbs;
	return true;
}

static uint64_t middle_hz(uint64_t point_a_hz, const struct cell_carrier *c, unsigned mu)
{
	return point_a_hz + (c->first_crb * 12u + c->prbs * 6u) * (UINT64_C(15000) << mu);
}

static bool read_band(struct cell *c, const struct rrc_frequency_info_dl_sib *f)
{
	for (size_t i = 0; i < f->frequency_band_list.count && c->band == 0; i++)
		if (f->frequency_band_list.items[i].has_freq_band_indicator_nr &&
			phy_band_find(f->frequency_band_list.items[i].freq_band_indicator_nr))
			c->band = f->frequency_band_list.items[i].freq_band_indicator_nr;
	c->paired = c->band && phy_band_find(c->band)->duplex == PHY_DUPLEX_FDD;
	return c->band != 0 && !phy_band_fr2(c->band);
}

/* Point A from the SS/PBCH block: offsetToPointA counts blocks of 15 kHz, k_SSB subcarriers of them. */
static enum cell_error read_downlink(
	struct cell *c, const struct cell_found *found, const struct rrc_downlink_config_common_sib *d)
{
	const struct rrc_frequency_info_dl_sib *f = &d->frequency_info_dl;
	uint32_t above = (f->offset_to_point_a * 12u + found->mib.k_ssb) * POINT_A_HZ;
	uint32_t scs = 15000u << c->mu, low = (above / scs);
	unsigned ssb_sc = phy_ssb_width(found->ssb_punctured);
	uint64_t point_a_hz, below = ssb_sc / 2 * (uint64_t)scs + above;

	if (!read_carrier(&c->downlink, f->scs_specific_carrier_list.items,
		    f->scs_specific_carrier_list.count, &d->initial_downlink_bwp.generic_parameters, c->mu))
		return CELL_CARRIER;
	if (found->ssb_hz < below || above % scs != 0 || low < c->downlink.first_crb * 12u ||
		low + ssb_sc > (c->downlink.first_crb + c->downlink.prbs) * 12u)
		return CELL_SSB;
	point_a_hz = found->ssb_hz - below;
	c->downlink.hz = middle_hz(point_a_hz, &c->downlink, c->mu);
	c->ssb_first_sc = (uint16_t)(low - c->downlink.first_crb * 12u);
	c->uplink.hz = point_a_hz; /* until the uplink is read */
	return CELL_OK;
}

static enum cell_error read_coreset0(
	struct cell *c, const struct cell_found *found, const struct rrc_frequency_info_dl_sib *f)
{
	struct phy_coreset0_cell z = { (uint16_t)(15u << c->mu), (uint16_t)(15u << c->mu),
		phy_band_class_of(c->band, found->ssb_punctured), found->mib.k_ssb };
	const struct phy_coreset *z0 = &c->type0.coreset;

	if (!phy_type0_pdcch_init(&c->type0, &z,
		    (uint8_t)(found->mib.coreset_zero << 4 | found->mib.search_space_zero), c->pci,
		    f->offset_to_point_a >> c->mu, c->ssb_index, c->half_frame) ||
		z0->first_crb < c->downlink.first_crb ||
		z0->first_crb + phy_coreset_present(z0) > (unsigned)c->downlink.first_crb + c->downlink.prbs)
		return CELL_CORESET0;
	return CELL_OK;
}

static const struct rrc_search_space *space_of(const struct rrc_pdcch_config_common *p, unsigned id)
{
	for (size_t i = 0; p->common_search_space_list && i < p->common_search_space_list->count; i++)
		if (p->common_search_space_list->items[i].search_space_id == id)
			return &p->common_search_space_list->items[i];
	return NULL;
}

bool cell_coreset_is_within(const struct phy_coreset *s, const struct cell_carrier *at)
{
	return s->first_crb >= at->bwp_start &&
	       phy_coreset_crb(s, phy_coreset_present(s) - 1) < (unsigned)at->bwp_start + at->bwp_prbs;
}

static bool read_space(
	const struct cell *c, struct cell_space *out, const struct rrc_pdcch_config_common *p, unsigned id)
{
	const struct rrc_search_space *s = space_of(p, id);

	if (!s || !cell_space_read(out, s))
		return false;
	if (out->coreset_id == 0)
		out->coreset = c->type0.coreset;
	else if (out->coreset_id == c->common_coreset_id)
		out->coreset = c->common_coreset;
	else
		return false;
	return phy_search_space_valid(&out->space, out->coreset.n_symb);
}

/* Search space 0 for random access is not served here: its occasions are those of SIB1 only. */
bool cell_spaces_read(struct cell *c, const struct rrc_pdcch_config_common *p)
{
	const struct rrc_control_resource_set *own = p->common_control_resource_set;

	c->common_coreset_id = 0;
	if (own && cell_coreset_read(&c->common_coreset, own, c->downlink.bwp_start, c->pci))
		c->common_coreset_id = own->control_resource_set_id;
	c->random_access.there = c->paging.there = false;
	if (p->has_ra_search_space && !read_space(c, &c->random_access, p, p->ra_search_space))
		return false;
	if (p->has_paging_search_space && p->paging_search_space != 0 &&
		!read_space(c, &c->paging, p, p->paging_search_space))
		return false;
	/* What is wrong with that keeps nobody from camping. */
	c->information.there = p->has_search_space_other_system_information;
	if (c->information.there && p->search_space_other_system_information != 0)
		c->information.there =
			read_space(c, &c->information, p, p->search_space_other_system_information);
	return true;
}

static enum cell_error read_spaces(struct cell *c, const struct rrc_bwp_downlink_common *bwp)
{
	return bwp->pdcch_config_common &&
			       bwp->pdcch_config_common->tag ==
				       RRC_SETUP_RELEASE_PDCCH_CONFIG_COMMON_TAG_SETUP &&
			       cell_spaces_read(c, &bwp->pdcch_config_common->u.setup) &&
			       c->random_access.there
		       ? CELL_OK
		       : CELL_SPACE;
}

bool cell_pdsch_times_read(struct phy_time_domain out[CELL_TIMES_MAX], uint8_t *n,
	const struct rrc_pdsch_time_domain_resource_allocation_list *in, unsigned type_a_position)
{
	*n = 0;
	for (size_t i = 0; in && i < in->count && i < CELL_TIMES_MAX; i++, ++*n) {
		out[i] = (struct phy_time_domain){ .type_b = in->items[i].mapping_type != 0,
			.k0 = in->items[i].has_k0 ? in->items[i].k0 : 0 };
		if (!phy_sliv_split(in->items[i].start_symbol_and_length, &out[i].s, &out[i].l) ||
			!phy_time_legal(&out[i], false, type_a_position))
			return false;
	}
	return true;
}

/* K2 left out is 1 at 15 and 30 kHz, 2 at 60, 3 at 120 kHz (38.331 PUSCH-TimeDomainResourceAllocation). */
bool cell_pusch_times_read(struct phy_time_domain out[CELL_TIMES_MAX], uint8_t *n,
	const struct rrc_pusch_time_domain_resource_allocation_list *in, unsigned mu)
{
	*n = 0;
	for (size_t i = 0; in && i < in->count && i < CELL_TIMES_MAX; i++, ++*n) {
		out[i] = (struct phy_time_domain){ .type_b = in->items[i].mapping_type != 0,
			.k0 = in->items[i].has_k2 ? in->items[i].k2 : (uint8_t)(mu < 2 ? 1 : mu) };
		if (!phy_sliv_split(in->items[i].start_symbol_and_length, &out[i].s, &out[i].l) ||
			!phy_pusch_time_legal(&out[i], false))
			return false;
	}
	return true;
}

bool cell_pdsch_common_read(struct cell *c, const struct rrc_setup_release_pdsch_config_common *pdsch)
{
	return !pdsch || pdsch->tag != RRC_SETUP_RELEASE_PDSCH_CONFIG_COMMON_TAG_SETUP ||
	       cell_pdsch_times_read(c->pdsch_times, &c->pdsch_times_n,
		       pdsch->u.setup.pdsch_time_domain_allocation_list, c->type_a_position);
}

bool cell_pusch_common_read(struct cell *c, const struct rrc_setup_release_pusch_config_common *p)
{
	if (!p || p->tag != RRC_SETUP_RELEASE_PUSCH_CONFIG_COMMON_TAG_SETUP)
		return true;
	c->pusch_group_hopping = p->u.setup.has_group_hopping_enabled_transform_precoding;
	c->has_p0_pusch = p->u.setup.has_p0_nominal_with_grant;
	c->p0_pusch_dbm = p->u.setup.p0_nominal_with_grant;
	c->msg3_delta_db =
		p->u.setup.has_msg3_delta_preamble ? (int8_t)(2 * p->u.setup.msg3_delta_preamble) : 0;
	return cell_pusch_times_read(
		c->pusch_times, &c->pusch_times_n, p->u.setup.pusch_time_domain_allocation_list, c->mu);
}

/* One SS/PBCH block an occasion or more of them: with fewer each occasion is of one block, which this UE does
 * not choose between. */
bool cell_access_read(struct cell *c, const struct rrc_rach_config_common *r)
{
	const struct rrc_rach_config_common_ssb_per_rach_occasion_and_cb_preambles_per_ssb *per =
		r->ssb_per_rach_occasion_and_cb_preambles_per_ssb;
	const struct rrc_rach_config_generic *g = &r->rach_config_generic;
	bool ok = true;

	c->access.received_target_power_dbm = g->preamble_received_target_power;
	c->access.ramping_step_db = (uint8_t)(2 * g->power_ramping_step); /* dB0, dB2, dB4, dB6 */
	c->access.trans_max = (uint8_t)rrc_number_at(
		&rrc_rach_config_generic_type, "preambleTransMax", g->preamble_trans_max, &ok);
	c->access.response_window_slots = (uint16_t)rrc_number_at(
		&rrc_rach_config_generic_type, "ra-ResponseWindow", g->ra_response_window, &ok);
	c->access.contention_ms = (uint8_t)rrc_number_at(&rrc_rach_config_common_type,
		"ra-ContentionResolutionTimer", r->ra_contention_resolution_timer, &ok);
	c->access.msg3_transform_precoding = r->has_msg3_transform_precoder;
	c->access.preambles = r->has_total_number_of_ra_preambles ? r->total_number_of_ra_preambles : 64;
	if (per && per->tag == RRC_RACH_CONFIG_COMMON_SSB_PER_RACH_OCCASION_AND_CB_PREAMBLES_PER_SSB_TAG_ONE)
		c->access.preambles = (uint8_t)(4 * (per->u.one + 1)); /* n4, n8 ... n64 */
	else if (per)
		return false;
	return ok;
}

bool cell_pucch_common_read(struct cell *c, const struct rrc_setup_release_pucch_config_common *p)
{
	if (!p || p->tag != RRC_SETUP_RELEASE_PUCCH_CONFIG_COMMON_TAG_SETUP)
		return false;
	c->pucch_resource_common =
		p->u.setup.has_pucch_resource_common ? p->u.setup.pucch_resource_common : UINT8_MAX;
	c->p0_pucch_dbm = p->u.setup.has_p0_nominal ? p->u.setup.p0_nominal : 0;
	c->pucch_groups = (enum phy_pucch_groups)p->u.setup.pucch_group_hopping;
	c->pucch_hopping_id = p->u.setup.has_hopping_id ? p->u.setup.hopping_id : c->pci;
	return c->pucch_resource_common != UINT8_MAX;
}

static enum cell_error read_uplink(
	struct cell *c, const struct rrc_serving_cell_config_common_sib *s, struct bytes sib1)
{
	const struct rrc_uplink_config_common_sib *u = s->uplink_config_common;
	const struct rrc_bwp_uplink_common *bwp = u ? &u->initial_uplink_bwp : NULL;
	uint64_t point_a_hz = c->uplink.hz;
	bool ok = true;

	if (!u || !bwp->rach_config_common ||
		bwp->rach_config_common->tag != RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_SETUP ||
		phy_rach_init(&c->rach, sib1) != PHY_RACH_OK ||
		!cell_access_read(c, &bwp->rach_config_common->u.setup) ||
		!cell_pucch_common_read(c, bwp->pucch_config_common))
		return CELL_RACH;
	c->has_rach = true;
	c->ssb_power_dbm = s->ss_pbch_block_power;
	if (!read_carrier(&c->uplink, u->frequency_info_ul.scs_specific_carrier_list.items,
		    u->frequency_info_ul.scs_specific_carrier_list.count, &bwp->generic_parameters, c->mu))
		return CELL_CARRIER;
	if (u->frequency_info_ul.has_absolute_frequency_point_a)
		point_a_hz = phy_arfcn_hz(u->frequency_info_ul.absolute_frequency_point_a);
	c->uplink.hz = middle_hz(point_a_hz, &c->uplink, c->mu);
	c->alignment_ms = rrc_number_at(&rrc_uplink_config_common_sib_type, "timeAlignmentTimerCommon",
		u->time_alignment_timer_common, &ok);
	if (!ok)
		return CELL_RACH;
	c->initial_ul_start = c->uplink.bwp_start;
	return cell_pusch_common_read(c, bwp->pusch_config_common) &&
			       cell_pdsch_common_read(
				       c, s->downlink_config_common.initial_downlink_bwp.pdsch_config_common)
		       ? CELL_OK
		       : CELL_TIMES;
}

static bool read_pattern(struct phy_tdd_pattern *out, const struct rrc_tdd_ul_dl_pattern *in)
{
	static const uint16_t periods_us[] = { 500, 625, 1000, 1250, 2000, 2500, 5000, 10000 };
	static const uint16_t more_us[] = { 3000, 4000 };

	if ((size_t)in->dl_ul_transmission_periodicity >= ARRAY_LEN(periods_us))
		return false;
	*out = (struct phy_tdd_pattern){ periods_us[in->dl_ul_transmission_periodicity],
		in->nrof_downlink_slots, in->nrof_uplink_slots, in->nrof_downlink_symbols,
		in->nrof_uplink_symbols };
	if (in->has_dl_ul_transmission_periodicity_v1530)
		out->period_us = more_us[in->dl_ul_transmission_periodicity_v1530 != 0];
	return true;
}

static bool read_tdd(struct cell *c, const struct rrc_tdd_ul_dl_config_common *t)
{
	if (c->paired || !t)
		return c->paired && !t;
	c->tdd = (struct phy_tdd){ .mu = (uint8_t)t->reference_subcarrier_spacing, .patterns = 1 };
	if (!read_pattern(&c->tdd.pattern[0], &t->pattern1))
		return false;
	if (t->pattern2 && !read_pattern(&c->tdd.pattern[c->tdd.patterns++], t->pattern2))
		return false;
	return phy_tdd_legal(&c->tdd) && c->tdd.mu <= c->mu;
}

/* inOneGroup: its first bit is index 0. */
static void read_ssb(struct cell *c, const struct rrc_serving_cell_config_common_sib *s)
{
	for (unsigned i = 0; i < c->l_max; i++)
		if (s->ssb_positions_in_burst.in_one_group >> (7 - i % 8) & 1)
			c->ssb_sent |= UINT64_C(1) << i;
	c->ssb_period_ms = (uint8_t)(5u << s->ssb_periodicity_serving_cell); /* ms5 to ms160 */
}

static enum cell_error read_message(struct cell *c, const struct cell_found *found,
	const struct rrc_bcch_dl_sch_message *m, struct bytes sib1)
{
	const struct rrc_serving_cell_config_common_sib *s;
	enum cell_error e;

	if (m->message.tag != RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1 ||
		m->message.u.c1.tag != RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION_BLOCK_TYPE1)
		return CELL_NO_SIB1;
	s = m->message.u.c1.u.system_information_block_type1.serving_cell_config_common;
	if (!s || s->ssb_periodicity_serving_cell > 5)
		return CELL_NO_SIB1;
	if (!read_band(c, &s->downlink_config_common.frequency_info_dl) ||
		!phy_band_ssb_case(c->band, 15u << c->mu, &c->pattern))
		return CELL_BAND;
	read_ssb(c, s);
	if (!cell_pcch_read(&c->pcch, &s->downlink_config_common.pcch_config, c->ssb_sent))
		return CELL_SPACE;
	e = read_downlink(c, found, &s->downlink_config_common);
	if (e == CELL_OK)
		e = read_coreset0(c, found, &s->downlink_config_common.frequency_info_dl);
	if (e == CELL_OK)
		e = read_spaces(c, &s->downlink_config_common.initial_downlink_bwp);
	if (e == CELL_OK)
		e = read_uplink(c, s, sib1);
	cell_si_read(&c->si, m->message.u.c1.u.system_information_block_type1.si_scheduling_info);
	if (e == CELL_OK && !read_tdd(c, s->tdd_ul_dl_configuration_common))
		e = CELL_TDD;
	c->bandwidth = (struct phy_dci_bandwidth){ .initial_dl = c->type0.table.n_rb,
		.initial_ul = c->uplink.bwp_prbs,
		.active_dl = c->downlink.bwp_prbs,
		.active_ul = c->uplink.bwp_prbs };
	return e;
}

enum cell_error cell_read(struct cell *c, const struct cell_found *found, struct bytes sib1)
{
	enum cell_error e = CELL_NO_SIB1;
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message message;
	struct per_diag diag;
	struct arena arena;

	*c = (struct cell){ .pci = found->pci,
		.mu = found->mu,
		.l_max = found->l_max,
		.ssb_index = found->ssb_index,
		.ssb_punctured = found->ssb_punctured,
		.half_frame = found->mib.half_frame,
		.type_a_position = found->mib.dmrs_type_a_position };
	/* Other spacings of SIB1 and other L_max are another frequency range's, or for later. */
	if (c->mu > 1 || (found->mib.scs_common_high ? 1 : 0) != c->mu || c->l_max > 8)
		return CELL_SSB;
	arena_init(&arena, first, sizeof(first), 0);
	if (rrc_decode(&rrc_bcch_dl_sch_message_type, sib1, &arena, &message, &diag))
		e = read_message(c, found, &message, sib1);
	arena_fini(&arena);
	return e;
}
