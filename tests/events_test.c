/* Events of subscribers: what AMF and SMF raise in a whole network, and the ring that the store has of them.
 */
#include "base/test.h"

#include "core/internal.h"
#include "tests/call_bed.h"

enum { SEEN_MAX = 64, CELLS = 13, COMPARED = 11 }; /* without cell and tac, of reports alone */

/* The rows of the table, as an operator gets them, but for time. */
struct seen {
	size_t count;
	char text[SEEN_MAX][256];
};

static void look(struct call_bed *b, const char *imsi, struct seen *seen)
{
	uint8_t row[1024];
	struct supi supi = { 0 };
	uint64_t at = 0;

	seen->count = 0;
	if (imsi)
		str_copy(supi.imsi, sizeof(supi.imsi), imsi);
	for (;;) {
		struct writer w = writer_of(row, sizeof(row));
		size_t column = 0, len = 0;
		char *to = seen->text[seen->count];

		if (!core_event_row(b->core, imsi ? &supi : NULL, &at, &w))
			return;
		if (w.len == 0)
			continue;
		assert_true(seen->count < SEEN_MAX);
		for (size_t i = 0; i + 1 < w.len; i++) {
			column += row[i] == '\t';
			if (column != 1 && column < COMPARED && len + 1 < sizeof(seen->text[0]))
				to[len++] = row[i] == '\t' ? ' ' : (char)row[i];
		}
		to[len] = '\0';
		assert_int_equal(column + 1, CELLS);
		seen->count++;
	}
}

static void expect(struct call_bed *b, const char *imsi, const char *const *rows, size_t count)
{
	struct seen seen;

	look(b, imsi, &seen);
	for (size_t i = 0; i < count && i < seen.count; i++)
		assert_string_equal(seen.text[i], rows[i]);
	assert_int_equal(seen.count, count);
}

static void begin(struct call_bed *b, uint32_t max)
{
	b->core_config.events_max = max;
	call_start(b);
}

static void test_a_stay(void **state)
{
	static const char *const rows[] = {
		"0 001010000000001 yes registered      gnb.test",
		"1 001010000000001 yes session-established   1 internet 1 gnb.test",
		"2 001010000000001 yes session-rejected dnn-not-subscribed 5GMM 91: DNN not supported or not "
		"subscribed in the slice 2 nosuch 1 gnb.test",
		"3 001010000000001 yes session-released by-ue 5GSM 36: Regular deactivation 1 internet 1 "
		"gnb.test",
		"4 001010000000001 yes de-registered by-ue     gnb.test",
	};
	struct call_bed *b = *state;
	struct ue *ue;

	b->upf_on = true;
	begin(b, 100);
	call_pass(b, 3000);
	call_subscribe(b, 1);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	assert_int_equal(ue_session_establish(ue, NULL, NULL), 1);
	call_run(b);
	assert_int_equal(ue_session_establish(ue, "nosuch", NULL), 2);
	call_run(b);
	assert_true(ue_session_release(ue, 1));
	call_run(b);
	assert_true(ue_deregister(ue, false));
	call_run(b);
	expect(b, "001010000000001", rows, ARRAY_LEN(rows));
	expect(b, "001010000000002", NULL, 0);
	call_core_restart(b);
	expect(b, NULL, rows, ARRAY_LEN(rows));
}

static void use_null_scheme(struct call_bed *b)
{
	b->profile.suci.scheme = SUCI_NULL;
	b->core_config.udm.null_scheme = true;
}

static void unknown_subscriber(struct call_bed *b)
{
	static const char *const rows[] = { "0 001010000000001 no registration-rejected unknown-subscriber "
					    "5GMM 7: 5GS services not allowed "
					    "   gnb.test" };

	begin(b, 100);
	assert_true(ue_register(call_ue(b, 1)));
	call_run(b);
	expect(b, "001010000000001", rows, 1);
	expect(b, NULL, rows, 1);
}

/* Its identity is concealed: the AMF does not know who was refused, but the UDM. */
static void test_unknown_subscriber(void **state)
{
	unknown_subscriber(*state);
}

static void test_unknown_subscriber_in_clear(void **state)
{
	use_null_scheme(*state);
	unknown_subscriber(*state);
}

/* The subscriber's keys are not the USIM's, which finds that out. */
static void wrong_key(struct call_bed *b)
{
	static const char *const rows[] = {
		"0 001010000000001 no challenge-refused wrong-key 5GMM 20: MAC failure    gnb.test",
		"1 001010000000001 no authentication-failed wrong-key 5GMM 20: MAC failure    gnb.test",
	};

	begin(b, 100);
	call_control(b, "subscriber add\nimsi=001010000000001 k=00112233445566778899aabbccddeeff "
			"opc=00112233445566778899aabbccddeeff\n");
	call_run(b);
	assert_string_equal(b->control, "ok\n1 added\n");
	assert_true(ue_register(call_ue(b, 1)));
	call_run(b);
	expect(b, NULL, rows, ARRAY_LEN(rows));
}

