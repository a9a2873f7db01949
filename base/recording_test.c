/* Recordings: what goes in comes out, what is too much ends them, what is none is refused. */
#include "base/recording.h"

#include "base/store_mem.h"
#include "base/test.h"

static uint8_t tape[4096];
static size_t len, writes, failing; /* the write that fails, counted from 1; 0: none */

static bool tape_write(void *arg, struct bytes octets)
{
	if (++writes == failing || octets.len > sizeof(tape) - len)
		return false;
	memcpy(tape + len, octets.data, octets.len);
	len += octets.len;
	return true;
}

static struct recording begin(uint64_t limit)
{
	struct recording r;

	len = writes = failing = 0;
	recording_init(&r, limit, tape_write, NULL);
	return r;
}

static struct cursor played(void)
{
	struct cursor c = cursor_of(bytes_of(tape, len));

	assert_true(recording_begins(&c));
	return c;
}

static const struct msg message = { .kind = MSG_UP,
	.port = 2,
	.stream = 3,
	.out_streams = 4,
	.in_streams = 5,
	.assoc = 6,
	.token = 7,
	.waited_us = 8,
	.busy_permille = 9,
	.peer = { .len = 16,
		.port = 10,
		.ip = { 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26 } },
	.data = { (const uint8_t *)"data", 4 } };

static void assert_message(const struct msg *m)
{
	assert_int_equal(m->kind, MSG_UP);
	assert_int_equal(m->port, 2);
	assert_int_equal(m->stream, 3);
	assert_int_equal(m->out_streams, 4);
	assert_int_equal(m->in_streams, 5);
	assert_int_equal(m->assoc, 6);
	assert_int_equal(m->token, 7);
	assert_int_equal(m->waited_us, 8);
	assert_int_equal(m->busy_permille, 9);
	assert_true(addr_equal(&m->peer, &message.peer));
	assert_true(bytes_equal(m->data, message.data));
}

static void assert_head(const struct record_item *item, const struct record_head *head)
{
	assert_int_equal(item->kind, RECORD_HEAD);
	assert_string_equal(item->head.role, head->role);
	assert_int_equal(item->head.start_ns, head->start_ns);
	assert_int_equal(item->head.counts_lost, head->counts_lost);
	assert_int_equal(item->head.part, head->part);
	assert_true(bytes_equal(item->head.config, head->config));
	assert_true(bytes_equal(item->head.secrets, head->secrets));
}

static void test_round_trip(void **state)
{
	static const enum record_kind marks[] = { RECORD_READY, RECORD_DEADLINE, RECORD_UTC, RECORD_TURN,
		RECORD_END };
	struct record_head head = { .role = "core",
		.start_ns = 31,
		.counts_lost = true,
		.part = 32,
		.config = bytes_of_str("configuration"),
		.secrets = bytes_of_str("secrets") };
	struct store *store = store_mem_new(0);
	struct recording r = begin(UINT64_MAX);
	struct record_item item;
	struct cursor c;

	assert_true(store_put(store, STORE_META, bytes_of_str("k"), bytes_of_str("value")));
	assert_true(store_put(store, STORE_TABLE_LAST, bytes_of_str("last"), BYTES_NONE));
	recording_head(&r, &head);
	assert_true(recording_store(&r, store));
	recording_in(&r, 33, &message);
	recording_out(&r, &message);
	recording_random(&r, bytes_of_str("chance"));
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		recording_mark(&r, marks[i], 40 + i);
	assert_true(r.ended);
	recording_mark(&r, RECORD_UTC, 99); /* behind the end: nothing */
	store_mem_free(store);

	c = played();
	assert_true(recording_next(&c, &item));
	assert_head(&item, &head);
	assert_true(recording_next(&c, &item));
	assert_int_equal(item.kind, RECORD_ENTRY);
	assert_int_equal(item.table, STORE_META);
	assert_true(
		bytes_equal(item.key, bytes_of_str("k")) && bytes_equal(item.value, bytes_of_str("value")));
	assert_true(recording_next(&c, &item));
	assert_int_equal(item.table, STORE_TABLE_LAST);
	assert_true(bytes_equal(item.key, bytes_of_str("last")));
	assert_int_equal(item.value.len, 0);
	assert_true(recording_next(&c, &item));
	assert_int_equal(item.kind, RECORD_IN);
	assert_int_equal(item.now_ns, 33);
	assert_message(&item.msg);
	assert_true(recording_next(&c, &item));
	assert_int_equal(item.kind, RECORD_OUT);
	assert_message(&item.msg);
	assert_true(recording_next(&c, &item));
	assert_int_equal(item.kind, RECORD_RANDOM);
	assert_true(bytes_equal(item.value, bytes_of_str("chance")));
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		assert_true(recording_next(&c, &item));
		assert_int_equal(item.kind, marks[i]);
		assert_int_equal(item.number, 40 + i);
	}
	assert_false(recording_next(&c, &item));
	assert_false(c.failed); /* the end, not damage */
}

