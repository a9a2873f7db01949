/*
 * What a widely used open test UE expects of a cell, item by item, in the octets that the DU makes: SIB1 and
 * the CellGroupConfig of RRCSetup, at each bandwidth that it knows.
 */
#include "base/test.h"

#include "gnb/du/cell/served_cell.h"
#include "gnb/du/cell_group.h"
#include "radio/phy/channels/dci_riv.h"

enum { ARENA_OCTETS = 16384, CELL_GROUP_OCTETS = 1024, BEARERS = 3 };

static const struct bandwidth {
	uint8_t mhz, prbs, coreset_zero;
	uint32_t rate_khz;
} bandwidths[] = { { 10, 52, 6, 11520 }, { 15, 79, 6, 15360 }, { 20, 106, 12, 23040 } };

static struct served_cell served;
static uint64_t memory[ARENA_OCTETS / 8];

static void serve(uint8_t mhz)
{
	const struct served_cell_config c = { .pci = 1,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = mhz,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01 };
	const char *wrong = served_cell_init(&served, &c);

	if (wrong)
		fail_msg("%s", wrong);
}

/* A common search space of CORESET 0 in each slot, with candidates of 4 and 8 CCEs, of DCI 0_0 and 1_0. */
static void check_space(const struct rrc_search_space *s, unsigned id)
{
	assert_int_equal(s->search_space_id, id);
	assert_true(s->has_control_resource_set_id && s->control_resource_set_id == 0);
	assert_int_equal(s->search_space_type->tag, RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_COMMON);
	assert_true(s->search_space_type->u.common.has_dci_format0_0_and_format1_0);
	assert_int_equal(s->monitoring_slot_periodicity_and_offset->tag,
		RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL1);
	assert_true(s->has_monitoring_symbols_within_slot && s->monitoring_symbols_within_slot == 1 << 13);
	assert_true(s->nrof_candidates->aggregation_level1 == 0 &&
		    s->nrof_candidates->aggregation_level2 == 0 &&
		    s->nrof_candidates->aggregation_level16 == 0);
	assert_true(s->nrof_candidates->aggregation_level4 > 0 && s->nrof_candidates->aggregation_level8 > 0);
}

static void check_downlink(const struct rrc_downlink_config_common_sib *d, const struct bandwidth *b)
{
	const struct rrc_bwp_downlink_common *bwp = &d->initial_downlink_bwp;
	const struct rrc_pdcch_config_common *p = &bwp->pdcch_config_common->u.setup;
	const struct rrc_pdsch_time_domain_resource_allocation_list *times =
		bwp->pdsch_config_common->u.setup.pdsch_time_domain_allocation_list;
	unsigned start, length;

	assert_int_equal(d->frequency_info_dl.scs_specific_carrier_list.items[0].offset_to_carrier, 0);
	assert_int_equal(d->frequency_info_dl.scs_specific_carrier_list.items[0].carrier_bandwidth, b->prbs);
	assert_true(phy_dci_riv_range(bwp->generic_parameters.location_and_bandwidth, 275, &start, &length));
	assert_true(start == 0 && length == b->prbs);
	assert_int_equal(p->common_search_space_list->count, 1);
	check_space(&p->common_search_space_list->items[0], 1);
	assert_true(p->has_search_space_sib1 && p->search_space_sib1 == 0);
	assert_true(p->has_ra_search_space && p->ra_search_space == 1);
	for (size_t i = 0; i < times->count; i++)
		assert_int_equal(times->items[i].mapping_type,
			RRC_PDSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_A);
}

static void check_uplink(const struct rrc_uplink_config_common_sib *u)
{
	const struct rrc_bwp_uplink_common *bwp = &u->initial_uplink_bwp;
	const struct rrc_rach_config_common *r = &bwp->rach_config_common->u.setup;
	const struct rrc_pusch_time_domain_resource_allocation_list *times =
		bwp->pusch_config_common->u.setup.pusch_time_domain_allocation_list;

	assert_int_equal(u->frequency_info_ul.scs_specific_carrier_list.items[0].offset_to_carrier, 0);
	assert_true(r->rach_config_generic.prach_configuration_index <= 27);
	assert_int_equal(
		r->prach_root_sequence_index.tag, RRC_RACH_CONFIG_COMMON_PRACH_ROOT_SEQUENCE_INDEX_TAG_L839);
	assert_int_equal(
		r->restricted_set_config, RRC_RACH_CONFIG_COMMON_RESTRICTED_SET_CONFIG_UNRESTRICTED_SET);
	assert_true(r->rach_config_generic.msg1_frequency_start >= 1);
	assert_true(times->count > 0);
	for (size_t i = 0; i < times->count; i++)
		assert_true(times->items[i].has_k2 && times->items[i].k2 >= 4 &&
			    times->items[i].mapping_type ==
				    RRC_PUSCH_TIME_DOMAIN_RESOURCE_ALLOCATION_MAPPING_TYPE_TYPE_A);
}

