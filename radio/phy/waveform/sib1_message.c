#include "radio/phy/waveform/sib1_message.h"

#include "radio/phy/channels/dci_riv.h"
#include "radio/phy/search/band.h"
#include "wire/rrc/rrc.h"

/* The parts of the message, which point to one another. */
struct parts {
	struct rrc_bcch_dl_sch_message message;
	struct rrc_sib1_cell_selection_info selection;
	struct rrc_plmn_identity_info access;
	struct rrc_plmn_identity plmn;
	struct rrc_mcc mcc;
	uint8_t mcc_digits[3], mnc_digits[3];
	struct rrc_serving_cell_config_common_sib cell;
	struct rrc_nr_multi_band_info band;
	struct rrc_multi_frequency_band_list_nr_sib ul_bands;
	struct rrc_scs_specific_carrier dl_carrier, ul_carrier;
	struct rrc_setup_release_pdcch_config_common pdcch;
	struct rrc_search_space search_space;
	struct rrc_pdcch_config_common_common_search_space_list search_spaces;
	struct rrc_search_space_monitoring_slot_periodicity_and_offset every_slot;
	struct rrc_search_space_nrof_candidates candidates;
	struct rrc_search_space_search_space_type type;
	struct rrc_setup_release_pdsch_config_common pdsch;
	struct rrc_pdsch_time_domain_resource_allocation_list pdsch_times;
	struct rrc_pdsch_time_domain_resource_allocation pdsch_time[PHY_SIB1_TIMES_MAX];
	struct rrc_pcch_config_first_pdcch_monitoring_occasion_of_po paging;
	uint8_t paging_occasion_15;
	uint16_t paging_occasion_30;
	struct rrc_uplink_config_common_sib uplink;
	struct rrc_setup_release_rach_config_common rach;
	struct rrc_rach_config_common_ssb_per_rach_occasion_and_cb_preambles_per_ssb per_occasion;
	struct rrc_setup_release_pusch_config_common pusch;
	struct rrc_pusch_time_domain_resource_allocation_list pusch_times;
	struct rrc_pusch_time_domain_resource_allocation pusch_time[PHY_SIB1_TIMES_MAX];
	struct rrc_setup_release_pucch_config_common pucch;
	struct rrc_tdd_ul_dl_config_common tdd;
	struct rrc_ue_timers_and_constants timers;
	struct rrc_si_scheduling_info si;
	struct rrc_scheduling_info si_message[PHY_SIB1_SI_MAX];
	struct rrc_sib_type_info si_type[PHY_SIB1_SI_MAX];
};

bool phy_sib1_positions(uint64_t sent, unsigned l_max, uint8_t *in_one_group, uint8_t *groups)
{
	*in_one_group = *groups = 0;
	for (unsigned g = 0; g < (l_max + 7) / 8; g++) {
		uint8_t group = 0;

		for (unsigned i = 0; i < 8; i++)
			group |= (uint8_t)((sent >> (8 * g + i) & 1) << (7 - i));
		if (group == 0)
			continue;
		if (*in_one_group != 0 && *in_one_group != group)
			return false;
		*in_one_group = group;
		*groups |= (uint8_t)(0x80 >> g);
	}
	return *in_one_group != 0;
}

bool phy_sib1_uplink(const struct phy_sib1_message *m, uint64_t *hz, unsigned *prbs)
{
	const struct phy_band_raster *b = phy_band_find(m->band);
	unsigned mhz = m->bandwidth_mhz;
	uint64_t half, low, high;

	if (!b || b->ul_high_khz == 0 || b->dl_high_khz == 0)
		return false;
	*prbs = m->cell->prbs;
	*hz = m->dl_hz;
	if (b->duplex != PHY_DUPLEX_FDD)
		return true;
	while (mhz > 0 && (mhz * 1000u > b->ul_high_khz - b->ul_low_khz ||
				  phy_max_rb_of(phy_band_fr2(m->band), mhz, m->cell->mu) == 0))
		mhz--;
	if (mhz == 0)
		return false;
	if (mhz < m->bandwidth_mhz)
		*prbs = phy_max_rb_of(phy_band_fr2(m->band), mhz, m->cell->mu);
	half = mhz * UINT64_C(500000);
	low = b->ul_low_khz * UINT64_C(1000) + half;
	high = b->ul_high_khz * UINT64_C(1000) - half;
	*hz = m->dl_hz + b->ul_low_khz * UINT64_C(1000) - b->dl_low_khz * UINT64_C(1000);
	*hz = *hz < low ? low : *hz > high ? high : *hz;
	return true;
}

