/* PDSCH-Config and PUSCH-Config as RRC has them: what each member means, and what this UE cannot do. */
#include "base/test.h"

#include <string.h>

#include "radio/cell/own_read.h"

static struct cell cell;
static struct cell_own own;

static int setup(void **state)
{
	memset(&cell, 0, sizeof(cell));
	cell.downlink = (struct cell_carrier){ .prbs = 52, .bwp_prbs = 52, .widest_prbs = 52 };
	cell.uplink = cell.downlink;
	cell.type_a_position = 2;
	cell_own_init(&own, &cell);
	return 0;
}

static const char *read_down(struct rrc_pdsch_config *p, struct rrc_pdsch_serving_cell_config *s)
{
	struct rrc_setup_release_pdsch_config setup = { .tag = RRC_SETUP_RELEASE_PDSCH_CONFIG_TAG_SETUP,
		.u.setup = p };
	struct rrc_bwp_downlink_dedicated bwp = { .pdsch_config = &setup };
	struct rrc_setup_release_pdsch_serving_cell_config serving = {
		.tag = RRC_SETUP_RELEASE_PDSCH_SERVING_CELL_CONFIG_TAG_SETUP
	};
	struct rrc_serving_cell_config c = { .pdsch_serving_cell_config = s ? &serving : NULL };

	if (s)
		serving.u.setup = *s;
	return cell_own_read_pdsch(&own, &cell, &c, p ? &bwp : NULL);
}

static const char *read_up(struct rrc_pusch_config *p, struct rrc_pusch_serving_cell_config *s)
{
	struct rrc_setup_release_pusch_config setup = { .tag = RRC_SETUP_RELEASE_PUSCH_CONFIG_TAG_SETUP,
		.u.setup = p };
	struct rrc_bwp_uplink_dedicated bwp = { .pusch_config = &setup };
	struct rrc_setup_release_pusch_serving_cell_config serving = {
		.tag = RRC_SETUP_RELEASE_PUSCH_SERVING_CELL_CONFIG_TAG_SETUP
	};
	struct rrc_uplink_config u = { .pusch_serving_cell_config = s ? &serving : NULL };
	struct rrc_serving_cell_config c = { .uplink_config = &u };

	if (s)
		serving.u.setup = *s;
	return cell_own_read_pusch(&own, &cell, &c, p ? &bwp : NULL);
}

#define DOWN(...) read_down(&(struct rrc_pdsch_config){ __VA_ARGS__ }, NULL)
#define UP(...)   read_up(&(struct rrc_pusch_config){ __VA_ARGS__ }, NULL)
#define ANY(type) ((type *)&own) /* that it is there is enough */

static void test_cannot_receive(void **state)
{
	static const char slots[] = "PDSCH in several slots", pattern[] = "PDSCH around a pattern",
			  later[] = "DCI 1_1 of a later release", demand[] = "zero-power CSI-RS on demand";
	struct rrc_pdsch_config p = { 0 };

	assert_null(read_down(&p, NULL));
	assert_string_equal(DOWN(.has_pdsch_aggregation_factor = true), slots);
	assert_string_equal(DOWN(.rate_match_pattern_to_add_mod_list =
					    ANY(struct rrc_pdsch_config_rate_match_pattern_to_add_mod_list)),
		pattern);
	assert_string_equal(
		DOWN(.rate_match_pattern_group1 = ANY(struct rrc_rate_match_pattern_group)), pattern);
	assert_string_equal(
		DOWN(.rate_match_pattern_group2 = ANY(struct rrc_rate_match_pattern_group)), pattern);
	assert_string_equal(
		DOWN(.aperiodic_zp_csi_rs_resource_sets_to_add_mod_list = ANY(
			     struct rrc_pdsch_config_aperiodic_zp_csi_rs_resource_sets_to_add_mod_list)),
		demand);
	assert_string_equal(DOWN(.sp_zp_csi_rs_resource_sets_to_add_mod_list = ANY(
					 struct rrc_pdsch_config_sp_zp_csi_rs_resource_sets_to_add_mod_list)),
		demand);
	assert_string_equal(DOWN(.has_mcs_table_r17 = true), "1024QAM");
	assert_string_equal(
		DOWN(.has_harq_process_number_size_dci_1_1_r17 = true), "more than 16 HARQ processes");
	assert_string_equal(DOWN(.has_priority_indicator_dci_1_1_r16 = true), later);
	assert_string_equal(DOWN(.minimum_scheduling_offset_k0_r16 = ANY(
					 struct rrc_setup_release_min_scheduling_offset_k0_values_r16)),
		later);
	assert_string_equal(DOWN(.minimum_scheduling_offset_k0_r17 = ANY(
					 struct rrc_setup_release_min_scheduling_offset_k0_values_r17)),
		later);
	assert_string_equal(
		DOWN(.pdsch_time_domain_allocation_list_r16 =
				ANY(struct rrc_setup_release_pdsch_time_domain_resource_allocation_list_r16)),
		later);
	assert_string_equal(DOWN(.pdsch_time_domain_allocation_list_for_multi_pdsch_r17 =
					    ANY(struct rrc_setup_release_multi_pdsch_tdra_list_r17)),
		later);
	assert_string_equal(DOWN(.repetition_scheme_config_r16 =
					    ANY(struct rrc_setup_release_repetition_scheme_config_r16)),
		later);
	assert_string_equal(DOWN(.repetition_scheme_config_v1630 =
					    ANY(struct rrc_setup_release_repetition_scheme_config_v1630)),
		later);
}

