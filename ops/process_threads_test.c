/* A room in a thread of its own and one in the process's: what they say to each other arrives, in order; what
 * the process asks of the thread, and what the thread logs; and a thread that fails. */
#include <errno.h>
#include <unistd.h>

#include "base/test.h"
#include "ops/process_thread.h"

#define LOG_ROOM "test"

enum { NEAR = 300, FAR = 3, MESSAGES = 20000, BURST = 50, LEN_MAX = 1500, TURNS = 200000, BIG = 60000 };

static struct {
	struct process p;
	struct outbox outbox;
	struct io_env env;
	struct process_thread thread;
	/* The thread's room. */
	uint64_t assoc, sent, echoed;
	bool opens, floods, counts; /* counts: it sends numbers */
	/* The process's. */
	uint64_t far_assoc, heard, lines;
	char text[LOG_LINE_MAX];
	pthread_t main, did;
} t;

static size_t len_of(uint64_t n)
{
	return sizeof(n) + 1 + (size_t)(n * 7919 % LEN_MAX);
}

static bool send(struct outbox *o, uint16_t port, uint64_t assoc, uint64_t n)
{
	uint8_t octets[sizeof(n) + 1 + LEN_MAX] = { 0 };
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u64(&w, n);
	octets[len_of(n) - 1] = 0x5a;
	return outbox_send(o, port, assoc, 0, bytes_of(octets, len_of(n)));
}

static void check(struct bytes data, uint64_t n)
{
	struct cursor c = cursor_of(data);

	assert_int_equal(data.len, len_of(n));
	assert_int_equal(cursor_u64(&c), n);
	assert_int_equal(data.data[data.len - 1], 0x5a);
}

/* --- in the thread */

static void near_msg(void *self, const struct msg *m)
{
	if (m->kind == MSG_UP)
		t.assoc = m->assoc;
	if (m->kind == MSG_DATA)
		check(m->data, t.echoed++);
}

static uint64_t near_next(void *self)
{
	return t.opens || t.floods ||
			       (t.counts && t.assoc && t.sent < MESSAGES && t.sent - t.echoed < 20 * BURST)
		       ? 0
		       : NEVER;
}

static void near_due(void *self, uint64_t now_ns)
{
	static const uint8_t big[BIG];
	struct outbox *o = &t.thread.outbox;

	if (t.opens)
		may_fail(outbox_put(o, &(struct msg){ .kind = MSG_UP, .port = NEAR, .token = 7 }));
	for (unsigned i = 0; i < 200 && t.floods; i++)
		may_fail(outbox_send(o, NEAR, t.assoc, 0, bytes_of(big, sizeof(big))));
	for (unsigned i = 0; i < BURST && t.counts && t.assoc && t.sent < MESSAGES; i++)
		assert_true(send(o, NEAR, t.assoc, t.sent++));
	t.opens = t.floods = false;
}

/* --- in the process's */

static void far_msg(void *self, const struct msg *m)
{
	if (m->kind == MSG_UP)
		t.far_assoc = m->assoc;
	if (m->kind != MSG_DATA || m->data.len == BIG)
		return;
	check(m->data, t.heard);
	assert_true(send(&t.outbox, FAR, m->assoc, t.heard++));
}

static uint64_t never(void *self)
{
	return NEVER;
}

static void nothing(void *self, uint64_t now_ns)
{
}

static void on_line(void *arg, enum log_level level, const char *room, const char *line)
{
	t.lines++;
	snprintf(t.text, sizeof(t.text), "%s: %s", room, line);
}

static uint64_t log_now_ns(void *arg)
{
	return 0;
}

static int setup(void **state)
{
	static const struct room_ops near_ops = { near_msg, near_next, near_due },
				     far_ops = { far_msg, never, nothing };
	struct room near = { &near_ops, &t }, far = { &far_ops, &t };

	memset(&t, 0, sizeof(t));
	t.p.loop = loop_new();
	log_init(&t.p.log.log, LOG_INFO, on_line, log_now_ns, NULL);
	outbox_init(&t.outbox, PROCESS_OUTBOX_MAX);
	io_env_init(&t.env, t.p.loop, NULL, &t.p.log.log, &t.outbox);
	t.p.bind = bind_new(t.p.loop, &t.env.env);
	t.main = pthread_self();
	return process_thread_begin(&t.thread, &t.p) && bind_room(t.p.bind, &far) &&
			       bind_room(t.thread.bind, &near) &&
			       bind_wire_between(t.thread.bind, &(struct bind_wire_end){ near, NEAR },
				       t.p.bind, &(struct bind_wire_end){ far, FAR }) &&
			       process_threads_start(&t.p)
		       ? 0
		       : -1;
}

