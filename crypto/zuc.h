/*
 * ZUC (ETSI/SAGE Specification, Document 2): the keystream generator of 128-NEA3 and 128-NIA3.
 * Lookups depend on secrets, as with any table implementation. The owner wipes the state.
 */
#pragma once

#include "base/bytes.h"

struct zuc {
	uint32_t s[32]; /* the LFSR twice over, so that s[at..at+15] is s0..s15 without wrapping */
	uint32_t r1, r2;
	unsigned at;
};

void zuc_init(struct zuc *z, const uint8_t key[16], const uint8_t iv[16]);

/* The next count words of keystream. */
void zuc_words(struct zuc *z, uint32_t *out, size_t count);
