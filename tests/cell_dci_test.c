/*
 * DCI 0_1 and 1_1 of a UE that another vendor's cell configured: sizes and fields against the tables
 * of 38.212 written out once more, ServingCellConfig through its octets, and what is refused.
 */
#include <stdio.h>
#include <string.h>

#include "base/test.h"

#include "gnb/du/cell/served_cell.h"
#include "radio/cell/parts.h"

enum { CORESET = 1, SPACE = 3, RNTI = 0x4601 };

static struct served_cell served;
static uint64_t memory[4096];

static int setup(void **state)
{
	const struct served_cell_config c = { .pci = 500,
		.band = 3,
		.arfcn = 368500,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000 };
	const char *wrong = served_cell_init(&served, &c);

	if (wrong)
		fail_msg("%s", wrong);
	return 0;
}

/* A message in plain structs: an interleaved CORESET over 48 blocks, a UE-specific space with 0_1 and 1_1. */
struct message {
	struct rrc_cell_group_config group;
	struct rrc_physical_cell_group_config physical;
	struct rrc_sp_cell_config sp_cell;
	struct rrc_serving_cell_config serving;
	struct rrc_bwp_downlink_dedicated downlink;
	struct rrc_setup_release_pdcch_config pdcch;
	struct rrc_pdcch_config_search_spaces_to_add_mod_list spaces;
	struct rrc_search_space space[2];
	struct rrc_search_space_monitoring_slot_periodicity_and_offset monitoring;
	struct rrc_search_space_nrof_candidates candidates;
	struct rrc_search_space_search_space_type type;
	struct rrc_pdcch_config_control_resource_set_to_add_mod_list coresets;
	struct rrc_control_resource_set coreset;
	struct rrc_setup_release_pdsch_config pdsch;
	struct rrc_pdsch_config pdsch_config;
	struct rrc_setup_release_dmrs_downlink_config down_dmrs;
	struct rrc_uplink_config uplink;
	struct rrc_bwp_uplink_dedicated bwp;
	struct rrc_setup_release_pusch_config pusch;
	struct rrc_pusch_config pusch_config;
	struct rrc_setup_release_dmrs_uplink_config up_dmrs;
	struct rrc_dmrs_uplink_config_transform_precoding_disabled no_transform;
	struct rrc_setup_release_pucch_config pucch;
	struct rrc_pucch_config pucch_config;
	struct rrc_pucch_config_dl_data_to_ul_ack k1;
	uint8_t k1s[8];
	struct rrc_setup_release_csi_meas_config csi;
	struct rrc_pusch_config_frequency_hopping_offset_lists hops;
	uint16_t hop[4];
};

static struct message m;

static void begin_space(void)
{
	m.coreset = (struct rrc_control_resource_set){ .control_resource_set_id = CORESET,
		.frequency_domain_resources = UINT64_C(0xff) << 37,
		.duration = 2,
		.cce_reg_mapping_type = { RRC_CONTROL_RESOURCE_SET_CCE_REG_MAPPING_TYPE_TAG_INTERLEAVED } };
	m.coreset.cce_reg_mapping_type.u.interleaved.reg_bundle_size = 0; /* n2 */
	m.coreset.cce_reg_mapping_type.u.interleaved.interleaver_size = 0;
	m.coresets = (struct rrc_pdcch_config_control_resource_set_to_add_mod_list){ 1, &m.coreset };
	m.monitoring.tag = RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL1;
	m.candidates = (struct rrc_search_space_nrof_candidates){ 0, 2, 2, 1, 0 };
	m.type.tag = RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_UE_SPECIFIC;
	m.type.u.ue_specific.dci_formats =
		RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_UE_SPECIFIC_DCI_FORMATS_FORMATS0_1_AND_1_1;
	m.space[0] = (struct rrc_search_space){ SPACE, true, CORESET, &m.monitoring,
		.has_monitoring_symbols_within_slot = true, .monitoring_symbols_within_slot = 1 << 13,
		.nrof_candidates = &m.candidates, .search_space_type = &m.type };
	m.spaces = (struct rrc_pdcch_config_search_spaces_to_add_mod_list){ 1, m.space };
	m.pdcch.tag = RRC_SETUP_RELEASE_PDCCH_CONFIG_TAG_SETUP;
	m.pdcch.u.setup.search_spaces_to_add_mod_list = &m.spaces;
	m.pdcch.u.setup.control_resource_set_to_add_mod_list = &m.coresets;
}

