/* Calls in which something goes wrong: loss, damage, failures of either side, secrets that do not match. */
#include "radio/uu.h"
#include "tests/call_bed.h"

static struct ue *begun(struct call_bed *b, unsigned n)
{
	struct ue *ue;

	call_start(b);
	call_subscribe(b, n);
	ue = call_ue(b, n);
	assert_true(ue_register(ue));
	return ue;
}

/* Whatever message of a registration with a session is lost on the air, all comes right in the end. */
static void test_air_loss(void **state)
{
	struct call_bed *b;
	struct ue *ue;
	void *fresh;

	for (uint32_t n = 1; n <= 16; n++) {
		assert_int_equal(call_setup(&fresh), 0);
		b = fresh;
		b->profile.auto_session = true;
		b->air_lost = n;
		ue = begun(b, 1);
		call_pass(b, 90000);
		if (!call_state(ue).registered || call_state(ue).sessions != 1)
			fail_msg("message %u lost: %s, %u sessions", n, call_state(ue).mm_state,
				call_state(ue).sessions);
		call_teardown(&fresh);
	}
}

/* The USIM has seen later sequence numbers than the UDM knows: 33.102 6.3.5. */
static void test_resynchronization(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue = begun(b, 1);
	struct subscriber s;
	struct supi supi;
	uint64_t sqn;

	call_run(b);
	ue_deregister(ue, false);
	call_run(b);
	assert_true(supi_parse("001010000000001", &supi));
	assert_true(core_subscriber_get(b->core, &supi, &s, &sqn));
	call_subscribe(b, 1); /* the operator restores an old backup: SQN begins again */
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
	ue_deregister(ue, false);
	call_run(b);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
}

static void test_wrong_key(void **state)
{
	struct call_bed *b = *state;
	struct ue_config c = { .profile = &b->profile,
		.key = { .alg = AKA_MILENAGE, .k_len = 16, .k = { 1 } },
		.gnb = b->node[NODE_GNB].addr,
		.supi = { "001010000000001" } };
	struct ue *ue;

	call_start(b);
	call_subscribe(b, 1);
	ue = ue_new(b->ues, &c);
	assert_non_null(ue);
	assert_true(ue_register(ue));
	call_pass(b, 60000);
	assert_false(call_state(ue).registered);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_string_equal(call_state(ue).mm_state, "5GMM-DEREGISTERED.NO-SUPI");
}

static void test_unknown_subscriber(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;

	call_start(b);
	ue = call_ue(b, 7);
	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(b->events[UE_EVENT_REGISTRATION_FAILED], 1);
	assert_string_equal(call_state(ue).mm_state, "5GMM-DEREGISTERED.NO-SUPI");
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	/* The rejection was not protected, so it does not hold for ever (5.3.20). */
	call_subscribe(b, 7);
	call_pass(b, 31 * 60 * 1000);
	assert_true(call_state(ue).registered);
}

static void test_subscription_withdrawn(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;
	struct supi supi;

	b->profile.auto_session = true;
	ue = begun(b, 1);
	call_run(b);
	assert_int_equal(call_state(ue).sessions, 1);
	assert_true(supi_parse("001010000000001", &supi));
	assert_true(core_subscriber_remove(b->core, &supi));
	call_run(b);
	assert_false(call_state(ue).registered);
	assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(b->upf_sessions, 0);
}

/* Both keep the UE for their time; then it is turned away for want of an AMF, until there is one. */
static void test_n2_loss(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;
	struct msg down = { .kind = MSG_DOWN };

	b->profile.auto_session = true;
	ue = begun(b, 1);
	call_run(b);
	down.assoc = b->assoc;
	b->n2_refused = true;
	down.port = CORE_PORT_N2;
	call_deliver(b, NODE_CORE, &down);
	down.port = GNB_PORT_N2;
	call_deliver(b, NODE_GNB, &down);
	b->assoc = 0;
	call_run(b);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 0);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 1);
	call_pass(b, AMF_RETENTION_S * 1000);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
	assert_int_equal(gnb_numbers(b->gnb).sessions, 1);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_REJECTED), 0);
	call_pass(b, GNB_RETENTION_MS - AMF_RETENTION_S * 1000 + 20000);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_true(call_gnb_stat(b, GNB_STAT_REJECTED) > 0);
	b->n2_refused = false;
	call_pass(b, 60000);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 1);
	assert_true(call_state(ue).registered);
	assert_true(call_state(ue).connected);
}

static void test_ng_setup_refused(void **state)
{
	struct call_bed *b = *state;

	b->gnb_config.cells[0].tac = 99;
	call_start(b);
	assert_int_equal(gnb_numbers(b->gnb).amfs_ready, 0);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_NG_SETUP_FAILURES), 1);
	call_pass(b, 9000);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_NG_SETUP_FAILURES), 1); /* time to wait is 10 s */
	call_pass(b, 2000);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_NG_SETUP_FAILURES), 2);
}

/* Idle for want of activity, and back by the UE's own data. */
static void test_inactivity(void **state)
{
	static const uint8_t ip[28] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 45, 0, 2, 8, 8, 8, 8 };
	struct call_bed *b = *state;
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .data = BYTES(ip) };
	struct ue *ue;

	b->profile.auto_session = true;
	b->gnb_config.inactivity_ms = 5000;
	ue = begun(b, 1);
	call_run(b);
	assert_true(call_state(ue).connected);
	call_pass(b, 6000);
	assert_true(call_state(ue).registered);
	assert_false(call_state(ue).connected);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_false(b->upf_forwards);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
	call_deliver(b, NODE_UES, &m);
	call_run(b);
	assert_true(call_state(ue).registered);
	assert_true(call_state(ue).connected);
}

