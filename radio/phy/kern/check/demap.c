/* Check of soft demapping: the same integers at every level. */
#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 1200 };

static bool check_qam_demap(struct check_env *env)
{
	size_t n = check_range(env, 1, 100), bits = 2 * check_range(env, 1, 5);
	float *iq = check_buffer(2 * n * sizeof(*iq)), *noise = check_buffer(n * sizeof(*noise));
	int8_t *want = check_buffer(n * bits), *got = check_buffer(n * bits);

	for (size_t i = 0; i < 2 * n; i++)
		iq[i] = (float)(int32_t)check_random(env) / (float)(1u << check_range(env, 0, 31));
	for (size_t i = 0; i < n; i++)
		noise[i] = 1e-7f * (float)(1u << check_range(env, 0, 30));
	env->ref->qam_demap(want, iq, noise, n, (unsigned)bits);
	env->kern->qam_demap(got, iq, noise, n, (unsigned)bits);
	return memcmp(want, got, n * bits) == 0;
}

static size_t bench_qam_demap(struct check_env *env)
{
	static float iq[2 * BENCH_LEN], noise[BENCH_LEN];
	static int8_t llr[8 * BENCH_LEN];

	for (size_t i = 0; i < BENCH_LEN; i++)
		iq[2 * i] = noise[i] = 1;
	for (size_t i = 0; i < 10; i++)
		env->kern->qam_demap(llr, iq, noise, BENCH_LEN, 8);
	return 10 * BENCH_LEN * 8;
}

const struct check check_demap[] = {
	CHECK(qam_demap, "LLR"),
	{ NULL },
};
