/* The equaliser of several layers on AVX-512: sixteen resource elements at once. */
#include <immintrin.h>
#include <stddef.h>

typedef __m512 vec;

enum { LANES = 16 };

static inline vec plus(vec a, vec b, vec c)
{
	return _mm512_fmadd_ps(a, b, c);
}

static inline vec less(vec a, vec b, vec c)
{
	return _mm512_fnmadd_ps(a, b, c);
}

/* An estimate and a step of Newton's: within 2 units of the last place. */
static inline vec inverse(vec a)
{
	vec r = _mm512_rcp14_ps(a);

	return plus(r, less(a, r, _mm512_set1_ps(1)), r);
}

static inline vec larger(vec a, vec b)
{
	return _mm512_max_ps(a, b);
}

/* The first n of a row of floats that may have more than a vector; vector i of it. */
static inline __mmask16 some(size_t n, size_t i)
{
	size_t before = i * LANES;

	return n >= before + LANES ? 0xffff : n > before ? (__mmask16)((1u << (n - before)) - 1) : 0;
}

static inline void load(vec *re, vec *im, const float *p, size_t n)
{
	__m512 a = _mm512_maskz_loadu_ps(some(2 * n, 0), p), b = _mm512_setzero_ps();

	if (n > LANES / 2)
		b = _mm512_maskz_loadu_ps(some(2 * n, 1), p + LANES);
	*re = _mm512_shuffle_ps(a, b, 0x88);
	*im = _mm512_shuffle_ps(a, b, 0xdd);
}

/* Singles of a and b in turn: of the first half's elements, and of the second's. */
static inline void zip(vec a, vec b, vec out[2])
{
	out[0] = _mm512_unpacklo_ps(a, b);
	out[1] = _mm512_unpackhi_ps(a, b);
}

/* Pairs or fours of floats of a and b in turn. */
static inline void zip_pairs(vec a, vec b, vec out[2])
{
	const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
	const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
	__m512d x = _mm512_castps_pd(a), y = _mm512_castps_pd(b);

	out[0] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, low, y));
	out[1] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, high, y));
}

static inline void zip_fours(vec a, vec b, vec out[2])
{
	const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
	const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
	__m512d x = _mm512_castps_pd(a), y = _mm512_castps_pd(b);

	out[0] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, low, y));
	out[1] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, high, y));
}

static inline vec in_order(vec a)
{
	const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);

	return _mm512_castpd_ps(_mm512_permutexvar_pd(order, _mm512_castps_pd(a)));
}

static inline void put(float *to, vec a)
{
	_mm512_storeu_ps(to, a);
}

#include "radio/phy/kern/x86/mmse_lanes.h"

void kern_avx512_mmse(struct kern *k)
{
	k->cf_mmse = cf_mmse;
}
