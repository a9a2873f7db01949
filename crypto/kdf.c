#include "crypto/kdf.h"

#include "base/cursor.h"
#include "crypto/hmac.h"

/* FC values: TS 33.501 clause A.1.2 and the clauses named. */
enum {
	FC_CK_IK_PRIME = 0x20,    /* A.3, of TS 33.402 */
	FC_ALG_KEY = 0x69,        /* A.8 */
	FC_K_AUSF = 0x6a,         /* A.2 */
	FC_RES_STAR = 0x6b,       /* A.4 */
	FC_K_SEAF = 0x6c,         /* A.6 */
	FC_K_AMF = 0x6d,          /* A.7 */
	FC_K_GNB = 0x6e,          /* A.9 */
	FC_NH = 0x6f,             /* A.10 */
	FC_K_NGRAN_STAR = 0x70,   /* A.11 */
	FC_K_AMF_PRIME = 0x72,    /* A.13 */
	FC_SOR_MAC_I_AUSF = 0x77, /* A.17 */
	FC_SOR_MAC_I_UE = 0x78,   /* A.18 */
	FC_UPU_MAC_I_AUSF = 0x7b, /* A.19 */
	FC_UPU_MAC_I_UE = 0x7c,   /* A.20 */
};

enum { PRF_PRIME_ROUNDS_MAX = 255 };

bool kdf(struct bytes key, uint8_t fc, const struct bytes *params, size_t count, uint8_t out[KDF_KEY_LEN])
{
	uint8_t s[KDF_INPUT_MAX];
	struct writer w = writer_of(s, sizeof(s));
	struct bytes input;
	bool ok;

	writer_u8(&w, fc);
	for (size_t i = 0; i < count; i++) {
		writer_put(&w, params[i]);
		writer_u16(&w, (uint16_t)params[i].len); /* what does not fit 16 bits does not fit s */
	}
	input = writer_bytes(&w);
	ok = !w.failed && hmac_sha256(key, &input, 1, out);
	explicit_bzero(s, w.len);
	if (!ok)
		explicit_bzero(out, KDF_KEY_LEN);
	return ok;
}

/* The KDF with the key CK || IK. */
static bool kdf_ck_ik(const uint8_t ck[16], const uint8_t ik[16], uint8_t fc, const struct bytes *params,
	size_t count, uint8_t out[KDF_KEY_LEN])
{
	uint8_t key[32];
	bool ok;

	memcpy(key, ck, 16);
	memcpy(key + 16, ik, 16);
	ok = kdf(BYTES(key), fc, params, count, out);
	explicit_bzero(key, sizeof(key));
	return ok;
}

/* The KDF with a 32-octet key, of which the 16 least significant octets count. */
static bool kdf_low_half(
	struct bytes key, uint8_t fc, const struct bytes *params, size_t count, uint8_t out[16])
{
	uint8_t full[KDF_KEY_LEN];
	bool ok = kdf(key, fc, params, count, full);

	memcpy(out, full + 16, 16);
	explicit_bzero(full, sizeof(full));
	return ok;
}

bool kdf_k_ausf(const uint8_t ck[16], const uint8_t ik[16], struct bytes sn_name, const uint8_t sqn_xor_ak[6],
	uint8_t k_ausf[KDF_KEY_LEN])
{
	const struct bytes params[] = { sn_name, bytes_of(sqn_xor_ak, 6) };

	return kdf_ck_ik(ck, ik, FC_K_AUSF, params, ARRAY_LEN(params), k_ausf);
}

bool kdf_ck_ik_prime(const uint8_t ck[16], const uint8_t ik[16], struct bytes network_name,
	const uint8_t sqn_xor_ak[6], uint8_t ck_prime[16], uint8_t ik_prime[16])
{
	const struct bytes params[] = { network_name, bytes_of(sqn_xor_ak, 6) };
	uint8_t out[KDF_KEY_LEN];
	bool ok = kdf_ck_ik(ck, ik, FC_CK_IK_PRIME, params, ARRAY_LEN(params), out);

	memcpy(ck_prime, out, 16);
	memcpy(ik_prime, out + 16, 16);
	explicit_bzero(out, sizeof(out));
	return ok;
}

bool kdf_res_star(const uint8_t ck[16], const uint8_t ik[16], struct bytes sn_name, const uint8_t rand[16],
	struct bytes res, uint8_t res_star[KDF_RES_STAR_LEN])
{
	const struct bytes params[] = { sn_name, bytes_of(rand, 16), res };
	uint8_t key[32];
	bool ok;

	memcpy(key, ck, 16);
	memcpy(key + 16, ik, 16);
	ok = kdf_low_half(BYTES(key), FC_RES_STAR, params, ARRAY_LEN(params), res_star);
	explicit_bzero(key, sizeof(key));
	return ok;
}

