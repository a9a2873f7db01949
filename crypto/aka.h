/*
 * Authentication and key agreement as ARPF and USIM need it (TS 33.102 clause 6.3, TS 33.501 clause 6.1.3),
 * over Milenage (TS 35.206), TUAK (TS 35.231) or whatever has a row in aka_function.h, with the sizes 5GS
 * uses: MAC 64, CK and IK 128 bits. Freshness of SQN (TS 33.102 Annex C) is the caller's. Pure; every
 * function may be called from any thread.
 */
#pragma once

#include "base/bytes.h"

/* The authentication functions. Subscribers are stored with the number, which therefore never changes. */
enum aka_alg { AKA_MILENAGE = 0, AKA_TUAK = 1, AKA_ALG_COUNT };

#define AKA_ALG_NAMES "milenage or tuak" /* as a refusal lists them */

enum {
	AKA_K_MAX = 32,
	AKA_OPC_MAX = 32,
	AKA_RAND_LEN = 16,
	AKA_AUTN_LEN = 16, /* (SQN xor AK) || AMF || MAC-A, TS 33.102 clause 6.3.2 */
	AKA_AUTS_LEN = 14, /* (SQN_MS xor AK*) || MAC-S, TS 33.102 clause 6.3.3 */
	AKA_AMF_LEN = 2,
	AKA_MAC_LEN = 8,
	AKA_RES_MAX = 16,
	AKA_SQN_XOR_AK_LEN = 6, /* the first octets of AUTN */
};

/* The long-term credential of one subscriber. The owner wipes it (explicit_bzero). */
struct aka_key {
	enum aka_alg alg;
	uint8_t k[AKA_K_MAX];
	uint8_t k_len;             /* octets: 16; with TUAK 16 or 32 */
	uint8_t opc[AKA_OPC_MAX];  /* OPc, 16 octets; with TUAK TOPc, 32 octets */
	uint8_t res_len;           /* octets: Milenage 8, TUAK 4, 8 or 16; 0: 8 */
	uint8_t keccak_iterations; /* TUAK only; 0 means 1 */
};

/* An authentication vector. The owner wipes it. */
struct aka_vector {
	uint8_t autn[AKA_AUTN_LEN];
	uint8_t res[AKA_RES_MAX]; /* XRES at the ARPF, RES at the USIM */
	uint8_t res_len;          /* octets */
	uint8_t ck[16];
	uint8_t ik[16];
	uint8_t ak[6];
	uint8_t mac[AKA_MAC_LEN]; /* MAC-A */
	uint8_t amf[AKA_AMF_LEN];
	uint64_t sqn; /* 48 bits */
};

/* OPc from OP (TS 35.206 clause 4.1) or TOPc from TOP (TS 35.231 clause 6.2) into key->opc; alg, k and
 * k_len of key are set before. op has as many octets as OPc; false on other lengths. */
MUST_USE bool aka_opc_derive(struct aka_key *key, struct bytes op);

/* The ARPF's half: the vector for sqn (48 bits) and amf. False when key is malformed or sqn too large. */
MUST_USE bool aka_vector_generate(const struct aka_key *key, uint64_t sqn, const uint8_t amf[AKA_AMF_LEN],
	const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out);

/* The USIM's half: the vector of a challenge, with SQN and AMF recovered from AUTN. False when MAC-A
 * is wrong (cause #20 MAC failure); out is then wiped. The caller judges out->sqn. */
MUST_USE bool aka_challenge_verify(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], struct aka_vector *out);

/* USIM: AUTS of a synchronization failure, from f1* over AMF* = 0000 and f5* (TS 33.102 clause 6.3.3). */
MUST_USE bool aka_auts_build(const struct aka_key *key, uint64_t sqn_ms, const uint8_t rand[AKA_RAND_LEN],
	uint8_t auts[AKA_AUTS_LEN]);

/* ARPF: SQN_MS of an AUTS (TS 33.102 clause 6.3.5); false, with *sqn_ms 0, when MAC-S is wrong. */
MUST_USE bool aka_auts_verify(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t auts[AKA_AUTS_LEN], uint64_t *sqn_ms);
