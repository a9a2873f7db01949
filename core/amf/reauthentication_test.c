/* A UE that is registered authenticates again: by whom, with what keys, and what becomes of it when it fails.
 */
#include "core/amf/amf_bed.h"

static void registered(struct amf_bed *b)
{
	amf_bed_register(b);
	b->read = b->sent_count;
}

/* It is challenged under the present keys, with another ngKSI. */
static void challenged(struct amf_bed *b)
{
	uint8_t before = b->ngksi;
	struct nas_msg m;

	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	b->ngksi = m.authentication_request.ngksi;
	assert_int_not_equal(b->ngksi, before);
}

static void answers(struct amf_bed *b)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	bytes_copy(m.authentication_response.res_star, 16, BYTES(amf_bed_res_star));
	amf_bed_say_protected(b, &m);
}

static void commanded(struct amf_bed *b, uint8_t k_amf[KDF_KEY_LEN])
{
	struct nas_msg m;

	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_false(m.security_mode_command.has_additional_security_information);
	assert_true(kdf_k_amf(b->kseaf, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), k_amf));
}

static void completes(struct amf_bed *b, const uint8_t k_amf[KDF_KEY_LEN])
{
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE };

	nas_security_start(&b->nas.security, k_amf, b->ngksi, 2, 2);
	b->nas.security.count[NAS_DOWNLINK] = 1;
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
}

static const struct ngap_ue_context_modification_request *rekeyed(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &pdu));
	return pdu.u.ue_context_modification_request;
}

static void begun(struct amf_bed *b)
{
	assert_true(amf_reauthenticate(b->amf, &amf_bed_ue(b)->supi));
	amf_bed_pass(b, 1);
	challenged(b);
}

/* All of it between UE and AMF, of a UE that is registered; what the gNB is sent then. */
static const struct ngap_ue_context_modification_request *to_the_gnb(
	struct amf_bed *b, uint8_t k_amf[KDF_KEY_LEN])
{
	registered(b);
	begun(b);
	answers(b);
	commanded(b, k_amf);
	completes(b, k_amf);
	return rekeyed(b);
}

/* 33.501 6.9.4.2: the gNB has K_gNB of the new K_AMF, made with the COUNT of the UE's answer. */
static void test_keys(void **state)
{
	struct amf_bed *b = *state;
	const struct ngap_ue_context_modification_request *m;
	uint8_t k_amf[KDF_KEY_LEN], k_gnb[KDF_KEY_LEN];
	struct ngap_ue_context_modification_response done = { .ran_ue_ngap_id = BED_RAN_ID };

	m = to_the_gnb(b, k_amf);
	assert_true(kdf_k_gnb(k_amf, 0, KDF_ACCESS_3GPP, k_gnb));
	assert_true(m->has_security_key);
	assert_true(bytes_equal(bytes_of(m->security_key.data, KDF_KEY_LEN), BYTES(k_gnb)));
	assert_int_equal(amf_procedure_conflict(amf_bed_ue(b), AMF_HANDOVER), AMF_BESIDE);
	assert_int_equal(amf_procedure_conflict(amf_bed_ue(b), AMF_PATH_SWITCH), AMF_BESIDE);
	done.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &done);
	assert_null(amf_bed_ue(b)->procedures);
	assert_int_equal(b->amf->stat[AMF_STAT_REAUTHENTICATIONS], 1);
	assert_int_equal(amf_bed_ue(b)->security.ngksi, b->ngksi);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

static void test_gnb_refuses(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_modification_failure failure = { .ran_ue_ngap_id = BED_RAN_ID,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED) };
	uint8_t k_amf[KDF_KEY_LEN];
	struct ngap_pdu pdu;

	to_the_gnb(b, k_amf);
	failure.amf_ue_ngap_id = b->amf_id;
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &failure);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(amf_bed_ue(b)->security.ngksi, b->ngksi);
}

