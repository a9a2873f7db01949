/* Release in every direction, the user plane's coming and going, and malformed 5GSM messages. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

#define RELEASE_REQUEST  "2e 01 09 d1"
#define RELEASE_COMPLETE "2e 01 09 d4"

static void assert_released(struct bed *b, uint32_t notifications)
{
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
	assert_int_equal(b->session_count, 0);
	assert_int_equal(b->deregistrations, 1);
	assert_int_equal(b->policies_deleted, 1);
	assert_int_equal(b->notifications, notifications);
	assert_int_equal(bed_stat(b, SMF_STAT_RELEASES), 1);
}

static void check_command(struct bed *b, const struct bed_delivery *d, uint8_t pti, uint8_t cause, bool n2)
{
	struct nas_msg m = bed_nas(b, &d->n1);
	struct ngap_pdu_session_resource_release_command_transfer t = { 0 };
	struct per_diag diag = { 0 };

	assert_int_equal(m.type, NAS_PDU_SESSION_RELEASE_COMMAND);
	assert_int_equal(m.pti, pti);
	assert_int_equal(m.pdu_session_release_command.cause, cause);
	assert_int_equal(d->n2_type, n2 ? N2_SM_PDU_RES_REL_CMD : N2_SM_ABSENT);
	if (n2)
		assert_true(ngap_value_decode(&ngap_pdu_session_resource_release_command_transfer_type,
			bytes_of(d->n2.data, d->n2.len), &b->arena, &t, &diag));
}

static void ue_releases(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	check_command(b, &b->answer, 9, NAS_5GSM_REGULAR_DEACTIVATION, true);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_update_n1(b, RELEASE_COMPLETE);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_released(b, 1);
	assert_int_equal(strtoul(b->notified, NULL, 16), 1);
	assert_int_equal(b->usage_uplink, 1000);
	assert_int_equal(b->usage_downlink, 2000);
	assert_int_equal(store_mem_stats(b->store).entries, 3); /* recovery time stamps, instance id */
}

static void ue_releases_complete_first(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	bed_update_n1(b, RELEASE_COMPLETE);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_released(b, 1);
}

static void ue_repeats_its_request(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	bed_update_n1(b, "2e 01 0a d1"); /* T3582: again, with another PTI */
	check_command(b, &b->answer, 10, NAS_5GSM_REGULAR_DEACTIVATION, true);
	bed_update_n1(b, RELEASE_COMPLETE); /* of the old one */
	assert_int_equal(bed_nas(b, &b->answer.n1).gsm_status.cause, NAS_5GSM_PTI_MISMATCH);
	bed_update_n1(b, "2e 01 0a d4");
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_released(b, 1);
}

static void network_releases(void **state)
{
	struct bed *b = *state;
	struct supi supi = { "001010000000001" };

	bed_establish(b);
	assert_false(smf_release_session(b->smf, &supi, 2, NAS_5GSM_REACTIVATION_REQUESTED));
	assert_true(smf_release_session(b->smf, &supi, 1, NAS_5GSM_REACTIVATION_REQUESTED));
	bed_run(b);
	check_command(b, bed_last_transfer(b), 0, NAS_5GSM_REACTIVATION_REQUESTED, true);
	bed_update_n1(b, RELEASE_REQUEST); /* collision: the network's goes on */
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.n1.len, 0);
	bed_update_n1(b, "2e 01 00 d4");
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	assert_released(b, 1);
}

static void idle_ue_is_not_paged_for_a_release(void **state)
{
	struct bed *b = *state;
	struct supi supi = { "001010000000001" };

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	b->transfer_cause = SBI_UE_IN_CM_IDLE_STATE;
	assert_true(smf_release_session(b->smf, &supi, 1, NAS_5GSM_REGULAR_DEACTIVATION));
	bed_run(b);
	assert_released(b, 1);
}

static void amf_orders_release(void **state)
{
	struct bed *b = *state;
	struct nsmf_update_sm_context_req req = { .data.release = true };

	bed_establish(b);
	req.sm_context_ref = b->ref;
	sbi_call(b->amf, sbi_any(b->bus, NF_SMF), SBI_SMF_UPDATE_SM_CONTEXT, &req, (struct sbi_token){ 0 });
	bed_run(b);
	check_command(b, &b->answer, 0, NAS_5GSM_REGULAR_DEACTIVATION, true);
	bed_update_cnx(b, UP_CNX_DEACTIVATED); /* the gNB is gone instead of answering */
	bed_update_n1(b, "2e 01 00 d4");
	assert_released(b, 1);
}

