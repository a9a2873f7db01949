#include "base/test.h"

#include "sim/crowd_times.h"

/* What it says of a time is not less, and at most a sixteenth more. */
static void each_time(void **state)
{
	for (uint64_t us = 0; us < UINT64_C(3600000000); us += 1 + us / 7) {
		struct crowd_times t = { 0 };
		uint64_t said;

		crowd_times_add(&t, us);
		said = crowd_times_us(&t, 1000);
		assert_true(said >= us && said <= us + us / 16);
	}
}

static void permilles(void **state)
{
	struct crowd_times t = { 0 };

	assert_int_equal(crowd_times_us(&t, 500), 0);
	for (uint64_t us = 1; us <= 1000; us++)
		crowd_times_add(&t, us);
	assert_int_equal(t.count, 1000);
	assert_in_range(crowd_times_us(&t, 1), 1, 1);
	assert_in_range(crowd_times_us(&t, 500), 500, 531);
	assert_in_range(crowd_times_us(&t, 990), 990, 1052);
	crowd_times_add(&t, UINT64_MAX);
	assert_in_range(crowd_times_us(&t, 1000), UINT64_C(3600000000), UINT64_C(3825000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_time), cmocka_unit_test(permilles) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
