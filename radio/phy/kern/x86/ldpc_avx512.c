/* The LDPC kernels on AVX-512. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

static inline __mmask64 first_lanes(size_t n)
{
	return n >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << n) - 1;
}

static void xor_rows(uint8_t *out, const uint8_t *const *in, size_t n, size_t len)
{
	for (size_t i = 0; i < len; i += 64) {
		__mmask64 m = first_lanes(len - i);
		__m512i x = _mm512_maskz_loadu_epi8(m, in[0] + i);
		size_t r = 1;

		for (; r + 2 <= n; r += 2) {
			x = _mm512_ternarylogic_epi64(x, _mm512_maskz_loadu_epi8(m, in[r] + i),
				_mm512_maskz_loadu_epi8(m, in[r + 1] + i), 0x96);
		}
		if (r < n)
			x = _mm512_xor_si512(x, _mm512_maskz_loadu_epi8(m, in[r] + i));
		_mm512_mask_storeu_epi8(out + i, m, x);
	}
}

/* By GF2P8AFFINEQB an octet is shifted by a matrix: the identity with its rows moved and zeros after them. */
static void bits_spread(uint8_t *out, size_t stride, const uint8_t *in, size_t len)
{
	const uint64_t identity = 0x0102040810204080;

	for (size_t i = 0; i < len; i += 64) {
		__mmask64 m = first_lanes(len - i);
		__m512i a = _mm512_maskz_loadu_epi8(m, in + i);
		__m512i b = _mm512_maskz_loadu_epi8(first_lanes(len - i - 1), in + i + 1);

		_mm512_mask_storeu_epi8(out + i, m, a);
#pragma GCC unroll 7
		for (unsigned s = 1; s < 8; s++) {
			__m512i left = _mm512_set1_epi64((long long)(identity >> 8 * s));
			__m512i right = _mm512_set1_epi64((long long)(identity << (64 - 8 * s)));
			__m512i v = _mm512_or_si512(_mm512_gf2p8affine_epi64_epi8(a, left, 0),
				_mm512_gf2p8affine_epi64_epi8(b, right, 0));

			_mm512_mask_storeu_epi8(out + s * stride + i, m, v);
		}
	}
}

void kern_avx512_ldpc(struct kern *k)
{
	k->xor_rows = xor_rows;
	k->bits_spread = bits_spread;
}
