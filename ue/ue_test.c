/* 5GMM and the radio of a UE, against a network that sends what the test wants. */
#include "ue/ue_bed.h"

#include "ue/internal.h"

static struct nas_msg identity_request(uint8_t type)
{
	return (struct nas_msg){ .type = NAS_IDENTITY_REQUEST, .identity_request.identity_type = type };
}

/* 24.501 5.4.3: each identity that may be asked, only in the clear what may be sent in the clear. */
static void test_identities(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, identity_request(NAS_IDENTITY_IMEISV));
	bed_send_plain(b, identity_request(NAS_IDENTITY_5G_GUTI));
	assert_int_equal(bed_stat(b, "nas_integrity"), 2);
	bed_send_plain(b, identity_request(NAS_IDENTITY_SUCI));
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_SUCI);
	bed_secure(b);
	m = bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	assert_true(m.security_mode_complete.has_imeisv); /* asked for by the command */
	assert_string_equal(m.security_mode_complete.imeisv.imei, "3569380312345678");
	assert_true(m.security_mode_complete.has_nas_message_container);
	bed_send(b, identity_request(NAS_IDENTITY_5G_GUTI));
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_NONE); /* it has none yet */
	bed_accept(b);
	bed_nas(b, NAS_REGISTRATION_COMPLETE);
	bed_send(b, identity_request(NAS_IDENTITY_IMEISV));
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_IMEISV);
	assert_string_equal(m.identity_response.mobile_identity.imei, "3569380312345678");
	bed_send(b, identity_request(NAS_IDENTITY_5G_GUTI));
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.guti.tmsi, BED_TMSI);
	bed_send(b, identity_request(NAS_IDENTITY_IMEI)); /* a UE sends its IMEISV, or nothing */
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_NONE);
}

/* 5.4.1.3.2, 5.4.1.3.6, 5.4.1.3.7 */
static void test_challenges(void **state)
{
	struct bed *b = *state;
	struct nas_msg first = bed_challenge(BED_NGKSI, b), m, bad;

	b->profile.t3510_ms = 60000;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, first);
	bed_nas(b, NAS_AUTHENTICATION_RESPONSE);
	/* the same again: the same answer, as long as T3516 runs; then its SQN is old */
	bed_pass(b, 29999);
	bed_send_plain(b, first);
	bed_nas(b, NAS_AUTHENTICATION_RESPONSE);
	bed_pass(b, 1);
	bed_send_plain(b, first);
	m = bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	assert_int_equal(m.authentication_failure.cause, NAS_5GMM_SYNCH_FAILURE);
	assert_true(m.authentication_failure.has_auts);
	bed_send_plain(b, bed_challenge(NAS_KSI_NONE, b));
	m = bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	assert_int_equal(m.authentication_failure.cause, NAS_5GMM_NGKSI_ALREADY_IN_USE);
	bad = bed_challenge(BED_NGKSI, b);
	bad.authentication_request.autn[15] ^= 1;
	bed_send_plain(b, bad);
	m = bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	assert_int_equal(m.authentication_failure.cause, NAS_5GMM_MAC_FAILURE);
	assert_false(m.authentication_failure.has_auts);
	/* the third in a row: the network is a false one */
	bed_left(b);
	assert_int_equal(bed_stat(b, "authentication_failures"), 3);
}

/* A network that does not go on after its challenge was answered as wrong: T3520. */
static void test_t3520(void **state)
{
	struct bed *b = *state;
	struct nas_msg bad = bed_challenge(BED_NGKSI, b);

	bad.authentication_request.autn[15] ^= 1;
	b->profile.t3510_ms = 60000;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, bad);
	bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	bed_pass(b, 14999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
	bed_left(b);
}

/* 5.4.2.5: a command whose replayed capability or algorithm is not the UE's is rejected, and changes nothing.
 */
