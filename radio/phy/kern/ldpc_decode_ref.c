/* The reference of the kernels of LDPC decoding. */
#include "radio/phy/kern/kern.h"

static int saturated(int v)
{
	return v > 127 ? 127 : v < -128 ? -128 : v;
}

/* The three least sizes of a check. */
struct least {
	int size[3];
};

static void take_size(struct least *l, int size)
{
	for (int i = 0; i < 3; i++) {
		if (size < l->size[i]) {
			int larger = l->size[i];

			l->size[i] = size;
			size = larger;
		}
	}
}

/* See kern.h. The three ways in which the size of a message is made. */
struct sizes {
	int of_most, of_second, of_least;
};

static int softening(int x)
{
	static const int8_t t[16] = { KERN_LDPC_SOFTENING };

	return x < 16 ? t[x] : 0;
}

static int plus(int twice, int x, int y)
{
	int sum = twice + softening(x + y) - softening(y - x);

	return sum > 0 ? sum : 0;
}

static int halved(int twice, int off)
{
	return ((twice > off ? twice - off : 0) + 1) / 2;
}

static struct sizes sizes_of(const struct least *l, size_t n)
{
	int most = KERN_LDPC_MESSAGE_MAX, a = l->size[0] < most ? l->size[0] : most;
	int b = l->size[1] < most ? l->size[1] : most, off = n > 4 ? 2 : 1, p = plus(2 * a, a, l->size[1]);

	if (n > 3)
		p = plus(p, (p + 1) / 2, l->size[2]);
	return (struct sizes){ halved(p, n > 6 ? 2 : 1), halved(plus(2 * a, a, l->size[2]), off),
		halved(plus(2 * b, b, l->size[2]), off) };
}

/* The quick rule: m is the least size among the others, next the one after it. */
static int quick_size(int m, int next)
{
	int less = 1 + ((next - m) / 2 < 2 ? 2 - (next - m) / 2 : 0);
	int size = m - less > m / 2 ? m - less : m / 2;

	return size > KERN_LDPC_MESSAGE_MAX ? KERN_LDPC_MESSAGE_MAX : size;
}

/* Lane j of all edges: whether its check did not hold. */
static bool lane(const struct kern_ldpc_row *row, size_t stride, size_t j)
{
	int values[KERN_LDPC_DEGREE];
	struct least least = { { 255, 255, 255 } };
	struct sizes sizes;
	int parity = 0, sign = 0;

	for (size_t i = 0; i < row->n; i++) {
		int llr = row->in[i][(j + row->turn[i]) % row->z];
		int v = saturated(llr - (row->rule == KERN_LDPC_FIRST ? 0 : row->messages[i * stride + j]));

		values[i] = v;
		parity ^= llr < 0;
		sign ^= v < 0;
		take_size(&least, v < 0 ? -v : v);
	}
	sizes = sizes_of(&least, row->n);
	if (row->rule != KERN_LDPC_FULL)
		sizes = (struct sizes){ quick_size(least.size[0], least.size[1]),
			quick_size(least.size[0], least.size[1]), quick_size(least.size[1], least.size[2]) };
	else if (row->n > 10)
		sizes.of_second = sizes.of_most;
	for (size_t i = 0; i < row->n; i++) {
		int v = values[i], size = v < 0 ? -v : v;
		int message = size == least.size[0]   ? sizes.of_least
			      : size == least.size[1] ? sizes.of_second
						      : sizes.of_most;

		if (sign ^ (v < 0))
			message = -message;
		row->messages[i * stride + j] = (int8_t)message;
		row->out[i][j] = (int8_t)saturated(v + message);
	}
	return parity;
}

static size_t ldpc_row(const struct kern_ldpc_row *row)
{
	size_t stride = (row->z + KERN_LDPC_MORE - 1) / KERN_LDPC_MORE * KERN_LDPC_MORE;
	size_t more = row->z < KERN_LDPC_MORE ? row->z : KERN_LDPC_MORE;
	size_t failed = 0;

	for (size_t j = 0; j < row->z; j++)
		failed += lane(row, stride, j);
	for (size_t i = 0; i < row->n; i++) {
		for (size_t j = 0; j < more; j++)
			row->out[i][row->z + j] = row->out[i][j];
	}
	return failed;
}

static void llr_clip(int8_t *out, const int8_t *in, size_t n, int limit)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (int8_t)(in[i] > limit ? limit : in[i] < -limit ? -limit : in[i]);
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
	k->llr_clip = llr_clip;
	k->llr_signs = llr_signs;
}
