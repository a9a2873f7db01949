/* The kernels of polar list decoding on AVX-512: the eight paths of four LLRs at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum {
	L = KERN_POLAR_LIST,
	STEP = 4,
};

/* Two words of 64 bits an LLR. */
static inline __mmask8 some(size_t left)
{
	return left >= STEP ? 0xff : (__mmask8)((1u << 2 * left) - 1);
}

/* Octets of paths as octets of their LLRs, for all quarters. */
static inline __m512i mask_of(const uint8_t *turn)
{
	__m128i t = _mm_loadu_si64(turn), twice = _mm_add_epi8(t, t);

	return _mm512_broadcast_i32x4(_mm_unpacklo_epi8(twice, _mm_add_epi8(twice, _mm_set1_epi8(1))));
}

static void polar_list_f(int16_t *out, const int16_t *in, const uint8_t *turn, size_t half)
{
	__m512i mask = mask_of(turn);

	for (size_t i = 0; i < half; i += STEP) {
		__mmask8 m = some(half - i);
		__m512i a = _mm512_maskz_loadu_epi64(m, in + L * i);
		__m512i b = _mm512_maskz_loadu_epi64(m, in + L * (half + i));
		__m512i least = _mm512_min_epi16(_mm512_abs_epi16(a), _mm512_abs_epi16(b));
		__mmask32 negative = _mm512_movepi16_mask(_mm512_xor_si512(a, b));

		least = _mm512_mask_sub_epi16(least, negative, _mm512_setzero_si512(), least);
		_mm512_mask_storeu_epi64(out + L * i, m, _mm512_shuffle_epi8(least, mask));
	}
}

static void polar_list_g(int16_t *out, const int16_t *in, const uint8_t *turn, const int16_t *u,
	const uint8_t *turn_u, size_t half)
{
	__m512i mask = mask_of(turn), mask_u = mask_of(turn_u);

	for (size_t i = 0; i < half; i += STEP) {
		__mmask8 m = some(half - i);
		__m512i a = _mm512_shuffle_epi8(_mm512_maskz_loadu_epi64(m, in + L * i), mask);
		__m512i b = _mm512_shuffle_epi8(_mm512_maskz_loadu_epi64(m, in + L * (half + i)), mask);
		__m512i s = _mm512_shuffle_epi8(_mm512_maskz_loadu_epi64(m, u + L * i), mask_u);

		a = _mm512_adds_epi16(b, _mm512_sub_epi16(_mm512_xor_si512(a, s), s));
		_mm512_mask_storeu_epi64(out + L * i, m, _mm512_max_epi16(a, _mm512_set1_epi16(-32767)));
	}
}

static void polar_list_join(
	int16_t *out, const int16_t *left, const uint8_t *turn, const int16_t *right, size_t half)
{
	__m512i mask = mask_of(turn);

	for (size_t i = 0; i < half; i += STEP) {
		__mmask8 m = some(half - i);
		__m512i r = _mm512_maskz_loadu_epi64(m, right + L * i);
		__m512i l = _mm512_shuffle_epi8(_mm512_maskz_loadu_epi64(m, left + L * i), mask);

		_mm512_mask_storeu_epi64(out + L * i, m, _mm512_xor_si512(l, r));
		_mm512_mask_storeu_epi64(out + L * (half + i), m, r);
	}
}