static void test_security_mode_refused(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	for (int i = 0; i < 4; i++) {
		struct test_nas other = b->nas;

		m = (struct nas_msg){ .type = NAS_SECURITY_MODE_COMMAND };
		m.security_mode_command.ngksi = BED_NGKSI;
		m.security_mode_command.replayed_ue_security_capability = b->profile.security_capability;
		m.security_mode_command.selected_algorithms.integrity = i == 1 ? 0 : i == 2 ? 3 : 2;
		m.security_mode_command.selected_algorithms.ciphering = i == 3 ? 3 : 2;
		if (i == 0)
			m.security_mode_command.replayed_ue_security_capability.octets[1] = 0x80;
		nas_security_select(&other.security, m.security_mode_command.selected_algorithms.ciphering,
			m.security_mode_command.selected_algorithms.integrity);
		bed_send_octets(b, test_nas_protected(&other, NAS_INTEGRITY_NEW_CONTEXT, &m));
		m = bed_nas(b, NAS_SECURITY_MODE_REJECT);
		if (i == 0)
			assert_int_equal(
				m.security_mode_reject.cause, NAS_5GMM_UE_SECURITY_CAPABILITIES_MISMATCH);
		else
			assert_int_equal(
				m.security_mode_reject.cause, NAS_5GMM_SECURITY_MODE_REJECTED_UNSPECIFIED);
	}
	/* the context in use still is */
	bed_send(b, identity_request(NAS_IDENTITY_IMEISV));
	bed_nas(b, NAS_IDENTITY_RESPONSE);
}

/* Messages of an earlier connection, of another gNB, or for a UE that there is not: refused, without effect.
 */
static void test_stale(void **state)
{
	struct bed *b = *state;
	uint32_t index;

	bed_register(b);
	index = b->index;
	for (unsigned i = 0; i < 3; i++) {
		b->index = i == 0 ? index ^ 1u << UU_UE_BITS : i == 1 ? index ^ 1 : index;
		b->gnb.port = i == 2 ? 1 : 4997;
		bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
		assert_int_equal(bed_stat(b, "air_refused"), i + 1);
	}
	b->gnb.port = 4997;
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
	/* it is of the past now */
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	bed_send_link(b, UU_LINK_LOST);
	assert_int_equal(bed_stat(b, "air_refused"), 5);
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
}

/* What RRC asks is answered; what only a UE sends is refused. */
static void test_rrc(void **state)
{
	static const uint8_t nas[] = { 0x7e };
	struct bed *b = *state;

	bed_register(b);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 2, .ia = 2 });
	bed_rrc(b, UU_RRC_SECURITY_MODE_COMPLETE);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_CAPABILITY_ENQUIRY });
	bed_rrc(b, UU_RRC_CAPABILITY);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_SETUP_REQUEST, .nas = BYTES(nas) });
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_CAPABILITY });
	assert_int_equal(bed_stat(b, "air_refused"), 2);
	/* a bearer of no session */
	bed_send_rrc(b, (struct uu_rrc_msg){
				.type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 1, .qfi_count = 1 });
	assert_false(bed_rrc(b, UU_RRC_BEARER_SETUP_RESPONSE).accepted);
}

/* A gNB that does not answer is named, with what to look at; once a minute. */
static void test_no_gnb(void **state)
{
	struct bed *b = *state;

	assert_true(ue_register(b->ue));
	bed_pass(b, 2900);
	assert_false(test_env_logged(&b->t, "no gNB answers"));
	bed_pass(b, 200);
	assert_true(test_env_logged(&b->t, "no gNB answers at"));
	assert_true(test_env_logged(&b->t, "is it running"));
}

static void test_gnb_answers(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	bed_pass(b, 60000);
	assert_false(test_env_logged(&b->t, "no gNB answers"));
}