static uint16_t location(unsigned prbs)
{
	uint32_t riv = 0;

	(void)phy_dci_riv(&riv, 0, prbs, PHY_PRB_MAX); /* 38.331 BWP: with N_BWP of 275 */
	return (uint16_t)riv;
}

static void put_access(struct parts *p, const struct phy_sib1_message *m)
{
	struct rrc_sib1 *sib1 = &p->message.message.u.c1.u.system_information_block_type1;

	p->message.message.tag = RRC_BCCH_DL_SCH_MESSAGE_TYPE_TAG_C1;
	p->message.message.u.c1.tag = RRC_BCCH_DL_SCH_MESSAGE_TYPE_C1_TAG_SYSTEM_INFORMATION_BLOCK_TYPE1;
	for (unsigned i = 0; i < 3; i++) {
		p->mcc_digits[i] = m->mcc[i];
		p->mnc_digits[i] = m->mnc[i];
	}
	p->mcc = (struct rrc_mcc){ 3, p->mcc_digits };
	p->plmn = (struct rrc_plmn_identity){ &p->mcc, { m->mnc_digits, p->mnc_digits } };
	p->access = (struct rrc_plmn_identity_info){ .plmn_identity_list = { 1, &p->plmn },
		.has_tracking_area_code = true,
		.tracking_area_code = m->tac,
		.cell_identity = m->cell_identity,
		.cell_reserved_for_operator_use =
			RRC_PLMN_IDENTITY_INFO_CELL_RESERVED_FOR_OPERATOR_USE_NOT_RESERVED };
	p->selection.q_rx_lev_min = -70; /* times 2 dBm */
	p->timers = (struct rrc_ue_timers_and_constants){ RRC_UE_TIMERS_AND_CONSTANTS_T300_MS1000,
		RRC_UE_TIMERS_AND_CONSTANTS_T301_MS1000, RRC_UE_TIMERS_AND_CONSTANTS_T310_MS1000,
		RRC_UE_TIMERS_AND_CONSTANTS_N310_N1, RRC_UE_TIMERS_AND_CONSTANTS_T311_MS1000,
		RRC_UE_TIMERS_AND_CONSTANTS_N311_N1, RRC_UE_TIMERS_AND_CONSTANTS_T319_MS1000 };
	sib1->cell_selection_info = &p->selection;
	sib1->cell_access_related_info.plmn_identity_info_list =
		(struct rrc_plmn_identity_info_list){ 1, &p->access };
	sib1->serving_cell_config_common = &p->cell;
	sib1->ue_timers_and_constants = &p->timers;
}

