/* Registration, 24.501 5.5.1: what each refusal of another function means to the UE, GUTIs, and what is
 * asked. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static const struct refusal {
	enum sbi_cause cause;
	enum nas_5gmm_cause reject;
} refusals[] = {
	{ SBI_USER_NOT_FOUND, NAS_5GMM_5GS_SERVICES_NOT_ALLOWED },
	{ SBI_AUTHENTICATION_REJECTED, NAS_5GMM_ILLEGAL_UE },
	{ SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER, NAS_5GMM_CONGESTION },
	{ SBI_INVALID_SCHEME_OUTPUT, NAS_5GMM_CONGESTION },
	{ SBI_SERVING_NETWORK_NOT_AUTHORIZED, NAS_5GMM_SERVING_NETWORK_NOT_AUTHORIZED },
	{ SBI_UNKNOWN_5GS_SUBSCRIPTION, NAS_5GMM_5GS_SERVICES_NOT_ALLOWED },
	{ SBI_DATA_NOT_FOUND, NAS_5GMM_5GS_SERVICES_NOT_ALLOWED },
	{ SBI_CONTEXT_NOT_FOUND, NAS_5GMM_CONGESTION },
	{ SBI_NF_CONGESTION, NAS_5GMM_CONGESTION },
	{ SBI_INSUFFICIENT_RESOURCES, NAS_5GMM_CONGESTION },
	{ SBI_TIMED_OUT_REQUEST, NAS_5GMM_CONGESTION },
	{ SBI_PEER_NOT_RESPONDING, NAS_5GMM_CONGESTION },
};

static void assert_rejected(struct amf_bed *b, uint8_t cause)
{
	struct ngap_pdu pdu;
	struct nas_msg m;

	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, cause);
	assert_int_equal(m.registration_reject.has_t3346, cause == NAS_5GMM_CONGESTION);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* Registers as far as the function that refuses lets it. */
static void refused_by(enum sbi_op_id op, const struct refusal *r)
{
	struct nas_msg m = amf_bed_request();
	struct amf_bed *b;
	void *state;

	amf_bed_setup(&state);
	b = state;
	b->script[op].cause = r->cause;
	if (op == SBI_AUSF_AUTHENTICATE) {
		amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	} else if (op == SBI_AUSF_5G_AKA_CONFIRM) {
		amf_bed_challenge(b);
		amf_bed_answer_challenge(b);
	} else {
		amf_bed_secure(b);
		amf_bed_complete_security(b);
	}
	assert_int_equal(b->script[op].requests, 1);
	assert_rejected(b, r->reject);
	for (size_t i = 0; i < AMF_PROCEDURE_KINDS; i++)
		assert_int_equal(b->amf->procedures[i].used, 0);
	amf_bed_teardown(&state);
}

static void test_refusals(void **state)
{
	static const enum sbi_op_id ops[] = { SBI_AUSF_AUTHENTICATE, SBI_AUSF_5G_AKA_CONFIRM,
		SBI_UDM_AMF_REGISTRATION, SBI_UDM_GET_AM_DATA, SBI_NSSF_NS_SELECTION,
		SBI_PCF_AM_POLICY_CREATE };

	for (size_t o = 0; o < ARRAY_LEN(ops); o++)
		for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
			refused_by(ops[o], &refusals[i]);
}

static void test_no_slice(void **state)
{
	struct amf_bed *b = *state;

	b->allowed.sst = 0;
	amf_bed_secure(b);
	amf_bed_complete_security(b);
	assert_rejected(b, NAS_5GMM_NO_NETWORK_SLICES_AVAILABLE);
}

/* 5.4.2.2: the command asks for the IMEISV and for the complete initial message. */
static void test_security_mode_command(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_challenge(b);
	amf_bed_answer_challenge(b);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_true(m.security_mode_command.has_imeisv_request);
	assert_int_equal(m.security_mode_command.imeisv_request, NAS_IMEISV_REQUESTED);
	assert_true(m.security_mode_command.has_additional_security_information);
	assert_int_equal(m.security_mode_command.additional_security_information, NAS_SECURITY_RINMR);
}

static bool is_known(struct amf_bed *b, uint32_t tmsi)
{
	struct nas_mobile_identity identity = { .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, tmsi } };

	return amf_ue_by_guti(b->amf, &identity) != NULL;
}

