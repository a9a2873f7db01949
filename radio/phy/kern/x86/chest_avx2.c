/* Channel estimation and equalisation on AVX2: four complex values at once. */
#include <immintrin.h>
#include <math.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 4 };

/* The first n of eight lanes. */
static inline __m256i lanes(size_t n)
{
	const __m256i count = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);

	return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), count);
}

static inline __m256 load(const float *p, size_t complex_n)
{
	return complex_n >= STEP ? _mm256_loadu_ps(p) : _mm256_maskload_ps(p, lanes(2 * complex_n));
}

static inline void store(float *p, __m256 v, size_t complex_n)
{
	if (complex_n >= STEP)
		_mm256_storeu_ps(p, v);
	else
		_mm256_maskstore_ps(p, lanes(2 * complex_n), v);
}

/* x times (re, im), both spread over the lanes. */
static inline __m256 times(__m256 x, __m256 re, __m256 im)
{
	return _mm256_fmaddsub_ps(x, re, _mm256_mul_ps(_mm256_permute_ps(x, 0xb1), im));
}

/* n taps of a column, each twice. */
static inline __m256 taps(const float *m, size_t n)
{
	const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
	__m128 four = n >= STEP ? _mm_loadu_ps(m) : _mm_maskload_ps(m, _mm256_castsi256_si128(lanes(n)));

	return _mm256_permutevar8x32_ps(_mm256_castps128_ps256(four), twice);
}

static inline __m256 spread(const float *p)
{
	return _mm256_castpd_ps(_mm256_broadcast_sd((const double *)p));
}

enum { AT_ONCE = 8 }; /* sums, so that none waits for itself */

/* Four rows of count windows (at most AT_ONCE). */
static inline void rows_of(float *out, const float *in, const float *m, size_t n, size_t rows, size_t cols,
	size_t stride, size_t count)
{
	__m256 sum[AT_ONCE];

	for (size_t b = 0; b < count; b++)
		sum[b] = _mm256_setzero_ps();
	for (size_t j = 0; j < cols; j++) {
		__m256 t = taps(m + j * stride, n);

		for (size_t b = 0; b < count; b++)
			sum[b] = _mm256_fmadd_ps(t, spread(in + 2 * (j + b)), sum[b]);
	}
	for (size_t b = 0; b < count; b++)
		store(out + 2 * b * rows, sum[b], n);
}

static void cf_windows(
	float *out, const float *in, const float *m, size_t rows, size_t cols, size_t stride, size_t blocks)
{
	for (size_t b = 0; b < blocks; b += AT_ONCE) {
		for (size_t r = 0; r < rows; r += STEP) {
			float *o = out + 2 * (b * rows + r);
			size_t n = rows - r < STEP ? rows - r : STEP;

			if (blocks - b >= AT_ONCE && n == STEP) {
				rows_of(o, in + 2 * b, m + r, STEP, rows, cols, stride, AT_ONCE);
				continue;
			}
			for (size_t i = 0; i < AT_ONCE && b + i < blocks; i++)
				rows_of(o + 2 * i * rows, in + 2 * (b + i), m + r, n, rows, cols, stride, 1);
		}
	}
}

static void cf_ramp(float *out, const float *in, size_t n, float phase, float step)
{
	float first[2 * STEP];
	__m256 turn, re = _mm256_set1_ps(cosf(STEP * step)), im = _mm256_set1_ps(sinf(STEP * step));

	for (int i = 0; i < STEP; i++) {
		first[2 * i] = cosf(phase + (float)i * step);
		first[2 * i + 1] = sinf(phase + (float)i * step);
	}
	turn = _mm256_loadu_ps(first);
	for (size_t i = 0; i < n; i += STEP) {
		store(out + 2 * i,
			times(load(in + 2 * i, n - i), _mm256_moveldup_ps(turn), _mm256_movehdup_ps(turn)),
			n - i);
		turn = times(turn, re, im);
	}
}

static void cf_combine(float *out, const float *const *in, const float *w, size_t count, size_t n)
{
	for (size_t i = 0; i < n; i += STEP) {
		__m256 sum = _mm256_setzero_ps();

		for (size_t d = 0; d < count; d++)
			sum = _mm256_add_ps(sum, times(load(in[d] + 2 * i, n - i), _mm256_set1_ps(w[2 * d]),
							 _mm256_set1_ps(w[2 * d + 1])));
		store(out + 2 * i, sum, n - i);
	}
}

/* A few vectors at a time, which stay in the nearest cache for all ports. */
static void cf_precode(
	float *const *out, size_t ports, const float *const *in, size_t layers, const float *w, size_t n)
{
	enum { TILE = 64 };

	for (size_t i = 0; i < n; i += TILE) {
		const float *tile[KERN_PRECODE_MAX];

		for (size_t l = 0; l < layers; l++)
			tile[l] = in[l] + 2 * i;
		for (size_t p = 0; p < ports; p++)
			cf_combine(out[p] + 2 * i, tile, w + 2 * p * KERN_PRECODE_MAX, layers,
				n - i < TILE ? n - i : TILE);
	}
}

static void cf_equalize(float *x, float *noise, const float *y, const float *h, float n0, size_t n)
{
	const __m256 least = _mm256_set1_ps(KERN_EQUALIZE_LEAST), one = _mm256_set1_ps(1);
	const __m256i even = _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6);

	for (size_t i = 0; i < n; i += STEP) {
		__m256 a = load(h + 2 * i, n - i), b = load(y + 2 * i, n - i), square = _mm256_mul_ps(a, a);
		__m256 per = _mm256_add_ps(_mm256_add_ps(square, _mm256_permute_ps(square, 0xb1)), least);
		__m256 cross = _mm256_mul_ps(_mm256_permute_ps(b, 0xb1), _mm256_movehdup_ps(a)), p;

		/* y conj(h): the sum where fmaddsub would take the difference */
		p = _mm256_fmsubadd_ps(b, _mm256_moveldup_ps(a), cross);
		per = _mm256_div_ps(one, per);
		store(x + 2 * i, _mm256_mul_ps(p, per), n - i);
		per = _mm256_permutevar8x32_ps(_mm256_mul_ps(_mm256_set1_ps(n0), per), even);
		if (n - i >= STEP)
			_mm_storeu_ps(noise + i, _mm256_castps256_ps128(per));
		else
			_mm_maskstore_ps(
				noise + i, _mm256_castsi256_si128(lanes(n - i)), _mm256_castps256_ps128(per));
	}
}

void kern_avx2_chest(struct kern *k)
{
	k->cf_windows = cf_windows;
	k->cf_ramp = cf_ramp;
	k->cf_combine = cf_combine;
	k->cf_precode = cf_precode;
	k->cf_equalize = cf_equalize;
}
