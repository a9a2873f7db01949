/* Check of mapping bits to symbols: the same floats at every level. */
#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 1200 };

static bool check_qam_map(struct check_env *env)
{
	size_t n = check_range(env, 1, 100), bits = 2 * check_range(env, 1, 5), octets = (n * bits + 7) / 8;
	const uint8_t *data = check_noise(env, octets);
	float *level = check_buffer(32 * sizeof(*level)), *want = check_buffer(2 * n * sizeof(*want));
	float *got = check_buffer(2 * n * sizeof(*got));

	for (unsigned i = 0; i < 32; i++)
		level[i] = (float)i + 1;
	env->ref->qam_map(want, data, n, (unsigned)bits, level);
	env->kern->qam_map(got, data, n, (unsigned)bits, level);
	return memcmp(want, got, 2 * n * sizeof(*want)) == 0;
}

static size_t bench_qam_map(struct check_env *env)
{
	static uint8_t data[BENCH_LEN];
	static float out[2 * BENCH_LEN], level[32];

	for (size_t i = 0; i < 10; i++)
		env->kern->qam_map(out, data, BENCH_LEN, 8, level);
	return 10 * BENCH_LEN;
}

const struct check check_map[] = {
	CHECK(qam_map, "symbol"),
	{ NULL },
};
