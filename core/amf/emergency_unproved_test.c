/* Emergency services without authentication (33.501 10.2.2.2): null algorithms there, and nowhere else. */
#include "core/amf/amf_bed.h"

#include "core/amf/emergency.h"
#include "wire/ngap/ngap.h"

#define IMEISV "4901542032375101"
#define IMEI   "490154203237518"

static void configure(struct amf_bed *b, uint8_t who)
{
	b->config.emergency = who;
	str_copy(b->config.emergency_dnn, sizeof(b->config.emergency_dnn), "sos");
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	b->read = b->sent_count;
}

static struct nas_msg request_of(uint8_t registration_type)
{
	struct nas_msg m = amf_bed_request();

	m.registration_request.registration_type = registration_type | NAS_REGISTRATION_FOLLOW_ON;
	return m;
}

/* Without a USIM. */
static struct nas_msg pei_request(void)
{
	struct nas_msg m = request_of(NAS_REGISTRATION_EMERGENCY);

	m.registration_request.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_IMEI, .imei = IMEI };
	return m;
}

/* The command has null algorithms, ngKSI 0 and a MAC of zero (33.501 D.1); the UE's K_AMF is its own. */
static void null_command(struct amf_bed *b)
{
	static const uint8_t own[KDF_KEY_LEN] = { 1, 2, 3 };
	struct nas_msg m;

	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_int_equal(b->header, NAS_INTEGRITY_NEW_CONTEXT);
	assert_int_equal(m.security_mode_command.selected_algorithms.integrity, 0);
	assert_int_equal(m.security_mode_command.selected_algorithms.ciphering, 0);
	assert_int_equal(m.security_mode_command.ngksi, 0);
	assert_int_equal(m.security_mode_command.imeisv_request, NAS_IMEISV_REQUESTED);
	b->ngksi = 0;
	nas_security_start(&b->nas.security, own, 0, 0, 0);
	b->nas.security.count[NAS_DOWNLINK] = 1;
}

static void complete(struct amf_bed *b, const char *imeisv, const struct nas_msg *request)
{
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMPLETE };

	m.security_mode_complete.has_imeisv = imeisv != NULL;
	m.security_mode_complete.imeisv.type = NAS_IDENTITY_IMEISV;
	if (imeisv)
		str_copy(m.security_mode_complete.imeisv.imei, 17, imeisv);
	m.security_mode_complete.has_nas_message_container = true;
	m.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, request);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &m));
}

static bool is_zero(struct per_bits bits)
{
	return bits.len_bits == 16 && !bits.data[0] && !bits.data[1];
}

static void accepted(struct amf_bed *b)
{
	struct nas_msg m, done = { .type = NAS_REGISTRATION_COMPLETE };
	size_t from = b->read;
	struct ngap_pdu pdu;

	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(m.registration_accept.registration_result & NAS_RESULT_EMERGENCY);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
	b->read = from;
	assert_true(amf_bed_sent(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &pdu));
	assert_true(is_zero(
		pdu.u.initial_context_setup_request->ue_security_capabilities.nr_encryption_algorithms));
	assert_true(is_zero(pdu.u.initial_context_setup_request->ue_security_capabilities
			.nr_integrity_protection_algorithms));
	amf_bed_context_is_set_up(b);
	amf_bed_say_protected(b, &done);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
	assert_int_equal(b->amf->unproved, 1);
}

static void registered(struct amf_bed *b)
{
	struct nas_msg m = pei_request();

	configure(b, AMF_EMERGENCY_ALL);
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	null_command(b);
	complete(b, IMEISV, &m);
	accepted(b);
}

static void rejected(struct amf_bed *b, uint8_t cause)
{
	struct nas_msg m;

	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, cause);
	assert_int_equal(b->amf->stat[AMF_STAT_REGISTRATIONS], 0);
}

/* By its equipment: nobody is asked about it, before or after; a restart keeps it; nothing is kept of it. */
static void test_without_usim(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_UE };
	struct store *store = b->t.env.store;
	struct bytes value;
	uint8_t key[8];
	struct supi who;

	registered(b);
	assert_string_equal(amf_bed_ue(b)->supi.imsi, "E49015420323751");
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 0);
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	assert_true(amf_bed_ue(b)->emergency);
	assert_int_equal(b->amf->unproved, 1);
	amf_bed_service(b);
	who = amf_bed_ue(b)->supi;
	m.deregistration_request_ue.deregistration_type = NAS_DEREGISTRATION_3GPP;
	m.deregistration_request_ue.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
			.guti = { b->config.guami, b->tmsi } };
	amf_bed_say_protected(b, &m);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
	assert_int_equal(b->amf->unproved, 0);
	assert_int_equal(b->script[SBI_UDM_AMF_PURGE].requests, 0);
	assert_false(store_get(store, STORE_AMF_SECURITY_CONTEXT, nf_supi_store_key(&who, key), &value));
	assert_false(store_get(store, STORE_AMF_UE, nf_supi_store_key(&who, key), &value));
}

