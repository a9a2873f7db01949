/*
 * Passwords and tokens as they are kept: so that who reads the store has neither. Passwords by argon2id
 * (RFC 9106), which makes guessing dear; tokens are 256 random bits, of which a digest is enough.
 */
#pragma once

#include "base/bytes.h"

enum {
	PASSWORD_SALT_LEN = 16,
	PASSWORD_HASH_LEN = 32,
	PASSWORD_KIB = 19456, /* memory that a guess takes, and */
	PASSWORD_PASSES = 2,  /* how often it is gone over: OWASP's least for one lane, some 25 ms */
	TOKEN_DIGEST_LEN = 32,
};

/* False: memory is out, or the password is longer than argon2 takes. */
MUST_USE bool password_hash(
	struct bytes password, const uint8_t salt[PASSWORD_SALT_LEN], uint8_t out[PASSWORD_HASH_LEN]);

/* SHA-256. False: libcrypto refuses. */
MUST_USE bool token_digest(struct bytes token, uint8_t out[TOKEN_DIGEST_LEN]);
