/* The reserve behind malloc(): pieces of it are whole, and come together again. malloc() is refused by
 * --wrap. */
#include "base/test.h"

#include <stdlib.h>

#include "base/reserve.h"

enum { PIECES = 5000, PIECE_MAX = 600 };

static bool refuse;
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void *__wrap_malloc(size_t size)
{
	return refuse ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return refuse ? NULL : __real_realloc(memory, size);
}

static size_t size_of(unsigned i)
{
	return 1 + i * 7919 % PIECE_MAX;
}

static void take(uint8_t *pieces[PIECES])
{
	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i] = reserve_malloc(size_of(i));
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
		reserve_free(pieces[i]);
	}
}

static void test_pieces(void **state)
{
	static uint8_t *pieces[PIECES];
	void *all;

	for (int round = 0; round < 3; round++) {
		refuse = true;
		take(pieces);
		assert_true(reserve_used() > PIECES * PIECE_MAX / 2);
		refuse = false;
		give(pieces, 1, 2); /* every second one: holes */
		give(pieces, 0, 2);
		assert_int_equal(reserve_used(), 0);
	}
	refuse = true;
	all = reserve_calloc(7, 1 << 20); /* one piece again */
	refuse = false;
	assert_non_null(all);
	reserve_free(all);
}

/* Low only while malloc() gives nothing; at the end of it nothing is given either. */
static void test_low(void **state)
{
	void *half, *rest;

	refuse = true;
	assert_false(reserve_is_low());
	half = reserve_malloc(5 << 20);
	assert_true(reserve_is_low());
	assert_null(reserve_malloc(4 << 20));
	assert_null(reserve_calloc(SIZE_MAX / 2, 4));
	refuse = false;
	assert_false(reserve_is_low());
	rest = reserve_malloc(4 << 20); /* not of the reserve */
	assert_non_null(rest);
	reserve_free(rest);
	reserve_free(half);
	reserve_free(NULL);
	assert_int_equal(reserve_used(), 0);
}

/* Larger, smaller, and from the one kind of memory to the other. */
static void test_changes_size(void **state)
{
	uint8_t *at = reserve_realloc(NULL, 100);

	memset(at, 7, 100);
	refuse = true;
	at = reserve_realloc(at, 5000);
	assert_non_null(at);
	for (int i = 0; i < 100; i++)
		assert_int_equal(at[i], 7);
	at = reserve_realloc(at, 50);
	refuse = false;
	at = reserve_realloc(at, 200);
	for (int i = 0; i < 50; i++)
		assert_int_equal(at[i], 7);
	reserve_free(at);
	assert_int_equal(reserve_used(), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_low),
		cmocka_unit_test(test_changes_size),
	};

	return cmocka_run_group_tests_name("base/reserve", tests, NULL, NULL);
}
