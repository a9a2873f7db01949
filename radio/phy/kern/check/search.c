/* Checks of the kernels of searching: powers within 1e-6 of the reference relatively, sums so a term, places
 * equal. */
#include <math.h>

#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 1024 };

static float *parts(struct check_env *env, size_t n)
{
	float *v = check_buffer(n * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (float)(int32_t)check_random(env) / 2147483648.0f;
	return v;
}

static bool check_cf_power_over(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *in = parts(env, 2 * n), *over = parts(env, n);
	float *want = check_buffer(n * sizeof(*want)), *got = check_buffer(n * sizeof(*got));

	for (size_t i = 0; i < n; i++)
		over[i] = fabsf(over[i]) + 0.01f;
	env->ref->cf_power_over(want, in, over, n);
	env->kern->cf_power_over(got, in, over, n);
	for (size_t i = 0; i < n; i++) {
		if (!(fabsf(want[i] - got[i]) <= 1e-6f * want[i]))
			return false;
	}
	return true;
}

static bool check_cf_power(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *in = parts(env, 2 * n);
	float *want = check_buffer(n * sizeof(*want)), *got = check_buffer(n * sizeof(*got));

	env->ref->cf_power(want, in, n);
	env->kern->cf_power(got, in, n);
	for (size_t i = 0; i < n; i++) {
		if (!(fabsf(want[i] - got[i]) <= 1e-6f * want[i]))
			return false;
	}
	return true;
}

static bool check_sum_thrice(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *a = parts(env, n), *b = parts(env, n), *c = parts(env, n), *by = parts(env, n);
	float *want = check_buffer(n * sizeof(*want)), *got = check_buffer(n * sizeof(*got));

	env->ref->sum_thrice(want, a, b, c, by, n);
	env->kern->sum_thrice(got, a, b, c, by, n);
	for (size_t i = 0; i < n; i++) {
		if (!(fabsf(want[i] - got[i]) <= 1e-6f))
			return false;
	}
	return true;
}

static bool check_sum_windows(struct check_env *env)
{
	size_t places = check_range(env, 1, 100), length = check_range(env, 1, 100), n = places + length - 1;
	float *values = parts(env, n), *spent = check_buffer(n * sizeof(*spent));
	float *got = check_buffer(places * sizeof(*got));

	(void)bytes_copy(spent, n * sizeof(*spent), bytes_of(values, n * sizeof(*values)));
	env->kern->sum_windows(got, spent, places, length);
	for (size_t i = 0; i < places; i++) {
		double want = 0;

		for (size_t j = 0; j < length; j++)
			want += (double)values[i + j];
		if (!(fabs(want - (double)got[i]) <= 1e-6 * (double)length))
			return false;
	}
	return true;
}

static bool check_cf_sum_parts(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	float *taps = parts(env, 2 * n), *in = parts(env, 2 * n), want[2], got[2];

	env->ref->cf_sum_parts(want, taps, in, n);
	env->kern->cf_sum_parts(got, taps, in, n);
	return fabsf(want[0] - got[0]) <= 1e-6f * (float)n && fabsf(want[1] - got[1]) <= 1e-6f * (float)n;
}

static bool check_find_least(struct check_env *env)
{
	size_t n = check_range(env, 1, 200), found;
	float *v = parts(env, n), least = parts(env, 1)[0];
	uint32_t *want = check_buffer(n * sizeof(*want)), *got = check_buffer(n * sizeof(*got));

	v[check_range(env, 0, n - 1)] = NAN;
	found = env->ref->find_least(want, v, n, least);
	return env->kern->find_least(got, v, n, least) == found &&
	       memcmp(want, got, found * sizeof(*want)) == 0;
}

static size_t bench_cf_power_over(struct check_env *env)
{
	static float in[2 * BENCH_LEN], over[BENCH_LEN], out[BENCH_LEN];

	over[0] = 1;
	for (size_t i = 0; i < 100; i++)
		env->kern->cf_power_over(out, in, over, BENCH_LEN);
	return 100 * BENCH_LEN;
}

static size_t bench_cf_power(struct check_env *env)
{
	static float in[2 * BENCH_LEN], out[BENCH_LEN];

	for (size_t i = 0; i < 100; i++)
		env->kern->cf_power(out, in, BENCH_LEN);
	return 100 * BENCH_LEN;
}

static size_t bench_sum_thrice(struct check_env *env)
{
	static float in[4][BENCH_LEN], out[BENCH_LEN];

	for (size_t i = 0; i < 100; i++)
		env->kern->sum_thrice(out, in[0], in[1], in[2], in[3], BENCH_LEN);
	return 100 * BENCH_LEN;
}

static size_t bench_sum_windows(struct check_env *env)
{
	static float values[BENCH_LEN + 63], sums[BENCH_LEN];

	for (size_t i = 0; i < 100; i++)
		env->kern->sum_windows(sums, values, BENCH_LEN, 64);
	return 100 * BENCH_LEN;
}

static size_t bench_cf_sum_parts(struct check_env *env)
{
	static float taps[2 * BENCH_LEN], in[2 * BENCH_LEN];
	float sum[2];

	for (size_t i = 0; i < 100; i++)
		env->kern->cf_sum_parts(sum, taps, in, BENCH_LEN);
	return 100 * BENCH_LEN;
}

static size_t bench_find_least(struct check_env *env)
{
	static float v[BENCH_LEN];
	static uint32_t at[BENCH_LEN];

	v[77] = 1;
	for (size_t i = 0; i < 100; i++)
		(void)env->kern->find_least(at, v, BENCH_LEN, 0.5f);
	return 100 * BENCH_LEN;
}

const struct check check_search[] = {
	CHECK(cf_power_over, "sample"),
	CHECK(cf_power, "sample"),
	CHECK(sum_thrice, "value"),
	CHECK(sum_windows, "value"),
	CHECK(cf_sum_parts, "sample"),
	CHECK(find_least, "value"),
	{ NULL },
};
