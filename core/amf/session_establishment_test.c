/*
 * Establishment of a PDU session at the AMF, 23.502 4.3.2.2.1: which DNN and SMF are chosen, and what the UE
 * gets back when it goes no further (24.501 5.4.5.2.5).
 */
#include "core/amf/amf_bed.h"

enum { PSI = 5 };

static const uint8_t request[] = { 0x2e, PSI, 1, 0xc1, 0xff, 0xff };

static void ask_in(struct amf_bed *b, const char *dnn, const struct snssai *slice, uint8_t request_type)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };
	struct nas_ul_nas_transport *t = &m.ul_nas_transport;

	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = BYTES(request);
	t->has_pdu_session_id = t->has_request_type = true;
	t->pdu_session_id = PSI;
	t->request_type = request_type;
	t->has_dnn = dnn != NULL;
	t->dnn = dnn;
	t->has_s_nssai = slice != NULL;
	if (slice)
		t->s_nssai.snssai = *slice;
	amf_bed_say_protected(b, &m);
}

static void ask(struct amf_bed *b, const char *dnn)
{
	ask_in(b, dnn, NULL, NAS_REQUEST_INITIAL);
}

/* A UE whose functions answer when the test does so. */
static void begin(struct amf_bed *b)
{
	amf_bed_register(b);
	b->read = b->sent_count;
	b->script[SBI_UDM_GET_SMF_SELECT_DATA].mute = true;
	b->script[SBI_NRF_NF_DISCOVER].mute = true;
	b->script[SBI_SMF_CREATE_SM_CONTEXT].mute = true;
}

static void answer(struct amf_bed *b, enum sbi_op_id op, enum sbi_cause cause, const void *body)
{
	assert_int_equal(b->script[op].requests, 1);
	sbi_answer(b->bus, b->script[op].held, cause, body);
	amf_bed_settle(b);
}

/* The subscription: in slice 2 a DNN of no use here, in the slice of the key these, the second the default.
 */
static void subscribed(struct amf_bed *b, const char *key)
{
	struct dnn_info other = { .dnn = "other", .default_dnn_indicator = true },
			dnns[] = { { .dnn = "ims" }, { .dnn = "internet", .default_dnn_indicator = true } };
	struct smf_selection_subscription_data_subscribed_snssai_infos_entry slices[] = {
		{ "2", { { 1, &other } } }, { key, { { ARRAY_LEN(dnns), dnns } } }
	};
	struct nudm_smf_select_data_rsp rsp = { .data = { .subscribed_snssai_infos = {
								  ARRAY_LEN(slices), slices } } };

	answer(b, SBI_UDM_GET_SMF_SELECT_DATA, SBI_OK, &rsp);
}

static void discovered(struct amf_bed *b, uint32_t count)
{
	struct nf_profile smf = { .nf_instance_id = "", .nf_type = NF_SMF };
	struct nnrf_nf_discover_rsp rsp = { .data = { .nf_instances = { count, &smf } } };

	answer(b, SBI_NRF_NF_DISCOVER, SBI_OK, &rsp);
}

static void created(struct amf_bed *b, const char *ref)
{
	answer(b, SBI_SMF_CREATE_SM_CONTEXT, SBI_OK,
		&(struct nsmf_create_sm_context_rsp){ .sm_context_ref = ref });
}

static struct amf_session *session(struct amf_bed *b)
{
	return amf_session_find(amf_bed_ue(b), PSI);
}

/* 24.501 5.4.5.2.5: the payload comes back with the cause, and nothing is left. */
static void assert_given_back(struct amf_bed *b, uint8_t cause)
{
	struct nas_msg m;

	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_int_equal(m.dl_nas_transport.payload_container_type, NAS_PAYLOAD_N1_SM);
	assert_int_equal(m.dl_nas_transport.pdu_session_id, PSI);
	assert_true(m.dl_nas_transport.has_cause);
	assert_int_equal(m.dl_nas_transport.cause, cause);
	assert_true(bytes_equal(m.dl_nas_transport.payload_container, BYTES(request)));
	assert_int_equal(amf_numbers(b->amf).sessions, 0);
	amf_bed_silent(b);
}

/* The default DNN of the only allowed slice, the SMF that the NRF names, the reference that it gives. */
static void test_default_dnn(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m;

	begin(b);
	ask(b, NULL);
	subscribed(b, "1");
	assert_string_equal(session(b)->dnn, "internet");
	discovered(b, 1);
	assert_true(session(b)->creating);
	created(b, "sm-1");
	assert_false(session(b)->creating);
	assert_int_equal(session(b)->held_len, 0);
	assert_string_equal(session(b)->sm_context_ref, "sm-1");
	assert_true(snssai_equal(&session(b)->snssai, &b->allowed));
	assert_int_equal(amf_numbers(b->amf).sessions, 1);
	assert_int_equal(b->amf->stat[AMF_STAT_SESSIONS], 1);
	amf_bed_silent(b);
	/* a message for it goes there from now on */
	m = (struct nas_msg){ .type = NAS_UL_NAS_TRANSPORT };
	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.ul_nas_transport.payload_container = BYTES(request);
	m.ul_nas_transport.has_pdu_session_id = true;
	m.ul_nas_transport.pdu_session_id = PSI;
	amf_bed_say_protected(b, &m);
	assert_int_equal(b->script[SBI_SMF_UPDATE_SM_CONTEXT].requests, 1);
}

