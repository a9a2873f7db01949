/* The reference of soft demapping. */
#include "radio/phy/kern/kern.h"

#include <math.h>

/*
 * An axis has levels -2m+1 to 2m-1 in steps of 2. (min over s < 0 of (x-s)^2) - (min over s > 0) is odd in x,
 * and for x >= 0 a line between multiples of 2: 4 (j + 1) (x - j), with j = floor(x / 2), at most m - 1. A
 * quarter of it.
 */
static float sides(float x, unsigned m)
{
	float t = fabsf(x), j = floorf(t * 0.5f), last = (float)(m - 1);

	j = j < last ? j : last;
	return copysignf((j + 1) * (t - j), x);
}

static int8_t rounded(float v)
{
	v = v > -127 ? v : -127;
	v = v < 127 ? v : 127;
	return (int8_t)lrintf(v);
}

static void qam_demap(int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits)
{
	static const float unit[] = { 0, 0.70710678f, 0.31622777f, 0.15430335f, 0.07669650f, 0.03829198f };
	float a = unit[bits / 2], per_a = 1 / a;

	for (size_t i = 0; i < n; i++) {
		float scale = 4 * KERN_LLR_PER_NAT * a * a / (noise[i] > 1e-6f ? noise[i] : 1e-6f);

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