static void begin(void)
{
	m = (struct message){ .group = { .cell_group_id = 0 } };
	begin_space();
	m.physical.pdsch_harq_ack_codebook = RRC_PHYSICAL_CELL_GROUP_CONFIG_PDSCH_HARQ_ACK_CODEBOOK_DYNAMIC;
	m.pdsch_config.resource_allocation = RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1;
	m.pdsch_config.prb_bundling_type.tag = RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_STATIC_BUNDLING;
	m.down_dmrs.tag = RRC_SETUP_RELEASE_DMRS_DOWNLINK_CONFIG_TAG_SETUP;
	m.pdsch_config.dmrs_downlink_for_pdsch_mapping_type_a = &m.down_dmrs;
	m.pdsch = (struct rrc_setup_release_pdsch_config){ RRC_SETUP_RELEASE_PDSCH_CONFIG_TAG_SETUP,
		.u.setup = &m.pdsch_config };
	m.downlink =
		(struct rrc_bwp_downlink_dedicated){ .pdcch_config = &m.pdcch, .pdsch_config = &m.pdsch };
	m.pusch_config.resource_allocation = RRC_PUSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE1;
	m.pusch_config.has_transform_precoder = true;
	m.pusch_config.transform_precoder = RRC_PUSCH_CONFIG_TRANSFORM_PRECODER_DISABLED;
	m.up_dmrs.tag = RRC_SETUP_RELEASE_DMRS_UPLINK_CONFIG_TAG_SETUP;
	m.up_dmrs.u.setup.transform_precoding_disabled = &m.no_transform;
	m.pusch_config.dmrs_uplink_for_pusch_mapping_type_a = &m.up_dmrs;
	m.pusch = (struct rrc_setup_release_pusch_config){ RRC_SETUP_RELEASE_PUSCH_CONFIG_TAG_SETUP,
		.u.setup = &m.pusch_config };
	m.pucch = (struct rrc_setup_release_pucch_config){ RRC_SETUP_RELEASE_PUCCH_CONFIG_TAG_SETUP,
		.u.setup = &m.pucch_config };
	m.k1 = (struct rrc_pucch_config_dl_data_to_ul_ack){ 3, m.k1s };
	m.k1s[0] = 4;
	m.k1s[1] = 6;
	m.k1s[2] = 11;
	m.pucch_config.dl_data_to_ul_ack = &m.k1;
	m.bwp = (struct rrc_bwp_uplink_dedicated){ .pucch_config = &m.pucch, .pusch_config = &m.pusch };
	m.uplink.initial_uplink_bwp = &m.bwp;
	m.serving.initial_downlink_bwp = &m.downlink;
	m.serving.uplink_config = &m.uplink;
	m.sp_cell.sp_cell_config_dedicated = &m.serving;
	m.group.sp_cell_config = &m.sp_cell;
	m.group.physical_cell_group_config = &m.physical;
}

/* By way of its octets. */
static const char *read_into(struct cell_own *own)
{
	uint8_t octets[512];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_cell_group_config in;
	struct cell_parts parts;
	struct per_diag diag;
	struct arena arena;
	const char *wrong;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_true(rrc_encode(&rrc_cell_group_config_type, &m.group, &w));
	assert_true(rrc_decode(&rrc_cell_group_config_type, writer_bytes(&w), &arena, &in, &diag));
	cell_parts_init(&parts, &served.cell);
	parts.own[0] = *own;
	wrong = cell_parts_read(&parts, &in);
	*own = parts.own[0];
	arena_fini(&arena);
	return wrong;
}

