/* The polar kernels on AVX-512, the last LLRs under a mask. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

enum { STEP = 32 };

static __mmask32 mask_of(size_t left)
{
	return left >= STEP ? 0xffffffff : (__mmask32)((1u << left) - 1);
}

static void polar_f(int16_t *out, const int16_t *a, const int16_t *b, size_t n)
{
	for (size_t i = 0; i < n; i += STEP) {
		__mmask32 m = mask_of(n - i), negative;
		__m512i x = _mm512_maskz_loadu_epi16(m, a + i), y = _mm512_maskz_loadu_epi16(m, b + i);
		__m512i least = _mm512_min_epi16(_mm512_abs_epi16(x), _mm512_abs_epi16(y));

		negative = _mm512_movepi16_mask(_mm512_xor_si512(x, y));
		least = _mm512_mask_sub_epi16(least, negative, _mm512_setzero_si512(), least);
		_mm512_mask_storeu_epi16(out + i, m, least);
	}
}

static void polar_g(int16_t *out, const int16_t *a, const int16_t *b, const int16_t *u, size_t n)
{
	for (size_t i = 0; i < n; i += STEP) {
		__mmask32 m = mask_of(n - i);
		__m512i s = _mm512_maskz_loadu_epi16(m, u + i);
		__m512i x = _mm512_sub_epi16(_mm512_xor_si512(_mm512_maskz_loadu_epi16(m, a + i), s), s);

		x = _mm512_adds_epi16(_mm512_maskz_loadu_epi16(m, b + i), x);
		_mm512_mask_storeu_epi16(out + i, m, _mm512_max_epi16(x, _mm512_set1_epi16(-32767)));
	}
}

void kern_avx512_polar(struct kern *k)
{
	k->polar_f = polar_f;
	k->polar_g = polar_g;
}
