/* Authentication and security mode control of the AMF, 24.501 5.4.1.3 and 5.4.2, and identification, 5.4.3.
 */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static const uint8_t auts[14] = { 1, 2, 3, 4 };

static void say_failure(struct amf_bed *b, uint8_t cause, bool has_auts)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_FAILURE, .authentication_failure.cause = cause };

	m.authentication_failure.has_auts = has_auts;
	bytes_copy(m.authentication_failure.auts, sizeof(auts), BYTES(auts));
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
}

/* 5.4.1.3.5: the UE hears it, the gNB releases it, and nothing is left. */
static void assert_rejected(struct amf_bed *b)
{
	struct ngap_pdu pdu;
	struct nas_msg m;

	amf_bed_expect(b, NAS_AUTHENTICATION_REJECT, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(
		pdu.u.ue_context_release_command->cause.u.nas, NGAP_CAUSE_NAS_AUTHENTICATION_FAILURE);
	assert_int_equal(b->amf->stat[AMF_STAT_AUTH_REJECT], 1);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(b->amf->procedures[AMF_AUTHENTICATION].used, 0);
	assert_int_equal(b->amf->procedures[AMF_REGISTRATION].used, 0);
}

/* 5.4.1.3.2, 33.501 6.1.3.2: the vector, ABBA, and an ngKSI that is not the one of the UE's context. */
static void test_request(void **state)
{
	static const struct {
		uint8_t ue, asked;
	} ngksis[] = { { NAS_KSI_NONE, 0 }, { 0, 1 }, { 3, 4 }, { 6, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(ngksis); i++) {
		struct nas_msg m = amf_bed_request();
		const struct nas_authentication_request *r = &m.authentication_request;
		struct amf_bed *b;
		void *fresh;

		amf_bed_setup(&fresh);
		b = fresh;
		m.registration_request.ngksi = ngksis[i].ue;
		amf_bed_begin(b, test_nas_plain(&b->nas, &m));
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
		assert_int_equal(r->ngksi, ngksis[i].asked);
		assert_true(r->has_rand && r->has_autn);
		assert_int_equal(r->rand[0], 9);
		assert_true(bytes_equal(r->abba, bytes_of("\0\0", 2)));
		assert_false(b->has_resync);
		amf_bed_teardown(&fresh);
	}
}

/* The SEAF compares HRES*, and asks the AUSF about no RES* that is wrong already. */
static void test_wrong_res_star(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	amf_bed_challenge(b);
	bytes_copy(m.authentication_response.res_star, 16, bytes_of(amf_bed_res_star, 16));
	m.authentication_response.res_star[15] ^= 1;
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	assert_rejected(b);
	assert_int_equal(b->script[SBI_AUSF_5G_AKA_CONFIRM].requests, 0);
}

/* What the AUSF does not confirm is no proof. */
static void test_not_confirmed(void **state)
{
	struct amf_bed *b = *state;

	b->res_star_fails = true;
	amf_bed_challenge(b);
	amf_bed_answer_challenge(b);
	assert_int_equal(b->script[SBI_AUSF_5G_AKA_CONFIRM].requests, 1);
	assert_rejected(b);
}

/* 5.4.1.3.7 f: with AUTS another vector, a few times; without it there is nothing to go by. */
static void test_synch_failure(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_challenge(b);
	for (uint32_t i = 0; i < AMF_RESYNCS_MAX; i++) {
		say_failure(b, NAS_5GMM_SYNCH_FAILURE, true);
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
		assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, i + 2);
		assert_true(b->has_resync);
		assert_memory_equal(b->resync.auts, auts, sizeof(auts));
		assert_int_equal(b->resync.rand[0], 9);
	}
	say_failure(b, NAS_5GMM_SYNCH_FAILURE, true);
	assert_rejected(b);
	amf_bed_teardown(state);
	amf_bed_setup(state);
	b = *state;
	amf_bed_challenge(b);
	say_failure(b, NAS_5GMM_SYNCH_FAILURE, false);
	assert_rejected(b);
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 1);
}

/* 5.4.1.3.7 e: another ngKSI, once. */
static void test_ngksi_in_use(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_challenge(b);
	say_failure(b, NAS_5GMM_NGKSI_ALREADY_IN_USE, false);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	assert_int_equal(m.authentication_request.ngksi, b->ngksi + 1);
	assert_false(b->has_resync);
	say_failure(b, NAS_5GMM_NGKSI_ALREADY_IN_USE, false);
	assert_rejected(b);
}

static void say_identity(struct amf_bed *b, const struct nas_mobile_identity *identity)
{
	struct nas_msg m = { .type = NAS_IDENTITY_RESPONSE };

	m.identity_response.mobile_identity = *identity;
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
}

