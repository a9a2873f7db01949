/* When the UE may ask for a session again: 24.501 6.2.7, 6.2.8, 6.2.12, 6.4.1.4, 6.4.2.4, and STATUS
 * of 6.5.2. */
#include "ue/internal.h"
#include "ue/ue_bed.h"

enum { EIGHT_S = 0x64, ZERO = 0x60, DEACTIVATED = 0xe0 }; /* GPRS timer 3 */

static const struct snssai one = { 1, SNSSAI_NO_SD }, two = { 2, SNSSAI_NO_SD };

/* It is refused, in a REJECT or, of the AMF's own, in a DL NAS TRANSPORT; timer -1: none. */
static struct nas_msg reject_of(const struct nas_msg *request, uint8_t cause, int timer)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT,
		.pdu_session_id = request->pdu_session_id,
		.pti = request->pti };

	m.pdu_session_establishment_reject.cause = cause;
	m.pdu_session_establishment_reject.has_backoff_timer = timer >= 0;
	m.pdu_session_establishment_reject.backoff_timer = (uint8_t)timer;
	return m;
}

static struct nas_msg asks(struct bed *b, const char *dnn, const struct snssai *snssai, uint8_t type)
{
	assert_true(ue_session_establish_type(b->ue, dnn, snssai, type) > 0);
	return bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
}

static void refused(struct bed *b, const char *dnn, const struct snssai *snssai, uint8_t cause, int timer)
{
	struct nas_msg m = asks(b, dnn, snssai, NAS_PDU_IPV4);

	bed_send_sm(b, reject_of(&m, cause, timer));
	assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
}

static bool may(struct bed *b, const char *dnn, const struct snssai *snssai)
{
	uint8_t psi = ue_session_establish(b->ue, dnn, snssai);

	if (psi)
		ue_sm_event(ue_session_find(b->ue, psi), SM_EV_LOCAL_RELEASE, NULL);
	bed_forget(b);
	return psi != 0;
}

/* By what is put off: which of the others may still be asked for. */
static void test_scopes(void **state)
{
	static const struct {
		uint8_t cause;
		bool other_slice, no_slice, other_dnn, no_dnn;
	} cases[] = {
		{ NAS_5GSM_INSUFFICIENT_RESOURCES, false, false, true, true },
		{ NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN, true, true, true, true },
		{ NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE, true, true, false, false },
		{ NAS_5GSM_NETWORK_FAILURE, true, true, true, true },
	};
	struct bed *b = *state;

	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		refused(b, "internet", &one, cases[i].cause, EIGHT_S);
		assert_false(may(b, "internet", &one));
		assert_int_equal(may(b, "internet", &two), cases[i].other_slice);
		assert_int_equal(may(b, "internet", NULL), cases[i].no_slice);
		assert_int_equal(may(b, "ims", &one), cases[i].other_dnn);
		assert_int_equal(may(b, NULL, &one), cases[i].no_dnn);
		bed_pass(b, 7999);
		assert_false(may(b, "internet", &one));
		bed_pass(b, 1);
		assert_true(may(b, "internet", &one));
	}
}

/* To have named no DNN, or no slice, is one of its own. */
static void test_none_named(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	refused(b, NULL, NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, EIGHT_S);
	assert_false(may(b, NULL, NULL));
	assert_false(may(b, NULL, &one));
	assert_true(may(b, "internet", NULL));
	refused(b, "internet", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE, EIGHT_S);
	assert_false(may(b, "ims", NULL));
	assert_true(may(b, "internet", &one));
}

