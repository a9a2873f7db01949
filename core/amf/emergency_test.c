/* Emergency services: who gets them, and that nothing else comes with them. */
#include "core/amf/amf_bed.h"

#include "core/amf/emergency.h"
#include "core/amf/mobility.h"

static void configure(struct amf_bed *b, uint8_t who)
{
	b->config.emergency = who;
	str_copy(b->config.emergency_dnn, sizeof(b->config.emergency_dnn), "sos");
	str_copy(b->config.emergency_numbers[0].digits, sizeof(b->config.emergency_numbers[0].digits), "112");
	str_copy(
		b->config.emergency_numbers[1].digits, sizeof(b->config.emergency_numbers[1].digits), "9110");
	b->config.emergency_number_count = 2;
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	b->read = b->sent_count;
}

static struct nas_msg emergency_request(void)
{
	struct nas_msg m = amf_bed_request();

	m.registration_request.registration_type = NAS_REGISTRATION_EMERGENCY | NAS_REGISTRATION_FOLLOW_ON;
	return m;
}

static void asks_session(struct amf_bed *b, uint8_t request_type)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };

	m.ul_nas_transport = (struct nas_ul_nas_transport){ .payload_container_type = NAS_PAYLOAD_N1_SM,
		.payload_container = bytes_of("\x2e\x01\x01\xc1", 4),
		.has_pdu_session_id = true,
		.pdu_session_id = 1,
		.has_request_type = true,
		.request_type = request_type };
	b->read = b->sent_count;
	amf_bed_say_protected(b, &m);
	amf_bed_settle(b);
}

static void given_back(struct amf_bed *b, uint8_t cause)
{
	struct nas_msg m;

	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(m.dl_nas_transport.cause, cause);
}

/* 24.008 10.5.3.13: length, category, digits by two, the first below; 24.501 9.11.3.5. */
static void test_numbers(void **state)
{
	struct amf_bed *b = *state;
	static const uint8_t list[] = { 3, 0, 0x11, 0xf2, 3, 0, 0x19, 0x01 };
	struct nas_msg m;

	configure(b, AMF_EMERGENCY_VALID);
	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(bytes_equal(m.registration_accept.emergency_number_list, BYTES(list)));
	assert_true(m.registration_accept.network_feature_support.bits & NAS_FEATURE_EMC_NR);
	assert_false(m.registration_accept.registration_result & NAS_RESULT_EMERGENCY);
}

static void test_off(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = emergency_request();

	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_PEI_NOT_ACCEPTED);
	b->ran_id++;
	amf_bed_register(b);
	asks_session(b, NAS_REQUEST_INITIAL_EMERGENCY);
	given_back(b, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(b->script[SBI_NRF_NF_DISCOVER].requests, 0);
}

/* Registered UEs only. */
static void test_valid(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = emergency_request();

	configure(b, AMF_EMERGENCY_VALID);
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_PEI_NOT_ACCEPTED);
}

/* A session is asked for at once in the configured DNN; the subscription is nobody's business. */
static void test_session(void **state)
{
	struct amf_bed *b = *state;
	uint32_t asked;

	configure(b, AMF_EMERGENCY_VALID);
	amf_bed_register(b);
	asked = b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests;
	b->script[SBI_NRF_NF_DISCOVER].mute = true;
	asks_session(b, NAS_REQUEST_INITIAL_EMERGENCY);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, asked);
	assert_int_equal(b->script[SBI_NRF_NF_DISCOVER].requests, 1);
	assert_string_equal(amf_bed_ue(b)->sessions->dnn, "sos");
	assert_true(amf_emergency_has(amf_bed_ue(b)));
}

/* Registered for them alone: no UDM, NSSF or PCF, whatever the subscription has; nothing else follows. */
static void test_registration(void **state)
{
	struct amf_bed *b = *state;
	const enum rat_type rat = RAT_TYPE_NR;
	struct nas_msg m = emergency_request(), complete = { .type = NAS_SECURITY_MODE_COMPLETE },
		       request = m;
	struct nas_msg done = { .type = NAS_REGISTRATION_COMPLETE };

	configure(b, AMF_EMERGENCY_AUTHENTICATED);
	b->am.rat_restrictions = (struct rat_type_list){ 1, &rat };
	b->allowed.sst = 0;
	b->clear = &m;
	amf_bed_secure(b);
	complete.security_mode_complete.has_nas_message_container = true;
	complete.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, &request);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(m.registration_accept.registration_result & NAS_RESULT_EMERGENCY);
	assert_int_equal(b->script[SBI_UDM_AMF_REGISTRATION].requests, 0);
	assert_int_equal(b->script[SBI_UDM_GET_AM_DATA].requests, 0);
	assert_int_equal(b->script[SBI_NSSF_NS_SELECTION].requests, 0);
	assert_int_equal(b->script[SBI_PCF_AM_POLICY_CREATE].requests, 0);
	amf_bed_context_is_set_up(b);
	amf_bed_say_protected(b, &done);
	asks_session(b, NAS_REQUEST_INITIAL);
	given_back(b, NAS_5GMM_RESTRICTED_SERVICE_AREA);
	amf_bed_restart(b);
	assert_true(amf_bed_ue(b)->emergency);
}

/* 23.501 5.16.4.3: while it has a session of them, its gNB hears of no area that is forbidden. */
static void test_unrestricted(void **state)
{
	static const uint32_t tacs[] = { 9 };
	static const struct area elsewhere = { { 1, tacs }, NULL };
	struct amf_bed *b = *state;
	const struct ngap_mobility_restriction_list *list;

	configure(b, AMF_EMERGENCY_VALID);
	b->am.forbidden_areas = (struct area_list){ 1, &elsewhere };
	amf_bed_register(b);
	amf_bed_session(b, 1);
	list = amf_ie_mobility_restrictions(b->amf, amf_bed_ue(b));
	assert_non_null(list->forbidden_area_information);
	amf_bed_ue(b)->sessions->emergency = true;
	list = amf_ie_mobility_restrictions(b->amf, amf_bed_ue(b));
	assert_non_null(list); /* it takes the place of the one before */
	assert_null(list->forbidden_area_information);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_numbers), TEST(test_off), TEST(test_valid),
		TEST(test_session), TEST(test_registration), TEST(test_unrestricted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
