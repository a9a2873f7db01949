#include "crypto/password.h"

#include <argon2.h>

#include "crypto/hmac.h"

_Static_assert((int)TOKEN_DIGEST_LEN == (int)SHA256_LEN, "a digest is SHA-256");

bool password_hash(
	struct bytes password, const uint8_t salt[PASSWORD_SALT_LEN], uint8_t out[PASSWORD_HASH_LEN])
{
	return argon2id_hash_raw(PASSWORD_PASSES, PASSWORD_KIB, 1, password.data, password.len, salt,
		       PASSWORD_SALT_LEN, out, PASSWORD_HASH_LEN) == ARGON2_OK;
}

bool token_digest(struct bytes token, uint8_t out[TOKEN_DIGEST_LEN])
{
	return sha256_parts(&token, 1, out);
}
