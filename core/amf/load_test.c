/* Load control: who is put off, when and how, and what the gNBs are told. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

enum { AGE_US = AMF_OVERLOAD_AGE_MS * 1000 };

static void asks(struct amf_bed *b)
{
	struct nas_msg m = amf_bed_request();

	b->ran_id++;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
}

/* Another message, as old as that; the messages of a tick are, and the next one shows it. */
static void comes(struct amf_bed *b, uint32_t waited_us)
{
	struct ngap_ng_reset_acknowledge m = { 0 };

	b->waited_us = waited_us;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_NG_RESET_ACKNOWLEDGE, &m);
}

static void grows_old(struct amf_bed *b, uint32_t waited_us)
{
	amf_bed_pass(b, 100);
	comes(b, waited_us);
	amf_bed_pass(b, 100);
	comes(b, waited_us);
}

static void assert_backoff(bool has, uint8_t t3346)
{
	assert_true(has);
	assert_in_range(nas_timer2_s(t3346), 30, 46);
}

static void expect_put_off(struct amf_bed *b)
{
	struct ngap_pdu pdu;
	struct nas_msg m;

	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_CONGESTION);
	assert_backoff(m.registration_reject.has_t3346, m.registration_reject.t3346);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(
		pdu.u.ue_context_release_command->cause.u.misc, NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
}

/* 24.501 5.5.1.2.5: by the age of the message, before anybody else is asked. */
static void test_age(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	grows_old(b, AGE_US);
	asks(b);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	amf_bed_pass(b, 100);
	comes(b, AGE_US + 1);
	comes(b, AGE_US); /* the queue does not stand */
	amf_bed_pass(b, 100);
	comes(b, AGE_US + 1);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	grows_old(b, AGE_US + 1);
	asks(b);
	expect_put_off(b);
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 1);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 1);
	assert_int_equal(b->amf->stat[AMF_STAT_PUT_OFF], 1);
	assert_int_equal(amf_numbers(b->amf).ues, 1);
}

/* A process that has no time to spare is overloaded at half that age. */
static void test_busy(void **state)
{
	struct amf_bed *b = *state;

	grows_old(b, AGE_US / 2 + 1);
	b->busy_permille = AMF_OVERLOAD_CPU_PERCENT * 10 - 1;
	grows_old(b, AGE_US / 2 + 1);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	amf_bed_pass(b, 100);
	comes(b, 0);
	b->busy_permille++;
	grows_old(b, AGE_US / 2);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	grows_old(b, AGE_US / 2 + 1);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 1);
}

static void all_begin(struct amf_bed *b, unsigned count)
{
	struct nas_msg m;

	while (count-- > 0) {
		asks(b);
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	}
}

/* More under way than a busy process serves soon make a queue before there is one. */
static void test_flood(void **state)
{
	struct amf_bed *b = *state;

	b->busy_permille = AMF_OVERLOAD_CPU_PERCENT * 10 - 1;
	all_begin(b, 20);
	amf_bed_pass(b, 50);
	all_begin(b, 1);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	b->busy_permille++;
	all_begin(b, 4);
	amf_bed_pass(b, 50);
	asks(b); /* with the third of 50 ms: 25 take 10 * 25 / 4 * 50 ms, above all */
	expect_put_off(b);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 1);
}

/* As many are nothing to a process that serves them within the time. */
static void test_no_flood(void **state)
{
	struct amf_bed *b = *state;

	b->busy_permille = 1000;
	for (int looks = 0; looks < 4; looks++) {
		for (int i = 0; i < 20; i++)
			comes(b, 0);
		amf_bed_pass(b, 50);
		all_begin(b, 10); /* 40 in the end: 10 * 40 / 30 * 50 ms */
	}
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	b->amf->config.overload_backlog_ms = 600;
	for (int i = 0; i < 20; i++)
		comes(b, 0);
	amf_bed_pass(b, 50);
	asks(b);
	expect_put_off(b);
}

static void test_keys(void **state)
{
	struct amf_bed *b = *state;

	b->amf->config.overload_age_ms = 200;
	b->amf->config.overload_cpu_percent = 50;
	grows_old(b, 200000);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 0);
	b->busy_permille = 500;
	grows_old(b, 100001);
	assert_int_equal(b->amf->stat[AMF_STAT_OVERLOADS], 1);
}

/* 24.501 5.3.9: who is served all the same, even by a message that is older than anybody waits. */
static void test_priority(void **state)
{
	static const uint8_t causes[] = { NGAP_RRC_ESTABLISHMENT_CAUSE_EMERGENCY,
		NGAP_RRC_ESTABLISHMENT_CAUSE_HIGH_PRIORITY_ACCESS, NGAP_RRC_ESTABLISHMENT_CAUSE_MT_ACCESS,
		NGAP_RRC_ESTABLISHMENT_CAUSE_MPS_PRIORITY_ACCESS,
		NGAP_RRC_ESTABLISHMENT_CAUSE_MCS_PRIORITY_ACCESS };
	static const uint8_t others[] = { NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING,
		NGAP_RRC_ESTABLISHMENT_CAUSE_MO_DATA, NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SMS,
		NGAP_RRC_ESTABLISHMENT_CAUSE_NOT_AVAILABLE };
	struct amf_bed *b = *state;
	struct nas_msg m;

	grows_old(b, 2 * AGE_US);
	for (uint32_t waited_us = 2 * AGE_US; waited_us <= 100 * AGE_US; waited_us *= 50) {
		b->waited_us = waited_us;
		for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
			b->cause = (uint8_t)(causes[i] + 1);
			asks(b);
			amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
		}
	}
	b->waited_us = 2 * AGE_US;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		b->cause = (uint8_t)(others[i] + 1);
		asks(b);
		expect_put_off(b);
	}
}