static void polar_list_costs(int32_t *cost, const int16_t *in, const uint8_t *turn, size_t n)
{
	const __m512i zero = _mm512_setzero_si512();
	__m256i low = _mm256_setzero_si256(), high = low, path = _mm256_cvtepu8_epi32(_mm_loadu_si64(turn));
	size_t i = 0;

	if (n >= 2) {
		__m512i below = zero, above = zero;

		for (; i + 2 <= n; i += 2) {
			__m512i v = _mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(in + L * i)));

			below = _mm512_sub_epi32(below, _mm512_min_epi32(v, zero));
			above = _mm512_add_epi32(above, _mm512_max_epi32(v, zero));
		}
		low = _mm256_add_epi32(_mm512_castsi512_si256(below), _mm512_extracti64x4_epi64(below, 1));
		high = _mm256_add_epi32(_mm512_castsi512_si256(above), _mm512_extracti64x4_epi64(above, 1));
	}
	for (; i < n; i++) {
		__m256i v = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(in + L * i)));

		low = _mm256_sub_epi32(low, _mm256_min_epi32(v, _mm256_setzero_si256()));
		high = _mm256_add_epi32(high, _mm256_max_epi32(v, _mm256_setzero_si256()));
	}
	_mm256_storeu_si256((__m256i *)cost, _mm256_permutevar8x32_epi32(low, path));
	_mm256_storeu_si256((__m256i *)(cost + L), _mm256_permutevar8x32_epi32(high, path));
}

/* All candidates at once, each counting those that are better. */
static void polar_list_split(struct kern_polar_list *l, const int32_t *cost)
{
	const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	__mmask16 alive = (__mmask16)(((1u << l->paths) - 1) * 0x101), best;
	__m512i metric = _mm512_broadcast_i64x4(_mm256_loadu_si256((const __m256i *)l->metric));
	__m512i sum = _mm512_add_epi32(metric, _mm512_loadu_si512(cost)), rank[2], key, from;
	__m128i path, rows;
	int32_t keys[2 * L];

	/* unique keys: of equals the first is best */
	key = _mm512_or_si512(_mm512_slli_epi32(sum, 4), lane);
	key = _mm512_mask_mov_epi32(_mm512_set1_epi32(INT32_MAX), alive, key);
	_mm512_storeu_si512(keys, key);
	rank[0] = rank[1] = _mm512_setzero_si512();
	for (unsigned i = 0; i < 2 * L; i++) {
		__mmask16 better = _mm512_cmplt_epi32_mask(_mm512_set1_epi32(keys[i]), key);

		rank[i % 2] = _mm512_mask_sub_epi32(rank[i % 2], better, rank[i % 2], _mm512_set1_epi32(-1));
	}
	rank[0] = _mm512_add_epi32(rank[0], rank[1]);
	best = _mm512_mask_cmplt_epi32_mask(alive, rank[0], _mm512_set1_epi32((int)l->list));
	l->paths = (unsigned)__builtin_popcount(best);
	_mm256_storeu_si256(
		(__m256i *)l->metric, _mm512_castsi512_si256(_mm512_maskz_compress_epi32(best, sum)));
	from = _mm512_maskz_compress_epi32(best, lane);
	path = _mm512_cvtepi32_epi8(from); /* of eight in the lower half, with the bit above the path */
	_mm_storeu_si128((__m128i *)l->bit, _mm_srai_epi16(_mm_slli_epi16(_mm_cvtepu8_epi16(path), 12), 15));
	path = _mm_and_si128(path, _mm_set1_epi8(L - 1));
	rows = _mm_unpacklo_epi64(path, _mm_or_si128(path, _mm_set1_epi8(L)));
	for (unsigned r = 0; r < KERN_POLAR_TURNS; r += 8) {
		__m512i row = _mm512_loadu_si512(l->turn[r]);

		_mm512_storeu_si512(l->turn[r], _mm512_shuffle_epi8(row, _mm512_broadcast_i32x4(rows)));
	}
}

static void polar_list_signs(uint8_t *out, const int16_t *in, size_t n)
{
	for (size_t i = 0; i < n; i += STEP) {
		__mmask32 signs = _mm512_movepi16_mask(_mm512_maskz_loadu_epi64(some(n - i), in + L * i));

		for (size_t k = 0; k < STEP && i + k < n; k++)
			out[i + k] = (uint8_t)(signs >> k * L);
	}
}

void kern_avx512_polar_list(struct kern *k)
{
	k->polar_list_f = polar_list_f;
	k->polar_list_g = polar_list_g;
	k->polar_list_join = polar_list_join;
	k->polar_list_costs = polar_list_costs;
	k->polar_list_split = polar_list_split;
	k->polar_list_signs = polar_list_signs;
}