/* 23.003 9.1: DNNs are compared without regard to case; the session has it as it was subscribed. */
static void test_named_dnn(void **state)
{
	struct amf_bed *b = *state;

	begin(b);
	ask_in(b, "IMS", &b->allowed, NAS_REQUEST_INITIAL);
	subscribed(b, "1");
	assert_string_equal(session(b)->dnn, "ims");
	discovered(b, 1);
	created(b, "sm-1");
	assert_string_equal(session(b)->sm_context_ref, "sm-1");
}

/* Which step fails, and what the UE hears of it. */
static void test_refusals(void **state)
{
	static const struct {
		const char *dnn, *key;
		enum sbi_op_id op;
		enum sbi_cause cause;
		uint8_t gmm_cause;
	} cases[] = {
		{ NULL, "1", SBI_UDM_GET_SMF_SELECT_DATA, SBI_DATA_NOT_FOUND,
			NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED },
		{ NULL, "3", SBI_NRF_NF_DISCOVER, SBI_OK, /* no default in the slice */
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ "other", "1", SBI_NRF_NF_DISCOVER, SBI_OK, /* in another slice alone */
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ "internet", "nonsense", SBI_NRF_NF_DISCOVER, SBI_OK,
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ "internet.mnc002.mcc001.gprs", "1", SBI_NRF_NF_DISCOVER, SBI_OK, /* another network's */
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ NULL, "1", SBI_NRF_NF_DISCOVER, SBI_OK, /* nobody found */
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ NULL, "1", SBI_NRF_NF_DISCOVER, SBI_NF_CONGESTION,
			NAS_5GMM_DNN_NOT_SUPPORTED_OR_NOT_SUBSCRIBED_IN_THE_SLICE },
		{ NULL, "1", SBI_SMF_CREATE_SM_CONTEXT, SBI_INSUFFICIENT_RESOURCES,
			NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct amf_bed *b;
		void *fresh;

		amf_bed_setup(&fresh);
		b = fresh;
		begin(b);
		ask(b, cases[i].dnn);
		if (cases[i].op == SBI_UDM_GET_SMF_SELECT_DATA) {
			answer(b, cases[i].op, cases[i].cause, NULL);
		} else {
			subscribed(b, cases[i].key);
			if (b->script[SBI_NRF_NF_DISCOVER].requests && cases[i].op == SBI_NRF_NF_DISCOVER) {
				if (cases[i].cause == SBI_OK)
					discovered(b, 0);
				else
					answer(b, cases[i].op, cases[i].cause, NULL);
			} else if (cases[i].op == SBI_SMF_CREATE_SM_CONTEXT) {
				discovered(b, 1);
				answer(b, cases[i].op, cases[i].cause, NULL);
			}
		}
		assert_given_back(b, cases[i].gmm_cause);
		assert_int_equal(b->amf->stat[AMF_STAT_SESSIONS], cases[i].op == SBI_SMF_CREATE_SM_CONTEXT);
		amf_bed_teardown(&fresh);
	}
}

/* 29.502 5.2.2.2.1: an SMF that refuses has a message for the UE, which goes there, without a cause of ours.
 */
static void test_refused_by_the_smf(void **state)
{
	struct nsmf_create_sm_context_rsp rsp = { .error.n1_sm_msg = bytes_of("\x2e\x05\x01\xc3\x1b", 5) };
	struct amf_bed *b = *state;
	struct nas_msg m;

	begin(b);
	ask(b, NULL);
	subscribed(b, "1");
	discovered(b, 1);
	answer(b, SBI_SMF_CREATE_SM_CONTEXT, SBI_DNN_DENIED, &rsp);
	amf_bed_expect(b, NAS_DL_NAS_TRANSPORT, &m);
	assert_false(m.dl_nas_transport.has_cause);
	assert_true(bytes_equal(m.dl_nas_transport.payload_container, rsp.error.n1_sm_msg));
	assert_int_equal(amf_numbers(b->amf).sessions, 0);
	amf_bed_silent(b);
}

/* 24.501 5.4.5.2.5: a slice that is not of the allowed NSSAI is not asked for anywhere. */
static void test_slice_not_allowed(void **state)
{
	struct snssai slice = { 1, 0x010203 };
	struct amf_bed *b = *state;

	begin(b);
	ask_in(b, NULL, &slice, NAS_REQUEST_INITIAL);
	assert_given_back(b, NAS_5GMM_PAYLOAD_WAS_NOT_FORWARDED);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, 0);
}

