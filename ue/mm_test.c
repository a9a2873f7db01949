/* 5GMM of a UE: what each refusal and end leaves behind, and which timers run then (24.501 5.4 to 5.6). */
#include "ue/internal.h"
#include "ue/reach.h"
#include "ue/ue_bed.h"

static void released(struct bed *b)
{
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	bed_forget(b);
}

/* Octets that no encoder makes, under the context in use. */
static void send_raw(struct bed *b, struct bytes plain)
{
	uint8_t buf[128];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(nas_protect(&b->nas.security, NAS_DOWNLINK, NAS_INTEGRITY_CIPHERED, plain, &w));
	bed_send_octets(b, writer_bytes(&w));
}

/* Until then nothing is sent, and then at once. */
static void silent_until(struct bed *b, uint32_t ms)
{
	bed_forget(b);
	bed_pass(b, ms - 1);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
}

static uint8_t registration_type(struct bed *b)
{
	return bed_nas(b, NAS_REGISTRATION_REQUEST).registration_request.registration_type &
	       NAS_REGISTRATION_TYPE_MASK;
}

/* Clause 7: messages of an unknown type, cut, or for nobody, each answered with its cause. */
static void test_malformed(void **state)
{
	static const uint8_t unknown[] = { 0x7e, 0, 0x7f }, cut[] = { 0x7e, 0, 0x5b }, header[] = { 0x7e };
	struct bed *b = *state;

	bed_register(b);
	send_raw(b, BYTES(unknown));
	assert_int_equal(bed_nas(b, NAS_GMM_STATUS).gmm_status.cause, NAS_CAUSE_MESSAGE_UNKNOWN);
	send_raw(b, BYTES(cut)); /* IDENTITY REQUEST without its type */
	assert_int_equal(bed_nas(b, NAS_GMM_STATUS).gmm_status.cause, NAS_CAUSE_INVALID_MANDATORY);
	assert_int_equal(bed_stat(b, "nas_refused"), 2);
	bed_send_octets(b, BYTES(header)); /* 7.2.1: too short for a message: ignored */
	assert_int_equal(bed_stat(b, "nas_refused"), 3);
	bed_send(b, (struct nas_msg){ .type = NAS_REGISTRATION_REJECT,
			    .registration_reject.cause = NAS_5GMM_CONGESTION }); /* nobody asked */
	assert_int_equal(bed_nas(b, NAS_GMM_STATUS).gmm_status.cause, NAS_CAUSE_MESSAGE_NOT_COMPATIBLE);
	bed_send(b, (struct nas_msg){ .type = NAS_REGISTRATION_COMPLETE }); /* what only a UE sends */
	assert_int_equal(bed_nas(b, NAS_GMM_STATUS).gmm_status.cause, NAS_CAUSE_MESSAGE_UNKNOWN);
	assert_int_equal(bed_stat(b, "nas_unexpected"), 2);
	bed_send(b, (struct nas_msg){ .type = NAS_GMM_STATUS, .gmm_status.cause = 97 });
	assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* 5.4.6.3 */
	assert_true(bed_is(b, "5GMM-REGISTERED"));
}

/* 5.4.2.5: a command for a context that there is not is no command; before a challenge there is none at all.
 */
static void test_security_mode_of_no_context(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_SECURITY_MODE_COMMAND };
	uint8_t k_amf[KDF_KEY_LEN] = { 1 };

	m.security_mode_command.selected_algorithms.ciphering = 2;
	m.security_mode_command.selected_algorithms.integrity = 2;
	m.security_mode_command.ngksi = BED_NGKSI + 1;
	m.security_mode_command.replayed_ue_security_capability = b->profile.security_capability;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	nas_security_start(&b->nas.security, k_amf, BED_NGKSI + 1, 2, 2);
	bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_NEW_CONTEXT, &m));
	assert_int_equal(bed_stat(b, "nas_integrity"), 1);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_false(b->ue->secured || b->ue->security.active || b->ue->fresh.active);
	bed_send_octets(b, test_nas_plain(&b->nas, &m)); /* nor is one in the clear */
	assert_int_equal(bed_stat(b, "nas_integrity"), 2);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* 5.5.1.3.5: the network does not know the identity: it is forgotten with its keys, and never sent again. */
