/* Alarms of a whole network: what raises and clears them, that they are kept, and that they harm nothing. */
#include "base/test.h"

#include <stdio.h>

#include "core/amf/internal.h"
#undef LOG_ROOM /* each room has its own */
#include "core/internal.h"
#undef LOG_ROOM
#include "core/smf/internal.h"
#include "tests/call_bed.h"

enum { SECOND = 1000 };

/* The alarm of that kind; NULL: none ever. */
static const struct core_alarm *alarm_of(struct call_bed *b, enum alarm_kind kind)
{
	for (size_t i = 0; i < CORE_ALARMS_MAX; i++)
		if (b->core->alarms.list[i].kind == kind)
			return &b->core->alarms.list[i];
	return NULL;
}

static void expect_severity(struct call_bed *b, enum alarm_kind kind, enum alarm_severity severity)
{
	const struct core_alarm *a = alarm_of(b, kind);

	assert_int_equal(a ? a->severity : ALARM_CLEARED, severity);
}

static uint64_t stat(struct call_bed *b, enum core_alarm_stat which)
{
	return b->core->alarms.stat[which];
}

/* The row as an operator gets it. */
static void row_of(struct call_bed *b, char text[1024])
{
	uint64_t at = 0;
	struct writer w = writer_of((uint8_t *)text, 1023);

	assert_true(core_alarm_row(b->core, &at, &w));
	text[w.len] = '\0';
	w = writer_of((uint8_t *)text, 0);
	assert_false(core_alarm_row(b->core, &at, &w));
}

/* A UPF that never comes is an alarm after three seconds, acknowledged and kept over the core's end. */
static void test_upf_away(void **state)
{
	struct call_bed *b = *state;
	char row[1024];

	b->upf_on = false;
	call_start(b);
	call_pass(b, 2 * SECOND);
	expect_severity(b, ALARM_UPF_AWAY, ALARM_CLEARED);
	call_pass(b, 3 * SECOND);
	expect_severity(b, ALARM_UPF_AWAY, ALARM_CRITICAL);
	assert_int_equal(stat(b, CORE_ALARM_UNACKNOWLEDGED), 1);
	row_of(b, row);
	assert_non_null(strstr(row, "1\tcritical\tUPF "));
	assert_non_null(strstr(row, "\tcommunicationsAlarm\tcommunicationsSubsystemFailure\t1\t"));
	call_control(b, "alarm acknowledge\n7\n");
	call_run(b);
	assert_memory_equal(b->control, "error\n", 6);
	call_control(b, "alarm acknowledge\n1\nanna");
	call_run(b);
	assert_memory_equal(b->control, "ok\n", 3);
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), 1);
	assert_int_equal(stat(b, CORE_ALARM_UNACKNOWLEDGED), 0);
	call_core_restart(b);
	call_pass(b, 2 * SECOND); /* it stands on: no second one, and nobody has to acknowledge it again */
	assert_int_equal(alarm_of(b, ALARM_UPF_AWAY)->id, 1);
	assert_int_equal(alarm_of(b, ALARM_UPF_AWAY)->times, 1);
	assert_string_equal(alarm_of(b, ALARM_UPF_AWAY)->acknowledged_by, "anna");
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), 1);
	b->upf_on = true;
	call_pass(b, 120 * SECOND);
	expect_severity(b, ALARM_UPF_AWAY, ALARM_CLEARED);
	assert_true(alarm_of(b, ALARM_UPF_AWAY)->cleared_ms > 0);
	call_core_restart(b);
	expect_severity(b, ALARM_UPF_AWAY, ALARM_CLEARED);
	assert_int_equal(alarm_of(b, ALARM_UPF_AWAY)->id, 1);
}

