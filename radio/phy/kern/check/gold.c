/* Checks of scrambling, from any words. */
#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 9600 };

static bool check_gold_xor(struct check_env *env)
{
	size_t n = check_range(env, 1, check_random(env) % 4 ? 200 : 3000);
	const struct kern_gold *g = check_noise(env, sizeof(*g));
	uint8_t *want = check_noise(env, n), *got = check_buffer(n);

	bytes_copy(got, n, bytes_of(want, n));
	env->ref->gold_xor(want, n, g);
	env->kern->gold_xor(got, n, g);
	return memcmp(want, got, n) == 0;
}

static bool check_gold_negate(struct check_env *env)
{
	size_t n = check_range(env, 1, check_random(env) % 4 ? 1000 : 9000);
	const struct kern_gold *g = check_noise(env, sizeof(*g));
	int8_t *want = check_noise(env, n), *got = check_buffer(n);

	bytes_copy(got, n, bytes_of(want, n));
	env->ref->gold_negate(want, n, g);
	env->kern->gold_negate(got, n, g);
	return memcmp(want, got, n) == 0;
}

static size_t bench_gold_xor(struct check_env *env)
{
	static uint8_t data[BENCH_LEN];
	static struct kern_gold g;

	env->kern->gold_xor(data, BENCH_LEN, &g);
	return 8 * BENCH_LEN;
}

static size_t bench_gold_negate(struct check_env *env)
{
	static int8_t llr[BENCH_LEN];
	static struct kern_gold g;

	env->kern->gold_negate(llr, BENCH_LEN, &g);
	return BENCH_LEN;
}

const struct check check_gold[] = {
	CHECK(gold_xor, "bit"),
	CHECK(gold_negate, "LLR"),
	{ NULL },
};
