/*
 * The two elliptic-curve agreements of TS 33.501 Annex C.3.4 behind one shape: X25519 (RFC 7748) and
 * ECDH over secp256r1 with compressed points (SEC 1). Internal to crypto/.
 */
#pragma once

#include "base/bytes.h"

enum ecies_curve { ECIES_X25519, ECIES_P256 };

enum { ECIES_PRIVATE_LEN = 32, ECIES_PUBLIC_MAX = 33, ECIES_SHARED_LEN = 32 };

/* A private key parsed, with what agreement needs besides. Used by one thread at a time. */
struct ecies_key;

/* NULL when the private key is not one of that curve, or memory is out. */
MUST_USE struct ecies_key *ecies_key_new(
	enum ecies_curve curve, const uint8_t private_key[ECIES_PRIVATE_LEN]);

void ecies_key_free(struct ecies_key *key);

/* 32 octets, or 33 compressed; lives as long as key. */
struct bytes ecies_key_public(const struct ecies_key *key);

/* Octets of a public key of the curve. */
size_t ecies_public_len(enum ecies_curve curve);

/* The shared secret with a peer; false on a point malformed, off the curve or of small order. */
MUST_USE bool ecies_agree(struct ecies_key *key, struct bytes peer, uint8_t shared[ECIES_SHARED_LEN]);
