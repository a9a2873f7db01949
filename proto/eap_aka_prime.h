/* EAP-AKA' (RFC 9048, TS 33.501 6.1.3.1) beyond bytes: the MAC of its packets, which both ends make and
 * check. */
#pragma once

#include "crypto/kdf.h"
#include "wire/eap/eap.h"

/* The packet with its MAC, if it has one, by K_aut; NULL where it is to have none. False: it does not fit. */
MUST_USE bool eap_aka_prime_write(struct eap_packet *p, const uint8_t *k_aut, struct writer *w);

/* in: the octets that p was decoded from. False: there is no MAC, or another one. */
MUST_USE bool eap_aka_prime_proved(const struct eap_packet *p, struct bytes in, const uint8_t k_aut[32]);
