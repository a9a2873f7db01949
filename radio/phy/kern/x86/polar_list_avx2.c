/* The kernels of polar list decoding on AVX2: the eight paths of two LLRs at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { L = KERN_POLAR_LIST };

static __m256i load(const int16_t *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

static void store(int16_t *at, __m256i v)
{
	_mm256_storeu_si256((__m256i *)at, v);
}

static __m256i load_one(const int16_t *at)
{
	return _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)at));
}

static void store_one(int16_t *at, __m256i v)
{
	_mm_storeu_si128((__m128i *)at, _mm256_castsi256_si128(v));
}

/* Octets of paths as octets of their LLRs, for both halves. */
static __m256i mask_of(const uint8_t *turn)
{
	__m128i t = _mm_loadu_si64(turn), twice = _mm_add_epi8(t, t);

	return _mm256_broadcastsi128_si256(_mm_unpacklo_epi8(twice, _mm_add_epi8(twice, _mm_set1_epi8(1))));
}

static __m256i f_of(__m256i a, __m256i b, __m256i mask)
{
	__m256i least = _mm256_min_epi16(_mm256_abs_epi16(a), _mm256_abs_epi16(b));

	/* the sign of a ^ b, with a set bit so that zero does not erase what is zero anyway */
	least = _mm256_sign_epi16(least, _mm256_or_si256(_mm256_xor_si256(a, b), _mm256_set1_epi16(1)));
	return _mm256_shuffle_epi8(least, mask);
}

static void polar_list_f(int16_t *out, const int16_t *in, const uint8_t *turn, size_t half)
{
	__m256i mask = mask_of(turn);

	if (half == 1)
		store_one(out, f_of(load_one(in), load_one(in + L), mask));
	for (size_t i = 0; i + 2 <= half; i += 2)
		store(out + L * i, f_of(load(in + L * i), load(in + L * (half + i)), mask));
}

static __m256i g_of(__m256i a, __m256i b, __m256i s)
{
	a = _mm256_sub_epi16(_mm256_xor_si256(a, s), s);
	return _mm256_max_epi16(_mm256_adds_epi16(b, a), _mm256_set1_epi16(-32767));
}

static void polar_list_g(int16_t *out, const int16_t *in, const uint8_t *turn, const int16_t *u,
	const uint8_t *turn_u, size_t half)
{
	__m256i mask = mask_of(turn), mask_u = mask_of(turn_u);

	if (half == 1)
		store_one(out, g_of(_mm256_shuffle_epi8(load_one(in), mask),
				       _mm256_shuffle_epi8(load_one(in + L), mask),
				       _mm256_shuffle_epi8(load_one(u), mask_u)));
	for (size_t i = 0; i + 2 <= half; i += 2) {
		__m256i a = _mm256_shuffle_epi8(load(in + L * i), mask);
		__m256i b = _mm256_shuffle_epi8(load(in + L * (half + i)), mask);

		store(out + L * i, g_of(a, b, _mm256_shuffle_epi8(load(u + L * i), mask_u)));
	}
}

static void polar_list_join(
	int16_t *out, const int16_t *left, const uint8_t *turn, const int16_t *right, size_t half)
{
	__m256i mask = mask_of(turn);

	if (half == 1) {
		__m256i r = load_one(right);

		store_one(out, _mm256_xor_si256(_mm256_shuffle_epi8(load_one(left), mask), r));
		store_one(out + L, r);
	}
	for (size_t i = 0; i + 2 <= half; i += 2) {
		__m256i r = load(right + L * i);

		store(out + L * i, _mm256_xor_si256(_mm256_shuffle_epi8(load(left + L * i), mask), r));
		store(out + L * (half + i), r);
	}
}

static void polar_list_costs(int32_t *cost, const int16_t *in, const uint8_t *turn, size_t n)
{
	const __m256i zero = _mm256_setzero_si256();
	__m256i low = zero, high = zero, path = _mm256_cvtepu8_epi32(_mm_loadu_si64(turn));

	for (size_t i = 0; i < n; i++) {
		__m256i v = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(in + L * i)));

		low = _mm256_sub_epi32(low, _mm256_min_epi32(v, zero));
		high = _mm256_add_epi32(high, _mm256_max_epi32(v, zero));
	}
	_mm256_storeu_si256((__m256i *)cost, _mm256_permutevar8x32_epi32(low, path));
	_mm256_storeu_si256((__m256i *)(cost + L), _mm256_permutevar8x32_epi32(high, path));
}

