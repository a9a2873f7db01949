/* Checks of the polar kernels. */
#include "radio/phy/kern/check/check.h"

enum {
	LEN_MAX = 300,
	BENCH_LEN = 256,
};

/* LLRs of all magnitudes, -32768 excepted. */
static int16_t *llrs(struct check_env *env, size_t n)
{
	int16_t *v = check_noise(env, n * sizeof(*v));

	for (size_t i = 0; i < n; i++) {
		v[i] = (int16_t)(v[i] >> check_range(env, 0, 14));
		v[i] = v[i] == INT16_MIN ? -32767 : v[i];
	}
	return v;
}

static bool check_polar_f(struct check_env *env)
{
	size_t n = check_range(env, 1, LEN_MAX);
	const int16_t *a = llrs(env, n), *b = llrs(env, n);
	int16_t *want = check_buffer(2 * n), *got = check_buffer(2 * n);

	env->ref->polar_f(want, a, b, n);
	env->kern->polar_f(got, a, b, n);
	return memcmp(want, got, 2 * n) == 0;
}

static bool check_polar_g(struct check_env *env)
{
	size_t n = check_range(env, 1, LEN_MAX);
	const int16_t *a = llrs(env, n), *b = llrs(env, n);
	int16_t *u = check_noise(env, 2 * n), *want = check_buffer(2 * n), *got = check_buffer(2 * n);

	for (size_t i = 0; i < n; i++)
		u[i] = (int16_t)-(u[i] & 1);
	env->ref->polar_g(want, a, b, u, n);
	env->kern->polar_g(got, a, b, u, n);
	return memcmp(want, got, 2 * n) == 0;
}

static int16_t bench_in[3][BENCH_LEN], bench_out[BENCH_LEN];

static size_t bench_polar_f(struct check_env *env)
{
	for (size_t i = 0; i < 1000; i++)
		env->kern->polar_f(bench_out, bench_in[0], bench_in[1], BENCH_LEN);
	return 1000 * BENCH_LEN;
}

static size_t bench_polar_g(struct check_env *env)
{
	for (size_t i = 0; i < 1000; i++)
		env->kern->polar_g(bench_out, bench_in[0], bench_in[1], bench_in[2], BENCH_LEN);
	return 1000 * BENCH_LEN;
}

const struct check check_polar[] = {
	CHECK(polar_f, "LLR"),
	CHECK(polar_g, "LLR"),
	{ NULL },
};
