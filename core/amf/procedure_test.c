/* Procedures beside one another: the table, the queue of N1N2 transfers, repetitions, and answers that come
 * late. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static const enum amf_conflict beside_registration[AMF_PROCEDURE_KINDS] = {
	[AMF_REGISTRATION] = AMF_ABORTS,
	[AMF_DEREGISTRATION] = AMF_ABORTS,
	[AMF_SERVICE_REQUEST] = AMF_REFUSES,
	[AMF_DEREGISTRATION_WAIT] = AMF_WAITS,
	[AMF_REAUTHENTICATION] = AMF_WAITS,
	[AMF_N1N2_TRANSFER] = AMF_WAITS,
	[AMF_PARAMETERS_UPDATE] = AMF_WAITS,
	[AMF_STEERING_OF_ROAMING] = AMF_WAITS,
}, beside_deregistration[AMF_PROCEDURE_KINDS] = {
	[AMF_REGISTRATION] = AMF_REFUSES,
	[AMF_DEREGISTRATION] = AMF_REFUSES,
	[AMF_SERVICE_REQUEST] = AMF_REFUSES,
	[AMF_IDENTIFICATION] = AMF_REFUSES,
	[AMF_AUTHENTICATION] = AMF_REFUSES,
	[AMF_SECURITY_MODE] = AMF_REFUSES,
	[AMF_CONFIGURATION_UPDATE] = AMF_REFUSES,
	[AMF_HANDOVER] = AMF_REFUSES,
	[AMF_PATH_SWITCH] = AMF_REFUSES,
	[AMF_DEREGISTRATION_WAIT] = AMF_REFUSES,
	[AMF_REAUTHENTICATION] = AMF_REFUSES,
	[AMF_N1N2_TRANSFER] = AMF_REFUSES,
	[AMF_MODIFY_INDICATION] = AMF_REFUSES,
	[AMF_PARAMETERS_UPDATE] = AMF_REFUSES,
	[AMF_STEERING_OF_ROAMING] = AMF_REFUSES,
};

static void test_conflicts(void **state)
{
	struct amf_bed *b = *state;
	struct amf_ue *ue = amf_ue_new(b->amf);
	struct amf_procedure *common, *p = amf_procedure_begin(b->amf, ue, AMF_REGISTRATION);
	uint32_t generation = p->generation;

	for (int kind = 0; kind < AMF_PROCEDURE_KINDS; kind++)
		assert_int_equal(amf_procedure_conflict(ue, kind), beside_registration[kind]);
	/* One common procedure at a time, within the registration. */
	common = amf_procedure_begin(b->amf, ue, AMF_IDENTIFICATION);
	assert_non_null(common);
	assert_non_null(amf_procedure_begin(b->amf, ue, AMF_AUTHENTICATION));
	assert_null(amf_procedure_find(ue, AMF_IDENTIFICATION));
	assert_null(amf_procedure_begin(b->amf, ue, AMF_SERVICE_REQUEST));
	/* Another request ends all of it; a late answer finds nothing. */
	p = amf_procedure_begin(b->amf, ue, AMF_REGISTRATION);
	assert_true(p->generation != generation);
	assert_null(amf_procedure_find(ue, AMF_AUTHENTICATION));
	assert_null(amf_procedure_of_token(
		b->amf, &(struct sbi_token){ pool_index(&b->amf->ues, ue), generation, 0 }));
	assert_ptr_equal(amf_procedure_of_token(b->amf,
				 &(struct sbi_token){ pool_index(&b->amf->ues, ue), p->generation, 0 }),
		p);
	assert_non_null(amf_procedure_begin(b->amf, ue, AMF_DEREGISTRATION));
	assert_null(amf_procedure_find(ue, AMF_REGISTRATION));
	for (int kind = 0; kind < AMF_PROCEDURE_KINDS; kind++)
		assert_int_equal(amf_procedure_conflict(ue, kind), beside_deregistration[kind]);
	amf_ue_free(b->amf, ue);
}

