/* Soft demapping on AVX2: eight axes, which are four symbols, at once; the same operations as the reference.
 */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 4 };

static inline __m256 sides(__m256 x, unsigned m)
{
	const __m256 sign = _mm256_set1_ps(-0.0f), one = _mm256_set1_ps(1);
	__m256 t = _mm256_andnot_ps(sign, x), v;

	if (m == 1)
		return x;
	if (m == 2) { /* of two lines the higher */
		v = _mm256_sub_ps(t, one);
		v = _mm256_max_ps(t, _mm256_add_ps(v, v));
	} else {
		__m256 j = _mm256_floor_ps(_mm256_mul_ps(t, _mm256_set1_ps(0.5f)));

		j = _mm256_min_ps(j, _mm256_set1_ps((float)(m - 1)));
		v = _mm256_mul_ps(_mm256_add_ps(j, one), _mm256_sub_ps(t, j));
	}
	return _mm256_or_ps(v, _mm256_and_ps(sign, x));
}

/* What lies far below becomes the lowest integer, and -127 when it is packed. */
static inline __m256i rounded(__m256 v)
{
	return _mm256_cvtps_epi32(_mm256_min_ps(v, _mm256_set1_ps(127)));
}

/* count octets (4, 8, 12 or 16) of v. */
static inline void store(int8_t *out, __m128i v, unsigned count)
{
	if (count == 16)
		_mm_storeu_si128((__m128i *)out, v);
	else if (count >= 8)
		_mm_storel_epi64((__m128i *)out, v);
	if (count == 12)
		_mm_storeu_si32(out + 8, _mm_srli_si128(v, 8));
	else if (count == 4)
		_mm_storeu_si32(out, v);
}

/* The LLRs of four symbols, a pair of bits in each v[]. */
static inline void pairs(__m256i v[5], const float *iq, const float *noise, unsigned bits, float a)
{
	const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
	__m256 w = _mm256_permutevar8x32_ps(_mm256_castps128_ps256(_mm_loadu_ps(noise)), twice);
	__m256 scale = _mm256_div_ps(
		_mm256_set1_ps(4 * KERN_LLR_PER_NAT * a * a), _mm256_max_ps(w, _mm256_set1_ps(1e-6f)));
	__m256 x = _mm256_mul_ps(_mm256_loadu_ps(iq), _mm256_set1_ps(1 / a));
	unsigned m = 1u << (bits / 2 - 1);

	v[0] = rounded(_mm256_mul_ps(sides(x, m), scale));
	for (unsigned b = 1; b < 5; b++) {
		if (b >= bits / 2) {
			v[b] = _mm256_setzero_si256();
			continue;
		}
		x = _mm256_sub_ps(_mm256_set1_ps((float)m), _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x));
		m /= 2;
		v[b] = rounded(_mm256_mul_ps(sides(x, m), scale));
	}
}

static inline __m256i packed(__m256i a, __m256i b, __m256i c, __m256i d)
{
	__m256i v = _mm256_packs_epi16(_mm256_packs_epi32(a, b), _mm256_packs_epi32(c, d));

	return _mm256_max_epi8(v, _mm256_set1_epi8(-127));
}

/* Four symbols. The LLRs of axes and bits come out in pairs of a symbol's two axes; order turns them. */
static inline void four(
	int8_t *llr, const float *iq, const float *noise, unsigned bits, float a, __m256i order)
{
	__m256i v[5], all;

	pairs(v, iq, noise, bits, a);
	all = _mm256_shuffle_epi8(packed(v[0], v[1], v[2], v[3]), order);
	store(llr, _mm256_castsi256_si128(all), 2 * bits);
	store(llr + 2 * bits, _mm256_extracti128_si256(all, 1), 2 * bits);
}

/* Four symbols of 1024QAM: the fifth pair of bits is packed by itself, and goes behind the others of a
 * symbol. */
static inline void four_of_ten(int8_t *llr, const float *iq, const float *noise)
{
	const __m256i zero = _mm256_setzero_si256();
	const __m256i first = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15));
	uint8_t most[32], rest[32];
	__m256i v[5];

	pairs(v, iq, noise, 10, 0.03829198f);
	_mm256_storeu_si256((__m256i *)most, _mm256_shuffle_epi8(packed(v[0], v[1], v[2], v[3]), first));
	_mm256_storeu_si256((__m256i *)rest, packed(v[4], zero, zero, zero));
	for (unsigned s = 0; s < STEP; s++, llr += 10) {
		_mm_storel_epi64((__m128i *)llr, _mm_loadl_epi64((const __m128i *)(most + 8 * s)));
		llr[8] = (int8_t)rest[s / 2 * 16 + s % 2 * 2];
		llr[9] = (int8_t)rest[s / 2 * 16 + s % 2 * 2 + 1];
	}
}

static inline void demap(
	int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits, float a, __m128i order)
{
	const __m256i both = _mm256_broadcastsi128_si256(order);
	size_t i = 0;

	for (; i + STEP <= n; i += STEP)
		four(llr + i * bits, iq + 2 * i, noise + i, bits, a, both);
	if (i < n) {
		float last_iq[2 * STEP] = { 0 }, last_noise[STEP] = { 0 };
		int8_t last[8 * STEP];

		bytes_copy(last_iq, sizeof(last_iq), bytes_of(iq + 2 * i, (n - i) * 2 * sizeof(*iq)));
		bytes_copy(last_noise, sizeof(last_noise), bytes_of(noise + i, (n - i) * sizeof(*noise)));
		four(last, last_iq, last_noise, bits, a, both);
		bytes_copy(llr + i * bits, (n - i) * bits, bytes_of(last, (n - i) * bits));
	}
}

static void demap_ten(int8_t *llr, const float *iq, const float *noise, size_t n)
{
	size_t i = 0;

	for (; i + STEP <= n; i += STEP)
		four_of_ten(llr + 10 * i, iq + 2 * i, noise + i);
	if (i < n) {
		float last_iq[2 * STEP] = { 0 }, last_noise[STEP] = { 0 };
		int8_t last[10 * STEP];

		bytes_copy(last_iq, sizeof(last_iq), bytes_of(iq + 2 * i, (n - i) * 2 * sizeof(*iq)));
		bytes_copy(last_noise, sizeof(last_noise), bytes_of(noise + i, (n - i) * sizeof(*noise)));
		four_of_ten(last, last_iq, last_noise);
		bytes_copy(llr + 10 * i, 10 * (n - i), bytes_of(last, 10 * (n - i)));
	}
}

static void qam_demap(int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits)
{
	if (bits == 2)
		demap(llr, iq, noise, n, 2, 0.70710678f,
			_mm_setr_epi8(0, 1, 2, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
	else if (bits == 4)
		demap(llr, iq, noise, n, 4, 0.31622777f,
			_mm_setr_epi8(0, 1, 4, 5, 2, 3, 6, 7, -1, -1, -1, -1, -1, -1, -1, -1));
	else if (bits == 6)
		demap(llr, iq, noise, n, 6, 0.15430335f,
			_mm_setr_epi8(0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11, -1, -1, -1, -1));
	else if (bits == 8)
		demap(llr, iq, noise, n, 8, 0.07669650f,
			_mm_setr_epi8(0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15));
	else
		demap_ten(llr, iq, noise, n);
}

void kern_avx2_demap(struct kern *k)
{
	k->qam_demap = qam_demap;
}
