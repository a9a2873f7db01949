/* SIB1 as a UE reads it: one that a cell sends, changed in one place at a time, and what is wrong with it
 * then. */
#include "base/test.h"

#include <string.h>

#include "gnb/du/cell/served_cell.h"
#include "wire/rrc/rrc.h"

enum { ARENA = 1 << 16, SIB1_OCTETS = 512 };

static struct served_cell served;
static struct cell_found found;
static struct cell cell;

static void serve(uint8_t band, uint32_t arfcn, uint8_t mu)
{
	const struct served_cell_config c = { .pci = 500,
		.band = band,
		.mu = mu,
		.arfcn = arfcn,
		.bandwidth_mhz = 20,
		.mcc = { 9, 9, 9 },
		.mnc = { 7, 0 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x123450000,
		.tdd_pattern = { 'D', 'D', 'D', 'S', 'U' },
		.tdd_downlink_symbols = 6,
		.tdd_uplink_symbols = 4 };
	const char *wrong = served_cell_init(&served, &c);

	if (wrong)
		fail_msg("%s", wrong);
	found = (struct cell_found){ .pci = 500,
		.mu = mu,
		.l_max = served.broadcast.l_max,
		.ssb_hz = (uint64_t)((int64_t)served.broadcast.carrier_hz + served.broadcast.ssb_offset_hz),
		.mib = served.mib };
}

typedef struct rrc_serving_cell_config_common_sib sib;
typedef void change(sib *s);

static enum cell_error read_changed(change *c)
{
	uint8_t octets[SIB1_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));
	struct rrc_bcch_dl_sch_message m;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, NULL, 0, ARENA);
	assert_true(rrc_decode(&rrc_bcch_dl_sch_message_type, served.broadcast.sib1, &arena, &m, &diag));
	c(m.message.u.c1.u.system_information_block_type1.serving_cell_config_common);
	assert_true(rrc_encode(&rrc_bcch_dl_sch_message_type, &m, &w));
	arena_fini(&arena);
	return cell_read(&cell, &found, writer_bytes(&w));
}

#define DL(s)    ((s)->downlink_config_common.initial_downlink_bwp)
#define PDCCH(s) (DL(s).pdcch_config_common->u.setup)
#define UL(s)    ((s)->uplink_config_common->initial_uplink_bwp)
#define RACH(s)  (UL(s).rach_config_common->u.setup)
#define PUCCH(s) (UL(s).pucch_config_common->u.setup)
#define PUSCH(s) (UL(s).pusch_config_common->u.setup)

static void nothing(sib *s)
{
}

static void no_band(sib *s)
{
	s->downlink_config_common.frequency_info_dl.frequency_band_list.items[0].freq_band_indicator_nr =
		1000;
}

static void band_left_out(sib *s)
{
	s->downlink_config_common.frequency_info_dl.frequency_band_list.items[0].has_freq_band_indicator_nr =
		false;
}

static void other_spacing(sib *s)
{
	DL(s).generic_parameters.subcarrier_spacing = RRC_SUBCARRIER_SPACING_KHZ60;
}

static void extended_prefix(sib *s)
{
	DL(s).generic_parameters.has_cyclic_prefix = true;
}

static void no_such_carrier(sib *s)
{
	s->downlink_config_common.frequency_info_dl.scs_specific_carrier_list.items[0].subcarrier_spacing =
		RRC_SUBCARRIER_SPACING_KHZ60;
}

static void narrow_carrier(sib *s)
{
	s->downlink_config_common.frequency_info_dl.scs_specific_carrier_list.items[0].carrier_bandwidth--;
}

static void narrow_uplink(sib *s)
{
	s->uplink_config_common->frequency_info_ul.scs_specific_carrier_list.items[0].carrier_bandwidth--;
}

static void far_point_a(sib *s)
{
	s->downlink_config_common.frequency_info_dl.offset_to_point_a = 2199;
}

static void no_pdcch(sib *s)
{
	DL(s).pdcch_config_common = NULL;
}

static void pdcch_released(sib *s)
{
	DL(s).pdcch_config_common->tag = RRC_SETUP_RELEASE_PDCCH_CONFIG_COMMON_TAG_RELEASE;
}

static void no_access_space(sib *s)
{
	PDCCH(s).has_ra_search_space = false;
}

static void unknown_access_space(sib *s)
{
	PDCCH(s).ra_search_space = 39;
}

static void unknown_paging_space(sib *s)
{
	PDCCH(s).has_paging_search_space = true;
	PDCCH(s).paging_search_space = 39;
}

static void unknown_information_space(sib *s)
{
	PDCCH(s).has_search_space_other_system_information = true;
	PDCCH(s).search_space_other_system_information = 39;
}

static void information_where_sib1_is(sib *s)
{
	PDCCH(s).has_search_space_other_system_information = true;
	PDCCH(s).search_space_other_system_information = 0;
}