static struct cell_own taken(void)
{
	struct cell_own own;
	const char *wrong;

	cell_own_init(&own, &served.cell);
	wrong = read_into(&own);
	if (wrong)
		fail_msg("%s", wrong);
	return own;
}

static unsigned size_of(const struct cell_own *own, enum phy_dci_kind kind)
{
	struct phy_dci_layout l;

	assert_true(cell_dci_layout(&l, &served.cell, own, &own->spaces[0], kind));
	return l.bits;
}

/*
 * 106 blocks: a RIV of 13 bits; type 0 has 14 groups of 8, or 7 of 16. The least of 1_1 is 1 + 13 + time + 5
 * + 1
 * + 2 + 4 + 2 + 2 + 3 + K1 + 4 + 2 + 1; of 0_1 without transform precoding 1 + 13 + time + 5 + 1 + 2 + 4 + 2
 * + 2
 * + 3 + 2 + 1 + 1. The cell's lists have one row each, so time has no bits; three K1s have two.
 */
static void test_sizes(void **state)
{
	struct cell_own own;

	begin();
	own = taken();
	assert_int_equal(served.cell.pdsch_times_n, 1);
	assert_int_equal(served.cell.pusch_times_n, 1);
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42);
	assert_int_equal(size_of(&own, PHY_DCI_0_1), 37);
	m.physical.pdsch_harq_ack_codebook =
		RRC_PHYSICAL_CELL_GROUP_CONFIG_PDSCH_HARQ_ACK_CODEBOOK_SEMI_STATIC;
	own = taken();
	assert_true(own.semi_static);
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42 - 2); /* it counts nothing */
	assert_int_equal(size_of(&own, PHY_DCI_0_1), 37 - 1);
	m.physical.pdsch_harq_ack_codebook = RRC_PHYSICAL_CELL_GROUP_CONFIG_PDSCH_HARQ_ACK_CODEBOOK_DYNAMIC;
	m.coreset.has_tci_present_in_dci = true;          /* 3 */
	m.pdsch_config.has_vrb_to_prb_interleaver = true; /* 1 */
	m.down_dmrs.u.setup.has_dmrs_type = true;         /* 1 */
	m.down_dmrs.u.setup.has_max_length = true;        /* 1 */
	m.pdsch_config.prb_bundling_type.tag =
		RRC_PDSCH_CONFIG_PRB_BUNDLING_TYPE_TAG_DYNAMIC_BUNDLING; /* 1 */
	m.pdsch_config.has_max_nrof_code_words_scheduled_by_dci = true;
	m.pdsch_config.max_nrof_code_words_scheduled_by_dci =
		RRC_PDSCH_CONFIG_MAX_NROF_CODE_WORDS_SCHEDULED_BY_DCI_N2; /* 8 */
	m.k1.count = 1;                                                   /* 2 fewer */
	own = taken();
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42 + 15 - 2);
	m.pdsch_config.resource_allocation = RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_RESOURCE_ALLOCATION_TYPE0;
	own = taken(); /* 14 groups, and nothing to interleave */
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42 + 15 - 2 + 1 - 1);
	m.pdsch_config.resource_allocation = RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_DYNAMIC_SWITCH;
	own = taken();
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42 + 15 - 2 + 2);
	m.pdsch_config.rbg_size = RRC_PDSCH_CONFIG_RBG_SIZE_CONFIG2;
	own = taken();
	assert_int_equal(size_of(&own, PHY_DCI_1_1), 42 + 15 - 2 + 1);
	m.up_dmrs.u.setup.has_dmrs_type = true;
	m.pusch_config.has_frequency_hopping = true;
	m.hops = (struct rrc_pusch_config_frequency_hopping_offset_lists){ 2, m.hop };
	m.hop[0] = 20;
	m.hop[1] = 53;
	m.pusch_config.frequency_hopping_offset_lists = &m.hops;
	m.csi.tag = RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP;
	m.csi.u.setup.has_report_trigger_size = true;
	m.csi.u.setup.report_trigger_size = 4;
	m.serving.csi_meas_config = &m.csi;
	own = taken();
	assert_int_equal(size_of(&own, PHY_DCI_0_1), 37 + 1 + 1 + 4);
}

