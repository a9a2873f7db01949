/* Random values of every NGAP message, and of the transfer containers. */
#include "wire/ngap/ngap.h"

#include "wire/per/test_random.h"

enum {
	SEEDS = 200,
	BUDGET = 300, /* about so many composites a message */
};

static void test_messages(void **state)
{
	for (size_t i = 1; i < ngap_pdu_table.message_count; i++) {
		if (i != NGAP_MSG_PRIVATE_MESSAGE) /* has no IE to encode, and needs one */
			random_check(ngap_pdu_table.messages[i].type, PER_ALIGNED, SEEDS, BUDGET, NULL);
	}
}

static void test_transfers(void **state)
{
	static const struct per_type *const types[] = {
		&ngap_pdu_session_resource_setup_request_transfer_type,
		&ngap_pdu_session_resource_setup_response_transfer_type,
		&ngap_pdu_session_resource_setup_unsuccessful_transfer_type,
		&ngap_pdu_session_resource_modify_request_transfer_type,
		&ngap_pdu_session_resource_modify_response_transfer_type,
		&ngap_pdu_session_resource_modify_unsuccessful_transfer_type,
		&ngap_pdu_session_resource_modify_indication_transfer_type,
		&ngap_pdu_session_resource_modify_confirm_transfer_type,
		&ngap_pdu_session_resource_notify_transfer_type,
		&ngap_pdu_session_resource_notify_released_transfer_type,
		&ngap_pdu_session_resource_release_command_transfer_type,
		&ngap_pdu_session_resource_release_response_transfer_type,
		&ngap_path_switch_request_transfer_type,
		&ngap_path_switch_request_acknowledge_transfer_type,
		&ngap_path_switch_request_unsuccessful_transfer_type,
		&ngap_path_switch_request_setup_failed_transfer_type,
		&ngap_handover_required_transfer_type,
		&ngap_handover_request_acknowledge_transfer_type,
		&ngap_handover_command_transfer_type,
		&ngap_handover_preparation_unsuccessful_transfer_type,
		&ngap_handover_resource_allocation_unsuccessful_transfer_type,
		&ngap_ue_context_resume_request_transfer_type,
		&ngap_ue_context_resume_response_transfer_type,
		&ngap_ue_context_suspend_request_transfer_type,
		&ngap_secondary_rat_data_usage_report_transfer_type,
		&ngap_source_ngran_node_to_target_ngran_node_transparent_container_type,
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		random_check(types[i], PER_ALIGNED, SEEDS, BUDGET, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_transfers),
	};

	return cmocka_run_group_tests_name("ngap/types", tests, NULL, NULL);
}