static void no_information(sib *s)
{
	PDCCH(s).has_search_space_other_system_information = false;
}

static void unknown_coreset(sib *s)
{
	PDCCH(s).common_search_space_list->items[0].control_resource_set_id = 5;
}

static void no_uplink(sib *s)
{
	s->uplink_config_common = NULL;
}

static void no_rach(sib *s)
{
	UL(s).rach_config_common = NULL;
}

static void rach_released(sib *s)
{
	UL(s).rach_config_common->tag = RRC_SETUP_RELEASE_RACH_CONFIG_COMMON_TAG_RELEASE;
}

static void no_pucch(sib *s)
{
	UL(s).pucch_config_common = NULL;
}

static void pucch_released(sib *s)
{
	UL(s).pucch_config_common->tag = RRC_SETUP_RELEASE_PUCCH_CONFIG_COMMON_TAG_RELEASE;
}

static void no_pucch_resource(sib *s)
{
	PUCCH(s).has_pucch_resource_common = false;
}

static void no_pusch(sib *s)
{
	UL(s).pusch_config_common = NULL;
}

static void pusch_released(sib *s)
{
	UL(s).pusch_config_common->tag = RRC_SETUP_RELEASE_PUSCH_CONFIG_COMMON_TAG_RELEASE;
}

static void no_pdsch(sib *s)
{
	DL(s).pdsch_config_common = NULL;
}

static void symbols_behind_the_slot(sib *s)
{
	DL(s).pdsch_config_common->u.setup.pdsch_time_domain_allocation_list->items[0]
		.start_symbol_and_length = 127;
}

static void uplink_behind_the_slot(sib *s)
{
	PUSCH(s).pusch_time_domain_allocation_list->items[0].start_symbol_and_length = 127;
}

static struct rrc_tdd_ul_dl_config_common tdd = { .reference_subcarrier_spacing =
							  RRC_SUBCARRIER_SPACING_KHZ15,
	.pattern1 = { RRC_TDD_UL_DL_PATTERN_DL_UL_TRANSMISSION_PERIODICITY_MS5, 3, 4, 1, 4 } };

static void with_tdd(sib *s)
{
	s->tdd_ul_dl_configuration_common = &tdd;
}

static void without_tdd(sib *s)
{
	s->tdd_ul_dl_configuration_common = NULL;
}

static void too_long_pattern(sib *s)
{
	s->tdd_ul_dl_configuration_common->pattern1.nrof_downlink_slots = 60;
}

static void too_fine_pattern(sib *s)
{
	s->tdd_ul_dl_configuration_common->reference_subcarrier_spacing = RRC_SUBCARRIER_SPACING_KHZ60;
}

struct variant {
	change *change;
	enum cell_error error;
};

static void check(const struct variant *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		enum cell_error e = read_changed(v[i].change);

		if (e != v[i].error)
			fail_msg("variant %zu: %s", i, cell_error_text(e));
	}
}

static void test_downlink(void **state)
{
	static const struct variant variants[] = { { nothing, CELL_OK }, { no_band, CELL_BAND },
		{ band_left_out, CELL_BAND }, { other_spacing, CELL_CARRIER },
		{ extended_prefix, CELL_CARRIER }, { no_such_carrier, CELL_CARRIER },
		{ narrow_carrier, CELL_CARRIER }, { far_point_a, CELL_SSB }, { no_pdcch, CELL_SPACE },
		{ pdcch_released, CELL_SPACE }, { no_access_space, CELL_SPACE },
		{ unknown_access_space, CELL_SPACE }, { unknown_paging_space, CELL_SPACE },
		{ unknown_coreset, CELL_SPACE }, { symbols_behind_the_slot, CELL_TIMES },
		{ with_tdd, CELL_TDD } };

	serve(3, 368500, 0);
	check(variants, ARRAY_LEN(variants));
	assert_int_equal(read_changed(no_pdsch), CELL_OK);
	assert_int_equal(cell.pdsch_times_n, 0);
	found.ssb_hz = 1;
	assert_int_equal(read_changed(nothing), CELL_SSB);
}

static void test_uplink(void **state)
{
	static const struct variant variants[] = { { no_uplink, CELL_RACH }, { no_rach, CELL_RACH },
		{ rach_released, CELL_RACH }, { no_pucch, CELL_RACH }, { pucch_released, CELL_RACH },
		{ no_pucch_resource, CELL_RACH }, { narrow_uplink, CELL_RACH },
		{ uplink_behind_the_slot, CELL_TIMES } };

	serve(3, 368500, 0);
	check(variants, ARRAY_LEN(variants));
	for (int released = 0; released <= 1; released++) {
		assert_int_equal(read_changed(released ? pusch_released : no_pusch), CELL_OK);
		assert_int_equal(cell.pusch_times_n, 0);
		assert_false(cell.has_p0_pusch);
		assert_int_equal(cell.msg3_delta_db, 0);
	}
}

