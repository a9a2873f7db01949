/*
 * The key derivation functions: the generic KDF of TS 33.220 Annex B.2 and the 5G hierarchy of TS 33.501
 * Annex A. Keys are 32 octets but where stated. All return false only when an argument is too long or
 * libcrypto refuses; the output is then wiped. Serving network names are text,
 * "5G:mnc001.mcc001.3gppnetwork.org".
 */
#pragma once

#include "base/bytes.h"

enum {
	KDF_KEY_LEN = 32,
	KDF_ALG_KEY_LEN = 16, /* the 128-bit keys given to NEA and NIA */
	KDF_RES_STAR_LEN = 16,
	KDF_MAC_LEN = 16,     /* of UE parameters updates */
	KDF_INPUT_MAX = 1024, /* octets of S = FC || P0 || L0 || ... */
};

/* TS 33.501 Table A.8-1: algorithm type distinguishers. */
enum kdf_alg_type {
	KDF_NAS_ENC = 1,
	KDF_NAS_INT = 2,
	KDF_RRC_ENC = 3,
	KDF_RRC_INT = 4,
	KDF_UP_ENC = 5,
	KDF_UP_INT = 6,
};

/* TS 33.501 Table A.9-1: access type distinguishers. */
enum kdf_access { KDF_ACCESS_3GPP = 1, KDF_ACCESS_NON_3GPP = 2 };

/* TS 33.501 A.13: the direction of the NAS COUNT that a horizontal derivation uses. */
enum kdf_direction { KDF_UPLINK = 0, KDF_DOWNLINK = 1 };

/* TS 33.220 B.2: HMAC-SHA-256(key, FC || P0 || L0 || ... ). */
MUST_USE bool kdf(
	struct bytes key, uint8_t fc, const struct bytes *params, size_t count, uint8_t out[KDF_KEY_LEN]);

/* A.2. sqn_xor_ak: the first 6 octets of AUTN. */
MUST_USE bool kdf_k_ausf(const uint8_t ck[16], const uint8_t ik[16], struct bytes sn_name,
	const uint8_t sqn_xor_ak[6], uint8_t k_ausf[KDF_KEY_LEN]);

/* A.3: CK' and IK' of EAP-AKA'; network_name without terminator. */
MUST_USE bool kdf_ck_ik_prime(const uint8_t ck[16], const uint8_t ik[16], struct bytes network_name,
	const uint8_t sqn_xor_ak[6], uint8_t ck_prime[16], uint8_t ik_prime[16]);

/* A.4: RES* of RES, or XRES* of XRES (4 to 16 octets). */
MUST_USE bool kdf_res_star(const uint8_t ck[16], const uint8_t ik[16], struct bytes sn_name,
	const uint8_t rand[16], struct bytes res, uint8_t res_star[KDF_RES_STAR_LEN]);

/* A.5: HRES* of RES*, or HXRES* of XRES*. */
MUST_USE bool kdf_hres_star(const uint8_t rand[16], const uint8_t res_star[KDF_RES_STAR_LEN],
	uint8_t hres_star[KDF_RES_STAR_LEN]);

/* A.6 */
MUST_USE bool kdf_k_seaf(
	const uint8_t k_ausf[KDF_KEY_LEN], struct bytes sn_name, uint8_t k_seaf[KDF_KEY_LEN]);

/* A.7. supi: the IMSI's digits, or the NAI, as characters, without "imsi-" or "nai-"; abba: "\0\0". */
MUST_USE bool kdf_k_amf(
	const uint8_t k_seaf[KDF_KEY_LEN], struct bytes supi, struct bytes abba, uint8_t k_amf[KDF_KEY_LEN]);

/* A.8: a NAS key of K_AMF, an RRC or UP key of K_gNB; alg: 0 to 3, the identity of NEAx or NIAx. */
MUST_USE bool kdf_alg_key(
	const uint8_t key[KDF_KEY_LEN], enum kdf_alg_type type, uint8_t alg, uint8_t out[KDF_ALG_KEY_LEN]);