static void test_guti_forgotten(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_REGISTRATION_REJECT,
		.registration_reject.cause = NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK };
	uint8_t type = NAS_REGISTRATION_MOBILITY;
	struct ue_state s;

	bed_register(b);
	released(b);
	ue_mm_event(b->ue, MM_EV_UPDATE, &type);
	m.type = NAS_REGISTRATION_REJECT;
	assert_int_equal(bed_nas(b, NAS_REGISTRATION_REQUEST).registration_request.mobile_identity.type,
		NAS_IDENTITY_5G_GUTI);
	bed_send_plain(b, m);
	bed_left(b);
	m = bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(b->header, NAS_PLAIN);
	assert_int_equal(m.registration_request.mobile_identity.type, NAS_IDENTITY_SUCI);
	assert_int_equal(m.registration_request.ngksi, NAS_KSI_NONE);
	ue_state(b->ue, &s);
	assert_false(s.has_guti);
	assert_int_equal(s.guti.tmsi, 0);
	assert_false(b->ue->security.active);
}

/* 5.5.1.2.5: T3502 as the rejection gives it; "deactivated" is none of its own, so the default. */
static void test_t3502_of_a_rejection(void **state)
{
	static const struct {
		bool has;
		uint8_t value;
		uint32_t ms;
	} cases[] = { { false, 0, 720000 }, { true, 0x22, 120000 }, { true, 0xe0, 720000 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m = { .type = NAS_REGISTRATION_REJECT,
			.registration_reject.cause = NAS_5GMM_TRACKING_AREA_NOT_ALLOWED };
		struct bed *b;
		void *fresh;

		bed_setup(&fresh);
		b = fresh;
		m.registration_reject.has_t3502 = cases[i].has;
		m.registration_reject.t3502 = cases[i].value;
		assert_true(ue_register(b->ue));
		bed_nas(b, NAS_REGISTRATION_REQUEST);
		bed_send_plain(b, m);
		released(b);
		silent_until(b, cases[i].ms);
		bed_nas(b, NAS_REGISTRATION_REQUEST);
		bed_teardown(&fresh);
	}
}

/* 5.5.1.2.4: an accept forgets failed attempts: after the next failures there are as many again. */
static void test_attempts_forgotten(void **state)
{
	struct bed *b = *state;

	b->profile.auto_register = true;
	assert_true(ue_register(b->ue));
	for (unsigned i = 0; i < UE_REGISTRATION_ATTEMPTS - 1; i++) {
		bed_nas(b, NAS_REGISTRATION_REQUEST);
		bed_pass(b, T3510_MS);
		bed_left(b);
		bed_pass(b, T3511_MS);
	}
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	bed_accept(b);
	bed_nas(b, NAS_REGISTRATION_COMPLETE);
	assert_int_equal(b->ue->attempts, 0);
	bed_pass(b, 2 * T3510_MS); /* T3510 has ended */
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(bed_stat(b, "registrations"), 1);
}

/* Before it begins over, what is left of an earlier stay is left: the connection, and the gNB hears of it. */
static void test_begins_over(void **state)
{
	struct bed *b = *state;

	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, (struct nas_msg){ .type = NAS_REGISTRATION_REJECT,
				  .registration_reject.cause = NAS_5GMM_TRACKING_AREA_NOT_ALLOWED });
	assert_true(bed_is(b, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION"));
	bed_forget(b);
	assert_true(ue_register(b->ue));
	bed_left(b);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_true(bed_is(b, "5GMM-REGISTERED-INITIATED"));
	assert_true(ue_register(b->ue) == false); /* it is at it */
}

static void never(void *owner, struct timer *t)
{
	fail();
}

/* A UE that ends leaves no timer behind. */
static void test_ends(void **state)
{
	struct bed *b = *state;
	struct ue *ue = b->ue;
	struct timer *all[] = { &ue->timer, &ue->t3512, &ue->t3324, &ue->t3520, &ue->radio.keepalive,
		&ue->radio.silence, &ue->session_retry };
	struct room room = ue_host_room(b->host);

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		timer_set(&b->host->timers, all[i], b->t.now_ns + 1 + i, never);
	ue_free(ue);
	assert_true(room.ops->next_deadline_ns(room.self) == NEVER);
	assert_int_equal(b->host->ues.used, 0);
}

/* 5.3.7: T3512 runs in idle mode alone, for as long as the network has asked; a periodic registration
 * follows. */
static void test_t3512(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	b->ue->t3512_s = 60;
	bed_pass(b, 120000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* connected */
	released(b);
	silent_until(b, 60000);
	assert_int_equal(registration_type(b), NAS_REGISTRATION_PERIODIC);
	timer_set(&b->host->timers, &b->ue->t3512, b->t.now_ns + 1, never);
	timer_set(&b->host->timers, &b->ue->t3324, b->t.now_ns + 1, never);
	ue_reachability_connected(b->ue);
	assert_false(timer_is_set(&b->ue->t3512) || timer_is_set(&b->ue->t3324));
	bed_teardown(state);
	bed_setup(state);
	b = *state;
	bed_register(b);
	b->ue->t3512_s = 0; /* deactivated */
	released(b);
	bed_pass(b, 100000000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* 5.5.1.3.2 f: a failed connection is recovered by a registration update, where there is something to
 * recover. */
static void test_connection_fails(void **state)
{
	struct bed *b = *state;

	b->profile.keepalive_ms = 1000;
	bed_register(b);
	bed_send_link(b, UU_LINK_LOST);
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
	assert_int_equal(bed_stat(b, "connection_failures"), 1);
	bed_forget(b);
	bed_pass(b, 10000); /* no session; and nobody is asked whether he is there */
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_true(timer_is_set(&b->ue->t3512));
	bed_teardown(state);
	bed_setup(state);
	b = *state;
	bed_register(b);
	bed_session(b, 1);
	bed_send_link(b, UU_LINK_LOST);
	assert_int_equal(registration_type(b), NAS_REGISTRATION_MOBILITY);
	assert_int_equal(ue_session_find(b->ue, 1)->drb, 0);
}

/* A gNB that is silent is named again after a minute, not before. */
static void test_silence(void **state)
{
	struct bed *b = *state;
	uint64_t said_ns;

	b->profile.t3510_ms = 1000000000;
	assert_true(ue_register(b->ue));
	bed_pass(b, UE_SILENCE_MS);
	assert_true(b->host->silence_said);
	said_ns = b->host->silence_said_ns;
	assert_int_equal(said_ns, b->t.now_ns);
	bed_pass(b, UE_SILENCE_AGAIN_MS - UE_SILENCE_MS - 1);
	for (int again = 0; again < 2; again++) {
		assert_true(ue_deregister(b->ue, true));
		assert_true(ue_register(b->ue));
		bed_pass(b, UE_SILENCE_MS);
		assert_int_equal(b->host->silence_said_ns, again ? b->t.now_ns : said_ns);
	}
}

/* NAS messages come within bearer set-ups and releases too, and a bearer goes with its connection alone. */
static void test_nas_with_bearers(void **state)
{
	struct bed *b = *state;
	struct nas_msg request, accept, m = { .type = NAS_DL_NAS_TRANSPORT };
	struct uu_rrc_msg rrc = {
		.type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 3, .qfi_count = 1
	};
	struct ue_session_info info;
	uint64_t received;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, "internet", NULL), 1);
	request = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	accept = bed_session_accept(b, &request);
	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_N1_SM;
	m.dl_nas_transport.payload_container = test_nas_plain(&b->nas, &accept);
	m.dl_nas_transport.has_pdu_session_id = true;
	m.dl_nas_transport.pdu_session_id = 1;
	rrc.nas = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m);
	bed_send_rrc(b, rrc);
	assert_int_equal(b->events[UE_EVENT_SESSION_UP], 1);
	assert_int_equal(b->last.event, UE_EVENT_USER_PLANE);
	assert_true(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
	received = bed_stat(b, "nas_received");
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_RELEASE, .drb = 3 });
	assert_int_equal(bed_stat(b, "nas_received"), received); /* it had none */
	assert_true(ue_session_info(b->ue, 1, &info));
	assert_false(info.has_user_plane);
	m = (struct nas_msg){ .type = NAS_IDENTITY_REQUEST,
		.identity_request.identity_type = NAS_IDENTITY_IMEISV };
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_BEARER_RELEASE,
				.drb = 3,
				.nas = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m) });
	bed_nas(b, NAS_IDENTITY_RESPONSE);
}

