/* What the UE's messages hold, how long its identities and timers last, and what it does not listen to. */
#include "ue/internal.h"
#include "ue/ue_bed.h"

/* 24.501 8.3.1: what a UE asks for with its first message of a session. */
static void test_session_request(void **state)
{
	static const uint16_t asked[] = { NAS_PCO_IP_ALLOCATION_VIA_NAS, NAS_PCO_DNS_IPV4,
		NAS_PCO_IPV4_LINK_MTU, NAS_PCO_P_CSCF_IPV4, NAS_PCO_P_CSCF_IPV6, NAS_PCO_MSISDN };
	struct bed *b = *state;
	const struct nas_pdu_session_establishment_request *r;
	struct nas_msg m;

	bed_register(b);
	assert_int_equal(ue_session_establish(b->ue, NULL, NULL), 1);
	m = bed_sm(b, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	r = &m.pdu_session_establishment_request;
	assert_int_equal(r->integrity_max_data_rate, 0xffff);
	assert_true(r->has_pdu_session_type && r->has_ssc_mode && r->has_epco);
	assert_int_equal(r->pdu_session_type, NAS_PDU_IPV4);
	assert_int_equal(r->ssc_mode, NAS_SSC_1);
	assert_int_equal(r->epco.count, ARRAY_LEN(asked));
	for (size_t i = 0; i < ARRAY_LEN(asked); i++) {
		assert_int_equal(r->epco.items[i].id, asked[i]);
		assert_int_equal(r->epco.items[i].value.len, 0);
	}
}

/* 5.4.2.3: the IMEISV goes along if it was asked for and there is one. */
static void test_imeisv(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	b->ue->imeisv[0] = 0;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_secure(b);
	m = bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
	assert_false(m.security_mode_complete.has_imeisv);
	assert_true(m.security_mode_complete.has_nas_message_container);
	m = (struct nas_msg){ .type = NAS_IDENTITY_REQUEST,
		.identity_request.identity_type = NAS_IDENTITY_IMEISV };
	bed_send(b, m);
	m = bed_nas(b, NAS_IDENTITY_RESPONSE);
	assert_int_equal(m.identity_response.mobile_identity.type, NAS_IDENTITY_NONE);
}

/* The same, not asked for: the element is not there, or says so. */
static void test_imeisv_not_asked(void **state)
{
	struct bed *b = *state;
	struct nas_msg m;

	bed_register(b);
	for (int there = 0; there <= 1; there++) {
		m = (struct nas_msg){ .type = NAS_SECURITY_MODE_COMMAND };
		m.security_mode_command.selected_algorithms.ciphering = 2;
		m.security_mode_command.selected_algorithms.integrity = 2;
		m.security_mode_command.ngksi = BED_NGKSI;
		m.security_mode_command.replayed_ue_security_capability = b->profile.security_capability;
		m.security_mode_command.has_imeisv_request = there;
		m.security_mode_command.imeisv_request = NAS_IMEISV_NOT_REQUESTED;
		bed_send_octets(b, test_nas_protected(&b->nas, NAS_INTEGRITY_NEW_CONTEXT, &m));
		m = bed_nas(b, NAS_SECURITY_MODE_COMPLETE);
		assert_false(m.security_mode_complete.has_imeisv);
		assert_false(m.security_mode_complete.has_nas_message_container);
	}
}

/* 5.4.1.3.6: after a failure the answer to the challenge before it is not given again; 5.4.1.3.7: failures
 * are counted from each leaving on. */
static void test_failures(void **state)
{
	struct bed *b = *state;
	struct nas_msg first = bed_challenge(BED_NGKSI, b), bad;

	b->profile.t3510_ms = 60000;
	assert_true(ue_register(b->ue));
	bed_nas(b, NAS_REGISTRATION_REQUEST);
	bed_send_plain(b, first);
	bed_nas(b, NAS_AUTHENTICATION_RESPONSE);
	bad = bed_challenge(BED_NGKSI, b);
	bad.authentication_request.autn[15] ^= 1;
	bed_send_plain(b, bad);
	bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	assert_int_equal(b->ue->challenge_until_ns, 0);
	bed_send_plain(b, first);
	bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	bed_send_plain(b, bad);
	bed_nas(b, NAS_AUTHENTICATION_FAILURE);
	bed_left(b);
	assert_int_equal(b->ue->authentication_failures, 0);
}

/* 5.4.3 and T3519: the same SUCI as long as it runs, then a fresh one. */
static void test_t3519(void **state)
{
	static const uint8_t key[32] = { 9 };
	struct bed *b = *state;
	struct nas_mobile_identity a, c;
	uint8_t before[sizeof(b->ue->suci)];

	b->profile.suci.scheme = SUCI_PROFILE_A;
	b->profile.suci.home_network_key_len = sizeof(key);
	bytes_copy(b->profile.suci.home_network_key, sizeof(b->profile.suci.home_network_key), BYTES(key));
	b->profile.t3519_ms = 1000;
	assert_true(ue_identity_suci(b->ue, &a, true));
	assert_int_equal(a.type, NAS_IDENTITY_SUCI);
	bytes_copy(before, sizeof(before), BYTES(b->ue->suci));
	bed_pass(b, 999);
	assert_true(ue_identity_suci(b->ue, &c, true));
	assert_memory_equal(b->ue->suci, before, b->ue->suci_len);
	bed_pass(b, 1);
	assert_true(ue_identity_suci(b->ue, &c, true));
	assert_memory_not_equal(b->ue->suci, before, b->ue->suci_len);
	/* one that was not sent yet does not grow old */
	bytes_copy(before, sizeof(before), BYTES(b->ue->suci));
	b->ue->suci_until_ns = 0;
	bed_pass(b, 5000);
	assert_true(ue_identity_suci(b->ue, &c, false));
	assert_memory_equal(b->ue->suci, before, b->ue->suci_len);
	assert_int_equal(b->ue->suci_until_ns, 0);
}

/* 8.2.7, 9.11.2.4, 9.11.2.5: the timers of a REGISTRATION ACCEPT. */
static void test_timers(void **state)
{
	struct bed *b = *state;
	struct nas_registration_accept a = {
		.has_t3512 = true, .t3512 = 0x65, .has_t3502 = true, .t3502 = 0x22
	};

	ue_registration_take_accept(b->ue, &a);
	assert_int_equal(b->ue->t3512_s, nas_timer3_s(0x65));
	assert_int_equal(b->ue->t3502_ms, 120000); /* two minutes */
	a.t3512 = a.t3502 = 0xe0;                  /* deactivated */
	ue_registration_take_accept(b->ue, &a);
	assert_int_equal(b->ue->t3512_s, 0);
	assert_int_equal(b->ue->t3502_ms, 0);
}

/* What comes from elsewhere, or cannot be read, is counted; what is no datagram is not looked at. */
static void test_air(void **state)
{
	static const uint8_t nonsense[] = { 0xff, 0xff };
	struct bed *b = *state;
	struct room r = ue_host_room(b->host);
	uint8_t datagram[64];
	struct writer w = writer_of(datagram, sizeof(datagram));
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_AIR, .peer = b->gnb };

	bed_register(b);
	assert_true(uu_encode(&(struct uu_pdu){ b->index, UU_SRB3, BYTES(nonsense) }, &w));
	bed_deliver(b, writer_bytes(&w));
	assert_int_equal(bed_stat(b, "air_refused"), 1);
	w = writer_of(datagram, sizeof(datagram));
	assert_true(uu_link_encode(b->index, UU_LINK_LOST, &w));
	m.data = writer_bytes(&w);
	m.peer.port++;
	r.ops->on_msg(r.self, &m);
	assert_int_equal(bed_stat(b, "air_refused"), 2);
	m.peer = b->gnb;
	m.kind = MSG_DATA + 1;
	r.ops->on_msg(r.self, &m);
	m.kind = MSG_DATA;
	m.port = UE_PORT_AIR + UE_PORT_TUN + 1;
	r.ops->on_msg(r.self, &m);
	assert_int_equal(bed_stat(b, "air_refused"), 2);
	assert_int_equal(b->events[UE_EVENT_IDLE], 0);
	m.port = UE_PORT_AIR;
	r.ops->on_msg(r.self, &m);
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
}