bool kdf_hres_star(
	const uint8_t rand[16], const uint8_t res_star[KDF_RES_STAR_LEN], uint8_t hres_star[KDF_RES_STAR_LEN])
{
	const struct bytes parts[] = { bytes_of(rand, 16), bytes_of(res_star, KDF_RES_STAR_LEN) };
	uint8_t digest[SHA256_LEN] = { 0 };
	bool ok = sha256_parts(parts, ARRAY_LEN(parts), digest);

	memcpy(hres_star, digest + 16, KDF_RES_STAR_LEN);
	explicit_bzero(digest, sizeof(digest));
	return ok;
}

bool kdf_k_seaf(const uint8_t k_ausf[KDF_KEY_LEN], struct bytes sn_name, uint8_t k_seaf[KDF_KEY_LEN])
{
	return kdf(bytes_of(k_ausf, KDF_KEY_LEN), FC_K_SEAF, &sn_name, 1, k_seaf);
}

bool kdf_k_amf(
	const uint8_t k_seaf[KDF_KEY_LEN], struct bytes supi, struct bytes abba, uint8_t k_amf[KDF_KEY_LEN])
{
	const struct bytes params[] = { supi, abba };

	return kdf(bytes_of(k_seaf, KDF_KEY_LEN), FC_K_AMF, params, ARRAY_LEN(params), k_amf);
}

bool kdf_alg_key(
	const uint8_t key[KDF_KEY_LEN], enum kdf_alg_type type, uint8_t alg, uint8_t out[KDF_ALG_KEY_LEN])
{
	uint8_t type_octet = (uint8_t)type;
	const struct bytes params[] = { bytes_of(&type_octet, 1), bytes_of(&alg, 1) };

	return kdf_low_half(bytes_of(key, KDF_KEY_LEN), FC_ALG_KEY, params, ARRAY_LEN(params), out);
}

bool kdf_k_gnb(const uint8_t k_amf[KDF_KEY_LEN], uint32_t ul_nas_count, enum kdf_access access,
	uint8_t k_gnb[KDF_KEY_LEN])
{
	uint8_t count[4], access_octet = (uint8_t)access;
	struct writer w = writer_of(count, sizeof(count));
	const struct bytes params[] = { BYTES(count), bytes_of(&access_octet, 1) };

	writer_u32(&w, ul_nas_count);
	return kdf(bytes_of(k_amf, KDF_KEY_LEN), FC_K_GNB, params, ARRAY_LEN(params), k_gnb);
}

bool kdf_nh(const uint8_t k_amf[KDF_KEY_LEN], const uint8_t sync[KDF_KEY_LEN], uint8_t nh[KDF_KEY_LEN])
{
	const struct bytes param = bytes_of(sync, KDF_KEY_LEN);

	return kdf(bytes_of(k_amf, KDF_KEY_LEN), FC_NH, &param, 1, nh);
}

bool kdf_k_ngran_star(
	const uint8_t key[KDF_KEY_LEN], uint16_t pci, uint32_t arfcn_dl, uint8_t out[KDF_KEY_LEN])
{
	uint8_t octets[5];
	struct writer w = writer_of(octets, sizeof(octets));
	const struct bytes params[] = { bytes_of(octets, 2), bytes_of(octets + 2, 3) };

	writer_u16(&w, pci);
	writer_u24(&w, arfcn_dl);
	if (w.failed) {
		explicit_bzero(out, KDF_KEY_LEN);
		return false;
	}
	return kdf(bytes_of(key, KDF_KEY_LEN), FC_K_NGRAN_STAR, params, ARRAY_LEN(params), out);
}

bool kdf_k_amf_prime(const uint8_t k_amf[KDF_KEY_LEN], enum kdf_direction direction, uint32_t nas_count,
	uint8_t out[KDF_KEY_LEN])
{
	uint8_t octets[5];
	struct writer w = writer_of(octets, sizeof(octets));
	const struct bytes params[] = { bytes_of(octets, 1), bytes_of(octets + 1, 4) };

	writer_u8(&w, (uint8_t)direction);
	writer_u32(&w, nas_count);
	return kdf(bytes_of(k_amf, KDF_KEY_LEN), FC_K_AMF_PRIME, params, ARRAY_LEN(params), out);
}

bool kdf_upu_mac_i_ausf(
	const uint8_t k_ausf[KDF_KEY_LEN], struct bytes list, uint16_t counter_upu, uint8_t mac[KDF_MAC_LEN])
{
	uint8_t counter[2];
	struct writer w = writer_of(counter, sizeof(counter));
	const struct bytes params[] = { list, BYTES(counter) };

	writer_u16(&w, counter_upu);
	return kdf_low_half(bytes_of(k_ausf, KDF_KEY_LEN), FC_UPU_MAC_I_AUSF, params, ARRAY_LEN(params), mac);
}

