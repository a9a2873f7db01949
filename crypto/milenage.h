/* Milenage (TS 35.206): the 3GPP authentication functions over AES-128. */
#pragma once

#include "base/bytes.h"

/* What f1 to f5* yield of one (K, OPc, RAND, SQN, AMF). The owner wipes it. */
struct milenage {
	uint8_t mac_a[8];   /* f1 */
	uint8_t mac_s[8];   /* f1* */
	uint8_t res[8];     /* f2 */
	uint8_t ck[16];     /* f3 */
	uint8_t ik[16];     /* f4 */
	uint8_t ak[6];      /* f5 */
	uint8_t ak_star[6]; /* f5* */
};

/* OPc = E_K(OP) xor OP (clause 4.1). */
MUST_USE bool milenage_opc(const uint8_t k[16], const uint8_t op[16], uint8_t opc[16]);

/* All functions at once (clause 4.1). */
MUST_USE bool milenage_all(const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16],
	const uint8_t sqn[6], const uint8_t amf[2], struct milenage *out);

/* f2 to f5 and f5*, those that need no SQN; mac_a and mac_s are zeroed. */
MUST_USE bool milenage_f2345(
	const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16], struct milenage *out);

/* f1 and f1*; the other members are zeroed. */
MUST_USE bool milenage_f1(const uint8_t k[16], const uint8_t opc[16], const uint8_t rand[16],
	const uint8_t sqn[6], const uint8_t amf[2], struct milenage *out);
