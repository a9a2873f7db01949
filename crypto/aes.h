/*
 * AES-128 over libcrypto without its cost per call: each thread keeps one cipher context a mode and only
 * loads keys into it. The context keeps the last key schedule until its next use in that thread or the
 * thread's end; aes_forget() overwrites it, for keys that must not linger. Internal to crypto/.
 */
#pragma once

#include <openssl/evp.h>

#include "base/bytes.h"

enum { AES_BLOCK = 16 };

enum aes_mode { AES_MODE_ECB, AES_MODE_CBC, AES_MODE_CTR, AES_MODE_GCM, AES_MODE_COUNT };

/* This thread's context of a mode, without a key; NULL when libcrypto is out of memory. */
EVP_CIPHER_CTX *aes_ctx(enum aes_mode mode);

/* ECB: loads a key; then aes_blocks() encrypts len octets (a multiple of 16), in place or not. */
MUST_USE bool aes_key(const uint8_t key[16]);
MUST_USE bool aes_blocks(const uint8_t *in, uint8_t *out, size_t len);

/* Loads a key of zeros, so that the schedule of the last one is gone. */
void aes_forget(enum aes_mode mode);

/* AES-CTR over data in place; counter is the first counter block. */
MUST_USE bool aes_ctr(const uint8_t key[16], const uint8_t counter[AES_BLOCK], uint8_t *data, size_t len);

/*
 * AES-CMAC (NIST SP 800-38B) of prefix (8 octets) followed by len_bits bits of msg: both integrity
 * algorithm 128-NIA2's shape, TS 33.401 clause B.2.3.
 */
MUST_USE bool aes_cmac(const uint8_t key[16], const uint8_t prefix[8], const uint8_t *msg, size_t len_bits,
	uint8_t mac[AES_BLOCK]);
