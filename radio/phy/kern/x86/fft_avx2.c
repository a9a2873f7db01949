/* The passes of the Fourier transform on AVX2: four complex values at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static inline __m256 times(__m256 x, __m256 w)
{
	__m256 cross = _mm256_mul_ps(_mm256_permute_ps(x, 0xb1), _mm256_movehdup_ps(w));

	return _mm256_fmaddsub_ps(x, _mm256_moveldup_ps(w), cross);
}

/* x times j, if turn is (-1, 1) in each pair; times -j, if (1, -1). */
static inline __m256 turned(__m256 x, __m256 turn)
{
	return _mm256_mul_ps(_mm256_permute_ps(x, 0xb1), turn);
}

static inline __m256 turn_of(float sign)
{
	return _mm256_setr_ps(-sign, sign, -sign, sign, -sign, sign, -sign, sign);
}

/* One factor for all four. */
static inline __m256 spread(const float *w)
{
	return _mm256_castpd_ps(_mm256_broadcast_sd((const double *)w));
}

struct four {
	__m256 v[4];
};

static inline struct four butterfly4(const float *in, size_t step, __m256 turn)
{
	__m256 a = _mm256_loadu_ps(in), b = _mm256_loadu_ps(in + step);
	__m256 c = _mm256_loadu_ps(in + 2 * step), d = _mm256_loadu_ps(in + 3 * step);
	__m256 sum = _mm256_add_ps(a, c), difference = _mm256_sub_ps(a, c), other = _mm256_add_ps(b, d);
	__m256 t = turned(_mm256_sub_ps(b, d), turn);

	return (struct four){ { _mm256_add_ps(sum, other), _mm256_add_ps(difference, t),
		_mm256_sub_ps(sum, other), _mm256_sub_ps(difference, t) } };
}

static void radix4(float *out, const float *in, const float *w, size_t m, size_t s, float sign)
{
	const __m256 turn = turn_of(sign);

	for (size_t p = 0; p < m; p++) {
		__m256 w1 = spread(w + 2 * p), w2 = spread(w + 2 * (m + p)), w3 = spread(w + 2 * (2 * m + p));

		for (size_t q = 0; q < s; q += 4) {
			struct four x = butterfly4(in + 2 * (q + s * p), 2 * s * m, turn);
			float *o = out + 2 * (q + s * 4 * p);

			_mm256_storeu_ps(o, x.v[0]);
			_mm256_storeu_ps(o + 2 * s, times(x.v[1], w1));
			_mm256_storeu_ps(o + 4 * s, times(x.v[2], w2));
			_mm256_storeu_ps(o + 6 * s, times(x.v[3], w3));
		}
	}
}

/* The first pass (s is 1): four p at once, their results turned from columns into rows. */
static void radix4_first(float *out, const float *in, const float *w, size_t m, float sign)
{
	const __m256 turn = turn_of(sign);

	for (size_t p = 0; p < m; p += 4) {
		struct four x = butterfly4(in + 2 * p, 2 * m, turn);
		__m256d y0 = _mm256_castps_pd(x.v[0]);
		__m256d y1 = _mm256_castps_pd(times(x.v[1], _mm256_loadu_ps(w + 2 * p)));
		__m256d y2 = _mm256_castps_pd(times(x.v[2], _mm256_loadu_ps(w + 2 * (m + p))));
		__m256d y3 = _mm256_castps_pd(times(x.v[3], _mm256_loadu_ps(w + 2 * (2 * m + p))));
		__m256d a = _mm256_unpacklo_pd(y0, y1), b = _mm256_unpackhi_pd(y0, y1);
		__m256d c = _mm256_unpacklo_pd(y2, y3), d = _mm256_unpackhi_pd(y2, y3);
		double *o = (double *)(out + 8 * p);

		_mm256_storeu_pd(o, _mm256_permute2f128_pd(a, c, 0x20));
		_mm256_storeu_pd(o + 4, _mm256_permute2f128_pd(b, d, 0x20));
		_mm256_storeu_pd(o + 8, _mm256_permute2f128_pd(a, c, 0x31));
		_mm256_storeu_pd(o + 12, _mm256_permute2f128_pd(b, d, 0x31));
	}
}

static void radix3(float *out, const float *in, const float *w, size_t m, size_t s, float sign)
{
	const __m256 turn = turn_of(sign * 0.86602540378f), half = _mm256_set1_ps(0.5f);

	for (size_t p = 0; p < m; p++) {
		__m256 w1 = spread(w + 2 * p), w2 = spread(w + 2 * (m + p));

		for (size_t q = 0; q < s; q += 4) {
			const float *i = in + 2 * (q + s * p);
			float *o = out + 2 * (q + s * 3 * p);
			__m256 a = _mm256_loadu_ps(i), b = _mm256_loadu_ps(i + 2 * s * m);
			__m256 c = _mm256_loadu_ps(i + 4 * s * m), t = _mm256_add_ps(b, c);
			__m256 u = _mm256_fnmadd_ps(half, t, a), v = turned(_mm256_sub_ps(b, c), turn);

			_mm256_storeu_ps(o, _mm256_add_ps(a, t));
			_mm256_storeu_ps(o + 2 * s, times(_mm256_add_ps(u, v), w1));
			_mm256_storeu_ps(o + 4 * s, times(_mm256_sub_ps(u, v), w2));
		}
	}
}

static void radix2(float *out, const float *in, const float *w, size_t m, size_t s)
{
	for (size_t p = 0; p < m; p++) {
		__m256 w1 = spread(w + 2 * p);

		for (size_t q = 0; q < s; q += 4) {
			const float *i = in + 2 * (q + s * p);
			float *o = out + 2 * (q + s * 2 * p);
			__m256 a = _mm256_loadu_ps(i), b = _mm256_loadu_ps(i + 2 * s * m);

			_mm256_storeu_ps(o, _mm256_add_ps(a, b));
			_mm256_storeu_ps(o + 2 * s, times(_mm256_sub_ps(a, b), w1));
		}
	}
}

static void fft_pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	if (s == 1)
		radix4_first(out, in, w, m, sign);
	else if (radix == 4)
		radix4(out, in, w, m, s, sign);
	else if (radix == 3)
		radix3(out, in, w, m, s, sign);
	else
		radix2(out, in, w, m, s);
}

void kern_avx2_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}
