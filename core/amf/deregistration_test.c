/* Nudm_UECM_DeregistrationNotification: a subscription withdrawn ends with the UE, a move to another AMF
 * without. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

/* Of a registration `age` before the present one. */
static enum sbi_cause notify(struct amf_bed *b, enum deregistration_reason reason, uint32_t age)
{
	const struct amf_ue *ue = amf_bed_ue(b);
	char uri[SBI_URI_SIZE], callback[SBI_CALLBACK_SIZE];
	struct nudm_deregistration_notify_req req = { callback,
		{ .dereg_reason = reason, .access_type = ACCESS_TYPE_THREE_GPP_ACCESS } };
	uint32_t answered = b->transfers_answered;

	assert_true(sbi_callback_uri(amf_nf(b->amf)->self, SBI_CALLBACK_DEREG_NOTIFY,
		&(struct sbi_callback){ supi_key(&ue->supi), ue->callback - age }, uri));
	assert_true(sbi_callback_segment(uri, callback));
	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_DEREGISTRATION_NOTIFY, &req,
		(struct sbi_token){ 0 });
	amf_bed_settle(b);
	assert_int_equal(b->transfers_answered, answered + 1);
	return b->transfer_cause;
}

/* Nothing of the UE is left, here and at SMF and PCF; the UDM has another AMF's registration, which stays. */
static void assert_moved(struct amf_bed *b, bool had_session)
{
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	assert_int_equal(amf_numbers(b->amf).sessions, 0);
	assert_int_equal(b->script[SBI_UDM_AMF_PURGE].requests, 0);
	assert_int_equal(b->script[SBI_PCF_AM_POLICY_DELETE].requests, 1);
	assert_int_equal(b->script[SBI_SMF_RELEASE_SM_CONTEXT].requests, had_session);
	for (size_t i = 0; i < AMF_PROCEDURE_KINDS; i++)
		assert_int_equal(b->amf->procedures[i].used, 0);
	amf_bed_restart(b);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

static void test_moved(void **state)
{
	static const enum deregistration_reason reasons[] = { DEREG_UE_INITIAL_REGISTRATION,
		DEREG_UE_REGISTRATION_AREA_CHANGE, DEREG_FIVE_GS_TO_EPS_MOBILITY,
		DEREG_FIVE_GS_TO_EPS_MOBILITY_UE_INITIAL_REGISTRATION };

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		struct ngap_pdu pdu;
		struct amf_bed *b;
		void *own;

		amf_bed_setup(&own);
		b = own;
		amf_bed_register(b);
		amf_bed_session(b, 5);
		assert_int_equal(notify(b, reasons[i], 0), SBI_OK);
		assert_true(amf_bed_next(b, &pdu));
		assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
		assert_int_equal(pdu.u.ue_context_release_command->cause.u.radio_network,
			NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON);
		assert_false(amf_bed_next(b, &pdu));
		amf_bed_released(b);
		assert_int_equal(amf_numbers(b->amf).connections, 0);
		assert_moved(b, true);
		amf_bed_teardown(&own);
	}
}

static void test_moved_while_idle(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	amf_connection_release(
		b->amf, amf_bed_ue(b)->serving, ngap_cause_of_nas(NGAP_CAUSE_NAS_NORMAL_RELEASE));
	amf_bed_settle(b);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_int_equal(notify(b, DEREG_UE_REGISTRATION_AREA_CHANGE, 0), SBI_OK);
	assert_false(amf_bed_next(b, &pdu));
	assert_moved(b, false);
}

/* The registration under way, of a UE that was registered, ends with its context. */
static void test_moved_while_it_registers_again(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	b->script[SBI_UDM_AMF_REGISTRATION].mute = true;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	assert_int_equal(amf_bed_ue(b)->state, MM_SUBSCRIBING);
	assert_int_equal(notify(b, DEREG_UE_INITIAL_REGISTRATION, 0), SBI_OK);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	assert_moved(b, false);
}

static void test_moved_while_it_is_deregistered(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	assert_int_equal(notify(b, DEREG_SUBSCRIPTION_WITHDRAWN, 0), SBI_OK);
	amf_bed_expect(b, NAS_DEREGISTRATION_REQUEST_NETWORK, &m);
	assert_int_equal(amf_bed_ue(b)->state, MM_DEREGISTERING);
	assert_int_equal(notify(b, DEREG_UE_INITIAL_REGISTRATION, 0), SBI_OK);
	assert_moved(b, false);
}

/* What is not for this registration, or for nothing that is served, leaves the UE as it was. */
static void test_refused(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	assert_int_equal(notify(b, DEREG_UE_INITIAL_REGISTRATION, 1), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(notify(b, DEREG_SUBSCRIPTION_WITHDRAWN, 1), SBI_CONTEXT_NOT_FOUND);
	assert_int_equal(notify(b, DEREG_SMF_CONTEXT_TRANSFERRED, 0), SBI_MANDATORY_IE_INCORRECT);
	assert_int_equal(notify(b, DEREG_OTHER, 0), SBI_MANDATORY_IE_INCORRECT);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
	assert_false(amf_bed_next(b, &pdu));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moved),
		TEST(test_moved_while_idle),
		TEST(test_moved_while_it_registers_again),
		TEST(test_moved_while_it_is_deregistered),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