/* A second space of the UE's own, with 0_0 and 1_0. */
static void add_fallback(void)
{
	static struct rrc_search_space_search_space_type type = {
		.tag = RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_UE_SPECIFIC
	};

	type.u.ue_specific.dci_formats =
		RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_UE_SPECIFIC_DCI_FORMATS_FORMATS0_0_AND_1_0;
	m.space[1] = m.space[0];
	m.space[1].search_space_id = SPACE + 1;
	m.space[1].search_space_type = &type;
	m.spaces.count = 2;
}

/*
 * 38.212 7.3.1.0 step 4: 106 blocks at 30 kHz, CORESET 0 of 48. DCI 1_0 has 28 bits beside the RIV: 39 in a
 * common space (11 of 48 blocks), 41 in one of the UE's own (13 of 106); with 0_1 of 37 and 1_1 of 42 those
 * are four sizes, so 39 is cut to. Then its RIV counts pairs of blocks (38.214 5.1.2.2.2: K is 2, the largest
 * below 106 / 48).
 */
static void test_cut(void **state)
{
	const struct served_cell was = served;
	struct served_cell_config c = { .pci = 500,
		.band = 78,
		.arfcn = 633334,
		.mu = 1,
		.bandwidth_mhz = 40,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000,
		.tdd_pattern = "DDDSU",
		.tdd_downlink_symbols = 10,
		.tdd_uplink_symbols = 2 };
	struct phy_dci dci = { .kind = PHY_DCI_1_0_C, .field = { [PHY_DCI_FREQUENCY] = 48 * 4 + 7 } };
	struct cell_pdsch_grant g;
	struct phy_dci_layout l;
	struct cell_own own;

	assert_null(served_cell_init(&served, &c));
	begin();
	add_fallback();
	own = taken();
	assert_true(own.sizes_cut);
	assert_true(cell_dci_layout(&l, &served.cell, &own, &served.cell.random_access, PHY_DCI_1_0_C) &&
		    l.bits == 39);
	assert_true(cell_dci_layout(&l, &served.cell, &own, &own.spaces[1], PHY_DCI_1_0_C) && l.bits == 39);
	assert_true(cell_dci_layout(&l, &served.cell, &own, &own.spaces[1], PHY_DCI_0_0) && l.bits == 39);
	assert_int_equal(cell_pdsch_grant(&g, &served.cell, &own, &own.spaces[1], RNTI, &dci), PHY_PDSCH_OK);
	assert_true(g.config.prbs.n == 10 && g.config.prbs.at[0] == 14 && g.config.prbs.at[9] == 23);
	m.spaces.count = 1; /* three sizes, with the common one: nothing is cut */
	own = taken();
	assert_false(own.sizes_cut);
	begin();
	served = was;
}

/* The rows of one port, of 38.212 Tables 7.3.1.2.2-1 to -4 and 7.3.1.1.2-8, -12, -16, -20: value, groups
 * without data, port, symbols; by type and length. */