/* At the limit the UE is refused with congestion; one below it registers. */
static void test_limit(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();

	assert_int_equal(b->amf->procedures[AMF_REGISTRATION].max, AMF_PROCEDURES_MAX);
	b->amf->procedures[AMF_REGISTRATION].max = 0;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_CONGESTION);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
	b->amf->procedures[AMF_REGISTRATION].max = 1;
	b->ran_id++;
	amf_bed_register(b);
}

static void test_limit_of_a_common_procedure(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	b->amf->procedures[AMF_SECURITY_MODE].max = 0;
	amf_bed_challenge(b);
	amf_bed_answer_challenge(b);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
	assert_int_equal(m.registration_reject.cause, NAS_5GMM_CONGESTION);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

/* Four repetitions, 6 s apart, and at the fifth expiry what the clause demands. */
static void assert_four_repetitions(struct amf_bed *b, enum nas_msg_type type)
{
	struct nas_msg m;

	for (int i = 0; i < 4; i++) {
		amf_bed_pass(b, 5999);
		amf_bed_silent(b);
		amf_bed_pass(b, 1);
		amf_bed_expect(b, type, &m);
		amf_bed_silent(b);
	}
	amf_bed_pass(b, 5999);
	amf_bed_silent(b);
	amf_bed_pass(b, 1);
}

static void assert_released(struct amf_bed *b)
{
	struct ngap_pdu pdu;

	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	amf_bed_silent(b);
}

static void test_t3570(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();

	m.registration_request.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI, .guti = { b->config.guami, 99 } };
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	assert_four_repetitions(b, NAS_IDENTITY_REQUEST);
	assert_released(b);
}

static void test_t3560_of_authentication(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_challenge(b);
	assert_four_repetitions(b, NAS_AUTHENTICATION_REQUEST);
	assert_released(b);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
}

static void test_t3560_of_security_mode(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_secure(b);
	assert_four_repetitions(b, NAS_SECURITY_MODE_COMMAND);
	assert_released(b);
}

/* 5.5.1.2.8 c: registered all the same, and nothing is released. */
static void test_t3550(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_accept(b);
	assert_four_repetitions(b, NAS_REGISTRATION_ACCEPT);
	amf_bed_silent(b);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
	assert_null(amf_bed_ue(b)->procedures);
}

static void test_t3522(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	amf_bed_register(b);
	amf_mm_event(b->amf, amf_bed_ue(b), MM_EV_WITHDRAWN, NULL);
	amf_bed_settle(b);
	amf_bed_expect(b, NAS_DEREGISTRATION_REQUEST_NETWORK, &m);
	assert_four_repetitions(b, NAS_DEREGISTRATION_REQUEST_NETWORK);
	assert_released(b);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* 24.501 5.3.7: T3512 and 4 minutes, of which the last is the implicit de-registration timer's. */
static void test_mobile_reachable(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	amf_bed_released(b);
	amf_bed_pass(b, (600 + 240) * 1000 - 500);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	amf_bed_pass(b, 500);
	assert_int_equal(amf_numbers(b->amf).registered, 0);
}

/* A UE that comes back in the last minute stays. */
static void test_back_before_implicit_deregistration(void **state)
{
	struct amf_bed *b = *state;

	amf_bed_register(b);
	amf_bed_released(b);
	amf_bed_pass(b, (600 + 200) * 1000);
	amf_bed_service(b);
	amf_bed_pass(b, 60000);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
}

/* An answer of a procedure that has ended does nothing; what it created is released. */
static void test_late_vector(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();
	uint64_t first;

	b->script[SBI_AUSF_AUTHENTICATE].mute = true;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	first = b->script[SBI_AUSF_AUTHENTICATE].held;
	m.registration_request.ngksi = 3; /* another request: the first one's procedures end */
	b->amf_id = b->amf->connections.used
			    ? ((struct amf_connection *)pool_at(&b->amf->connections, 0))->amf_ue_ngap_id
			    : 0;
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	assert_int_equal(b->script[SBI_AUSF_AUTHENTICATE].requests, 2);
	sbi_answer(b->bus, first, SBI_USER_NOT_FOUND, NULL);
	amf_bed_settle(b);
	amf_bed_silent(b);
	assert_int_equal(amf_bed_ue(b)->state, MM_GETTING_VECTOR);
	sbi_answer(b->bus, b->script[SBI_AUSF_AUTHENTICATE].held, SBI_USER_NOT_FOUND, NULL);
	amf_bed_settle(b);
	amf_bed_expect(b, NAS_REGISTRATION_REJECT, &m);
}

static void test_late_policy_is_deleted(void **state)
{
	struct amf_bed *b = *state;
	struct npcf_am_policy_create_rsp policy = { .policy_id = "late" };

	b->script[SBI_PCF_AM_POLICY_CREATE].mute = true;
	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_deliver(b, BED_ASSOC, MSG_DOWN, BYTES_NONE);
	assert_int_equal(amf_numbers(b->amf).ues, 0);
	sbi_answer(b->bus, b->script[SBI_PCF_AM_POLICY_CREATE].held, SBI_OK, &policy);
	amf_bed_settle(b);
	assert_int_equal(b->script[SBI_PCF_AM_POLICY_DELETE].requests, 1);
}

static void again_by_guti(struct amf_bed *b)
{
	struct nas_msg m;

	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON, b->tmsi);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
}

