#include "base/test.h"

#include "base/arena.h"

static void test_grows_to_its_limit(void **state)
{
	uint8_t first[64];
	struct arena a;
	size_t got = 0;

	arena_init(&a, first, sizeof(first), 100000);
	assert_non_null(arena_alloc(&a, 8));
	assert_int_equal(a.used, 0);
	while (arena_alloc(&a, 1000))
		got += 1000;
	assert_in_range(got, 80000, 100000);
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_array(&a, SIZE_MAX / 2, 4));
	arena_reset(&a);
	assert_true(a.used <= 16384);
	assert_non_null(arena_alloc(&a, 50000));
	arena_fini(&a);
	assert_int_equal(a.used, 0);
}

static void test_memory_is_zero_and_aligned(void **state)
{
	uint8_t first[200];
	struct arena a;

	memset(first, 0xff, sizeof(first));
	arena_init(&a, first + 1, sizeof(first) - 1, 1 << 20);
	for (size_t n = 1; n < 60; n++) {
		uint8_t *p = arena_alloc(&a, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p & 7, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
	arena_reset(&a);
	for (int i = 0; i < 100; i++)
		assert_int_equal(*(uint8_t *)arena_alloc(&a, 8), 0);
	arena_fini(&a);
}

/* Nothing that was written is left in what the arena holds on to: its buffer, the block that is kept. */
static void test_wipe(void **state)
{
	static uint8_t first[256];
	uint8_t *in_first, *in_kept;
	struct arena a;

	arena_init(&a, first, sizeof(first), 1 << 20);
	for (int round = 0; round < 2; round++) {
		in_first = arena_alloc(&a, 200);
		in_kept = arena_alloc(&a, 10000);
		memset(in_first, 0x5a, 200);
		memset(in_kept, 0x5a, 10000);
		if (round == 1)
			memset(arena_alloc(&a, 9000), 0x5a, 9000); /* in a block of its own, given back */
		arena_wipe(&a);
		memory_unpoison(in_first, 200); /* to look at what the arena took back */
		if (round == 0)
			memory_unpoison(in_kept, 10000);
		for (int i = 0; i < 200; i++)
			assert_int_equal(in_first[i], 0);
		for (int i = 0; round == 0 && i < 10000; i++)
			assert_int_equal(in_kept[i], 0);
	}
	arena_fini(&a);
}

static void test_copies(void **state)
{
	struct arena a;

	arena_init(&a, NULL, 0, 1 << 20);
	assert_true(bytes_equal(arena_bytes(&a, BYTES("abc")), BYTES("abc")));
	assert_null(arena_bytes(&a, BYTES_NONE).data);
	assert_string_equal(arena_str(&a, "hello"), "hello");
	arena_fini(&a);
}

#ifdef BASE_POISON
static void test_poisoned(void **state)
{
	struct arena a;
	uint8_t *p, *q;

	arena_init(&a, NULL, 0, 1 << 20);
	p = arena_alloc(&a, 13);
	assert_false(__asan_address_is_poisoned(p + 12));
	assert_true(__asan_address_is_poisoned(p + 13));
	q = arena_alloc(&a, 8);
	assert_false(__asan_address_is_poisoned(q + 7));
	assert_true(__asan_address_is_poisoned(q + 8));
	arena_reset(&a);
	assert_true(__asan_address_is_poisoned(p));
	p = arena_alloc(&a, 64);
	arena_wipe(&a);
	assert_true(__asan_address_is_poisoned(p));
	arena_fini(&a);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grows_to_its_limit),
		cmocka_unit_test(test_memory_is_zero_and_aligned),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_copies),
#ifdef BASE_POISON
		cmocka_unit_test(test_poisoned),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
