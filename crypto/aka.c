#include "crypto/aka.h"

#include "base/cursor.h"
#include "crypto/aka_function.h"
#include "crypto/equal.h"

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

/* The row of a key whose lengths it allows; NULL on others. */
static const struct aka_function *aka_row(const struct aka_key *key)
{
	const struct aka_function *f = aka_function(key->alg);

	if (!f || !aka_lengths_valid(key->alg, key->k_len, f->opc_len))
		return NULL;
	for (size_t i = 0; i < AKA_RES_LENS; i++)
		if (f->res_lens[i] == aka_res_len(key))
			return f;
	return NULL;
}

/* All of a vector but AUTN. */
static bool aka_all(const struct aka_function *f, const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t sqn[6], const uint8_t amf[AKA_AMF_LEN], struct aka_vector *out)
{
	if (f->all)
		return f->all(key, rand, sqn, amf, out);
	return f->f2345(key, rand, out) && f->f1(key, false, rand, sqn, amf, out->mac);
}

bool aka_opc_derive(struct aka_key *key, struct bytes op)
{
	const struct aka_function *f = aka_row(key);

	return f && op.len == f->opc_len && f->opc(key, op.data);
}

bool aka_vector_generate(const struct aka_key *key, uint64_t sqn, const uint8_t amf[AKA_AMF_LEN],
	const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	const struct aka_function *f = aka_row(key);
	uint8_t sqn_octets[6];

	explicit_bzero(out, sizeof(*out));
	if (!f || sqn > aka_sqn_max)
		return false;
	sqn_put(sqn_octets, sqn);
	if (!aka_all(f, key, rand, sqn_octets, amf, out)) {
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
	const struct aka_function *f = aka_row(key);
	uint8_t sqn[6];
	bool ok;

	explicit_bzero(out, sizeof(*out));
	if (!f || !f->f2345(key, rand, out))
		return false;
	for (int i = 0; i < 6; i++)
		sqn[i] = autn[i] ^ out->ak[i];
	memcpy(out->amf, autn + 6, AKA_AMF_LEN);
	memcpy(out->autn, autn, AKA_AUTN_LEN);
	out->sqn = sqn_get(sqn);
	ok = f->f1(key, false, rand, sqn, out->amf, out->mac) &&
	     crypto_equal(BYTES(out->mac), bytes_of(autn + 8, AKA_MAC_LEN));
	if (!ok)
		explicit_bzero(out, sizeof(*out));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}

bool aka_auts_build(const struct aka_key *key, uint64_t sqn_ms, const uint8_t rand[AKA_RAND_LEN],
	uint8_t auts[AKA_AUTS_LEN])
{
	const struct aka_function *f = aka_row(key);
	uint8_t sqn[6] = { 0 }, ak[6] = { 0 };
	bool ok;

	if (!f || sqn_ms > aka_sqn_max)
		return false;
	sqn_put(sqn, sqn_ms);
	ok = f->f5_star(key, rand, ak) && f->f1(key, true, rand, sqn, aka_amf_resync, auts + 6);
	for (int i = 0; ok && i < 6; i++)
		auts[i] = sqn[i] ^ ak[i];
	explicit_bzero(ak, sizeof(ak));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}

bool aka_auts_verify(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN],
	const uint8_t auts[AKA_AUTS_LEN], uint64_t *sqn_ms)
{
	const struct aka_function *f = aka_row(key);
	uint8_t sqn[6], ak[6], mac[AKA_MAC_LEN];
	bool ok;

	*sqn_ms = 0;
	if (!f || !f->f5_star(key, rand, ak))
		return false;
	for (int i = 0; i < 6; i++)
		sqn[i] = auts[i] ^ ak[i];
	ok = f->f1(key, true, rand, sqn, aka_amf_resync, mac) &&
	     crypto_equal(BYTES(mac), bytes_of(auts + 6, AKA_MAC_LEN));
	if (ok)
		*sqn_ms = sqn_get(sqn);
	explicit_bzero(ak, sizeof(ak));
	explicit_bzero(mac, sizeof(mac));
	explicit_bzero(sqn, sizeof(sqn));
	return ok;
}