/* What is under way goes on, however old its messages. */
static void test_under_way(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_secure(b);
	grows_old(b, 5 * AGE_US);
	amf_bed_complete_security(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

/* Nothing is kept of a UE that gives up anyway. */
static void test_hopeless(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	struct nas_msg m;

	b->waited_us = 30 * AGE_US;
	asks(b); /* alone it is what a pause left: it is served */
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	grows_old(b, 30 * AGE_US);
	asks(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(pdu.u.error_indication->ran_ue_ngap_id, b->ran_id);
	assert_false(pdu.u.error_indication->has_amf_ue_ngap_id);
	assert_int_equal(pdu.u.error_indication->cause->u.misc, NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD);
	amf_bed_silent(b);
	assert_int_equal(amf_numbers(b->amf).connections, 1);
}

/* 24.501 5.5.1.3.5, 5.6.1.5: a registered UE stays so, and its back-off is integrity protected. */
static void test_registered_ue(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_SERVICE_REQUEST };

	amf_bed_register(b);
	amf_bed_released(b);
	grows_old(b, 2 * AGE_US);
	amf_bed_again(b, NAS_REGISTRATION_PERIODIC, b->tmsi);
	expect_put_off(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	m.service_request.ngksi = b->ngksi;
	m.service_request.s_tmsi = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_S_TMSI,
		.s_tmsi = { b->config.guami.amf_set_id, b->config.guami.amf_pointer, b->tmsi } };
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_expect(b, NAS_SERVICE_REJECT, &m);
	assert_int_equal(m.service_reject.cause, NAS_5GMM_CONGESTION);
	assert_backoff(m.service_reject.has_t3346, m.service_reject.t3346);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	/* 5.3.9: a de-registration is taken. */
	m = (struct nas_msg){ .type = NAS_DEREGISTRATION_REQUEST_UE };
	m.deregistration_request_ue.deregistration_type = NAS_DEREGISTRATION_3GPP;
	m.deregistration_request_ue.ngksi = b->ngksi;
	m.deregistration_request_ue.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
			.guti = { b->config.guami, b->tmsi } };
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

static const struct ngap_overload_start *expect_start(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_sent(b, NGAP_MSG_OVERLOAD_START, &pdu));
	assert_non_null(pdu.u.overload_start->amf_overload_response);
	assert_int_equal(pdu.u.overload_start->amf_overload_response->u.overload_action,
		NGAP_OVERLOAD_ACTION_REJECT_RRC_CR_SIGNALLING);
	assert_true(pdu.u.overload_start->has_amf_traffic_load_reduction_indication);
	return pdu.u.overload_start;
}

/* 38.413 8.7.7, 8.7.8: as much as was refused, to all, also those that come later; less and less; and the
 * end. */
static void test_orders(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	uint8_t before, now, stops = 0;

	grows_old(b, 2 * AGE_US);
	for (int i = 0; i < 10; i++) {
		asks(b);
		expect_put_off(b);
	}
	b->waited_us = 0;
	amf_bed_pass(b, 100);
	before = expect_start(b)->amf_traffic_load_reduction_indication;
	assert_int_equal(before, 89); /* none of ten was taken: but not more than so much at once */
	amf_bed_ng_setup(b, 8, 2);
	assert_int_equal(expect_start(b)->amf_traffic_load_reduction_indication, before);
	for (int i = 0; i < 120; i++) {
		amf_bed_pass(b, 100);
		while (amf_bed_next(b, &pdu)) {
			stops += pdu.message == NGAP_MSG_OVERLOAD_STOP;
			if (pdu.message != NGAP_MSG_OVERLOAD_START)
				continue; /* NG RESET: the test's gNB confirms no release */
			assert_int_equal(stops, 0);
			now = pdu.u.overload_start->amf_traffic_load_reduction_indication;
			assert_true(now <= before);
			before = now;
		}
	}
	assert_true(before < 20);
	assert_int_equal(stops, 2);
	assert_false(timer_is_set(&b->amf->load.tick));
	/* One that comes now hears nothing. */
	amf_bed_ng_setup(b, 9, 3);
	amf_bed_silent(b);
}

/* The window bounds what is under way, even where messages are fresh. */
static void test_window(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	grows_old(b, 2 * AGE_US);
	b->waited_us = 0;
	for (int i = 0; i < 16; i++) {
		asks(b);
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	}
	asks(b);
	expect_put_off(b);
	/* It is widened where somebody is refused without need. */
	amf_bed_pass(b, 100); /* the tick with the overload */
	asks(b);
	amf_bed_pass(b, 100);
	while (amf_bed_next(b, &(struct ngap_pdu){ 0 }))
		;
	asks(b);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_age),
		TEST(test_busy),
		TEST(test_flood),
		TEST(test_no_flood),
		TEST(test_keys),
		TEST(test_priority),
		TEST(test_under_way),
		TEST(test_hopeless),
		TEST(test_registered_ue),
		TEST(test_orders),
		TEST(test_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
