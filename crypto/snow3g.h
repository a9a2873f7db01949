/* SNOW 3G (ETSI/SAGE Specification, Document 2): the keystream generator of 128-NEA1 and 128-NIA1. */
#pragma once

#include "base/bytes.h"

struct snow3g {
	uint32_t s[32]; /* the LFSR twice over, so that s[at..at+15] is s0..s15 without wrapping */
	uint32_t r1, r2, r3;
	unsigned at;
};

/* key and iv as k0..k3 and IV0..IV3 of clause 4.1, each most significant word (k3, IV3) first as octets. */
void snow3g_init(struct snow3g *g, const uint8_t key[16], const uint32_t iv[4]);

uint32_t snow3g_word(struct snow3g *g);
