/* The reference of the kernel of LDPC encoding. */
#include "radio/phy/kern/kern.h"

static void ldpc_sum(
	uint8_t *out, const uint8_t *columns, const struct kern_ldpc_edge *edges, size_t n, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = 0;
	for (size_t e = 0; e < n; e++) {
		const uint8_t *at = columns + (size_t)edges[e].col * KERN_LDPC_TWICE + edges[e].shift / 8;
		unsigned left = edges[e].shift % 8;

		for (size_t i = 0; i < len; i++)
			out[i] ^= (uint8_t)((at[i] << 8 | at[i + 1]) >> (8 - left));
	}
}

void kern_ref_ldpc(struct kern *k)
{
	k->ldpc_sum = ldpc_sum;
}
