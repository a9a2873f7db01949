/* Cyclic redundancy checks by carry-less multiplication, four at a time: see crc_avx2.c. */
#include <immintrin.h>

#include "radio/phy/kern/kern.h"

/* Four times 16 octets as polynomials, the first bit of the highest power; its own inverse. */
static inline __m512i reversed(__m512i v)
{
	return _mm512_shuffle_epi8(v, _mm512_set4_epi32(0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f));
}

static inline __m128i reversed_one(__m128i v)
{
	return _mm512_castsi512_si128(reversed(_mm512_castsi128_si512(v)));
}

static inline __m512i fold(__m512i v, __m512i factors, __m512i next)
{
	return _mm512_ternarylogic_epi64(next, _mm512_clmulepi64_epi128(v, factors, 0x11),
		_mm512_clmulepi64_epi128(v, factors, 0x00), 0x96);
}

static inline __m128i fold_one(__m128i v, __m128i factors, __m128i next)
{
	return _mm512_castsi512_si128(fold(
		_mm512_castsi128_si512(v), _mm512_castsi128_si512(factors), _mm512_castsi128_si512(next)));
}

static uint32_t crc(const uint8_t *at, size_t n, const struct kern_crc *c)
{
	const __m512i by_512 = _mm512_broadcast_i32x4(_mm_set_epi64x(c->fold[0], c->fold[1]));
	const __m128i by_128 = _mm_set_epi64x(c->fold[2], c->fold[3]);
	uint8_t rest[31]; /* what takes the place of most octets, and those behind */
	__m512i v;
	__m128i one;

	if (n < 64)
		return kern_crc_by_table(at, n, c);
	v = reversed(_mm512_loadu_si512(at));
	for (; n >= 128; n -= 64, at += 64)
		v = fold(v, by_512, reversed(_mm512_loadu_si512(at + 64)));
	one = fold_one(_mm512_castsi512_si128(v), by_128, _mm512_extracti32x4_epi32(v, 1));
	one = fold_one(one, by_128, _mm512_extracti32x4_epi32(v, 2));
	one = fold_one(one, by_128, _mm512_extracti32x4_epi32(v, 3));
	for (n -= 48, at += 48; n >= 32; n -= 16, at += 16)
		one = fold_one(one, by_128, reversed_one(_mm_loadu_si128((const __m128i *)(at + 16))));
	_mm_storeu_si128((__m128i *)rest, reversed_one(one));
	bytes_copy(rest + 16, sizeof(rest) - 16, bytes_of(at + 16, n - 16));
	return kern_crc_by_table(rest, n, c);
}

void kern_avx512_crc(struct kern *k)
{
	k->crc = crc;
}
