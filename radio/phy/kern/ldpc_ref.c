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

void kern_ref_ldpc(struct kern *k)
{
	k->xor_rows = xor_rows;
}
