/* Responses kept for requests that come again, up to the cache's limits. */
#include "base/test.h"

#include "proto/pfcp_internal.h"

enum { MAX = 3, OCTETS = 100 };

static struct pfcp_cache cache;

static int setup(void **state)
{
	return pfcp_cache_init(&cache, 1, MAX, OCTETS) ? 0 : -1;
}

static int teardown(void **state)
{
	pfcp_cache_fini(&cache);
	return 0;
}

static struct pfcp_cached *add(uint32_t sequence)
{
	struct pfcp_cached *e = pfcp_cache_add(&cache, 1, sequence, 10 * sequence);

	assert_non_null(e);
	return e;
}

static struct pfcp_cached *find(uint32_t sequence)
{
	return pfcp_cache_find(&cache, 1, sequence);
}

static void set(struct pfcp_cached *e, size_t len)
{
	static const uint8_t octets[2 * OCTETS] = { 1, 2, 3 };

	pfcp_cache_set(&cache, e, bytes_of(octets, len));
}

static void oldest_makes_room(void **state)
{
	for (uint32_t i = 1; i <= MAX; i++)
		add(i);
	assert_non_null(find(1));
	add(MAX + 1);
	assert_null(find(1));
	for (uint32_t i = 2; i <= MAX + 1; i++)
		assert_non_null(find(i));
	assert_null(pfcp_cache_find(&cache, 2, 2)); /* another peer's */
}

/* The same request again takes no place of another's. */
static void same_key_replaces(void **state)
{
	for (uint32_t i = 1; i <= MAX; i++)
		add(i);
	set(find(2), 10);
	assert_int_equal(add(2)->response.len, 0);
	assert_int_equal(cache.octets, 0);
	assert_int_equal(cache.pool.used, MAX);
	assert_non_null(find(1));
	assert_non_null(find(3));
}

static void octets_to_the_limit(void **state)
{
	set(add(1), OCTETS / 2);
	set(add(2), OCTETS / 2); /* exactly full */
	assert_int_equal(cache.octets, OCTETS);
	assert_non_null(find(1));
	set(add(3), 1);
	assert_null(find(1));
	assert_int_equal(find(2)->response.len, OCTETS / 2);
	assert_int_equal(find(3)->response.len, 1);
	assert_int_equal(cache.octets, OCTETS / 2 + 1);
}

/* One that fits only alone drops the others; one that does not fit even so is not kept, its entry is. */
static void too_long(void **state)
{
	set(add(1), 10);
	set(add(2), OCTETS);
	assert_null(find(1));
	assert_int_equal(find(2)->response.len, OCTETS);
	set(add(3), OCTETS + 1);
	assert_null(find(2));
	assert_non_null(find(3));
	assert_int_equal(find(3)->response.len, 0);
	assert_int_equal(cache.octets, 0);
}

static void set_again(void **state)
{
	struct pfcp_cached *e = add(1);

	set(e, 10);
	set(e, 30);
	assert_int_equal(cache.octets, 30);
	assert_int_equal(find(1)->response.len, 30);
	pfcp_cache_drop(&cache, e);
	assert_int_equal(cache.octets, 0);
}

static void expiry(void **state)
{
	add(1);
	add(2);
	pfcp_cache_expire(&cache, 9);
	assert_non_null(find(1));
	pfcp_cache_expire(&cache, 10);
	assert_null(find(1));
	assert_non_null(find(2));
	pfcp_cache_expire(&cache, 20);
	assert_int_equal(cache.pool.used, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(oldest_makes_room), TEST(same_key_replaces),
		TEST(octets_to_the_limit), TEST(too_long), TEST(set_again), TEST(expiry) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
