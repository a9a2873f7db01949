/* SHA-256 (FIPS 180-4) of what comes in pieces. */
#pragma once

#include "base/bytes.h"

enum { SHA256_STREAM_LEN = 32 };

struct sha256_stream;

/* NULL when memory is out. */
struct sha256_stream *sha256_stream_new(void);
MUST_USE bool sha256_stream_put(struct sha256_stream *s, struct bytes piece);
/* The digest of all pieces; the stream is gone. False, also for NULL, when there is none. */
MUST_USE bool sha256_stream_end(struct sha256_stream *s, uint8_t out[SHA256_STREAM_LEN]);
