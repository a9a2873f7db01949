/*
 * Mapping bits to symbols on AVX-512. Octets are made of symbols, 64 at once, and in each the bits of the two
 * axes parted by a product of matrices of bits; what stands before them makes no difference, as the levels
 * are repeated. Then a vector takes eight symbols of one row, each twice, and every lane its level.
 */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

#define ALWAYS_INLINE inline __attribute__((always_inline))

enum { EIGHT = 8, OCTETS = 64 };

struct spread {
	__m512i octets,
		shifts; /* that bring the bits of each symbol to an octet of its own, at the lower end */
	__m512 level;
};

/* Of eight symbols the octets, as one number, the first the most significant. */
static struct spread spread_of(const float level[32], unsigned bits)
{
	const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	uint8_t octets[OCTETS] = { 0 }, shifts[OCTETS];
	struct spread s;

	for (unsigned i = 0; i < OCTETS; i++) {
		if (i % EIGHT < bits)
			octets[i] = (uint8_t)(i / EIGHT * bits + bits - 1 - i % EIGHT);
		shifts[i] = (uint8_t)(bits * (EIGHT - 1 - i % EIGHT));
	}
	s.octets = _mm512_loadu_si512(octets);
	s.shifts = _mm512_loadu_si512(shifts);
	s.level = _mm512_permutexvar_ps(
		_mm512_and_si512(lane, _mm512_set1_epi32((1 << bits / 2) - 1)), _mm512_loadu_ps(level));
	return s;
}

/* 64 symbols, an octet each: the index of the real axis in its upper half, that of the other in the lower. */
static ALWAYS_INLINE __m512i indices(const struct spread *s, __m512i data)
{
	const __m512i part = _mm512_set1_epi64(0x0104104002082080);

	data = _mm512_multishift_epi64_epi8(s->shifts, _mm512_permutexvar_epi8(s->octets, data));
	return _mm512_gf2p8affine_epi64_epi8(data, part, 0);
}

/* Symbols from `first` on, every rows-th, of which `count` are stored. */
static ALWAYS_INLINE void put_eight(
	float *out, const struct spread *s, __m512i index, unsigned rows, unsigned first, size_t count)
{
	const __m512i lane = _mm512_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
	const __m512i half = _mm512_setr_epi32(4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0, 4, 0);
	__m512i from = _mm512_add_epi32(
		_mm512_mullo_epi32(lane, _mm512_set1_epi32((int)rows)), _mm512_set1_epi32((int)first));
	__m512i v = _mm512_srlv_epi32(_mm512_permutexvar_epi8(from, index), half);
	__m512 x = _mm512_permutexvar_ps(v, s->level);

	if (count >= EIGHT)
		_mm512_storeu_ps(out, x);
	else
		_mm512_mask_storeu_ps(out, (__mmask16)((1u << 2 * count) - 1), x);
}

/* `count` symbols of each row, from those of up to 64 / rows. */
static ALWAYS_INLINE void put_rows(
	float *const *out, const struct spread *s, __m512i index, unsigned rows, size_t i, size_t count)
{
#pragma GCC unroll 8
	for (unsigned c = 0; c < OCTETS / EIGHT / rows; c++) {
#pragma GCC unroll 4
		for (unsigned r = 0; r < rows; r++) {
			if (count > EIGHT * c)
				put_eight(out[r] + 2 * (i + EIGHT * c), s, index, rows, EIGHT * c * rows + r,
					count - EIGHT * c);
		}
	}
}

static ALWAYS_INLINE void map_rows(float *const *out, unsigned rows, const uint8_t *data, size_t n,
	unsigned bits, const struct spread *s)
{
	size_t step = OCTETS / EIGHT / rows * EIGHT, octets = step * rows * bits / 8, i = 0;
	__mmask64 all = ~(__mmask64)0 >> (64 - octets);

	for (; i + step <= n; i += step, data += octets)
		put_rows(out, s, indices(s, _mm512_maskz_loadu_epi8(all, data)), rows, i, step);
	if (i < n) {
		__mmask64 some = ~(__mmask64)0 >> (64 - ((n - i) * rows * bits + 7) / 8);

		put_rows(out, s, indices(s, _mm512_maskz_loadu_epi8(some, data)), rows, i, n - i);
	}
}

/*
 * 1024QAM: the eight symbols of ten octets, and 32 levels. Four symbols in either half of a vector; BMI2
 * parts the axes.
 */
static inline uint64_t axes(const uint8_t *data)
{
	uint64_t v = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(_mm_loadu_si64(data)));

	return _pext_u64(v, 0xaaaaaaaaaaaaaaaau) | _pext_u64(v, 0x5555555555555555u) << 32;
}

static inline __m512 eight_of_ten(const uint8_t *data, __m512 low, __m512 high)
{
	const __m512i shift =
		_mm512_setr_epi32(27, 27, 22, 22, 17, 17, 12, 12, 27, 27, 22, 22, 17, 17, 12, 12);
	__m512i both = _mm512_inserti64x4(
		_mm512_set1_epi64((long long)axes(data)), _mm256_set1_epi64x((long long)axes(data + 5)), 1);

	return _mm512_permutex2var_ps(low, _mm512_srlv_epi32(both, shift), high);
}

static void map_ten(float *const *out, size_t rows, const uint8_t *data, size_t n, const float level[32])
{
	enum { READ = 13, TEN = 10 };
	__m512 low = _mm512_loadu_ps(level), high = _mm512_loadu_ps(level + 16);
	size_t octets = (rows * n * TEN + 7) / 8, at = 0;

	for (size_t i = 0; i < rows * n; i += EIGHT, at += TEN) {
		size_t left = rows * n - i < EIGHT ? rows * n - i : EIGHT;
		float x[2 * EIGHT];
		uint8_t last[READ] = { 0 };

		if (octets - at < READ)
			bytes_copy(last, READ, bytes_of(data + at, octets - at));
		_mm512_storeu_ps(x, eight_of_ten(octets - at < READ ? last : data + at, low, high));
		for (size_t s = 0; s < left; s++)
			_mm_storel_pd((double *)(out[(i + s) % rows] + 2 * ((i + s) / rows)),
				_mm_load_sd((const double *)x + s));
	}
}

static void qam_map(
	float *const *out, size_t rows, const uint8_t *data, size_t n, unsigned bits, const float level[32])
{
	struct spread s;

	if (bits == 10) {
		map_ten(out, rows, data, n, level);
		return;
	}
	s = spread_of(level, bits);
	if (rows == 1)
		map_rows(out, 1, data, n, bits, &s);
	else if (rows == 2)
		map_rows(out, 2, data, n, bits, &s);
	else if (rows == 3)
		map_rows(out, 3, data, n, bits, &s);
	else
		map_rows(out, 4, data, n, bits, &s);
}

void kern_avx512_map(struct kern *k)
{
	k->qam_map = qam_map;
}