static void test_cannot_send(void **state)
{
	static const char later[] = "DCI 0_1 of a later release";

	assert_null(UP(.has_max_rank = true, .max_rank = 1));
	assert_string_equal(UP(.has_pusch_aggregation_factor = true), "PUSCH in several slots");
	assert_string_equal(UP(.has_frequency_hopping = true,
				    .frequency_hopping = RRC_PUSCH_CONFIG_FREQUENCY_HOPPING_INTER_SLOT),
		"PUSCH that hops between slots");
	assert_string_equal(UP(.has_max_rank = true, .max_rank = 2), "more than one layer of PUSCH");
	assert_string_equal(UP(.has_tp_pi2_bpsk = true), "pi/2-BPSK in PUSCH");
	assert_string_equal(UP(.minimum_scheduling_offset_k2_r16 = ANY(
				       struct rrc_setup_release_min_scheduling_offset_k2_values_r16)),
		later);
	assert_string_equal(UP(.minimum_scheduling_offset_k2_r17 = ANY(
				       struct rrc_setup_release_min_scheduling_offset_k2_values_r17)),
		later);
	assert_string_equal(
		UP(.pusch_time_domain_allocation_list_dci_0_1_r16 =
				ANY(struct rrc_setup_release_pusch_time_domain_resource_allocation_list_r16)),
		later);
	assert_string_equal(
		UP(.pusch_time_domain_allocation_list_for_multi_pusch_r16 =
				ANY(struct rrc_setup_release_pusch_time_domain_resource_allocation_list_r16)),
		later);
	assert_string_equal(UP(.has_priority_indicator_dci_0_1_r16 = true), later);
	assert_string_equal(UP(.has_invalid_symbol_pattern_indicator_dci_0_1_r16 = true), later);
	assert_string_equal(UP(.has_pusch_rep_type_indicator_dci_0_1_r16 = true), later);
	assert_string_equal(UP(.has_second_tpc_field_dci_0_1_r17 = true), later);
	assert_string_equal(UP(.ul_access_config_list_dci_0_1_r16 =
					    ANY(struct rrc_setup_release_ul_access_config_list_dci_0_1_r16)),
		later);
	assert_string_equal(
		UP(.pusch_power_control_v1610 = ANY(struct rrc_setup_release_pusch_power_control_v1610)),
		later);
}

