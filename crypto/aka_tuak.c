/* TUAK as an authentication function of aka.h. */
#include "crypto/aka_function.h"
#include "crypto/tuak.h"

static struct tuak_sizes sizes_of(const struct aka_key *key)
{
	return (struct tuak_sizes){ .k = key->k_len,
		.mac = AKA_MAC_LEN,
		.res = aka_res_len(key),
		.ck = 16,
		.ik = 16,
		.iterations = key->keccak_iterations ? key->keccak_iterations : 1 };
}

static bool topc(struct aka_key *key, const uint8_t *top)
{
	struct tuak_sizes sizes = sizes_of(key);

	return tuak_topc(&sizes, key->k, top, key->opc);
}

static bool f1(const struct aka_key *key, bool star, const uint8_t rand[AKA_RAND_LEN], const uint8_t sqn[6],
	const uint8_t amf[AKA_AMF_LEN], uint8_t mac[AKA_MAC_LEN])
{
	struct tuak_sizes sizes = sizes_of(key);

	return tuak_f1(&sizes, star, key->k, key->opc, rand, sqn, amf, mac);
}

static bool f2345(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], struct aka_vector *out)
{
	struct tuak_sizes sizes = sizes_of(key);
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

static bool f5_star(const struct aka_key *key, const uint8_t rand[AKA_RAND_LEN], uint8_t ak_star[6])
{
	struct tuak_sizes sizes = sizes_of(key);

	return tuak_f5_star(&sizes, key->k, key->opc, rand, ak_star);
}

const struct aka_function aka_tuak = {
	.name = "tuak",
	.k_lens = { 16, 32 },
	.res_lens = { 8, 4, 16 },
	.opc_len = 32,
	.topc = true,
	.opc = topc,
	.f1 = f1,
	.f2345 = f2345,
	.f5_star = f5_star,
};
