/* The kernels on arrays of complex floats on AVX2: eight floats at once, and what is left one by one. */
#include <immintrin.h>
#include <math.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 8 };

static __m256 swapped(__m256 x)
{
	return _mm256_permute_ps(x, 0xb1);
}

static float sum_of(__m256 v)
{
	__m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));

	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	return _mm_cvtss_f32(s) + _mm_cvtss_f32(_mm_movehdup_ps(s));
}

static void cf_scale(float *out, const float *in, size_t n, float re, float im)
{
	const __m256 c = _mm256_set1_ps(re), s = _mm256_set1_ps(im);
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		__m256 x = _mm256_loadu_ps(in + i);

		_mm256_storeu_ps(out + i, _mm256_fmaddsub_ps(x, c, _mm256_mul_ps(swapped(x), s)));
	}
	for (; i < 2 * n; i += 2) {
		float a = in[i], b = in[i + 1];

		out[i] = a * re - b * im;
		out[i + 1] = b * re + a * im;
	}
}

static void cf_mul_conj(float *out, const float *a, const float *b, size_t n)
{
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		__m256 x = _mm256_loadu_ps(a + i), y = _mm256_loadu_ps(b + i);
		__m256 cross = _mm256_mul_ps(swapped(x), _mm256_movehdup_ps(y));

		_mm256_storeu_ps(out + i, _mm256_fmsubadd_ps(x, _mm256_moveldup_ps(y), cross));
	}
	for (; i < 2 * n; i += 2) {
		float re = a[i] * b[i] + a[i + 1] * b[i + 1], im = a[i + 1] * b[i] - a[i] * b[i + 1];

		out[i] = re;
		out[i + 1] = im;
	}
}

static void cf_dot_conj(float sum[2], const float *a, const float *b, size_t n)
{
	__m256 same[2] = { _mm256_setzero_ps(), _mm256_setzero_ps() }, cross[2] = { same[0], same[0] };
	const __m256 odd = _mm256_setr_ps(-0.0f, 0, -0.0f, 0, -0.0f, 0, -0.0f, 0);
	float re = 0, im = 0;
	size_t i = 0;

	for (; i + 2 * STEP <= 2 * n; i += 2 * STEP) {
		for (unsigned k = 0; k < 2; k++) {
			__m256 x = _mm256_loadu_ps(a + i + STEP * k), y = _mm256_loadu_ps(b + i + STEP * k);

			same[k] = _mm256_fmadd_ps(x, y, same[k]);
			cross[k] = _mm256_fmadd_ps(x, swapped(y), cross[k]);
		}
	}
	for (; i < 2 * n; i += 2) {
		re += a[i] * b[i] + a[i + 1] * b[i + 1];
		im += a[i + 1] * b[i] - a[i] * b[i + 1];
	}
	sum[0] = re + sum_of(_mm256_add_ps(same[0], same[1]));
	sum[1] = im + sum_of(_mm256_xor_ps(_mm256_add_ps(cross[0], cross[1]), odd));
}

static float cf_energy(const float *in, size_t n)
{
	__m256 sum[2] = { _mm256_setzero_ps(), _mm256_setzero_ps() };
	float rest = 0;
	size_t i = 0;

	for (; i + 2 * STEP <= 2 * n; i += 2 * STEP) {
		for (unsigned k = 0; k < 2; k++) {
			__m256 x = _mm256_loadu_ps(in + i + STEP * k);

			sum[k] = _mm256_fmadd_ps(x, x, sum[k]);
		}
	}
	for (; i < 2 * n; i++)
		rest += in[i] * in[i];
	return rest + sum_of(_mm256_add_ps(sum[0], sum[1]));
}

/* Two to each of an even number of rows. */
static inline void deal_pairs(float *const *out, const double *in, size_t count, size_t i)
{
	for (size_t r = 0; r < count; r += 2) {
		__m128d a = _mm_loadu_pd(in + r), b = _mm_loadu_pd(in + r + count);

		_mm_storeu_pd((double *)(out[r] + 2 * i), _mm_unpacklo_pd(a, b));
		_mm_storeu_pd((double *)(out[r + 1] + 2 * i), _mm_unpackhi_pd(a, b));
	}
}

static void cf_deal(float *const *out, const float *in, size_t count, size_t n)
{
	const double *from = (const double *)in; /* a complex value each, which is only moved */
	size_t i = 0;

	for (; count % 2 == 0 && i + 2 <= n; i += 2)
		deal_pairs(out, from + count * i, count, i);
	for (; i < n; i++) {
		for (size_t r = 0; r < count; r++)
			_mm_storel_pd((double *)(out[r] + 2 * i), _mm_load_sd(from + i * count + r));
	}
}

static void ci16_to_cf(float *out, const int16_t *in, size_t n, float scale)
{
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		__m256i x = _mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(in + i)));

		_mm256_storeu_ps(out + i, _mm256_mul_ps(_mm256_cvtepi32_ps(x), _mm256_set1_ps(scale)));
	}
	for (; i < 2 * n; i++)
		out[i] = (float)in[i] * scale;
}

static void cf_to_ci16(int16_t *out, const float *in, size_t n, float scale)
{
	const __m256 most = _mm256_set1_ps(32767), least = _mm256_set1_ps(-32767);
	size_t i = 0;

	for (; i + STEP <= 2 * n; i += STEP) {
		__m256 v = _mm256_mul_ps(_mm256_loadu_ps(in + i), _mm256_set1_ps(scale));
		__m256i x = _mm256_cvtps_epi32(_mm256_min_ps(_mm256_max_ps(v, least), most));
		__m128i packed = _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));

		_mm_storeu_si128((__m128i *)(out + i), packed);
	}
	for (; i < 2 * n; i++) {
		float v = in[i] * scale;

		v = v > -32767 ? v : -32767;
		v = v < 32767 ? v : 32767;
		out[i] = (int16_t)lrintf(v);
	}
}

void kern_avx2_cf(struct kern *k)
{
	k->cf_scale = cf_scale;
	k->cf_mul_conj = cf_mul_conj;
	k->cf_dot_conj = cf_dot_conj;
	k->cf_energy = cf_energy;
	k->cf_deal = cf_deal;
	k->ci16_to_cf = ci16_to_cf;
	k->cf_to_ci16 = cf_to_ci16;
}