/* What is wrong with other system information keeps nobody from camping. */
static void test_information(void **state)
{
	serve(3, 368500, 0);
	assert_int_equal(read_changed(unknown_information_space), CELL_OK);
	assert_false(cell.information.there);
	assert_int_equal(read_changed(no_information), CELL_OK);
	assert_false(cell.information.there);
	assert_int_equal(read_changed(information_where_sib1_is), CELL_OK);
	assert_true(cell.information.there && cell.information.id == 0);
}

static void powers(sib *s)
{
	s->ss_pbch_block_power = -7;
	PUSCH(s).has_p0_nominal_with_grant = true;
	PUSCH(s).p0_nominal_with_grant = -80;
	PUSCH(s).has_msg3_delta_preamble = true;
	PUSCH(s).msg3_delta_preamble = 3;
	PUCCH(s).has_p0_nominal = true;
	PUCCH(s).p0_nominal = -90;
	PUCCH(s).has_hopping_id = true;
	PUCCH(s).hopping_id = 99;
	RACH(s).has_total_number_of_ra_preambles = true;
	RACH(s).total_number_of_ra_preambles = 40;
	RACH(s).ssb_per_rach_occasion_and_cb_preambles_per_ssb = NULL;
	RACH(s).rach_config_generic.power_ramping_step = RRC_RACH_CONFIG_GENERIC_POWER_RAMPING_STEP_DB6;
}

static void powers_left_out(sib *s)
{
	PUSCH(s).has_p0_nominal_with_grant = PUSCH(s).has_msg3_delta_preamble = false;
	PUCCH(s).has_p0_nominal = PUCCH(s).has_hopping_id = false;
	RACH(s).has_total_number_of_ra_preambles = false;
	RACH(s).ssb_per_rach_occasion_and_cb_preambles_per_ssb = NULL;
}

static struct rrc_rach_config_common_ssb_per_rach_occasion_and_cb_preambles_per_ssb per;

static void preambles_per_block(sib *s)
{
	RACH(s).ssb_per_rach_occasion_and_cb_preambles_per_ssb = &per;
}

static void test_values(void **state)
{
	serve(3, 368500, 0);
	assert_int_equal(read_changed(powers), CELL_OK);
	assert_int_equal(cell.ssb_power_dbm, -7);
	assert_true(cell.has_p0_pusch && cell.p0_pusch_dbm == -80);
	assert_int_equal(cell.msg3_delta_db, 6);
	assert_int_equal(cell.p0_pucch_dbm, -90);
	assert_int_equal(cell.pucch_hopping_id, 99);
	assert_int_equal(cell.access.preambles, 40);
	assert_int_equal(cell.access.ramping_step_db, 6);
	assert_int_equal(read_changed(powers_left_out), CELL_OK);
	assert_false(cell.has_p0_pusch);
	assert_int_equal(cell.msg3_delta_db, 0);
	assert_int_equal(cell.p0_pucch_dbm, 0);
	assert_int_equal(cell.pucch_hopping_id, 500);
	assert_int_equal(cell.access.preambles, 64);
	per.tag = RRC_RACH_CONFIG_COMMON_SSB_PER_RACH_OCCASION_AND_CB_PREAMBLES_PER_SSB_TAG_ONE;
	per.u.one = 2; /* n12 */
	assert_int_equal(read_changed(preambles_per_block), CELL_OK);
	assert_int_equal(cell.access.preambles, 12);
	per.tag = RRC_RACH_CONFIG_COMMON_SSB_PER_RACH_OCCASION_AND_CB_PREAMBLES_PER_SSB_TAG_ONE_HALF;
	per.u.one_half = 2;
	assert_int_equal(read_changed(preambles_per_block), CELL_RACH);
}

/* A cell of unpaired spectrum has a pattern, one of paired spectrum none. */
static void test_tdd(void **state)
{
	static const struct variant variants[] = { { nothing, CELL_OK }, { without_tdd, CELL_TDD },
		{ too_long_pattern, CELL_TDD }, { too_fine_pattern, CELL_TDD } };

	serve(78, 650000, 1);
	check(variants, ARRAY_LEN(variants));
	serve(3, 368500, 0);
	found.mu = 2;
	assert_int_equal(read_changed(nothing), CELL_SSB);
	found.mu = 1; /* SIB1 is of another spacing than the blocks */
	assert_int_equal(read_changed(nothing), CELL_SSB);
	found.mu = 0;
	found.l_max = 64;
	assert_int_equal(read_changed(nothing), CELL_SSB);
	found.l_max = 8;
	assert_int_equal(cell_read(&cell, &found, bytes_of_str("no SIB1")), CELL_NO_SIB1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_downlink),
		cmocka_unit_test(test_uplink),
		cmocka_unit_test(test_information),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_tdd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
