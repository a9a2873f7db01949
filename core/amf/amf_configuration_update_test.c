/* AMF Configuration Update and AMF Status Indication, 38.413 8.7.3 and 8.7.6. */
#include "core/amf/amf_bed.h"

enum { OTHER_ASSOC = 8 };

static void set_capacity(struct amf_bed *b, uint8_t capacity)
{
	b->config.relative_capacity = capacity;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
}

static void expect_update(struct amf_bed *b, uint8_t capacity)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_AMF_CONFIGURATION_UPDATE);
	assert_int_equal(pdu.u.amf_configuration_update->relative_amf_capacity, capacity);
}

static void acknowledge(struct amf_bed *b, uint64_t assoc)
{
	const struct ngap_amf_configuration_update_acknowledge ack = { 0 };

	amf_bed_give(b, assoc, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack);
}

static void refuse(struct amf_bed *b, bool wait)
{
	const struct ngap_amf_configuration_update_failure m = { .cause = ngap_cause_of_misc(
									 NGAP_CAUSE_MISC_UNSPECIFIED),
		.has_time_to_wait = wait,
		.time_to_wait = NGAP_TIME_TO_WAIT_V20S };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_AMF_CONFIGURATION_UPDATE_FAILURE, &m);
}

/* Each gNB is told what has changed for it, once; what changes meanwhile when it has answered. */
static void test_update(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_ng_setup(b, OTHER_ASSOC, 2);
	set_capacity(b, 10);
	expect_update(b, 10);
	expect_update(b, 10);
	amf_bed_silent(b);
	set_capacity(b, 20);
	amf_bed_silent(b);
	acknowledge(b, BED_ASSOC);
	expect_update(b, 20);
	acknowledge(b, BED_ASSOC);
	acknowledge(b, OTHER_ASSOC);
	expect_update(b, 20);
	acknowledge(b, OTHER_ASSOC);
	set_capacity(b, 20);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_UPDATES], 4);
	acknowledge(b, BED_ASSOC); /* of nothing */
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], 1);
}

/* A slice comes: each gNB is told all of them, and a capacity later without. */
static void test_slices(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_plmn_support_list *list;
	struct ngap_pdu pdu;
	struct snssai s;

	b->config.slices[1] = (struct snssai){ 2, 0x010203 };
	b->config.slice_count = 2;
	amf_take_config(b->amf, &b->config);
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_AMF_CONFIGURATION_UPDATE);
	list = pdu.u.amf_configuration_update->plmn_support_list;
	assert_non_null(list);
	assert_int_equal(list->count, 1);
	assert_int_equal(list->items[0].slice_support_list.count, 2);
	s = ngap_snssai(&list->items[0].slice_support_list.items[1].s_nssai);
	assert_true(snssai_equal(&s, &b->config.slices[1]));
	acknowledge(b, BED_ASSOC);
	amf_bed_silent(b);
	set_capacity(b, 7);
	assert_true(amf_bed_next(b, &pdu));
	assert_null(pdu.u.amf_configuration_update->plmn_support_list);
	acknowledge(b, BED_ASSOC);
	amf_bed_ng_setup(b, OTHER_ASSOC, 2); /* who comes later knows them */
	amf_bed_silent(b);
}

/* 8.7.3.4: the same again, though the capacity is another one by now; in the end it is given up. */
static void test_silence(void **state)
{
	struct amf_bed *b = *state;

	set_capacity(b, 10);
	expect_update(b, 10);
	set_capacity(b, 20);
	for (int i = 0; i < 3; i++) {
		amf_bed_silent(b);
		amf_bed_pass(b, AMF_UPDATE_GUARD_S * 1000);
		expect_update(b, 10);
	}
	amf_bed_pass(b, AMF_UPDATE_GUARD_S * 1000);
	assert_int_equal(b->amf->stat[AMF_STAT_UPDATES_FAILED], 1);
	expect_update(b, 20);
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	amf_bed_pass(b, 60000);
	amf_bed_silent(b); /* the next NG Setup tells it */
}

/* 8.7.3.3: after its time to wait; without one it is not asked again. */
static void test_refused(void **state)
{
	struct amf_bed *b = *state;

	set_capacity(b, 10);
	expect_update(b, 10);
	refuse(b, true);
	amf_bed_pass(b, 19000);
	amf_bed_silent(b);
	amf_bed_pass(b, 1500);
	expect_update(b, 10);
	refuse(b, false);
	amf_bed_pass(b, 120000);
	amf_bed_silent(b);
	assert_int_equal(b->amf->stat[AMF_STAT_UPDATES_FAILED], 2);
	refuse(b, false); /* of nothing */
	assert_int_equal(b->amf->stat[AMF_STAT_NGAP_UNEXPECTED], 1);
}

/* Each value of Time To Wait (9.3.1.56), to the millisecond. */
static void test_time_to_wait(void **state)
{
	static const uint8_t waits_s[] = { 1, 2, 5, 10, 20, 60 };
	struct amf_bed *b = *state;

	for (size_t i = 0; i < ARRAY_LEN(waits_s); i++) {
		const struct ngap_amf_configuration_update_failure m = { .cause = ngap_cause_of_misc(
										 NGAP_CAUSE_MISC_UNSPECIFIED),
			.has_time_to_wait = true,
			.time_to_wait = (enum ngap_time_to_wait)i };

		set_capacity(b, (uint8_t)(10 + i));
		expect_update(b, (uint8_t)(10 + i));
		amf_bed_give(b, BED_ASSOC, NGAP_MSG_AMF_CONFIGURATION_UPDATE_FAILURE, &m);
		amf_bed_pass(b, waits_s[i] * 1000u - 1);
		amf_bed_silent(b);
		amf_bed_pass(b, 1);
		expect_update(b, (uint8_t)(10 + i));
		acknowledge(b, BED_ASSOC);
	}
}

static void test_status_indication(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;
	struct guami guami;

	amf_bed_deliver(b, 9, MSG_UP, BYTES_NONE); /* not set up: it knows nothing that could go */
	amf_close(b->amf);
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_AMF_STATUS_INDICATION);
	assert_int_equal(b->sent_to[b->read - 1], BED_ASSOC);
	guami = ngap_guami(&pdu.u.amf_status_indication->unavailable_guami_list.items[0].guami);
	assert_true(guami_equal(&guami, &b->config.guami));
	amf_bed_silent(b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_update),
		TEST(test_slices),
		TEST(test_silence),
		TEST(test_refused),
		TEST(test_time_to_wait),
		TEST(test_status_indication),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
