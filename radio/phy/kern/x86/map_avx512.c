/*
 * Mapping bits to symbols on AVX-512: eight symbols at once. BMI2 parts the bits of the two axes, and shifts
 * bring each symbol's to the end of a lane, where they choose a level; what stands before them makes no
 * difference, as the levels are repeated.
 */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 8 };

/* The eight symbols in the next 64 bits of data: the real axis's bits below, the other's above. */
static inline uint64_t axes(const uint8_t *data)
{
	uint64_t v = __builtin_bswap64((uint64_t)_mm_cvtsi128_si64(_mm_loadu_si64(data)));

	return _pext_u64(v, 0xaaaaaaaaaaaaaaaau) | _pext_u64(v, 0x5555555555555555u) << 32;
}

struct levels {
	__m512 level;
	__m512i shift;
};

static inline struct levels levels_of(const float level[32], unsigned bits)
{
	const __m512i place = _mm512_setr_epi32(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8);
	const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	int half = (int)bits / 2;
	__m512i index = _mm512_and_si512(lane, _mm512_set1_epi32((1 << half) - 1));
	struct levels l;

	l.level = _mm512_permutexvar_ps(index, _mm512_loadu_ps(level));
	l.shift = _mm512_sub_epi32(_mm512_set1_epi32(32), _mm512_mullo_epi32(place, _mm512_set1_epi32(half)));
	return l;
}

static inline void eight(float *out, uint64_t bits, const struct levels *l)
{
	__m512i index = _mm512_srlv_epi32(_mm512_set1_epi64((long long)bits), l->shift);

	_mm512_storeu_ps(out, _mm512_permutexvar_ps(index, l->level));
}

/* The same of 1024QAM, whose eight symbols are ten octets and 32 levels: four symbols in either half. */
static inline void eight_of_ten(float *out, unsigned count, const uint8_t *data, __m512 low, __m512 high)
{
	const __m512i shift =
		_mm512_setr_epi32(27, 27, 22, 22, 17, 17, 12, 12, 27, 27, 22, 22, 17, 17, 12, 12);
	__m512i both = _mm512_inserti64x4(
		_mm512_set1_epi64((long long)axes(data)), _mm256_set1_epi64x((long long)axes(data + 5)), 1);

	_mm512_mask_storeu_ps(out, (__mmask16)(0xffffu >> (16 - 2 * count)),
		_mm512_permutex2var_ps(low, _mm512_srlv_epi32(both, shift), high));
}

static void map_ten(float *out, const uint8_t *data, size_t n, const float level[32])
{
	enum { READ = 13, OCTETS = 10 };
	__m512 low = _mm512_loadu_ps(level), high = _mm512_loadu_ps(level + 16);
	size_t octets = (n * OCTETS + 7) / 8, at = 0;

	for (; n >= STEP && at + READ <= octets; n -= STEP, at += OCTETS, out += 2 * STEP)
		eight_of_ten(out, STEP, data + at, low, high);
	for (; n > 0; at += OCTETS, out += 2 * STEP) {
		unsigned count = n < STEP ? (unsigned)n : STEP;
		uint8_t in[READ] = { 0 };

		bytes_copy(in, READ, bytes_of(data + at, octets - at < READ ? octets - at : READ));
		eight_of_ten(out, count, in, low, high);
		n -= count;
	}
}

static void qam_map(float *out, const uint8_t *data, size_t n, unsigned bits, const float level[32])
{
	size_t octets = (n * bits + 7) / 8, i = 0;
	struct levels l = levels_of(level, bits);

	if (bits == 10) {
		map_ten(out, data, n, level);
		return;
	}
	for (; i + STEP <= n && i / STEP * bits + 8 <= octets; i += STEP)
		eight(out + 2 * i, axes(data + i / STEP * bits), &l);
	for (; i < n; i += STEP) { /* the last ones by way of buffers */
		size_t at = i / STEP * bits, left = n - i < STEP ? n - i : STEP;
		float last[2 * STEP];
		uint8_t in[8] = { 0 };

		bytes_copy(in, 8, bytes_of(data + at, octets - at < 8 ? octets - at : 8));
		eight(last, axes(in), &l);
		bytes_copy(out + 2 * i, 2 * left * sizeof(*out), bytes_of(last, 2 * left * sizeof(*out)));
	}
}

void kern_avx512_map(struct kern *k)
{
	k->qam_map = qam_map;
}
