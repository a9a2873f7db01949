/* A core's call is recorded and run again: equal, and where an octet is changed, different there. */
#include "base/recording.h"
#include "base/text.h"
#include "sim/replay.h"
#include "tests/call_bed.h"

enum { FILE_MAX = 8 << 20 };

struct tape {
	uint8_t octets[FILE_MAX];
	size_t len;
};

static struct tape tape;
static struct recording recording;
static uint64_t steps;

static bool tape_write(void *arg, struct bytes octets)
{
	bool fits = bytes_copy(tape.octets + tape.len, sizeof(tape.octets) - tape.len, octets);

	tape.len += fits ? octets.len : 0;
	return fits;
}

/* Registration, a session, a minute, de-registration: provisioned over the control port, as operators do. */
static void record_call(struct call_bed *b, uint64_t limit)
{
	struct ue *ue;
	char line[256];
	struct writer w = writer_of(line, sizeof(line) - 1);

	tape.len = 0;
	recording_init(&recording, limit, tape_write, NULL);
	b->recording = &recording;
	call_start(b);
	call_subscriber_line(1, &w);
	line[w.len] = '\0';
	call_control(b, line);
	call_run(b);
	assert_memory_equal(b->control, "ok", 2);
	ue = call_ue(b, 1);
	assert_true(ue_register(ue));
	call_run(b);
	assert_true(call_state(ue).registered);
	assert_true(ue_session_establish(ue, "internet", NULL) > 0);
	call_pass(b, 60000);
	assert_int_equal(b->events[UE_EVENT_SESSION_UP], 1);
	assert_true(ue_deregister(ue, false));
	call_pass(b, 1000);
	recording_mark(&recording, RECORD_END, 0);
}

static enum replay_verdict replay(struct call_bed *b, struct replay *r, uint64_t until)
{
	enum replay_verdict v = REPLAY_DAMAGED;
	struct core *core;
	struct room room;

	assert_true(replay_init(r, bytes_of(tape.octets, tape.len)));
	core = core_new(&b->core_config, r->head.counts_lost, &r->env);
	assert_non_null(core);
	room = core_room(core);
	v = replay_run(r, &room, until);
	turn_kill(&r->turn);
	core_free(core);
	steps = r->step;
	replay_fini(r);
	return v;
}

static void equal(void **state)
{
	static struct replay r;

	record_call(*state, FILE_MAX);
	if (replay(*state, &r, 0) != REPLAY_EQUAL)
		fail_msg("step %llu: %s", (unsigned long long)steps, r.text);
	assert_in_range(steps, 15, 1000);
	assert_false(r.full);
}

/* The step of the n-th message in, and where its last octet is. */
static uint64_t find_in(unsigned nth, size_t *octet)
{
	struct cursor c = cursor_of(bytes_of(tape.octets, tape.len));
	struct record_item item;
	uint64_t step = 0;

	assert_true(recording_begins(&c));
	while (recording_next(&c, &item)) {
		step += item.kind == RECORD_IN || item.kind == RECORD_DEADLINE;
		if (item.kind == RECORD_IN && item.msg.port == CORE_PORT_N2 && item.msg.data.len > 40 &&
			nth-- == 0) {
			*octet = (size_t)(item.msg.data.data + item.msg.data.len - tape.octets) - 1;
			return step;
		}
	}
	fail();
	return 0;
}

/* What the core was sent then is not what it is sent now: it answers otherwise, from that step on. */
static void changed_input(void **state)
{
	static struct replay r;
	size_t octet = 0;
	uint64_t step;

	record_call(*state, FILE_MAX);
	step = find_in(2, &octet);
	for (size_t i = 0; i < 30; i++) /* of the NAS message in it */
		tape.octets[octet - i] ^= 0x55;
	assert_int_equal(replay(*state, &r, 0), REPLAY_DIFFERS);
	assert_int_equal(steps, step);
}

/* One octet of what it sent is changed: found where it is. */
static void changed_output(void **state)
{
	static struct replay r;
	struct cursor c;
	struct record_item item;
	uint64_t step = 0;
	unsigned outs = 0;

	record_call(*state, FILE_MAX);
	c = cursor_of(bytes_of(tape.octets, tape.len));
	assert_true(recording_begins(&c));
	while (outs < 5 && recording_next(&c, &item)) {
		step += item.kind == RECORD_IN || item.kind == RECORD_DEADLINE;
		outs += item.kind == RECORD_OUT;
	}
	tape.octets[item.msg.data.data - tape.octets] ^= 1;
	assert_int_equal(replay(*state, &r, 0), REPLAY_DIFFERS);
	assert_int_equal(steps, step);
	assert_non_null(strstr(r.text, "is sent, where one"));
}

static void stops(void **state)
{
	static struct replay r;

	record_call(*state, FILE_MAX);
	assert_int_equal(replay(*state, &r, 7), REPLAY_STOPPED);
	assert_int_equal(steps, 6);
}

/* A recording that reached its limit replays as far as it goes; one cut short is reported; noise is none. */
static void limits(void **state)
{
	static struct replay r;
	size_t whole;

	/* Wherever it is: also where the room asks for time or chance. */
	for (uint64_t limit = 4032; limit < 4432; limit += 16) {
		record_call(*state, limit);
		assert_true(tape.len <= limit + 64);
		assert_int_equal(replay(*state, &r, 0), REPLAY_EQUAL);
		assert_true(r.full);
		assert_int_equal(call_teardown(state), 0);
		assert_int_equal(call_setup(state), 0);
	}
	whole = tape.len;
	tape.len = whole - 7;
	assert_int_equal(replay(*state, &r, 0), REPLAY_DAMAGED);
	tape.octets[0] ^= 1;
	assert_false(replay_init(&r, bytes_of(tape.octets, tape.len)));
	replay_fini(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(equal, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(changed_input, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(changed_output, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(stops, call_setup, call_teardown),
		cmocka_unit_test_setup_teardown(limits, call_setup, call_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