static void test_gnb_away(void **state)
{
	struct call_bed *b = *state;
	struct msg down = { .kind = MSG_DOWN, .port = AMF_PORT_N2 };
	const struct core_alarm *a;

	call_start(b);
	call_pass(b, 3 * SECOND);
	assert_int_equal(stat(b, CORE_ALARM_RAISED), 0);
	down.assoc = b->assoc;
	b->n2_refused = true;
	call_deliver(b, NODE_CORE, &down);
	call_run(b);
	a = alarm_of(b, ALARM_GNB_AWAY);
	assert_non_null(a);
	assert_int_equal(a->severity, ALARM_MAJOR);
	assert_string_equal(a->detail, "gnb.test");
	call_pass(b, 5 * SECOND); /* to look clears nothing of gNBs */
	assert_int_equal(a->severity, ALARM_MAJOR);
	assert_false(core_alarm_dismiss(b->core, a->id + 1));
	assert_true(core_alarm_dismiss(b->core, a->id));
	assert_int_equal(a->severity, ALARM_CLEARED);
	assert_false(core_alarm_dismiss(b->core, a->id));
}

/* What is reported stands until it is reported no more; only of gNBs somebody may say that it is over. */
static void test_reported(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	core_alarm_reported(b->core, ALARM_DISK, "core.store", ALARM_MAJOR, "91 percent full");
	call_pass(b, 100 * SECOND);
	expect_severity(b, ALARM_DISK, ALARM_MAJOR);
	assert_false(core_alarm_dismiss(b->core, alarm_of(b, ALARM_DISK)->id));
	core_alarm_reported(b->core, ALARM_DISK, "core.store", ALARM_CRITICAL, "98 percent full");
	call_pass(b, 140 * SECOND);
	expect_severity(b, ALARM_DISK, ALARM_CRITICAL);
	assert_string_equal(alarm_of(b, ALARM_DISK)->detail, "98 percent full");
	call_pass(b, 20 * SECOND);
	expect_severity(b, ALARM_DISK, ALARM_CLEARED);
}

/* A clock that is set while the network runs is an alarm for ten minutes; one that is slewed is none. */
static void test_clock(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	call_pass(b, 2 * SECOND);
	b->core->alarms.clock_ms += 1500;
	call_pass(b, 2 * SECOND);
	assert_null(alarm_of(b, ALARM_CLOCK));
	b->core->alarms.clock_ms -= 3600000;
	call_pass(b, 2 * SECOND);
	expect_severity(b, ALARM_CLOCK, ALARM_WARNING);
	assert_string_equal(alarm_of(b, ALARM_CLOCK)->detail, "it was set by +3600 s");
	call_pass(b, 596 * SECOND);
	expect_severity(b, ALARM_CLOCK, ALARM_WARNING);
	call_pass(b, 5 * SECOND);
	expect_severity(b, ALARM_CLOCK, ALARM_CLEARED);
	b->core->alarms.clock_ms += 2001;
	call_pass(b, 2 * SECOND);
	expect_severity(b, ALARM_CLOCK, ALARM_WARNING);
	assert_string_equal(alarm_of(b, ALARM_CLOCK)->detail, "it was set by -2 s");
}

