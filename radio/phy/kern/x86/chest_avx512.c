/* Channel estimation and equalisation on AVX-512: eight complex values at once. */
#include <immintrin.h>
#include <math.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 8, PRECODE_PORTS = 4 /* at once, so that all sums stay in registers */ };

static inline __mmask16 lanes(size_t complex_n)
{
	return complex_n >= STEP ? 0xffff : (__mmask16)((1u << 2 * complex_n) - 1);
}

static inline __m512 load(const float *p, size_t complex_n)
{
	return _mm512_maskz_loadu_ps(lanes(complex_n), p);
}

static inline void store(float *p, __m512 v, size_t complex_n)
{
	_mm512_mask_storeu_ps(p, lanes(complex_n), v);
}

/* x times (re, im), both spread over the lanes. */
static inline __m512 times(__m512 x, __m512 re, __m512 im)
{
	return _mm512_fmaddsub_ps(x, re, _mm512_mul_ps(_mm512_permute_ps(x, 0xb1), im));
}

static inline __m512 spread(const float *p)
{
	return _mm512_castpd_ps(_mm512_broadcastsd_pd(_mm_load_sd((const double *)p)));
}

enum { AT_ONCE = 8 }; /* sums, so that none waits for itself */

/* Eight rows of count windows (at most AT_ONCE), n of them of use; each tap stands for both parts. */
static inline void rows_of(float *out, const float *in, const float *m, size_t n, size_t rows, size_t cols,
	size_t stride, size_t count)
{
	const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
	__mmask8 some = n >= STEP ? 0xff : (__mmask8)((1u << n) - 1);
	__m512 sum[AT_ONCE];

	for (size_t b = 0; b < count; b++)
		sum[b] = _mm512_setzero_ps();
	for (size_t j = 0; j < cols; j++) {
		__m512 t = _mm512_castps256_ps512(_mm256_maskz_loadu_ps(some, m + j * stride));

		t = _mm512_permutexvar_ps(twice, t);
		for (size_t b = 0; b < count; b++)
			sum[b] = _mm512_fmadd_ps(t, spread(in + 2 * (j + b)), sum[b]);
	}
	for (size_t b = 0; b < count; b++)
		store(out + 2 * b * rows, sum[b], n);
}

/* All rows of a window, some vectors at a time, so that sums do not wait for themselves. */
static inline void tall(float *out, const float *in, const float *m, size_t rows, size_t cols, size_t stride)
{
	enum { VECTORS = 4 };
	const __m512i twice = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);

	for (size_t r = 0; r < rows; r += VECTORS * STEP) {
		__m512 sum[VECTORS];

		for (size_t v = 0; v < VECTORS; v++)
			sum[v] = _mm512_setzero_ps();
		for (size_t j = 0; j < cols; j++) {
			__m512 x = spread(in + 2 * j);

			for (size_t v = 0; v < VECTORS; v++) {
				size_t at = r + v * STEP, n = rows > at ? rows - at : 0;
				__mmask8 some = n >= STEP ? 0xff : (__mmask8)((1u << n) - 1);
				__m512 t = _mm512_castps256_ps512(
					_mm256_maskz_loadu_ps(some, m + j * stride + at));

				sum[v] = _mm512_fmadd_ps(_mm512_permutexvar_ps(twice, t), x, sum[v]);
			}
		}
		for (size_t v = 0; v < VECTORS && r + v * STEP < rows; v++)
			store(out + 2 * (r + v * STEP), sum[v], rows - r - v * STEP);
	}
}

/* Four rows, two windows a vector, 2 * AT_ONCE in all: lanes are row 0 of both, row 1 of both and so on. */
static inline void four_rows(float *out, const float *in, const float *m, size_t cols, size_t stride)
{
	const __m512i fourfold = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
	const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
	__m512 sum[AT_ONCE];

	for (size_t b = 0; b < AT_ONCE; b++)
		sum[b] = _mm512_setzero_ps();
	for (size_t j = 0; j < cols; j++) {
		__m512 t =
			_mm512_permutexvar_ps(fourfold, _mm512_castps128_ps512(_mm_loadu_ps(m + j * stride)));

		for (size_t b = 0; b < AT_ONCE; b++) {
			__m512 both = _mm512_broadcast_f32x4(_mm_loadu_ps(in + 2 * (j + 2 * b)));

			sum[b] = _mm512_fmadd_ps(t, both, sum[b]);
		}
	}
	for (size_t b = 0; b < AT_ONCE; b++) {
		__m512d v = _mm512_permutexvar_pd(order, _mm512_castps_pd(sum[b]));

		_mm512_storeu_ps(out + 16 * b, _mm512_castpd_ps(v));
	}
}

