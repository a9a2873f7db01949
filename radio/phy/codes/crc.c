#include "radio/phy/codes/crc.h"

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/tables.h"

unsigned crc_length(enum crc_kind kind)
{
	return kind < CRC_NONE ? crc_lengths[kind] : 0;
}

/* The register stands at the top of 32 bits whatever its length, so one table form serves all six. */
static uint32_t finish(enum crc_kind kind, uint32_t crc, const uint8_t *bits, size_t n)
{
	for (size_t i = n & ~(size_t)7; i < n; i++) {
		crc ^= (uint32_t)bits_get(bits, i) << 31;
		crc = crc << 1 ^ (crc >> 31 ? crc_tables[kind].slices[0][1] : 0); /* that is the polynomial */
	}
	return crc >> (32 - crc_lengths[kind]);
}

uint32_t crc_of(enum crc_kind kind, const uint8_t *bits, size_t n)
{
	if (kind >= CRC_NONE)
		return 0;
	return finish(kind, kern_crc_by_table(bits, n / 8, &crc_tables[kind]), bits, n);
}

uint32_t crc_of_long(const struct kern *k, enum crc_kind kind, const uint8_t *bits, size_t n)
{
	if (kind >= CRC_NONE)
		return 0;
	return finish(kind, k->crc(bits, n / 8, &crc_tables[kind]), bits, n);
}

static void put(enum crc_kind kind, uint32_t crc, uint8_t *bits, size_t n)
{
	unsigned len = crc_length(kind);
	uint8_t octets[4];

	if (len == 0)
		return;
	crc <<= 32 - len;
	for (unsigned i = 0; i < 4; i++)
		octets[i] = (uint8_t)(crc >> (24 - 8 * i));
	bits_copy(bits, n, octets, 0, len);
	if ((n + len) % 8)
		bits[(n + len) / 8] &= (uint8_t)(0xff00 >> (n + len) % 8);
}

void crc_append(enum crc_kind kind, uint8_t *bits, size_t n)
{
	put(kind, crc_of(kind, bits, n), bits, n);
}

void crc_append_long(const struct kern *k, enum crc_kind kind, uint8_t *bits, size_t n)
{
	put(kind, crc_of_long(k, kind, bits, n), bits, n);
}
