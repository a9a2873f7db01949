/* Checks of the kernels on complex floats: within 1e-6 of the reference a term for parts below 1; integers
 * equal. */
#include <math.h>

#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 1024 };

static float *floats(struct check_env *env, size_t n)
{
	float *v = check_buffer(n * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (float)(int32_t)check_random(env) / 2147483648.0f;
	return v;
}

static bool near(const float *a, const float *b, size_t n, float bound)
{
	for (size_t i = 0; i < n; i++) {
		if (!(fabsf(a[i] - b[i]) <= bound))
			return false;
	}
	return true;
}

static bool check_cf_scale(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *in = floats(env, 2 * n), *c = floats(env, 2), *want = check_buffer(2 * n * sizeof(*want));

	env->ref->cf_scale(want, in, n, c[0], c[1]);
	env->kern->cf_scale(in, in, n, c[0], c[1]); /* in place */
	return near(want, in, 2 * n, 1e-6f);
}

static bool check_cf_mul_conj(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *a = floats(env, 2 * n), *b = floats(env, 2 * n), *want = check_buffer(2 * n * sizeof(*want));

	env->ref->cf_mul_conj(want, a, b, n);
	env->kern->cf_mul_conj(a, a, b, n);
	return near(want, a, 2 * n, 1e-6f);
}

static bool check_cf_dot_conj(struct check_env *env)
{
	size_t n = check_range(env, 1, 200);
	float *a = floats(env, 2 * n), *b = floats(env, 2 * n), want[2], got[2];

	env->ref->cf_dot_conj(want, a, b, n);
	env->kern->cf_dot_conj(got, a, b, n);
	return near(want, got, 2, 1e-6f * (float)n);
}

static bool check_cf_energy(struct check_env *env)
{
	size_t n = check_range(env, 1, 200);
	float *a = floats(env, 2 * n), want = env->ref->cf_energy(a, n), got = env->kern->cf_energy(a, n);

	return near(&want, &got, 1, 1e-6f * (float)n);
}

static bool check_cf_deal(struct check_env *env)
{
	size_t n = check_range(env, 1, 100), count = check_range(env, 1, KERN_DEAL_ROWS);
	const float *in = check_noise(env, 2 * n * count * sizeof(*in));
	float *want[KERN_DEAL_ROWS], *got[KERN_DEAL_ROWS];
	bool same = true;

	for (size_t r = 0; r < count; r++) {
		want[r] = check_buffer(2 * n * sizeof(float));
		got[r] = check_buffer(2 * n * sizeof(float));
	}
	env->ref->cf_deal(want, in, count, n);
	env->kern->cf_deal(got, in, count, n);
	for (size_t r = 0; r < count; r++)
		same = same && memcmp(want[r], got[r], 2 * n * sizeof(float)) == 0;
	return same;
}

static bool check_ci16_to_cf(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	const int16_t *in = check_noise(env, 2 * n * sizeof(*in));
	float *want = check_buffer(2 * n * sizeof(*want)), *got = check_buffer(2 * n * sizeof(*got));

	env->ref->ci16_to_cf(want, in, n, 1 / 32768.0f);
	env->kern->ci16_to_cf(got, in, n, 1 / 32768.0f);
	return near(want, got, 2 * n, 0);
}

/* Of any floats: infinite ones and those that are none too. */
static bool check_cf_to_ci16(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *in = check_random(env) & 1 ? floats(env, 2 * n) : check_noise(env, 2 * n * sizeof(*in));
	int16_t *want = check_buffer(2 * n * sizeof(*want)), *got = check_buffer(2 * n * sizeof(*got));

	env->ref->cf_to_ci16(want, in, n, 40000);
	env->kern->cf_to_ci16(got, in, n, 40000);
	return memcmp(want, got, 2 * n * sizeof(*want)) == 0;
}

static float bench_a[2 * BENCH_LEN], bench_b[2 * BENCH_LEN], bench_out[2 * BENCH_LEN];
static int16_t bench_16[2 * BENCH_LEN];
static float *const bench_rows[] = { bench_out, bench_out + BENCH_LEN / 2, bench_out + BENCH_LEN,
	bench_out + 3 * BENCH_LEN / 2 };

#define BENCH(name, call)                                                                                    \
	static size_t bench_##name(struct check_env *env)                                                    \
	{                                                                                                    \
		for (size_t i = 0; i < 100; i++)                                                             \
			env->kern->call;                                                                     \
		return 100 * BENCH_LEN;                                                                      \
	}

BENCH(cf_scale, cf_scale(bench_out, bench_a, BENCH_LEN, 1, 1))
BENCH(cf_mul_conj, cf_mul_conj(bench_out, bench_a, bench_b, BENCH_LEN))
BENCH(cf_dot_conj, cf_dot_conj(bench_out, bench_a, bench_b, BENCH_LEN))
BENCH(cf_energy, cf_energy(bench_a, BENCH_LEN))
BENCH(cf_deal, cf_deal(bench_rows, bench_a, 4, BENCH_LEN / 4))
BENCH(ci16_to_cf, ci16_to_cf(bench_out, bench_16, BENCH_LEN, 1))
BENCH(cf_to_ci16, cf_to_ci16(bench_16, bench_a, BENCH_LEN, 1))

const struct check check_cf[] = {
	CHECK(cf_scale, "sample"),
	CHECK(cf_mul_conj, "sample"),
	CHECK(cf_dot_conj, "sample"),
	CHECK(cf_energy, "sample"),
	CHECK(cf_deal, "sample"),
	CHECK(ci16_to_cf, "sample"),
	CHECK(cf_to_ci16, "sample"),
	{ NULL },
};