static void cf_windows(
	float *out, const float *in, const float *m, size_t rows, size_t cols, size_t stride, size_t blocks)
{
	size_t b = 0;

	if (blocks == 1) {
		tall(out, in, m, rows, cols, stride);
		return;
	}
	for (; rows == 4 && b + 2 * AT_ONCE <= blocks; b += 2 * AT_ONCE)
		four_rows(out + 8 * b, in + 2 * b, m, cols, stride);
	for (; b < blocks; b += AT_ONCE) {
		for (size_t r = 0; r < rows; r += STEP) {
			float *o = out + 2 * (b * rows + r);
			size_t n = rows - r;

			if (blocks - b >= AT_ONCE) {
				rows_of(o, in + 2 * b, m + r, n, rows, cols, stride, AT_ONCE);
				continue;
			}
			for (size_t i = 0; b + i < blocks; i++)
				rows_of(o + 2 * i * rows, in + 2 * (b + i), m + r, n, rows, cols, stride, 1);
		}
	}
}

/* exp(j (phase + i step)) of eight i from 0 on, out of three turns. */
static __m512 ramp_of(float phase, float step)
{
	__m512 v = _mm512_unpacklo_ps(_mm512_set1_ps(cosf(phase)), _mm512_set1_ps(sinf(phase)));

	for (int bit = 0; bit < 3; bit++) {
		static const __mmask16 set[] = { 0xcccc, 0xf0f0, 0xff00 };
		float turn = (float)(1 << bit) * step;

		v = _mm512_mask_mov_ps(
			v, set[bit], times(v, _mm512_set1_ps(cosf(turn)), _mm512_set1_ps(sinf(turn))));
	}
	return v;
}

static inline void ramp_eight(float *out, const float *in, size_t n, __m512 turn)
{
	store(out, times(load(in, n), _mm512_moveldup_ps(turn), _mm512_movehdup_ps(turn)), n);
}

static void cf_ramp(float *out, const float *in, size_t n, float phase, float step)
{
	enum { TURNS = 4 }; /* so that none waits for itself */
	__m512 turn[TURNS], re = _mm512_set1_ps(cosf(STEP * step)), im = _mm512_set1_ps(sinf(STEP * step));
	size_t i = 0, j = 0;

	turn[0] = ramp_of(phase, step);
	for (; j + 1 < TURNS; j++)
		turn[j + 1] = times(turn[j], re, im);
	re = _mm512_set1_ps(cosf(TURNS * STEP * step));
	im = _mm512_set1_ps(sinf(TURNS * STEP * step));
	for (; i + TURNS * STEP <= n; i += TURNS * STEP) {
		for (j = 0; j < TURNS; j++) {
			ramp_eight(out + 2 * (i + STEP * j), in + 2 * (i + STEP * j), STEP, turn[j]);
			turn[j] = times(turn[j], re, im);
		}
	}
	for (j = 0; i < n; i += STEP, j++)
		ramp_eight(out + 2 * i, in + 2 * i, n - i, turn[j]);
}

/* Eight sums, of which `some` are of use: those with the real parts of w, and with the others, turned at the
 * end. */
static inline void combine_eight(
	float *out, const float *const *in, const float *w, size_t count, size_t i, __mmask16 some)
{
	const __m512 one = _mm512_set1_ps(1);
	__m512 re = _mm512_setzero_ps(), im = _mm512_setzero_ps();

	for (size_t d = 0; d < count; d++) {
		__m512 x = _mm512_maskz_loadu_ps(some, in[d] + 2 * i);

		re = _mm512_fmadd_ps(x, _mm512_set1_ps(w[2 * d]), re);
		im = _mm512_fmadd_ps(x, _mm512_set1_ps(w[2 * d + 1]), im);
	}
	re = _mm512_fmaddsub_ps(re, one, _mm512_permute_ps(im, 0xb1));
	_mm512_mask_storeu_ps(out + 2 * i, some, re);
}

static void cf_combine(float *out, const float *const *in, const float *w, size_t count, size_t n)
{
	const __m512 one = _mm512_set1_ps(1);
	size_t i = 0;

	for (; i + 2 * STEP <= n; i += 2 * STEP) { /* twice as many, so that no sum waits for itself */
		__m512 re[2] = { _mm512_setzero_ps(), _mm512_setzero_ps() }, im[2] = { re[0], re[0] };

		for (size_t d = 0; d < count; d++) {
			__m512 a = _mm512_loadu_ps(in[d] + 2 * i),
			       b = _mm512_loadu_ps(in[d] + 2 * i + 2 * STEP);
			__m512 u = _mm512_set1_ps(w[2 * d]), v = _mm512_set1_ps(w[2 * d + 1]);

			re[0] = _mm512_fmadd_ps(a, u, re[0]);
			im[0] = _mm512_fmadd_ps(a, v, im[0]);
			re[1] = _mm512_fmadd_ps(b, u, re[1]);
			im[1] = _mm512_fmadd_ps(b, v, im[1]);
		}
		for (size_t k = 0; k < 2; k++)
			_mm512_storeu_ps(out + 2 * i + 2 * k * STEP,
				_mm512_fmaddsub_ps(re[k], one, _mm512_permute_ps(im[k], 0xb1)));
	}
	for (; i < n; i += STEP)
		combine_eight(out, in, w, count, i, lanes(n - i));
}