/* Candidates by their place, of both bits, among the `list` best: a bit each. */
static unsigned best_of(__m256i zeros, __m256i ones, int list)
{
	__m256i rank[2] = { _mm256_setzero_si256(), _mm256_setzero_si256() };
	const __m256i limit = _mm256_set1_epi32(list);
	int32_t key[2 * L];

	_mm256_storeu_si256((__m256i *)key, zeros);
	_mm256_storeu_si256((__m256i *)(key + L), ones);
	for (unsigned i = 0; i < 2 * L; i++) {
		__m256i other = _mm256_set1_epi32(key[i]);

		rank[0] = _mm256_sub_epi32(rank[0], _mm256_cmpgt_epi32(zeros, other));
		rank[1] = _mm256_sub_epi32(rank[1], _mm256_cmpgt_epi32(ones, other));
	}
	rank[0] = _mm256_cmpgt_epi32(limit, rank[0]);
	rank[1] = _mm256_cmpgt_epi32(limit, rank[1]);
	return (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(rank[0])) |
	       (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(rank[1])) << L;
}

static void polar_list_split(struct kern_polar_list *l, const int32_t *cost)
{
	const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	__m256i metric = _mm256_loadu_si256((const __m256i *)l->metric), zeros, ones, mask;
	__m256i dead = _mm256_cmpgt_epi32(lane, _mm256_set1_epi32((int)l->paths - 1));
	int32_t sum[2 * L];
	unsigned best, count = 0;
	uint8_t from[16] = { 0 };

	zeros = _mm256_add_epi32(metric, _mm256_loadu_si256((const __m256i *)cost));
	ones = _mm256_add_epi32(metric, _mm256_loadu_si256((const __m256i *)(cost + L)));
	_mm256_storeu_si256((__m256i *)sum, zeros);
	_mm256_storeu_si256((__m256i *)(sum + L), ones);
	/* unique keys: of equals the first is best */
	zeros = _mm256_or_si256(_mm256_slli_epi32(zeros, 4), lane);
	ones = _mm256_or_si256(_mm256_slli_epi32(ones, 4), _mm256_add_epi32(lane, _mm256_set1_epi32(L)));
	zeros = _mm256_blendv_epi8(zeros, _mm256_set1_epi32(INT32_MAX), dead);
	ones = _mm256_blendv_epi8(ones, _mm256_set1_epi32(INT32_MAX), dead);
	best = best_of(zeros, ones, (int)(l->list < 2 * l->paths ? l->list : 2 * l->paths));
	for (; best; best &= best - 1, count++) {
		unsigned c = (unsigned)__builtin_ctz(best);

		l->metric[count] = sum[c];
		l->bit[count] = (int16_t)-(int)(c / L);
		from[count] = (uint8_t)(c % L);
		from[L + count] = (uint8_t)(c % L + L);
	}
	l->paths = count;
	mask = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)from));
	for (unsigned r = 0; r < KERN_POLAR_TURNS; r += 4) {
		__m256i *row = (__m256i *)l->turn[r];

		_mm256_storeu_si256(row, _mm256_shuffle_epi8(_mm256_loadu_si256(row), mask));
	}
}

static void polar_list_signs(uint8_t *out, const int16_t *in, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		__m128i v = _mm_loadu_si128((const __m128i *)(in + L * i));

		out[i] = (uint8_t)_mm_movemask_epi8(_mm_packs_epi16(v, v));
	}
}

void kern_avx2_polar_list(struct kern *k)
{
	k->polar_list_f = polar_list_f;
	k->polar_list_g = polar_list_g;
	k->polar_list_join = polar_list_join;
	k->polar_list_costs = polar_list_costs;
	k->polar_list_split = polar_list_split;
	k->polar_list_signs = polar_list_signs;
}
