/* Cyclic redundancy checks of TS 38.212 5.1 over packed bits, the first bit in the most significant place. */
#pragma once

#include "radio/phy/kern/kern.h"

enum crc_kind {
	CRC_24A,
	CRC_24B,
	CRC_24C,
	CRC_16,
	CRC_11,
	CRC_6,
	CRC_NONE,
};

/* Parity bits of a kind: 24, 16, 11, 6 or 0. */
unsigned crc_length(enum crc_kind kind);

/* The parity bits p0..p(L-1) of the first n bits, p0 in place L-1. */
uint32_t crc_of(enum crc_kind kind, const uint8_t *bits, size_t n);

/* The same by a kernel, for many bits. */
uint32_t crc_of_long(const struct kern *k, enum crc_kind kind, const uint8_t *bits, size_t n);

/* Whether n bits that end with their parity bits agree. Always so for CRC_NONE. */
static inline bool crc_agrees(enum crc_kind kind, const uint8_t *bits, size_t n)
{
	return crc_of(kind, bits, n) == 0;
}

/* Writes the parity bits behind the first n bits; the rest of the last octet written becomes zero. */
void crc_append(enum crc_kind kind, uint8_t *bits, size_t n);
void crc_append_long(const struct kern *k, enum crc_kind kind, uint8_t *bits, size_t n);