/* Sums of values times real and times imaginary parts as one: adders do that beside the multipliers of the
 * next. */
static inline __m512 joined(__m512 re, __m512 im)
{
	__m512 turned = _mm512_permute_ps(im, 0xb1);

	return _mm512_mask_sub_ps(_mm512_add_ps(re, turned), 0x5555, re, turned);
}

/*
 * The first complex values of `vectors` vectors from i on, at `ports` ports; the lanes of the last vector in
 * some. What comes in is read once for all ports.
 */
static inline __attribute__((always_inline)) void precode(float *const *out, unsigned ports,
	const float *const *in, size_t layers, const float *w, size_t i, unsigned vectors, __mmask16 some)
{
	__m512 re[PRECODE_PORTS][2], im[PRECODE_PORTS][2];

#pragma GCC unroll 4
	for (unsigned p = 0; p < ports; p++)
		re[p][0] = re[p][1] = im[p][0] = im[p][1] = _mm512_setzero_ps();
	for (size_t l = 0; l < layers; l++) {
		__m512 x[2];

#pragma GCC unroll 2
		for (unsigned v = 0; v < vectors; v++)
			x[v] = _mm512_maskz_loadu_ps(some, in[l] + 2 * (i + v * STEP));
#pragma GCC unroll 4
		for (unsigned p = 0; p < ports; p++) {
			const float *at = w + 2 * (p * KERN_PRECODE_MAX + l);
			__m512 a = _mm512_set1_ps(at[0]), b = _mm512_set1_ps(at[1]);

#pragma GCC unroll 2
			for (unsigned v = 0; v < vectors; v++) {
				re[p][v] = _mm512_fmadd_ps(x[v], a, re[p][v]);
				im[p][v] = _mm512_fmadd_ps(x[v], b, im[p][v]);
			}
		}
	}
#pragma GCC unroll 4
	for (unsigned p = 0; p < ports; p++) {
#pragma GCC unroll 2
		for (unsigned v = 0; v < vectors; v++)
			_mm512_mask_storeu_ps(out[p] + 2 * (i + v * STEP), some, joined(re[p][v], im[p][v]));
	}
}

static inline __attribute__((always_inline)) void precode_ports(
	float *const *out, unsigned ports, const float *const *in, size_t layers, const float *w, size_t n)
{
	size_t i = 0;

	for (; i + 2 * STEP <= n; i += 2 * STEP)
		precode(out, ports, in, layers, w, i, 2, 0xffff);
	for (; i < n; i += STEP)
		precode(out, ports, in, layers, w, i, 1, lanes(n - i));
}

static void cf_precode(
	float *const *out, size_t ports, const float *const *in, size_t layers, const float *w, size_t n)
{
	for (; ports >= PRECODE_PORTS; ports -= PRECODE_PORTS) {
		precode_ports(out, PRECODE_PORTS, in, layers, w, n);
		out += PRECODE_PORTS;
		w += 2 * PRECODE_PORTS * KERN_PRECODE_MAX;
	}
	if (ports == 3)
		precode_ports(out, 3, in, layers, w, n);
	else if (ports == 2)
		precode_ports(out, 2, in, layers, w, n);
	else if (ports == 1)
		precode_ports(out, 1, in, layers, w, n);
}

static void cf_equalize(float *x, float *noise, const float *y, const float *h, float n0, size_t n)
{
	const __m512 least = _mm512_set1_ps(KERN_EQUALIZE_LEAST), one = _mm512_set1_ps(1);
	const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);

	for (size_t i = 0; i < n; i += STEP) {
		__m512 a = load(h + 2 * i, n - i), b = load(y + 2 * i, n - i), square = _mm512_mul_ps(a, a);
		__m512 per = _mm512_add_ps(_mm512_add_ps(square, _mm512_permute_ps(square, 0xb1)), least);
		__m512 cross = _mm512_mul_ps(_mm512_permute_ps(b, 0xb1), _mm512_movehdup_ps(a)), p;

		/* y conj(h): the sum where fmaddsub would take the difference */
		p = _mm512_fmsubadd_ps(b, _mm512_moveldup_ps(a), cross);
		per = _mm512_div_ps(one, per);
		store(x + 2 * i, _mm512_mul_ps(p, per), n - i);
		per = _mm512_permutexvar_ps(even, _mm512_mul_ps(_mm512_set1_ps(n0), per));
		_mm256_mask_storeu_ps(noise + i, n - i >= STEP ? 0xff : (__mmask8)((1u << (n - i)) - 1),
			_mm512_castps512_ps256(per));
	}
}

void kern_avx512_chest(struct kern *k)
{
	k->cf_windows = cf_windows;
	k->cf_ramp = cf_ramp;
	k->cf_combine = cf_combine;
	k->cf_precode = cf_precode;
	k->cf_equalize = cf_equalize;
}
