#include "base/test.h"

#include "ops/capacity.h"

static void by_memory(void **state)
{
	static struct core_config core = { .amf_count = 2 };
	static struct upf_config upf;

	core.amfs[1].ues_max = 7;
	capacity_core(&core, (uint64_t)24 << 30);
	assert_true(core.amfs[0].ues_max >= 1000000); /* a million on such a machine */
	assert_int_equal(core.amfs[1].ues_max, 7);    /* what is configured stays */
	assert_true(core.smf.sessions_max >= 1000000);
	core.smf.sessions_max = 0;
	core.trace_ring_mib = 4096; /* is not there for UEs */
	capacity_core(&core, (uint64_t)4200 << 20);
	assert_in_range(core.smf.sessions_max, 1024, 104 * 128);
	capacity_upf(&upf, (uint64_t)24 << 30);
	assert_true(upf.sessions_max >= 1000000);
}

static void within_bounds(void **state)
{
	static struct core_config core = { .amf_count = 1 };
	static struct upf_config upf = { 0 };

	capacity_core(&core, 0); /* not known */
	assert_int_equal(core.amfs[0].ues_max, 1024);
	capacity_upf(&upf, UINT64_MAX);
	assert_int_equal(upf.sessions_max, UPF_SESSIONS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_memory),
		cmocka_unit_test(within_bounds),
	};

	return cmocka_run_group_tests_name("ops/capacity", tests, NULL, NULL);
}