/* A message that has the UE leave its connection: the bearer beside it is of the past then. */
static void test_left_by_what_came_with_a_bearer(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct uu_rrc_msg rrc = {
		.type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 3, .qfi_count = 1
	};

	bed_register(b);
	bed_session(b, 1);
	m.configuration_update_command.has_configuration_update_indication = true;
	m.configuration_update_command.configuration_update_indication = NAS_UPDATE_REGISTRATION;
	rrc.nas = test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, &m);
	bed_send_rrc(b, rrc);
	bed_left(b);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(ue_session_find(b->ue, 1)->drb, 0);
}

/* 5.5.2.2: what cannot be sent is a local de-registration; nothing runs after it. */
static void test_deregistration_cannot_be_sent(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	bed_session(b, 1);
	outbox_fini(&b->t.outbox);
	outbox_init(&b->t.outbox, 8);
	assert_true(ue_deregister(b->ue, false));
	assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 1);
	assert_true(bed_is(b, "5GMM-DEREGISTERED"));
	assert_null(b->ue->sessions);
	assert_int_equal(bed_stat(b, "deregistrations"), 1);
	outbox_fini(&b->t.outbox);
	outbox_init(&b->t.outbox, 1 << 20);
	bed_pass(b, 100000000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
}

/* 5.5.2.2.2: switched off, it waits for nobody and tells nobody else. */
static void test_switched_off(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	assert_true(ue_deregister(b->ue, true));
	m = bed_nas(b, NAS_DEREGISTRATION_REQUEST_UE);
	assert_int_equal(m.deregistration_request_ue.deregistration_type,
		NAS_DEREGISTRATION_3GPP | NAS_DEREGISTRATION_SWITCH_OFF);
	assert_int_equal(m.deregistration_request_ue.ngksi, BED_NGKSI);
	assert_int_equal(m.deregistration_request_ue.mobile_identity.guti.tmsi, BED_TMSI);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_true(bed_is(b, "5GMM-DEREGISTERED"));
	assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 1);
	bed_pass(b, 100000000);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	/* on again: by its GUTI, under its context (4.4.2.1), and no longer switched off */
	assert_true(ue_register(b->ue));
	m = bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_int_equal(m.registration_request.mobile_identity.type, NAS_IDENTITY_5G_GUTI);
	assert_int_equal(b->header, NAS_INTEGRITY);
	assert_false(b->ue->switch_off);
}