/* Three keepalives may stay without an echo, not four. */
static void test_keepalive(void **state)
{
	struct bed *b = *state;
	struct uu_pdu p;

	b->profile.keepalive_ms = 1000;
	bed_register(b);
	for (unsigned i = 0; i < 3; i++)
		bed_pass(b, 1000);
	bed_send_link(b, UU_LINK_KEEPALIVE);
	bed_forget(b);
	for (unsigned i = 0; i < 3; i++) {
		bed_pass(b, 1000);
		assert_true(bed_next(b, &p));
		assert_int_equal(p.bearer, UU_LINK);
	}
	assert_int_equal(b->events[UE_EVENT_IDLE], 0);
	bed_pass(b, 1000);
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
	assert_int_equal(bed_stat(b, "connection_failures"), 1);
}

/* 5.5.1.2.7: T3510 without an answer, five attempts with T3511 between, then T3502. */
static void test_attempts(void **state)
{
	struct bed *b = *state;

	b->profile.auto_register = true;
	assert_true(ue_register(b->ue));
	for (unsigned i = 0; i < UE_REGISTRATION_ATTEMPTS; i++) {
		struct nas_msg m = bed_nas(b, NAS_REGISTRATION_REQUEST);

		assert_int_equal(b->header, NAS_PLAIN);
		assert_int_equal(m.registration_request.mobile_identity.type, NAS_IDENTITY_SUCI);
		bed_pass(b, 14999);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
		bed_left(b);
		if (i + 1 == UE_REGISTRATION_ATTEMPTS)
			break;
		bed_pass(b, 9999);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
	}
	bed_pass(b, 719999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
}

static struct nas_msg registration_reject(uint8_t cause)
{
	return (struct nas_msg){ .type = NAS_REGISTRATION_REJECT, .registration_reject.cause = cause };
}

/* 5.5.1.2.5: where a rejection leads; unprotected ones bar for a while only. */
static void test_rejections(void **state)
{
	static const struct {
		uint8_t cause;
		const char *leads_to;
	} cases[] = {
		{ NAS_5GMM_ILLEGAL_UE, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_ILLEGAL_ME, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_5GS_SERVICES_NOT_ALLOWED, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_PLMN_NOT_ALLOWED, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_N1_MODE_NOT_ALLOWED, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_SERVING_NETWORK_NOT_AUTHORIZED, "5GMM-DEREGISTERED.NO-SUPI" },
		{ NAS_5GMM_TRACKING_AREA_NOT_ALLOWED, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION" },
		{ NAS_5GMM_NO_NETWORK_SLICES_AVAILABLE, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION" },
		{ NAS_5GMM_CONGESTION, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION" },
		{ NAS_CAUSE_PROTOCOL_ERROR, "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION" },
		{ NAS_5GMM_UE_IDENTITY_CANNOT_BE_DERIVED_BY_THE_NETWORK, "5GMM-REGISTERED-INITIATED" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		void *fresh;
		struct bed *b;

		bed_setup(&fresh);
		b = fresh;
		b->profile.auto_register = true;
		assert_true(ue_register(b->ue));
		bed_nas(b, NAS_REGISTRATION_REQUEST);
		bed_send_plain(b, registration_reject(cases[i].cause));
		if (!bed_is(b, cases[i].leads_to))
			fail_msg("cause %u does not lead to %s", cases[i].cause, cases[i].leads_to);
		assert_int_equal(b->events[UE_EVENT_REGISTRATION_FAILED] > 0, true);
		bed_teardown(&fresh);
	}
}

/* 38.331 5.3.3.5: T302 runs; nothing is asked for before, and it is no failed attempt. */
static void test_rejected_by_radio(void **state)
{
	struct bed *b = *state;

	assert_true(ue_register(b->ue));
	for (unsigned i = 0; i < 2 * UE_REGISTRATION_ATTEMPTS; i++) {
		bed_nas(b, NAS_REGISTRATION_REQUEST);
		bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_REJECT, .wait_s = 7 });
		bed_pass(b, 6999);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
	}
	assert_int_equal(b->events[UE_EVENT_PUT_OFF], 2 * UE_REGISTRATION_ATTEMPTS);
	assert_int_equal(b->events[UE_EVENT_REGISTRATION_FAILED], 0);
	/* Without a time it is a failure as others: T3511. */
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_REJECT });
	assert_int_equal(b->events[UE_EVENT_REGISTRATION_FAILED], 1);
	bed_pass(b, 9999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
}

/* 5.5.1.2.5: T3346 has the value given where its integrity is assured, else one between 15 and 30 minutes. */
static void test_congestion(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = registration_reject(NAS_5GMM_CONGESTION);
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	m.registration_reject.has_t3346 = true;
	m.registration_reject.t3346 = nas_timer2_of(30);
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, m);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	assert_int_equal(b->events[UE_EVENT_PUT_OFF], 1);
	bed_forget(b);
	bed_pass(b, 899999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 900001);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_teardown(state);
	bed_setup(state);
	b = *state;
	bed_register(b);
	bed_send_rrc(b, (struct uu_rrc_msg){ .type = UU_RRC_RELEASE });
	ue_mm_event(b->ue, MM_EV_UPDATE, &type);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send(b, m);
	bed_forget(b);
	bed_pass(b, 29999);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	bed_pass(b, 1);
	assert_int_equal(bed_nas(b, NAS_REGISTRATION_REQUEST).registration_request.registration_type &
				 NAS_REGISTRATION_TYPE_MASK,
		NAS_REGISTRATION_MOBILITY);
}

/* 4.4.4.2: once the connection is secured, nothing without a good MAC counts. */
static void test_unprotected_after_secured(void **state)
{
	struct bed *b = *state;

	bed_register(b);
	bed_send_plain(b, (struct nas_msg){ .type = NAS_AUTHENTICATION_REJECT });
	bed_send_plain(b, registration_reject(NAS_5GMM_ILLEGAL_UE));
	bed_send_plain(b, identity_request(NAS_IDENTITY_SUCI));
	assert_int_equal(bed_stat(b, "nas_integrity"), 3);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_true(bed_is(b, "5GMM-REGISTERED"));
}

/* 5.5.2.3: the network wants the UE to register again, or does not want it. */
static void test_deregistered_by_network(void **state)
{
	for (int again = 0; again < 2; again++) {
		struct nas_msg m = { .type = NAS_DEREGISTRATION_REQUEST_NETWORK };
		void *fresh;
		struct bed *b;

		bed_setup(&fresh);
		b = fresh;
		bed_register(b);
		m.deregistration_request_network.deregistration_type =
			NAS_DEREGISTRATION_3GPP | (again ? NAS_DEREGISTRATION_REREGISTER : 0);
		bed_send(b, m);
		bed_nas(b, NAS_DEREGISTRATION_ACCEPT_NETWORK);
		assert_true(
			bed_is(b, again ? "5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION" : "5GMM-DEREGISTERED"));
		bed_teardown(&fresh);
	}
}

/* 5.5.2: accepted; without an answer five times; switched off. */
static void test_deregistration(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_DEREGISTRATION_ACCEPT_UE };

	bed_register(b);
	assert_true(ue_deregister(b->ue, false));
	for (unsigned i = 0; i < UE_DEREGISTRATION_ATTEMPTS; i++) {
		bed_nas(b, NAS_DEREGISTRATION_REQUEST_UE);
		bed_pass(b, 14999);
		assert_null(test_env_next(&b->t, UE_PORT_AIR));
		bed_pass(b, 1);
	}
	bed_left(b);
	assert_true(bed_is(b, "5GMM-DEREGISTERED"));
	assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 1);
	bed_forget(b);
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_true(ue_deregister(b->ue, false));
	bed_nas(b, NAS_DEREGISTRATION_REQUEST_UE);
	bed_send_plain(b, m);
	assert_true(bed_is(b, "5GMM-DEREGISTERED"));
}

