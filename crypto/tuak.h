/* TUAK (TS 35.231): the 3GPP authentication functions over Keccak-f[1600]. */
#pragma once

#include "base/bytes.h"

/* The sizes chosen by the operator, in octets (TS 35.231 clause 5.1). */
struct tuak_sizes {
	uint8_t k;          /* 16 or 32 */
	uint8_t mac;        /* 8, 16 or 32 */
	uint8_t res;        /* 4, 8, 16 or 32 */
	uint8_t ck;         /* 16 or 32 */
	uint8_t ik;         /* 16 or 32 */
	uint8_t iterations; /* of Keccak-f, from 1 */
};

/* f2, f3, f4, f5; the owner wipes it. */
struct tuak {
	uint8_t res[32];
	uint8_t ck[32];
	uint8_t ik[32];
	uint8_t ak[6];
};

/* All return false when a size is not one of those above; outputs are then untouched. */

/* TOPc of TOP (clause 6.2). */
MUST_USE bool tuak_topc(
	const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t top[32], uint8_t topc[32]);

/* f1: MAC-A, or with star f1*: MAC-S (clauses 6.3, 6.4); sizes->mac octets. */
MUST_USE bool tuak_f1(const struct tuak_sizes *sizes, bool star, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], const uint8_t sqn[6], const uint8_t amf[2], uint8_t *mac);

/* f2 to f5 (clause 6.5). */
MUST_USE bool tuak_f2345(const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], struct tuak *out);

/* f5*: AK for resynchronization (clause 6.6). */
MUST_USE bool tuak_f5_star(const struct tuak_sizes *sizes, const uint8_t *k, const uint8_t topc[32],
	const uint8_t rand[16], uint8_t ak[6]);
