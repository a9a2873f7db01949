#include "base/test.h"

#include "apps/load_mix.h"

static void phases(void **state)
{
	struct load_mix m;

	assert_true(load_mix_read("10: service=200 page=0.5;5:handover=20", &m));
	assert_int_equal(m.count, 2);
	assert_int_equal(m.phases[0].seconds, 10);
	assert_int_equal(m.phases[0].per_1000_s[CROWD_SERVICE], 200000);
	assert_int_equal(m.phases[0].per_1000_s[CROWD_PAGE], 500);
	assert_int_equal(m.phases[0].per_1000_s[CROWD_HANDOVER], 0);
	assert_int_equal(m.phases[1].seconds, 5);
	assert_int_equal(m.phases[1].per_1000_s[CROWD_HANDOVER], 20000);
	assert_true(load_mix_has(&m, CROWD_HANDOVER));
	assert_false(load_mix_has(&m, CROWD_REGISTER));
	assert_true(load_mix_read(" 3 : ", &m)); /* a pause */
	assert_int_equal(m.phases[0].seconds, 3);
}

static void refused(void **state)
{
	static const char *const texts[] = { "", "10", "service=3", "0: page=1", "10: page",
		"10: page=", "10: page=x", "10: page=-1", "10: page=0", "10: page=1e9", "10: page=nan",
		"10: dance=1", "10: page=1,", "10: pag=1", "999999999: page=1",
		"1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:;1:" };
	struct load_mix m;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(load_mix_read(texts[i], &m));
}

/* Of a UE: what the profile says of a thousand. */
static void profiles(void **state)
{
	static const char *const names[] = { "phones", "commuters", "sensors" };
	struct load_mix few, many;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(load_mix_profile(names[i], 1000, 30, &few));
		assert_true(load_mix_profile(names[i], 50000, 30, &many));
		assert_int_equal(few.count, 1);
		assert_int_equal(few.phases[0].seconds, 30);
		/* As many go idle as wake. */
		assert_int_equal(few.phases[0].per_1000_s[CROWD_IDLE],
			few.phases[0].per_1000_s[CROWD_SERVICE] + few.phases[0].per_1000_s[CROWD_PAGE]);
		for (unsigned task = 0; task < CROWD_TASKS; task++)
			assert_int_equal(
				many.phases[0].per_1000_s[task], 50 * few.phases[0].per_1000_s[task]);
	}
	assert_false(load_mix_profile("phone", 1000, 30, &few));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(phases), cmocka_unit_test(refused),
		cmocka_unit_test(profiles) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
