/* Random values of the RRC messages of every logical channel, and of what nodes exchange. */
#include "wire/rrc/rrc.h"

#include "wire/per/test_random.h"

enum {
	SEEDS = 300,
	BUDGET = 400, /* about so many composites a message */
};

static void test_messages(void **state)
{
	static const struct per_type *const types[] = {
		&rrc_bcch_bch_message_type,
		&rrc_bcch_dl_sch_message_type,
		&rrc_dl_ccch_message_type,
		&rrc_dl_dcch_message_type,
		&rrc_mcch_message_r17_type,
		&rrc_pcch_message_type,
		&rrc_ul_ccch_message_type,
		&rrc_ul_ccch1_message_type,
		&rrc_ul_dcch_message_type,
		&rrc_cell_group_config_type,
		&rrc_radio_bearer_config_type,
		&rrc_serving_cell_config_common_type,
		&rrc_system_information_type,
		&rrc_sib1_type,
		&rrc_ue_nr_capability_type,
		&rrc_ue_mrdc_capability_type,
		&rrc_meas_results_type,
		&rrc_handover_command_type,
		&rrc_handover_preparation_information_type,
		&rrc_cg_config_type,
		&rrc_cg_config_info_type,
		&rrc_measurement_timing_configuration_type,
		&rrc_ue_radio_paging_information_type,
		&rrc_ue_radio_access_capability_information_type,
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		random_check(types[i], PER_UNALIGNED, SEEDS, BUDGET, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests_name("rrc/types", tests, NULL, NULL);
}
