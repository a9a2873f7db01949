/* The reference of the LDPC kernels. */
#include "radio/phy/kern/kern.h"

static void xor_rows(uint8_t *out, const uint8_t *const *in, size_t n, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t x = in[0][i];

		for (size_t r = 1; r < n; r++)
			x ^= in[r][i];
		out[i] = x;
	}
}

static void bits_spread(uint8_t *out, size_t stride, const uint8_t *in, size_t len)
{
	for (unsigned s = 0; s < 8; s++, out += stride) {
		for (size_t i = 0; i < len; i++)
			out[i] = (uint8_t)(in[i] << s | (i + 1 < len ? in[i + 1] >> (8 - s) : 0));
	}
}

void kern_ref_ldpc(struct kern *k)
{
	k->xor_rows = xor_rows;
	k->bits_spread = bits_spread;
}
