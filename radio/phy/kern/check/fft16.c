/* Checks of the Fourier transform in 16 bits: equal at every level, for any values. */
#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 2048 };

static bool check_ci16_peak(struct check_env *env)
{
	size_t n = check_range(env, 1, 200);
	int16_t *in = check_noise(env, 2 * n * sizeof(*in));

	for (size_t i = 0, shift = check_range(env, 0, 14); i < 2 * n; i++)
		in[i] = (int16_t)(in[i] >> shift);
	in[check_range(env, 0, 2 * n - 1)] = check_random(env) & 1 ? INT16_MIN : 5;
	return env->ref->ci16_peak(in, n) == env->kern->ci16_peak(in, n);
}

static bool check_fft16_pass(struct check_env *env)
{
	static const uint8_t steps[] = { 1, 4, 16, 32, 48 };
	size_t s = steps[check_range(env, 0, 4)],
	       m = s == 1 ? 4 * check_range(env, 4, 12) : check_range(env, 4, 12);
	unsigned radix = s < 16 ? 4 : (unsigned)check_range(env, 2, 4),
		 shift = (unsigned)check_range(env, 0, 3);
	bool inverse = check_random(env) & 1;
	int16_t *in, *w, *want, *got;
	unsigned most;
	size_t n;

	m = s >= 16 && check_random(env) % 4 == 0 ? 1 : m;
	n = radix * m * s;
	in = check_noise(env, 4 * n);
	w = check_noise(env, 4 * m * (radix - 1));
	for (size_t i = 0; i < 2 * m * (radix - 1); i++)
		w[i] = w[i] == INT16_MIN ? -32767 : w[i];
	want = check_buffer(4 * n);
	got = check_buffer(4 * n);
	most = env->ref->fft16_pass(want, in, w, radix, m, s, inverse, shift);
	return env->kern->fft16_pass(got, in, w, radix, m, s, inverse, shift) == most &&
	       memcmp(want, got, 4 * n) == 0;
}

static int16_t bench_in[2 * BENCH_LEN], bench_out[2 * BENCH_LEN], bench_w[2 * BENCH_LEN];

static size_t bench_ci16_peak(struct check_env *env)
{
	for (size_t i = 0; i < 100; i++)
		env->kern->ci16_peak(bench_in, BENCH_LEN);
	return 100 * BENCH_LEN;
}

static size_t bench_fft16_pass(struct check_env *env)
{
	for (size_t i = 0; i < 100; i++)
		env->kern->fft16_pass(bench_out, bench_in, bench_w, 4, 32, 16, false, 0);
	return 100 * BENCH_LEN;
}

const struct check check_fft16[] = {
	CHECK(ci16_peak, "sample"),
	CHECK(fft16_pass, "sample"),
	{ NULL },
};