static const char *const downlink_ports[2][2] = { { "0 1 0 1,1 1 1 1,3 2 0 1,4 2 1 1,5 2 2 1,6 2 3 1,",
							  "0 1 0 1,1 1 1 1,3 2 0 1,4 2 1 1,5 2 2 1,6 2 3 "
							  "1,12 2 0 2,13 2 1 2,14 2 2 2,15 2 3 2,16 2 4 2,"
							  "17 2 5 2,18 2 6 2,19 2 7 2," },
	{ "0 1 0 1,1 1 1 1,3 2 0 1,4 2 1 1,5 2 2 1,6 2 3 1,11 3 0 1,12 3 1 1,13 3 2 1,14 3 3 1,15 3 4 1,"
	  "16 3 5 1,",
		"0 1 0 1,1 1 1 1,3 2 0 1,4 2 1 1,5 2 2 1,6 2 3 1,11 3 0 1,12 3 1 1,13 3 2 1,14 3 3 1,15 3 4 "
		"1,"
		"16 3 5 1,24 3 0 2,25 3 1 2,26 3 2 2,27 3 3 2,28 3 4 2,29 3 5 2,30 3 6 2,31 3 7 2,32 3 8 2,"
		"33 3 9 2,34 3 10 2,35 3 11 2,48 1 0 2,49 1 1 2,50 1 6 2,51 1 7 2," } };
static const char *const uplink_ports[2][2] = {
	{ "0 1 0 1,1 1 1 1,2 2 0 1,3 2 1 1,4 2 2 1,5 2 3 1,",
		"0 1 0 1,1 1 1 1,2 2 0 1,3 2 1 1,4 2 2 1,5 2 3 1,6 2 0 2,7 2 1 2,8 2 2 2,9 2 3 2,10 2 4 2,"
		"11 2 5 2,12 2 6 2,13 2 7 2," },
	{ "0 1 0 1,1 1 1 1,2 2 0 1,3 2 1 1,4 2 2 1,5 2 3 1,6 3 0 1,7 3 1 1,8 3 2 1,9 3 3 1,10 3 4 1,11 3 5 "
	  "1,",
		"0 1 0 1,1 1 1 1,2 2 0 1,3 2 1 1,4 2 2 1,5 2 3 1,6 3 0 1,7 3 1 1,8 3 2 1,9 3 3 1,10 3 4 1,"
		"11 3 5 1,12 3 0 2,13 3 1 2,14 3 2 2,15 3 3 2,16 3 4 2,17 3 5 2,18 3 6 2,19 3 7 2,20 3 8 2,"
		"21 3 9 2,22 3 10 2,23 3 11 2,24 1 0 2,25 1 1 2,26 1 6 2,27 1 7 2," }
};

static void put_dmrs(char *out, size_t room, unsigned value, const struct phy_dmrs *d)
{
	size_t at = strlen(out);

	assert_true(at < room);
	snprintf(out + at, room - at, "%u %u %u %u,", value, d->groups_without_data, d->port,
		d->double_symbol ? 2 : 1);
}

static void test_antenna_ports(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		char down[512] = "", up[512] = "";
		struct cell_own own;

		begin();
		m.down_dmrs.u.setup.has_dmrs_type = m.up_dmrs.u.setup.has_dmrs_type = i >> 1;
		m.down_dmrs.u.setup.has_max_length = m.up_dmrs.u.setup.has_max_length = i & 1;
		own = taken();
		for (unsigned v = 0; v < 64; v++) {
			struct phy_dci dci = { .kind = PHY_DCI_1_1,
				.field = { [PHY_DCI_ANTENNA_PORTS] = v } };
			struct cell_pdsch_grant g;
			struct cell_pusch_grant u;

			if (cell_pdsch_grant(&g, &served.cell, &own, &own.spaces[0], RNTI, &dci) ==
				PHY_PDSCH_OK)
				put_dmrs(down, sizeof(down), v, &g.config.dmrs);
			dci.kind = PHY_DCI_0_1;
			dci.field[PHY_DCI_UL_SCH] = 1;
			if (cell_pusch_grant(&u, &served.cell, &own, &own.spaces[0], RNTI, &dci))
				put_dmrs(up, sizeof(up), v, &u.config.dmrs);
		}
		assert_string_equal(down, downlink_ports[i >> 1][i & 1]);
		assert_string_equal(up, uplink_ports[i >> 1][i & 1]);
	}
}