static void test_pdsch(void **state)
{
	static const uint8_t xs[] = { 6, 12, 18 }, harqs[] = { 2, 4, 6, 10, 12, 16 };
	struct rrc_pdsch_serving_cell_config s = { .has_x_overhead = true, .has_max_mimo_layers = true };
	struct rrc_setup_release_pdsch_code_block_group_transmission groups = {
		.tag = RRC_SETUP_RELEASE_PDSCH_CODE_BLOCK_GROUP_TRANSMISSION_TAG_SETUP
	};
	uint32_t buffer;

	assert_null(DOWN(.has_data_scrambling_identity_pdsch = true, .data_scrambling_identity_pdsch = 77,
		.rbg_size = RRC_PDSCH_CONFIG_RBG_SIZE_CONFIG2, .has_vrb_to_prb_interleaver = true,
		.vrb_to_prb_interleaver = RRC_PDSCH_CONFIG_VRB_TO_PRB_INTERLEAVER_N4,
		.has_max_nrof_code_words_scheduled_by_dci = true,
		.max_nrof_code_words_scheduled_by_dci =
			RRC_PDSCH_CONFIG_MAX_NROF_CODE_WORDS_SCHEDULED_BY_DCI_N2));
	assert_true(own.has_pdsch_n_id && own.pdsch_n_id == 77 && own.pdsch.two_codewords);
	assert_int_equal(own.pdsch.shared.rbg_config, 2);
	assert_int_equal(own.pdsch.interleaver, PHY_VRB_INTERLEAVED_4);
	assert_int_equal(own.pdsch.shared.mcs_table, PHY_MCS_64QAM);
	buffer = own.lbrm_bits;
	assert_null(DOWN(.has_mcs_table = true, .mcs_table = RRC_PDSCH_CONFIG_MCS_TABLE_QAM256,
		.has_vrb_to_prb_interleaver = true, .has_max_nrof_code_words_scheduled_by_dci = true));
	assert_false(own.has_pdsch_n_id || own.pdsch.two_codewords);
	assert_int_equal(own.pdsch.shared.rbg_config, 1);
	assert_int_equal(own.pdsch.interleaver, PHY_VRB_INTERLEAVED_2);
	assert_int_equal(own.pdsch.shared.mcs_table, PHY_MCS_256QAM);
	assert_true(own.lbrm_bits > buffer);
	assert_null(DOWN(.has_mcs_table = true, .mcs_table = RRC_PDSCH_CONFIG_MCS_TABLE_QAM64_LOW_SE));
	assert_int_equal(own.pdsch.interleaver, PHY_VRB_DIRECT);
	assert_int_equal(own.pdsch.shared.mcs_table, PHY_MCS_64QAM_LOW_SE);
	assert_int_equal(own.lbrm_bits, buffer);
	for (uint8_t i = 0; i < ARRAY_LEN(xs); i++) {
		s.x_overhead = (enum rrc_pdsch_serving_cell_config_x_overhead)i;
		s.max_mimo_layers = (uint8_t)(i + 1);
		assert_null(read_down(NULL, &s));
		assert_int_equal(own.pdsch.shared.overhead, xs[i]);
		assert_int_equal(own.layers, i + 1);
	}
	s = (struct rrc_pdsch_serving_cell_config){ .has_nrof_harq_processes_for_pdsch = true };
	for (uint8_t i = 0; i < ARRAY_LEN(harqs); i++) {
		s.nrof_harq_processes_for_pdsch =
			(enum rrc_pdsch_serving_cell_config_nrof_harq_processes_for_pdsch)i;
		assert_null(read_down(NULL, &s));
		assert_int_equal(own.harqs, harqs[i]);
		assert_int_equal(own.pdsch.shared.overhead, 0);
	}
	s.code_block_group_transmission = &groups;
	assert_string_equal(read_down(NULL, &s), "code block groups in PDSCH");
	groups.tag = RRC_SETUP_RELEASE_PDSCH_CODE_BLOCK_GROUP_TRANSMISSION_TAG_RELEASE;
	assert_null(read_down(NULL, &s));
}

