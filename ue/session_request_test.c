/* What the UE asks for its PDU sessions: 24.501 6.4, when it asks again, and what cannot be sent. */
#include "ue/internal.h"
#include "ue/ue_bed.h"

/* 24.007 11.2.3.1a: 1 to 254, then from the start, and none that a procedure of another session has. */
static void test_pti(void **state)
{
	static const uint8_t ptis[] = { 253, 254, 1, 3 };
	struct bed *b = *state;

	bed_register(b);
	b->ue->next_pti = 252;
	for (uint8_t i = 0; i < ARRAY_LEN(ptis); i++) {
		struct nas_msg m;

		if (i == 3) /* 2 is another's */
			ue_session_find(b->ue, 1)->pti = 2;
		assert_int_equal(ue_session_establish(b->ue, NULL, NULL), i + 1);
		m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
		assert_int_equal(m.pti, ptis[i]);
		assert_int_equal(m.pdu_session_id, i + 1);
	}
}

/* As many as there may be, each with an identity of its own; one more is not asked for. */
static void test_sessions_max(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	for (uint8_t psi = 1; psi <= UE_SESSIONS_PER_UE_MAX; psi++) {
		assert_int_equal(ue_session_establish(b->ue, NULL, NULL), psi);
		m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	}
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 0);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	/* the last one is refused: its identity is free again */
	m = (struct nas_msg){ .type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT,
		.pdu_session_id = m.pdu_session_id,
		.pti = m.pti,
		.pdu_session_establishment_reject.cause = NAS_5GSM_INSUFFICIENT_RESOURCES };
	bed_send_sm(b, m);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_FAILED);
	assert_int_equal(b->last.psi, UE_SESSIONS_PER_UE_MAX);
	assert_int_equal(b->last.cause, NAS_5GSM_INSUFFICIENT_RESOURCES);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), UE_SESSIONS_PER_UE_MAX);
}

/* 5.1.3.2, 6.1.3.2: only a registered UE asks; a session is asked for something only in a state that has it.
 */
static void test_not_possible(void **state)
{
	struct bed *b = *state;

	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 0);
	bed_register(b);
	assert_false(ue_session_release(b->ue, 1));
	assert_false(ue_session_modify(b->ue, 1));
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	bed_forget(b);
	assert_false(ue_session_release(b->ue, 1)); /* not established yet */
	assert_false(ue_session_modify(b->ue, 1));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(ue_session_find(b->ue, 1)->state, SM_ACTIVE_PENDING);
}

/* A session that is there is not asked for anything while the UE deregisters. */
static void test_not_registered(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	assert_true(ue_deregister(b->ue, false));
	bed_forget(b);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 0);
	assert_false(ue_session_release(b->ue, 1));
	assert_false(ue_session_modify(b->ue, 1));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* 5.4.5.2.2: the request type, and with it DNN and S-NSSAI as they were asked for; none of them to release.
 */
