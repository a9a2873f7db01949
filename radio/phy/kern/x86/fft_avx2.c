/* The passes of the Fourier transform on AVX2: 4 complex values at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

typedef __m256 vec;

enum { STEP = 4 };

static inline vec load(const float *at)
{
	return _mm256_loadu_ps(at);
}

static inline void store(float *at, vec v)
{
	_mm256_storeu_ps(at, v);
}

static inline vec swapped(vec x)
{
	return _mm256_permute_ps(x, 0xb1);
}

static inline vec times(vec x, vec re, vec im)
{
	return _mm256_fmaddsub_ps(x, re, _mm256_mul_ps(swapped(x), im));
}

/* x times the factors at w. */
static inline vec times_row(vec x, const float *w)
{
	vec f = load(w);

	return times(x, _mm256_moveldup_ps(f), _mm256_movehdup_ps(f));
}

/* What swapped values are multiplied by to be those of j * by. */
static inline vec turn_of(float by)
{
	return _mm256_setr_ps(-by, by, -by, by, -by, by, -by, by);
}

static inline vec every(float v)
{
	return _mm256_set1_ps(v);
}

/* a b + c, c - a b and a b - c, rounded once. */
static inline vec plus_product(vec a, vec b, vec c)
{
	return _mm256_fmadd_ps(a, b, c);
}

static inline vec less_product(vec a, vec b, vec c)
{
	return _mm256_fnmadd_ps(a, b, c);
}

static inline vec product_less(vec a, vec b, vec c)
{
	return _mm256_fmsub_ps(a, b, c);
}

/* Four columns of four complex values to rows, which are 8 values apart. */
static inline void store_four(float *out, const vec *v)
{
	__m256d y0 = _mm256_castps_pd(v[0]), y1 = _mm256_castps_pd(v[1]);
	__m256d y2 = _mm256_castps_pd(v[2]), y3 = _mm256_castps_pd(v[3]);
	__m256d a = _mm256_unpacklo_pd(y0, y1), b = _mm256_unpackhi_pd(y0, y1);
	__m256d c = _mm256_unpacklo_pd(y2, y3), d = _mm256_unpackhi_pd(y2, y3);

	store(out, _mm256_castpd_ps(_mm256_permute2f128_pd(a, c, 0x20)));
	store(out + 16, _mm256_castpd_ps(_mm256_permute2f128_pd(b, d, 0x20)));
	store(out + 32, _mm256_castpd_ps(_mm256_permute2f128_pd(a, c, 0x31)));
	store(out + 48, _mm256_castpd_ps(_mm256_permute2f128_pd(b, d, 0x31)));
}

/* Eight columns of four complex values to rows. */
static inline void store_turned(float *out, const vec *v)
{
	store_four(out, v);
	store_four(out + 8, v + 4);
}

#include "radio/phy/kern/x86/fft_passes.h"

void kern_avx2_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}