/* 5.5.2.3.2, 5.5.2.3.4: where each cause of the network leads, and how long the UE keeps away. */
static void test_causes_of_the_network(void **state)
{
	static const struct {
		uint8_t cause, t3346; /* 0: none */
		bool automatic;
		const char *leads_to;
		bool keeps_guti;
		uint32_t again_ms; /* 0: not by itself */
	} cases[] = {
		{ NAS_5GMM_ILLEGAL_UE, 0, true, "5GMM-DEREGISTERED.NO-SUPI", false, 0 },
		{ NAS_5GMM_ILLEGAL_ME, 0, true, "5GMM-DEREGISTERED.NO-SUPI", false, 0 },
		{ NAS_5GMM_5GS_SERVICES_NOT_ALLOWED, 0, true, "5GMM-DEREGISTERED.NO-SUPI", false, 0 },
		{ NAS_5GMM_PLMN_NOT_ALLOWED, 0, true, "5GMM-DEREGISTERED.NO-SUPI", false, 0 },
		{ NAS_5GMM_CONGESTION, 60, true, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION", true, 60000 },
		{ NAS_5GMM_CONGESTION, 0, true, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION", true, T3511_MS },
		{ NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, 0, true, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION",
			false, T3502_MS },
		{ NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, 0, false, "5GMM-DEREGISTERED", false, 0 },
		{ 0, 0, false, "5GMM-DEREGISTERED", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_NETWORK };
		struct nas_deregistration_request_network *r = &m.deregistration_request_network;
		struct ue_state s;
		struct bed *b;
		void *fresh;

		bed_setup(&fresh);
		b = fresh;
		bed_register(b);
		b->profile.auto_register = cases[i].automatic;
		r->deregistration_type = NAS_DEREGISTRATION_3GPP;
		r->has_cause = cases[i].cause != 0;
		r->cause = cases[i].cause;
		r->has_t3346 = cases[i].t3346 != 0;
		r->t3346 = nas_timer2_of(cases[i].t3346);
		bed_send(b, m);
		bed_nas(b, NAS_DEREGISTRATION_ACCEPT_NETWORK);
		assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 1);
		if (!bed_is(b, cases[i].leads_to))
			fail_msg("cause %u does not lead to %s", cases[i].cause, cases[i].leads_to);
		ue_state(b->ue, &s);
		assert_int_equal(s.has_guti, cases[i].keeps_guti);
		released(b);
		if (cases[i].again_ms) {
			silent_until(b, cases[i].again_ms);
			bed_nas(b, NAS_REGISTRATION_REQUEST);
		} else {
			bed_pass(b, 10000000);
			assert_null(test_env_next(&b->t, UE_PORT_AIR));
		}
		bed_teardown(&fresh);
	}
}

/* A UE that is idle, with a session for which a service request is under way. */
static void begin_service(struct bed *b)
{
	bed_register(b);
	bed_session(b, 1);
	released(b);
	assert_int_equal(ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }), FSM_OK);
	bed_nas(b, NAS_SERVICE_REQUEST);
}

