#include "radio/uu_security.h"

#include <string.h>

#include "base/cursor.h"
#include "crypto/nia.h"

enum { SRB1_BEARER = 0, UPLINK = 0, ALL_ONES_BEARER = 0x1f }; /* 33.501 6.5.2: the RB identity less one */

static bool mac_of(
	const uint8_t k_gnb[KDF_KEY_LEN], uint8_t ia, bool all_ones, struct bytes message, uint32_t *out)
{
	uint8_t key[KDF_ALG_KEY_LEN], mac[NIA_MAC_LEN];
	struct cursor c = cursor_of(BYTES(mac));
	bool ok = ia < NIA_ALG_COUNT && kdf_alg_key(k_gnb, KDF_RRC_INT, ia, key) &&
		  nia_mac((enum nia_alg)ia, key, all_ones ? UINT32_MAX : 0,
			  all_ones ? ALL_ONES_BEARER : SRB1_BEARER, all_ones ? 1 : UPLINK, message.data,
			  message.len * 8, mac);

	explicit_bzero(key, sizeof(key));
	*out = ok ? cursor_u32(&c) : 0;
	return ok;
}

bool uu_mac_i(const uint8_t k_gnb[KDF_KEY_LEN], uint8_t ia, uint8_t message, uint16_t c_rnti, uint32_t *mac)
{
	uint8_t octets[3];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u8(&w, message);
	writer_u16(&w, c_rnti);
	return mac_of(k_gnb, ia, false, writer_bytes(&w), mac);
}

/* VarShortMAC-Input, unaligned: 10 bits, 36, 16, and two of padding. */
bool uu_short_mac_i(const uint8_t k_gnb[KDF_KEY_LEN], uint8_t ia, uint16_t pci, uint16_t c_rnti,
	uint64_t cell_identity, uint16_t *mac)
{
	uint8_t octets[8];
	struct writer w = writer_of(octets, sizeof(octets));
	uint32_t whole;
	bool ok;

	writer_u64(&w, (uint64_t)pci << 54 | (cell_identity & 0xfffffffff) << 18 | (uint64_t)c_rnti << 2);
	ok = mac_of(k_gnb, ia, true, writer_bytes(&w), &whole);
	*mac = (uint16_t)whole;
	return ok;
}
