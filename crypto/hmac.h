/* SHA-256 and HMAC-SHA-256 (RFC 2104) over a digest context kept by each thread. Internal to crypto/. */
#pragma once

#include "base/bytes.h"

enum { SHA256_LEN = 32 };

/* The digest of the parts, one after the other. */
MUST_USE bool sha256_parts(const struct bytes *parts, size_t count, uint8_t out[SHA256_LEN]);

/* The MAC of the parts, one after the other. */
MUST_USE bool hmac_sha256(struct bytes key, const struct bytes *parts, size_t count, uint8_t out[SHA256_LEN]);