/* A common search space for random access and paging in each slot: CORESET 0 again, at symbol 0. */
static void put_pdcch(struct parts *p)
{
	struct rrc_pdcch_config_common *c = &p->pdcch.u.setup;

	p->pdcch.tag = RRC_SETUP_RELEASE_PDCCH_CONFIG_COMMON_TAG_SETUP;
	p->every_slot.tag = RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL1;
	p->candidates.aggregation_level4 = RRC_SEARCH_SPACE_NROF_CANDIDATES_AGGREGATION_LEVEL4_N1;
	p->candidates.aggregation_level8 = RRC_SEARCH_SPACE_NROF_CANDIDATES_AGGREGATION_LEVEL8_N1;
	p->type.tag = RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_COMMON;
	p->type.u.common.has_dci_format0_0_and_format1_0 = true;
	p->search_space = (struct rrc_search_space){ .search_space_id = 1,
		.has_control_resource_set_id = true,
		.monitoring_slot_periodicity_and_offset = &p->every_slot,
		.has_monitoring_symbols_within_slot = true,
		.monitoring_symbols_within_slot = 1 << 13, /* the first bit is symbol 0 */
		.nrof_candidates = &p->candidates,
		.search_space_type = &p->type };
	p->search_spaces = (struct rrc_pdcch_config_common_common_search_space_list){ 1, &p->search_space };
	c->common_search_space_list = &p->search_spaces;
	c->has_search_space_sib1 = true; /* searchSpaceZero */
	c->has_paging_search_space = true;
	c->paging_search_space = 1;
	c->has_ra_search_space = true;
	c->ra_search_space = 1;
}

static void put_si(struct parts *p, const struct phy_sib1_message *m)
{
	for (uint8_t i = 0; i < m->si_n; i++) {
		p->si_type[i].type = (enum rrc_sib_type_info_type_)(m->si_sib[i] - 2);
		p->si_message[i] = (struct rrc_scheduling_info){
			.si_broadcast_status = RRC_SCHEDULING_INFO_SI_BROADCAST_STATUS_BROADCASTING,
			.si_periodicity = RRC_SCHEDULING_INFO_SI_PERIODICITY_RF16,
			.sib_mapping_info = { 1, &p->si_type[i] }
		};
	}
	p->si.scheduling_info_list.count = m->si_n;
	p->si.scheduling_info_list.items = p->si_message;
	p->si.si_window_length = RRC_SI_SCHEDULING_INFO_SI_WINDOW_LENGTH_S20;
	p->message.message.u.c1.u.system_information_block_type1.si_scheduling_info = &p->si;
	p->pdcch.u.setup.has_search_space_other_system_information = true;
	p->pdcch.u.setup.search_space_other_system_information = 1;
}

/* Where the paging occasion begins (38.304 7.1): occasions of the search space are slots. The second
 * alternative is that of 30 kHz. */
static void put_paging(struct parts *p, const struct phy_sib1_message *m, struct rrc_pcch_config *c)
{
	if (m->paging_slot == 0 || m->cell->mu > 1)
		return;
	p->paging_occasion_15 = m->paging_slot;
	p->paging_occasion_30 = m->paging_slot;
	p->paging.tag = RRC_PCCH_CONFIG_FIRST_PDCCH_MONITORING_OCCASION_OF_PO_TAG_SCS15_KH_ZONE_T;
	p->paging.tag += m->cell->mu;
	if (m->cell->mu == 0) {
		p->paging.u.scs15_kh_zone_t.count = 1;
		p->paging.u.scs15_kh_zone_t.items = &p->paging_occasion_15;
	} else {
		p->paging.u.scs30_kh_zone_t_scs15_kh_zhalf_t.count = 1;
		p->paging.u.scs30_kh_zone_t_scs15_kh_zhalf_t.items = &p->paging_occasion_30;
	}
	c->first_pdcch_monitoring_occasion_of_po = &p->paging;
}

static void put_pdsch(struct parts *p, const struct phy_sib1_message *m)
{
	p->pdsch.tag = RRC_SETUP_RELEASE_PDSCH_CONFIG_COMMON_TAG_SETUP;
	for (uint8_t i = 0; i < m->pdsch_times_n; i++)
		p->pdsch_time[i] = (struct rrc_pdsch_time_domain_resource_allocation){
			.has_k0 = m->pdsch_times[i].k0 > 0,
			.k0 = m->pdsch_times[i].k0,
			.mapping_type =
				m->pdsch_times[i].type_b
					? RRC_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_B
					: RRC_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_A,
			.start_symbol_and_length = (uint8_t)phy_sliv(m->pdsch_times[i].s, m->pdsch_times[i].l)
		};
	p->pdsch_times =
		(struct rrc_pdsch_time_domain_resource_allocation_list){ m->pdsch_times_n, p->pdsch_time };
	if (m->pdsch_times_n > 0)
		p->pdsch.u.setup.pdsch_time_domain_allocation_list = &p->pdsch_times;
}