/* A mark is 13 octets: as many as fit, then one that says that nothing follows. */
static void test_limit(void **state)
{
	for (uint64_t limit = 25; limit <= 39; limit++) {
		struct recording r = begin(limit);
		struct record_item item;
		struct cursor c;
		uint64_t fit = limit / 13;

		for (int i = 0; i < 5; i++)
			recording_mark(&r, RECORD_UTC, (uint64_t)i);
		assert_true(r.ended);
		c = played();
		for (uint64_t i = 0; i < fit; i++) {
			assert_true(recording_next(&c, &item));
			assert_int_equal(item.number, i);
		}
		assert_true(recording_next(&c, &item));
		assert_int_equal(item.kind, RECORD_FULL);
		assert_false(recording_next(&c, &item));
		assert_false(c.failed);
	}
}

/* The longest record there may be, and one octet more. */
static void test_longest(void **state)
{
	static uint8_t octets[RECORD_MAX + 1];
	struct recording r = begin(UINT64_MAX);

	recording_random(&r, bytes_of(octets, RECORD_MAX + 1));
	assert_true(r.ended);
	assert_int_equal(tape[len - 5], RECORD_FULL);
	r = begin(UINT64_MAX);
	failing = 3; /* the tape is shorter than that */
	recording_random(&r, bytes_of(octets, RECORD_MAX));
	assert_int_equal(writes, 3);
	assert_int_equal(tape[len - 5], RECORD_RANDOM);
}

/* Whichever write fails, nothing is recorded from then on. */
static void test_write_fails(void **state)
{
	struct recording r;

	for (size_t nth = 1; nth <= 5; nth++) {
		size_t kept;

		len = writes = 0;
		failing = nth;
		recording_init(&r, UINT64_MAX, tape_write, NULL);
		assert_int_equal(r.ended, nth == 1);
		recording_in(&r, 1, &message);
		recording_mark(&r, RECORD_UTC, 1);
		assert_true(r.ended);
		kept = len;
		failing = 0;
		recording_mark(&r, RECORD_UTC, 1);
		assert_int_equal(len, kept);
	}
	/* secrets that do not fit a head end it as well */
	r = begin(UINT64_MAX);
	recording_head(&r, &(struct record_head){ .role = "core", .secrets = { tape, 600 } });
	assert_true(r.ended);
}

/* One record of this kind and contents; what is left of it is damage. */
static bool reads(uint8_t kind, struct bytes contents, size_t claimed)
{
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));
	struct record_item item;
	struct cursor c;
	bool ok;

	writer_u8(&w, kind);
	writer_u32(&w, (uint32_t)claimed);
	writer_put(&w, contents);
	c = cursor_of(writer_bytes(&w));
	ok = recording_next(&c, &item);
	assert_int_equal(c.failed, !ok);
	return ok;
}

static void test_damage(void **state)
{
	struct recording r = begin(UINT64_MAX);
	uint8_t in[64], entry[] = { STORE_META, 1, 'k', 'v' };
	struct cursor c;
	size_t n;

	recording_out(&r, &message);
	n = len - 8 - 5;
	memcpy(in, tape + 8 + 5, n);
	assert_true(reads(RECORD_OUT, bytes_of(in, n), n));
	assert_false(reads(RECORD_OUT, bytes_of(in, n - 5), n - 5)); /* shorter than a message */
	assert_false(reads(RECORD_OUT, bytes_of(in, n), n + 1));     /* cut short */
	in[0] = MSG_DOWN;
	assert_true(reads(RECORD_OUT, bytes_of(in, n), n));
	in[0] = MSG_DOWN + 1;
	assert_false(reads(RECORD_OUT, bytes_of(in, n), n));
	in[0] = MSG_DATA;
	in[1 + 2 * 4 + 8 + 4 + 4 + 2 + 4 + 4] = 17; /* the length of the peer's address */
	assert_false(reads(RECORD_OUT, bytes_of(in, n), n));
	assert_true(reads(RECORD_ENTRY, BYTES(entry), sizeof(entry)));
	entry[0] = STORE_META - 1;
	assert_false(reads(RECORD_ENTRY, BYTES(entry), sizeof(entry)));
	entry[0] = STORE_TABLE_LAST;
	assert_true(reads(RECORD_ENTRY, BYTES(entry), sizeof(entry)));
	entry[0] = STORE_TABLE_LAST + 1;
	assert_false(reads(RECORD_ENTRY, BYTES(entry), sizeof(entry)));
	assert_false(reads(0, BYTES_NONE, 0));
	assert_false(reads(RECORD_END + 1, BYTES_NONE, 0));
	assert_false(reads(RECORD_HEAD, BYTES_NONE, 0));
	assert_false(reads(RECORD_UTC, bytes_of(in, 7), 7));
	c = cursor_of(bytes_of_str("FHREC 1\n"));
	assert_false(recording_begins(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_write_fails),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests_name("base/recording", tests, NULL, NULL);
}