/* When each begins and ends, to the look: a turn a look. */
static void test_times(void **state)
{
	struct call_bed *b = *state;
	struct core_alarms *as;
	uint64_t from_ns;

	call_start(b);
	call_pass(b, 2 * SECOND);
	as = &b->core->alarms;
	from_ns = b->now_ns + 10 * NS_PER_S;
#define LOOK(at_ms)                                                                                          \
	do {                                                                                                 \
		as->look_ns = 0;                                                                             \
		core_alarms_look(b->core, from_ns + (at_ms) * (uint64_t)NS_PER_MS);                          \
	} while (0)
	b->node[NODE_CORE].t.env.turn->lost++;
	LOOK(0);
	expect_severity(b, ALARM_STORE_FAILS, ALARM_CRITICAL);
	LOOK(29999);
	expect_severity(b, ALARM_STORE_FAILS, ALARM_CRITICAL);
	LOOK(30000);
	expect_severity(b, ALARM_STORE_FAILS, ALARM_CLEARED);
	as->timeouts--;
	LOOK(30000);
	expect_severity(b, ALARM_NO_ANSWER, ALARM_MAJOR);
	LOOK(89999);
	expect_severity(b, ALARM_NO_ANSWER, ALARM_MAJOR);
	LOOK(90000);
	expect_severity(b, ALARM_NO_ANSWER, ALARM_CLEARED);
#undef LOOK
	core_alarms_look(b->core, from_ns + 200000 * (uint64_t)NS_PER_MS);
	assert_true(as->look_ns == from_ns + (200000 + CORE_ALARM_LOOK_MS) * (uint64_t)NS_PER_MS);
	/* The clock: it is the time of both that passes. */
	as->clock_ns = b->now_ns;
	as->clock_ms = (int64_t)env_utc_ms(b->core->env) - (int64_t)(b->now_ns / NS_PER_MS);
	as->clock_set_ms = 5000;
	from_ns = b->now_ns;
	for (uint32_t late = 0; late <= 1; late++) {
		b->now_ns = from_ns + (599999 + late) * (uint64_t)NS_PER_MS;
		as->look_ns = 0;
		core_alarms_look(b->core, b->now_ns);
		expect_severity(b, ALARM_CLOCK, late ? ALARM_CLEARED : ALARM_WARNING);
	}
}

/* Each gNB that goes is an alarm, up to half of the list: the rest is for the others. */
static void test_gnbs_without_end(void **state)
{
	struct call_bed *b = *state;
	struct nf *nf;
	char name[32];

	b->upf_on = false;
	call_start(b);
	nf = amf_nf(core_amf(b->core));
	for (unsigned i = 0; i < 2 * CORE_ALARMS_MAX; i++) {
		snprintf(name, sizeof(name), "gNB %x", i);
		nf_alarm(nf, ALARM_GNB_AWAY, name, "", true);
	}
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), CORE_ALARMS_GNBS_MAX);
	assert_int_equal(stat(b, CORE_ALARM_REFUSED), 2 * CORE_ALARMS_MAX - CORE_ALARMS_GNBS_MAX);
	call_pass(b, 5 * SECOND);
	expect_severity(b, ALARM_UPF_AWAY, ALARM_CRITICAL);
	nf_alarm(nf, ALARM_GNB_AWAY, "gNB 0", "", false);
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), CORE_ALARMS_GNBS_MAX);
	for (unsigned i = 0; i < 2 * CORE_ALARMS_MAX;
		i++) { /* those that are over give way, the oldest first */
		snprintf(name, sizeof(name), "gNB %x", 0x1000 + i);
		nf_alarm(nf, ALARM_GNB_AWAY, name, "", true);
		nf_alarm(nf, ALARM_GNB_AWAY, name, "", false);
		call_pass(b, 10);
	}
	assert_int_equal(stat(b, CORE_ALARM_REFUSED), 2 * CORE_ALARMS_MAX - CORE_ALARMS_GNBS_MAX);
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), CORE_ALARMS_GNBS_MAX);
	call_core_restart(b);
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), CORE_ALARMS_GNBS_MAX);
}

static void test_pool(void **state)
{
	static const struct {
		uint32_t percent;
		enum alarm_severity severity;
	} steps[] = { { 89, ALARM_CLEARED }, { 90, ALARM_MAJOR }, { 81, ALARM_MAJOR },
		{ 100, ALARM_CRITICAL }, { 90, ALARM_MAJOR }, { 79, ALARM_CLEARED }, { 89, ALARM_CLEARED },
		{ 95, ALARM_MAJOR } };
	struct call_bed *b = *state;
	struct address_pool *pool;
	uint32_t used;

	call_start(b);
	pool = &core_smf(b->core)->pools[0];
	used = pool->used;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		pool->used = (uint32_t)(((uint64_t)pool->size * steps[i].percent + 99) / 100);
		call_pass(b, 2 * SECOND);
		expect_severity(b, ALARM_POOL_NEAR_FULL, steps[i].severity);
	}
	assert_int_equal(alarm_of(b, ALARM_POOL_NEAR_FULL)->times, 2);
	pool->used = used;
}

