#include "radio/phy/codes/bits.h"

/* 8 octets, the first the most significant. */
static uint64_t octets_at(const uint8_t *at)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < 8; i++)
		v = v << 8 | at[i];
	return v;
}

static void octets_put(uint8_t *at, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		at[i] = (uint8_t)(v >> (56 - 8 * i));
}

/* n octets from bit src_at on. */
static void octets_copy(uint8_t *dst, const uint8_t *src, size_t src_at, size_t n)
{
	unsigned shift = src_at % 8;

	src += src_at / 8;
	if (shift == 0) {
		bytes_copy(dst, n, bytes_of(src, n));
		return;
	}
	for (; n >= 8; n -= 8, dst += 8, src += 8)
		octets_put(dst, octets_at(src) << shift | src[8] >> (8 - shift));
	for (; n > 0; n--, dst++, src++)
		*dst = (uint8_t)(src[0] << shift | src[1] >> (8 - shift));
}

/* n bits, 1 to 8, the first the most significant of 8. */
static unsigned few_at(const uint8_t *src, size_t src_at, unsigned n)
{
	unsigned shift = src_at % 8;
	unsigned v = src[src_at / 8] << shift;

	if (shift + n > 8)
		v |= src[src_at / 8 + 1] >> (8 - shift);
	return v & (0xff00u >> n & 0xff);
}

/* n bits, as few_at() gives them, to dst at dst_at; they stay in one octet. */
static void few_put(uint8_t *dst, size_t dst_at, unsigned v, unsigned n)
{
	unsigned mask = (0xff00u >> n & 0xff) >> dst_at % 8;

	dst[dst_at / 8] = (uint8_t)((dst[dst_at / 8] & ~mask) | v >> dst_at % 8);
}

void bits_copy(uint8_t *dst, size_t dst_at, const uint8_t *src, size_t src_at, size_t n)
{
	if (dst_at % 8 && n > 0) {
		size_t head = 8 - dst_at % 8 < n ? 8 - dst_at % 8 : n;

		few_put(dst, dst_at, few_at(src, src_at, (unsigned)head), (unsigned)head);
		dst_at += head;
		src_at += head;
		n -= head;
	}
	octets_copy(dst + dst_at / 8, src, src_at, n / 8);
	if (n % 8) {
		size_t done = n & ~(size_t)7;

		few_put(dst, dst_at + done, few_at(src, src_at + done, n % 8), n % 8);
	}
}
