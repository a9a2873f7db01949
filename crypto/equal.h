/* Comparison of MACs, RES and other secrets in constant time. */
#pragma once

#include <openssl/crypto.h>

#include "base/bytes.h"

/* True when both views hold the same octets. Time depends on the lengths only. */
static inline bool crypto_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.data, b.data, a.len) == 0);
}
