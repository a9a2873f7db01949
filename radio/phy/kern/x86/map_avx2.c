/*
 * Mapping bits to symbols on AVX2: eight symbols at once. BMI2 parts the bits of the two axes, and shifts
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
	__m256 low, high;
	__m256i shift[2];
};

static inline struct levels levels_of(const float level[32], unsigned bits)
{
	int half = (int)bits / 2;
	struct levels l;
	float all[16];

	for (unsigned i = 0; i < 16; i++)
		all[i] = level[i & ((1u << half) - 1)];
	l.low = _mm256_loadu_ps(all);
	l.high = _mm256_loadu_ps(all + 8);
	for (int i = 0; i < 2; i++) {
		int s = 32 - half * (4 * i + 1);

		l.shift[i] = _mm256_setr_epi32(
			s, s, s - half, s - half, s - 2 * half, s - 2 * half, s - 3 * half, s - 3 * half);
	}
	return l;
}

static inline void eight(float *out, uint64_t bits, const struct levels *l)
{
	__m256i both = _mm256_set1_epi64x((long long)bits);

	for (unsigned i = 0; i < 2; i++) {
		__m256i index = _mm256_srlv_epi32(both, l->shift[i]);
		__m256 low = _mm256_permutevar8x32_ps(l->low, index);
		__m256 high = _mm256_permutevar8x32_ps(l->high, index);

		/* by bit 3 */
		low = _mm256_blendv_ps(low, high, _mm256_castsi256_ps(_mm256_slli_epi32(index, 28)));
		_mm256_storeu_ps(out + 8 * i, low);
	}
}

/* The same of 1024QAM, of whose 32 levels a load a lane takes one: four symbols, which are five octets. */
static inline void four_of_ten(float *out, const uint8_t *data, const float level[32])
{
	const __m256i shift = _mm256_setr_epi32(27, 27, 22, 22, 17, 17, 12, 12),
		      index = _mm256_set1_epi32(31);
	__m256i at = _mm256_srlv_epi32(_mm256_set1_epi64x((long long)axes(data)), shift);

	_mm256_storeu_ps(out, _mm256_i32gather_ps(level, _mm256_and_si256(at, index), 4));
}

static void map_ten(float *out, const uint8_t *data, size_t n, const float level[32])
{
	enum { READ = 8, OCTETS = 5, FOUR = 4 };
	size_t octets = (n * 10 + 7) / 8, at = 0;

	for (; n >= FOUR && at + READ <= octets; n -= FOUR, at += OCTETS, out += 2 * FOUR)
		four_of_ten(out, data + at, level);
	for (; n > 0; at += OCTETS, out += 2 * FOUR) {
		size_t count = n < FOUR ? n : FOUR;
		float last[2 * FOUR];
		uint8_t in[READ] = { 0 };

		bytes_copy(in, READ, bytes_of(data + at, octets - at < READ ? octets - at : READ));
		four_of_ten(last, in, level);
		bytes_copy(out, 2 * count * sizeof(*out), bytes_of(last, 2 * count * sizeof(*out)));
		n -= count;
	}
}

static void map(float *out, const uint8_t *data, size_t n, unsigned bits, const float level[32])
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

/* Some symbols at a time, which are dealt from the nearest cache; of any count of rows whole octets. */
static void qam_map(
	float *const *out, size_t rows, const uint8_t *data, size_t n, unsigned bits, const float level[32])
{
	enum { TILE = 64 };
	float tile[2 * TILE * KERN_DEAL_ROWS];

	if (rows == 1) {
		map(out[0], data, n, bits, level);
		return;
	}
	for (size_t i = 0; i < n; i += TILE, data += TILE * rows * bits / 8) {
		size_t count = n - i < TILE ? n - i : TILE;

		map(tile, data, rows * count, bits, level);
		for (size_t s = 0; s < rows * count; s++) {
			double *to = (double *)(out[s % rows] + 2 * (i + s / rows));

			_mm_storel_pd(to, _mm_load_sd((const double *)tile + s));
		}
	}
}

void kern_avx2_map(struct kern *k)
{
	k->qam_map = qam_map;
}
