/*
 * A long secret sealed with a passphrase, piece by piece: the key by scrypt (RFC 7914) from a salt, each
 * piece by AES-256-GCM (seal.h) with its number and whether it is the last in the nonce, so pieces that are
 * missing, moved or added are noticed. The head, which says how, is authenticated with each piece.
 */
#pragma once

#include "crypto/seal.h"

enum {
	SEALED_STREAM_SALT_LEN = 16,
	SEALED_STREAM_HEAD_LEN = 8 + SEALED_STREAM_SALT_LEN, /* format, cost, 6 octets of 0, salt */
	SEALED_STREAM_PIECE = SEAL_PLAIN_MAX,                /* octets of each piece but the last */
	SEALED_STREAM_SEALED = SEALED_STREAM_PIECE + SEAL_TAG_LEN,
	SEALED_STREAM_FORMAT = 1,
	SEALED_STREAM_COST = 17,     /* N is 2 to the power of it; r 8, p 1: 128 MiB, a third of a second */
	SEALED_STREAM_COST_MAX = 20, /* what a stranger's file may cost us */
};

struct sealed_stream {
	uint8_t key[SEAL_KEY_LEN];
	uint8_t head[SEALED_STREAM_HEAD_LEN];
	uint64_t pieces; /* done */
	bool ended;      /* the last one was */
};

/* Writes the head of a new stream; the salt is used once. */
void sealed_stream_head(
	uint8_t head[SEALED_STREAM_HEAD_LEN], uint8_t cost, const uint8_t salt[SEALED_STREAM_SALT_LEN]);

/* Takes seconds. False when the head is of another format or too costly, or memory is out. Wipe *s. */
MUST_USE bool sealed_stream_begin(
	struct sealed_stream *s, const uint8_t head[SEALED_STREAM_HEAD_LEN], struct bytes passphrase);

/* The next piece; false, also when it is not as long as it must be, or behind the last. */
MUST_USE bool sealed_stream_seal(struct sealed_stream *s, struct bytes plain, bool last, struct writer *out);
MUST_USE bool sealed_stream_open(struct sealed_stream *s, struct bytes sealed, bool last, struct writer *out);
