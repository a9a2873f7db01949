/* Scrambling on AVX-512: sixteen words of 32 bits at once, all in registers. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

/* Words 0 to 15 and 15 to 30 of each of the sequences. */
struct words {
	__m512i a1, b1, a2, b2;
};

static inline struct words start(const struct kern_gold *g)
{
	return (struct words){ _mm512_loadu_si512(g->x1), _mm512_loadu_si512(g->x1 + 15),
		_mm512_loadu_si512(g->x2), _mm512_loadu_si512(g->x2 + 15) };
}

/* Words by to by + 15. */
static inline __m512i ahead(__m512i a, __m512i b, int by)
{
	const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
	__m512i from = _mm512_add_epi32(lane, _mm512_set1_epi32(by));
	__mmask16 beyond = _mm512_cmpgt_epi32_mask(from, _mm512_set1_epi32(15));

	/* word 16 is the second of b */
	return _mm512_permutex2var_epi32(
		a, _mm512_mask_add_epi32(from, beyond, from, _mm512_set1_epi32(1)), b);
}

/* Words 0 to 15 of the scrambling sequence; then goes on by 16. */
static inline __m512i next(struct words *w)
{
	__m512i c = _mm512_xor_si512(w->a1, w->a2);
	__m512i n1 = _mm512_xor_si512(w->a1, ahead(w->a1, w->b1, 3));
	__m512i n2 = _mm512_xor_si512(w->a2, ahead(w->a2, w->b2, 3));

	n2 = _mm512_ternarylogic_epi32(n2, ahead(w->a2, w->b2, 1), ahead(w->a2, w->b2, 2), 0x96); /* xor */
	*w = (struct words){ _mm512_alignr_epi32(n1, w->b1, 1), n1, _mm512_alignr_epi32(n2, w->b2, 1), n2 };
	return c;
}

static void gold_xor(uint8_t *data, size_t octets, const struct kern_gold *g)
{
	/* bit i of each octet from bit 7 - i */
	const __m512i reverse = _mm512_set1_epi64((long long)0x8040201008040201u);
	struct words w = start(g);

	for (size_t i = 0; i < octets; i += 64) {
		__mmask64 m = octets - i >= 64 ? ~(__mmask64)0 : ~(__mmask64)0 >> (64 - (octets - i));
		__m512i c = _mm512_gf2p8affine_epi64_epi8(next(&w), reverse, 0);

		_mm512_mask_storeu_epi8(
			data + i, m, _mm512_xor_si512(_mm512_maskz_loadu_epi8(m, data + i), c));
	}
}

static void gold_negate(int8_t *llr, size_t n, const struct kern_gold *g)
{
	const __m512i zero = _mm512_setzero_si512();
	struct words w = start(g);

	for (size_t i = 0; i < n;) {
		uint64_t c[8];

		_mm512_storeu_si512(c, next(&w));
		for (unsigned k = 0; k < 8 && i < n; k++, i += 64) {
			__mmask64 m = n - i >= 64 ? ~(__mmask64)0 : ~(__mmask64)0 >> (64 - (n - i));
			__m512i x = _mm512_maskz_loadu_epi8(m, llr + i);

			_mm512_mask_storeu_epi8(llr + i, m, _mm512_mask_sub_epi8(x, c[k], zero, x));
		}
	}
}

void kern_avx512_gold(struct kern *k)
{
	k->gold_xor = gold_xor;
	k->gold_negate = gold_negate;
}