/* 6.4.1.4.2: a timer of zero ends it, as does no other; deactivated it lasts until the UE is switched off. */
static void test_zero_and_deactivated(void **state)
{
	struct bed *b = *state;
	struct nas_msg first, second;

	bed_register(b);
	first = asks(b, "internet", NULL, NAS_PDU_IPV4);
	second = asks(b, "internet", NULL, NAS_PDU_IPV4);
	bed_send_sm(b, reject_of(&first, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED));
	assert_int_equal(
		ue_backoff_until_ns(b->ue, &(struct ue_session_order){ .dnn = "internet" }), UINT64_MAX);
	assert_false(may(b, "internet", NULL));
	bed_send_sm(b, reject_of(&second, NAS_5GSM_INSUFFICIENT_RESOURCES, ZERO));
	assert_true(may(b, "internet", NULL));
	refused(b, "internet", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, -1);
	assert_true(may(b, "internet", NULL));
	refused(b, "internet", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED);
	assert_false(may(b, "internet", NULL));
	assert_non_null(b->ue->backoffs);
	assert_true(ue_deregister(b->ue, true));
	assert_null(b->ue->backoffs);
}

/* 6.3.2.3, 6.3.3.3: the network deals with a session of that DNN by itself. */
static void test_network_stops_it(void **state)
{
	struct nas_msg m = { .type = NAS_PDU_SESSION_MODIFICATION_COMMAND, .pdu_session_id = 1 };
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	refused(b, "internet", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED);
	refused(b, "ims", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED);
	assert_false(ue_session_modify(b->ue, 1));
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_MODIFICATION_COMPLETE);
	assert_true(may(b, "internet", NULL));
	assert_false(may(b, "ims", NULL));
	m = (struct nas_msg){ .type = NAS_PDU_SESSION_RELEASE_COMMAND, .pdu_session_id = 1 };
	m.pdu_session_release_command.cause = NAS_5GSM_INSUFFICIENT_RESOURCES;
	m.pdu_session_release_command.has_backoff_timer = true;
	m.pdu_session_release_command.backoff_timer = EIGHT_S;
	bed_send_sm(b, m);
	bed_sm(b, NAS_PDU_SESSION_RELEASE_COMPLETE);
	assert_false(may(b, "internet", NULL));
	bed_pass(b, 8000);
	assert_true(may(b, "internet", NULL));
}

static struct ue_cell cell;

/* 9.11.4.21: T3584 is of its PLMN, unless the network says of all; T3396 is of all. */
static void test_plmns(void **state)
{
	static const uint8_t causes[] = { NAS_5GSM_INSUFFICIENT_RESOURCES,
		NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN,
		NAS_5GSM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN, NAS_5GSM_MISSING_OR_UNKNOWN_DNN };
	struct bed *b = *state;

	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct nas_msg m;

		cell = (struct ue_cell){ b->gnb, 1, 1, { b->profile.home, 1 } };
		ue_host_set_cells(b->host, &cell, 1);
		m = asks(b, "internet", NULL, NAS_PDU_IPV4);
		m = reject_of(&m, causes[i], EIGHT_S);
		m.pdu_session_establishment_reject.has_congestion_reattempt_indicator = i == 2;
		m.pdu_session_establishment_reject.congestion_reattempt_indicator = NAS_CONGESTION_ABO;
		bed_send_sm(b, m);
		assert_false(may(b, "internet", NULL));
		assert_true(plmn_parse("00102", &cell.tai.plmn));
		assert_int_equal(may(b, "internet", NULL), i == 1 || i == 3);
		bed_pass(b, 8000);
	}
}

/* 6.4.1.4.2: emergency calls are not put off. */
static void test_emergency(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	refused(b, NULL, NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED);
	assert_true(ue_session_establish_emergency(b->ue));
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
}

