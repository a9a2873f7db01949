#include "io/sctp/crc32c.h"

enum { CRC32C_POLY = 0x82f63b78 }; /* reflected 0x1edc6f41 */

#define CRC_STEP(c) (((c) >> 1) ^ (((c) & 1) ? (uint32_t)CRC32C_POLY : 0))
#define CRC_4(c)    CRC_STEP(CRC_STEP(CRC_STEP(CRC_STEP(c))))

/* A nibble at a time: 16 entries are enough for a fallback. */
static const uint32_t crc32c_nibbles[16] = {
	CRC_4(0u),
	CRC_4(1u),
	CRC_4(2u),
	CRC_4(3u),
	CRC_4(4u),
	CRC_4(5u),
	CRC_4(6u),
	CRC_4(7u),
	CRC_4(8u),
	CRC_4(9u),
	CRC_4(10u),
	CRC_4(11u),
	CRC_4(12u),
	CRC_4(13u),
	CRC_4(14u),
	CRC_4(15u),
};

uint32_t crc32c_table(uint32_t crc, struct bytes data)
{
	crc = ~crc;
	for (size_t i = 0; i < data.len; i++) {
		crc ^= data.data[i];
		crc = crc32c_nibbles[crc & 15] ^ crc >> 4;
		crc = crc32c_nibbles[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

#ifdef __x86_64__
#include <nmmintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, struct bytes data)
{
	const uint8_t *at = data.data;
	size_t left = data.len;
	uint64_t c = ~crc;
	uint64_t word;

	for (; left >= 8; left -= 8, at += 8) {
		memcpy(&word, at, 8);
		c = _mm_crc32_u64(c, word);
	}
	for (; left > 0; left--, at++)
		c = _mm_crc32_u8((uint32_t)c, *at);
	return ~(uint32_t)c;
}
#endif

uint32_t crc32c(uint32_t crc, struct bytes data)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("sse4.2"))
		return crc32c_sse42(crc, data);
#endif
	return crc32c_table(crc, data);
}