/* 38.214 5.1.2.3: P' of the first indication, of the second, and whether that is for wide ones alone. */
static void test_bundling(void **state)
{
	static const uint8_t of_static[] = { 4, 0 }, of_set1[] = { 4, 0, 2, 4 };
	struct rrc_pdsch_config p = { .prb_bundling_type.tag =
					      RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_STATIC_BUNDLING };
	struct rrc_pdsch_config_prb_bundling_type_dynamic_bundling *d =
		&p.prb_bundling_type.u.dynamic_bundling;

	assert_null(read_down(&p, NULL));
	assert_true(own.pdsch.prg[0] == 2 && !own.pdsch.bundling_indicated);
	p.prb_bundling_type.u.static_bundling.has_bundle_size = true;
	for (unsigned i = 0; i < 2; i++) {
		p.prb_bundling_type.u.static_bundling.bundle_size =
			(enum rrc_pdsch_config_prb_bundling_type_static_bundling_bundle_size)i;
		assert_null(read_down(&p, NULL));
		assert_int_equal(own.pdsch.prg[0], of_static[i]);
	}
	memset(&p.prb_bundling_type.u, 0, sizeof(p.prb_bundling_type.u));
	p.prb_bundling_type.tag = RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_DYNAMIC_BUNDLING;
	assert_null(read_down(&p, NULL));
	assert_true(own.pdsch.bundling_indicated && own.pdsch.prg[0] == 2 && own.pdsch.prg[1] == 2);
	d->has_bundle_size_set1 = d->has_bundle_size_set2 = true;
	for (unsigned i = 0; i < 8; i++) {
		d->bundle_size_set2 =
			(enum rrc_pdsch_config_prb_bundling_type_dynamic_bundling_bundle_size_set2)(i / 4);
		d->bundle_size_set1 =
			(enum rrc_pdsch_config_prb_bundling_type_dynamic_bundling_bundle_size_set1)(i % 4);
		assert_null(read_down(&p, NULL));
		assert_int_equal(own.pdsch.prg[0], of_static[i / 4]);
		assert_int_equal(own.pdsch.prg[1], of_set1[i % 4]);
		assert_int_equal(own.pdsch.prg_widens, i % 4 > 1);
	}
}

/* DM-RS of both mapping types, each by itself; released ones are those of no configuration. */
static void test_downlink_dmrs(void **state)
{
	static const uint8_t positions[] = { 0, 1, 3 };
	struct rrc_setup_release_dmrs_downlink_config d = {
		.tag = RRC_SETUP_RELEASE_DMRS_DOWNLINK_CONFIG_TAG_SETUP,
		.u.setup = { .has_dmrs_type = true,
			.has_max_length = true,
			.has_scrambling_id0 = true,
			.scrambling_id0 = 11,
			.has_scrambling_id1 = true,
			.scrambling_id1 = 12 }
	};
	const struct cell_dmrs *b = &own.pdsch.shared.dmrs[1];

	assert_null(DOWN(.dmrs_downlink_for_pdsch_mapping_type_b = &d));
	assert_true(b->there && b->type2 && b->pairs && b->additional == 2);
	assert_true(b->has_n_id[0] && b->n_id[0] == 11 && b->has_n_id[1] && b->n_id[1] == 12);
	assert_false(own.pdsch.shared.dmrs[0].there);
	d.u.setup = (struct rrc_dmrs_downlink_config){ .has_dmrs_additional_position = true };
	for (unsigned i = 0; i < 3; i++) {
		d.u.setup.dmrs_additional_position =
			(enum rrc_dmrs_downlink_config_dmrs_additional_position)i;
		assert_null(DOWN(.dmrs_downlink_for_pdsch_mapping_type_b = &d));
		assert_int_equal(b->additional, positions[i]);
		assert_false(b->type2 || b->pairs || b->has_n_id[0] || b->has_n_id[1]);
	}
	assert_null(DOWN(.dmrs_downlink_for_pdsch_mapping_type_a = &d));
	assert_true(own.pdsch.shared.dmrs[0].there && b->there); /* what is left out stays */
	d.u.setup.has_dmrs_downlink_r16 = true;
	assert_non_null(DOWN(.dmrs_downlink_for_pdsch_mapping_type_a = &d));
	d.tag = RRC_SETUP_RELEASE_DMRS_DOWNLINK_CONFIG_TAG_RELEASE;
	assert_null(DOWN(.dmrs_downlink_for_pdsch_mapping_type_b = &d));
	assert_true(!b->there && b->additional == 2);
}