/* 5.5.1.3.4: REGISTRATION COMPLETE acknowledges the new GUTI, and the old one is nobody's. */
static void test_old_guti_after_complete(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE }, m;
	uint32_t old;

	amf_bed_register(b);
	old = b->tmsi;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON, old);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
	assert_true(b->tmsi != old);
	assert_true(is_known(b, old) && is_known(b, b->tmsi));
	amf_bed_say_protected(b, &complete);
	assert_false(is_known(b, old));
	assert_true(is_known(b, b->tmsi));
}

/* 5.5.1.2.8 c: without it both are the UE's, also in the store, until it uses one. */
static void test_old_guti_after_t3550(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;
	uint32_t old;

	amf_bed_register(b);
	old = b->tmsi;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON, old);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
	amf_bed_pass(b, 30000);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
	assert_true(is_known(b, old) && is_known(b, b->tmsi));
	amf_bed_restart(b);
	assert_true(is_known(b, old) && is_known(b, b->tmsi));
	b->tmsi = old;
	amf_bed_service(b);
}

/* 5.4.4, 9.11.3.5: what the operator wrote of the network; nothing where there is nothing. */
static void test_network_information(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE }, m;
	const struct nas_configuration_update_command *c = &m.configuration_update_command;
	struct ngap_pdu pdu;
	uint8_t time[7];

	amf_bed_register(b);
	assert_false(amf_bed_sent(b, NGAP_MSG_DOWNLINK_NAS_TRANSPORT, &pdu));
	str_copy(b->config.full_name, sizeof(b->config.full_name), "Freehold Test");
	str_copy(b->config.short_name, sizeof(b->config.short_name), "F{}");
	b->config.ims_voice = true;
	b->config.time_zone.known = 1;
	b->config.time_zone.quarters = -14;
	b->config.daylight_saving_h = 1;
	amf_bed_restart(b);
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_int_equal(m.registration_accept.network_feature_support.bits, NAS_FEATURE_IMS_VOPS_3GPP);
	amf_bed_say_protected(b, &complete);
	amf_bed_expect(b, NAS_CONFIGURATION_UPDATE_COMMAND, &m);
	assert_false(c->has_configuration_update_indication);
	assert_int_equal(c->full_name.coding, 0);
	assert_int_equal(c->short_name.coding, 1);
	assert_int_equal(c->local_time_zone, 0x09 | 0 << 4); /* -2:30 */
	assert_int_equal(c->daylight_saving_time, 1);
	nas_universal_time_of(env_utc_ms(&b->t.env), -10, time);
	assert_memory_equal(c->universal_time, time, 7);
}

/* A periodic registration without a follow-on request ends with its connection (5.5.1.3.4). */
static void test_periodic(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE }, m;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	amf_bed_again(b, NAS_REGISTRATION_PERIODIC, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	amf_bed_say_protected(b, &complete);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_null(amf_bed_ue(b)->serving);
}

/* 5.5.1.2.4: an accept may be as long as NAS lets it; kept whole, it is repeated whole. */
static void test_a_long_message_is_kept(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	static uint8_t octets[4000];
	struct amf_procedure *p;
	struct amf_ue *ue = amf_ue_new(b->amf);

	p = amf_procedure_begin(b->amf, ue, AMF_REGISTRATION);
	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = BYTES(octets);
	assert_true(amf_n1_keep(b->amf, p, NAS_INTEGRITY_CIPHERED, &m, 6000));
	assert_true(p->resend_len > sizeof(octets));
	assert_true(timer_is_set(&p->timer));
	amf_ue_free(b->amf, ue);
}

/* As many UEs as configured: one more is told so, and those that there are stay. */
static void test_ues_max(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();
	struct ngap_pdu pdu;

	b->config.ues_max = 1;
	amf_bed_restart(b);
	amf_bed_register(b);
	b->ran_id = 2;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	assert_true(amf_bed_sent(b, NGAP_MSG_ERROR_INDICATION, &pdu));
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		TEST(test_no_slice),
		TEST(test_ues_max),
		TEST(test_security_mode_command),
		TEST(test_old_guti_after_complete),
		TEST(test_old_guti_after_t3550),
		TEST(test_periodic),
		TEST(test_network_information),
		TEST(test_a_long_message_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
