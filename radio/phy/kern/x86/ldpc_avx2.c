/* The kernel of LDPC encoding on AVX2. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static inline __m256i load(const uint8_t *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

/* The 32 octets from the bit `left` after octet `at` on. */
static inline __m256i shifted(const uint8_t *at, unsigned left)
{
	__m256i high = _mm256_sll_epi16(load(at), _mm_cvtsi32_si128((int)left));
	__m256i low = _mm256_srl_epi16(load(at + 1), _mm_cvtsi32_si128((int)(8 - left)));
	__m256i from_low =
		_mm256_set1_epi8((char)((1u << left) - 1)); /* what came over from other octets goes */

	return _mm256_or_si256(_mm256_andnot_si256(from_low, high), _mm256_and_si256(from_low, low));
}

static void ldpc_sum(
	uint8_t *out, const uint8_t *columns, const struct kern_ldpc_edge *edges, size_t n, size_t len)
{
	__m256i first = _mm256_setzero_si256(), second = first;
	uint8_t sum[64];

	for (size_t e = 0; e < n; e++) {
		const uint8_t *at = columns + (size_t)edges[e].col * KERN_LDPC_TWICE + edges[e].shift / 8;
		unsigned left = edges[e].shift % 8;

		first = _mm256_xor_si256(first, shifted(at, left));
		second = _mm256_xor_si256(second, shifted(at + 32, left));
	}
	_mm256_storeu_si256((__m256i *)sum, first);
	_mm256_storeu_si256((__m256i *)(sum + 32), second);
	bytes_copy(out, len, bytes_of(sum, len));
}

void kern_avx2_ldpc(struct kern *k)
{
	k->ldpc_sum = ldpc_sum;
}
