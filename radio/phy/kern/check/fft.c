/* Check of the passes of the Fourier transform: within 4e-6 of the reference for parts below 1. */
#include <math.h>

#include "radio/phy/kern/check/check.h"

static float *floats(struct check_env *env, size_t n)
{
	float *v = check_buffer(n * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (float)(int32_t)check_random(env) / 2147483648.0f;
	return v;
}

static bool check_fft_pass(struct check_env *env)
{
	static const uint8_t radices[] = { 8, 3, 4, 8 };
	size_t s = check_range(env, 0, 5) * 8, m = s ? check_range(env, 1, 20) : 4 * check_range(env, 2, 20);
	unsigned radix = radices[s ? check_range(env, 0, 3) : 0];
	size_t n = radix * m * (s ? s : 1);
	float *in = floats(env, 2 * n), *w = floats(env, 2 * m * (radix - 1));
	float *want = check_buffer(2 * n * sizeof(*want)), *got = check_buffer(2 * n * sizeof(*got));
	float sign = check_random(env) & 1 ? 1 : -1;

	for (unsigned k = 1; k < radix && m == 1; k++) {
		w[2 * k - 2] = 1;
		w[2 * k - 1] = 0;
	}
	env->ref->fft_pass(want, in, w, radix, m, s ? s : 1, sign);
	env->kern->fft_pass(got, in, w, radix, m, s ? s : 1, sign);
	for (size_t i = 0; i < 2 * n; i++) {
		if (!(fabsf(want[i] - got[i]) < 4e-6f))
			return false;
	}
	return true;
}

static size_t bench_fft_pass(struct check_env *env)
{
	/* not a multiple of pages apart, where stores hold up loads */
	static float in[4096 + 400], out[4096 + 400], w[3584];

	for (size_t i = 0; i < 100; i++)
		env->kern->fft_pass(out, in, w, 8, 16, 16, -1);
	return 100 * 2048;
}

const struct check check_fft[] = {
	CHECK(fft_pass, "sample"),
	{ NULL },
};