/* A DCI 1_1 with all that can be said, and what it means. */
static void test_downlink(void **state)
{
	struct phy_dci dci = { .kind = PHY_DCI_1_1,
		.field = { [PHY_DCI_FREQUENCY] = 0x2001, /* type 0: the first group and the last */
			[PHY_DCI_MCS] = 27,
			[PHY_DCI_RV] = 2,
			[PHY_DCI_NDI] = 1,
			[PHY_DCI_HARQ_PROCESS] = 9,
			[PHY_DCI_DAI] = 2,
			[PHY_DCI_PUCCH_RESOURCE] = 5,
			[PHY_DCI_HARQ_TIMING] = 2,
			[PHY_DCI_ANTENNA_PORTS] = 4,
			[PHY_DCI_DMRS_INIT] = 1 } };
	struct cell_pdsch_grant g;
	struct phy_pdsch plan;
	struct cell_own own;

	begin();
	m.pdsch_config.resource_allocation = RRC_PDSCH_CONFIG_RESOURCE_ALLOCATION_DYNAMIC_SWITCH;
	m.pdsch_config.has_mcs_table = true;
	m.pdsch_config.mcs_table = RRC_PDSCH_CONFIG_MCS_TABLE_QAM256;
	m.pdsch_config.has_data_scrambling_identity_pdsch = true;
	m.pdsch_config.data_scrambling_identity_pdsch = 77;
	m.down_dmrs.u.setup.has_dmrs_additional_position = true;
	m.down_dmrs.u.setup.dmrs_additional_position = RRC_DMRS_DOWNLINK_CONFIG_DMRS_ADDITIONAL_POSITION_POS1;
	m.down_dmrs.u.setup.has_scrambling_id1 = true;
	m.down_dmrs.u.setup.scrambling_id1 = 4711;
	own = taken();
	assert_int_equal(cell_pdsch_grant(&g, &served.cell, &own, &own.spaces[0], RNTI, &dci), PHY_PDSCH_OK);
	assert_int_equal(phy_pdsch_init(&plan, &g.config), PHY_PDSCH_OK);
	assert_true(g.k1 == 11 && g.harq_process == 9 && g.dai == 2 && g.pucch_resource == 5 && g.ndi);
	assert_true(g.config.mcs_table == PHY_MCS_256QAM && g.config.codeword[0].mcs == 27);
	assert_int_equal(g.config.n_id, 77);
	assert_true(
		g.config.dmrs.n_scid == 1 && g.config.dmrs.n_id[0] == 500 && g.config.dmrs.n_id[1] == 4711);
	assert_true(g.config.dmrs.additional == 1 && g.config.ports[0] == 1);
	assert_int_equal(g.config.prbs.n, 8 + 2); /* 106 is 13 groups of 8 and 2 blocks */
	assert_true(g.config.prbs.at[0] == 0 && g.config.prbs.at[9] == 105);
	assert_int_equal(g.config.prg_prbs, 2);
	assert_int_equal(own.lbrm_bits, phy_tbs_lbrm(106, 1, 8));
	dci.field[PHY_DCI_FREQUENCY] = 1u << 14 | (106 * 4 + 10); /* type 1: 5 blocks from 10 on */
	assert_int_equal(cell_pdsch_grant(&g, &served.cell, &own, &own.spaces[0], RNTI, &dci), PHY_PDSCH_OK);
	assert_true(g.config.prbs.n == 5 && g.config.prbs.at[0] == 10);
}

