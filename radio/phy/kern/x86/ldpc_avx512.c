/* The kernel of LDPC encoding on AVX-512. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

#define IDENTITY UINT64_C(0x0102040810204080)

/*
 * As matrices for GF2P8AFFINEQB: an octet shifted left, and what the next one fills it up with. They are the
 * identity with its rows moved.
 */
static const uint64_t left[8] = { IDENTITY, IDENTITY >> 8, IDENTITY >> 16, IDENTITY >> 24, IDENTITY >> 32,
	IDENTITY >> 40, IDENTITY >> 48, IDENTITY >> 56 };
static const uint64_t right[8] = { 0, IDENTITY << 56, IDENTITY << 48, IDENTITY << 40, IDENTITY << 32,
	IDENTITY << 24, IDENTITY << 16, IDENTITY << 8 };

static inline __m512i times(const uint8_t *at, uint64_t matrix)
{
	return _mm512_gf2p8affine_epi64_epi8(_mm512_loadu_si512(at), _mm512_set1_epi64((long long)matrix), 0);
}

static void ldpc_sum(
	uint8_t *out, const uint8_t *columns, const struct kern_ldpc_edge *edges, size_t n, size_t len)
{
	__m512i sum = _mm512_setzero_si512();

	for (size_t e = 0; e < n; e++) {
		const uint8_t *at = columns + (size_t)edges[e].col * KERN_LDPC_TWICE + edges[e].shift / 8;
		unsigned s = edges[e].shift % 8;

		sum = _mm512_ternarylogic_epi64(sum, times(at, left[s]), times(at + 1, right[s]), 0x96);
	}
	_mm512_mask_storeu_epi8(out, ((__mmask64)1 << len) - 1, sum);
}

void kern_avx512_ldpc(struct kern *k)
{
	k->ldpc_sum = ldpc_sum;
}
