/* The kernels of LDPC decoding on AVX2: 32 lanes at a time. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static inline __m256i load(const int8_t *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

static inline void store(int8_t *at, __m256i v)
{
	_mm256_storeu_si256((__m256i *)at, v);
}

/* See kern.h. Twice the size of x and what far112 is 112 more than; twice is about 2 x. A shuffle makes 0 of
 * indexes from 128 on. */
static inline __m256i plus(__m256i twice, __m256i x, __m256i far112)
{
	const __m256i t = _mm256_broadcastsi128_si256(_mm_setr_epi8(KERN_LDPC_SOFTENING));
	__m256i near = _mm256_shuffle_epi8(t, _mm256_sub_epi8(far112, x));
	__m256i far = _mm256_shuffle_epi8(t, _mm256_adds_epu8(far112, x));

	return _mm256_subs_epu8(_mm256_add_epi8(twice, far), near);
}

static inline __m256i halved(__m256i twice, int off)
{
	return _mm256_avg_epu8(_mm256_subs_epu8(twice, _mm256_set1_epi8((char)off)), _mm256_setzero_si256());
}

/* The three ways in which the size of a message is made. */
struct sizes {
	__m256i of_most, of_second, of_least;
};

static inline struct sizes sizes_of(__m256i least, __m256i second, __m256i third, size_t n)
{
	const __m256i cap = _mm256_set1_epi8(KERN_LDPC_MESSAGE_MAX), more = _mm256_set1_epi8(112);
	__m256i second112 = _mm256_add_epi8(second, more), third112 = _mm256_add_epi8(third, more);
	__m256i a = _mm256_min_epu8(least, cap), b = _mm256_min_epu8(second, cap), a2 = _mm256_add_epi8(a, a);
	__m256i p = plus(a2, a, second112);
	int off = n > 4 ? 2 : 1;

	if (n > 3)
		p = plus(p, _mm256_avg_epu8(p, _mm256_setzero_si256()), third112);
	return (struct sizes){ halved(p, n > 6 ? 2 : 1), halved(plus(a2, a, third112), off),
		halved(plus(_mm256_add_epi8(b, b), b, third112), off) };
}

/* The quick rule: m is the least of the others and next the one after it. */
static inline __m256i quick_size(__m256i m, __m256i next)
{
	const __m256i one = _mm256_set1_epi8(1);
	__m256i doubt = _mm256_subs_epu8(_mm256_set1_epi8(5), _mm256_sub_epi8(next, m));
	__m256i less =
		_mm256_min_epu8(_mm256_avg_epu8(doubt, one), _mm256_avg_epu8(m, _mm256_setzero_si256()));

	return _mm256_min_epu8(_mm256_sub_epi8(m, less), _mm256_set1_epi8(KERN_LDPC_MESSAGE_MAX));
}

/* The 32 lanes from j; the lanes whose check did not hold. row->out keeps the inputs of the check meanwhile.
 */
static inline uint32_t lanes(const struct kern_ldpc_row *row, size_t stride, size_t j)
{
	__m256i least = _mm256_set1_epi8(-1), second = least, third = least;
	__m256i parity = _mm256_setzero_si256(), sign = parity;
	struct sizes sizes;

	for (size_t i = 0; i < row->n; i++) {
		size_t at = j + row->turn[i];
		__m256i llr = load(row->in[i] + (at >= row->z ? at - row->z : at));
		__m256i v = llr, size, larger;

		if (row->rule != KERN_LDPC_FIRST)
			v = _mm256_subs_epi8(llr, load(row->messages + i * stride + j));
		size = _mm256_abs_epi8(v);
		parity = _mm256_xor_si256(parity, llr);
		sign = _mm256_xor_si256(sign, v);
		larger = _mm256_max_epu8(size, least);
		least = _mm256_min_epu8(least, size);
		third = _mm256_min_epu8(third, _mm256_max_epu8(larger, second));
		second = _mm256_min_epu8(second, larger);
		store(row->out[i] + j, v);
	}
	if (row->rule != KERN_LDPC_FULL)
		sizes = (struct sizes){ quick_size(least, second), least, quick_size(second, third) };
	else
		sizes = sizes_of(least, second, third, row->n);
	for (size_t i = 0; i < row->n; i++) {
		__m256i v = load(row->out[i] + j);
		__m256i size = _mm256_abs_epi8(v), message = sizes.of_most;

		if (row->rule == KERN_LDPC_FULL && row->n <= 10)
			message =
				_mm256_blendv_epi8(message, sizes.of_second, _mm256_cmpeq_epi8(size, second));
		message = _mm256_blendv_epi8(message, sizes.of_least, _mm256_cmpeq_epi8(size, least));
		message = _mm256_sign_epi8(
			message, _mm256_or_si256(_mm256_xor_si256(sign, v), _mm256_set1_epi8(1)));
		store(row->messages + i * stride + j, message);
		store(row->out[i] + j, _mm256_adds_epi8(v, message));
	}
	return (uint32_t)_mm256_movemask_epi8(parity);
}

static size_t ldpc_row(const struct kern_ldpc_row *row)
{
	size_t stride = (row->z + KERN_LDPC_MORE - 1) / KERN_LDPC_MORE * KERN_LDPC_MORE;
	size_t failed = 0;

	for (size_t j = 0; j < row->z; j += 32) {
		uint32_t mask = row->z - j < 32 ? ((uint32_t)1 << (row->z - j)) - 1 : UINT32_MAX;

		failed += (size_t)__builtin_popcount(lanes(row, stride, j) & mask);
	}
	for (size_t i = 0; i < row->n; i++) {
		__m256i low = load(row->out[i]), high = load(row->out[i] + 32);

		store(row->out[i] + row->z, low);
		store(row->out[i] + row->z + 32, high);
	}
	return failed;
}

static void llr_clip(int8_t *out, const int8_t *in, size_t n, int limit)
{
	const __m256i high = _mm256_set1_epi8((char)limit), low = _mm256_set1_epi8((char)-limit);
	size_t i = 0;

	for (; i + 32 <= n; i += 32)
		store(out + i, _mm256_max_epi8(low, _mm256_min_epi8(high, load(in + i))));
	for (; i < n; i++)
		out[i] = (int8_t)(in[i] > limit ? limit : in[i] < -limit ? -limit : in[i]);
}

static void llr_signs(uint8_t *out, const int8_t *in, size_t n)
{
	const __m256i reverse = _mm256_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6,
		5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
	size_t i = 0;

	for (; i + 32 <= n; i += 32) {
		int bits = _mm256_movemask_epi8(_mm256_shuffle_epi8(load(in + i), reverse));

		_mm_storeu_si32(out + i / 8, _mm_cvtsi32_si128(bits));
	}
	for (size_t o = i / 8; o < (n + 7) / 8; o++)
		out[o] = 0;
	for (; i < n; i++)
		out[i / 8] |= (uint8_t)((in[i] < 0) << (7 - i % 8));
}

void kern_avx2_ldpc_decode(struct kern *k)
{
	k->ldpc_row = ldpc_row;
	k->llr_clip = llr_clip;
	k->llr_signs = llr_signs;
}
