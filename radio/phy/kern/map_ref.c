/* The reference of mapping bits to symbols. */
#include "radio/phy/kern/kern.h"

static void qam_map(
	float *const *out, size_t rows, const uint8_t *data, size_t n, unsigned bits, const float level[32])
{
	for (size_t i = 0; i < rows * n; i++) {
		float *to = out[i % rows] + i / rows * 2;
		unsigned index[2] = { 0, 0 };

		for (unsigned b = 0; b < bits; b++) { /* even bits to the real axis, odd to the other */
			size_t at = i * bits + b;

			index[b % 2] = index[b % 2] << 1 | (data[at / 8] >> (7 - at % 8) & 1);
		}
		to[0] = level[index[0]];
		to[1] = level[index[1]];
	}
}

void kern_ref_map(struct kern *k)
{
	k->qam_map = qam_map;
}