/* 5.4.1.3.7 c: the identity may have been another's: it is asked for, once. */
static void test_mac_failure(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m, request = amf_bed_request();

	amf_bed_challenge(b);
	say_failure(b, NAS_5GMM_MAC_FAILURE, false);
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	assert_int_equal(m.identity_request.identity_type, NAS_IDENTITY_SUCI);
	say_identity(b, &request.registration_request.mobile_identity);
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 2);
	say_failure(b, NAS_5GMM_MAC_FAILURE, false);
	assert_rejected(b);
}

/* Any other cause: the UE is not one for 5G AKA. */
static void test_other_failure(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_challenge(b);
	say_failure(b, NAS_5GMM_NON_5G_AUTHENTICATION_UNACCEPTABLE, false);
	assert_rejected(b);
}

/* 5.4.3.4: an answer that is not what was asked for leads nowhere. */
static void test_identity_of_another_type(void **state)
{
	struct nas_mobile_identity imeisv = { .type = NAS_IDENTITY_IMEISV };
	struct amf_bed *b = *state;
	struct nas_msg m;

	str_copy(imeisv.imei, sizeof(imeisv.imei), "3569380312345678");
	amf_bed_challenge(b);
	say_failure(b, NAS_5GMM_MAC_FAILURE, false);
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	say_identity(b, &imeisv);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

/* 5.4.2.2: the operator's first algorithm that the UE has, its capability as it came, the ngKSI of the keys.
 */
static void test_security_mode_command(void **state)
{
	static const struct {
		uint8_t ea, ia, chosen_ea, chosen_ia;
	} cases[] = { { 0xe0, 0xe0, 2, 1 }, { 0xf0, 0xe0, 3, 1 }, { 0xe0, 0xf0, 2, 3 },
		{ 0xff, 0xff, 3, 3 } };
	static const uint8_t ea_order[2] = { 3, 2 }, ia_order[2] = { 3, 1 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg clear = amf_bed_request(), m;
		const struct nas_security_mode_command *c = &m.security_mode_command;
		struct amf_bed *b;
		void *fresh;

		amf_bed_setup(&fresh);
		b = fresh;
		bytes_copy(b->amf->config.ciphering_order, 4, BYTES(ea_order));
		bytes_copy(b->amf->config.integrity_order, 4, BYTES(ia_order));
		clear.registration_request.ue_security_capability.octets[0] = cases[i].ea;
		clear.registration_request.ue_security_capability.octets[1] = cases[i].ia;
		b->clear = &clear;
		amf_bed_challenge(b);
		amf_bed_answer_challenge(b);
		amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
		assert_int_equal(b->header, NAS_INTEGRITY_NEW_CONTEXT);
		assert_int_equal(c->selected_algorithms.ciphering, cases[i].chosen_ea);
		assert_int_equal(c->selected_algorithms.integrity, cases[i].chosen_ia);
		assert_int_equal(c->ngksi, b->ngksi);
		assert_int_equal(c->replayed_ue_security_capability.len, 2);
		assert_int_equal(c->replayed_ue_security_capability.octets[0], cases[i].ea);
		assert_int_equal(c->replayed_ue_security_capability.octets[1], cases[i].ia);
		amf_bed_teardown(&fresh);
	}
}

/* No algorithm in common, of either kind. */
static void test_no_algorithm(void **state)
{
	for (int kind = 0; kind < 2; kind++) {
		struct amf_bed *b;
		struct nas_msg m;
		void *fresh;

		amf_bed_setup(&fresh);
		b = fresh;
		if (kind == 0)
			b->amf->config.ciphering_order[0] = 3;
		else
			b->amf->config.integrity_order[0] = 3;
		b->amf->config.ciphering_count = b->amf->config.integrity_count = 1;
		amf_bed_challenge(b);
		amf_bed_answer_challenge(b);
		amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
		assert_int_equal(m.registration_reject.cause, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH);
		assert_int_equal(amf_numbers(b->amf).ues, 0);
		amf_bed_teardown(&fresh);
	}
}

static void complete_with(struct amf_bed *b, bool container, const struct nas_msg *inner)
{
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMPLETE };

	m.security_mode_complete.has_nas_message_container = container;
	if (container)
		m.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, inner);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &m));
}

/* 4.4.6, 33.501 6.7.2: the complete initial message is a REGISTRATION REQUEST with the capability that came
 * in the clear; else somebody in between has had a hand in it. */
