/*
 * Sealing of secrets at rest (subscriber keys in the store): AES-256-GCM (NIST SP 800-38D).
 * A sealed secret is ciphertext || tag (16 octets).
 */
#pragma once

#include "base/cursor.h"

enum { SEAL_KEY_LEN = 32, SEAL_NONCE_LEN = 12, SEAL_TAG_LEN = 16, SEAL_PLAIN_MAX = 65536 };

/* Writes plain sealed to out. A nonce is used once with a key: the caller sees to that. aad (record name,
 * version) is authenticated, not stored. False when plain is too long or out is full. */
MUST_USE bool seal_encrypt(const uint8_t key[SEAL_KEY_LEN], const uint8_t nonce[SEAL_NONCE_LEN],
	struct bytes aad, struct bytes plain, struct writer *out);

/* Writes the secret to plain; false, with nothing written, when key, nonce, aad or sealed do not match. */
MUST_USE bool seal_decrypt(const uint8_t key[SEAL_KEY_LEN], const uint8_t nonce[SEAL_NONCE_LEN],
	struct bytes aad, struct bytes sealed, struct writer *plain);
