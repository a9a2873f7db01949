#include "base/store_mem.h"

#include "base/commit.h"
#include "base/test.h"

static struct bytes str(const char *s)
{
	return bytes_of_str(s);
}

static bool holds(struct store *s, const char *key, const char *value)
{
	struct bytes v;

	if (!store_get(s, STORE_AMF_UE, str(key), &v))
		return value == NULL;
	return value && bytes_equal(v, str(value));
}

static void test_commit_and_rollback(void **state)
{
	struct store *s = store_mem_new(0);

	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	assert_true(store_put(s, STORE_AMF_UE, str("b"), BYTES_NONE));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("2")));
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("3")));
	assert_true(store_put(s, STORE_AMF_UE, str("c"), str("4")));
	assert_true(store_del(s, STORE_AMF_UE, str("b")));
	assert_true(store_del(s, STORE_AMF_UE, str("none")));
	assert_true(holds(s, "a", "3") && holds(s, "b", NULL) && holds(s, "c", "4"));
	store_rollback(s);
	assert_true(holds(s, "a", "1") && holds(s, "b", "") && holds(s, "c", NULL));
	assert_int_equal(store_mem_stats(s).entries, 2);
	store_mem_free(s);
}

static void test_faults(void **state)
{
	struct store *s = store_mem_new(0);

	store_mem_fail_put(s, 2);
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	assert_false(store_put(s, STORE_AMF_UE, str("b"), str("1")));
	assert_true(store_put(s, STORE_AMF_UE, str("b"), str("1")));
	assert_int_equal(store_commit(s, 1), STORE_LOST); /* the refusal doomed it */
	assert_true(holds(s, "a", NULL) && holds(s, "b", NULL));
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	store_mem_fail_commit(s, 1);
	assert_int_equal(store_commit(s, 2), STORE_LOST);
	assert_true(holds(s, "a", NULL) && holds(s, "b", NULL));
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	assert_int_equal(store_commit(s, 3), STORE_KEPT);
	store_mem_free(s);
}

/* What fails behind a savepoint takes nothing else with it, and dooms nothing. */
static void test_savepoint(void **state)
{
	struct store *s = store_mem_new(0);

	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	assert_true(store_savepoint(s));
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("2")));
	assert_true(store_savepoint(s));
	assert_true(store_del(s, STORE_AMF_UE, str("a")));
	store_release(s);
	store_mem_fail_put(s, 1);
	assert_false(store_put(s, STORE_AMF_UE, str("b"), str("1")));
	store_rollback_to(s);
	assert_true(holds(s, "a", "1") && holds(s, "b", NULL));
	assert_true(store_savepoint(s));
	assert_true(store_put(s, STORE_AMF_UE, str("b"), str("1")));
	store_release(s);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(holds(s, "a", "1") && holds(s, "b", "1"));
	store_mem_free(s);
}

/* A kill leaves what was committed. */
static void test_clone(void **state)
{
	struct store *s = store_mem_new(0);
	struct store *c;

	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("1")));
	assert_true(store_put(s, STORE_AMF_UE, str("b"), str("1")));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("2")));
	assert_true(store_put(s, STORE_AMF_UE, str("a"), str("3")));
	assert_true(store_del(s, STORE_AMF_UE, str("b")));
	assert_true(store_put(s, STORE_AMF_UE, str("c"), str("1")));
	c = store_mem_clone(s);
	assert_true(holds(c, "a", "1") && holds(c, "b", "1") && holds(c, "c", NULL));
	assert_true(holds(s, "a", "3"));
	store_mem_free(c);
	store_mem_free(s);
}

static bool in_order(void *arg, struct bytes key, struct bytes value)
{
	unsigned *next = arg;
	char want[16];

	snprintf(want, sizeof(want), "%05u", (*next)++);
	return bytes_equal(key, str(want));
}

/* 2000 keys put in a scattered order are scanned in key order, in their table only. */
static void test_order(void **state)
{
	struct store *s = store_mem_new(0);
	unsigned next = 0;
	char key[16];

	for (unsigned i = 0; i < 2000; i++) {
		snprintf(key, sizeof(key), "%05u", i * 1237 % 2000);
		assert_true(store_put(s, STORE_AMF_UE, str(key), str("x")));
	}
	assert_true(store_put(s, STORE_AUTH, str("a"), str("x")));
	assert_true(store_put(s, STORE_SMF_SESSION, str("a"), str("x")));
	assert_true(store_scan(s, STORE_AMF_UE, in_order, &next));
	assert_int_equal(next, 2000);
	store_mem_free(s);
}

static void test_limits(void **state)
{
	struct store *s = store_mem_new(100);
	static const uint8_t big[STORE_VALUE_MAX + 1];

	assert_false(store_put(s, STORE_AMF_UE, bytes_of(big, STORE_KEY_MAX + 1), str("x")));
	assert_false(store_put(s, STORE_AMF_UE, str("k"), BYTES(big)));
	assert_true(store_put(s, STORE_AMF_UE, str("k"), bytes_of(big, 90)));
	assert_false(store_put(s, STORE_AMF_UE, str("l"), bytes_of(big, 90)));
	assert_int_equal(store_mem_stats(s).refused, 3);
	store_mem_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commit_and_rollback),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_savepoint),
		cmocka_unit_test(test_clone),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("base/store_mem", tests, NULL, NULL);
}