static void test_initial_message(void **state)
{
	for (int i = 0; i < 5; i++) {
		struct nas_msg inner = amf_bed_request(), m;
		struct amf_bed *b;
		void *fresh;

		amf_bed_setup(&fresh);
		b = fresh;
		amf_bed_secure(b);
		if (i == 1)
			inner = (struct nas_msg){ .type = NAS_REGISTRATION_COMPLETE };
		if (i == 2)
			inner.registration_request.ue_security_capability.octets[1] = 0xf0;
		if (i == 3)
			inner.registration_request.registration_type = NAS_REGISTRATION_EMERGENCY;
		complete_with(b, i != 4, &inner);
		if (i == 0 || i == 4) {
			amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
		} else {
			amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
			assert_int_equal(m.registration_reject.cause, NAS_CAUSE_INVALID_MANDATORY);
			assert_int_equal(amf_numbers(b->amf).registered, 0);
		}
		amf_bed_teardown(&fresh);
	}
}

/* 5.4.2.5: the UE does not want the command: the connection goes. */
static void test_security_mode_reject(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_SECURITY_MODE_REJECT,
		.security_mode_reject.cause = NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH };
	struct ngap_pdu pdu;

	amf_bed_secure(b);
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(b->amf->stat[AMF_STAT_SECURITY_MODE_REJECTS], 1);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(b->script[SBI_UDM_AMF_REGISTRATION].requests, 0);
}

static const uint8_t eap_request[] = { 1, 5, 0, 6, 50, 1 }, eap_response[] = { 2, 5, 0, 6, 50, 1 },
		     eap_success[] = { 3, 5, 0, 4 }, eap_failure[] = { 4, 5, 0, 4 };

static struct nas_msg eap_answer(struct bytes message)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE };

	m.authentication_response.has_eap_message = message.len > 0;
	m.authentication_response.eap_message = message;
	m.authentication_response.has_res_star = message.len == 0;
	return m;
}

/* 5.4.1.2.2.2 to 5.4.1.2.2.8: packets go through as they are, as many as the AUSF has; EAP-Success with
 * SECURITY MODE COMMAND, and ABBA. */
static void test_eap(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	b->eap = BYTES(eap_request);
	b->eap_end = BYTES(eap_success);
	b->eap_goes_on = true;
	m = amf_bed_request();
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	for (unsigned i = 0; i < 2; i++) {
		amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
		assert_false(m.authentication_request.has_rand || m.authentication_request.has_autn);
		assert_true(bytes_equal(m.authentication_request.eap_message, BYTES(eap_request)));
		assert_true(bytes_equal(m.authentication_request.abba, bytes_of("\0\0", 2)));
		m = eap_answer(BYTES(eap_response));
		amf_bed_say(b, test_nas_plain(&b->nas, &m));
	}
	assert_int_equal(b->script[SBI_AUSF_EAP_SESSION].requests, 2);
	assert_int_equal(b->script[SBI_AUSF_5G_AKA_CONFIRM].requests, 0);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_true(bytes_equal(m.security_mode_command.eap_message, BYTES(eap_success)));
	assert_true(bytes_equal(m.security_mode_command.abba, bytes_of("\0\0", 2)));
}

static void begin_eap(struct amf_bed *b)
{
	struct nas_msg m = amf_bed_request();

	b->eap = BYTES(eap_request);
	b->eap_end = BYTES(eap_failure);
	b->res_star_fails = true;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
}

/* 5.4.1.2.2.11 */
static void test_eap_failure(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = eap_answer(BYTES(eap_response));

	begin_eap(b);
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REJECT, &m);
	assert_true(m.authentication_reject.has_eap_message);
	assert_true(bytes_equal(m.authentication_reject.eap_message, BYTES(eap_failure)));
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

/* The answer of the other method is no answer (7.7.1); AUTS outside EAP asks for nothing. */
static void test_eap_other_method(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = eap_answer(BYTES_NONE);

	begin_eap(b);
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_GMM_STATUS, &m);
	assert_int_equal(m.gmm_status.cause, NAS_CAUSE_CONDITIONAL_IE);
	assert_int_equal(b->script[SBI_AUSF_EAP_SESSION].requests, 0);
	say_failure(b, NAS_5GMM_SYNCH_FAILURE, true);
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 1);
	assert_rejected(b);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		TEST(test_wrong_res_star),
		TEST(test_not_confirmed),
		TEST(test_synch_failure),
		TEST(test_ngksi_in_use),
		TEST(test_mac_failure),
		TEST(test_other_failure),
		TEST(test_identity_of_another_type),
		TEST(test_eap),
		TEST(test_eap_failure),
		TEST(test_eap_other_method),
		cmocka_unit_test(test_security_mode_command),
		cmocka_unit_test(test_no_algorithm),
		cmocka_unit_test(test_initial_message),
		TEST(test_security_mode_reject),
	};

	return cmocka_run_group_tests_name("core/amf authentication", tests, NULL, NULL);
}