/* A hop: the first of the RIV's bits chooses the offset; the rest is 20 blocks from 3 on. */
static void test_hopping(void **state)
{
	struct phy_dci dci = { .kind = PHY_DCI_0_1,
		.field = { [PHY_DCI_FREQUENCY] = 1u << 12 | (106 * 19 + 3),
			[PHY_DCI_HOPPING] = 1,
			[PHY_DCI_UL_SCH] = 1,
			[PHY_DCI_DAI] = 1 } };
	struct cell_pusch_grant g;
	struct phy_pusch plan;
	struct cell_own own;

	begin();
	m.pusch_config.has_frequency_hopping = true;
	m.hops = (struct rrc_pusch_config_frequency_hopping_offset_lists){ 2, m.hop };
	m.hop[0] = 20;
	m.hop[1] = 53;
	m.pusch_config.frequency_hopping_offset_lists = &m.hops;
	own = taken();
	assert_true(cell_pusch_grant(&g, &served.cell, &own, &own.spaces[0], RNTI, &dci));
	assert_int_equal(phy_pusch_init(&plan, &g.config), PHY_PUSCH_OK);
	assert_true(g.config.hopping == PHY_PUSCH_HOPPING_INTRA && g.config.hop_offset == 53);
	assert_true(g.config.prbs.n == 20 && g.config.prbs.at[0] == 3 && g.dai == 2);
	dci.field[PHY_DCI_UL_SCH] = 0;
	assert_false(cell_pusch_grant(&g, &served.cell, &own, &own.spaces[0], RNTI, &dci));
}

/* A space is changed, its CORESET alone, and both go. */
static void test_deltas(void **state)
{
	uint8_t id = SPACE;
	struct rrc_pdcch_config_search_spaces_to_release_list gone = { 1, &id };
	struct cell_own own;

	begin();
	own = taken();
	assert_true(own.spaces[0].there && own.spaces[0].coreset.n_cce == 16 && !own.spaces[0].tci);
	m.pdcch.u.setup.search_spaces_to_add_mod_list = NULL;
	m.coreset.frequency_domain_resources = UINT64_C(0xf) << 41;
	m.coreset.duration = 3;
	m.coreset.cce_reg_mapping_type.u.interleaved.reg_bundle_size = 1; /* n3 */
	m.coreset.has_tci_present_in_dci = true;
	assert_null(read_into(&own));
	assert_true(own.spaces[0].coreset.n_cce == 12 && own.spaces[0].tci);
	m.pdcch.u.setup.control_resource_set_to_add_mod_list = NULL;
	m.pdcch.u.setup.search_spaces_to_release_list = &gone;
	assert_null(read_into(&own));
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		assert_false(own.spaces[i].there);
}

/* TRS as cells have them: row 1, density 3, symbols 4 and 8 of slots 7 and 8 of 20, over 52 blocks; and zero
 * power of two ports, row 3. 38.211 Table 7.4.1.5.3-1: subcarriers k0, k0 + 4, k0 + 8; two from k0 on. */
