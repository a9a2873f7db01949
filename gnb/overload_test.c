/* OVERLOAD START and STOP (38.413 8.7.7, 8.7.8): which connections are rejected, and how many. */
#include "gnb/gnb_bed.h"

static const uint8_t nas[] = { 0x7e, 0, 0x41 };

static uint32_t index_of_last = 100;

/* True: it goes on to the AMF. */
static bool comes(struct bed *b, uint8_t cause)
{
	struct uu_rrc_msg m = { .type = UU_RRC_SETUP_REQUEST, .cause = cause, .nas = BYTES(nas) };
	uint8_t buf[64];
	struct writer w = writer_of(buf, sizeof(buf));

	bed_forget(b);
	assert_true(uu_rrc_encode(&m, &w));
	bed_ue_sends_pdu(b, (struct uu_pdu){ ++index_of_last, UU_SRB0, writer_bytes(&w) });
	return bed_next(b, GNB_PORT_N2) != NULL;
}

/* percent 0: without the IE. */
static void starts(struct bed *b, int action, uint8_t percent)
{
	struct ngap_overload_response r = { .tag = NGAP_OVERLOAD_RESPONSE_TAG_OVERLOAD_ACTION,
		.u.overload_action = (enum ngap_overload_action)action };
	struct ngap_overload_start m = { .amf_overload_response = action < 0 ? NULL : &r,
		.has_amf_traffic_load_reduction_indication = percent > 0,
		.amf_traffic_load_reduction_indication = percent };

	bed_amf_sends(b, NGAP_MSG_OVERLOAD_START, &m);
}

/* 8.7.7.2, by the causes of 38.331: emergency, highPriorityAccess, mt-Access, mo-Signalling, mo-Data,
 * mo-VoiceCall, mo-VideoCall, mo-SMS, mps-PriorityAccess, mcs-PriorityAccess. */
static void test_actions(void **state)
{
	static const char passes[NGAP_OVERLOAD_ACTION_N][11] = {
		[NGAP_OVERLOAD_ACTION_REJECT_NON_EMERGENCY_MO_DT] = "yyyynnnnyy",
		[NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING] = "yyynnnnnyy",
		[NGAP_OVERLOAD_ACTION_PERMIT_EMERGENCY_SESSIONS_AND_MOBILE_TERMINATED_SERVICES_ONLY] =
			"ynynnnnnnn",
		[NGAP_OVERLOAD_ACTION_PERMIT_HIGH_PRIORITY_SESSIONS_AND_MOBILE_TERMINATED_SERVICES_ONLY] =
			"nyynnnnnyy",
	};
	struct bed *b = *state;

	bed_ready(b);
	for (int action = 0; action < NGAP_OVERLOAD_ACTION_N; action++) {
		starts(b, action, 0); /* replaces the one before */
		for (uint8_t cause = 0; cause <= UU_RRC_CAUSE_MAX; cause++)
			if (comes(b, cause) != (passes[action][cause] == 'y'))
				fail_msg("action %d, cause %u", action, cause);
	}
	assert_int_equal(bed_stat(b, GNB_STAT_OVERLOAD_REJECTED), 4 + 5 + 8 + 6);
}

/* So many of a hundred, evenly; and each UE that is rejected waits. */
static void test_percentage(void **state)
{
	static const uint8_t percents[] = { 1, 30, 50, 99 };
	struct bed *b = *state;

	bed_ready(b);
	for (size_t i = 0; i < ARRAY_LEN(percents); i++) {
		unsigned rejected = 0;

		starts(b, NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING, percents[i]);
		for (int k = 0; k < 100; k++) {
			struct uu_rrc_msg m;

			if (comes(b, UU_RRC_MO_SIGNALLING))
				continue;
			rejected++;
			m = bed_ue_gets(b, UU_RRC_REJECT);
			assert_in_range(m.wait_s, 1, UU_RRC_WAIT_MAX_S);
		}
		assert_in_range(rejected, percents[i] - 1, percents[i] + 1);
	}
}

static void test_end(void **state)
{
	static const char no_ies;
	struct bed *b = *state;

	bed_ready(b);
	starts(b, NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING, 0);
	assert_false(comes(b, UU_RRC_MO_SIGNALLING));
	bed_amf_sends(b, NGAP_MSG_OVERLOAD_STOP, &no_ies);
	assert_true(comes(b, UU_RRC_MO_SIGNALLING));
	/* Without an action nothing is to be reduced. */
	starts(b, NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING, 0);
	starts(b, -1, 50);
	assert_true(comes(b, UU_RRC_MO_SIGNALLING));
	assert_true(comes(b, UU_RRC_MO_SIGNALLING));
}

/* Another association knows nothing of it. */
static void test_new_association(void **state)
{
	struct bed *b = *state;

	bed_ready(b);
	starts(b, NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING, 0);
	bed_deliver(b, &(struct msg){ .kind = MSG_DOWN, .port = GNB_PORT_N2, .assoc = ASSOC });
	bed_pass(b, GNB_RECONNECT_MS);
	bed_ready(b);
	assert_true(comes(b, UU_RRC_MO_SIGNALLING));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_actions, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_percentage, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_end, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_new_association, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
