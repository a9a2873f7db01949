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

/*
 * Between packed bits and bits one an octet (0 or 1), eight at a time: a product spreads an octet's bits so
 * that each lands in one of its own, or gathers them. Of a last octet that is not full the rest is zero.
 */
static inline void bits_unpack(uint8_t *octets, const uint8_t *bits, size_t n)
{
	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t spread =
			(bits[i / 8] * UINT64_C(0x8040201008040201) & UINT64_C(0x8080808080808080)) >> 7;

		for (unsigned k = 0; k < 8; k++)
			octets[i + k] = (uint8_t)(spread >> 8 * k);
	}
	for (size_t i = n / 8 * 8; i < n; i++)
		octets[i] = (uint8_t)bits_get(bits, i);
}

static inline void bits_pack(uint8_t *bits, const uint8_t *octets, size_t n)
{
	for (size_t i = 0; i < n; i += 8) {
		uint64_t spread = 0;

		for (unsigned k = 0; k < 8 && i + k < n; k++)
			spread |= (uint64_t)octets[i + k] << 8 * k;
		bits[i / 8] = (uint8_t)(spread * UINT64_C(0x8040201008040201) >> 56);
	}
}
