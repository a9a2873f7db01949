/* Packed bits: bit i of a string is in octet i / 8, the first in the most significant place. */
#pragma once

#include "base/bytes.h"

static inline unsigned bits_get(const uint8_t *bits, size_t i)
{
	return bits[i / 8] >> (7 - i % 8) & 1;
}

static inline void bits_set(uint8_t *bits, size_t i, unsigned v)
{
	uint8_t mask = (uint8_t)(0x80 >> i % 8);

	bits[i / 8] = (uint8_t)(v ? bits[i / 8] | mask : bits[i / 8] & ~mask);
}

/* Octets that hold n bits. */
static inline size_t bits_octets(size_t n)
{
	return (n + 7) / 8;
}

/* n bits from src at src_at to dst at dst_at; other bits of dst stay. The two do not overlap. */
void bits_copy(uint8_t *dst, size_t dst_at, const uint8_t *src, size_t src_at, size_t n);
