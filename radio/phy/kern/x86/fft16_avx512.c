/* The passes of the Fourier transform in 16 bits on AVX-512: 16 complex values at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

typedef __m512i vec;

enum { STEP = 16 };

static inline vec load(const int16_t *at)
{
	return _mm512_loadu_si512(at);
}

static inline void store(int16_t *at, vec v)
{
	_mm512_storeu_si512(at, v);
}

static inline vec plus(vec a, vec b)
{
	return _mm512_adds_epi16(a, b);
}

static inline vec minus(vec a, vec b)
{
	return _mm512_subs_epi16(a, b);
}

/* To the even number when halfway. */
static inline vec halved(vec v)
{
	vec odd = _mm512_and_si512(v, _mm512_set1_epi16(2));

	return _mm512_srai_epi16(plus(v, _mm512_srli_epi16(odd, 1)), 1);
}

/* The two parts of each value the other way round. */
static inline vec swapped(vec x)
{
	return _mm512_rol_epi32(x, 16);
}

/* Negated where a bit of parts is set. */
static inline vec negated(vec x, __mmask32 parts)
{
	return _mm512_mask_subs_epi16(x, parts, _mm512_setzero_si512(), x);
}

/* By j, or -j. */
static inline vec turned(vec x, bool inverse)
{
	return negated(swapped(x), inverse ? 0x55555555 : 0xaaaaaaaa);
}

static inline unsigned highest(vec most)
{
	__m256i u = _mm256_max_epu16(_mm512_castsi512_si256(most), _mm512_extracti64x4_epi64(most, 1));
	__m128i v = _mm_max_epu16(_mm256_castsi256_si128(u), _mm256_extracti128_si256(u, 1));

	/* phminposuw finds the least of the complements */
	return 0xffffu ^
	       (unsigned)_mm_extract_epi16(_mm_minpos_epu16(_mm_xor_si128(v, _mm_set1_epi16(-1))), 0);
}

/* A factor as two vectors: (re, re), and (-im, im) for the parts the other way round. */
struct factor {
	vec re, im;
};

/* Of sixteen factors. */
static inline struct factor split(vec w)
{
	const __mmask32 odd = 0xaaaaaaaa;
	vec turn = swapped(w);

	return (struct factor){ _mm512_mask_blend_epi16(odd, w, turn),
		negated(_mm512_mask_blend_epi16(odd, turn, w), 0x55555555) };
}

static inline struct factor factor_of(const int16_t *w)
{
	return split(_mm512_set1_epi32((int)_mm_cvtsi128_si32(_mm_loadu_si32(w))));
}

/* Sixteen, or four for four values each. */
static inline struct factor factors_of(const int16_t *w, size_t s)
{
	const vec each = _mm512_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
	__m128i few;

	if (s == 1)
		return split(load(w));
	few = _mm_loadu_si128((const __m128i *)w);
	return split(_mm512_permutexvar_epi32(each, _mm512_castsi128_si512(few)));
}

static inline vec times(vec x, struct factor w)
{
	return plus(_mm512_mulhrs_epi16(x, w.re), _mm512_mulhrs_epi16(swapped(x), w.im));
}

struct four {
	vec v[4];
};

static inline struct four transform2(struct four x)
{
	return (struct four){ { halved(plus(x.v[0], x.v[1])), halved(minus(x.v[0], x.v[1])) } };
}

static inline struct four transform3(struct four x, bool inverse)
{
	vec a = halved(x.v[0]), t = halved(plus(x.v[1], x.v[2])), u = minus(a, halved(t));
	vec d = _mm512_mulhrs_epi16(minus(x.v[1], x.v[2]), _mm512_set1_epi16(14189));

	d = turned(d, inverse);
	return (struct four){ { plus(a, t), plus(u, d), minus(u, d) } };
}

static inline struct four transform4(struct four x, bool inverse)
{
	vec a = halved(plus(x.v[0], x.v[2])), b = halved(minus(x.v[0], x.v[2])),
	    c = halved(plus(x.v[1], x.v[3]));
	vec d = turned(halved(minus(x.v[1], x.v[3])), inverse);

	return (struct four){ { plus(a, c), plus(b, d), minus(a, c), minus(b, d) } };
}

static inline struct four transform(struct four x, unsigned radix, bool inverse)
{
	return radix == 4 ? transform4(x, inverse) : radix == 3 ? transform3(x, inverse) : transform2(x);
}

static inline struct four gather(const int16_t *in, size_t step, unsigned radix, int shift)
{
	struct four x;

	for (unsigned i = 0; i < radix; i++) {
		x.v[i] = load(in + i * step);
		for (int n = 0; n < shift; n++)
			x.v[i] = halved(x.v[i]);
		if (shift < 0)
			x.v[i] = _mm512_sll_epi16(x.v[i], _mm_cvtsi32_si128(-shift));
	}
	return x;
}

