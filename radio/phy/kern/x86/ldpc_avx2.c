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

/* The octets of a shifted left by s, filled from those of b, the octets one further. */
static inline __attribute__((always_inline)) __m256i shifted(__m256i a, __m256i b, int s)
{
	__m256i high = _mm256_and_si256(
		_mm256_sll_epi16(a, _mm_cvtsi32_si128(s)), _mm256_set1_epi8((char)(255 << s)));
	__m256i low = _mm256_and_si256(
		_mm256_srl_epi16(b, _mm_cvtsi32_si128(8 - s)), _mm256_set1_epi8((char)(255 >> (8 - s))));

	return _mm256_or_si256(high, low);
}

static inline __attribute__((always_inline)) void spread_vector(
	uint8_t *out, size_t stride, __m256i a, __m256i b)
{
	_mm256_storeu_si256((__m256i *)out, a);
#pragma GCC unroll 7
	for (int s = 1; s < 8; s++)
		_mm256_storeu_si256((__m256i *)(out + s * stride), shifted(a, b, s));
}

static void bits_spread(uint8_t *out, size_t stride, const uint8_t *in, size_t len)
{
	uint8_t tail[64] = { 0 };
	__m256i a;

	if (len < 32) {
		uint8_t made[8 * 32];

		for (size_t i = 0; i < len; i++)
			tail[i] = in[i];
		spread_vector(made, 32, _mm256_loadu_si256((const __m256i *)tail),
			_mm256_loadu_si256((const __m256i *)(tail + 1)));
		for (size_t i = 0; i < 8 * len; i++)
			out[i / len * stride + i % len] = made[i / len * 32 + i % len];
		return;
	}
	for (size_t i = 0; i + 33 <= len; i += 32) {
		spread_vector(out + i, stride, _mm256_loadu_si256((const __m256i *)(in + i)),
			_mm256_loadu_si256((const __m256i *)(in + i + 1)));
	}
	/* The last vector may overlap the one before; zeros come in behind. */
	a = _mm256_loadu_si256((const __m256i *)(in + len - 32));
	_mm256_storeu_si256((__m256i *)tail, a);
	spread_vector(out + len - 32, stride, a, _mm256_loadu_si256((const __m256i *)(tail + 1)));
}

void kern_avx2_ldpc(struct kern *k)
{
	k->xor_rows = xor_rows;
	k->bits_spread = bits_spread;
}
