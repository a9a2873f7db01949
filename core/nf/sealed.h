/*
 * Secrets of a subscriber at rest: nonce || ciphertext || tag, bound to whom and what it is for, so that it
 * cannot be moved to another subscriber or role.
 */
#pragma once

#include "base/env.h"
#include "crypto/seal.h"

enum { NF_SEAL_OVERHEAD = SEAL_NONCE_LEN + SEAL_TAG_LEN };

/* Never reuse a letter. */
enum nf_seal_role {
	NF_SEAL_K = 'k',
	NF_SEAL_OPC = 'o',
	NF_SEAL_K_AMF = 'a',
	NF_SEAL_PROOF = 'p',
	NF_SEAL_NH = 'h',
	NF_SEAL_K_AUSF = 'u'
};

MUST_USE bool nf_seal(struct env *env, const uint8_t key[SEAL_KEY_LEN], enum nf_seal_role role,
	const char *imsi, struct bytes plain, struct writer *out);

/* False, with nothing written, when it was not sealed so. */
MUST_USE bool nf_unseal(const uint8_t key[SEAL_KEY_LEN], enum nf_seal_role role, const char *imsi,
	struct bytes sealed, struct writer *plain);