/* 5.4.4: a new GUTI is acknowledged when asked; "registration requested" leads to one. */
static void test_configuration_update(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct ue_state s;

	bed_register(b);
	m.configuration_update_command.has_guti = true;
	m.configuration_update_command.guti.type = NAS_IDENTITY_5G_GUTI;
	m.configuration_update_command.guti.guti = (struct guti){ { b->profile.home, 1, 2, 3 }, 77 };
	bed_send(b, m);
	assert_null(test_env_next(&b->t, UE_PORT_AIR)); /* no acknowledgement was asked for */
	ue_state(b->ue, &s);
	assert_int_equal(s.guti.tmsi, 77);
	m.configuration_update_command.has_configuration_update_indication = true;
	m.configuration_update_command.configuration_update_indication =
		NAS_UPDATE_ACKNOWLEDGE | NAS_UPDATE_REGISTRATION;
	bed_send(b, m);
	bed_nas(b, NAS_CONFIGURATION_UPDATE_COMPLETE);
	bed_left(b);
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	assert_true(bed_is(b, "5GMM-REGISTERED-INITIATED"));
}

/* 8.2.19: names and time are kept, and what is none of them is not. */
static void test_network_information(void **state)
{
	struct bed *b = *state;
	struct nas_msg m = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct nas_configuration_update_command *c = &m.configuration_update_command;
	uint8_t octets[NAS_NETWORK_NAME_MAX], broken[7] = { 0x62, 0x31, 0x92, 0, 0, 0, 0 };
	struct ue_state s;

	bed_register(b);
	c->has_full_name = c->has_short_name = c->has_universal_time = c->has_local_time_zone =
		c->has_daylight_saving_time = true;
	assert_true(nas_network_name_of("Z\xc3\xbcrich {5G}", octets, &c->full_name));
	c->short_name = (struct nas_network_name){ .spare_bits = 1, .text = bytes_of("A", 1) };
	c->local_time_zone = 0x49;
	c->daylight_saving_time = 1;
	nas_universal_time_of(1795948805000, -14, c->universal_time);
	bed_send(b, m);
	ue_state(b->ue, &s);
	assert_string_equal(s.network.full_name, "Z\xc3\xbcrich {5G}");
	assert_string_equal(s.network.short_name, "A");
	assert_true(s.network.has_time && s.network.has_time_zone);
	assert_int_equal(s.network.time.minute, 40);
	assert_int_equal(s.network.time_zone_quarters, -14);
	assert_int_equal(s.network.daylight_saving_h, 1);
	bytes_copy(c->universal_time, 7, BYTES(broken));
	c->local_time_zone = 0xff;
	bed_send(b, m);
	ue_state(b->ue, &s);
	assert_false(s.network.has_time);
	assert_int_equal(s.network.time_zone_quarters, -14);
}

/* Whatever is thrown at it: no stop, and with ASan no stray read. */
static void test_noise(void **state)
{
	struct bed *b = *state;
	uint8_t buf[64];

	bed_register(b);
	for (unsigned i = 0; i < 30000; i++) {
		struct writer w = writer_of(buf, UU_HEADER_LEN);

		env_random(&b->t.env, buf, sizeof(buf));
		if (i % 2) {
			writer_u8(&w, (uint8_t)(buf[0] % 5));
			writer_u32(&w, b->index);
		}
		bed_deliver(b, bytes_of(buf, buf[63] % sizeof(buf)));
		if (i % 100 == 0)
			bed_forget(b);
	}
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_identities, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_challenges, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_t3520, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_security_mode_refused, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_stale, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_rrc, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_keepalive, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_no_gnb, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_gnb_answers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_attempts, bed_setup, bed_teardown),
		cmocka_unit_test(test_rejections),
		cmocka_unit_test_setup_teardown(test_rejected_by_radio, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_congestion, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_unprotected_after_secured, bed_setup, bed_teardown),
		cmocka_unit_test(test_deregistered_by_network),
		cmocka_unit_test_setup_teardown(test_deregistration, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_configuration_update, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_network_information, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_noise, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
