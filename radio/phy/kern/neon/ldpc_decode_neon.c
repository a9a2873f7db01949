/* The kernels of LDPC decoding on NEON: 16 lanes at a time. */
#include <arm_neon.h>

#include "radio/phy/kern/kern.h"

/* See kern.h: twice the size of x and y. A table look-up makes 0 of indexes from 16 on. */
static inline uint8x16_t plus(uint8x16_t twice, uint8x16_t x, uint8x16_t y)
{
	static const uint8_t softening[16] = { KERN_LDPC_SOFTENING };
	uint8x16_t t = vld1q_u8(softening);
	uint8x16_t near = vqtbl1q_u8(t, vsubq_u8(y, x)), far = vqtbl1q_u8(t, vqaddq_u8(y, x));

	return vqsubq_u8(vaddq_u8(twice, far), near);
}

static inline uint8x16_t halved(uint8x16_t twice, uint8_t off)
{
	return vrhaddq_u8(vqsubq_u8(twice, vdupq_n_u8(off)), vdupq_n_u8(0));
}

/* The three ways in which the size of a message is made. */
struct sizes {
	uint8x16_t of_most, of_second, of_least;
};

static inline struct sizes sizes_of(uint8x16_t least, uint8x16_t second, uint8x16_t third, size_t n)
{
	const uint8x16_t cap = vdupq_n_u8(KERN_LDPC_MESSAGE_MAX);
	uint8x16_t a = vminq_u8(least, cap), b = vminq_u8(second, cap), a2 = vaddq_u8(a, a);
	uint8x16_t p = plus(a2, a, second);
	uint8_t off = n > 4 ? 2 : 1;

	if (n > 3)
		p = plus(p, vrhaddq_u8(p, vdupq_n_u8(0)), third);
	return (struct sizes){ halved(p, n > 6 ? 2 : 1), halved(plus(a2, a, third), off),
		halved(plus(vaddq_u8(b, b), b, third), off) };
}

/* The quick rule: m is the least of the others and next the one after it. */
static inline uint8x16_t quick_size(uint8x16_t m, uint8x16_t next)
{
	uint8x16_t doubt = vqsubq_u8(vdupq_n_u8(5), vsubq_u8(next, m));
	uint8x16_t less = vminq_u8(vrhaddq_u8(doubt, vdupq_n_u8(1)), vrhaddq_u8(m, vdupq_n_u8(0)));

	return vminq_u8(vsubq_u8(m, less), vdupq_n_u8(KERN_LDPC_MESSAGE_MAX));
}

static inline uint8x16_t size_of(int8x16_t v)
{
	return vreinterpretq_u8_s8(vabsq_s8(v));
}

/* The 16 lanes from j; ones where the check did not hold. row->out keeps the inputs of the check meanwhile.
 */
static inline uint8x16_t lanes(const struct kern_ldpc_row *row, size_t stride, size_t j)
{
	uint8x16_t least = vdupq_n_u8(255), second = least, third = least;
	int8x16_t parity = vdupq_n_s8(0), sign = parity;
	struct sizes sizes;

	for (size_t i = 0; i < row->n; i++) {
		size_t at = j + row->turn[i];
		int8x16_t llr = vld1q_s8(row->in[i] + (at >= row->z ? at - row->z : at));
		int8x16_t v = llr;
		uint8x16_t size, larger;

		if (row->rule != KERN_LDPC_FIRST)
			v = vqsubq_s8(llr, vld1q_s8(row->messages + i * stride + j));
		size = size_of(v);
		larger = vmaxq_u8(size, least);
		parity = veorq_s8(parity, llr);
		sign = veorq_s8(sign, v);
		least = vminq_u8(least, size);
		third = vminq_u8(third, vmaxq_u8(larger, second));
		second = vminq_u8(second, larger);
		vst1q_s8(row->out[i] + j, v);
	}
	if (row->rule != KERN_LDPC_FULL)
		sizes = (struct sizes){ quick_size(least, second), least, quick_size(second, third) };
	else
		sizes = sizes_of(least, second, third, row->n);
	for (size_t i = 0; i < row->n; i++) {
		int8x16_t v = vld1q_s8(row->out[i] + j), message;
		uint8x16_t size = size_of(v), of = sizes.of_most;

		if (row->rule == KERN_LDPC_FULL && row->n <= 10)
			of = vbslq_u8(vceqq_u8(size, second), sizes.of_second, of);
		of = vbslq_u8(vceqq_u8(size, least), sizes.of_least, of);
		message = vreinterpretq_s8_u8(of);
		message = vbslq_s8(vcltzq_s8(veorq_s8(sign, v)), vnegq_s8(message), message);
		vst1q_s8(row->messages + i * stride + j, message);
		vst1q_s8(row->out[i] + j, vqaddq_s8(v, message));
	}
	return vshrq_n_u8(vreinterpretq_u8_s8(parity), 7);
}