static void test_wrong_key(void **state)
{
	wrong_key(*state);
}

static void test_wrong_key_in_clear(void **state)
{
	use_null_scheme(*state);
	wrong_key(*state);
}

/* Who the network would not even try: not of its PLMN, or in the clear where that is refused. */
static void test_refused_identities(void **state)
{
	static const char *const rows[] = { "0 001010000000001 no registration-rejected home-network-key "
					    "5GMM 22: Congestion    gnb.test" };
	struct call_bed *b = *state;

	b->profile.suci.scheme = SUCI_NULL;
	b->core_config.udm.null_scheme = false;
	begin(b, 100);
	assert_true(ue_register(call_ue(b, 1)));
	call_run(b);
	expect(b, NULL, rows, 1);
}

static void raise(struct call_bed *b, unsigned ue, bool claimed)
{
	struct event e = { .kind = EVENT_REGISTERED };
	char imsi[16], given[32];

	snprintf(imsi, sizeof(imsi), "001010000000%03u", ue);
	snprintf(given, sizeof(given), "imsi-%s", imsi);
	if (claimed)
		e.given = given;
	else
		str_copy(e.supi.imsi, sizeof(e.supi.imsi), imsi);
	nf_event(amf_nf(core_amf(b->core)), &e);
}

/* The turn of what was raised ends. */
static void turn(struct call_bed *b)
{
	core_settle(b->core);
	call_run(b);
}

static void expect_numbers(struct call_bed *b, const char *imsi, unsigned first, unsigned step, size_t count)
{
	struct seen seen;

	look(b, imsi, &seen);
	assert_int_equal(seen.count, count);
	for (size_t i = 0; i < seen.count; i++)
		assert_int_equal(strtoul(seen.text[i], NULL, 10), first + step * i);
}

static void test_ring(void **state)
{
	struct call_bed *b = *state;

	begin(b, 40);
	for (unsigned i = 0; i < 100; i++) { /* more than wait in a turn */
		raise(b, 1 + i % 4, false);
		if (i % 7 == 0)
			turn(b);
	}
	turn(b);
	expect_numbers(b, NULL, 60, 1, 40);
	expect_numbers(b, "001010000000002", 61, 4, 10);
	call_core_restart(b);
	expect_numbers(b, NULL, 60, 1, 40);
	raise(b, 1, false);
	turn(b);
	expect_numbers(b, NULL, 61, 1, 40);
	b->core_config.events_max = 5; /* a smaller one keeps the last */
	call_core_restart(b);
	expect_numbers(b, NULL, 96, 1, 5);
	turn(b);
	b->core_config.events_max = 0;
	call_core_restart(b);
	raise(b, 1, false);
	turn(b);
	expect_numbers(b, NULL, 96, 1, 5);
}

static void test_many_in_a_turn(void **state)
{
	struct call_bed *b = *state;

	begin(b, 1000);
	for (unsigned i = 0; i < 3 * CORE_EVENTS_WAITING / 2; i++)
		raise(b, 1 + i % 8, false);
	turn(b);
	expect_numbers(b, "001010000000001", 0, 8, 3 * CORE_EVENTS_WAITING / 16);
	assert_int_equal(b->core->events.stat[CORE_EVENT_KEPT], 3 * CORE_EVENTS_WAITING / 2);
}

static void test_unproved_are_few_a_second(void **state)
{
	struct call_bed *b = *state;

	begin(b, 100);
	for (unsigned i = 0; i < 50; i++)
		raise(b, 1, true);
	raise(b, 2, false); /* nobody's flood shuts out others */
	turn(b);
	expect_numbers(b, NULL, 0, 1, 11);
	assert_int_equal(b->core->events.stat[CORE_EVENT_UNPROVED], 40);
	call_pass(b, 1000);
	raise(b, 1, true);
	turn(b);
	expect_numbers(b, NULL, 0, 1, 12);
}

/* A store that is full loses events; what they belong to is kept. */
static void test_full_store(void **state)
{
	struct call_bed *b = *state;
	uint32_t lost;

	begin(b, 100);
	raise(b, 1, false);
	turn(b);
	lost = b->turns_lost;
	raise(b, 1, false);
	store_mem_fail_put(b->node[NODE_CORE].t.env.store, 1);
	turn(b);
	assert_int_equal(b->turns_lost, lost);
	assert_int_equal(b->core->events.stat[CORE_EVENT_LOST], 1);
	raise(b, 1, false);
	turn(b);
	expect_numbers(b, NULL, 0, 2, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_stay, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_unknown_subscriber, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_unknown_subscriber_in_clear, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_key, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_wrong_key_in_clear, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_refused_identities, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_ring, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_many_in_a_turn, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_unproved_are_few_a_second, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_full_store, call_setup, call_teardown),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