static void put_downlink(struct parts *p, const struct phy_sib1_message *m)
{
	struct rrc_downlink_config_common_sib *d = &p->cell.downlink_config_common;

	p->band = (struct rrc_nr_multi_band_info){ .has_freq_band_indicator_nr = true,
		.freq_band_indicator_nr = (uint16_t)m->band };
	p->dl_carrier = (struct rrc_scs_specific_carrier){ .offset_to_carrier = m->cell->first_crb,
		.subcarrier_spacing = (enum rrc_subcarrier_spacing)m->cell->mu,
		.carrier_bandwidth = m->cell->prbs };
	d->frequency_info_dl.frequency_band_list.count = 1;
	d->frequency_info_dl.frequency_band_list.items = &p->band;
	d->frequency_info_dl.offset_to_point_a = m->place->offset_to_point_a;
	d->frequency_info_dl.scs_specific_carrier_list.count = 1;
	d->frequency_info_dl.scs_specific_carrier_list.items = &p->dl_carrier;
	put_pdcch(p);
	put_pdsch(p, m);
	d->initial_downlink_bwp.generic_parameters.location_and_bandwidth = location(m->cell->prbs);
	d->initial_downlink_bwp.generic_parameters.subcarrier_spacing =
		(enum rrc_subcarrier_spacing)m->cell->mu;
	d->initial_downlink_bwp.pdcch_config_common = &p->pdcch;
	d->initial_downlink_bwp.pdsch_config_common = &p->pdsch;
	d->bcch_config.modification_period_coeff = RRC_BCCH_CONFIG_MODIFICATION_PERIOD_COEFF_N4;
	d->pcch_config.default_paging_cycle = RRC_PAGING_CYCLE_RF128;
	d->pcch_config.n_and_paging_frame_offset.tag = RRC_PCCH_CONFIG_N_AND_PAGING_FRAME_OFFSET_TAG_ONE_T;
	d->pcch_config.ns = RRC_PCCH_CONFIG_NS_ONE;
	put_paging(p, m, &d->pcch_config);
}

/* A small cell's: an SS/PBCH block of -17 dBm an RE (20 MHz have 14 dBm), and of uplink -87 dBm an RE at the
 * gNB, that is -76 dBm a block of 15 kHz (38.213 7.1.1, 7.2.1); a preamble, whose energy is collected, less,
 * and Msg3 6 dB more than it. */
enum { SSB_DBM = -17, P0_DBM = -76, PREAMBLE_DBM = -80, MSG3_MORE_2DB = 3 };

/* PRACH: format 0 every frame in a paired band (38.211 Table 6.3.3.2-2), B4 in the frame's last slots in
 * others (6.3.3.2-3: subframe 9; 6.3.3.2-4: odd slots of 60 kHz). */
