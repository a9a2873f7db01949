/* The reference of mapping bits to symbols. */
#include "radio/phy/kern/kern.h"

static void qam_map(float *out, const uint8_t *data, size_t n, unsigned bits, const float level[32])
{
	for (size_t i = 0; i < n; i++) {
		unsigned index[2] = { 0, 0 };

		for (unsigned b = 0; b < bits; b++) { /* even bits to the real axis, odd to the other */
			size_t at = i * bits + b;

			index[b % 2] = index[b % 2] << 1 | (data[at / 8] >> (7 - at % 8) & 1);
		}
		out[2 * i] = level[index[0]];
		out[2 * i + 1] = level[index[1]];
	}
}

void kern_ref_map(struct kern *k)
{
	k->qam_map = qam_map;
}
