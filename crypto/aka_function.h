/*
 * The authentication functions f1 to f5* that aka.h can run, one row an algorithm. All that differs between
 * two algorithms is here: name, lengths, functions. CONTRIBUTING.md has the page of how to add one.
 */
#pragma once

#include "crypto/aka.h"

enum { AKA_K_LENS = 2, AKA_RES_LENS = 3 };

/* The functions are called with keys whose lengths the row allows; they return false when libcrypto refuses.
 * opc makes key->opc of the operator's constant, of opc_len octets. f1 is f1* with star. f2345 sets res,
 * res_len, ck, ik and ak of out. all, which may be NULL, is f1 and f2345 in one pass; it sets mac too. */
struct aka_function {
	const char *name;               /* in network.yaml, lines of subscribers and 29.505 algorithmId */
	uint8_t k_lens[AKA_K_LENS];     /* octets of K; 0: no more */
	uint8_t res_lens[AKA_RES_LENS]; /* octets of RES */
	uint8_t opc_len;
	bool topc; /* 29.505: the constant goes as encTopcKey, not as encOpcKey */
	bool (*opc)(struct aka_key *key, const uint8_t *op);
	bool (*f1)(const struct aka_key *key, bool star, const uint8_t rand[AKA_RAND_LEN],
		const uint8_t sqn[6], const uint8_t amf[AKA_AMF_LEN], uint8_t mac[AKA_MAC_LEN]);
	bool (*f2345)(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out);
	bool (*f5_star)(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], uint8_t ak_star[6]);
	bool (*all)(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], const uint8_t sqn[6],
		const uint8_t amf[AKA_AMF_LEN], struct aka_vector *out);
};

extern const struct aka_function aka_milenage, aka_tuak;

/* The row of an enum aka_alg; NULL for other numbers, as a damaged or newer store may have them. */
const struct aka_function *aka_function(unsigned alg);

/* False for a name that no row has. */
MUST_USE bool aka_alg_named(const char *name, enum aka_alg *out);

/* "milenage" of a number; "unknown" where there is no row. */
const char *aka_alg_name(unsigned alg);

static inline uint8_t aka_res_len(const struct aka_key *key)
{
	return key->res_len ? key->res_len : 8;
}

/* Whether K and OPc of these many octets go with the algorithm. */
bool aka_lengths_valid(unsigned alg, size_t k_len, size_t opc_len);
