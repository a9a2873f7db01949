/* ZUC (ETSI/SAGE Specification, Document 2): the keystream generator of 128-NEA3 and 128-NIA3. */
#pragma once

#include "base/bytes.h"

struct zuc {
	uint32_t s[32]; /* the LFSR twice over, so that s[at..at+15] is s0..s15 without wrapping */
	uint32_t r1, r2;
	unsigned at;
};

void zuc_init(struct zuc *z, const uint8_t key[16], const uint8_t iv[16]);

uint32_t zuc_word(struct zuc *z);