static void test_no_room(void **state)
{
	struct amf_bed *b = *state;

	begin(b);
	while (pool_alloc(&b->amf->sessions))
		continue;
	ask(b, NULL);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, 0);
	assert_null(session(b));
}

/* T3580 of the UE: the repetition of a request that is under way asks nobody again. */
static void test_repeated(void **state)
{
	struct amf_bed *b = *state;

	begin(b);
	ask(b, NULL);
	ask(b, NULL);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, 1);
	subscribed(b, "1");
	ask(b, NULL);
	discovered(b, 1);
	ask(b, NULL);
	created(b, "sm-1");
	assert_int_equal(amf_numbers(b->amf).sessions, 1);
	amf_bed_silent(b);
}

/* 29.502 5.2.2.2.1, 23.502 4.3.2.2.1: a new session of the same identity replaces the old one. */
static void test_replaced(void **state)
{
	struct amf_bed *b = *state;

	begin(b);
	amf_bed_session(b, PSI);
	ask(b, NULL);
	assert_int_equal(b->script[SBI_SMF_RELEASE_SM_CONTEXT].requests, 1);
	assert_int_equal(amf_numbers(b->amf).sessions, 1);
	assert_true(session(b)->creating);
	subscribed(b, "1");
	discovered(b, 1);
	created(b, "sm-2");
	assert_string_equal(session(b)->sm_context_ref, "sm-2");
}

/* 23.502 4.3.2.2.1: an existing session that is not here is asked of the SMF too, as one. */
static void test_existing(void **state)
{
	struct amf_bed *b = *state;

	begin(b);
	ask_in(b, NULL, NULL, NAS_REQUEST_EXISTING);
	subscribed(b, "1");
	discovered(b, 1);
	created(b, "sm-1");
	assert_string_equal(session(b)->sm_context_ref, "sm-1");
}

/* A UE that has left: what the SMF made for it meanwhile is released there. */
static void test_created_for_nobody(void **state)
{
	struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_UE };
	struct amf_bed *b = *state;

	begin(b);
	ask(b, NULL);
	subscribed(b, "1");
	discovered(b, 1);
	m.deregistration_request_ue.deregistration_type =
		NAS_DEREGISTRATION_3GPP | NAS_DEREGISTRATION_SWITCH_OFF;
	m.deregistration_request_ue.mobile_identity =
		(struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
			.guti = { b->config.guami, b->tmsi } };
	amf_bed_say_protected(b, &m);
	assert_int_equal(amf_numbers(b->amf).sessions, 0);
	assert_int_equal(b->script[SBI_SMF_RELEASE_SM_CONTEXT].requests, 0); /* it has no reference yet */
	created(b, "sm-1");
	assert_int_equal(b->script[SBI_SMF_RELEASE_SM_CONTEXT].requests, 1);
}

/*
 * The UE registers without its context while a session is in the making. What was made passes over to the new
 * context; what was not does not, since its answers are for the old one, and the UE's repetition begins it
 * again.
 */
static void test_context_replaced(void **state)
{
	struct nas_msg clear = amf_bed_request(), complete = { .type = NAS_SECURITY_MODE_COMPLETE }, m;
	struct amf_bed *b = *state;

	begin(b);
	amf_bed_session(b, 1);
	ask(b, NULL);
	assert_int_equal(amf_numbers(b->amf).sessions, 2);
	clear.registration_request.registration_type = NAS_REGISTRATION_MOBILITY | NAS_REGISTRATION_FOLLOW_ON;
	b->clear = &clear;
	b->ran_id++;
	amf_bed_secure(b);
	complete.security_mode_complete.has_nas_message_container = true;
	complete.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, &clear);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(amf_numbers(b->amf).sessions, 1);
	assert_int_equal(b->script[SBI_SMF_RELEASE_SM_CONTEXT].requests, 0);
	subscribed(b, "1"); /* the old question's answer: nobody's */
	assert_int_equal(b->script[SBI_NRF_NF_DISCOVER].requests, 0);
	amf_bed_context_is_set_up(b);
	ask(b, NULL);
	assert_int_equal(b->script[SBI_UDM_GET_SMF_SELECT_DATA].requests, 2);
	assert_int_equal(amf_numbers(b->amf).sessions, 2);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, amf_bed_setup, amf_bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_default_dnn),
		TEST(test_named_dnn),
		cmocka_unit_test(test_refusals),
		TEST(test_refused_by_the_smf),
		TEST(test_slice_not_allowed),
		TEST(test_no_room),
		TEST(test_repeated),
		TEST(test_replaced),
		TEST(test_existing),
		TEST(test_created_for_nobody),
		TEST(test_context_replaced),
	};

	return cmocka_run_group_tests_name("core/amf session establishment", tests, NULL, NULL);
}