static void t3592_repeats_then_gives_up(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, RELEASE_REQUEST);
	b->transfer_count = 0;
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	bed_pass(b, 4 * SMF_T3592_MS + 1000);
	assert_int_equal(b->transfer_count, SMF_RETRIES_MAX);
	check_command(b, bed_last_transfer(b), 9, NAS_5GSM_REGULAR_DEACTIVATION, false);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_pass(b, SMF_T3592_MS);
	assert_int_equal(bed_stat(b, SMF_STAT_T3592_EXPIRED), 1);
	assert_released(b, 1);
}

static void ue_without_the_session(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_n1(b, "2e 01 00 d6 2b"); /* STATUS #43 outside a release changes nothing */
	assert_int_equal(smf_numbers(b->smf).active, 1);
	bed_update_n1(b, RELEASE_REQUEST);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b));
	bed_update_n1(b, "2e 01 09 d6 2b");
	assert_released(b, 1);
}

static void amf_releases_locally(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->transfer_count = 0;
	bed_release(b);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->transfer_count, 0);
	assert_released(b, 0);
	bed_release(b);
	assert_int_equal(b->answer.cause, SBI_CONTEXT_NOT_FOUND);
	bed_update_n1(b, RELEASE_REQUEST);
	assert_int_equal(b->answer.cause, SBI_CONTEXT_NOT_FOUND);
}

static void amf_releases_in_every_state(void **state)
{
	for (int at = 0; at < 6; at++) {
		struct bed *b = bed_new();

		b->upf_off = at == 0;
		bed_create(b, "internet", 1, BED_REQUEST); /* 0: establishing, 1: accepting */
		b->upf_off = at == 2;
		if (at >= 2) /* 2: connecting */
			bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
		b->upf_off = at == 3;
		if (at >= 3) /* 3: disconnecting, 4: inactive */
			bed_update_cnx(b, UP_CNX_DEACTIVATED);
		if (at == 5) /* releasing */
			bed_update_n1(b, RELEASE_REQUEST);
		b->upf_off = false;
		bed_release(b);
		bed_pass(b, 5000);
		assert_int_equal(smf_numbers(b->smf).sessions, 0);
		assert_int_equal(smf_numbers(b->smf).active, 0);
		assert_int_equal(b->session_count, 0);
		assert_int_equal(b->policies_deleted, 1);
		assert_int_equal(b->notifications, 0);
		bed_free(b);
	}
}

static void silent_upf_does_not_hold_a_release(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	b->upf_off = true;
	bed_release(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_create(b, "internet", 1, BED_REQUEST); /* a new one may begin meanwhile */
	bed_pass(b, PFCP_GIVE_UP_MS);
	assert_int_equal(b->policies_deleted, 1); /* the new one was given up */
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	bed_pass(b, 20000);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 0);
	b->upf_off = false;
	bed_pass(b, 60000); /* what the UPF still has is deleted when it is back */
	assert_int_equal(b->session_count, 0);
	assert_int_equal(b->policies_deleted, 2);
	assert_int_equal(b->usage_uplink, 1000);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_int_equal(smf_numbers(b->smf).addresses, 0);
}