static void test_transport(void **state)
{
	struct bed *b = *state;
	struct snssai slice = { 1, 0x010203 };
	struct nas_msg m, sm, accept;
	struct tlv_fault fault;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, "internet", &slice), 1);
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_true(m.ul_nas_transport.has_request_type);
	assert_int_equal(m.ul_nas_transport.request_type, NAS_REQUEST_INITIAL);
	assert_true(m.ul_nas_transport.has_dnn && m.ul_nas_transport.has_s_nssai);
	assert_string_equal(m.ul_nas_transport.dnn, "internet");
	assert_true(snssai_equal(&m.ul_nas_transport.s_nssai.snssai, &slice));
	assert_true(nas_decode(m.ul_nas_transport.payload_container, &b->arena, &sm, &fault));
	accept = bed_session_accept(b, &sm);
	bed_send_sm(b, accept);
	assert_int_equal(b->last.event, UE_EVENT_SESSION_UP);

	assert_true(ue_session_modify(b->ue, 1));
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_int_equal(m.ul_nas_transport.request_type, NAS_REQUEST_MODIFICATION);
	assert_true(nas_decode(m.ul_nas_transport.payload_container, &b->arena, &sm, &fault));
	assert_int_equal(sm.type, NAS_PDU_SESSION_MODIFICATION_REQUEST);
	assert_true(sm.pdu_session_modification_request.has_max_packet_filters);
	assert_int_equal(sm.pdu_session_modification_request.max_packet_filters >> 5, 32); /* 9.11.4.9 */
	bed_send_sm(
		b, (struct nas_msg){ .type = NAS_PDU_SESSION_MODIFICATION_REJECT,
			   .pdu_session_id = 1,
			   .pti = sm.pti,
			   .pdu_session_modification_reject.cause = NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED });
	assert_int_equal(b->last.event, UE_EVENT_SESSION_CHANGED);
	assert_int_equal(b->last.cause, NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED);

	assert_true(ue_session_release(b->ue, 1));
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_false(m.ul_nas_transport.has_request_type || m.ul_nas_transport.has_dnn ||
		     m.ul_nas_transport.has_s_nssai);
	assert_true(nas_decode(m.ul_nas_transport.payload_container, &b->arena, &sm, &fault));
	assert_true(sm.pdu_session_release_request.has_cause);
	assert_int_equal(sm.pdu_session_release_request.cause, NAS_5GSM_REGULAR_DEACTIVATION);

	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 2);
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_true(m.ul_nas_transport.has_request_type);
	assert_false(m.ul_nas_transport.has_dnn || m.ul_nas_transport.has_s_nssai);
}

static void outbox_is(struct bed *b, size_t limit)
{
	test_env_forget(&b->t);
	outbox_fini(&b->t.outbox);
	outbox_init(&b->t.outbox, limit);
}

/* What could not be sent has not begun: no session is left, none that there is has changed. */
static void test_cannot_be_sent(void **state)
{
	struct bed *b = *state;
	struct ue_session_info info;

	bed_register(b);
	bed_session(b, 1);
	outbox_is(b, 8);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 0);
	assert_null(ue_session_find(b->ue, 2));
	assert_false(ue_session_release(b->ue, 1));
	assert_false(ue_session_modify(b->ue, 1));
	outbox_is(b, 64 << 20);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_true(info.active && info.has_user_plane);
	bed_pass(b, 60000); /* no timer of theirs runs */
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 2);
	assert_true(ue_session_release(b->ue, 1));
}

/* A message of its own contents alone cannot be made too long, but a DNN can. */
static void test_cannot_be_encoded(void **state)
{
	struct bed *b = *state;
	char dnn[DNN_STR_SIZE];

	memset(dnn, 'a', sizeof(dnn)); /* one label of more than 63 octets: 23.003 9.1 */
	dnn[sizeof(dnn) - 1] = '\0';
	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, dnn, NULL), 0);
	assert_null(ue_session_find(b->ue, 1));
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_true(test_env_logged(&b->t, "cannot be encoded"));
	assert_int_equal(ue_session_establish(b->ue, "internet", NULL), 1);
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
}

/* 6.4.1.6: an expiry whose message cannot go counts as others do. */
static void test_repetition_cannot_be_sent(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	outbox_is(b, 8);
	for (unsigned i = 0; i <= UE_SM_RETRIES_MAX; i++) {
		assert_int_equal(b->events[UE_EVENT_SESSION_FAILED], 0);
		bed_pass(b, T3580_MS);
	}
	assert_int_equal(b->events[UE_EVENT_SESSION_FAILED], 1);
	assert_null(ue_session_find(b->ue, 1));
}

/* 5.6.1.1 c: T3580, T3581 and T3582 that expire while the UE is idle ask for service, and so does a new
 * request; the message goes when there is a connection, and counts once. */
