/* The passes of the Fourier transform in 16 bits on AVX2: 8 complex values at once. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

typedef __m256i vec;

enum { STEP = 8 };

static inline vec load(const int16_t *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

static inline void store(int16_t *at, vec v)
{
	_mm256_storeu_si256((__m256i *)at, v);
}

static inline vec plus(vec a, vec b)
{
	return _mm256_adds_epi16(a, b);
}

static inline vec minus(vec a, vec b)
{
	return _mm256_subs_epi16(a, b);
}

/* To the even number when halfway. */
static inline vec halved(vec v)
{
	vec odd = _mm256_and_si256(v, _mm256_set1_epi16(2));

	return _mm256_srai_epi16(plus(v, _mm256_srli_epi16(odd, 1)), 1);
}

/* The two parts of each value the other way round. */
static inline vec swapped(vec x)
{
	return _mm256_or_si256(_mm256_slli_epi32(x, 16), _mm256_srli_epi32(x, 16));
}

/* By j, or -j. */
static inline vec turned(vec x, bool inverse)
{
	return _mm256_sign_epi16(swapped(x), _mm256_set1_epi32(inverse ? 0x0001ffff : (int)0xffff0001));
}

static inline unsigned highest(vec most)
{
	__m128i v = _mm_max_epu16(_mm256_castsi256_si128(most), _mm256_extracti128_si256(most, 1));

	/* phminposuw finds the least of the complements */
	return 0xffffu ^
	       (unsigned)_mm_extract_epi16(_mm_minpos_epu16(_mm_xor_si128(v, _mm_set1_epi16(-1))), 0);
}

/* A factor as two vectors: (re, re), and (-im, im) for the parts the other way round. */
struct factor {
	vec re, im;
};

/* Of eight factors. */
static inline struct factor split(vec w)
{
	const vec sign = _mm256_set1_epi32(0x0001ffff);
	vec high = _mm256_srli_epi32(w, 16), low = _mm256_slli_epi32(w, 16);

	return (struct factor){ _mm256_or_si256(low, _mm256_srli_epi32(low, 16)),
		_mm256_sign_epi16(_mm256_or_si256(high, _mm256_slli_epi32(high, 16)), sign) };
}

static inline struct factor factor_of(const int16_t *w)
{
	return split(_mm256_set1_epi32((int)_mm_cvtsi128_si32(_mm_loadu_si32(w))));
}

/* Eight, or two for four values each. */
static inline struct factor factors_of(const int16_t *w, size_t s)
{
	const vec twice = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);

	if (s == 1)
		return split(load(w));
	return split(_mm256_permutevar8x32_epi32(_mm256_castsi128_si256(_mm_loadu_si64(w)), twice));
}

/* a b / 2^15, rounded. */
static inline vec product(vec a, vec b)
{
	return _mm256_mulhrs_epi16(a, b);
}

static inline vec every(int16_t v)
{
	return _mm256_set1_epi16(v);
}

static inline vec none(void)
{
	return _mm256_setzero_si256();
}

static inline vec doubled(vec x, int times)
{
	return _mm256_sll_epi16(x, _mm_cvtsi32_si128(times));
}

/* The larger of each magnitude so far and that of x. */
static inline vec larger(vec most, vec x)
{
	return _mm256_max_epu16(most, _mm256_abs_epi16(x));
}

struct four {
	vec v[4];
};

/* From four columns the rows, of which each 128 bits are one: 0 and 4, 1 and 5 and so on. */
static inline struct four rows_of(struct four x)
{
	vec a = _mm256_unpacklo_epi32(x.v[0], x.v[1]), b = _mm256_unpackhi_epi32(x.v[0], x.v[1]);
	vec c = _mm256_unpacklo_epi32(x.v[2], x.v[3]), d = _mm256_unpackhi_epi32(x.v[2], x.v[3]);

	return (struct four){ { _mm256_unpacklo_epi64(a, c), _mm256_unpackhi_epi64(a, c),
		_mm256_unpacklo_epi64(b, d), _mm256_unpackhi_epi64(b, d) } };
}

/* The lower quarters of all, then the upper. */
static inline void store_quarters(int16_t *out, struct four x)
{
	store(out, _mm256_permute2x128_si256(x.v[0], x.v[1], 0x20));
	store(out + 16, _mm256_permute2x128_si256(x.v[2], x.v[3], 0x20));
	store(out + 32, _mm256_permute2x128_si256(x.v[0], x.v[1], 0x31));
	store(out + 48, _mm256_permute2x128_si256(x.v[2], x.v[3], 0x31));
}

#include "radio/phy/kern/x86/fft16_passes.h"

static unsigned ci16_peak(const int16_t *in, size_t n)
{
	vec most = none();
	unsigned rest = 0;
	size_t i = 0;

	for (; i + 2 * STEP <= 2 * n; i += 2 * STEP)
		most = larger(most, load(in + i));
	for (; i < 2 * n; i++) {
		unsigned size = (unsigned)(in[i] < 0 ? -in[i] : in[i]);

		rest = rest > size ? rest : size;
	}
	return rest > highest(most) ? rest : highest(most);
}

void kern_avx2_fft16(struct kern *k)
{
	k->ci16_peak = ci16_peak;
	k->fft16_pass = fft16_pass;
}
