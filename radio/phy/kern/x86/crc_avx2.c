/* Cyclic redundancy checks by carry-less multiplication: 16 octets take the place of all before them. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

/* 16 octets as a polynomial, the first bit of the highest power; its own inverse. */
static inline __m128i reversed(__m128i v)
{
	return _mm_shuffle_epi8(v, _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
}

static inline __m128i load(const uint8_t *at)
{
	return reversed(_mm_loadu_si128((const __m128i *)at));
}

/* v times the power that the two factors stand for, 128 bits or fewer, plus what comes. */
static inline __m128i fold(__m128i v, __m128i factors, __m128i next)
{
	return _mm_xor_si128(next, _mm_xor_si128(_mm_clmulepi64_si128(v, factors, 0x11),
					   _mm_clmulepi64_si128(v, factors, 0x00)));
}

static uint32_t crc(const uint8_t *at, size_t n, const struct kern_crc *c)
{
	const __m128i by_512 = _mm_set_epi64x(c->fold[0], c->fold[1]);
	const __m128i by_128 = _mm_set_epi64x(c->fold[2], c->fold[3]);
	uint8_t rest[31]; /* what takes the place of most octets, and those behind */
	__m128i v;

	if (n < 16)
		return kern_crc_by_table(at, n, c);
	v = load(at);
	if (n >= 64) {
		__m128i v1 = load(at + 16), v2 = load(at + 32), v3 = load(at + 48);

		for (; n >= 128; n -= 64, at += 64) {
			v = fold(v, by_512, load(at + 64));
			v1 = fold(v1, by_512, load(at + 80));
			v2 = fold(v2, by_512, load(at + 96));
			v3 = fold(v3, by_512, load(at + 112));
		}
		v = fold(fold(fold(v, by_128, v1), by_128, v2), by_128, v3);
		n -= 48;
		at += 48;
	}
	for (; n >= 32; n -= 16, at += 16)
		v = fold(v, by_128, load(at + 16));
	_mm_storeu_si128((__m128i *)rest, reversed(v));
	bytes_copy(rest + 16, sizeof(rest) - 16, bytes_of(at + 16, n - 16));
	return kern_crc_by_table(rest, n, c);
}

void kern_avx2_crc(struct kern *k)
{
	k->crc = crc;
}
