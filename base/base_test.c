/* The containers of base: pool, hash, timers, fsm, log, outbox, text, addresses. */
#include "base/test.h"

#include "base/addr.h"
#include "base/fsm.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/poison.h"
#include "base/pool.h"
#include "base/room.h"
#include "base/text.h"
#include "base/timers.h"

static void test_pool(void **state)
{
	uint64_t *r[200];
	struct pool p;
	uint32_t at = 0;

	pool_init(&p, 10, 200);
	for (uint32_t i = 0; i < 200; i++) {
		r[i] = pool_alloc(&p);
		assert_non_null(r[i]);
		assert_int_equal(pool_index(&p, r[i]), i);
		assert_int_equal(*r[i], 0);
		*r[i] = i;
	}
	assert_null(pool_alloc(&p));
	assert_int_equal(p.refused, 1);
	pool_free(&p, r[70]);
	assert_null(pool_at(&p, 70));
	at = 70;
	assert_ptr_equal(pool_next(&p, &at), r[71]);
	assert_ptr_equal(pool_alloc(&p), r[70]);
	assert_int_equal(*r[70], 0);
	assert_null(pool_at(&p, 200));
	pool_fini(&p);
}

struct item {
	struct hash_node node;
};

static void test_hash(void **state)
{
	enum { N = 3000 };
	struct item *items = calloc(N, sizeof(*items));
	struct hash h;

	assert_true(hash_init(&h, 42));
	for (uint64_t i = 0; i < N; i++)
		hash_insert(&h, &items[i].node, i % 7, i);
	for (uint64_t i = 0; i < N; i++) {
		assert_ptr_equal(hash_get(&h, i % 7, i, struct item, node), &items[i]);
		assert_null(hash_find(&h, i % 7 + 1, i));
	}
	for (uint64_t i = 0; i < N; i += 2)
		hash_remove(&h, &items[i].node);
	for (uint64_t i = 0; i < N; i++)
		assert_true((hash_find(&h, i % 7, i) != NULL) == (i % 2 == 1));
	hash_fini(&h);
	free(items);
}

/* However many there are, an insertion moves the records of one bucket at most. */
static void test_hash_grows_evenly(void **state)
{
	enum { N = 20000 };
	struct item *items = calloc(N, sizeof(*items));
	struct hash h;

	assert_true(hash_init(&h, 7));
	for (uint64_t i = 0; i < N; i++) {
		size_t before = h.mask + h.split;

		hash_insert(&h, &items[i].node, i, 1);
		assert_true(h.mask + h.split - before <= 1);
		assert_ptr_equal(hash_get(&h, i / 2, 1, struct item, node), &items[i / 2]);
	}
	assert_true(h.mask + h.split + 2 >= N);
	hash_fini(&h);
	free(items);
}

struct fired {
	struct timer t[100];
	uint64_t order[100];
	size_t count;
};

static void on_fire(void *owner, struct timer *t)
{
	struct fired *f = owner;

	f->order[f->count++] = t->deadline_ns;
}

static void test_timers(void **state)
{
	struct fired f = { 0 };
	struct timers ts;

	timers_init(&ts, &f);
	assert_int_equal(timers_next_ns(&ts), UINT64_MAX);
	for (uint64_t i = 0; i < 100; i++)
		timer_set(&ts, &f.t[i], i * 37 % 101, on_fire);
	timer_set(&ts, &f.t[0], 50, on_fire);
	for (size_t i = 90; i < 100; i++)
		timer_stop(&ts, &f.t[i]);
	timer_stop(&ts, &f.t[95]);
	timers_run(&ts, 30);
	for (size_t i = 0; i < f.count; i++)
		assert_true(f.order[i] <= 30);
	timers_run(&ts, 1000);
	assert_int_equal(f.count, 90);
	for (size_t i = 1; i < f.count; i++)
		assert_true(f.order[i - 1] <= f.order[i]);
	assert_false(timer_is_set(&f.t[3]));
}

