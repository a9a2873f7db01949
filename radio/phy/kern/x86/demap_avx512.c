/* Soft demapping on AVX-512: sixteen axes, which are eight symbols, at once; the same operations as the
 * reference. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 8 };

static inline __m512 absolute(__m512 x)
{
	return _mm512_abs_ps(x);
}

static inline __m512 with_sign_of(__m512 v, __m512 x)
{
	const __m512i sign = _mm512_set1_epi32((int)0x80000000);

	/* the bits of x where sign has ones, else those of v */
	return _mm512_castsi512_ps(
		_mm512_ternarylogic_epi32(sign, _mm512_castps_si512(x), _mm512_castps_si512(v), 0xca));
}

static inline __m512 sides(__m512 x, unsigned m)
{
	const __m512 one = _mm512_set1_ps(1);
	__m512 t = absolute(x), v;

	if (m == 1)
		return x;
	if (m == 2) { /* of two lines the higher */
		v = _mm512_sub_ps(t, one);
		v = _mm512_max_ps(t, _mm512_add_ps(v, v));
	} else {
		__m512 j =
			_mm512_roundscale_ps(_mm512_mul_ps(t, _mm512_set1_ps(0.5f)), _MM_FROUND_TO_NEG_INF);

		j = _mm512_min_ps(j, _mm512_set1_ps((float)(m - 1)));
		v = _mm512_mul_ps(_mm512_add_ps(j, one), _mm512_sub_ps(t, j));
	}
	return with_sign_of(v, x);
}

/* What lies far below becomes the lowest integer, and -127 when it is packed. */
static inline __m512i rounded(__m512 v)
{
	return _mm512_cvtps_epi32(_mm512_min_ps(v, _mm512_set1_ps(127)));
}

/* The LLRs of eight symbols, a pair of bits in each v[]. */
static inline void pairs(__m512i v[5], __m512 iq, __m256 noise, unsigned bits, float a)
{
	const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
	__m256 each = _mm256_div_ps(
		_mm256_set1_ps(4 * KERN_LLR_PER_NAT * a * a), _mm256_max_ps(noise, _mm256_set1_ps(1e-6f)));
	__m512 scale = _mm512_permutexvar_ps(twice, _mm512_castps256_ps512(each));
	__m512 x = _mm512_mul_ps(iq, _mm512_set1_ps(1 / a));
	unsigned m = 1u << (bits / 2 - 1);

	v[0] = rounded(_mm512_mul_ps(sides(x, m), scale));
	for (unsigned b = 1; b < 5; b++) {
		if (b >= bits / 2) {
			v[b] = _mm512_setzero_si512();
			continue;
		}
		x = _mm512_sub_ps(_mm512_set1_ps((float)m), absolute(x));
		m /= 2;
		v[b] = rounded(_mm512_mul_ps(sides(x, m), scale));
	}
}

static inline __m512i packed(__m512i a, __m512i b, __m512i c, __m512i d)
{
	__m512i v = _mm512_packs_epi16(_mm512_packs_epi32(a, b), _mm512_packs_epi32(c, d));

	return _mm512_max_epi8(v, _mm512_set1_epi8(-127));
}

/* Eight symbols; the places in *order bring the octets of pairs of axes to their symbols. */
static inline __m512i eight(__m512 iq, __m256 noise, unsigned bits, float a, __m512i order)
{
	__m512i v[5];

	pairs(v, iq, noise, bits, a);
	return _mm512_permutexvar_epi8(order, packed(v[0], v[1], v[2], v[3]));
}

/* Packing leaves in each quarter four octets of each pair of bits: two symbols' axes. */
static inline __m512i order_of(unsigned bits)
{
	uint8_t order[64] = { 0 };

	for (unsigned s = 0; s < STEP; s++) {
		for (unsigned b = 0; b < bits; b++)
			order[s * bits + b] = (uint8_t)(s / 2 * 16 + b / 2 * 4 + s % 2 * 2 + b % 2);
	}
	return _mm512_loadu_si512(order);
}

static inline void demap(int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits, float a)
{
	const __m512i order = order_of(bits);
	const __mmask64 all = ~(__mmask64)0 >> (64 - STEP * bits);
	size_t i = 0;

	for (; i + STEP <= n; i += STEP) {
		__m512i v = eight(_mm512_loadu_ps(iq + 2 * i), _mm256_loadu_ps(noise + i), bits, a, order);

		if (bits == 8)
			_mm512_storeu_si512(llr + i * bits, v);
		else
			_mm512_mask_storeu_epi8(llr + i * bits, all, v);
	}
	if (i < n) {
		unsigned left = (unsigned)(n - i);
		__m512 x = _mm512_maskz_loadu_ps((__mmask16)((1u << 2 * left) - 1), iq + 2 * i);
		__m256 w = _mm256_maskz_loadu_ps((__mmask8)((1u << left) - 1), noise + i);

		_mm512_mask_storeu_epi8(
			llr + i * bits, ~(__mmask64)0 >> (64 - left * bits), eight(x, w, bits, a, order));
	}
}

/* 1024QAM: eight symbols are 80 octets, the last 16 of them apart; the fifth pair of bits is packed by
 * itself. */
static void demap_ten(int8_t *llr, const float *iq, const float *noise, size_t n)
{
	const __m512i zero = _mm512_setzero_si512();
	uint8_t order[128] = { 0 };

	for (unsigned i = 0; i < 10 * STEP; i++) {
		unsigned s = i / 10, b = i % 10, place = s / 2 * 16 + s % 2 * 2 + b % 2;

		order[i] = (uint8_t)(b < 8 ? place + b / 2 * 4 : 64 + place);
	}
	for (size_t i = 0; i < n; i += STEP, llr += 10 * STEP) {
		unsigned left = n - i < STEP ? (unsigned)(n - i) : STEP, octets = 10 * left;
		__m512 x = _mm512_maskz_loadu_ps((__mmask16)(0xffffu >> (16 - 2 * left)), iq + 2 * i);
		__m256 w = _mm256_maskz_loadu_ps((__mmask8)(0xffu >> (8 - left)), noise + i);
		__m512i v[5], low, high, first, last;

		pairs(v, x, w, 10, 0.03829198f);
		low = packed(v[0], v[1], v[2], v[3]);
		high = packed(v[4], zero, zero, zero);
		first = _mm512_permutex2var_epi8(low, _mm512_loadu_si512(order), high);
		last = _mm512_permutex2var_epi8(low, _mm512_loadu_si512(order + 64), high);
		_mm512_mask_storeu_epi8(llr, ~(__mmask64)0 >> (64 - (octets < 64 ? octets : 64)), first);
		if (octets > 64)
			_mm512_mask_storeu_epi8(llr + 64, ~(__mmask64)0 >> (128 - octets), last);
	}
}

static void qam_demap(int8_t *llr, const float *iq, const float *noise, size_t n, unsigned bits)
{
	if (bits == 2)
		demap(llr, iq, noise, n, 2, 0.70710678f);
	else if (bits == 4)
		demap(llr, iq, noise, n, 4, 0.31622777f);
	else if (bits == 6)
		demap(llr, iq, noise, n, 6, 0.15430335f);
	else if (bits == 8)
		demap(llr, iq, noise, n, 8, 0.07669650f);
	else
		demap_ten(llr, iq, noise, n);
}

void kern_avx512_demap(struct kern *k)
{
	k->qam_demap = qam_demap;
}
