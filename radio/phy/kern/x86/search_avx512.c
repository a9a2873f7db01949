/* The kernels of searching on AVX-512. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"
#include "radio/phy/kern/sum_windows.h"

/* |in[i]|^2 of up to 16 values. */
static __m512 power_of(const float *in, size_t left)
{
	const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
	const __m512i odd = _mm512_add_epi32(even, _mm512_set1_epi32(1));
	__mmask16 low = left >= 8 ? 0xffff : (__mmask16)((1u << 2 * left) - 1);
	__mmask16 high = left <= 8 ? 0 : (__mmask16)(0xffffu >> (32 - 2 * left));
	__m512 a = _mm512_maskz_loadu_ps(low, in), b = _mm512_maskz_loadu_ps(high, in + 16);
	__m512 re = _mm512_permutex2var_ps(a, even, b), im = _mm512_permutex2var_ps(a, odd, b);

	return _mm512_add_ps(_mm512_mul_ps(re, re), _mm512_mul_ps(im, im));
}

static void cf_power_over(float *out, const float *in, const float *over, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		size_t left = n - i < 16 ? n - i : 16;
		__mmask16 m = (__mmask16)(0xffffu >> (16 - left));
		__m512 sum = power_of(in + 2 * i, left);

		_mm512_mask_storeu_ps(
			out + i, m, _mm512_maskz_div_ps(m, sum, _mm512_maskz_loadu_ps(m, over + i)));
	}
}

static void cf_power(float *out, const float *in, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		size_t left = n - i < 16 ? n - i : 16;

		_mm512_mask_storeu_ps(
			out + i, (__mmask16)(0xffffu >> (16 - left)), power_of(in + 2 * i, left));
	}
}

static void sum_thrice(float *out, const float *a, const float *b, const float *c, const float *by, size_t n)
{
	for (size_t i = 0; i < n; i += 16) {
		__mmask16 m = n - i < 16 ? (__mmask16)(0xffffu >> (16 - (n - i))) : 0xffff;
		__m512 sum = _mm512_add_ps(_mm512_maskz_loadu_ps(m, a + i), _mm512_maskz_loadu_ps(m, b + i));

		sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(m, c + i));
		_mm512_mask_storeu_ps(out + i, m, _mm512_mul_ps(sum, _mm512_maskz_loadu_ps(m, by + i)));
	}
}

static void cf_sum_parts(float sum[2], const float *taps, const float *in, size_t n)
{
	__m512 a = _mm512_setzero_ps(), b = a;
	size_t i = 0;

	for (; i + 16 <= n; i += 16) {
		a = _mm512_fmadd_ps(_mm512_loadu_ps(taps + 2 * i), _mm512_loadu_ps(in + 2 * i), a);
		b = _mm512_fmadd_ps(_mm512_loadu_ps(taps + 2 * i + 16), _mm512_loadu_ps(in + 2 * i + 16), b);
	}
	for (; i < n; i += 8) {
		__mmask16 m = n - i >= 8 ? 0xffff : (__mmask16)((1u << 2 * (n - i)) - 1);

		a = _mm512_fmadd_ps(
			_mm512_maskz_loadu_ps(m, taps + 2 * i), _mm512_maskz_loadu_ps(m, in + 2 * i), a);
	}
	a = _mm512_add_ps(a, b);
	sum[0] = _mm512_mask_reduce_add_ps(0x5555, a);
	sum[1] = _mm512_mask_reduce_add_ps(0xaaaa, a);
}

static size_t find_least(uint32_t *at, const float *v, size_t n, float least)
{
	const __m512 bound = _mm512_set1_ps(least);
	size_t found = 0;

	for (size_t i = 0; i < n; i += 16) {
		__mmask16 m = n - i < 16 ? (__mmask16)(0xffffu >> (16 - (n - i))) : 0xffff;
		unsigned mask =
			_mm512_mask_cmp_ps_mask(m, _mm512_maskz_loadu_ps(m, v + i), bound, _CMP_GE_OQ);

		for (; mask; mask &= mask - 1)
			at[found++] = (uint32_t)(i + (size_t)__builtin_ctz(mask));
	}
	return found;
}

void kern_avx512_search(struct kern *k)
{
	k->cf_power_over = cf_power_over;
	k->cf_power = cf_power;
	k->sum_thrice = sum_thrice;
	k->sum_windows = sum_windows;
	k->cf_sum_parts = cf_sum_parts;
	k->find_least = find_least;
}
