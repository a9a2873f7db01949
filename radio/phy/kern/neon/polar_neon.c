/* The kernels of polar decoding on NEON: eight values at a time. */
#include <arm_neon.h>

#include "radio/phy/kern/kern.h"

static void polar_f(int16_t *out, const int16_t *a, const int16_t *b, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		int16x8_t x = vld1q_s16(a + i), y = vld1q_s16(b + i);
		int16x8_t least = vminq_s16(vabsq_s16(x), vabsq_s16(y)),
			  sign = vshrq_n_s16(veorq_s16(x, y), 15);

		vst1q_s16(out + i, vsubq_s16(veorq_s16(least, sign), sign));
	}
	for (; i < n; i++) {
		int16_t x = a[i] < 0 ? (int16_t)-a[i] : a[i], y = b[i] < 0 ? (int16_t)-b[i] : b[i];
		int16_t least = x < y ? x : y, sign = (int16_t)((a[i] ^ b[i]) >> 15);

		out[i] = (int16_t)((least ^ sign) - sign);
	}
}

static void polar_g(int16_t *out, const int16_t *a, const int16_t *b, const int16_t *u, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		int16x8_t s = vld1q_s16(u + i), x = vsubq_s16(veorq_s16(vld1q_s16(a + i), s), s);

		vst1q_s16(out + i, vmaxq_s16(vqaddq_s16(vld1q_s16(b + i), x), vdupq_n_s16(-32767)));
	}
	for (; i < n; i++) {
		int32_t v = b[i] + (a[i] ^ u[i]) - u[i];

		out[i] = (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
	}
}

void kern_neon_polar(struct kern *k)
{
	k->polar_f = polar_f;
	k->polar_g = polar_g;
}