static void test_repeated_from_idle(void **state)
{
	static const enum nas_msg_type requests[] = { NAS_PDU_SESSION_MODIFICATION_REQUEST,
		NAS_PDU_SESSION_RELEASE_REQUEST };
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	for (size_t i = 0; i < ARRAY_LEN(requests); i++) {
		uint8_t pti;

		assert_true(i == 0 ? ue_session_modify(b->ue, 1) : ue_session_release(b->ue, 1));
		pti = bed_sm(b, requests[i]).pti;
		bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
		for (unsigned n = 0; n < UE_SM_RETRIES_MAX; n++) {
			struct nas_service_request r;
			struct nas_msg m;

			bed_pass(b, T3581_MS);
			r = bed_nas(b, NAS_SERVICE_REQUEST).service_request;
			assert_int_equal(r.service_type, NAS_SERVICE_SIGNALLING);
			assert_null(test_env_next(&b->t, UE_PORT_AIR));
			bed_send(b, (struct nas_msg){ .type = NAS_SERVICE_ACCEPT });
			m = bed_sm(b, requests[i]);
			assert_int_equal(m.pti, pti);
			assert_null(test_env_next(&b->t, UE_PORT_AIR));
			bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
		}
		assert_int_equal(b->events[UE_EVENT_SESSION_CHANGED], i);
		bed_pass(b, T3581_MS);
		assert_int_equal(b->events[UE_EVENT_SESSION_CHANGED], 1);
		assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], i);
		if (i == 0) { /* what follows begins from a connection again */
			assert_int_equal(
				ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }), FSM_OK);
			bed_nas(b, NAS_SERVICE_REQUEST);
			bed_send(b, (struct nas_msg){ .type = NAS_SERVICE_ACCEPT });
		}
	}
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	bed_nas(b, NAS_SERVICE_REQUEST);
	assert_int_equal(ue_session_establish(b->ue, "ims", NULL), 0); /* one thing at a time */
	bed_send(b, (struct nas_msg){ .type = NAS_SERVICE_ACCEPT });
	bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* 6.4.2.5: without an answer the session stays as it was; 6.4.3.5: it is released locally. */
static void test_given_up(void **state)
{
	struct bed *b = *state;
	struct ue_session_info info;
	uint8_t pti;

	bed_register(b);
	bed_session(b, 1);
	assert_true(ue_session_modify(b->ue, 1));
	for (unsigned i = 0; i <= UE_SM_RETRIES_MAX; i++) {
		bed_sm(b, NAS_PDU_SESSION_MODIFICATION_REQUEST);
		bed_pass(b, T3581_MS - 1);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		assert_int_equal(b->events[UE_EVENT_SESSION_CHANGED], 0);
		bed_pass(b, 1);
	}
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(b->events[UE_EVENT_SESSION_CHANGED], 1);
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_true(info.active && info.has_user_plane);
	/* the next procedure has all of its repetitions, and the same transaction in each */
	assert_true(ue_session_release(b->ue, 1));
	pti = ue_session_find(b->ue, 1)->pti;
	for (unsigned i = 0; i <= UE_SM_RETRIES_MAX; i++) {
		struct nas_msg m = bed_sm(b, NAS_PDU_SESSION_RELEASE_REQUEST);

		assert_int_equal(m.pti, pti);
		bed_pass(b, T3582_MS - 1);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 0);
		bed_pass(b, 1);
	}
	assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 1);
	assert_int_equal(b->events[UE_EVENT_SESSION_FAILED], 0);
	assert_false(ue_session_info(b->ue, 1, &info));
}

/* The automatic session, refused: when it is asked for again. */
static void session_refused(struct bed *b, uint8_t cause, int backoff)
{
	const struct ue_session *s = ue_session_find(b->ue, 1);
	struct nas_msg m = { .type = NAS_PDU_SESSION_ESTABLISHMENT_REJECT, .pdu_session_id = 1 };

	assert_non_null(s);
	m.pti = s->pti;
	m.pdu_session_establishment_reject.cause = cause;
	m.pdu_session_establishment_reject.has_backoff_timer = backoff >= 0;
	m.pdu_session_establishment_reject.backoff_timer = (uint8_t)backoff;
	bed_send_sm(b, m);
	assert_null(ue_session_find(b->ue, 1));
	bed_forget(b);
}