/* 6.4.1.3, 6.4.1.4.3: what the network allows instead of a type, with an accept or a refusal. */
static void test_types(void **state)
{
	static const struct {
		uint8_t cause, asked, allowed;
	} cases[] = {
		{ NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED, NAS_PDU_IPV6, NAS_PDU_IPV4 },
		{ NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED, NAS_PDU_IPV4, NAS_PDU_IPV6 },
		{ NAS_5GSM_PDU_SESSION_TYPE_IPV4V6_ONLY_ALLOWED, NAS_PDU_ETHERNET, NAS_PDU_IPV4V6 },
		{ NAS_5GSM_PDU_SESSION_TYPE_UNSTRUCTURED_ONLY_ALLOWED, NAS_PDU_IPV4, NAS_PDU_UNSTRUCTURED },
		{ NAS_5GSM_PDU_SESSION_TYPE_ETHERNET_ONLY_ALLOWED, NAS_PDU_IPV4, NAS_PDU_ETHERNET },
	};
	static const char *const dnns[] = { "a", "b", "c", "d", "e" };
	struct bed *b = *state;

	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m = asks(b, dnns[i], NULL, cases[i].asked);

		bed_send_sm(b, reject_of(&m, cases[i].cause, DEACTIVATED));
		assert_int_equal(ue_session_establish_type(b->ue, dnns[i], NULL, cases[i].asked), 0);
		assert_int_equal(ue_session_establish_type(b->ue, dnns[i], &one, cases[i].asked), 1);
		ue_session_release_all(b->ue);
		bed_forget(b);
		m = asks(b, dnns[i], NULL, cases[i].allowed);
		assert_int_equal(m.pdu_session_establishment_request.pdu_session_type, cases[i].allowed);
		ue_session_release_all(b->ue);
	}
}

static void test_one_family_of_two(void **state)
{
	struct bed *b = *state;
	struct nas_msg m, accept;

	bed_register(b);
	m = asks(b, "internet", NULL, NAS_PDU_IPV4V6);
	accept = bed_session_accept(b, &m);
	accept.pdu_session_establishment_accept.has_cause = true;
	accept.pdu_session_establishment_accept.cause = NAS_5GSM_PDU_SESSION_TYPE_IPV4_ONLY_ALLOWED;
	bed_send_sm(b, accept);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);
	assert_int_equal(ue_session_establish_type(b->ue, "internet", NULL, NAS_PDU_IPV6), 0);
	assert_int_equal(ue_session_establish_type(b->ue, "internet", NULL, NAS_PDU_IPV4), 2);
}

/* timer -1: none */
static void given_back(struct bed *b, uint8_t cause, int timer)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };

	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = bytes_of("\x2e\x01\x01\xc1", 4);
	m.dl_nas_transport.has_pdu_session_id = m.dl_nas_transport.has_cause = true;
	m.dl_nas_transport.has_backoff_timer = timer >= 0;
	m.dl_nas_transport.pdu_session_id = 1;
	m.dl_nas_transport.cause = cause;
	m.dl_nas_transport.backoff_timer = (uint8_t)timer;
	bed_send(b, m);
	bed_forget(b);
}

/* What the network has ended for good, or does not have, is not asked for every ten seconds. */
static void test_automatic_stops(void **state)
{
	struct bed *b = *state;
	struct nas_msg m, command = { .type = NAS_PDU_SESSION_RELEASE_COMMAND,
		.pdu_session_id = 1,
		.pdu_session_release_command.cause = NAS_5GSM_REGULAR_DEACTIVATION };

	bed_register(b);
	b->profile.auto_session = true;
	bed_session(b, 1);
	bed_send_sm(b, command);
	bed_sm(b, NAS_PDU_SESSION_RELEASE_COMPLETE);
	assert_false(timer_is_set(&b->ue->session_retry));
	bed_pass(b, SESSION_BARRED_S * MS_PER_S);
	assert_null(b->ue->sessions);
	ue_session_auto(b->ue); /* as when it registers */
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_int_equal(m.pdu_session_id, 1);
	given_back(b, NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE, -1);
	assert_null(b->ue->sessions);
	bed_pass(b, SESSION_BARRED_S * MS_PER_S - 1);
	assert_null(b->ue->sessions);
	bed_pass(b, 1);
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
}

