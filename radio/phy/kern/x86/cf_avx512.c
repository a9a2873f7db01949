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

/* Sums over lanes: of products, and of those with one's parts changed over. */
struct dot {
	__m512 same, cross;
};

static inline void add_dot(struct dot *d, __m512 x, __m512 y)
{
	d->same = _mm512_fmadd_ps(x, y, d->same);
	d->cross = _mm512_fmadd_ps(x, swapped(y), d->cross);
}

static void cf_dot_conj(float sum[2], const float *a, const float *b, size_t n)
{
	struct dot d[2] = { { _mm512_setzero_ps(), _mm512_setzero_ps() } };
	size_t i = 0;

	d[1] = d[0];
	for (; i + 2 * STEP <= 2 * n; i += 2 * STEP) {
		add_dot(&d[0], _mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));
		add_dot(&d[1], _mm512_loadu_ps(a + i + STEP), _mm512_loadu_ps(b + i + STEP));
	}
	for (; i < 2 * n; i += STEP) {
		__mmask16 m = mask_of(2 * n - i);

		add_dot(&d[0], _mm512_maskz_loadu_ps(m, a + i), _mm512_maskz_loadu_ps(m, b + i));
	}
	d[0].cross = _mm512_add_ps(d[0].cross, d[1].cross);
	sum[0] = _mm512_reduce_add_ps(_mm512_add_ps(d[0].same, d[1].same));
	sum[1] =
		_mm512_mask_reduce_add_ps(0xaaaa, d[0].cross) - _mm512_mask_reduce_add_ps(0x5555, d[0].cross);
}

static float cf_energy(const float *in, size_t n)
{
	__m512 sum[4] = { _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(),
		_mm512_setzero_ps() };
	size_t i = 0;

	for (; i + 4 * STEP <= 2 * n; i += 4 * STEP) {
		for (unsigned k = 0; k < 4; k++) {
			__m512 x = _mm512_loadu_ps(in + i + STEP * k);

			sum[k] = _mm512_fmadd_ps(x, x, sum[k]);
		}
	}
	for (; i < 2 * n; i += STEP) {
		__m512 x = _mm512_maskz_loadu_ps(mask_of(2 * n - i), in + i);

		sum[0] = _mm512_fmadd_ps(x, x, sum[0]);
	}
	return _mm512_reduce_add_ps(
		_mm512_add_ps(_mm512_add_ps(sum[0], sum[1]), _mm512_add_ps(sum[2], sum[3])));
}

/* Complex values of a and b by turns: those of even places, those of odd ones. */
static inline void unzip(__m512d a, __m512d b, __m512d out[2])
{
	out[0] = _mm512_permutex2var_pd(a, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), b);
	out[1] = _mm512_permutex2var_pd(a, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), b);
}

/* Eight to each of four rows. */
static inline void deal_four(float *const *out, const double *in, size_t i)
{
	__m512d low[2], high[2], v[2];

	unzip(_mm512_loadu_pd(in), _mm512_loadu_pd(in + 8), low);
	unzip(_mm512_loadu_pd(in + 16), _mm512_loadu_pd(in + 24), high);
	for (unsigned odd = 0; odd < 2; odd++) {
		unzip(low[odd], high[odd], v);
		_mm512_storeu_pd((double *)(out[odd] + 2 * i), v[0]);
		_mm512_storeu_pd((double *)(out[odd + 2] + 2 * i), v[1]);
	}
}

static inline void deal_two(float *const *out, const double *in, size_t i)
{
	__m512d v[2];

	unzip(_mm512_loadu_pd(in), _mm512_loadu_pd(in + 8), v);
	_mm512_storeu_pd((double *)(out[0] + 2 * i), v[0]);
	_mm512_storeu_pd((double *)(out[1] + 2 * i), v[1]);
}

static void cf_deal(float *const *out, const float *in, size_t count, size_t n)
{
	const double *from = (const double *)in; /* a complex value each, which is only moved */
	size_t i = 0;

	for (; count == 4 && i + 8 <= n; i += 8)
		deal_four(out, from + 4 * i, i);
	for (; count == 2 && i + 8 <= n; i += 8)
		deal_two(out, from + 2 * i, i);
	for (; i < n; i++) {
		for (size_t r = 0; r < count; r++)
			_mm_storel_pd((double *)(out[r] + 2 * i), _mm_load_sd(from + i * count + r));
	}
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
	k->cf_deal = cf_deal;
	k->ci16_to_cf = ci16_to_cf;
	k->cf_to_ci16 = cf_to_ci16;
}
