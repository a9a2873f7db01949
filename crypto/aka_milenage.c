/* Milenage as an authentication function of aka.h. */
#include "crypto/aka_function.h"
#include "crypto/milenage.h"

static void take(const struct milenage *m, struct aka_vector *out)
{
	out->res_len = 8;
	memcpy(out->res, m->res, 8);
	memcpy(out->ck, m->ck, 16);
	memcpy(out->ik, m->ik, 16);
	memcpy(out->ak, m->ak, 6);
}

static bool opc(struct aka_key *key, const uint8_t *op)
{
	return milenage_opc(key->k, op, key->opc);
}

static bool f1(const struct aka_key *key, bool star, const uint8_t rand[AKA_RAND_LEN], const uint8_t sqn[6],
	const uint8_t amf[AKA_AMF_LEN], uint8_t mac[AKA_MAC_LEN])
{
	struct milenage m;
	bool ok = milenage_f1(key->k, key->opc, rand, sqn, amf, &m);

	memcpy(mac, star ? m.mac_s : m.mac_a, AKA_MAC_LEN);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

static bool f2345(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	struct milenage m;
	bool ok = milenage_f2345(key->k, key->opc, rand, &m);

	take(&m, out);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

static bool f5_star(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], uint8_t ak_star[6])
{
	struct milenage m;
	bool ok = milenage_f2345(key->k, key->opc, rand, &m);

	memcpy(ak_star, m.ak_star, 6);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

static bool all(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], const uint8_t sqn[6],
	const uint8_t amf[AKA_AMF_LEN], struct aka_vector *out)
{
	struct milenage m;
	bool ok = milenage_all(key->k, key->opc, rand, sqn, amf, &m);

	take(&m, out);
	memcpy(out->mac, m.mac_a, AKA_MAC_LEN);
	explicit_bzero(&m, sizeof(m));
	return ok;
}

const struct aka_function aka_milenage = {
	.name = "milenage",
	.k_lens = { 16 },
	.res_lens = { 8 },
	.opc_len = 16,
	.opc = opc,
	.f1 = f1,
	.f2345 = f2345,
	.f5_star = f5_star,
	.all = all,
};