static void idle_and_back(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->answer.cause, SBI_OK);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);
	assert_false(b->sessions[0].forwards);
	assert_int_equal(smf_numbers(b->smf).active, 0);
	bed_update_cnx(b, UP_CNX_DEACTIVATED); /* again: nothing to do */
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_DEACTIVATED);

	bed_update_cnx(b, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATING);
	assert_int_equal(b->answer.n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_true(b->answer.n2.len > 0);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040002, 0x99));
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_true(b->sessions[0].forwards);
	assert_int_equal(b->sessions[0].dl_teid, 0x99);
	assert_int_equal(bed_stat(b, SMF_STAT_ACTIVATIONS), 1);

	bed_update_cnx(b, UP_CNX_ACTIVATING); /* the gNB has it: nothing is set up twice */
	assert_int_equal(b->answer.up_cnx_state, UP_CNX_ACTIVATED);
	assert_int_equal(b->answer.n2.len, 0);
	assert_true(b->sessions[0].forwards);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	bed_update_cnx(b, UP_CNX_ACTIVATING); /* the gNB cannot take it */
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_FAIL, bed_setup_failure(b));
	assert_int_equal(smf_numbers(b->smf).active, 0);
	assert_int_equal(smf_numbers(b->smf).sessions, 1);
	assert_false(b->sessions[0].forwards);
	bed_update_cnx(b, UP_CNX_ACTIVATING); /* and one that never answers */
	bed_pass(b, SMF_SETUP_GUARD_MS + 1000);
	bed_update_n1(b, RELEASE_REQUEST); /* released while idle: no N2 */
	check_command(b, &b->answer, 9, NAS_5GSM_REGULAR_DEACTIVATION, false);
	bed_update_n1(b, RELEASE_COMPLETE);
	assert_released(b, 1);
}

static void malformed_messages(void **state)
{
	static const struct {
		const char *n1;
		enum nas_msg_type type;
		uint8_t cause;
	} cases[] = {
		{ "2e 01 09 fe", NAS_GSM_STATUS, NAS_CAUSE_MESSAGE_UNKNOWN },
		{ "2e 01 09 d6", NAS_GSM_STATUS, NAS_CAUSE_INVALID_MANDATORY },
		{ "2e 02 09 d1", NAS_GSM_STATUS, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY },
		{ "2e 01 09 d4", NAS_GSM_STATUS, NAS_5GSM_PTI_MISMATCH },
		{ "2e 01 09 cc", NAS_GSM_STATUS, NAS_5GSM_PTI_MISMATCH },
		{ "2e 01 09 d3 24", NAS_GSM_STATUS, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE },
		/* a PDU SESSION AUTHENTICATION COMPLETE that nothing was asked for */
		{ "2e 01 00 c6 0005 0207000501", NAS_GSM_STATUS, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE },
		{ "2e 01 00 d1", NAS_PDU_SESSION_RELEASE_REJECT, NAS_5GSM_INVALID_PTI_VALUE },
		{ "2e 01 ff d1", NAS_PDU_SESSION_RELEASE_REJECT, NAS_5GSM_INVALID_PTI_VALUE },
		{ "2e 01 00 c9", NAS_PDU_SESSION_MODIFICATION_REJECT, NAS_5GSM_INVALID_PTI_VALUE },
	};
	struct bed *b = *state;

	bed_establish(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;
		uint8_t cause;

		bed_update_n1(b, cases[i].n1);
		assert_int_equal(b->answer.cause, SBI_OK);
		m = bed_nas(b, &b->answer.n1);
		assert_int_equal(m.type, cases[i].type);
		cause = m.type == NAS_GSM_STATUS                   ? m.gsm_status.cause
			: m.type == NAS_PDU_SESSION_RELEASE_REJECT ? m.pdu_session_release_reject.cause
								   : m.pdu_session_modification_reject.cause;
		assert_int_equal(cause, cases[i].cause);
	}
	bed_update_n1(b, "2e"); /* too short: ignored */
	assert_int_equal(b->answer.n1.len, 0);
	bed_update_n2(b, N2_SM_PATH_SWITCH_REQ, bed_release_response(b));
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	bed_update_n2(b, N2_SM_PDU_RES_REL_RSP, bed_release_response(b)); /* nobody is releasing */
	assert_int_equal(b->answer.cause, SBI_N2_SM_ERROR);
	str_copy(b->ref, sizeof(b->ref), "not a reference");
	bed_update_n1(b, RELEASE_REQUEST);
	assert_int_equal(b->answer.cause, SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(smf_numbers(b->smf).active, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(ue_releases),
		TEST(ue_releases_complete_first),
		TEST(ue_repeats_its_request),
		TEST(network_releases),
		TEST(idle_ue_is_not_paged_for_a_release),
		TEST(amf_orders_release),
		TEST(t3592_repeats_then_gives_up),
		TEST(ue_without_the_session),
		TEST(amf_releases_locally),
		cmocka_unit_test(amf_releases_in_every_state),
		TEST(silent_upf_does_not_hold_a_release),
		TEST(idle_and_back),
		TEST(malformed_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
