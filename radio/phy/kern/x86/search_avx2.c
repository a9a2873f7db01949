/* The kernels of searching on AVX2. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"
#include "radio/phy/kern/sum_windows.h"

static void cf_power_over(float *out, const float *in, const float *over, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		__m256 a = _mm256_loadu_ps(in + 2 * i), b = _mm256_loadu_ps(in + 2 * i + 8);
		__m256 sum = _mm256_hadd_ps(_mm256_mul_ps(a, a), _mm256_mul_ps(b, b));

		/* pairs come out 0 1 4 5 2 3 6 7 */
		sum = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(sum), 0xd8));
		_mm256_storeu_ps(out + i, _mm256_div_ps(sum, _mm256_loadu_ps(over + i)));
	}
	for (; i < n; i++)
		out[i] = (in[2 * i] * in[2 * i] + in[2 * i + 1] * in[2 * i + 1]) / over[i];
}

static void cf_power(float *out, const float *in, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		__m256 a = _mm256_loadu_ps(in + 2 * i), b = _mm256_loadu_ps(in + 2 * i + 8);
		__m256 sum = _mm256_hadd_ps(_mm256_mul_ps(a, a), _mm256_mul_ps(b, b));

		sum = _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(sum), 0xd8));
		_mm256_storeu_ps(out + i, sum);
	}
	for (; i < n; i++)
		out[i] = in[2 * i] * in[2 * i] + in[2 * i + 1] * in[2 * i + 1];
}

static void sum_thrice(float *out, const float *a, const float *b, const float *c, const float *by, size_t n)
{
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		__m256 sum = _mm256_add_ps(_mm256_add_ps(_mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i)),
			_mm256_loadu_ps(c + i));

		_mm256_storeu_ps(out + i, _mm256_mul_ps(sum, _mm256_loadu_ps(by + i)));
	}
	for (; i < n; i++)
		out[i] = (a[i] + b[i] + c[i]) * by[i];
}

static void cf_sum_parts(float sum[2], const float *taps, const float *in, size_t n)
{
	__m256 a = _mm256_setzero_ps(), b = a;
	float lanes[8];
	size_t i = 0;

	for (; i + 8 <= n; i += 8) {
		a = _mm256_fmadd_ps(_mm256_loadu_ps(taps + 2 * i), _mm256_loadu_ps(in + 2 * i), a);
		b = _mm256_fmadd_ps(_mm256_loadu_ps(taps + 2 * i + 8), _mm256_loadu_ps(in + 2 * i + 8), b);
	}
	_mm256_storeu_ps(lanes, _mm256_add_ps(a, b));
	sum[0] = lanes[0] + lanes[2] + lanes[4] + lanes[6];
	sum[1] = lanes[1] + lanes[3] + lanes[5] + lanes[7];
	for (; i < n; i++) {
		sum[0] += taps[2 * i] * in[2 * i];
		sum[1] += taps[2 * i + 1] * in[2 * i + 1];
	}
}

static size_t find_least(uint32_t *at, const float *v, size_t n, float least)
{
	const __m256 bound = _mm256_set1_ps(least);
	size_t found = 0, i = 0;

	for (; i + 8 <= n; i += 8) {
		int mask = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_loadu_ps(v + i), bound, _CMP_GE_OQ));

		for (; mask; mask &= mask - 1)
			at[found++] = (uint32_t)(i + (size_t)__builtin_ctz((unsigned)mask));
	}
	for (; i < n; i++) {
		if (v[i] >= least)
			at[found++] = (uint32_t)i;
	}
	return found;
}

void kern_avx2_search(struct kern *k)
{
	k->cf_power_over = cf_power_over;
	k->cf_power = cf_power;
	k->sum_thrice = sum_thrice;
	k->sum_windows = sum_windows;
	k->cf_sum_parts = cf_sum_parts;
	k->find_least = find_least;
}