/* The automatic session takes what is allowed, and waits as long as it must. */
static void test_automatic(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	b->profile.auto_session = true;
	b->profile.session_type = NAS_PDU_IPV4V6;
	b->profile.ssc_mode = NAS_SSC_3;
	ue_session_auto(b->ue);
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	bed_send_sm(b, reject_of(&m, NAS_5GSM_PDU_SESSION_TYPE_IPV6_ONLY_ALLOWED, -1));
	bed_pass(b, SESSION_RETRY_MS);
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_int_equal(m.pdu_session_establishment_request.pdu_session_type, NAS_PDU_IPV6);
	assert_int_equal(m.pdu_session_establishment_request.ssc_mode, NAS_SSC_3);
	m = reject_of(&m, NAS_5GSM_NOT_SUPPORTED_SSC_MODE, -1);
	m.pdu_session_establishment_reject.has_allowed_ssc_mode = true;
	m.pdu_session_establishment_reject.allowed_ssc_mode = 1 << (NAS_SSC_2 - 1); /* 9.11.4.5 */
	bed_send_sm(b, m);
	bed_pass(b, SESSION_RETRY_MS);
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_int_equal(m.pdu_session_establishment_request.ssc_mode, NAS_SSC_2);
	bed_send_sm(b, reject_of(&m, NAS_5GSM_INSUFFICIENT_RESOURCES, DEACTIVATED));
	assert_false(timer_is_set(&b->ue->session_retry));
	ue_session_auto(b->ue);
	assert_null(b->ue->sessions);
}

/* 6.2.6: outside the area, as the network has it, until that names the area again. */
static void test_ladn(void **state)
{
	struct tai home = { .tac = 1 };
	struct nas_tai_partial part = { .count = 1, .tais = &home };
	struct nas_ladn item = { .dnn = "plant", .tai_list = { 1, &part } };
	struct nas_ladns list = { 1, &item };
	struct bed *b = *state;

	bed_register(b);
	home.plmn = b->profile.home;
	cell = (struct ue_cell){ b->gnb, 1, 1, home };
	ue_host_set_cells(b->host, &cell, 1);
	ue_ladn_take(b->ue, &list);
	refused(b, "plant", NULL, NAS_5GSM_OUT_OF_LADN_SERVICE_AREA, -1);
	assert_false(may(b, "plant", NULL));
	ue_ladn_take(b->ue, &list);
	assert_true(may(b, "plant", NULL));
}

static struct nas_msg modification_reject(const struct nas_msg *request, uint8_t cause, int timer)
{
	struct nas_msg m = {
		.type = NAS_PDU_SESSION_MODIFICATION_REJECT, .pdu_session_id = 1, .pti = request->pti
	};

	m.pdu_session_modification_reject.cause = cause;
	m.pdu_session_modification_reject.has_backoff_timer = timer >= 0;
	m.pdu_session_modification_reject.backoff_timer = (uint8_t)timer;
	return m;
}

/* 6.4.2.4: resources are those of sessions too, other causes are the procedure's own. */
static void test_modification(void **state)
{
	static const struct {
		uint8_t cause;
		int timer;
		bool session;
		uint32_t ms;
	} cases[] = {
		{ NAS_5GSM_INSUFFICIENT_RESOURCES, EIGHT_S, false, 8000 },
		{ NAS_5GSM_SERVICE_OPTION_NOT_SUPPORTED, EIGHT_S, true, 8000 },
		{ NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED, -1, true, 720000 },
	};
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m;

		assert_true(ue_session_modify(b->ue, 1));
		m = bed_sm(b, NAS_PDU_SESSION_MODIFICATION_REQUEST);
		bed_send_sm(b, modification_reject(&m, cases[i].cause, cases[i].timer));
		assert_false(ue_session_modify(b->ue, 1));
		assert_false(ue_session_request_flow(b->ue, 1, &(struct ue_flow_request){ 0 }));
		assert_int_equal(may(b, "internet", NULL), cases[i].session);
		bed_pass(b, cases[i].ms - 1);
		assert_false(ue_session_modify(b->ue, 1));
		bed_pass(b, 1);
	}
	assert_true(ue_session_modify(b->ue, 1));
}

