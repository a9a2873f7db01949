/* The reserve behind malloc(): pieces of it are whole, and come together again. malloc() is refused by
 * --wrap. */
#include "base/test.h"

#include <stdlib.h>

#include "io/sctp/reserve.h"

enum { PIECES = 5000, PIECE_MAX = 600 };

static bool refuse;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
	return refuse ? NULL : __real_malloc(size);
}

static size_t size_of(unsigned i)
{
	return 1 + i * 7919 % PIECE_MAX;
}

static void take(uint8_t *pieces[PIECES])
{
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i] = sctp_reserve_malloc(size_of(i));
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		memset(pieces[i], (int)i, size_of(i));
	}
}

static void give(uint8_t *pieces[PIECES], unsigned from, unsigned step)
{
	for (unsigned i = from; i < PIECES; i += step) {
		for (size_t k = 0; k < size_of(i); k++)
			assert_int_equal(pieces[i][k], (uint8_t)i);
		sctp_reserve_free(pieces[i]);
	}
}

static void test_pieces(void **state)
{
	static uint8_t *pieces[PIECES];
	void *all;

	for (int round = 0; round < 3; round++) {
		refuse = true;
		take(pieces);
		assert_true(sctp_reserve_used() > PIECES * PIECE_MAX / 2);
		refuse = false;
		give(pieces, 1, 2); /* every second one: holes */
		give(pieces, 0, 2);
		assert_int_equal(sctp_reserve_used(), 0);
	}
	refuse = true;
	all = sctp_reserve_calloc(7, 1 << 20); /* one piece again */
	refuse = false;
	assert_non_null(all);
	sctp_reserve_free(all);
}

/* Low only while malloc() gives nothing; at the end of it nothing is given either. */
static void test_low(void **state)
{
	void *half, *rest;

	refuse = true;
	assert_false(sctp_reserve_is_low());
	half = sctp_reserve_malloc(5 << 20);
	assert_true(sctp_reserve_is_low());
	assert_null(sctp_reserve_malloc(4 << 20));
	assert_null(sctp_reserve_calloc(SIZE_MAX / 2, 4));
	refuse = false;
	assert_false(sctp_reserve_is_low());
	rest = sctp_reserve_malloc(4 << 20); /* not of the reserve */
	assert_non_null(rest);
	sctp_reserve_free(rest);
	sctp_reserve_free(half);
	sctp_reserve_free(NULL);
	assert_int_equal(sctp_reserve_used(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_low),
	};

	return cmocka_run_group_tests_name("io/sctp_reserve", tests, NULL, NULL);
}
