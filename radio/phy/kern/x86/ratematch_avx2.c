/* The kernels of rate matching on AVX2 and BMI2. */
#include <immintrin.h>

#include "radio/phy/kern/x86/ratematch.h"

enum {
	Q_MAX = 10,
};

static unsigned bit_at(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> (7 - i % 8) & 1;
}

/* 32 bits from bit i on; 8 octets from that of i must be readable. */
static uint32_t word_at(const uint8_t *bits, size_t i)
{
	return (uint32_t)(__builtin_bswap64((uint64_t)_mm_cvtsi128_si64(_mm_loadu_si64(bits + i / 8)))
				  << i % 8 >>
			  32);
}

void kern_avx2_bits_interleave(uint8_t *out, const uint8_t *in, size_t cols, unsigned q)
{
	unsigned group = q <= 8 ? 8 : 4; /* columns that make at most 64 bits, and whole octets */
	uint64_t every = 0;              /* the last bit of each symbol, at the top of 64 */
	size_t j = 0;

	for (unsigned c = 0; c < group; c++)
		every |= (uint64_t)1 << (64 - (c + 1) * q);
	for (; q > 1 && q <= Q_MAX && j + 64 <= cols; j += 32) { /* a store may run over 6 octets to come */
		uint32_t rows[Q_MAX];

		for (unsigned i = 0; i < q; i++)
			rows[i] = word_at(in, i * cols + j);
		for (unsigned at = group; at <= 32; at += group, out += group * q / 8) {
			uint64_t v = 0;

			for (unsigned i = 0; i < q; i++)
				v |= _pdep_u64(rows[i] >> (32 - at), every << (q - 1 - i));
			_mm_storeu_si64(out, _mm_cvtsi64_si128((long long)__builtin_bswap64(v)));
		}
	}
	for (size_t i = 0; i < ((cols - j) * q + 7) / 8; i++)
		out[i] = 0;
	for (size_t to = 0; j < cols; j++) {
		for (unsigned i = 0; i < q; i++, to++)
			out[to / 8] |= (uint8_t)(bit_at(in, i * cols + j) << (7 - to % 8));
	}
}

/* Of octet j * q + i of q vectors, which vector and place go to octet j of output i. */
static void fill_masks(uint8_t masks[Q_MAX][Q_MAX][16], unsigned q)
{
	for (unsigned i = 0; i < q; i++) {
		for (unsigned v = 0; v < q; v++)
			_mm_storeu_si128((__m128i *)masks[i][v], _mm_set1_epi8(-128));
		for (unsigned j = 0; j < 16; j++)
			masks[i][(j * q + i) / 16][j] = (uint8_t)((j * q + i) % 16);
	}
}

static void llr_deinterleave(int8_t *out, const int8_t *in, size_t cols, unsigned q)
{
	uint8_t masks[Q_MAX][Q_MAX][16];
	size_t j = 0;

	if (q <= Q_MAX && cols >= 16)
		fill_masks(masks, q);
	for (; q <= Q_MAX && j + 16 <= cols; j += 16) {
		const __m128i *at = (const __m128i *)(in + j * q);

		for (unsigned i = 0; i < q; i++) {
			__m128i x = _mm_setzero_si128();

			for (unsigned v = 0; v < q; v++) {
				__m128i mask = _mm_loadu_si128((const __m128i *)masks[i][v]);

				x = _mm_or_si128(x, _mm_shuffle_epi8(_mm_loadu_si128(at + v), mask));
			}
			_mm_storeu_si128((__m128i *)(out + i * cols + j), x);
		}
	}
	for (unsigned i = 0; i < q; i++) {
		for (size_t c = j; c < cols; c++)
			out[i * cols + c] = in[c * q + i];
	}
}

static void llr_add(int8_t *acc, const int8_t *x, size_t n)
{
	size_t i = 0;

	for (; i + 32 <= n; i += 32) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(acc + i));
		__m256i b = _mm256_loadu_si256((const __m256i *)(x + i));

		_mm256_storeu_si256((__m256i *)(acc + i), _mm256_adds_epi8(a, b));
	}
	for (; i < n; i++) {
		int sum = acc[i] + x[i];

		acc[i] = (int8_t)(sum > 127 ? 127 : sum < -128 ? -128 : sum);
	}
}

void kern_avx2_ratematch(struct kern *k)
{
	k->bits_interleave = kern_avx2_bits_interleave;
	k->llr_deinterleave = llr_deinterleave;
	k->llr_add = llr_add;
}