static size_t ldpc_row(const struct kern_ldpc_row *row)
{
	static const uint8_t count[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	size_t stride = (row->z + KERN_LDPC_MORE - 1) / KERN_LDPC_MORE * KERN_LDPC_MORE;
	size_t failed = 0;

	for (size_t j = 0; j < row->z; j += 16) {
		uint8x16_t here = lanes(row, stride, j);

		if (row->z - j < 16)
			here = vandq_u8(here, vcltq_u8(vld1q_u8(count), vdupq_n_u8((uint8_t)(row->z - j))));
		failed += vaddvq_u8(here);
	}
	for (size_t i = 0; i < row->n; i++) {
		int8x16_t first[KERN_LDPC_MORE / 16];

		for (size_t k = 0; k < KERN_LDPC_MORE / 16; k++)
			first[k] = vld1q_s8(row->out[i] + 16 * k);
		for (size_t k = 0; k < KERN_LDPC_MORE / 16; k++)
			vst1q_s8(row->out[i] + row->z + 16 * k, first[k]);
	}
	return failed;
}

static void llr_clip(int8_t *out, const int8_t *in, size_t n, int limit)
{
	const int8x16_t high = vdupq_n_s8((int8_t)limit), low = vdupq_n_s8((int8_t)-limit);
	size_t i = 0;

	for (; i + 16 <= n; i += 16)
		vst1q_s8(out + i, vmaxq_s8(low, vminq_s8(high, vld1q_s8(in + i))));
	for (; i < n; i++)
		out[i] = (int8_t)(in[i] > limit ? limit : in[i] < -limit ? -limit : in[i]);
}

static void llr_signs(uint8_t *out, const int8_t *in, size_t n)
{
	static const uint8_t places[8] = { 0x80, 0x40, 0x20, 0x10, 8, 4, 2, 1 };
	const uint8x8_t bits = vld1_u8(places);
	size_t i = 0;

	for (; i + 8 <= n; i += 8)
		out[i / 8] = vaddv_u8(vand_u8(bits, vcltz_s8(vld1_s8(in + i))));
	if (i < n)
		out[i / 8] = 0;
	for (; i < n; i++)
		out[i / 8] |= (uint8_t)((in[i] < 0) << (7 - i % 8));
}

static void llr_add(int8_t *acc, const int8_t *x, size_t n)
{
	size_t i = 0;

	for (; i + 16 <= n; i += 16)
		vst1q_s8(acc + i, vqaddq_s8(vld1q_s8(acc + i), vld1q_s8(x + i)));
	for (; i < n; i++) {
		int sum = acc[i] + x[i];

		acc[i] = (int8_t)(sum > 127 ? 127 : sum < -128 ? -128 : sum);
	}
}

void kern_neon_ldpc_decode(struct kern *k)
{
	k->ldpc_row = ldpc_row;
	k->llr_clip = llr_clip;
	k->llr_signs = llr_signs;
	k->llr_add = llr_add;
}