/* A.9: K_gNB (or K_N3IWF and so on with KDF_ACCESS_NON_3GPP). */
MUST_USE bool kdf_k_gnb(const uint8_t k_amf[KDF_KEY_LEN], uint32_t ul_nas_count, enum kdf_access access,
	uint8_t k_gnb[KDF_KEY_LEN]);

/* A.10. sync: K_gNB for the first NH, the previous NH after. */
MUST_USE bool kdf_nh(
	const uint8_t k_amf[KDF_KEY_LEN], const uint8_t sync[KDF_KEY_LEN], uint8_t nh[KDF_KEY_LEN]);

/* A.11: K_NG-RAN* for a target gNB, of K_gNB or NH. arfcn_dl: 24 bits. */
MUST_USE bool kdf_k_ngran_star(
	const uint8_t key[KDF_KEY_LEN], uint16_t pci, uint32_t arfcn_dl, uint8_t out[KDF_KEY_LEN]);

/* A.13: K_AMF' of a mobility with horizontal derivation. */
MUST_USE bool kdf_k_amf_prime(const uint8_t k_amf[KDF_KEY_LEN], enum kdf_direction direction,
	uint32_t nas_count, uint8_t out[KDF_KEY_LEN]);

/* A.19: UPU-MAC-I_AUSF of a UE parameters update list (24.501 9.11.3.53A, from octet 23 on). */
MUST_USE bool kdf_upu_mac_i_ausf(
	const uint8_t k_ausf[KDF_KEY_LEN], struct bytes list, uint16_t counter_upu, uint8_t mac[KDF_MAC_LEN]);

/* A.20: UPU-MAC-I_UE, or UPU-XMAC-I_UE, of its acknowledgement. */
MUST_USE bool kdf_upu_mac_i_ue(
	const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter_upu, uint8_t mac[KDF_MAC_LEN]);

/* A.17: SoR-MAC-I_AUSF of a SOR header and a list (24.501 9.11.3.51, from octet 23 on); no list: empty. */
MUST_USE bool kdf_sor_mac_i_ausf(const uint8_t k_ausf[KDF_KEY_LEN], uint8_t header, struct bytes list,
	uint16_t counter_sor, uint8_t mac[KDF_MAC_LEN]);

/* A.18: SoR-MAC-I_UE, or SoR-XMAC-I_UE, of its acknowledgement. */
MUST_USE bool kdf_sor_mac_i_ue(
	const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter_sor, uint8_t mac[KDF_MAC_LEN]);

/* RFC 9048 clause 3.4.1 PRF': out_len octets (at most 255 * 32) of HMAC-SHA-256 chained over seed. */
MUST_USE bool kdf_prf_prime(struct bytes key, struct bytes seed, uint8_t *out, size_t out_len);

/* The keys of EAP-AKA' in the order PRF' yields them (RFC 9048 clause 3.3). The owner wipes them. */
struct kdf_eap_keys {
	uint8_t k_encr[16];
	uint8_t k_aut[32];
	uint8_t k_re[32];
	uint8_t msk[64];
	uint8_t emsk[64]; /* K_AUSF is its first 32 octets, TS 33.501 clause 6.1.3.1 */
};

/* identity: as in the EAP-Response/Identity; in 5GS the SUPI (TS 33.501 Annex F). */
MUST_USE bool kdf_eap_keys(const uint8_t ck_prime[16], const uint8_t ik_prime[16], struct bytes identity,
	struct kdf_eap_keys *out);

/*
 * AT_MAC of EAP-AKA' (RFC 9048 clause 3.1, RFC 4187 clause 10.15): HMAC-SHA-256-128 by K_aut of the packet,
 * with zeros for the MAC between what stands before it and after it.
 */
MUST_USE bool kdf_eap_mac(
	const uint8_t k_aut[KDF_KEY_LEN], struct bytes before, struct bytes after, uint8_t mac[16]);
