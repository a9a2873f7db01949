/* The polar kernels on AVX2. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static __m256i load(const int16_t *at)
{
	return _mm256_loadu_si256((const __m256i *)at);
}

static void polar_f(int16_t *out, const int16_t *a, const int16_t *b, size_t n)
{
	size_t i = 0;

	for (; i + 16 <= n; i += 16) {
		__m256i x = load(a + i), y = load(b + i);
		__m256i least = _mm256_min_epi16(_mm256_abs_epi16(x), _mm256_abs_epi16(y));

		/* the sign of x ^ y, with a set bit so that zero does not erase what is zero anyway */
		x = _mm256_or_si256(_mm256_xor_si256(x, y), _mm256_set1_epi16(1));
		_mm256_storeu_si256((__m256i *)(out + i), _mm256_sign_epi16(least, x));
	}
	for (; i < n; i++) {
		int16_t x = a[i] < 0 ? (int16_t)-a[i] : a[i], y = b[i] < 0 ? (int16_t)-b[i] : b[i];
		int16_t least = x < y ? x : y, sign = (int16_t)((a[i] ^ b[i]) >> 15);

		out[i] = (int16_t)((least ^ sign) - sign);
	}
}

static void polar_g(int16_t *out, const int16_t *a, const int16_t *b, const int16_t *u, size_t n)
{
	const __m256i lowest = _mm256_set1_epi16(-32767);
	size_t i = 0;

	for (; i + 16 <= n; i += 16) {
		__m256i m = load(u + i), x = _mm256_sub_epi16(_mm256_xor_si256(load(a + i), m), m);
		__m256i v = _mm256_max_epi16(_mm256_adds_epi16(load(b + i), x), lowest);

		_mm256_storeu_si256((__m256i *)(out + i), v);
	}
	for (; i < n; i++) {
		int32_t v = b[i] + (a[i] ^ u[i]) - u[i];

		out[i] = (int16_t)(v > 32767 ? 32767 : v < -32767 ? -32767 : v);
	}
}

void kern_avx2_polar(struct kern *k)
{
	k->polar_f = polar_f;
	k->polar_g = polar_g;
}
