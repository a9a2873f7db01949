/* The equaliser of several layers on AVX-512: sixteen resource elements at once. */
#include <immintrin.h>

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

struct lanes;
static inline struct lanes load(const float *p, unsigned long n);
static inline vec at_least(vec g);
static inline void store(
	float *x, float *noise, const struct lanes *z, const vec *e, unsigned long layers, unsigned long n);

#include "radio/phy/kern/x86/mmse_lanes.h"

/* The first n of a row of floats that may have more than a vector; vector i of it. */
static inline __mmask16 some(size_t n, size_t i)
{
	size_t before = i * LANES;

	return n >= before + LANES ? 0xffff : n > before ? (__mmask16)((1u << (n - before)) - 1) : 0;
}

static inline struct lanes load(const float *p, size_t n)
{
	const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
	const __m512i odd = _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
	__m512 a = _mm512_maskz_loadu_ps(some(2 * n, 0), p), b = _mm512_setzero_ps();
	struct lanes v;

	if (n > LANES / 2)
		b = _mm512_maskz_loadu_ps(some(2 * n, 1), p + LANES);
	v.re = _mm512_permutex2var_ps(a, even, b);
	v.im = _mm512_permutex2var_ps(a, odd, b);
	return v;
}

static inline vec at_least(vec g)
{
	return _mm512_max_ps(g, _mm512_set1_ps(KERN_MMSE_LEAST));
}

/* Singles, pairs or fours of floats of a and b in turn, in two vectors. */
static inline void zip(__m512 a, __m512 b, __m512 out[2])
{
	const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
	const __m512i high = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);

	out[0] = _mm512_permutex2var_ps(a, low, b);
	out[1] = _mm512_permutex2var_ps(a, high, b);
}

static inline void zip_pairs(__m512 a, __m512 b, __m512 out[2])
{
	const __m512i low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
	const __m512i high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
	__m512d x = _mm512_castps_pd(a), y = _mm512_castps_pd(b);

	out[0] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, low, y));
	out[1] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, high, y));
}

static inline void zip_fours(__m512 a, __m512 b, __m512 out[2])
{
	const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
	const __m512i high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
	__m512d x = _mm512_castps_pd(a), y = _mm512_castps_pd(b);

	out[0] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, low, y));
	out[1] = _mm512_castpd_ps(_mm512_permutex2var_pd(x, high, y));
}

static inline __attribute__((always_inline)) void write(float *to, const __m512 *v, size_t vectors, size_t n)
{
	for (size_t i = 0; i < vectors; i++) {
		__mmask16 m = some(n, i);

		if (m)
			_mm512_mask_storeu_ps(to + i * LANES, m, v[i]);
	}
}

/* Other numbers of layers than 1, 2 and 4 do not zip. */
static inline void store_apart(
	float *x, float *noise, const struct lanes *z, const vec *e, size_t layers, size_t n)
{
	float parts[3][KERN_MMSE_LAYERS][LANES];

	for (size_t l = 0; l < layers; l++) {
		_mm512_storeu_ps(parts[0][l], z[l].re);
		_mm512_storeu_ps(parts[1][l], z[l].im);
		_mm512_storeu_ps(parts[2][l], e[l]);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t l = 0; l < layers; l++) {
			*x++ = parts[0][l][i];
			*x++ = parts[1][l][i];
			*noise++ = parts[2][l][i];
		}
	}
}

static inline __attribute__((always_inline)) void store(
	float *x, float *noise, const struct lanes *z, const vec *e, size_t layers, size_t n)
{
	__m512 c[4][2], pairs[2][4], out[8], v[4];

	if (layers != 1 && layers != 2 && layers != 4) {
		store_apart(x, noise, z, e, layers, n);
		return;
	}
	for (size_t l = 0; l < layers; l++)
		zip(z[l].re, z[l].im, c[l]);
	if (layers == 1) {
		write(x, c[0], 2, 2 * n);
		write(noise, e, 1, n);
		return;
	}
	for (size_t l = 0; l < layers; l += 2) {
		zip_pairs(c[l][0], c[l + 1][0], pairs[l / 2]);
		zip_pairs(c[l][1], c[l + 1][1], pairs[l / 2] + 2);
		zip(e[l], e[l + 1], v + l);
	}
	if (layers == 2) {
		write(x, pairs[0], 4, 4 * n);
		write(noise, v, 2, 2 * n);
		return;
	}
	for (size_t i = 0; i < 4; i++)
		zip_fours(pairs[0][i], pairs[1][i], out + 2 * i);
	write(x, out, 8, 8 * n);
	zip_pairs(v[0], v[2], out);
	zip_pairs(v[1], v[3], out + 2);
	write(noise, out, 4, 4 * n);
}

void kern_avx512_mmse(struct kern *k)
{
	k->cf_mmse = cf_mmse;
}
