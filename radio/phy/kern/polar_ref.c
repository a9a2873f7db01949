/* The reference of the polar kernels. */
#include "radio/phy/kern/kern.h"

static void polar_f(int16_t *out, const int16_t *a, const int16_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int16_t x = a[i] < 0 ? (int16_t)-a[i] : a[i], y = b[i] < 0 ? (int16_t)-b[i] : b[i];
		int16_t least = x < y ? x : y, sign = (int16_t)((a[i] ^ b[i]) >> 15);

		out[i] = (int16_t)((least ^ sign) - sign);
	}
}

static void polar_g(int16_t *out, const int16_t *a, const int16_t *b, const int16_t *u, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int32_t v = b[i] + (a[i] ^ u[i]) - u[i];

		out[i] = (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
	}
}

void kern_ref_polar(struct kern *k)
{
	k->polar_f = polar_f;
	k->polar_g = polar_g;
}
