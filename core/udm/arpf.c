/* ARPF, 33.501 6.1.1.3: the permanent keys, sealed everywhere else. */
#include "core/nf/sealed.h"
#include "core/udm/internal.h"
#include "crypto/aka_function.h"

_Static_assert((int)SEALED_KEY_SIZE == (int)NF_SEAL_OVERHEAD + (int)AKA_K_MAX, "a sealed key has room");
_Static_assert((int)AKA_OPC_MAX >= (int)AKA_K_MAX, "what unseal() writes fits OPc too");

static bool seal(struct udm *udm, const char *imsi, enum nf_seal_role role, struct bytes key,
	uint8_t out[SEALED_KEY_SIZE], uint8_t *out_len)
{
	struct writer w = writer_of(out, SEALED_KEY_SIZE);

	if (key.len > AKA_K_MAX || !nf_seal(udm->nf.env, udm->config.seal_key, role, imsi, key, &w))
		return false;
	*out_len = (uint8_t)w.len;
	return true;
}

static bool unseal(const struct udm *udm, const char *imsi, enum nf_seal_role role, struct bytes sealed,
	uint8_t *out, uint8_t *len)
{
	struct writer w = writer_of(out, AKA_K_MAX);

	if (!nf_unseal(udm->config.seal_key, role, imsi, sealed, &w))
		return false;
	*len = (uint8_t)w.len;
	return true;
}

bool udm_seal_keys(struct udm *udm, struct subscriber *s, struct bytes k, struct bytes opc)
{
	return aka_lengths_valid(s->algorithm, k.len, opc.len) &&
	       seal(udm, s->imsi, NF_SEAL_K, k, s->enc_permanent_key, &s->enc_permanent_key_len) &&
	       seal(udm, s->imsi, NF_SEAL_OPC, opc, s->enc_opc_key, &s->enc_opc_key_len);
}

bool udm_open_keys(const struct udm *udm, const struct subscriber *s, uint8_t k[AKA_K_MAX], uint8_t *k_len,
	uint8_t opc[AKA_OPC_MAX], uint8_t *opc_len)
{
	return unseal(udm, s->imsi, NF_SEAL_K, bytes_of(s->enc_permanent_key, s->enc_permanent_key_len), k,
		       k_len) &&
	       unseal(udm, s->imsi, NF_SEAL_OPC, bytes_of(s->enc_opc_key, s->enc_opc_key_len), opc, opc_len);
}

bool arpf_open(const struct udm *udm, const struct supi *supi, const struct authentication_subscription *s,
	struct aka_key *key)
{
	struct bytes opc;
	uint8_t opc_len;

	*key = (struct aka_key){ 0 };
	if (!s->algorithm_id || !aka_alg_named(s->algorithm_id, &key->alg))
		return false;
	opc = aka_function(key->alg)->topc ? s->enc_topc_key : s->enc_opc_key;
	return unseal(udm, supi->imsi, NF_SEAL_K, s->enc_permanent_key, key->k, &key->k_len) &&
	       unseal(udm, supi->imsi, NF_SEAL_OPC, opc, key->opc, &opc_len) &&
	       aka_lengths_valid(key->alg, key->k_len, opc_len);
}
