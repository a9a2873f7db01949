/*
 * Concealment of the SUPI (TS 33.501 Annex C): the null scheme, ECIES Profile A (X25519) and Profile B
 * (secp256r1 with compressed points). The scheme output of a profile is
 * ephemeral public key (32 or 33 octets) || ciphertext || MAC tag (8 octets).
 */
#pragma once

#include "base/cursor.h"

/* Protection scheme identifiers, TS 33.501 Annex C.1. */
enum suci_scheme { SUCI_NULL = 0, SUCI_PROFILE_A = 1, SUCI_PROFILE_B = 2 };

enum {
	SUCI_PRIVATE_LEN = 32,
	SUCI_PUBLIC_MAX = 33,
	SUCI_TAG_LEN = 8,
	SUCI_PLAIN_MAX = 253, /* octets of MSIN or username; an NAI has at most 253 (RFC 7542) */
	SUCI_OUTPUT_MAX = SUCI_PUBLIC_MAX + SUCI_PLAIN_MAX + SUCI_TAG_LEN,
	SUCI_MSIN_DIGITS_MAX = 10,
};

/* A home network key pair, parsed once. Used by one thread at a time. */
struct suci_key;

/* Profile A or B from the private key (A: X25519 octets; B: big-endian scalar). NULL when it is not a
 * valid key of that profile, or memory is out. */
MUST_USE struct suci_key *suci_key_new(enum suci_scheme scheme, const uint8_t private_key[SUCI_PRIVATE_LEN]);

/* Wipes and frees; NULL is allowed. */
void suci_key_free(struct suci_key *key);

enum suci_scheme suci_key_scheme(const struct suci_key *key);

/* The public key to provision on USIMs: 32 octets (A) or 33, compressed (B). Lives as long as key. */
struct bytes suci_key_public(const struct suci_key *key);

/*
 * UE: writes the scheme output of plain (MSIN in BCD, or the username) to out. eph_private is fresh
 * random for each call, from the caller, who wipes it; home_public as suci_key_public(). With SUCI_NULL
 * both are ignored. False on a malformed key, an empty or too long plain, or a full out.
 */
MUST_USE bool suci_conceal(enum suci_scheme scheme, struct bytes home_public,
	const uint8_t eph_private[SUCI_PRIVATE_LEN], struct bytes plain, struct writer *out);

/*
 * SIDF: writes the plaintext of a scheme output to plain. key is NULL with SUCI_NULL, and else of that
 * scheme. False, with nothing written, on a short or long input, a malformed point or a wrong tag.
 */
MUST_USE bool suci_deconceal(
	enum suci_scheme scheme, struct suci_key *key, struct bytes output, struct writer *plain);

/* MSIN digits (1 to 10) to BCD with filler f (TS 23.003 clause 2.2B), and back; digits is terminated. */
MUST_USE bool suci_msin_encode(const char *digits, struct writer *out);
MUST_USE bool suci_msin_decode(struct bytes bcd, char digits[SUCI_MSIN_DIGITS_MAX + 1]);