static void test_csi_rs(void **state)
{
	struct rrc_csi_resource_periodicity_and_offset at[2] = {
		{ RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS20, { .slots20 = 7 } },
		{ RRC_CSI_RESOURCE_PERIODICITY_AND_OFFSET_TAG_SLOTS20, { .slots20 = 8 } }
	};
	struct rrc_csi_rs_resource_mapping map = { .first_ofdm_symbol_in_time_domain = 4,
		.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_THREE,
		.freq_band = { 0, 52 } };
	struct rrc_nzp_csi_rs_resource nzp[4];
	struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list l = { 4, nzp };
	struct rrc_zp_csi_rs_resource zp = { .resource_mapping = map, .periodicity_and_offset = &at[0] };
	struct rrc_pdsch_config_zp_csi_rs_resource_to_add_mod_list zl = { 1, &zp };
	struct phy_reserved r[CELL_RESERVED_MAX];
	struct cell_own own;

	begin();
	map.frequency_domain_allocation.tag =
		RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_ROW1;
	map.frequency_domain_allocation.u.row1 = 2;
	for (uint8_t i = 0; i < 4; i++) {
		nzp[i] = (struct rrc_nzp_csi_rs_resource){ i, map, .periodicity_and_offset = &at[i / 2] };
		nzp[i].resource_mapping.first_ofdm_symbol_in_time_domain = i % 2 ? 8 : 4;
	}
	zp.resource_mapping.frequency_domain_allocation.tag =
		RRC_CSI_RS_RESOURCE_MAPPING_FREQUENCY_DOMAIN_ALLOCATION_TAG_OTHER;
	zp.resource_mapping.frequency_domain_allocation.u.other = 4; /* k0 is 4 */
	zp.resource_mapping.nrof_ports = RRC_CSI_RS_RESOURCE_MAPPING_NROF_PORTS_P2;
	zp.resource_mapping.cdm_type = RRC_CSI_RS_RESOURCE_MAPPING_CDM_TYPE_FD_CDM2;
	zp.resource_mapping.density.tag = RRC_CSI_RS_RESOURCE_MAPPING_DENSITY_TAG_ONE;
	zp.resource_mapping.first_ofdm_symbol_in_time_domain = 13;
	m.csi.tag = RRC_SETUP_RELEASE_CSI_MEAS_CONFIG_TAG_SETUP;
	m.csi.u.setup.nzp_csi_rs_resource_to_add_mod_list = &l;
	m.serving.csi_meas_config = &m.csi;
	m.pdsch_config.zp_csi_rs_resource_to_add_mod_list = &zl;
	own = taken();
	for (unsigned slot = 0; slot < 40; slot++)
		assert_int_equal(
			cell_own_reserved(&own, &served.cell, slot / 10, slot % 10, r), slot % 20 == 7   ? 3
											: slot % 20 == 8 ? 2
													 : 0);
	assert_int_equal(cell_own_reserved(&own, &served.cell, 0, 7, r), 3);
	assert_true(r[0].symbols == 1 << 4 && r[0].re == 0x222 && r[0].first_crb == 0 && r[0].prbs == 52);
	assert_true(r[1].symbols == 1 << 8 && r[1].re == 0x222);
	assert_true(r[2].symbols == 1 << 13 && r[2].re == 0x30);
	l.count = 1;
	nzp[0].periodicity_and_offset = NULL; /* asked for from now on */
	assert_null(read_into(&own));
	assert_int_equal(cell_own_reserved(&own, &served.cell, 0, 7, r), 2);
}

static void refused(const char *why)
{
	struct cell_own own, before;
	const char *wrong;

	cell_own_init(&own, &served.cell);
	before = own;
	wrong = read_into(&own);
	if (!wrong || strcmp(wrong, why) != 0)
		fail_msg("%s, not %s", wrong ? wrong : "taken", why);
	assert_memory_equal(&own, &before, sizeof(own));
	begin();
}

static void test_refused(void **state)
{
	begin();
	m.physical.has_pdsch_harq_ack_codebook_r16 = true;
	refused("an enhanced HARQ-ACK codebook");
	m.serving.has_first_active_downlink_bwp_id = true;
	m.serving.first_active_downlink_bwp_id = 1;
	refused("an active bandwidth part that is not there");
	m.pdsch_config.has_pdsch_aggregation_factor = true;
	refused("PDSCH in several slots");
	m.pusch_config.has_max_rank = true;
	m.pusch_config.max_rank = 2;
	refused("more than one layer of PUSCH");
	m.space[0].control_resource_set_id = 2;
	refused("a search space of a CORESET that is not there");
	m.monitoring.tag = RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL2;
	m.space[0].nrof_candidates = NULL;
	refused("a search space that is not told whole");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_antenna_ports),
		cmocka_unit_test(test_downlink),
		cmocka_unit_test(test_hopping),
		cmocka_unit_test(test_deltas),
		cmocka_unit_test(test_csi_rs),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