/* A transfer during a registration goes out after its end, in order; the SMF hears then. */
static void test_transfers_wait(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE };
	struct ngap_pdu pdu;

	again_by_guti(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	amf_bed_transfer(b, N2_IE_PDU_RES_REL_CMD, 1);
	amf_bed_silent(b);
	assert_int_equal(b->transfers_answered, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_TRANSFERS_WAITED], 2);
	amf_bed_say_protected(b, &complete);
	amf_bed_silent(b); /* the gNB has not the UE's context yet */
	amf_bed_context_is_set_up(b);
	amf_bed_settle(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND);
	assert_int_equal(b->transfers_answered, 2);
	assert_int_equal(b->transfer_cause, SBI_OK);
	assert_null(amf_bed_ue(b)->procedures);
}

static void test_transfers_wait_for_the_context(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_released(b);
	amf_bed_service(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	amf_bed_silent(b);
	amf_bed_context_is_set_up(b);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST);
	assert_int_equal(b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests, 2); /* deactivated, activating */
}

/* Without an answer of the gNB the connection is released: nobody knows what the gNB has. */
static void test_service_request_guard(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_pdu pdu;

	amf_bed_register(b);
	amf_bed_session(b, 1);
	amf_bed_released(b);
	amf_bed_service(b);
	amf_bed_pass(b, 4000);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	amf_bed_pass(b, AMF_CONTEXT_SETUP_S * 1000 - 4000 - 1);
	amf_bed_silent(b);
	amf_bed_pass(b, 1);
	assert_true(amf_bed_next(b, &pdu));
	assert_int_equal(pdu.message, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND);
	assert_int_equal(b->transfer_cause, SBI_UE_IN_CM_IDLE_STATE);
}

static void test_transfer_waits_too_long(void **state)
{
	struct amf_bed *b = *state;

	again_by_guti(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	amf_bed_pass(b, AMF_TRANSFER_WAIT_S * 1000 - 1);
	assert_int_equal(b->transfers_answered, 0);
	amf_bed_pass(b, 1);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_TEMPORARY_REJECT_REGISTRATION_ONGOING);
}

static void test_queue_limit(void **state)
{
	struct amf_bed *b = *state;

	again_by_guti(b);
	for (int i = 0; i < AMF_TRANSFERS_PER_UE_MAX; i++)
		amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	assert_int_equal(b->transfers_answered, 0);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 0);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(b->amf->stat[AMF_STAT_EXHAUSTED], 1);
}

/* What no NAS message can carry is refused before anything is done. */
static void test_transfer_too_long(void **state)
{
	struct amf_bed *b = *state;
	static uint8_t long_n1[60000];
	struct n1_message_container n1 = { .n1_message_class = N1_MESSAGE_CLASS_SM,
		.n1_message_content = BYTES(long_n1) };
	struct namf_n1n2_message_transfer_req req = { .data = { .n1_message_container = &n1,
							      .pdu_session_id = 1 } };

	amf_bed_register(b);
	amf_bed_session(b, 1);
	req.supi = amf_bed_ue(b)->supi;
	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_N1N2_MESSAGE_TRANSFER, &req,
		(struct sbi_token){ 0 });
	amf_bed_settle(b);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_not_equal(b->transfer_cause, SBI_OK);
	assert_int_not_equal(b->transfer_cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(b->amf->stat[AMF_STAT_N2_INFO_REFUSED], 1);
}