/* Set, moved and stopped in any order, those left fire by deadline, equal ones as they were set. */
static void test_timers_any_order(void **state)
{
	struct fired f = { 0 };
	uint64_t set_at[100] = { 0 }, next = 1, left = 0;
	uint32_t random = 1;
	struct timers ts;

	timers_init(&ts, &f);
	for (unsigned i = 0; i < 20000; i++) {
		unsigned at = (random = random * 1103515245 + 12345) >> 8 & 0xffff;
		struct timer *t = &f.t[at % 100];

		if (at % 3 == 0) {
			timer_stop(&ts, t);
			set_at[at % 100] = 0;
		} else {
			timer_set(&ts, t, at % 50, on_fire);
			set_at[at % 100] = next++;
		}
		assert_true(timer_is_set(t) == (set_at[at % 100] != 0));
	}
	for (size_t i = 0; i < 100; i++)
		left += set_at[i] != 0;
	for (uint64_t fired = 0; fired < left; fired++) {
		size_t first = 100;

		for (size_t i = 0; i < 100; i++)
			if (set_at[i] && (first == 100 || f.t[i].deadline_ns < f.t[first].deadline_ns ||
						 (f.t[i].deadline_ns == f.t[first].deadline_ns &&
							 set_at[i] < set_at[first])))
				first = i;
		assert_int_equal(timers_next_ns(&ts), f.t[first].deadline_ns);
		if (f.t[first].deadline_ns > 0)
			assert_false(timers_fire(&ts, f.t[first].deadline_ns - 1));
		assert_true(timers_fire(&ts, f.t[first].deadline_ns));
		assert_false(timer_is_set(&f.t[first]));
		set_at[first] = 0;
	}
	assert_int_equal(f.count, left);
	assert_int_equal(timers_next_ns(&ts), UINT64_MAX);
}

static enum fsm_outcome succeed(void *room, void *context, const void *arg)
{
	return FSM_OK;
}

static enum fsm_outcome refuse(void *room, void *context, const void *arg)
{
	return FSM_REFUSED;
}

/* Frees the context, in which the state stands. */
static enum fsm_outcome end(void *room, void *context, const void *arg)
{
	free(context);
	return FSM_GONE;
}

static enum fsm_outcome raise_unlisted(void *room, void *context, const void *arg)
{
	return FSM_UNLISTED;
}

static void test_fsm(void **state)
{
	static const struct fsm_row rows[] = {
		{ 0, 0, succeed, 1, FSM_SAME },
		{ 1, 0, refuse, 2, 0 },
		{ 1, 1, NULL, 2, FSM_SAME },
		{ 1, 2, end, 2, 0 },
		{ 1, 3, raise_unlisted, 2, 0 },
		{ 1, 4, refuse, 2, FSM_SAME },
	};
	static const struct fsm fsm = { "test", NULL, NULL, rows, ARRAY_LEN(rows) };
	uint8_t s = 0, *owned = calloc(1, 1);

	assert_int_equal(fsm_event(&fsm, &s, 1, NULL, NULL, NULL), FSM_UNLISTED);
	assert_int_equal(s, 0);
	assert_int_equal(fsm_event(&fsm, &s, 0, NULL, NULL, NULL), FSM_OK);
	assert_int_equal(s, 1);
	assert_int_equal(fsm_event(&fsm, &s, 0, NULL, NULL, NULL), FSM_REFUSED);
	assert_int_equal(s, 0);
	s = 1;
	assert_int_equal(fsm_event(&fsm, &s, 1, NULL, NULL, NULL), FSM_OK);
	assert_int_equal(s, 2);
	s = 1;
	assert_int_equal(fsm_event(&fsm, &s, 3, NULL, NULL, NULL), FSM_REFUSED);
	assert_int_equal(s, 0);
	s = 1;
	assert_int_equal(fsm_event(&fsm, &s, 4, NULL, NULL, NULL), FSM_REFUSED);
	assert_int_equal(s, 2);
	assert_non_null(owned);
	*owned = 1; /* a write after the action would be one into freed memory */
	assert_int_equal(fsm_event(&fsm, owned, 2, NULL, owned, NULL), FSM_GONE);
}

struct log_probe {
	uint64_t now_ns;
	int lines;
	char last[LOG_LINE_MAX];
};

static void probe_sink(void *arg, enum log_level level, const char *room, const char *line)
{
	struct log_probe *p = arg;

	p->lines++;
	str_copy(p->last, sizeof(p->last), line);
}

static uint64_t probe_now(void *arg)
{
	return ((struct log_probe *)arg)->now_ns;
}

#define LOG_ROOM "test"

static void test_log_is_bounded(void **state)
{
	struct log_probe p = { 0 };
	struct log log;

	log_init(&log, LOG_INFO, probe_sink, probe_now, &p);
	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < 1000; j++)
			log_info(&log, "peer %d did it again", j);
		p.now_ns += NS_PER_S;
	}
	assert_int_equal(p.lines, LOG_BURST + 2);
	assert_non_null(strstr(p.last, "(999 like it suppressed)"));
	log_info(&log, "another site");
	assert_string_equal(p.last, "another site");
	log_debug(&log, "not made");
	assert_string_equal(p.last, "another site");
}