/* A.18, A.20: of the acknowledgement 0x01. */
static bool kdf_mac_i_ue(
	const uint8_t k_ausf[KDF_KEY_LEN], uint8_t fc, uint16_t counter, uint8_t mac[KDF_MAC_LEN])
{
	static const uint8_t acknowledgement = 0x01;
	uint8_t octets[2];
	struct writer w = writer_of(octets, sizeof(octets));
	const struct bytes params[] = { bytes_of(&acknowledgement, 1), BYTES(octets) };

	writer_u16(&w, counter);
	return kdf_low_half(bytes_of(k_ausf, KDF_KEY_LEN), fc, params, ARRAY_LEN(params), mac);
}

bool kdf_upu_mac_i_ue(const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter_upu, uint8_t mac[KDF_MAC_LEN])
{
	return kdf_mac_i_ue(k_ausf, FC_UPU_MAC_I_UE, counter_upu, mac);
}

bool kdf_sor_mac_i_ausf(const uint8_t k_ausf[KDF_KEY_LEN], uint8_t header, struct bytes list,
	uint16_t counter_sor, uint8_t mac[KDF_MAC_LEN])
{
	uint8_t counter[2];
	struct writer w = writer_of(counter, sizeof(counter));
	const struct bytes params[] = { bytes_of(&header, 1), BYTES(counter), list };

	writer_u16(&w, counter_sor);
	return kdf_low_half(bytes_of(k_ausf, KDF_KEY_LEN), FC_SOR_MAC_I_AUSF, params,
		ARRAY_LEN(params) - (list.len == 0), mac);
}

bool kdf_sor_mac_i_ue(const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter_sor, uint8_t mac[KDF_MAC_LEN])
{
	return kdf_mac_i_ue(k_ausf, FC_SOR_MAC_I_UE, counter_sor, mac);
}

bool kdf_prf_prime(struct bytes key, struct bytes seed, uint8_t *out, size_t out_len)
{
	uint8_t t[SHA256_LEN], round = 0;
	bool ok = out_len <= PRF_PRIME_ROUNDS_MAX * SHA256_LEN;
	size_t done = 0, n;

	/* T1 = HMAC(K, S | 0x01), Tn = HMAC(K, Tn-1 | S | n) */
	while (ok && done < out_len) {
		const struct bytes parts[] = { bytes_of(t, round ? SHA256_LEN : 0), seed,
			bytes_of(&round, 1) };

		round++;
		ok = hmac_sha256(key, parts, ARRAY_LEN(parts), t);
		n = out_len - done < SHA256_LEN ? out_len - done : SHA256_LEN;
		memcpy(out + done, t, n);
		done += n;
	}
	explicit_bzero(t, sizeof(t));
	if (!ok)
		explicit_bzero(out, out_len);
	return ok;
}

bool kdf_eap_keys(const uint8_t ck_prime[16], const uint8_t ik_prime[16], struct bytes identity,
	struct kdf_eap_keys *out)
{
	uint8_t key[32], seed[KDF_INPUT_MAX], mk[sizeof(*out)];
	struct writer w = writer_of(seed, sizeof(seed));
	struct cursor c = cursor_of(BYTES(mk));
	bool ok;

	memcpy(key, ik_prime, 16);
	memcpy(key + 16, ck_prime, 16);
	writer_put(&w, bytes_of_str("EAP-AKA'"));
	writer_put(&w, identity);
	explicit_bzero(mk, sizeof(mk));
	ok = !w.failed && kdf_prf_prime(BYTES(key), writer_bytes(&w), mk, sizeof(mk));
	cursor_copy(&c, out->k_encr, sizeof(out->k_encr));
	cursor_copy(&c, out->k_aut, sizeof(out->k_aut));
	cursor_copy(&c, out->k_re, sizeof(out->k_re));
	cursor_copy(&c, out->msk, sizeof(out->msk));
	cursor_copy(&c, out->emsk, sizeof(out->emsk));
	explicit_bzero(key, sizeof(key));
	explicit_bzero(mk, sizeof(mk));
	return ok;
}

bool kdf_eap_mac(const uint8_t k_aut[KDF_KEY_LEN], struct bytes before, struct bytes after, uint8_t mac[16])
{
	static const uint8_t zeros[16];
	const struct bytes parts[] = { before, BYTES(zeros), after };
	uint8_t digest[SHA256_LEN];
	bool ok = hmac_sha256(bytes_of(k_aut, KDF_KEY_LEN), parts, ARRAY_LEN(parts), digest);

	bytes_copy(mac, 16, bytes_of(digest, 16));
	return ok;
}
