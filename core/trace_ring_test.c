/* The ring of traces: what it holds while it goes round, and whose it is. */
#include "base/test.h"

#include "core/nf/whose.h"
#include "core/trace_ring.h"

enum { SIZE = 64 << 10 };

static uint64_t put(struct trace_ring *r, size_t octets, uint64_t whose)
{
	struct trace_entry *e = trace_ring_begin(r, octets);
	uint64_t number;

	assert_non_null(e);
	memset(e + 1, (int)(r->next & 0xff), octets);
	e->octets = (uint32_t)octets;
	e->utc_ns = r->next * 1000;
	e->chain = r->next;
	number = trace_ring_end(r, octets);
	trace_ring_assign(r, number, whose);
	return number;
}

/* Each is whole, behind the one before it, and nothing of it is another's. */
static void check(const struct trace_ring *r)
{
	assert_true(r->first <= r->next);
	for (uint64_t n = r->first; n < r->next; n++) {
		const struct trace_entry *e = trace_ring_at(r, n);
		const uint8_t *at = (const uint8_t *)(e + 1);

		assert_true(at + e->octets <= r->memory + r->size);
		assert_int_equal(e->utc_ns, n * 1000);
		for (uint32_t i = 0; i < e->octets; i++)
			assert_int_equal(at[i], n & 0xff);
	}
	assert_null(trace_ring_at(r, r->first - 1));
	assert_null(trace_ring_at(r, r->next));
}

static void goes_round(void **state)
{
	struct trace_ring r;
	uint64_t random = 12345;

	assert_true(trace_ring_init(&r, SIZE));
	check(&r);
	for (int i = 0; i < 5000; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		put(&r, (random >> 33) % (i % 7 ? 400 : 9000), 1);
		if (i % 50 == 0)
			check(&r);
	}
	assert_int_equal(r.next, 5001);
	assert_true(r.first > 4000 && r.first < 4950);
	assert_null(trace_ring_begin(&r, SIZE / 4)); /* and what is there stays */
	check(&r);
	trace_ring_fini(&r);
}

/* Many small ones: the directory is full first. */
static void small(void **state)
{
	struct trace_ring r;

	assert_true(trace_ring_init(&r, SIZE));
	for (int i = 0; i < 3000; i++)
		put(&r, 1, 1);
	check(&r);
	assert_int_equal(r.next - r.first, r.place_count);
	trace_ring_fini(&r);
}

static void since(void **state)
{
	struct trace_ring r;

	assert_true(trace_ring_init(&r, SIZE));
	assert_int_equal(trace_ring_since(&r, 0), 1);
	for (int i = 0; i < 2000; i++)
		put(&r, 100, 1);
	assert_int_equal(trace_ring_since(&r, 0), r.first);
	assert_int_equal(trace_ring_since(&r, 1900 * 1000), 1900);
	assert_int_equal(trace_ring_since(&r, 1900 * 1000 + 1), 1901);
	assert_int_equal(trace_ring_since(&r, UINT64_MAX), r.next);
	trace_ring_fini(&r);
}

static uint64_t whose_of(const struct trace_ring *r, uint64_t number)
{
	return trace_ring_at(r, number)->whose;
}

/* Two who are not known yet, their messages interleaved: each message is theirs who are known later. */
static void unknown(void **state)
{
	struct trace_ring r;
	uint64_t a, b, of_a[5], of_b[5];

	assert_true(trace_ring_init(&r, SIZE));
	a = WHOSE_UNKNOWN | put(&r, 10, 0);
	of_a[0] = put(&r, 10, a); /* before the first is assigned itself */
	trace_ring_assign(&r, a & ~WHOSE_UNKNOWN, a);
	b = WHOSE_UNKNOWN | r.next;
	put(&r, 10, b);
	for (int i = 1; i < 5; i++) {
		of_a[i] = put(&r, 10, a);
		of_b[i] = put(&r, 10, b);
	}
	assert_int_equal(trace_ring_whose(&r, b), b);
	trace_ring_known(&r, b, 200);
	assert_int_equal(trace_ring_whose(&r, b), 200);
	assert_int_equal(whose_of(&r, b & ~WHOSE_UNKNOWN), 200);
	for (int i = 1; i < 5; i++) {
		assert_int_equal(whose_of(&r, of_b[i]), 200);
		assert_int_equal(whose_of(&r, of_a[i]), a);
	}
	trace_ring_known(&r, b, 201); /* who it is once is who it stays */
	assert_int_equal(whose_of(&r, put(&r, 10, b)), 200);
	trace_ring_known(&r, a, 100);
	for (int i = 0; i < 5; i++)
		assert_int_equal(whose_of(&r, of_a[i]), 100);
	assert_int_equal(whose_of(&r, a & ~WHOSE_UNKNOWN), 100);
	trace_ring_assign(
		&r, a & ~WHOSE_UNKNOWN, a); /* the message at hand was known before it was done with */
	assert_int_equal(whose_of(&r, a & ~WHOSE_UNKNOWN), 100);
	trace_ring_fini(&r);
}

/* Whose first message is overwritten will not be known: never somebody else. */
static void forgotten(void **state)
{
	struct trace_ring r;
	uint64_t a, last = 0;

	assert_true(trace_ring_init(&r, SIZE));
	a = WHOSE_UNKNOWN | r.next;
	put(&r, 10, a);
	while (r.first == 1)
		last = put(&r, 100, a);
	assert_int_equal(whose_of(&r, put(&r, 100, a)), 0);
	trace_ring_known(&r, a, 100);
	assert_int_equal(whose_of(&r, last - 1), a);
	trace_ring_known(&r, WHOSE_UNKNOWN, 100); /* of nobody: there was no ring then */
	assert_int_equal(whose_of(&r, put(&r, 100, WHOSE_UNKNOWN)), 0);
	trace_ring_fini(&r);
}

/* A message to and from the octets of the control port; cut, it is none. */
static void message(void **state)
{
	struct trace_message in = { .number = 7,
		.utc_ns = 8,
		.kind = TRACE_SBI,
		.in = true,
		.lost = true,
		.consumer = NF_AMF,
		.producer = NF_UDM,
		.title = bytes_of_str("title"),
		.octets = bytes_of_str("octets"),
		.plain = bytes_of_str("") },
			     out;
	uint8_t buf[256];
	struct writer w = writer_of(buf, sizeof(buf));
	struct cursor c;

	trace_message_write(&in, &w);
	c = cursor_of(writer_bytes(&w));
	assert_true(trace_message_read(&c, &out));
	assert_int_equal(cursor_left(&c), 0);
	assert_true(out.number == 7 && out.utc_ns == 8 && out.kind == TRACE_SBI && out.in && out.lost &&
		    out.consumer == NF_AMF && out.producer == NF_UDM);
	assert_true(
		bytes_equal(out.title, in.title) && bytes_equal(out.octets, in.octets) && out.plain.len == 0);
	for (size_t len = 0; len < w.len; len++) {
		c = cursor_of(bytes_of(buf, len));
		assert_false(trace_message_read(&c, &out));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_round),
		cmocka_unit_test(small),
		cmocka_unit_test(since),
		cmocka_unit_test(unknown),
		cmocka_unit_test(forgotten),
		cmocka_unit_test(message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
