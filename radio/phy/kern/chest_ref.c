/* The references of channel estimation and equalisation. */
#include "radio/phy/kern/kern.h"

#include <math.h>

static void cf_windows(
	float *out, const float *in, const float *m, size_t rows, size_t cols, size_t stride, size_t blocks)
{
	for (size_t b = 0; b < blocks; b++) {
		for (size_t r = 0; r < rows; r++) {
			float re = 0, im = 0;

			for (size_t j = 0; j < cols; j++) {
				re += m[j * stride + r] * in[2 * (b + j)];
				im += m[j * stride + r] * in[2 * (b + j) + 1];
			}
			out[2 * (b * rows + r)] = re;
			out[2 * (b * rows + r) + 1] = im;
		}
	}
}

static void cf_ramp(float *out, const float *in, size_t n, float phase, float step)
{
	for (size_t i = 0; i < n; i++) {
		double a = (double)phase + (double)step * (double)i;
		float c = (float)cos(a), s = (float)sin(a), re = in[2 * i], im = in[2 * i + 1];

		out[2 * i] = re * c - im * s;
		out[2 * i + 1] = re * s + im * c;
	}
}

static void cf_combine(float *out, const float *const *in, const float *w, size_t count, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float re = 0, im = 0;

		for (size_t d = 0; d < count; d++) {
			re += in[d][2 * i] * w[2 * d] - in[d][2 * i + 1] * w[2 * d + 1];
			im += in[d][2 * i] * w[2 * d + 1] + in[d][2 * i + 1] * w[2 * d];
		}
		out[2 * i] = re;
		out[2 * i + 1] = im;
	}
}

static void cf_precode(
	float *const *out, size_t ports, const float *const *in, size_t layers, const float *w, size_t n)
{
	for (size_t p = 0; p < ports; p++)
		cf_combine(out[p], in, w + 2 * p * KERN_PRECODE_MAX, layers, n);
}

static void cf_equalize(float *x, float *noise, const float *y, const float *h, float n0, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		float hr = h[2 * i], hi = h[2 * i + 1], yr = y[2 * i], yi = y[2 * i + 1];
		float per = 1 / (hr * hr + hi * hi + KERN_EQUALIZE_LEAST);

		x[2 * i] = (yr * hr + yi * hi) * per;
		x[2 * i + 1] = (yi * hr - yr * hi) * per;
		noise[i] = n0 * per;
	}
}

void kern_ref_chest(struct kern *k)
{
	k->cf_windows = cf_windows;
	k->cf_ramp = cf_ramp;
	k->cf_combine = cf_combine;
	k->cf_precode = cf_precode;
	k->cf_equalize = cf_equalize;
}