static void test_uplink_dmrs(void **state)
{
	static const uint8_t positions[] = { 0, 1, 3 };
	struct rrc_dmrs_uplink_config_transform_precoding_disabled plain = { .has_scrambling_id0 = true,
		.scrambling_id0 = 11,
		.has_scrambling_id1 = true,
		.scrambling_id1 = 12 };
	struct rrc_dmrs_uplink_config_transform_precoding_enabled precoded = {
		.has_npusch_identity = true, .npusch_identity = 13, .has_sequence_hopping = true
	};
	struct rrc_setup_release_dmrs_uplink_config d = {
		.tag = RRC_SETUP_RELEASE_DMRS_UPLINK_CONFIG_TAG_SETUP,
		.u.setup = { .has_dmrs_type = true,
			.has_max_length = true,
			.transform_precoding_disabled = &plain,
			.transform_precoding_enabled = &precoded }
	};
	const struct cell_dmrs *a = &own.pusch.shared.dmrs[0];

	assert_null(UP(.dmrs_uplink_for_pusch_mapping_type_a = &d));
	assert_true(a->there && a->type2 && a->pairs && a->additional == 2);
	assert_true(a->has_n_id[0] && a->n_id[0] == 11 && a->has_n_id[1] && a->n_id[1] == 12);
	assert_true(a->has_low_papr_n_id && a->low_papr_n_id == 13 && a->has_hopping);
	assert_int_equal(a->hopping, PHY_SEQUENCE_HOPS);
	assert_false(own.pusch.shared.dmrs[1].there);
	precoded = (struct rrc_dmrs_uplink_config_transform_precoding_enabled){ .has_sequence_group_hopping =
											true };
	d.u.setup = (struct rrc_dmrs_uplink_config){ .has_dmrs_additional_position = true,
		.transform_precoding_enabled = &precoded };
	for (unsigned i = 0; i < 3; i++) {
		d.u.setup.dmrs_additional_position = (enum rrc_dmrs_uplink_config_dmrs_additional_position)i;
		assert_null(UP(.dmrs_uplink_for_pusch_mapping_type_a = &d));
		assert_int_equal(a->additional, positions[i]);
		assert_true(!a->has_n_id[0] && !a->has_n_id[1] && !a->has_low_papr_n_id && a->has_hopping);
		assert_int_equal(a->hopping, PHY_SEQUENCE_STAYS);
	}
	plain.has_dmrs_uplink_r16 = true;
	d.u.setup.transform_precoding_disabled = &plain;
	assert_string_equal(
		UP(.dmrs_uplink_for_pusch_mapping_type_b = &d), "DM-RS sequences by CDM group in PUSCH");
	d.tag = RRC_SETUP_RELEASE_DMRS_UPLINK_CONFIG_TAG_RELEASE;
	assert_null(UP(.dmrs_uplink_for_pusch_mapping_type_a = &d));
	assert_true(!a->there && a->additional == 2);
}

/* 38.213 9.3: offsets of UCI, one set or as many as DCI chooses among; those left out have values of their
 * own. */
static void test_uci(void **state)
{
	struct rrc_beta_offsets sets[4] = { { true, 1, true, 2, true, 3, true, 4 }, { true, 5 },
		{ .has_beta_offset_ack_index2 = true, .beta_offset_ack_index2 = 6 },
		{ .has_beta_offset_ack_index3 = true, .beta_offset_ack_index3 = 7 } };
	static const uint8_t ack[4][CELL_BETAS] = { { 1, 2, 3 }, { 5, 11, 11 }, { 11, 6, 11 },
		{ 11, 11, 7 } };
	struct rrc_uci_on_pusch_beta_offsets b = { .tag = RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_SEMI_STATIC,
		.u.semi_static = sets[0] };
	struct rrc_setup_release_uci_on_pusch u = { .tag = RRC_SETUP_RELEASE_UCI_ON_PUSCH_TAG_SETUP,
		.u.setup = { .beta_offsets = &b, .scaling = RRC_UCI_ON_PUSCH_SCALING_F0P8 } };

	assert_null(UP(.uci_on_pusch = &u));
	assert_false(own.pusch.beta_indicated);
	assert_int_equal(own.pusch.alpha, (int)RRC_UCI_ON_PUSCH_SCALING_F0P8);
	assert_memory_equal(own.beta_ack[0], ack[0], CELL_BETAS);
	assert_int_equal(own.beta_csi[0], 4);
	b.tag = RRC_UCI_ON_PUSCH_BETA_OFFSETS_TAG_DYNAMIC;
	b.u.dynamic = (struct rrc_uci_on_pusch_beta_offsets_dynamic){ 4, sets };
	assert_null(UP(.uci_on_pusch = &u));
	assert_true(own.pusch.beta_indicated);
	for (size_t i = 0; i < 4; i++) {
		assert_memory_equal(own.beta_ack[i], ack[i], CELL_BETAS);
		assert_int_equal(own.beta_csi[i], i ? 13 : 4);
	}
}