/* 5.6.1.5: where each rejection of a service request leads. */
static void test_service_rejected(void **state)
{
	static const struct {
		uint8_t cause;
		const char *leads_to;
		bool keeps_guti, keeps_session;
	} cases[] = {
		{ NAS_5GMM_ILLEGAL_UE, "5GMM-DEREGISTERED.NO-SUPI", false, false },
		{ NAS_5GMM_ILLEGAL_ME, "5GMM-DEREGISTERED.NO-SUPI", false, false },
		{ NAS_5GMM_5GS_SERVICES_NOT_ALLOWED, "5GMM-DEREGISTERED.NO-SUPI", false, false },
		{ NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK, "5GMM-REGISTERED-INITIATED", false,
			false },
		{ NAS_5GMM_IMPLICITLY_DE_REGISTERED, "5GMM-REGISTERED-INITIATED", false, false },
		{ NAS_5GMM_CONGESTION, "5GMM-REGISTERED", true, true },
		{ NAS_CAUSE_PROTOCOL_ERROR, "5GMM-REGISTERED", true, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_msg m = { .type = NAS_SERVICE_REJECT, .service_reject.cause = cases[i].cause };
		struct ue_state s;
		struct bed *b;
		void *fresh;

		bed_setup(&fresh);
		b = fresh;
		begin_service(b);
		m.service_reject.has_t3346 = true;
		m.service_reject.t3346 = nas_timer2_of(60);
		bed_send(b, m);
		if (!bed_is(b, cases[i].leads_to))
			fail_msg("cause %u does not lead to %s", cases[i].cause, cases[i].leads_to);
		ue_state(b->ue, &s);
		assert_int_equal(s.has_guti, cases[i].keeps_guti);
		assert_int_equal(s.sessions, cases[i].keeps_session);
		if (cases[i].cause == NAS_5GMM_CONGESTION) { /* T3346: nothing before it ends */
			assert_int_equal(ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }),
				FSM_REFUSED);
			bed_pass(b, 59999);
			assert_int_equal(ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }),
				FSM_REFUSED);
			bed_pass(b, 1);
			assert_int_equal(
				ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }), FSM_OK);
		} else if (cases[i].keeps_session) {
			assert_int_equal(
				ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }), FSM_OK);
		}
		bed_teardown(&fresh);
	}
}

