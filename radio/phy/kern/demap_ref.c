/* The reference of soft demapping. */
#include "radio/phy/kern/kern.h"

#include <math.h>

/*
 * An axis has levels -2m+1 to 2m-1 in steps of 2. (min over s < 0 of (x-s)^2) - (min over s > 0) is, for x >=
 * 0, the largest of 2(1+p)x + 1 - p^2 over the levels p, and odd in x.
 */
static float sides(float x, unsigned m)
{
	float t = fabsf(x), best = 4 * t;

	for (unsigned p = 3; p < 2 * m; p += 2) {
		float v = (float)(2 * (1 + p)) * t - (float)(p * p - 1);

		best = best > v ? best : v;
	}
	return copysignf(best, x);
}

static int8_t rounded(float v)
{
	v = v > -127 ? v : -127;
	v = v < 127 ? v : 127;
	return (int8_t)lrintf(v);
}

static void qam_demap(int8_t *llr, const float *iq, const float *weight, size_t n, unsigned bits)
{
	static const float unit[] = { 0, 0.70710678f, 0.31622777f, 0.15430335f, 0.07669650f };
	float a = unit[bits / 2], per_a = 1 / a;

	for (size_t i = 0; i < n; i++) {
		float scale = weight[i] * (a * a);

		for (unsigned axis = 0; axis < 2; axis++) {
			unsigned m = 1u << (bits / 2 - 1);
			float x = iq[2 * i + axis] * per_a;

			llr[i * bits + axis] = rounded(sides(x, m) * scale);
			for (unsigned b = 2; b < bits; b += 2) { /* the next bit: 0 for the inner half */
				x = (float)m - fabsf(x);
				m /= 2;
				llr[i * bits + b + axis] = rounded(sides(x, m) * scale);
			}
		}
	}
}

void kern_ref_demap(struct kern *k)
{
	k->qam_demap = qam_demap;
}