/* 5.4.5.3.3: what the AMF refuses by itself. */
static void test_by_amf(void **state)
{
	static const struct {
		uint8_t cause;
		bool other_slice, other_dnn;
	} cases[] = {
		{ NAS_5GMM_CONGESTION, false, true },
		{ NAS_5GMM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE_AND_DNN, true, true },
		{ NAS_5GMM_INSUFFICIENT_RESOURCES_FOR_SPECIFIC_SLICE, true, false },
	};
	struct bed *b = *state;

	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		asks(b, "internet", &one, NAS_PDU_IPV4);
		given_back(b, cases[i].cause, EIGHT_S);
		assert_false(may(b, "internet", &one));
		assert_int_equal(may(b, "internet", &two), cases[i].other_slice);
		assert_int_equal(may(b, "ims", &one), cases[i].other_dnn);
		bed_pass(b, 8000);
	}
	bed_session(b, 1);
	assert_true(ue_session_modify(b->ue, 1));
	given_back(b, NAS_5GMM_CONGESTION, EIGHT_S);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_CHANGED);
	assert_int_equal(b->last.cause, NAS_5GMM_CONGESTION);
	assert_false(may(b, "internet", NULL));
}

/* The one that ends first gives way to a ninth. */
static void test_full(void **state)
{
	struct bed *b = *state;
	char dnn[2] = "a";

	bed_register(b);
	for (int i = 0; i < UE_BACKOFFS_MAX; i++, dnn[0]++)
		refused(b, dnn, NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, dnn[0] == 'c' ? EIGHT_S : EIGHT_S + 1);
	refused(b, "z", NULL, NAS_5GSM_INSUFFICIENT_RESOURCES, EIGHT_S);
	assert_false(may(b, "z", NULL));
	for (dnn[0] = 'a'; dnn[0] < 'a' + UE_BACKOFFS_MAX; dnn[0]++)
		assert_int_equal(may(b, dnn, NULL), dnn[0] == 'c');
}

static void status(struct bed *b, uint8_t pti, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GSM_STATUS, .pdu_session_id = 1, .pti = pti };

	m.gsm_status.cause = cause;
	bed_send_sm(b, m);
	assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* none is answered (6.5.2) */
}

/* 6.5.2: the transaction of the present procedure ends it, that of another one nothing; #43 ends the session.
 */
static void test_status(void **state)
{
	static const uint8_t causes[] = { NAS_5GSM_PTI_MISMATCH, NAS_5GSM_INVALID_PTI_VALUE,
		NAS_CAUSE_MESSAGE_UNKNOWN };
	struct bed *b = *state;
	struct ue_session_info info;

	bed_register(b);
	bed_session(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(causes); i++) {
		struct nas_msg m;

		assert_true(ue_session_modify(b->ue, 1));
		m = bed_sm(b, NAS_PDU_SESSION_MODIFICATION_REQUEST);
		status(b, m.pti + 1, causes[i]);
		status(b, m.pti, NAS_CAUSE_INVALID_MANDATORY);
		assert_int_equal(ue_session_find(b->ue, 1)->state, SM_MODIFICATION_PENDING);
		status(b, m.pti, causes[i]);
		assert_int_equal(ue_session_find(b->ue, 1)->state, SM_ACTIVE);
		bed_pass(b, 10 * T3581_MS);
		assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* T3581 has stopped */
		status(b, 0, causes[i]);                        /* of no transaction */
		assert_true(ue_session_info(b->ue, 1, &info) && info.active);
	}
	status(b, 0, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_DOWN);
	assert_false(ue_session_info(b->ue, 1, &info));
	status(b, 0, NAS_5GSM_INVALID_PDU_SESSION_IDENTITY); /* of no session */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_scopes, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_none_named, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_zero_and_deactivated, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_network_stops_it, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_plmns, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_emergency, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_types, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_one_family_of_two, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_automatic_stops, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_automatic, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_ladn, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_modification, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_by_amf, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_full, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_status, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