/* 5.6.1.4: what the network does not have any more is released locally. */
static void test_service_accepted(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_SERVICE_ACCEPT };

	begin_service(b);
	m.service_accept.has_pdu_session_status = true;
	m.service_accept.pdu_session_status = 1 << 1;
	bed_send(b, m);
	assert_true(bed_is(b, "5GMM-REGISTERED"));
	assert_non_null(ue_session_find(b->ue, 1));
	bed_pass(b, 2 * T3517_MS); /* T3517 has ended */
	assert_true(bed_is(b, "5GMM-REGISTERED"));
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
	assert_int_equal(ue_mm_event(b->ue, MM_EV_SERVICE, &(uint8_t){ NAS_SERVICE_DATA }), FSM_OK);
	bed_nas(b, NAS_SERVICE_REQUEST);
	m.service_accept.pdu_session_status = 1 << 2;
	bed_send(b, m);
	assert_null(ue_session_find(b->ue, 1));
	assert_int_equal(b->events[UE_EVENT_SESSION_DOWN], 1);
}

/* What a session counts as, and what is told of it: 9.11.3.44 has those that are established. */
static void test_sessions_counted(void **state)
{
	struct bed *b = *state;
	struct ue_state s;

	bed_register(b);
	ue_state(b->ue, &s);
	assert_int_equal(s.sessions, 0);
	assert_true(s.registered && s.connected && s.secured);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	ue_state(b->ue, &s);
	assert_int_equal(s.sessions, 0);
	assert_int_equal(ue_session_status(b->ue), 0);
	ue_session_free(b->ue->sessions);
	bed_forget(b);
	bed_session(b, 1);
	ue_state(b->ue, &s);
	assert_int_equal(s.sessions, 1);
	assert_int_equal(ue_session_status(b->ue), 1 << 1);
	assert_true(ue_session_modify(b->ue, 1));
	assert_int_equal(ue_session_status(b->ue), 1 << 1);
	ue_session_find(b->ue, 1)->state = SM_ACTIVE;
	assert_true(ue_session_release(b->ue, 1));
	assert_int_equal(ue_session_status(b->ue), 1 << 1);
	released(b);
	ue_state(b->ue, &s);
	assert_true(s.registered);
	assert_false(s.connected || s.secured);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_malformed),
		TEST(test_security_mode_of_no_context),
		TEST(test_guti_forgotten),
		cmocka_unit_test(test_t3502_of_a_rejection),
		TEST(test_attempts_forgotten),
		TEST(test_begins_over),
		TEST(test_t3512),
		TEST(test_ends),
		TEST(test_connection_fails),
		TEST(test_silence),
		TEST(test_nas_with_bearers),
		TEST(test_left_by_what_came_with_a_bearer),
		TEST(test_deregistration_cannot_be_sent),
		TEST(test_switched_off),
		cmocka_unit_test(test_causes_of_the_network),
		cmocka_unit_test(test_service_rejected),
		TEST(test_service_accepted),
		TEST(test_sessions_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
