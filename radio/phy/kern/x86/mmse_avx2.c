/* The equaliser of several layers on AVX2: eight resource elements at once. */
#include <immintrin.h>
#include <stddef.h>

typedef __m256 vec;

enum { LANES = 8 };

static inline vec plus(vec a, vec b, vec c)
{
	return _mm256_fmadd_ps(a, b, c);
}

static inline vec less(vec a, vec b, vec c)
{
	return _mm256_fnmadd_ps(a, b, c);
}

/* An estimate and a step of Newton's: within 2 units of the last place. */
static inline vec inverse(vec a)
{
	vec r = _mm256_rcp_ps(a);

	return plus(r, less(a, r, _mm256_set1_ps(1)), r);
}

static inline vec larger(vec a, vec b)
{
	return _mm256_max_ps(a, b);
}

static inline void load(vec *re, vec *im, const float *p, size_t n)
{
	const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
	int octet = 2 * (int)n;
	__m256 a, b = _mm256_setzero_ps();

	if (n >= LANES) {
		a = _mm256_loadu_ps(p);
		b = _mm256_loadu_ps(p + LANES);
	} else {
		a = _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(octet), numbers));
		if (n > LANES / 2)
			b = _mm256_maskload_ps(
				p + LANES, _mm256_cmpgt_epi32(_mm256_set1_epi32(octet - LANES), numbers));
	}
	*re = _mm256_shuffle_ps(a, b, 0x88);
	*im = _mm256_shuffle_ps(a, b, 0xdd);
}

/* Singles of a and b in turn: of the first half's elements, and of the second's. */
static inline void zip(vec a, vec b, vec out[2])
{
	out[0] = _mm256_unpacklo_ps(a, b);
	out[1] = _mm256_unpackhi_ps(a, b);
}

/* Pairs or fours of floats of a and b in turn. */
static inline void zip_pairs(vec a, vec b, vec out[2])
{
	__m256d x = _mm256_castps_pd(a), y = _mm256_castps_pd(b);
	__m256d low = _mm256_unpacklo_pd(x, y), high = _mm256_unpackhi_pd(x, y);

	out[0] = _mm256_castpd_ps(_mm256_permute2f128_pd(low, high, 0x20));
	out[1] = _mm256_castpd_ps(_mm256_permute2f128_pd(low, high, 0x31));
}

static inline void zip_fours(vec a, vec b, vec out[2])
{
	out[0] = _mm256_permute2f128_ps(a, b, 0x20);
	out[1] = _mm256_permute2f128_ps(a, b, 0x31);
}

static inline vec in_order(vec a)
{
	return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(a), 0xd8));
}

static inline void put(float *to, vec a)
{
	_mm256_storeu_ps(to, a);
}

#include "radio/phy/kern/x86/mmse_lanes.h"

void kern_avx2_mmse(struct kern *k)
{
	k->cf_mmse = cf_mmse;
}