static void test_periodic_registration(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;

	b->gnb_config.inactivity_ms = 5000;
	ue = begun(b, 1);
	call_pass(b, 3 * 3660 * 1000); /* 54 minutes are sent as 60: 24.501 9.11.2.5 has no other way */
	assert_true(call_state(ue).registered);
	assert_int_equal(b->events[UE_EVENT_REGISTERED], 4);
	assert_int_equal(b->events[UE_EVENT_DEREGISTERED], 0);
	assert_int_equal(b->events[UE_EVENT_REGISTRATION_FAILED], 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 1);
}

/* The UE comes with its GUTI on a new connection while the network de-registers it: 24.501 5.5.2.3.5. */
static void test_deregistrations_cross(void **state)
{
	struct call_bed *b = *state;
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_AIR, .peer = b->node[NODE_GNB].addr };
	struct ue *ue;
	struct supi supi;
	uint8_t buf[16];
	struct writer w = writer_of(buf, sizeof(buf));

	b->profile.auto_session = true;
	ue = begun(b, 1);
	call_run(b);
	assert_true(supi_parse("001010000000001", &supi));
	b->air_lost = 1;
	assert_true(core_subscriber_remove(b->core, &supi));
	call_run(b);
	assert_true(call_state(ue).registered);
	assert_true(uu_link_encode(b->air_ue, UU_LINK_LOST, &w));
	m.data = writer_bytes(&w);
	b->node[NODE_UES].addr.port++; /* so that the gNB does not see that it is the same UE */
	call_deliver(b, NODE_UES, &m);
	call_pass(b, 60000);
	assert_false(call_state(ue).registered);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* A UE that vanishes: the gNB misses its sign of life. */
static void test_ue_lost(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue;

	b->profile.keepalive_ms = 5000;
	b->gnb_config.ue_lost_ms = 15000;
	ue = begun(b, 1);
	call_pass(b, 60000);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
	ue_free(ue);
	call_pass(b, 20000);
	assert_int_equal(call_gnb_stat(b, GNB_STAT_UES_LOST), 1);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(amf_numbers(core_amf(b->core)).connections, 0);
}

/* The gNB begins again while its UE believes in its connection. */
static void test_gnb_restart(void **state)
{
	struct call_bed *b = *state;
	struct msg down = { .kind = MSG_DOWN, .port = CORE_PORT_N2 };
	struct ue *ue;

	b->profile.auto_session = true;
	b->profile.keepalive_ms = 1000;
	ue = begun(b, 1);
	call_run(b);
	down.assoc = b->assoc;
	gnb_free(b->gnb);
	b->gnb = gnb_new(&b->gnb_config, &b->node[NODE_GNB].t.env);
	assert_non_null(b->gnb);
	b->node[NODE_GNB].room = gnb_room(b->gnb);
	call_deliver(b, NODE_CORE, &down);
	call_pass(b, 30000);
	assert_true(call_state(ue).registered);
	assert_true(call_state(ue).connected);
	assert_int_equal(gnb_numbers(b->gnb).ues, 1);
}

static void test_crowd(void **state)
{
	enum { CROWD = 200 };
	struct call_bed *b = *state;
	struct ue *ues[CROWD];

	b->profile.auto_session = b->profile.auto_register = true;
	call_start(b);
	for (unsigned i = 0; i < CROWD; i++) {
		call_subscribe(b, i + 1);
		ues[i] = call_ue(b, i + 1);
	}
	call_pass(b, 1000);
	assert_int_equal(b->events[UE_EVENT_SESSION_UP], CROWD);
	assert_int_equal(gnb_numbers(b->gnb).sessions, CROWD);
	for (unsigned i = 0; i < CROWD; i++)
		ue_deregister(ues[i], i & 1);
	call_run(b);
	assert_int_equal(amf_numbers(core_amf(b->core)).ues, 0);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
	assert_int_equal(b->upf_sessions, 0);
}

/* Bits flip everywhere: nobody stops, and once they flip no more, everybody gets along again. */
static void test_damage(void **state)
{
	enum { CROWD = 20 };
	struct call_bed *b = *state;
	struct ue *ues[CROWD];

	b->profile.auto_session = b->profile.auto_register = true;
	b->profile.keepalive_ms = 5000;
	b->gnb_config.ue_lost_ms = 20000;
	b->gnb_config.inactivity_ms = 60000;
	call_start(b);
	for (unsigned i = 0; i < CROWD; i++) {
		call_subscribe(b, i + 1);
		ues[i] = call_ue(b, i + 1);
	}
	for (uint32_t every = 2; every < 12; every++) {
		b->damage_every = every;
		call_pass(b, 30000);
		for (unsigned i = 0; i < CROWD; i++)
			if ((i + every) % 3 == 0)
				ue_deregister(ues[i], i & 1);
			else
				ue_register(ues[i]);
		call_pass(b, 30000);
	}
	b->damage_every = 0;
	call_pass(b, 7200 * 1000);
	for (unsigned i = 0; i < CROWD; i++)
		ue_register(ues[i]);
	call_pass(b, 1000 * 1000);
	for (unsigned i = 0; i < CROWD; i++)
		if (!call_state(ues[i]).registered)
			fail_msg("UE %u is in %s", i, call_state(ues[i]).mm_state);
	assert_int_equal(amf_numbers(core_amf(b->core)).registered, CROWD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_air_loss),
		cmocka_unit_test_setup_teardown(test_resynchronization, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_key, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_unknown_subscriber, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_subscription_withdrawn, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_n2_loss, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_ng_setup_refused, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_inactivity, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_periodic_registration, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_deregistrations_cross, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_ue_lost, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_gnb_restart, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_crowd, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_damage, call_setup, call_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