static int teardown(void **state)
{
	process_thread_end(&t.thread);
	bind_free(t.p.bind);
	io_env_fini(&t.env);
	outbox_fini(&t.outbox);
	loop_free(t.p.loop);
	return 0;
}

static void open_it(void *arg)
{
	t.opens = true;
	t.counts = *(bool *)arg;
}

static void note_echoed(void *arg)
{
	*(uint64_t *)arg = t.echoed;
}

static void connected(bool counts)
{
	process_thread_do(&t.thread, open_it, &counts);
	for (int i = 0; i < TURNS && !t.far_assoc; i++)
		assert_true(loop_turn(t.p.loop, 1000000));
	assert_int_equal(t.far_assoc, NEAR);
}

static void test_messages(void **state)
{
	uint64_t echoed = 0;

	connected(true);
	for (int i = 0; i < TURNS && t.heard < MESSAGES; i++)
		assert_true(loop_turn(t.p.loop, 1000000));
	for (int i = 0; i < TURNS && echoed < MESSAGES; i++) {
		assert_true(loop_turn(t.p.loop, 100000));
		process_thread_do(&t.thread, note_echoed, &echoed);
	}
	assert_int_equal(t.heard, MESSAGES);
	assert_int_equal(echoed, MESSAGES);
	assert_int_equal(bind_stats(t.p.bind).unsendable, 0);
}

static void flood(void *arg)
{
	t.floods = true;
}

static void note_unsendable(void *arg)
{
	*(uint64_t *)arg = bind_stats(t.thread.bind).unsendable;
}

/* What nobody takes fills its ring, and is refused and counted; the thread goes on. */
static void test_full(void **state)
{
	uint64_t unsendable = 0;

	connected(false);
	process_thread_do(&t.thread, flood, NULL);
	for (int i = 0; i < 1000 && unsendable == 0; i++) {
		usleep(1000);
		process_thread_do(&t.thread, note_unsendable, &unsendable);
	}
	assert_in_range(unsendable, 100, 200); /* of 200, some 70 fit */
	for (int i = 0; i < 100; i++)
		assert_true(loop_turn(t.p.loop, 100000));
}

static void do_it(void *arg)
{
	t.did = pthread_self();
	log_warn(&t.thread.log, "it is %d", 42);
}

static void test_asked_and_log(void **state)
{
	process_thread_do(&t.thread, do_it, NULL);
	assert_false(pthread_equal(t.did, t.main));
	for (int i = 0; i < TURNS && t.lines == 0; i++)
		assert_true(loop_turn(t.p.loop, 1000000));
	assert_string_equal(t.text, "test: it is 42");
	assert_int_equal(t.p.log.log.lines[LOG_WARN], 1);
	log_set_levels(&t.p.log.log, LOG_ERROR, NULL, 0);
	process_threads_log(&t.p);
	process_thread_do(&t.thread, do_it, NULL);
	process_thread_stop(&t.thread);
	assert_int_equal(t.lines, 1);
	process_thread_do(&t.thread, do_it, NULL); /* of one that has ended */
	assert_true(pthread_equal(t.did, t.main));
}

static void fail_it(void *arg)
{
	loop_fail(t.thread.loop, EIO);
}

static void test_failure(void **state)
{
	bool ok = true;

	process_thread_do(&t.thread, fail_it, NULL);
	for (int i = 0; i < TURNS && ok; i++)
		ok = loop_turn(t.p.loop, 1000000);
	assert_false(ok);
	assert_int_equal(errno, EIO);
	process_thread_do(&t.thread, do_it, NULL);
	assert_true(pthread_equal(t.did, t.main));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_asked_and_log, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failure, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
