#include "radio/phy/bits.h"

void bits_copy(uint8_t *dst, size_t dst_at, const uint8_t *src, size_t src_at, size_t n)
{
	unsigned shift;
	size_t octets;

	for (; n > 0 && dst_at % 8; n--)
		bits_set(dst, dst_at++, bits_get(src, src_at++));
	octets = n / 8;
	shift = src_at % 8;
	dst += dst_at / 8;
	src += src_at / 8;
	if (shift == 0) {
		bytes_copy(dst, octets, bytes_of(src, octets));
	} else {
		for (size_t i = 0; i < octets; i++)
			dst[i] = (uint8_t)(src[i] << shift | src[i + 1] >> (8 - shift));
	}
	for (size_t i = octets * 8; i < n; i++)
		bits_set(dst, i, bits_get(src, i + shift));
}
