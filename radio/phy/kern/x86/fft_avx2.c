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

struct eight {
	vec v[8];
};

static inline struct eight transform3(struct eight x, vec turn)
{
	vec t = x.v[1] + x.v[2], u = _mm256_fnmadd_ps(_mm256_set1_ps(0.5f), t, x.v[0]);
	vec v = swapped(x.v[1] - x.v[2]);

	return (struct eight){ { x.v[0] + t, _mm256_fmadd_ps(v, turn, u), _mm256_fnmadd_ps(v, turn, u) } };
}

static inline struct eight transform4(struct eight x, vec turn)
{
	vec a = x.v[0] + x.v[2], b = x.v[0] - x.v[2], c = x.v[1] + x.v[3], d = swapped(x.v[1] - x.v[3]);

	return (struct eight){ { a + c, _mm256_fmadd_ps(d, turn, b), a - c, _mm256_fnmadd_ps(d, turn, b) } };
}

/* The even outputs are a transform of the sums; the odd ones of the differences, turned by eighths. */
static inline struct eight transform8(struct eight x, vec turn)
{
	const vec half_root = _mm256_set1_ps(0.70710678118f);
	struct eight even = { { x.v[0] + x.v[4], x.v[1] + x.v[5], x.v[2] + x.v[6], x.v[3] + x.v[7] } };
	vec d0 = x.v[0] - x.v[4], d1 = x.v[1] - x.v[5], d2 = swapped(x.v[2] - x.v[6]),
	    d3 = swapped(x.v[3] - x.v[7]);
	vec a = _mm256_fmadd_ps(d2, turn, d0), b = _mm256_fnmadd_ps(d2, turn, d0);
	vec c = _mm256_fmadd_ps(d3, turn, d1), e = _mm256_fnmadd_ps(d3, turn, d1);

	even = transform4(even, turn);
	c = _mm256_fmadd_ps(swapped(c), turn, c);
	e = _mm256_fmsub_ps(swapped(e), turn, e);
	return (struct eight){ { even.v[0], _mm256_fmadd_ps(c, half_root, a), even.v[1],
		_mm256_fmadd_ps(e, half_root, b), even.v[2], _mm256_fnmadd_ps(c, half_root, a), even.v[3],
		_mm256_fnmadd_ps(e, half_root, b) } };
}

static inline struct eight transform(struct eight x, unsigned radix, vec turn)
{
	return radix == 8 ? transform8(x, turn) : radix == 4 ? transform4(x, turn) : transform3(x, turn);
}

static inline struct eight gather(const float *in, size_t step, unsigned radix)
{
	struct eight x;

	for (unsigned i = 0; i < radix; i++)
		x.v[i] = load(in + i * step);
	return x;
}

/* For a constant radix; the last pass (m is 1) has no factors. */
static inline void pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	const vec turn = turn_of(radix == 3 ? sign * 0.86602540378f : sign);

	for (size_t q = 0; q < s && m == 1; q += STEP) {
		struct eight x = transform(gather(in + 2 * q, 2 * s, radix), radix, turn);

		for (unsigned k = 0; k < radix; k++)
			store(out + 2 * (q + s * k), x.v[k]);
	}
	for (size_t p = 0; p < m && m > 1; p++) {
		vec re[8], im[8];

		for (unsigned k = 1; k < radix; k++) {
			re[k] = _mm256_set1_ps(w[2 * (m * (k - 1) + p)]);
			im[k] = _mm256_set1_ps(w[2 * (m * (k - 1) + p) + 1]);
		}
		for (size_t q = 0; q < s; q += STEP) {
			struct eight x = gather(in + 2 * (q + s * p), 2 * s * m, radix);
			float *o = out + 2 * (q + s * radix * p);

			x = transform(x, radix, turn);
			store(o, x.v[0]);
			for (unsigned k = 1; k < radix; k++)
				store(o + 2 * s * k, times(x.v[k], re[k], im[k]));
		}
	}
}

/* Four columns of four complex values to rows, which are 8 values apart. */
static inline void store_turned(float *out, const vec *v)
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

/* The first pass (s is 1): four p at once, their results turned from columns into rows. */
static void first_pass(float *out, const float *in, const float *w, size_t m, float sign)
{
	const vec turn = turn_of(sign);

	for (size_t p = 0; p < m; p += STEP) {
		struct eight x = transform8(gather(in + 2 * p, 2 * m, 8), turn);

		for (unsigned k = 1; k < 8; k++)
			x.v[k] = times_row(x.v[k], w + 2 * (m * (k - 1) + p));
		store_turned(out + 16 * p, x.v);
		store_turned(out + 16 * p + 8, x.v + 4);
	}
}

static void fft_pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	if (s == 1)
		first_pass(out, in, w, m, sign);
	else if (radix == 8)
		pass(out, in, w, 8, m, s, sign);
	else if (radix == 4)
		pass(out, in, w, 4, m, s, sign);
	else
		pass(out, in, w, 3, m, s, sign);
}

void kern_avx2_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}
