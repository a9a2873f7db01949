/*
 * Keys of the access stratum (33.501 6.2.3, A.8) as PDCP takes them, and the chain that K_gNB is of at the UE
 * (6.9.2.1.1).
 */
#pragma once

#include "crypto/kdf.h"
#include "radio/pdcp/pdcp.h"

/* K_RRCenc and K_RRCint, or K_UPenc and K_UPint. False: libcrypto refuses, or no such algorithm. */
MUST_USE bool rrc_srb_security(
	const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia, struct pdcp_security *out);
MUST_USE bool rrc_drb_security(
	const uint8_t k_gnb[KDF_KEY_LEN], enum nea_alg ea, enum nia_alg ia, struct pdcp_security *out);

/* K_gNB in use with its chaining count, and the last NH made with its own; both are of K_AMF. */
struct rrc_key_chain {
	uint8_t ncc, nh_ncc;
	uint8_t k_amf[KDF_KEY_LEN], k_gnb[KDF_KEY_LEN], nh[KDF_KEY_LEN];
};

/* 33.501 6.9.2.3.4: the key of a cell, by the chaining count that the network gives. False: none is made;
 * *chain is then of no use. */
MUST_USE bool rrc_key_next(struct rrc_key_chain *chain, uint16_t pci, uint32_t ssb_arfcn, uint8_t ncc);