/* 24.501 7.7: RES* of another length counts as missing; the UE has another try, and nobody is rejected. */
static void test_res_star_of_a_wrong_length(void **state)
{
	struct amf_bed *b = *state;
	static const uint8_t octets[] = { 0x7e, 0, 0x57, 0x2d, 15, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0 };
	struct nas_msg m;

	amf_bed_challenge(b);
	amf_bed_say(b, BYTES(octets));
	amf_bed_expect(b, NAS_GMM_STATUS, &m);
	assert_int_equal(m.gmm_status.cause, NAS_CAUSE_CONDITIONAL_IE);
	amf_bed_silent(b);
	amf_bed_answer_challenge(b);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_int_equal(b->amf->stat[AMF_STAT_AUTH_REJECT], 0);
}

/* The connection goes, or the UE: the SMF hears that. */
static void test_waiting_transfers_of_a_ue_that_goes(void **state)
{
	struct amf_bed *b = *state;

	again_by_guti(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	amf_bed_released(b);
	amf_bed_settle(b);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_UE_IN_CM_IDLE_STATE);
}

static void test_waiting_transfers_of_a_ue_that_deregisters(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg off = { .type = NAS_DEREGISTRATION_REQUEST_UE };

	again_by_guti(b);
	amf_bed_transfer(b, N2_IE_PDU_RES_SETUP_REQ, 1);
	off.deregistration_request_ue.deregistration_type =
		NAS_DEREGISTRATION_3GPP | NAS_DEREGISTRATION_SWITCH_OFF;
	off.deregistration_request_ue.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI, .guti = { b->config.guami, 5 } };
	amf_bed_say_protected(b, &off);
	assert_int_equal(b->transfers_answered, 1);
	assert_int_equal(b->transfer_cause, SBI_CONTEXT_NOT_FOUND);
}

/* A target that is lost leaves the UE where it is; the serving connection does not. */
static void test_target_connection(void **state)
{
	struct amf_bed *b = *state;
	struct amf_connection *target, *serving;
	struct amf_ue *ue;

	amf_bed_register(b);
	ue = amf_bed_ue(b);
	serving = ue->serving;
	target = amf_connection_new(b->amf, amf_gnb_find(b->amf, BED_ASSOC), 77);
	target->ue = ue;
	ue->target = target;
	assert_ptr_equal(amf_connection_for(ue, AMF_FOR_NAS), serving);
	assert_ptr_equal(amf_connection_for(ue, AMF_FOR_SESSION), serving);
	assert_ptr_equal(amf_connection_for(ue, AMF_FOR_HANDOVER), target);
	amf_connection_lost(b->amf, target);
	assert_null(ue->target);
	assert_ptr_equal(ue->serving, serving);
	assert_false(timer_is_set(&ue->reachability));
	amf_connection_lost(b->amf, serving);
	assert_null(ue->serving);
	assert_true(timer_is_set(&ue->reachability));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, amf_bed_setup, amf_bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_conflicts),
		TEST(test_limit),
		TEST(test_limit_of_a_common_procedure),
		TEST(test_t3570),
		TEST(test_t3560_of_authentication),
		TEST(test_t3560_of_security_mode),
		TEST(test_t3550),
		TEST(test_t3522),
		TEST(test_mobile_reachable),
		TEST(test_back_before_implicit_deregistration),
		TEST(test_late_vector),
		TEST(test_late_policy_is_deleted),
		TEST(test_transfers_wait),
		TEST(test_transfers_wait_for_the_context),
		TEST(test_service_request_guard),
		TEST(test_transfer_waits_too_long),
		TEST(test_queue_limit),
		TEST(test_transfer_too_long),
		TEST(test_res_star_of_a_wrong_length),
		TEST(test_waiting_transfers_of_a_ue_that_goes),
		TEST(test_waiting_transfers_of_a_ue_that_deregisters),
		TEST(test_target_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
