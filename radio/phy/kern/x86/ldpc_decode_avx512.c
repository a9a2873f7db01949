/* The kernels of LDPC decoding on AVX-512: 64 lanes at a time. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

#define ALWAYS_INLINE inline __attribute__((always_inline))

static ALWAYS_INLINE __m512i load(const int8_t *at)
{
	return _mm512_loadu_si512(at);
}

/* See kern.h. Twice the size of x and what far112 is 112 more than; twice is about 2 x. A shuffle makes 0 of
 * indexes from 128 on. */
static ALWAYS_INLINE __m512i plus(__m512i twice, __m512i x, __m512i far112)
{
	const __m512i t = _mm512_broadcast_i32x4(_mm_setr_epi8(KERN_LDPC_SOFTENING));
	__m512i near = _mm512_shuffle_epi8(t, _mm512_sub_epi8(far112, x));
	__m512i far = _mm512_shuffle_epi8(t, _mm512_adds_epu8(far112, x));

	return _mm512_subs_epu8(_mm512_add_epi8(twice, far), near);
}

static ALWAYS_INLINE __m512i halved(__m512i twice, int off)
{
	return _mm512_avg_epu8(_mm512_subs_epu8(twice, _mm512_set1_epi8((char)off)), _mm512_setzero_si512());
}

/* The three ways in which the size of a message is made. */
struct sizes {
	__m512i of_most, of_second, of_least;
};

static ALWAYS_INLINE struct sizes sizes_of(__m512i least, __m512i second, __m512i third, size_t n)
{
	const __m512i cap = _mm512_set1_epi8(KERN_LDPC_MESSAGE_MAX), more = _mm512_set1_epi8(112);
	__m512i second112 = _mm512_add_epi8(second, more), third112 = _mm512_add_epi8(third, more);
	__m512i a = _mm512_min_epu8(least, cap), b = _mm512_min_epu8(second, cap), a2 = _mm512_add_epi8(a, a);
	__m512i p = plus(a2, a, second112);
	int off = n > 4 ? 2 : 1;

	if (n > 3)
		p = plus(p, _mm512_avg_epu8(p, _mm512_setzero_si512()), third112);
	return (struct sizes){ halved(p, n > 6 ? 2 : 1), halved(plus(a2, a, third112), off),
		halved(plus(_mm512_add_epi8(b, b), b, third112), off) };
}

/* The quick rule: m is the least of the others and next the one after it. */
static ALWAYS_INLINE __m512i quick_size(__m512i m, __m512i next)
{
	__m512i doubt = _mm512_subs_epu8(_mm512_set1_epi8(5), _mm512_sub_epi8(next, m));
	__m512i less = _mm512_min_epu8(
		_mm512_avg_epu8(doubt, _mm512_set1_epi8(1)), _mm512_avg_epu8(m, _mm512_setzero_si512()));

	return _mm512_min_epu8(_mm512_sub_epi8(m, less), _mm512_set1_epi8(KERN_LDPC_MESSAGE_MAX));
}

/*
 * The 64 lanes from j of a check of n edges, whose values stay in registers; `again` is where else to write
 * them behind the beginning of a column. Returns the lanes whose check did not hold.
 */
static ALWAYS_INLINE __mmask64 lanes(const struct kern_ldpc_row *row, size_t n, enum kern_ldpc_rule rule,
	int8_t *messages, size_t stride, size_t j, size_t again)
{
	__m512i v[KERN_LDPC_DEGREE] = { 0 };
	__m512i least = _mm512_set1_epi8(-1), second = least, third = least;
	__m512i parity = _mm512_setzero_si512(), sign = parity;
	struct sizes sizes;

#pragma GCC unroll 19
	for (size_t i = 0; i < n; i++) {
		size_t at = j + row->turn[i];
		__m512i llr = load(row->in[i] + (at >= row->z ? at - row->z : at));
		__m512i size, larger;

		v[i] = rule == KERN_LDPC_FIRST ? llr : _mm512_subs_epi8(llr, load(messages + i * stride));
		size = _mm512_abs_epi8(v[i]);
		parity = _mm512_xor_si512(parity, llr);
		sign = _mm512_xor_si512(sign, v[i]);
		larger = _mm512_max_epu8(size, least);
		least = _mm512_min_epu8(least, size);
		third = _mm512_min_epu8(third, _mm512_max_epu8(larger, second));
		second = _mm512_min_epu8(second, larger);
	}
	if (rule != KERN_LDPC_FULL)
		sizes = (struct sizes){ quick_size(least, second), least, quick_size(second, third) };
	else
		sizes = sizes_of(least, second, third, n);
#pragma GCC unroll 19
	for (size_t i = 0; i < n; i++) {
		__m512i size = _mm512_abs_epi8(v[i]), message = sizes.of_most;
		__mmask64 negative = _mm512_movepi8_mask(_mm512_xor_si512(sign, v[i]));

		if (rule == KERN_LDPC_FULL && n <= 10)
			message = _mm512_mask_blend_epi8(
				_mm512_cmpeq_epi8_mask(size, second), message, sizes.of_second);
		message =
			_mm512_mask_blend_epi8(_mm512_cmpeq_epi8_mask(size, least), message, sizes.of_least);
		message = _mm512_mask_sub_epi8(message, negative, _mm512_setzero_si512(), message);
		_mm512_storeu_si512(messages + i * stride, message);
		v[i] = _mm512_adds_epi8(v[i], message);
		_mm512_storeu_si512(row->out[i] + j, v[i]);
		if (j == 0)
			_mm512_storeu_si512(row->out[i] + again, v[i]);
	}
	return _mm512_movepi8_mask(parity);
}

