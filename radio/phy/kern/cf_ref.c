/* The reference of the kernels on arrays of complex floats. */
#include "radio/phy/kern/kern.h"

#include <math.h>

static void cf_scale(float *out, const float *in, size_t n, float re, float im)
{
	for (size_t i = 0; i < 2 * n; i += 2) {
		float a = in[i], b = in[i + 1];

		out[i] = a * re - b * im;
		out[i + 1] = b * re + a * im;
	}
}

static void cf_mul_conj(float *out, const float *a, const float *b, size_t n)
{
	for (size_t i = 0; i < 2 * n; i += 2) {
		float re = a[i] * b[i] + a[i + 1] * b[i + 1], im = a[i + 1] * b[i] - a[i] * b[i + 1];

		out[i] = re;
		out[i + 1] = im;
	}
}

static void cf_dot_conj(float sum[2], const float *a, const float *b, size_t n)
{
	double re = 0, im = 0;

	for (size_t i = 0; i < 2 * n; i += 2) {
		re += a[i] * b[i] + a[i + 1] * b[i + 1];
		im += a[i + 1] * b[i] - a[i] * b[i + 1];
	}
	sum[0] = (float)re;
	sum[1] = (float)im;
}

static float cf_energy(const float *in, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < 2 * n; i++)
		sum += in[i] * in[i];
	return (float)sum;
}

static void cf_deal(float *const *out, const float *in, size_t count, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t r = 0; r < count; r++) {
			out[r][2 * i] = *in++;
			out[r][2 * i + 1] = *in++;
		}
	}
}

static void ci16_to_cf(float *out, const int16_t *in, size_t n, float scale)
{
	for (size_t i = 0; i < 2 * n; i++)
		out[i] = (float)in[i] * scale;
}

static void cf_to_ci16(int16_t *out, const float *in, size_t n, float scale)
{
	for (size_t i = 0; i < 2 * n; i++) {
		float v = in[i] * scale;

		v = v > -32767 ? v : -32767;
		v = v < 32767 ? v : 32767;
		out[i] = (int16_t)lrintf(v);
	}
}

void kern_ref_cf(struct kern *k)
{
	k->cf_scale = cf_scale;
	k->cf_mul_conj = cf_mul_conj;
	k->cf_dot_conj = cf_dot_conj;
	k->cf_energy = cf_energy;
	k->cf_deal = cf_deal;
	k->ci16_to_cf = ci16_to_cf;
	k->cf_to_ci16 = cf_to_ci16;
}
