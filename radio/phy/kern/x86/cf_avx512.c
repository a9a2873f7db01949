/* The kernels on arrays of complex floats on AVX-512: sixteen floats at once, the last ones under a mask. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 16 };

static __mmask16 mask_of(size_t left)
{
	return left >= STEP ? 0xffff : (__mmask16)((1u << left) - 1);
}

static __m512 swapped(__m512 x)
{
	return _mm512_permute_ps(x, 0xb1);
}

static void cf_scale(float *out, const float *in, size_t n, float re, float im)
{
	const __m512 c = _mm512_set1_ps(re), s = _mm512_set1_ps(im);

	for (size_t i = 0; i < 2 * n; i += STEP) {
		__mmask16 m = mask_of(2 * n - i);
		__m512 x = _mm512_maskz_loadu_ps(m, in + i);

		x = _mm512_fmaddsub_ps(x, c, _mm512_mul_ps(swapped(x), s));
		_mm512_mask_storeu_ps(out + i, m, x);
	}
}

static void cf_mul_conj(float *out, const float *a, const float *b, size_t n)
{
	for (size_t i = 0; i < 2 * n; i += STEP) {
		__mmask16 m = mask_of(2 * n - i);
		__m512 x = _mm512_maskz_loadu_ps(m, a + i), y = _mm512_maskz_loadu_ps(m, b + i);
		__m512 cross = _mm512_mul_ps(swapped(x), _mm512_movehdup_ps(y));

		_mm512_mask_storeu_ps(out + i, m, _mm512_fmsubadd_ps(x, _mm512_moveldup_ps(y), cross));
	}
}

static void cf_dot_conj(float sum[2], const float *a, const float *b, size_t n)
{
	__m512 same[2] = { _mm512_setzero_ps(), _mm512_setzero_ps() }, cross[2] = { same[0], same[0] };

	for (size_t i = 0; i < 2 * n; i += 2 * STEP) {
		for (unsigned k = 0; k < 2 && i + STEP * k < 2 * n; k++) {
			__mmask16 m = mask_of(2 * n - i - STEP * k);
			__m512 x = _mm512_maskz_loadu_ps(m, a + i + STEP * k);
			__m512 y = _mm512_maskz_loadu_ps(m, b + i + STEP * k);

			same[k] = _mm512_fmadd_ps(x, y, same[k]);
			cross[k] = _mm512_fmadd_ps(x, swapped(y), cross[k]);
		}
	}
	cross[0] = _mm512_add_ps(cross[0], cross[1]);
	sum[0] = _mm512_reduce_add_ps(_mm512_add_ps(same[0], same[1]));
	sum[1] = _mm512_mask_reduce_add_ps(0xaaaa, cross[0]) - _mm512_mask_reduce_add_ps(0x5555, cross[0]);
}

static float cf_energy(const float *in, size_t n)
{
	__m512 sum[2] = { _mm512_setzero_ps(), _mm512_setzero_ps() };

	for (size_t i = 0; i < 2 * n; i += 2 * STEP) {
		for (unsigned k = 0; k < 2 && i + STEP * k < 2 * n; k++) {
			__m512 x = _mm512_maskz_loadu_ps(mask_of(2 * n - i - STEP * k), in + i + STEP * k);

			sum[k] = _mm512_fmadd_ps(x, x, sum[k]);
		}
	}
	return _mm512_reduce_add_ps(_mm512_add_ps(sum[0], sum[1]));
}

static void ci16_to_cf(float *out, const int16_t *in, size_t n, float scale)
{
	for (size_t i = 0; i < 2 * n; i += STEP) {
		__mmask16 m = mask_of(2 * n - i);
		__m512i x = _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(m, in + i));

		_mm512_mask_storeu_ps(
			out + i, m, _mm512_mul_ps(_mm512_cvtepi32_ps(x), _mm512_set1_ps(scale)));
	}
}

static void cf_to_ci16(int16_t *out, const float *in, size_t n, float scale)
{
	const __m512 most = _mm512_set1_ps(32767), least = _mm512_set1_ps(-32767);

	for (size_t i = 0; i < 2 * n; i += STEP) {
		__mmask16 m = mask_of(2 * n - i);
		__m512 v = _mm512_mul_ps(_mm512_maskz_loadu_ps(m, in + i), _mm512_set1_ps(scale));
		__m512i x = _mm512_cvtps_epi32(_mm512_min_ps(_mm512_max_ps(v, least), most));

		_mm256_mask_storeu_epi16(out + i, m, _mm512_cvtepi32_epi16(x));
	}
}

void kern_avx512_cf(struct kern *k)
{
	k->cf_scale = cf_scale;
	k->cf_mul_conj = cf_mul_conj;
	k->cf_dot_conj = cf_dot_conj;
	k->cf_energy = cf_energy;
	k->ci16_to_cf = ci16_to_cf;
	k->cf_to_ci16 = cf_to_ci16;
}
