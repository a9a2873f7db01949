/*
 * SNOW 3G (ETSI/SAGE Specification, Document 2): the keystream generator of 128-NEA1 and 128-NIA1.
 * Lookups depend on secrets, as with any table implementation. The owner wipes the state.
 */
#pragma once

#include "base/bytes.h"

struct snow3g {
	uint32_t s[32]; /* the LFSR twice over, so that s[at..at+15] is s0..s15 without wrapping */
	uint32_t r1, r2, r3;
	unsigned at;
};

/* key is k0 to k3, iv IV0 to IV3 of clause 4.1 (UEA2 and UIA2 name the key's first four octets k3). */
void snow3g_init(struct snow3g *g, const uint32_t key[4], const uint32_t iv[4]);

/* The next count words of keystream. */
void snow3g_words(struct snow3g *g, uint32_t *out, size_t count);
