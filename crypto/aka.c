#include "crypto/aka.h"

#include "base/cursor.h"
#include "crypto/equal.h"
#include "crypto/milenage.h"
#include "crypto/tuak.h"

static const uint64_t aka_sqn_max = 0xffffffffffff;          /* 48 bits, TS 33.102 clause 6.3.2 */
static const uint8_t aka_amf_resync[AKA_AMF_LEN] = { 0, 0 }; /* TS 33.102 clause 6.3.3 */

static void sqn_put(uint8_t out[6], uint64_t sqn)
{
	struct writer w = writer_of(out, 6);

	writer_uint(&w, sqn & aka_sqn_max, 6);
}

static uint64_t sqn_get(const uint8_t in[6])
{
	struct cursor c = cursor_of(bytes_of(in, 6));

	return cursor_uint(&c, 6);
}

static uint8_t aka_res_len(const struct aka_key *key)
{
	return key->res_len ? key->res_len : 8;
}

static struct tuak_sizes aka_tuak_sizes(const struct aka_key *key)
{
	return (struct tuak_sizes){ .k = key->k_len,
		.mac = AKA_MAC_LEN,
		.res = aka_res_len(key),
		.ck = 16,
		.ik = 16,
		.iterations = key->keccak_iterations ? key->keccak_iterations : 1 };
}

static bool aka_key_valid(const struct aka_key *key)
{
	if (key->alg == AKA_MILENAGE)
		return key->k_len == 16 && aka_res_len(key) == 8;
	return key->alg == AKA_TUAK && (key->k_len == 16 || key->k_len == 32) &&
	       aka_res_len(key) <= AKA_RES_MAX;
}

