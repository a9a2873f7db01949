/* The LDPC kernels on AVX2. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static void xor_rows(uint8_t *out, const uint8_t *const *in, size_t n, size_t len)
{
	size_t i = 0;

	for (; i + 32 <= len; i += 32) {
		__m256i x = _mm256_loadu_si256((const __m256i *)(in[0] + i));

		for (size_t r = 1; r < n; r++)
			x = _mm256_xor_si256(x, _mm256_loadu_si256((const __m256i *)(in[r] + i)));
		_mm256_storeu_si256((__m256i *)(out + i), x);
	}
	for (; i + 16 <= len; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(in[0] + i));

		for (size_t r = 1; r < n; r++)
			x = _mm_xor_si128(x, _mm_loadu_si128((const __m128i *)(in[r] + i)));
		_mm_storeu_si128((__m128i *)(out + i), x);
	}
	for (; i < len; i++) {
		uint8_t x = in[0][i];

		for (size_t r = 1; r < n; r++)
			x ^= in[r][i];
		out[i] = x;
	}
}

void kern_avx2_ldpc(struct kern *k)
{
	k->xor_rows = xor_rows;
}
