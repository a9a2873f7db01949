/* Signatures by Ed25519 (RFC 8032). */
#pragma once

#include "base/bytes.h"

enum { ED25519_PUBLIC_LEN = 32, ED25519_SIGNATURE_LEN = 64 };

/* Whether the message was signed by the owner of the key. */
MUST_USE bool ed25519_verify(const uint8_t key[ED25519_PUBLIC_LEN], struct bytes message,
	const uint8_t signature[ED25519_SIGNATURE_LEN]);
