/* The ciphering algorithms 128-NEA1, 128-NEA2, 128-NEA3 and the null NEA0 (TS 33.501 Annex D.2). */
#pragma once

#include "base/bytes.h"

/* The values are the algorithm identities of TS 33.501 clause 5.11.1.1. */
enum nea_alg { NEA0 = 0, NEA1 = 1, NEA2 = 2, NEA3 = 3, NEA_ALG_COUNT };

/*
 * Ciphers or deciphers, in place, the first len_bits bits of data (from the most significant bit of each
 * octet); later bits of a last, partial octet are left as they are. bearer: 5 bits (the NAS connection
 * identifier, or the radio bearer identity minus 1); direction: 0 uplink, 1 downlink. False, with data
 * untouched, when an argument is out of range or the algorithm unknown. NEA0 changes nothing.
 */
MUST_USE bool nea_crypt(enum nea_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer,
	uint8_t direction, uint8_t *data, size_t len_bits);