/* The store refuses the alarm too, which is seen meanwhile, and kept once there is room. */
static void test_store_fails(void **state)
{
	struct call_bed *b = *state;
	struct store *store;
	uint32_t lost;

	call_start(b);
	call_pass(b, 2 * SECOND);
	store = b->node[NODE_CORE].t.env.store;
	lost = b->turns_lost;
	store_mem_fail_commit(store, 1);
	call_subscribe(b, 1);
	call_run(b);
	assert_true(b->turns_lost > lost);
	lost = b->turns_lost;
	store_mem_fail_put(store, 1); /* of the alarm itself */
	call_pass(b, 2 * SECOND);
	expect_severity(b, ALARM_STORE_FAILS, ALARM_CRITICAL);
	assert_int_equal(b->turns_lost, lost); /* an alarm costs no turn */
	call_pass(b, 10 * SECOND);
	call_core_restart(b);
	assert_non_null(alarm_of(b, ALARM_STORE_FAILS));
	call_pass(b, 5 * SECOND);
	expect_severity(b, ALARM_STORE_FAILS, ALARM_CLEARED);
}

/* A turn with an alarm's change is lost: the store has it after the next one. */
static void test_lost_turn(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	call_pass(b, 2 * SECOND);
	nf_alarm(amf_nf(core_amf(b->core)), ALARM_GNB_AWAY, "gNB 1", "x", true);
	store_mem_fail_commit(b->node[NODE_CORE].t.env.store, 1);
	call_pass(b, 5 * SECOND);
	assert_int_equal(stat(b, CORE_ALARM_ACTIVE), 2);
	call_core_restart(b);
	assert_non_null(alarm_of(b, ALARM_GNB_AWAY));
	assert_int_equal(alarm_of(b, ALARM_GNB_AWAY)->severity, ALARM_MAJOR);
}

static void test_load_and_answers(void **state)
{
	struct call_bed *b = *state;
	struct amf *amf;

	call_start(b);
	call_pass(b, 2 * SECOND);
	amf = core_amf(b->core);
	amf_load_note(amf, &(struct msg){ .waited_us = 900000, .busy_permille = 1000 });
	for (unsigned i = 0; i < 20 && !amf_is_overloaded(amf); i++) {
		call_pass(b, 200);
		amf_load_note(amf, &(struct msg){ .waited_us = 900000, .busy_permille = 1000 });
		amf_load_note(amf, &(struct msg){ .waited_us = 900000, .busy_permille = 1000 });
	}
	assert_true(amf_is_overloaded(amf));
	core_alarms_look(b->core, b->now_ns + SECOND * (uint64_t)NS_PER_MS);
	expect_severity(b, ALARM_OVERLOAD, ALARM_MAJOR);
	call_pass(b, 60 * SECOND);
	assert_false(amf_is_overloaded(amf));
	expect_severity(b, ALARM_OVERLOAD, ALARM_CLEARED);
	b->core->alarms.timeouts--; /* as if the bus had counted one more */
	call_pass(b, 2 * SECOND);
	expect_severity(b, ALARM_NO_ANSWER, ALARM_MAJOR);
	call_pass(b, 70 * SECOND);
	expect_severity(b, ALARM_NO_ANSWER, ALARM_CLEARED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_upf_away, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_gnb_away, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_reported, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_clock, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_times, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_gnbs_without_end, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_pool, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_store_fails, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_lost_turn, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(test_load_and_answers, call_setup, call_teardown),
	};

	return cmocka_run_group_tests_name("alarms", tests, NULL, NULL);
}