static void put_rach(struct parts *p, const struct phy_sib1_message *m, bool paired)
{
	struct rrc_rach_config_common *r = &p->rach.u.setup;
	bool fr2 = phy_band_fr2(m->band);

	p->rach.tag = RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_SETUP;
	r->rach_config_generic = (struct rrc_rach_config_generic){
		.prach_configuration_index = paired ? 16
					     : fr2  ? 142
						    : 159,
		.msg1_fdm = RRC_RACH_CONFIG_GENERIC_MSG1_FDM_ONE,
		.msg1_frequency_start = m->msg1_start,
		.zero_correlation_zone_config = m->prach_zone,
		.preamble_received_target_power = PREAMBLE_DBM,
		.preamble_trans_max = RRC_RACH_CONFIG_GENERIC_PREAMBLE_TRANS_MAX_N10,
		.power_ramping_step = RRC_RACH_CONFIG_GENERIC_POWER_RAMPING_STEP_DB4,
		.ra_response_window = m->cell->mu == 0 ? RRC_RACH_CONFIG_GENERIC_RA_RESPONSE_WINDOW_SL10
						       : RRC_RACH_CONFIG_GENERIC_RA_RESPONSE_WINDOW_SL20,
	};
	p->per_occasion.tag = RRC_RACH_CONFIG_COMMON_SSB_PER_RACH_OCCASION_AND_CB_PREAMBLES_PER_SSB_TAG_ONE;
	p->per_occasion.u.one = RRC_RACH_CONFIG_COMMON_SSB_PER_RACH_OCCASION_AND_CB_PREAMBLES_PER_SSB_ONE_N64;
	r->ssb_per_rach_occasion_and_cb_preambles_per_ssb = &p->per_occasion;
	r->ra_contention_resolution_timer = RRC_RACH_CONFIG_COMMON_RA_CONTENTION_RESOLUTION_TIMER_SF64;
	r->prach_root_sequence_index.tag = paired ? RRC_RACH_CONFIG_COMMON_PRACH_ROOT_SEQUENCE_INDEX_TAG_L839
						  : RRC_RACH_CONFIG_COMMON_PRACH_ROOT_SEQUENCE_INDEX_TAG_L139;
	/* mandatory for the short preambles */
	r->has_msg1_subcarrier_spacing = !paired;
	r->msg1_subcarrier_spacing = (enum rrc_subcarrier_spacing)m->cell->mu;
	r->restricted_set_config = RRC_RACH_CONFIG_COMMON_RESTRICTED_SET_CONFIG_UNRESTRICTED_SET;
}

static void put_pusch(struct parts *p, const struct phy_sib1_message *m)
{
	p->pusch.tag = RRC_SETUP_RELEASE_PUSCH_CONFIG_COMMON_TAG_SETUP;
	p->pusch.u.setup.has_msg3_delta_preamble = true;
	p->pusch.u.setup.msg3_delta_preamble = MSG3_MORE_2DB;
	p->pusch.u.setup.has_p0_nominal_with_grant = true;
	p->pusch.u.setup.p0_nominal_with_grant = P0_DBM;
	for (uint8_t i = 0; i < m->pusch_times_n; i++)
		p->pusch_time[i] = (struct rrc_pusch_time_domain_resource_allocation){ .has_k2 = true,
			.k2 = m->pusch_times[i].k0,
			.mapping_type =
				m->pusch_times[i].type_b
					? RRC_PUSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_B
					: RRC_PUSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_A,
			.start_symbol_and_length =
				(uint8_t)phy_sliv(m->pusch_times[i].s, m->pusch_times[i].l) };
	p->pusch_times =
		(struct rrc_pusch_time_domain_resource_allocation_list){ m->pusch_times_n, p->pusch_time };
	if (m->pusch_times_n > 0)
		p->pusch.u.setup.pusch_time_domain_allocation_list = &p->pusch_times;
}

