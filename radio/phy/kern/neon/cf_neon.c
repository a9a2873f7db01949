/* The kernels on arrays of complex floats on NEON: four at once, and what is left one by one. */
#include <arm_neon.h>
#include <math.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 8 }; /* floats */

static void cf_scale(float *out, const float *in, size_t n, float re, float im)
{
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		float32x4x2_t x = vld2q_f32(in + i), y;

		y.val[0] = vmlsq_n_f32(vmulq_n_f32(x.val[0], re), x.val[1], im);
		y.val[1] = vmlaq_n_f32(vmulq_n_f32(x.val[1], re), x.val[0], im);
		vst2q_f32(out + i, y);
	}
	for (; i < 2 * n; i += 2) {
		float a = in[i], b = in[i + 1];

		out[i] = a * re - b * im;
		out[i + 1] = b * re + a * im;
	}
}

static void cf_mul_conj(float *out, const float *a, const float *b, size_t n)
{
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		float32x4x2_t x = vld2q_f32(a + i), y = vld2q_f32(b + i), z;

		z.val[0] = vmlaq_f32(vmulq_f32(x.val[0], y.val[0]), x.val[1], y.val[1]);
		z.val[1] = vmlsq_f32(vmulq_f32(x.val[1], y.val[0]), x.val[0], y.val[1]);
		vst2q_f32(out + i, z);
	}
	for (; i < 2 * n; i += 2) {
		float re = a[i] * b[i] + a[i + 1] * b[i + 1], im = a[i + 1] * b[i] - a[i] * b[i + 1];

		out[i] = re;
		out[i + 1] = im;
	}
}

static void cf_dot_conj(float sum[2], const float *a, const float *b, size_t n)
{
	float32x4_t re = vdupq_n_f32(0), im = re;
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		float32x4x2_t x = vld2q_f32(a + i), y = vld2q_f32(b + i);

		re = vmlaq_f32(vmlaq_f32(re, x.val[0], y.val[0]), x.val[1], y.val[1]);
		im = vmlsq_f32(vmlaq_f32(im, x.val[1], y.val[0]), x.val[0], y.val[1]);
	}
	sum[0] = vaddvq_f32(re);
	sum[1] = vaddvq_f32(im);
	for (; i < 2 * n; i += 2) {
		sum[0] += a[i] * b[i] + a[i + 1] * b[i + 1];
		sum[1] += a[i + 1] * b[i] - a[i] * b[i + 1];
	}
}

static float cf_energy(const float *in, size_t n)
{
	float32x4_t part[2] = { vdupq_n_f32(0), vdupq_n_f32(0) };
	float sum;
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		float32x4_t a = vld1q_f32(in + i), b = vld1q_f32(in + i + 4);

		part[0] = vmlaq_f32(part[0], a, a);
		part[1] = vmlaq_f32(part[1], b, b);
	}
	sum = vaddvq_f32(vaddq_f32(part[0], part[1]));
	for (; i < 2 * n; i++)
		sum += in[i] * in[i];
	return sum;
}

static void ci16_to_cf(float *out, const int16_t *in, size_t n, float scale)
{
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		int16x8_t x = vld1q_s16(in + i);

		vst1q_f32(out + i, vmulq_n_f32(vcvtq_f32_s32(vmovl_s16(vget_low_s16(x))), scale));
		vst1q_f32(out + i + 4, vmulq_n_f32(vcvtq_f32_s32(vmovl_high_s16(x)), scale));
	}
	for (; i < 2 * n; i++)
		out[i] = (float)in[i] * scale;
}

void kern_neon_cf(struct kern *k)
{
	k->cf_scale = cf_scale;
	k->cf_mul_conj = cf_mul_conj;
	k->cf_dot_conj = cf_dot_conj;
	k->cf_energy = cf_energy;
	k->ci16_to_cf = ci16_to_cf;
}