/* 6.4.1.4.3: after the back-off timer, where there is one; a cause that will not pass soon bars for 12
 * minutes. */
static void test_automatic_again(void **state)
{
	static const struct {
		uint8_t cause;
		int backoff;
		uint32_t ms;
	} cases[] = {
		{ NAS_5GSM_INSUFFICIENT_RESOURCES, -1, 10000 },
		{ NAS_5GSM_REQUEST_REJECTED_UNSPECIFIED, -1, 10000 },
		{ NAS_5GSM_OPERATOR_DETERMINED_BARRING, -1, 720000 },
		{ NAS_5GSM_MISSING_OR_UNKNOWN_DNN, -1, 720000 },
		{ NAS_5GSM_USER_AUTHENTICATION_OR_AUTHORIZATION_FAILED, -1, 720000 },
		{ NAS_5GSM_SERVICE_OPTION_NOT_SUPPORTED, -1, 720000 },
		{ NAS_5GSM_REQUESTED_SERVICE_OPTION_NOT_SUBSCRIBED, -1, 720000 },
		{ NAS_5GSM_MISSING_OR_UNKNOWN_DNN_IN_A_SLICE, -1, 720000 },
		{ NAS_5GSM_MISSING_OR_UNKNOWN_DNN, 0x64, 8000 }, /* four times two seconds */
	};
	struct bed *b = *state;

	b->profile.auto_session = true;
	b->profile.t3510_ms = 60000;
	bed_register(b);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		session_refused(b, cases[i].cause, cases[i].backoff);
		bed_pass(b, cases[i].ms - 1);
		if (ue_session_find(b->ue, 1))
			fail_msg("cause %u, timer %d: asked too soon", cases[i].cause, cases[i].backoff);
		bed_pass(b, 1);
		if (!ue_session_find(b->ue, 1))
			fail_msg("cause %u, timer %d: not asked", cases[i].cause, cases[i].backoff);
	}
}

/* No automatic session for a user who wants none, and one only. */
static void test_no_automatic(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	assert_null(b->ue->sessions);
	bed_session(b, 1);
	ue_session_auto_later(b->ue);
	assert_false(timer_is_set(&b->ue->session_retry));
	b->profile.auto_session = true;
	ue_session_auto(b->ue); /* there is one */
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_null(ue_session_find(b->ue, 2));
}

/* In idle mode a registration update brings the connection first; the session follows it. */
static void test_automatic_from_idle(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_REGISTRATION_ACCEPT };

	str_copy(b->profile.dnn, sizeof(b->profile.dnn), "ims");
	b->profile.auto_session = true;
	bed_register(b);
	session_refused(b, NAS_5GSM_INSUFFICIENT_RESOURCES, -1);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	bed_pass(b, 10000);
	assert_int_equal(bed_nas(b, NAS_REGISTRATION_REQUEST).registration_request.registration_type &
				 NAS_REGISTRATION_TYPE_MASK,
		NAS_REGISTRATION_MOBILITY);
	assert_null(b->ue->sessions);
	m.registration_accept.registration_result = 1;
	bed_send(b, m);
	m = bed_nas(b, NAS_UL_NAS_TRANSPORT);
	assert_string_equal(m.ul_nas_transport.dnn, "ims");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pti, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_sessions_max, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_not_possible, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_not_registered, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_transport, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_cannot_be_sent, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_cannot_be_encoded, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_repetition_cannot_be_sent, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_repeated_from_idle, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_given_up, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_automatic_again, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_no_automatic, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_automatic_from_idle, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
