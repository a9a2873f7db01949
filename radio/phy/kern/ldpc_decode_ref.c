/* The reference of the kernels of LDPC decoding. */
#include "radio/phy/kern/kern.h"

static int saturated(int v)
{
	return v > 127 ? 127 : v < -128 ? -128 : v;
}

/* Lane j of all edges. */
static bool lane(const struct kern_ldpc_row *row, size_t stride, size_t j)
{
	int values[KERN_LDPC_DEGREE];
	int least = 255, second = 255;
	int parity = 0, sign = 0;

	for (size_t i = 0; i < row->n; i++) {
		int llr = row->in[i][(j + row->turn[i]) % row->z];
		int v = saturated(llr - row->messages[i * stride + j]);
		int size = v < 0 ? -v : v;

		values[i] = v;
		parity ^= llr < 0;
		sign ^= v < 0;
		if (size < least) {
			second = least;
			least = size;
		} else if (size < second) {
			second = size;
		}
	}
	for (size_t i = 0; i < row->n; i++) {
		int v = values[i];
		int size = (v < 0 ? -v : v) == least ? second : least;
		int message = size > KERN_LDPC_OFFSET ? size - KERN_LDPC_OFFSET : 0;

		if (message > KERN_LDPC_MESSAGE_MAX)
			message = KERN_LDPC_MESSAGE_MAX;
		if (sign ^ (v < 0))
			message = -message;
		row->messages[i * stride + j] = (int8_t)message;
		row->out[i][j] = (int8_t)saturated(v + message);
	}
	return parity == 0;
}

static bool ldpc_row(const struct kern_ldpc_row *row)
{
	size_t stride = (row->z + 31) & ~(size_t)31;
	bool held = true;

	for (size_t j = 0; j < row->z; j++)
		held &= lane(row, stride, j);
	for (size_t i = 0; i < row->n; i++) {
		for (size_t j = 0; j < KERN_LDPC_MORE; j++)
			row->out[i][row->z + j] = row->out[i][j];
	}
	return held;
}

static void llr_signs(uint8_t *out, const int8_t *in, size_t n)
{
	for (size_t i = 0; i < (n + 7) / 8; i++)
		out[i] = 0;
	for (size_t i = 0; i < n; i++)
		out[i / 8] |= (uint8_t)((in[i] < 0) << (7 - i % 8));
}

void kern_ref_ldpc_decode(struct kern *k)
{
	k->ldpc_row = ldpc_row;
	k->llr_signs = llr_signs;
}