static void test_pusch(void **state)
{
	static const uint8_t alphas[] = { 0, 4, 5, 6, 7, 8, 9, 10 };
	struct rrc_p0_pusch_alpha_set set = { .has_p0 = true, .p0 = -5, .has_alpha = true };
	struct rrc_pusch_power_control_p0_alpha_sets sets = { 1, &set };
	struct rrc_pusch_power_control power = {
		.has_tpc_accumulation = true, .has_delta_mcs = true, .p0_alpha_sets = &sets
	};
	uint16_t offsets[] = { 3, 9 };
	struct rrc_pusch_config_frequency_hopping_offset_lists hops = { 2, offsets };
	struct rrc_pusch_serving_cell_config s = { .has_rate_matching = true };
	uint32_t buffer;

	assert_null(UP(.has_data_scrambling_identity_pusch = true, .data_scrambling_identity_pusch = 78,
		.has_transform_precoder = true,
		.transform_precoder = RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_ENABLED, .has_rbg_size = true,
		.has_frequency_hopping = true, .frequency_hopping_offset_lists = &hops,
		.has_mcs_table_transform_precoder = true, .pusch_power_control = &power));
	assert_true(own.has_pusch_n_id && own.pusch_n_id == 78);
	assert_true(own.has_transform_precoding && own.transform_precoding);
	assert_int_equal(own.pusch.shared.rbg_config, 2);
	assert_true(
		own.pusch.hopping && own.pusch.hops == 2 && own.pusch.hop[0] == 3 && own.pusch.hop[1] == 9);
	assert_int_equal(own.pusch.precoded_table, PHY_MCS_256QAM);
	assert_int_equal(own.pusch.shared.mcs_table, PHY_MCS_64QAM);
	assert_true(own.power.absolute && own.power.delta_mcs && own.power.p0_pusch_db == -5);
	for (unsigned i = 0; i < 8; i++) {
		set.alpha = (enum rrc_alpha)i;
		assert_null(UP(.pusch_power_control = &power));
		assert_int_equal(own.power.alpha_tenths, alphas[i]);
	}
	power = (struct rrc_pusch_power_control){ .has_tpc_accumulation = false };
	assert_null(UP(.pusch_power_control = &power));
	assert_true(!own.power.absolute && !own.power.delta_mcs);
	assert_true(own.power.p0_pusch_db == 0 && own.power.alpha_tenths == 10);
	assert_true(!own.has_pusch_n_id && !own.has_transform_precoding && !own.pusch.hopping);
	assert_int_equal(own.pusch.precoded_table, PHY_MCS_TP_64QAM);
	assert_null(read_up(NULL, &s));
	buffer = own.pusch.lbrm_bits;
	assert_true(buffer > 0 && own.pusch.shared.overhead == 0);
	assert_null(UP(.has_mcs_table = true));
	assert_null(read_up(NULL, &s));
	assert_true(own.pusch.lbrm_bits > buffer);
	assert_null(UP(.has_mcs_table_transform_precoder = true));
	assert_null(read_up(NULL, &s));
	assert_true(own.pusch.lbrm_bits > buffer);
	s = (struct rrc_pusch_serving_cell_config){ .has_x_overhead = true,
		.x_overhead = RRC_PUSCH_SERVING_CELL_CONFIG_X_OVERHEAD_XOH18,
		.has_max_mimo_layers = true,
		.max_mimo_layers = 1 };
	assert_null(read_up(NULL, &s));
	assert_true(own.pusch.lbrm_bits == 0 && own.pusch.shared.overhead == 18);
	s.max_mimo_layers = 2;
	assert_string_equal(read_up(NULL, &s), "more than one layer of PUSCH");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_cannot_receive),
		TEST(test_cannot_send),
		TEST(test_pdsch),
		TEST(test_bundling),
		TEST(test_downlink_dmrs),
		TEST(test_uplink_dmrs),
		TEST(test_uci),
		TEST(test_pusch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
