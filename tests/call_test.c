/* Calls from end to end: UE, gNB, AMF, AUSF, UDM, UDR, PCF, NSSF, NRF and SMF in one process. */
#include "tests/call_bed.h"

static void test_ng_setup(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 1);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NG_SETUPS), 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).gnbs, 1);
}

static struct ue *registered(struct call_bed *b, unsigned n)
{
	struct ue *ue;

	call_start(b);
	call_subscribe(b, n);
	ue = call_ue(b, n);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
	return ue;
}

static void test_registration(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);
	struct ue_state s = call_state(ue);

	assert_true(s.connected && s.secured && s.has_guti);
	assert_int_equal(s.ea, 2);
	assert_int_equal(s.ia, 2);
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
	assert_int_equal(gnb_numbers(b->gnb).contexts, 1);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_INTEGRITY), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NAS_UNEXPECTED), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_UNEXPECTED), 0);
	assert_int_equal(call_amf_stat(b, AMF_STAT_NGAP_REFUSED), 0);
}

static void test_deregistration(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);

	assert_true(ue_deregister(ue, false));
	call_run(b);
	assert_false(call_state(ue).registered);
	assert_false(call_state(ue).connected);
	assert_string_equal(call_state(ue).mm_state, "5GMM-DEREGISTERED");
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	/* and once more, with the GUTI the AMF has forgotten */
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
}

static void test_switch_off(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = registered(b, 1);

	ue_deregister(ue, true);
	assert_false(call_state(ue).registered);
	call_run(b);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ng_setup, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_registration, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_deregistration, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_switch_off, call_setup, call_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