/* One line comes back each second, up to the burst and no further. */
static void test_log_comes_back(void **state)
{
	static const struct {
		uint64_t s;
		unsigned lines;
	} pauses[] = { { 1, 1 }, { LOG_BURST - 1, LOG_BURST - 1 }, { LOG_BURST, LOG_BURST },
		{ LOG_BURST + 1, LOG_BURST }, { 1000000, LOG_BURST }, { 0, 0 }, { 2, 2 } };
	struct log_probe p = { 0 };
	unsigned lines = LOG_BURST;
	struct log log;

	log_init(&log, LOG_INFO, probe_sink, probe_now, &p);
	for (size_t i = 0; i <= ARRAY_LEN(pauses); i++) {
		for (int j = 0; j < 100; j++)
			log_info(&log, "peer %d did it again", j);
		assert_int_equal(p.lines, lines);
		if (i == ARRAY_LEN(pauses))
			break;
		p.now_ns += pauses[i].s * NS_PER_S;
		lines += pauses[i].lines;
	}
}

/* What a peer calls itself cannot make a line, or move a cursor; dumps of messages have lines. */
static void test_log_escapes(void **state)
{
	struct log_probe p = { 0 };
	struct log log;
	char long_name[LOG_LINE_MAX];

	log_init(&log, LOG_DEBUG, probe_sink, probe_now, &p);
	log_info(&log, "gNB %s is up", "a\n12:00 info amf: all is well\x1b[2J\x7f\x9b");
	assert_string_equal(p.last, "gNB a\\x0a12:00 info amf: all is well\\x1b[2J\\x7f\\x9b is up");
	memset(long_name, 1, sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	log_info(&log, "%s", long_name);
	assert_true(strlen(p.last) < LOG_LINE_MAX && strlen(p.last) > LOG_LINE_MAX - 8);
	log_debug(&log, "two\nlines\r");
	assert_string_equal(p.last, "two\nlines\\x0d");
}

/* A room's own level, above and below that of the others; all at once, and again. */
static void test_log_levels(void **state)
{
	const struct log_room rooms[] = { { "test", LOG_DEBUG }, { "quiet", LOG_ERROR } };
	struct log_probe p = { 0 };
	struct log log;

	log_init(&log, LOG_WARN, probe_sink, probe_now, &p);
	log_set_levels(&log, LOG_WARN, rooms, ARRAY_LEN(rooms));
	log_debug(&log, "made");
	assert_string_equal(p.last, "made");
	log_line(&log, LOG_WARN, "quiet", "quiet warns");
	log_line(&log, LOG_INFO, "other", "other informs");
	assert_string_equal(p.last, "made");
	log_line(&log, LOG_ERROR, "quiet", "quiet fails");
	assert_string_equal(p.last, "quiet fails");
	log_line(&log, LOG_WARN, "other", "other warns");
	assert_string_equal(p.last, "other warns");
	assert_true(log_wants(&log, LOG_DEBUG, "test") && !log_wants(&log, LOG_DEBUG, "other"));
	log_set_levels(&log, LOG_INFO, NULL, 0);
	log_debug(&log, "no longer made");
	assert_string_equal(p.last, "other warns");
	assert_true(log_wants(&log, LOG_INFO, "quiet") && !log_wants(&log, LOG_DEBUG, "test"));
}

static void test_log_masks(void **state)
{
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "imsi-001010000000001: none of imsi-00101", "imsi-***********0001: none of imsi-*0101" },
		{ "001010123456789", "***********6789" },
		{ "suci-0-001-01-0-0-0-000000001 at 10.45.0.1:38412", "suci-0-001-01-0-0-0-*****0001 at "
								      "10.45.0.1:38412" },
		{ "imsi-0001", "imsi-0001" },
		{ "PDU session 5, 12345678 octets", "PDU session 5, 12345678 octets" },
		{ "", "" },
	};
	struct log_probe p = { 0 };
	struct log log;

	log_init(&log, LOG_INFO, probe_sink, probe_now, &p);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		log.mask_supi = false;
		log_info(&log, "%s", cases[i].line);
		assert_string_equal(p.last, cases[i].line);
		log.mask_supi = true;
		log_info(&log, "%s", cases[i].line);
		assert_string_equal(p.last, cases[i].want);
	}
}

static void test_outbox(void **state)
{
	struct addr to = addr_from_v4(0x7f000001, 8805);
	struct outbox o;

	outbox_init(&o, 100000);
	assert_true(outbox_send(&o, 1, 77, 3, BYTES("abc")));
	assert_true(outbox_send_to(&o, 2, &to, BYTES_NONE));
	assert_int_equal(o.count, 2);
	assert_int_equal(o.head->msg.assoc, 77);
	assert_true(bytes_equal(o.head->msg.data, BYTES("abc")));
	assert_true(addr_equal(&o.head->next->msg.peer, &to));
	while (outbox_send(&o, 1, 1, 0, bytes_of(&o, sizeof(o))))
		;
	assert_int_equal(o.refused, 1);
	outbox_reset(&o);
	assert_null(o.head);
	assert_true(outbox_send(&o, 1, 1, 0, BYTES("x")));
	outbox_fini(&o);
}