static void check_sib1(const struct bandwidth *b)
{
	const struct rrc_serving_cell_config_common_sib *s;
	struct rrc_bcch_dl_sch_message m;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_decode(
		&rrc_bcch_dl_sch_message_type, bytes_of(served.sib1, served.sib1_octets), &arena, &m, &diag));
	s = m.message.u.c1.u.system_information_block_type1.serving_cell_config_common;
	assert_int_equal(s->ssb_positions_in_burst.in_one_group, 0x80); /* index 0 alone */
	assert_int_equal(s->ssb_periodicity_serving_cell,
		RRC_SERVING_CELL_CONFIG_COMMON_SIB_SSB_PERIODICITY_SERVING_CELL_MS10);
	assert_null(s->tdd_ul_dl_configuration_common);
	/* N_TA,offset of 25600 is what holds without it in this band (38.133 Table 7.1.2-2) */
	assert_true(!s->has_n_timing_advance_offset ||
		    s->n_timing_advance_offset ==
			    RRC_SERVING_CELL_CONFIG_COMMON_SIB_N_TIMING_ADVANCE_OFFSET_N25600);
	check_downlink(&s->downlink_config_common, b);
	check_uplink(s->uplink_config_common);
	arena_fini(&arena);
}

/* The carrier's numbers as that UE has them in its configuration. */
static void test_broadcast(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bandwidths); i++) {
		const struct bandwidth *b = &bandwidths[i];
		uint64_t ssb_hz;

		serve(b->mhz);
		ssb_hz = served.broadcast.carrier_hz + (uint64_t)served.broadcast.ssb_offset_hz;
		assert_int_equal(served.broadcast.fft_size * 15u, b->rate_khz);
		assert_int_equal(served.broadcast.prbs, b->prbs);
		assert_int_equal(served.broadcast.pattern, PHY_SSB_CASE_A);
		assert_int_equal(served.mib.coreset_zero, b->coreset_zero);
		assert_int_equal(served.mib.search_space_zero, 0);
		if (b->mhz != 15) /* that UE's own defaults are of the other two */
			assert_int_equal(ssb_hz, UINT64_C(1842050000)); /* ARFCN 368410 */
		check_sib1(b);
	}
}

static void check_pucch(const struct rrc_pucch_config *p)
{
	unsigned formats[5] = { 0 };

	assert_non_null(p->format1);
	assert_non_null(p->format2);
	assert_null(p->format3);
	assert_null(p->format4);
	assert_true(p->format2->u.setup.has_max_code_rate);
	for (size_t i = 0; i < p->resource_to_add_mod_list->count; i++)
		formats[p->resource_to_add_mod_list->items[i].format.tag -
			RRC_PUCCH_RESOURCE_FORMAT_TAG_FORMAT0]++;
	assert_true(formats[0] == 0 && formats[1] > 0 && formats[2] > 0 && formats[3] + formats[4] == 0);
	assert_int_equal(p->resource_set_to_add_mod_list->count, 2);
	assert_int_equal(p->scheduling_request_resource_to_add_mod_list->count, 1);
	assert_true(p->scheduling_request_resource_to_add_mod_list->items[0].has_resource);
	/* Whether it reads the field of DCI 1_0 by 38.213 9.2.3 or by this list, it is the same. */
	assert_int_equal(p->dl_data_to_ul_ack->count, 8);
	for (uint8_t i = 0; i < 8; i++)
		assert_int_equal(p->dl_data_to_ul_ack->items[i], i + 1);
	assert_true(SERVED_CELL_LEAD_SLOTS + 1 >= 4);
}

static void check_shared(const struct rrc_pdsch_config *d, const struct rrc_pusch_config *u)
{
	const struct rrc_beta_offsets *beta;

	assert_non_null(d->dmrs_downlink_for_pdsch_mapping_type_a);
	assert_null(d->dmrs_downlink_for_pdsch_mapping_type_b);
	assert_int_equal(
		d->resource_allocation, RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1);
	assert_int_equal(d->prb_bundling_type.tag, RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_STATIC_BUNDLING);
	assert_true(!d->has_mcs_table && !u->has_mcs_table); /* 64QAM */
	assert_non_null(u->dmrs_uplink_for_pusch_mapping_type_a);
	assert_null(u->dmrs_uplink_for_pusch_mapping_type_b);
	assert_int_equal(
		u->resource_allocation, RRC_PUSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1);
	assert_true(u->has_transform_precoder &&
		    u->transform_precoder == RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_DISABLED);
	assert_int_equal(u->uci_on_pusch->tag, RRC_SETUP_RELEASE_UCI_ON_PUSCH_TAG_SETUP);
	assert_int_equal(
		u->uci_on_pusch->u.setup.beta_offsets->tag, RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_SEMI_STATIC);
	beta = &u->uci_on_pusch->u.setup.beta_offsets->u.semi_static;
	assert_true(beta->has_beta_offset_ack_index1 && beta->has_beta_offset_ack_index2 &&
		    beta->has_beta_offset_ack_index3 && beta->has_beta_offset_csi_part1_index1 &&
		    beta->has_beta_offset_csi_part1_index2 && beta->has_beta_offset_csi_part2_index1 &&
		    beta->has_beta_offset_csi_part2_index2);
}

