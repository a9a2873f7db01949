/*
 * Checks of the kernels of channel estimation, on parts below 1: windows and combinations within 4e-6 of the
 * reference, the ramp within 2e-4 (its phase is summed up), equalisation within 4e-6 relative to 1 / |h|.
 */
#include <math.h>

#include "radio/phy/kern/check/check.h"

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

static float *room(size_t n)
{
	return check_buffer(n * sizeof(float));
}

static bool check_cf_windows(struct check_env *env)
{
	size_t rows = check_random(env) & 1 ? 4 : check_range(env, 1, 30), cols = check_range(env, 1, 48),
	       blocks = check_range(env, 1, 40);
	size_t stride = rows + check_range(env, 0, 5), n = 2 * rows * blocks;
	const float *in = floats(env, 2 * (blocks + cols - 1)), *m = floats(env, (cols - 1) * stride + rows);
	float *want = room(n), *got = room(n);

	env->ref->cf_windows(want, in, m, rows, cols, stride, blocks);
	env->kern->cf_windows(got, in, m, rows, cols, stride, blocks);
	return near(want, got, n, 4e-6f);
}

static size_t bench_cf_windows(struct check_env *env)
{
	static float in[2 * 819], out[8 * 819], m[48 * 200];

	env->kern->cf_windows(out, in, m, 4, 48, 200, 819 - 47);
	return 819;
}

static bool check_cf_ramp(struct check_env *env)
{
	size_t n = check_range(env, 1, 3300);
	const float *in = floats(env, 2 * n);
	float *want = room(2 * n), *got = room(2 * n);
	float phase = 3 * floats(env, 1)[0], step = 3 * floats(env, 1)[0];

	env->ref->cf_ramp(want, in, n, phase, step);
	env->kern->cf_ramp(got, in, n, phase, step);
	return near(want, got, 2 * n, 2e-4f);
}

static size_t bench_cf_ramp(struct check_env *env)
{
	static float in[2 * 3276], out[2 * 3276];

	env->kern->cf_ramp(out, in, 3276, 1, 0.01f);
	return 3276;
}

static bool check_cf_combine(struct check_env *env)
{
	size_t n = check_range(env, 1, 100), count = check_range(env, 1, 32);
	const float *in[32], *w = floats(env, 2 * count);
	float *want = room(2 * n), *got = room(2 * n);

	for (size_t d = 0; d < count; d++)
		in[d] = floats(env, 2 * n);
	env->ref->cf_combine(want, in, w, count, n);
	env->kern->cf_combine(got, in, w, count, n);
	return near(want, got, 2 * n, 2e-6f * (1 + (float)count));
}

static size_t bench_cf_combine(struct check_env *env)
{
	static float a[2 * 3276], b[2 * 3276], out[2 * 3276];
	const float *const in[] = { a, b }, w[] = { 0.5f, 0, 0.5f, 0 };

	env->kern->cf_combine(out, in, w, 2, 3276);
	return 3276;
}

static bool check_cf_precode(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	size_t ports = check_range(env, 1, KERN_PRECODE_MAX), layers = check_range(env, 1, KERN_PRECODE_MAX);
	const float *in[KERN_PRECODE_MAX], *w = floats(env, 2 * (ports - 1) * KERN_PRECODE_MAX + 2 * layers);
	float *want[KERN_PRECODE_MAX], *got[KERN_PRECODE_MAX];
	bool same = true;

	for (size_t l = 0; l < layers; l++)
		in[l] = floats(env, 2 * n);
	for (size_t p = 0; p < ports; p++) {
		want[p] = room(2 * n);
		got[p] = room(2 * n);
	}
	env->ref->cf_precode(want, ports, in, layers, w, n);
	env->kern->cf_precode(got, ports, in, layers, w, n);
	for (size_t p = 0; p < ports; p++)
		same = same && near(want[p], got[p], 2 * n, 2e-6f * (1 + (float)layers));
	return same;
}

/* Four layers to four ports, of some blocks. */
static size_t bench_cf_precode(struct check_env *env)
{
	static float in[4][2 * 288], out[4][2 * 288], w[2 * 4 * KERN_PRECODE_MAX];
	const float *const from[] = { in[0], in[1], in[2], in[3] };
	float *const to[] = { out[0], out[1], out[2], out[3] };

	for (unsigned i = 0; i < 10; i++)
		env->kern->cf_precode(to, 4, from, 4, w, 288);
	return 10 * 288;
}

static bool check_cf_equalize(struct check_env *env)
{
	size_t n = check_range(env, 1, 100);
	const float *y = floats(env, 2 * n), *h = floats(env, 2 * n);
	float *x[2] = { room(2 * n), room(2 * n) }, *noise[2] = { room(n), room(n) };

	env->ref->cf_equalize(x[0], noise[0], y, h, 0.25f, n);
	env->kern->cf_equalize(x[1], noise[1], y, h, 0.25f, n);
	for (size_t i = 0; i < n; i++) {
		float per = 1 / hypotf(h[2 * i], h[2 * i + 1]);

		if (!near(x[0] + 2 * i, x[1] + 2 * i, 2, 4e-6f * per) ||
			!near(noise[0] + i, noise[1] + i, 1, 4e-6f * per * per))
			return false;
	}
	return true;
}

static size_t bench_cf_equalize(struct check_env *env)
{
	static float y[2 * 3276], h[2 * 3276], x[2 * 3276], noise[3276];

	h[0] = 1;
	env->kern->cf_equalize(x, noise, y, h, 1, 3276);
	return 3276;
}

const struct check check_chest[] = {
	CHECK(cf_windows, "window"),
	CHECK(cf_ramp, "sample"),
	CHECK(cf_combine, "sample"),
	CHECK(cf_precode, "RE"),
	CHECK(cf_equalize, "sample"),
	{ NULL },
};
