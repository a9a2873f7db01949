/* The reference of the kernels of rate matching. */
#include "radio/phy/kern/kern.h"

static void bits_interleave(uint8_t *out, const uint8_t *in, size_t cols, unsigned q)
{
	for (size_t i = 0; i < (cols * q + 7) / 8; i++)
		out[i] = 0;
	for (size_t j = 0; j < cols; j++) {
		for (unsigned i = 0; i < q; i++) {
			size_t from = i * cols + j;
			size_t to = j * q + i;

			out[to / 8] |= (uint8_t)((in[from / 8] >> (7 - from % 8) & 1) << (7 - to % 8));
		}
	}
}

static void llr_deinterleave(int8_t *out, const int8_t *in, size_t cols, unsigned q)
{
	for (unsigned i = 0; i < q; i++) {
		for (size_t j = 0; j < cols; j++)
			out[i * cols + j] = in[j * q + i];
	}
}

static void llr_add(int8_t *acc, const int8_t *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int sum = acc[i] + x[i];

		acc[i] = (int8_t)(sum > 127 ? 127 : sum < -128 ? -128 : sum);
	}
}

void kern_ref_ratematch(struct kern *k)
{
	k->bits_interleave = bits_interleave;
	k->llr_deinterleave = llr_deinterleave;
	k->llr_add = llr_add;
}
