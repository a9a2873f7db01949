/* CRC32C (Castagnoli), the checksum of SCTP (RFC 9260 appendix A) and of the store's values. */
#pragma once

#include "base/bytes.h"

/* Start with 0; feed the result back to go on. */
uint32_t crc32c(uint32_t crc, struct bytes data);

/* The same by table, where the processor has no instruction for it; for tests. */
uint32_t crc32c_table(uint32_t crc, struct bytes data);
