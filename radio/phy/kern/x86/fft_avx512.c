/* The passes of the Fourier transform on AVX-512: 8 complex values at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

typedef __m512 vec;

enum { STEP = 8 };

static inline vec load(const float *at)
{
	return _mm512_loadu_ps(at);
}

static inline void store(float *at, vec v)
{
	_mm512_storeu_ps(at, v);
}

static inline vec swapped(vec x)
{
	return _mm512_permute_ps(x, 0xb1);
}

static inline vec times(vec x, vec re, vec im)
{
	return _mm512_fmaddsub_ps(x, re, _mm512_mul_ps(swapped(x), im));
}

/* x times the factors at w. */
static inline vec times_row(vec x, const float *w)
{
	vec f = load(w);

	return times(x, _mm512_moveldup_ps(f), _mm512_movehdup_ps(f));
}

/* What swapped values are multiplied by to be those of j * by. */
static inline vec turn_of(float by)
{
	return _mm512_setr_ps(-by, by, -by, by, -by, by, -by, by, -by, by, -by, by, -by, by, -by, by);
}

static inline vec every(float v)
{
	return _mm512_set1_ps(v);
}

/* a b + c, c - a b and a b - c, rounded once. */
static inline vec plus_product(vec a, vec b, vec c)
{
	return _mm512_fmadd_ps(a, b, c);
}

static inline vec less_product(vec a, vec b, vec c)
{
	return _mm512_fnmadd_ps(a, b, c);
}

static inline vec product_less(vec a, vec b, vec c)
{
	return _mm512_fmsub_ps(a, b, c);
}

/* Eight columns of eight complex values to rows. */
static inline void store_turned(float *out, const vec *v)
{
	__m512d a[8], b[8];

	for (unsigned i = 0; i < 8; i += 2) { /* pairs of rows */
		a[i] = _mm512_unpacklo_pd(_mm512_castps_pd(v[i]), _mm512_castps_pd(v[i + 1]));
		a[i + 1] = _mm512_unpackhi_pd(_mm512_castps_pd(v[i]), _mm512_castps_pd(v[i + 1]));
	}
	for (unsigned i = 0; i < 8; i += 4) { /* quarters 0 and 2, 1 and 3 of four rows */
		for (unsigned k = 0; k < 2; k++) {
			b[i + k] = _mm512_shuffle_f64x2(a[i + k], a[i + k + 2], 0x88);
			b[i + k + 2] = _mm512_shuffle_f64x2(a[i + k], a[i + k + 2], 0xdd);
		}
	}
	for (unsigned k = 0; k < 4; k++) {
		store(out + 16 * k, _mm512_castpd_ps(_mm512_shuffle_f64x2(b[k], b[k + 4], 0x88)));
		store(out + 16 * (k + 4), _mm512_castpd_ps(_mm512_shuffle_f64x2(b[k], b[k + 4], 0xdd)));
	}
}

#include "radio/phy/kern/x86/fft_passes.h"

void kern_avx512_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}