/* f1, or f1* with star: MAC-A or MAC-S. */
static bool aka_f1(const struct aka_key *key, bool star, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t sqn[6], const uint8_t amf[AKA_AMF_LEN], uint8_t mac[AKA_MAC_LEN])
{
	struct tuak_sizes sizes = aka_tuak_sizes(key);
	struct milenage m;
	bool ok;

	if (key->alg == AKA_TUAK)
		return tuak_f1(&sizes, star, key->k, key->opc, rand, sqn, amf, mac);
	ok = milenage_f1(key->k, key->opc, rand, sqn, amf, &m);
	memcpy(mac, star ? m.mac_s : m.mac_a, AKA_MAC_LEN);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

static bool aka_f5_star(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], uint8_t ak_star[6])
{
	struct tuak_sizes sizes = aka_tuak_sizes(key);
	struct milenage m;
	bool ok;

	if (key->alg == AKA_TUAK)
		return tuak_f5_star(&sizes, key->k, key->opc, rand, ak_star);
	ok = milenage_f2345(key->k, key->opc, rand, &m);
	memcpy(ak_star, m.ak_star, 6);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

static void aka_take_milenage(const struct milenage *m, struct aka_vector *out)
{
	out->res_len = 8;
	memcpy(out->res, m->res, 8);
	memcpy(out->ck, m->ck, 16);
	memcpy(out->ik, m->ik, 16);
	memcpy(out->ak, m->ak, 6);
}

static bool aka_tuak_f2345(
	const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	struct tuak_sizes sizes = aka_tuak_sizes(key);
	struct tuak t;

	if (!tuak_f2345(&sizes, key->k, key->opc, rand, &t))
		return false;
	out->res_len = sizes.res;
	memcpy(out->res, t.res, sizes.res);
	memcpy(out->ck, t.ck, 16);
	memcpy(out->ik, t.ik, 16);
	memcpy(out->ak, t.ak, 6);
	explicit_bzero(&t, sizeof(t));
	return true;
}

/* RES, CK, IK and AK of rand. */
static bool aka_f2345(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	struct milenage m;
	bool ok;

	if (key->alg == AKA_TUAK)
		return aka_tuak_f2345(key, rand, out);
	ok = milenage_f2345(key->k, key->opc, rand, &m);
	aka_take_milenage(&m, out);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

/* All of a vector but AUTN; Milenage yields both halves of one pass. */
static bool aka_functions(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], const uint8_t sqn[6],
	const uint8_t amf[AKA_AMF_LEN], struct aka_vector *out)
{
	struct milenage m;
	bool ok;

	if (key->alg == AKA_TUAK)
		return aka_tuak_f2345(key, rand, out) && aka_f1(key, false, rand, sqn, amf, out->mac);
	ok = milenage_all(key->k, key->opc, rand, sqn, amf, &m);
	aka_take_milenage(&m, out);
	memcpy(out->mac, m.mac_a, AKA_MAC_LEN);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

bool aka_opc_derive(struct aka_key *key, struct bytes op)
{
	struct tuak_sizes sizes = aka_tuak_sizes(key);

	if (!aka_key_valid(key) || op.len != (key->alg == AKA_TUAK ? 32 : 16))
		return false;
	if (key->alg == AKA_TUAK)
		return tuak_topc(&sizes, key->k, op.data, key->opc);
	return milenage_opc(key->k, op.data, key->opc);
}

bool aka_vector_generate(const struct aka_key *key, uint64_t sqn, const uint8_t amf[AKA_AMF_LEN],
	const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	uint8_t sqn_octets[6];

	explicit_bzero(out, sizeof(*out));
	if (!aka_key_valid(key) || sqn > aka_sqn_max)
		return false;
	sqn_put(sqn_octets, sqn);
	if (!aka_functions(key, rand, sqn_octets, amf, out)) {
		explicit_bzero(out, sizeof(*out));
		return false;
	}
	out->sqn = sqn;
	memcpy(out->amf, amf, AKA_AMF_LEN);
	for (int i = 0; i < 6; i++)
		out->autn[i] = sqn_octets[i] ^ out->ak[i];
	memcpy(out->autn + 6, amf, AKA_AMF_LEN);
	memcpy(out->autn + 8, out->mac, AKA_MAC_LEN);
	return true;
}

bool aka_challenge_verify(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t autn[AKA_AUTN_LEN], struct aka_vector *out)
{
	uint8_t sqn[6];
	bool ok;

	explicit_bzero(out, sizeof(*out));
	if (!aka_key_valid(key) || !aka_f2345(key, rand, out))
		return false;
	for (int i = 0; i < 6; i++)
		sqn[i] = autn[i] ^ out->ak[i];
	memcpy(out->amf, autn + 6, AKA_AMF_LEN);
	memcpy(out->autn, autn, AKA_AUTN_LEN);
	out->sqn = sqn_get(sqn);
	ok = aka_f1(key, false, rand, sqn, out->amf, out->mac) &&
	     crypto_equal(BYTES(out->mac), bytes_of(autn + 8, AKA_MAC_LEN));
	if (!ok)
		explicit_bzero(out, sizeof(*out));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}

bool aka_auts_build(const struct aka_key *key, uint64_t sqn_ms, const uint8_t rand[AKA_RAND_LEN],
	uint8_t auts[AKA_AUTS_LEN])
{
	uint8_t sqn[6] = { 0 }, ak[6] = { 0 };
	bool ok;

	if (!aka_key_valid(key) || sqn_ms > aka_sqn_max)
		return false;
	sqn_put(sqn, sqn_ms);
	ok = aka_f5_star(key, rand, ak) && aka_f1(key, true, rand, sqn, aka_amf_resync, auts + 6);
	for (int i = 0; ok && i < 6; i++)
		auts[i] = sqn[i] ^ ak[i];
	explicit_bzero(ak, sizeof(ak));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}

bool aka_auts_verify(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t auts[AKA_AUTS_LEN], uint64_t *sqn_ms)
{
	uint8_t sqn[6], ak[6], mac[AKA_MAC_LEN];
	bool ok;

	*sqn_ms = 0;
	if (!aka_key_valid(key) || !aka_f5_star(key, rand, ak))
		return false;
	for (int i = 0; i < 6; i++)
		sqn[i] = auts[i] ^ ak[i];
	ok = aka_f1(key, true, rand, sqn, aka_amf_resync, mac) &&
	     crypto_equal(BYTES(mac), bytes_of(auts + 6, AKA_MAC_LEN));
	if (ok)
		*sqn_ms = sqn_get(sqn);
	explicit_bzero(ak, sizeof(ak));
	explicit_bzero(mac, sizeof(mac));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}