/* Of channel state it knows periodic reports on PUCCH, of a CSI-RS of one port. */
static void check_csi(const struct rrc_csi_meas_config *m)
{
	const struct rrc_csi_report_config *r = &m->csi_report_config_to_add_mod_list->items[0];

	assert_int_equal(m->csi_report_config_to_add_mod_list->count, 1);
	assert_int_equal(r->report_config_type.tag, RRC_CSI_REPORT_CONFIG_REPORT_CONFIG_TYPE_TAG_PERIODIC);
	assert_int_equal(r->report_quantity.tag, RRC_CSI_REPORT_CONFIG_REPORT_QUANTITY_TAG_CRI_RI_PMI_CQI);
	assert_int_equal(r->report_freq_configuration->cqi_format_indicator,
		RRC_CSI_REPORT_CONFIG_REPORT_FREQ_CONFIGURATION_CQI_FORMAT_INDICATOR_WIDEBAND_CQI);
	assert_int_equal(m->nzp_csi_rs_resource_to_add_mod_list->count, 1);
	assert_int_equal(m->nzp_csi_rs_resource_to_add_mod_list->items[0].resource_mapping.nrof_ports,
		RRC_CSI_RS_RESOURCE_MAPPING_NROF_PORTS_P1);
}

static void check_cell_group(const struct rrc_cell_group_config *g)
{
	const struct rrc_serving_cell_config *s = g->sp_cell_config->sp_cell_config_dedicated;
	const struct rrc_bwp_downlink_dedicated *d = s->initial_downlink_bwp;
	const struct rrc_bwp_uplink_dedicated *u = s->uplink_config->initial_uplink_bwp;
	const struct rrc_pdcch_config *pdcch = &d->pdcch_config->u.setup;

	assert_true(s->has_first_active_downlink_bwp_id && s->first_active_downlink_bwp_id == 0);
	assert_true(s->uplink_config->has_first_active_uplink_bwp_id &&
		    s->uplink_config->first_active_uplink_bwp_id == 0);
	assert_true(!s->downlink_bwp_to_add_mod_list && !s->uplink_config->uplink_bwp_to_add_mod_list);
	assert_int_equal(s->pdsch_serving_cell_config->u.setup.max_mimo_layers, 1);
	assert_null(pdcch->control_resource_set_to_add_mod_list);
	assert_int_equal(pdcch->search_spaces_to_add_mod_list->count, 1);
	check_space(&pdcch->search_spaces_to_add_mod_list->items[0], 2);
	check_pucch(u->pucch_config->u.setup);
	check_csi(&s->csi_meas_config->u.setup);
	check_shared(d->pdsch_config->u.setup, u->pusch_config->u.setup);
	assert_int_equal(g->mac_cell_group_config->scheduling_request_config
				 ->scheduling_request_to_add_mod_list->count,
		1);
	assert_non_null(g->physical_cell_group_config);
	for (size_t i = 0; i < g->rlc_bearer_to_add_mod_list->count; i++) {
		const struct rrc_rlc_bearer_config *b = &g->rlc_bearer_to_add_mod_list->items[i];

		assert_non_null(b->rlc_config);
		assert_non_null(b->mac_logical_channel_config);
		assert_non_null(b->mac_logical_channel_config->ul_specific_parameters);
	}
}

static void test_cell_group(void **state)
{
	static const struct rlc_config am = { .mode = RLC_AM,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = 40,
		.t_status_prohibit_ms = 10,
		.poll_pdu = 16,
		.max_retx_threshold = 32 };
	const struct cell_group_bearer bearers[BEARERS] = { { 1, true, 1, am, 1, 0, false },
		{ 2, true, 2, am, 3, 0, false }, { 4, false, 1, am, 8, 1, false } };

	for (size_t i = 0; i < ARRAY_LEN(bandwidths); i++) {
		uint8_t octets[CELL_GROUP_OCTETS];
		struct writer w = writer_of(octets, sizeof(octets));
		struct rrc_cell_group_config g;
		struct cell_own own;
		struct per_diag diag;
		struct arena arena;

		serve(bandwidths[i].mhz);
		assert_true(served_cell_own(&own, &served, 0));
		assert_true(cell_group_write(&w, &served.cell, &own,
			&(struct cell_group_change){ .bearers = bearers, .n = BEARERS }));
		arena_init(&arena, memory, sizeof(memory), 0);
		assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &g, &diag));
		assert_int_equal(g.rlc_bearer_to_add_mod_list->count, BEARERS);
		check_cell_group(&g);
		arena_fini(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broadcast),
		cmocka_unit_test(test_cell_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
