/* The integrity algorithms 128-NIA1, 128-NIA2, 128-NIA3 and the null NIA0 (TS 33.501 Annex D.3). */
#pragma once

#include "base/bytes.h"

/* The values are the algorithm identities of TS 33.501 clause 5.11.1.2. */
enum nia_alg { NIA0 = 0, NIA1 = 1, NIA2 = 2, NIA3 = 3, NIA_ALG_COUNT };

enum { NIA_MAC_LEN = 4 };

/*
 * The MAC of the first len_bits bits of msg; later bits of a last, partial octet do not count.
 * bearer and direction as nea_crypt(). NIA0 yields zeros. False, with mac zeroed, when an argument is
 * out of range or the algorithm unknown.
 */
MUST_USE bool nia_mac(enum nia_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer,
	uint8_t direction, const uint8_t *msg, size_t len_bits, uint8_t mac[NIA_MAC_LEN]);

/* nia_mac() of whole octets, compared with mac in constant time. */
MUST_USE bool nia_verify(enum nia_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer,
	uint8_t direction, struct bytes msg, const uint8_t mac[NIA_MAC_LEN]);