/* Its PEI of the request is enough where it gives no IMEISV later. */
static void test_imei(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request();

	configure(b, AMF_EMERGENCY_ALL);
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	null_command(b);
	complete(b, NULL, &m);
	accepted(b);
	assert_string_equal(amf_bed_ue(b)->supi.imsi, "E49015420323751");
}

/* Where only who authenticates is served, a PEI is no identity. */
static void test_not_allowed(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request(), none = { .type = NAS_IDENTITY_RESPONSE };

	configure(b, AMF_EMERGENCY_AUTHENTICATED);
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	none.identity_response.mobile_identity.type = NAS_IDENTITY_NONE;
	amf_bed_say(b, test_nas_plain(&b->nas, &none));
	rejected(b, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
}

/* Nor is one for anything but emergencies. */
static void test_not_emergency(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request(), none = { .type = NAS_IDENTITY_RESPONSE };

	configure(b, AMF_EMERGENCY_ALL);
	m.registration_request.registration_type = NAS_REGISTRATION_INITIAL;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	none.identity_response.mobile_identity.type = NAS_IDENTITY_NONE;
	amf_bed_say(b, test_nas_plain(&b->nas, &none));
	rejected(b, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
}

/* The answer of the UE is wrong: it is told nothing of it, and served; what it claims to be is not touched.
 */
static void test_wrong_answer(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = request_of(NAS_REGISTRATION_EMERGENCY);
	struct nas_msg wrong = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };
	struct supi claimed;

	configure(b, AMF_EMERGENCY_ALL);
	b->clear = &m;
	amf_bed_challenge(b);
	amf_bed_say(b, test_nas_plain(&b->nas, &wrong));
	null_command(b);
	complete(b, IMEISV, &m);
	accepted(b);
	assert_true(supi_parse("001010000000001", &claimed));
	assert_null(amf_ue_by_supi(b->amf, &claimed));
	assert_int_equal(b->amf->stat[AMF_STAT_AUTH_REJECT], 0);
}

/* The home network does not know it, or cannot be had. */
static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = request_of(NAS_REGISTRATION_EMERGENCY);

	configure(b, AMF_EMERGENCY_ALL);
	b->script[SBI_AUSF_AUTHENTICATE].cause = SBI_USER_NOT_FOUND;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	null_command(b);
	complete(b, NULL, &m); /* and then nothing says who it is */
	rejected(b, NAS_5GMM_PEI_NOT_ACCEPTED);
	assert_int_equal(b->amf->unproved, 0);
}

/* The container asks for more than the clear message did. */
static void test_other_request(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request(), normal = request_of(NAS_REGISTRATION_INITIAL);

	configure(b, AMF_EMERGENCY_ALL);
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	null_command(b);
	complete(b, IMEISV, &normal);
	rejected(b, NAS_5GMM_PEI_NOT_ACCEPTED);
	assert_int_equal(b->script[SBI_UDM_AMF_REGISTRATION].requests, 0);
}

/* With the null context the UE updates its registration, and gets no other by it. */
static void test_again(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	registered(b);
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_true(m.registration_accept.registration_result & NAS_RESULT_EMERGENCY);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
	amf_bed_again(b, NAS_REGISTRATION_INITIAL, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
	assert_int_equal(b->script[SBI_UDM_AMF_REGISTRATION].requests, 0);
}

/* Nobody fills the AMF with equipment that there is not. */
static void test_limit(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request();

	configure(b, AMF_EMERGENCY_ALL);
	b->amf->unproved = AMF_EMERGENCY_UNPROVED_MAX;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	rejected(b, NAS_5GMM_CONGESTION);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
	b->amf->unproved = 0;
}

/* Another context of the same equipment takes the place of the first. */
static void test_replaced(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = pei_request();

	registered(b);
	b->ran_id++;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	null_command(b);
	complete(b, IMEISV, &m);
	accepted(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_without_usim), TEST(test_imei), TEST(test_not_allowed),
		TEST(test_not_emergency), TEST(test_wrong_answer), TEST(test_refused),
		TEST(test_other_request), TEST(test_again), TEST(test_limit), TEST(test_replaced) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