/* Without a connection there is nothing to leave. */
static void test_leave_nothing(void **state)
{
	struct bed *b = *state;

	ue_connection_leave(b->ue, true);
	assert_null(test_env_next(&b->t, UE_PORT_AIR));
	assert_int_equal(b->events[UE_EVENT_IDLE], 0);
	bed_register(b);
	ue_connection_leave(b->ue, true);
	bed_left(b);
	assert_int_equal(b->events[UE_EVENT_IDLE], 1);
}

static bool load_profile(const char *scheme, size_t digits, struct ue_profile *p)
{
	char text[256], error[CONFIG_ERROR_SIZE], key[80];

	memset(key, '1', sizeof(key));
	snprintf(text, sizeof(text), "profile: %s\nhn_public_key: \"%.*s\"\n", scheme, (int)digits, key);
	return config_load(&ue_profile_section, "f", bytes_of_str(text), p, sizeof(*p), error);
}

/* 33.501 Annex C.3.4: a public key has 32 octets in profile A, 33 in profile B. */
static void test_home_network_key(void **state)
{
	struct ue_profile p;

	assert_true(load_profile("A", 64, &p));
	assert_int_equal(p.suci.home_network_key_len, 32);
	assert_true(load_profile("B", 66, &p));
	assert_int_equal(p.suci.home_network_key_len, 33);
	assert_true(load_profile("\"null\"", 64, &p));
	assert_false(load_profile("\"null\"", 62, &p));
	assert_false(load_profile("\"null\"", 68, &p));
	assert_false(load_profile("A", 66, &p));
	assert_false(load_profile("B", 64, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_session_request, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_imeisv, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_imeisv_not_asked, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_failures, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_t3519, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_timers, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_air, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(test_leave_nothing, bed_setup, bed_teardown),
		cmocka_unit_test(test_home_network_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
