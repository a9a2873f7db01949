/*
 * AS security as both ends of the simulated link prove it to one another: nothing is ciphered, but who comes
 * to a cell by handover or re-establishment shows that it has the key (38.331 5.3.5.3, 5.3.7.4, 5.3.7.5).
 */
#pragma once

#include "base/must_use.h"
#include "crypto/kdf.h"

/*
 * MAC-I of an RRC message of SRB1, uplink and the first after its key was made (38.323 5.9): 0 with NIA0.
 * False: no such algorithm.
 */
MUST_USE bool uu_mac_i(
	const uint8_t k_gnb[KDF_KEY_LEN], uint8_t ia, uint8_t message, uint16_t c_rnti, uint32_t *mac);

/*
 * ShortMAC-I (38.331 5.3.7.4) of VarShortMAC-Input: pci and c_rnti of the cell where the UE was, the NR cell
 * identity (36 bits) of the one where it asks.
 */
MUST_USE bool uu_short_mac_i(const uint8_t k_gnb[KDF_KEY_LEN], uint8_t ia, uint16_t pci, uint16_t c_rnti,
	uint64_t cell_identity, uint16_t *mac);
