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

/* a b / 2^15, rounded. */
static inline vec product(vec a, vec b)
{
	return _mm512_mulhrs_epi16(a, b);
}

static inline vec every(int16_t v)
{
	return _mm512_set1_epi16(v);
}

static inline vec none(void)
{
	return _mm512_setzero_si512();
}

static inline vec doubled(vec x, int times)
{
	return _mm512_sll_epi16(x, _mm_cvtsi32_si128(times));
}

/* The larger of each magnitude so far and that of x. */
static inline vec larger(vec most, vec x)
{
	return _mm512_max_epu16(most, _mm512_abs_epi16(x));
}

struct four {
	vec v[4];
};

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

#include "radio/phy/kern/x86/fft16_passes.h"

static unsigned ci16_peak(const int16_t *in, size_t n)
{
	vec most = none();

	for (size_t i = 0; i < 2 * n; i += 2 * STEP) {
		size_t left = 2 * n - i;
		__mmask32 m = left >= 2 * STEP ? 0xffffffff : (__mmask32)((1u << left) - 1);

		most = larger(most, _mm512_maskz_loadu_epi16(m, in + i));
	}
	return highest(most);
}

void kern_avx512_fft16(struct kern *k)
{
	k->ci16_peak = ci16_peak;
	k->fft16_pass = fft16_pass;
}