/* It was handing the UE over, which stays after all: the same key again, and not for ever. */
static void test_gnb_is_busy(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_ue_context_modification_failure failure = { .ran_ue_ngap_id = BED_RAN_ID,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED) };
	uint8_t k_amf[KDF_KEY_LEN], k_gnb[KDF_KEY_LEN];
	struct ngap_pdu pdu;

	to_the_gnb(b, k_amf);
	failure.amf_ue_ngap_id = b->amf_id;
	assert_true(kdf_k_gnb(k_amf, 0, KDF_ACCESS_3GPP, k_gnb));
	for (int i = 0; i < AMF_REKEYING_REFUSALS_MAX; i++) {
		amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &failure);
		amf_bed_silent(b);
		amf_bed_pass(b, AMF_REKEYING_AGAIN_MS);
		assert_memory_equal(rekeyed(b)->security_key.data, k_gnb, KDF_KEY_LEN);
	}
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &failure);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

static void test_gnb_is_silent(void **state)
{
	struct amf_bed *b = *state;
	uint8_t k_amf[KDF_KEY_LEN];
	struct ngap_pdu pdu;

	to_the_gnb(b, k_amf);
	amf_bed_pass(b, AMF_CONTEXT_SETUP_S * 1000);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
}

/* What the UE refuses, or does not understand, changes nothing: it goes on with the keys that it has. */
static void test_ue_refuses(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg reject = { .type = NAS_SECURITY_MODE_REJECT,
		.security_mode_reject.cause = NAS_5GMM_SECURITY_MODE_REJECTED_UNSPECIFIED };
	struct nas_msg failure = { .type = NAS_AUTHENTICATION_FAILURE,
		.authentication_failure.cause = NAS_5GMM_MAC_FAILURE };
	uint8_t k_amf[KDF_KEY_LEN], before;

	registered(b);
	before = amf_bed_ue(b)->security.ngksi;
	begun(b);
	amf_bed_say_protected(b, &failure);
	assert_null(amf_bed_ue(b)->procedures);
	b->ngksi = before;
	begun(b);
	answers(b);
	commanded(b, k_amf);
	amf_bed_say_protected(b, &reject);
	assert_null(amf_bed_ue(b)->procedures);
	assert_int_equal(amf_bed_ue(b)->security.ngksi, before);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_bed_say_protected(b, &reject); /* of nothing */
	amf_bed_say_protected(b, &failure);
	answers(b);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

/* 24.501 5.4.1.3.5: it is somebody else. */
static void test_wrong_answer(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	registered(b);
	begun(b);
	amf_bed_say_protected(b, &m);
	amf_bed_expect(b, NAS_AUTHENTICATION_REJECT, &m);
	assert_int_equal(b->header, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
	assert_int_equal(b->script[SBI_UDM_AMF_PURGE].requests, 1);
}

/* By age, at the next contact; not before. */
static void test_age(void **state)
{
	struct amf_bed *b = *state;

	b->config.reauthenticate_h = 1;
	amf_bed_restart(b);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	registered(b);
	for (int i = 0; i < 9; i++) { /* it is heard of now and then */
		amf_bed_silent(b);
		amf_bed_released(b);
		amf_bed_pass(b, 400 * 1000);
		amf_bed_service(b);
		amf_bed_context_is_set_up(b);
		amf_bed_pass(b, 1);
	}
	challenged(b);
}

/* 24.501 4.4.3.5: before a COUNT is used up. */
static void test_count(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg status = { .type = NAS_GMM_STATUS, .gmm_status.cause = NAS_CAUSE_PROTOCOL_ERROR };

	registered(b);
	amf_bed_ue(b)->security.count[NAS_UPLINK] = b->nas.security.count[NAS_UPLINK] =
		NAS_COUNT_MAX - NAS_COUNT_RENEW + 1;
	amf_bed_say_protected(b, &status);
	amf_bed_pass(b, 1);
	challenged(b);
}

/* No UE that it is not registered here. */
static void test_nobody(void **state)
{
	struct amf_bed *b = *state;
	struct supi supi = { "001010000000009" };

	assert_false(amf_reauthenticate(b->amf, &supi));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_keys), TEST(test_gnb_refuses), TEST(test_gnb_is_busy),
		TEST(test_gnb_is_silent), TEST(test_ue_refuses), TEST(test_wrong_answer), TEST(test_age),
		TEST(test_count), TEST(test_nobody) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