static void test_text(void **state)
{
	char buf[8];
	uint8_t octets[4];
	struct writer w = writer_of(buf, sizeof(buf));
	size_t len;
	uint64_t v;

	text_put(&w, "%d-%s", 12, "ab");
	assert_true(bytes_equal(writer_bytes(&w), bytes_of("12-ab", 5)));
	text_put(&w, "%s", "long");
	assert_true(w.failed);
	assert_true(text_unhex(bytes_of_str("00fFa1"), octets, 4, &len) && len == 3 && octets[1] == 0xff);
	assert_false(text_unhex(bytes_of_str("0"), octets, 4, &len));
	assert_false(text_unhex(bytes_of_str("0g"), octets, 4, &len));
	assert_false(text_unhex(bytes_of_str("0011223344"), octets, 4, &len));
	assert_true(text_uint(bytes_of_str("255"), 255, &v) && v == 255);
	assert_false(text_uint(bytes_of_str("256"), 255, &v));
	assert_false(text_uint(bytes_of_str("-1"), 255, &v));
	assert_true(text_uint(bytes_of_str("18446744073709551615"), UINT64_MAX, &v) && v == UINT64_MAX);
	assert_false(text_uint(bytes_of_str("18446744073709551616"), UINT64_MAX, &v));
}

static void test_addr(void **state)
{
	char buf[ADDR_STR_SIZE];
	char text[ADDR_STR_SIZE + 8];
	struct prefix4 p;
	struct addr a;

	assert_true(addr_parse("10.1.2.3", &a));
	assert_int_equal(addr_v4(&a), 0x0a010203);
	a.port = 80;
	assert_string_equal(addr_str(&a, buf), "10.1.2.3:80");
	assert_true(addr_parse("2001:db8::1", &a) && a.len == 16);
	assert_false(addr_parse("10.1.2", &a));
	assert_true(prefix4_parse("10.45.0.0/16", &p));
	assert_true(prefix4_has(&p, 0x0a2d0001));
	assert_false(prefix4_has(&p, 0x0a2e0001));
	assert_false(prefix4_parse("10.45.0.1/16", &p));
	assert_false(prefix4_parse("10.45.0.0/33", &p));
	memset(text, '0', sizeof(text)); /* as long as an address may be, and longer */
	str_copy(text + ADDR_STR_SIZE - 1, 4, "/8");
	assert_false(prefix4_parse(text, &p));
	str_copy(text + ADDR_STR_SIZE, 4, "/8");
	assert_false(prefix4_parse(text, &p));
	assert_false(prefix4_parse("/8", &p));
	assert_false(prefix4_parse("10.0.0.0/", &p));
	assert_false(prefix4_parse("10.0.0.0/ 8", &p));
	assert_false(prefix4_parse("10.0.0.0/8x", &p));
	assert_true(prefix4_parse("10.45.0.1/32", &p));
	assert_false(prefix4_parse("10.45.0.0", &p));
	assert_true(prefix4_parse("0.0.0.0/0", &p) && prefix4_has(&p, 12345));
}

#ifdef BASE_POISON
static void test_pool_poisoned(void **state)
{
	struct pool p;
	uint8_t *a, *b;

	pool_init(&p, 24, 100);
	a = pool_alloc(&p);
	b = pool_alloc(&p);
	assert_true(!__asan_address_is_poisoned(a) && !__asan_address_is_poisoned(b + 23));
	pool_free(&p, a);
	assert_true(__asan_address_is_poisoned(a) && __asan_address_is_poisoned(a + 23));
	assert_true(__asan_address_is_poisoned(b + 24)); /* never given out */
	assert_ptr_equal(pool_alloc(&p), a);
	assert_false(__asan_address_is_poisoned(a + 23));
	pool_fini(&p);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pool),
#ifdef BASE_POISON
		cmocka_unit_test(test_pool_poisoned),
#endif
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_hash_grows_evenly),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_timers_any_order),
		cmocka_unit_test(test_fsm),
		cmocka_unit_test(test_log_is_bounded),
		cmocka_unit_test(test_log_comes_back),
		cmocka_unit_test(test_log_escapes),
		cmocka_unit_test(test_log_levels),
		cmocka_unit_test(test_log_masks),
		cmocka_unit_test(test_outbox),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_addr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
