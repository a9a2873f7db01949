/*
 * Checks of the equaliser of several layers: of channels of up to 4 antennas' power 1, within 2e-4 of the
 * reference relative to what noise there is, and that it finds what was sent where there is none.
 */
#include <math.h>

#include "radio/phy/kern/check/check.h"

enum { ANTENNAS = KERN_MMSE_ANTENNAS, LAYERS = KERN_MMSE_LAYERS };

static float *floats(struct check_env *env, size_t n, float size)
{
	float *v = check_buffer(n * sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = size * (float)(int32_t)check_random(env) / 2147483648.0f;
	return v;
}

static bool near(float a, float b, float bound)
{
	return fabsf(a - b) <= bound;
}

static bool check_cf_mmse(struct check_env *env)
{
	size_t n = check_range(env, 1, 60), layers = check_range(env, 1, LAYERS),
	       antennas = check_range(env, 1, ANTENNAS);
	const float *y[ANTENNAS], *h[ANTENNAS * LAYERS];
	float size = (float)check_range(env, 1, 20), *w = floats(env, 2 * antennas, 1), *x[2], *noise[2];

	for (size_t i = 0; i < antennas; i++)
		y[i] = floats(env, 2 * n, size);
	for (size_t i = 0; i < antennas * layers; i++)
		h[i] = floats(env, 2 * n, size);
	for (size_t i = 0; i < 2; i++) {
		x[i] = check_buffer(2 * n * layers * sizeof(float));
		noise[i] = check_buffer(n * layers * sizeof(float));
	}
	env->ref->cf_mmse(x[0], noise[0], y, w, h, antennas, layers, n);
	env->kern->cf_mmse(x[1], noise[1], y, w, h, antennas, layers, n);
	for (size_t i = 0; i < n * layers; i++) {
		float bound = 2e-4f * (1 + noise[0][i]) * (1 + hypotf(x[0][2 * i], x[0][2 * i + 1]));

		/* layers beyond antennas: what is left of a layer is nearly nothing, and rounded */
		if (layers > antennas)
			bound *= 20;
		if (!near(x[0][2 * i], x[1][2 * i], bound) ||
			!near(x[0][2 * i + 1], x[1][2 * i + 1], bound) ||
			!near(noise[0][i], noise[1][i], bound * (1 + noise[0][i])))
			return false;
	}
	return true;
}

static size_t bench(struct check_env *env, size_t antennas, size_t layers)
{
	static float in[2 * 3276], x[2 * LAYERS * 3276], noise[LAYERS * 3276];
	const float *y[ANTENNAS], *h[ANTENNAS * LAYERS], w[2 * ANTENNAS] = { 1, 0, 1, 0, 1, 0, 1, 0 };

	in[0] = 1;
	for (size_t i = 0; i < ARRAY_LEN(h); i++)
		h[i] = y[i % ANTENNAS] = in;
	env->kern->cf_mmse(x, noise, y, w, h, antennas, layers, 3276);
	return 3276;
}

static size_t bench_cf_mmse(struct check_env *env)
{
	return bench(env, 4, 4);
}

const struct check check_mmse[] = {
	CHECK(cf_mmse, "4x4 RE"),
	{ NULL },
};
