/* ARPF, 33.501 6.1.1.3: the permanent keys, sealed everywhere else. */
#include "core/udm/internal.h"
#include "crypto/aka.h"

/* What a sealed key belongs to: it cannot be moved to another subscriber or role. */
static struct bytes seal_context(const char *imsi, char role, uint8_t buf[17])
{
	struct writer w = writer_of(buf, 17);

	writer_u8(&w, (uint8_t)role);
	writer_put(&w, bytes_of_str(imsi));
	return writer_bytes(&w);
}

static bool seal(struct udm *udm, const char *imsi, char role, struct bytes key, uint8_t out[SEALED_KEY_SIZE],
	uint8_t *out_len)
{
	struct writer w = writer_of(out, SEALED_KEY_SIZE);
	uint8_t nonce[SEAL_NONCE_LEN], context[17];

	env_random(udm->nf.env, nonce, sizeof(nonce));
	writer_put(&w, BYTES(nonce));
	if (key.len > AKA_K_MAX ||
		!seal_encrypt(udm->config.seal_key, nonce, seal_context(imsi, role, context), key, &w))
		return false;
	*out_len = (uint8_t)w.len;
	return true;
}

static bool unseal(
	const struct udm *udm, const char *imsi, char role, struct bytes sealed, uint8_t *out, uint8_t *len)
{
	struct cursor c = cursor_of(sealed);
	struct bytes nonce = cursor_bytes(&c, SEAL_NONCE_LEN), body = cursor_rest(&c);
	struct writer w = writer_of(out, AKA_K_MAX);
	uint8_t context[17];

	if (c.failed ||
		!seal_decrypt(udm->config.seal_key, nonce.data, seal_context(imsi, role, context), body, &w))
		return false;
	*len = (uint8_t)w.len;
	return true;
}

bool udm_seal_keys(struct udm *udm, struct subscriber *s, struct bytes k, struct bytes opc)
{
	bool tuak = s->algorithm == AUTH_TUAK;

	if (opc.len != (tuak ? 32 : 16) || (k.len != 16 && !(tuak && k.len == 32)))
		return false;
	return seal(udm, s->imsi, 'k', k, s->enc_permanent_key, &s->enc_permanent_key_len) &&
	       seal(udm, s->imsi, 'o', opc, s->enc_opc_key, &s->enc_opc_key_len);
}

bool arpf_open(const struct udm *udm, const struct supi *supi, const struct authentication_subscription *s,
	struct aka_key *key)
{
	bool tuak = s->algorithm_id && !strcmp(s->algorithm_id, "tuak");
	uint8_t opc_len;

	*key = (struct aka_key){ .alg = tuak ? AKA_TUAK : AKA_MILENAGE };
	return unseal(udm, supi->imsi, 'k', s->enc_permanent_key, key->k, &key->k_len) &&
	       unseal(udm, supi->imsi, 'o', tuak ? s->enc_topc_key : s->enc_opc_key, key->opc, &opc_len);
}