/* For a constant radix; the last pass (m is 1) has no factors. */
static inline unsigned pass(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
	size_t s, bool inverse, int shift)
{
	vec most = _mm512_setzero_si512();

	for (size_t p = 0; p < m; p++) {
		struct factor f[4];

		for (unsigned k = 1; k < radix && m > 1; k++)
			f[k] = factor_of(w + 2 * (m * (k - 1) + p));
		for (size_t q = 0; q < s; q += STEP) {
			struct four x = gather(in + 2 * (q + s * p), 2 * s * m, radix, shift);
			int16_t *o = out + 2 * (q + s * radix * p);

			x = transform(x, radix, inverse);
			for (unsigned k = 0; k < radix; k++) {
				x.v[k] = k > 0 && m > 1 ? times(x.v[k], f[k]) : x.v[k];
				most = _mm512_max_epu16(most, _mm512_abs_epi16(x.v[k]));
				store(o + 2 * s * k, x.v[k]);
			}
		}
	}
	return highest(most);
}

/* From four columns the rows, of which each 128 bits are one: 0, 4, 8, 12 and so on. */
static inline struct four rows_of(struct four x)
{
	vec a = _mm512_unpacklo_epi32(x.v[0], x.v[1]), b = _mm512_unpackhi_epi32(x.v[0], x.v[1]);
	vec c = _mm512_unpacklo_epi32(x.v[2], x.v[3]), d = _mm512_unpackhi_epi32(x.v[2], x.v[3]);

	return (struct four){ { _mm512_unpacklo_epi64(a, c), _mm512_unpackhi_epi64(a, c),
		_mm512_unpacklo_epi64(b, d), _mm512_unpackhi_epi64(b, d) } };
}

/* The first quarters of all, then the second and so on. */
static inline void store_quarters(int16_t *out, struct four x)
{
	vec a = _mm512_shuffle_i32x4(x.v[0], x.v[1], 0x88), b = _mm512_shuffle_i32x4(x.v[0], x.v[1], 0xdd);
	vec c = _mm512_shuffle_i32x4(x.v[2], x.v[3], 0x88), d = _mm512_shuffle_i32x4(x.v[2], x.v[3], 0xdd);

	store(out, _mm512_shuffle_i32x4(a, c, 0x88));
	store(out + 32, _mm512_shuffle_i32x4(b, d, 0x88));
	store(out + 64, _mm512_shuffle_i32x4(a, c, 0xdd));
	store(out + 96, _mm512_shuffle_i32x4(b, d, 0xdd));
}

/*
 * The first passes, of radix 4: STEP values are those of several p, so that the last ones may overlap;
 * results change places in quarters of 128 bits.
 */
static inline unsigned early_pass(
	int16_t *out, const int16_t *in, const int16_t *w, size_t m, size_t s, bool inverse, int shift)
{
	vec most = _mm512_setzero_si512();
	size_t step = STEP / s;

	for (size_t at = 0; at < m; at += step) {
		size_t p = at + step <= m ? at : m - step;
		struct four x = transform4(gather(in + 2 * s * p, 2 * s * m, 4, shift), inverse);

		for (unsigned k = 1; k < 4; k++)
			x.v[k] = times(x.v[k], factors_of(w + 2 * (m * (k - 1) + p), s));
		for (unsigned k = 0; k < 4; k++)
			most = _mm512_max_epu16(most, _mm512_abs_epi16(x.v[k]));
		if (s == 1)
			x = rows_of(x);
		store_quarters(out + 8 * s * p, x);
	}
	return highest(most);
}

static unsigned fft16_pass(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
	size_t s, bool inverse, int shift)
{
	if (s == 1)
		return early_pass(out, in, w, m, 1, inverse, shift);
	if (s == 4)
		return early_pass(out, in, w, m, 4, inverse, shift);
	if (radix == 4)
		return pass(out, in, w, 4, m, s, inverse, shift);
	if (radix == 3)
		return pass(out, in, w, 3, m, s, inverse, shift);
	return pass(out, in, w, 2, m, s, inverse, shift);
}

static unsigned ci16_peak(const int16_t *in, size_t n)
{
	vec most = _mm512_setzero_si512();

	for (size_t i = 0; i < 2 * n; i += 2 * STEP) {
		size_t left = 2 * n - i;
		__mmask32 m = left >= 2 * STEP ? 0xffffffff : (__mmask32)((1u << left) - 1);

		most = _mm512_max_epu16(most, _mm512_abs_epi16(_mm512_maskz_loadu_epi16(m, in + i)));
	}
	return highest(most);
}

void kern_avx512_fft16(struct kern *k)
{
	k->ci16_peak = ci16_peak;
	k->fft16_pass = fft16_pass;
}