static bool put_uplink(struct parts *p, const struct phy_sib1_message *m)
{
	bool paired = phy_band_find(m->band) && phy_band_find(m->band)->duplex == PHY_DUPLEX_FDD;
	struct rrc_frequency_info_ul_sib *f = &p->uplink.frequency_info_ul;
	struct rrc_bwp_uplink_common *bwp = &p->uplink.initial_uplink_bwp;
	unsigned prbs;
	uint64_t hz;

	if (!phy_sib1_uplink(m, &hz, &prbs))
		return false;
	p->ul_bands = (struct rrc_multi_frequency_band_list_nr_sib){ 1, &p->band };
	p->ul_carrier = p->dl_carrier;
	p->ul_carrier.carrier_bandwidth = (uint16_t)prbs;
	f->scs_specific_carrier_list.count = 1;
	f->scs_specific_carrier_list.items = &p->ul_carrier;
	if (paired) { /* condition FDD-OrSUL */
		hz -= (m->cell->first_crb * 12ull + prbs * 6ull) * (15000ull << m->cell->mu);
		f->frequency_band_list = &p->ul_bands;
		f->has_absolute_frequency_point_a = true;
		f->absolute_frequency_point_a = phy_arfcn_near(hz);
	}
	put_rach(p, m, paired);
	put_pusch(p, m);
	p->pucch.tag = RRC_SETUP_RELEASE_PUCCH_CONFIG_COMMON_TAG_SETUP;
	p->pucch.u.setup.has_pucch_resource_common = true;
	p->pucch.u.setup.has_p0_nominal = true;
	p->pucch.u.setup.p0_nominal = P0_DBM;
	p->pucch.u.setup.pucch_resource_common = m->pucch_resource_common;
	bwp->generic_parameters.location_and_bandwidth = location(prbs);
	bwp->generic_parameters.subcarrier_spacing = (enum rrc_subcarrier_spacing)m->cell->mu;
	bwp->rach_config_common = &p->rach;
	bwp->pusch_config_common = &p->pusch;
	bwp->pucch_config_common = &p->pucch;
	p->uplink.time_alignment_timer_common = RRC_TIME_ALIGNMENT_TIMER_INFINITY;
	p->cell.uplink_config_common = &p->uplink;
	p->cell.ss_pbch_block_power = SSB_DBM;
	return true;
}

static void put_tdd(struct parts *p, const struct phy_waveform_config *c)
{
	static const uint16_t periods_us[] = { 500, 625, 1000, 1250, 2000, 2500, 5000, 10000 };
	struct rrc_tdd_ul_dl_pattern *t = &p->tdd.pattern1;

	if (c->tdd.period_slots == 0)
		return;
	p->tdd.reference_subcarrier_spacing = (enum rrc_subcarrier_spacing)c->mu;
	for (unsigned i = 0; i < ARRAY_LEN(periods_us); i++)
		if (c->tdd.period_slots * 1000u == (unsigned)periods_us[i] << c->mu)
			t->dl_ul_transmission_periodicity =
				(enum rrc_tdd_ul_dl_pattern_dl_ul_transmission_periodicity)i;
	t->nrof_downlink_slots = c->tdd.dl_slots;
	t->nrof_downlink_symbols = c->tdd.dl_symbols;
	t->nrof_uplink_slots = c->tdd.ul_slots;
	t->nrof_uplink_symbols = c->tdd.ul_symbols;
	p->cell.tdd_ul_dl_configuration_common = &p->tdd;
}

/* ms5 to ms160 */
static unsigned period_index(unsigned ms)
{
	unsigned i = 0;

	while (ms > 5) {
		ms /= 2;
		i++;
	}
	return i;
}

bool phy_sib1_message_encode(const struct phy_sib1_message *m, struct writer *w)
{
	struct parts p = { 0 };
	uint8_t in_one_group, groups;

	if (m->mnc_digits < 2 || m->mnc_digits > 3 || m->tac >> 24 != 0 || m->cell_identity >> 36 != 0 ||
		!phy_sib1_positions(m->cell->sent, m->cell->l_max, &in_one_group, &groups))
		return false;
	put_access(&p, m);
	put_downlink(&p, m);
	if (!put_uplink(&p, m))
		return false;
	p.cell.ssb_positions_in_burst.in_one_group = in_one_group;
	p.cell.ssb_positions_in_burst.has_group_presence = m->cell->l_max == 64;
	p.cell.ssb_positions_in_burst.group_presence = groups;
	p.cell.ssb_periodicity_serving_cell =
		(enum rrc_serving_cell_config_common_sib_ssb_periodicity_serving_cell)period_index(
			m->cell->period_ms);
	put_tdd(&p, m->cell);
	if (m->si_n > 0)
		put_si(&p, m);
	return rrc_encode(&rrc_bcch_dl_sch_message_type, &p.message, w);
}
