#include "radio/phy/crc.h"

#include "radio/phy/bits.h"
#include "radio/phy/tables.h"

unsigned crc_length(enum crc_kind kind)
{
	return kind < CRC_NONE ? crc_lengths[kind] : 0;
}

/* The register stands at the top of 32 bits whatever its length, so one table form serves all six. */
static uint32_t crc_octets(const uint32_t (*t)[256], const uint8_t *at, size_t n)
{
	uint32_t crc = 0;

	for (; n >= 8; n -= 8, at += 8) {
		crc = t[7][crc >> 24 ^ at[0]] ^ t[6][(crc >> 16 & 255) ^ at[1]] ^
		      t[5][(crc >> 8 & 255) ^ at[2]] ^ t[4][(crc & 255) ^ at[3]] ^ t[3][at[4]] ^ t[2][at[5]] ^
		      t[1][at[6]] ^ t[0][at[7]];
	}
	for (; n > 0; n--)
		crc = crc << 8 ^ t[0][crc >> 24 ^ *at++];
	return crc;
}

uint32_t crc_of(enum crc_kind kind, const uint8_t *bits, size_t n)
{
	const uint32_t(*t)[256];
	uint32_t crc;

	if (kind >= CRC_NONE)
		return 0;
	t = crc_slices[kind];
	crc = crc_octets(t, bits, n / 8);
	for (size_t i = n & ~(size_t)7; i < n; i++) {
		crc ^= (uint32_t)bits_get(bits, i) << 31;
		crc = crc << 1 ^ (crc >> 31 ? t[0][1] : 0); /* t[0][1] is the polynomial */
	}
	return crc >> (32 - crc_lengths[kind]);
}

void crc_append(enum crc_kind kind, uint8_t *bits, size_t n)
{
	unsigned len = crc_length(kind);
	uint32_t crc = len ? crc_of(kind, bits, n) << (32 - len) : 0;
	uint8_t octets[4] = { (uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8), (uint8_t)crc };

	if (len == 0)
		return;
	bits_copy(bits, n, octets, 0, len);
	if ((n + len) % 8)
		bits[(n + len) / 8] &= (uint8_t)(0xff00 >> (n + len) % 8);
}
