/* The kernels of rate matching on AVX-512. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static void llr_add(int8_t *acc, const int8_t *x, size_t n)
{
	for (size_t i = 0; i < n; i += 64) {
		__mmask64 m = n - i >= 64 ? ~(__mmask64)0 : ~(__mmask64)0 >> (64 - (n - i));
		__m512i sum = _mm512_adds_epi8(
			_mm512_maskz_loadu_epi8(m, acc + i), _mm512_maskz_loadu_epi8(m, x + i));

		_mm512_mask_storeu_epi8(acc + i, m, sum);
	}
}

void kern_avx512_ratematch(struct kern *k)
{
	k->llr_add = llr_add;
}