/* The last lanes first, so that what they write behind the end is overwritten by the beginning. */
static ALWAYS_INLINE size_t row_of(const struct kern_ldpc_row *row, size_t n, enum kern_ldpc_rule rule)
{
	size_t z = row->z;
	size_t stride = (z + 63) & ~(size_t)63;
	__mmask64 mask = ~(__mmask64)0 >> (stride - z);
	size_t failed = 0;

	for (size_t j = stride - 64; j > 0; j -= 64) {
		failed += (size_t)_mm_popcnt_u64(lanes(row, n, rule, row->messages + j, stride, j, z) & mask);
		mask = ~(__mmask64)0;
	}
	return failed + (size_t)_mm_popcnt_u64(lanes(row, n, rule, row->messages, stride, 0, z) & mask);
}

/* The degrees of the base graphs have code of their own. */
static ALWAYS_INLINE size_t row_of_degree(const struct kern_ldpc_row *row, enum kern_ldpc_rule rule)
{
	switch (row->n) {
	case 3:
		return row_of(row, 3, rule);
	case 4:
		return row_of(row, 4, rule);
	case 5:
		return row_of(row, 5, rule);
	case 6:
		return row_of(row, 6, rule);
	case 7:
		return row_of(row, 7, rule);
	case 8:
		return row_of(row, 8, rule);
	case 9:
		return row_of(row, 9, rule);
	case 10:
		return row_of(row, 10, rule);
	case 19:
		return row_of(row, 19, rule);
	default:
		return row_of(row, row->n, rule);
	}
}

static size_t ldpc_row(const struct kern_ldpc_row *row)
{
	switch (row->rule) {
	case KERN_LDPC_FIRST:
		return row_of_degree(row, KERN_LDPC_FIRST);
	case KERN_LDPC_QUICK:
		return row_of_degree(row, KERN_LDPC_QUICK);
	default:
		return row_of_degree(row, KERN_LDPC_FULL);
	}
}

static void llr_clip(int8_t *out, const int8_t *in, size_t n, int limit)
{
	const __m512i high = _mm512_set1_epi8((char)limit), low = _mm512_set1_epi8((char)-limit);

	for (size_t i = 0; i < n; i += 64) {
		__mmask64 m = n - i >= 64 ? ~(__mmask64)0 : ~(__mmask64)0 >> (64 - (n - i));
		__m512i v = _mm512_maskz_loadu_epi8(m, in + i);

		_mm512_mask_storeu_epi8(out + i, m, _mm512_max_epi8(low, _mm512_min_epi8(high, v)));
	}
}

/* The signs of lanes, those of 8 in an octet, the first in the most significant place. */
static ALWAYS_INLINE __m128i signs(__m512i v)
{
	const __m512i reverse = _mm512_set4_epi32(0x08090a0b, 0x0c0d0e0f, 0x00010203, 0x04050607);

	return _mm_cvtsi64_si128((long long)_mm512_movepi8_mask(_mm512_shuffle_epi8(v, reverse)));
}

static void llr_signs(uint8_t *out, const int8_t *in, size_t n)
{
	size_t i = 0;

	for (; i + 64 <= n; i += 64)
		_mm_storeu_si64(out + i / 8, signs(load(in + i)));
	if (i < n) {
		__mmask64 lanes = ~(__mmask64)0 >> (64 - (n - i));
		__mmask16 octets = (__mmask16)((1u << (n - i + 7) / 8) - 1);

		_mm_mask_storeu_epi8(out + i / 8, octets, signs(_mm512_maskz_loadu_epi8(lanes, in + i)));
	}
}

void kern_avx512_ldpc_decode(struct kern *k)
{
	k->ldpc_row = ldpc_row;
	k->llr_clip = llr_clip;
	k->llr_signs = llr_signs;
}
