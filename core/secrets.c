/* Whether the sealing key is the one that the store's secrets were sealed with. */
#include "core/internal.h"
#include "core/nf/sealed.h"

static const char proof_key[] = "seal_proof", proof_text[] = "freehold";

struct first_subscriber {
	const uint8_t *seal_key;
	struct subscriber *s;
	enum core_seal seal;
};

/* Of a store that has no proof yet: the first subscriber's key. */
static bool first_subscriber(void *arg, struct bytes key, struct bytes value)
{
	struct first_subscriber *first = arg;
	struct subscriber *s = first->s;
	uint8_t k[SEALED_KEY_SIZE];
	struct writer w = writer_of(k, sizeof(k));

	first->seal = CORE_SEAL_DIFFERS;
	if (subscriber_decode(value, s) && s->enc_permanent_key_len <= SEALED_KEY_SIZE &&
		nf_unseal(first->seal_key, NF_SEAL_K, s->imsi,
			bytes_of(s->enc_permanent_key, s->enc_permanent_key_len), &w))
		first->seal = CORE_SEAL_FITS;
	explicit_bzero(k, sizeof(k));
	return false;
}

enum core_seal core_seal_check(struct env *env, const uint8_t seal_key[SEAL_KEY_LEN])
{
	struct subscriber s = { 0 };
	struct first_subscriber first = { seal_key, &s, CORE_SEAL_NONE };
	uint8_t plain[sizeof(proof_text)];
	struct writer w = writer_of(plain, sizeof(plain));
	struct bytes sealed;

	if (!store_get(env->store, STORE_META, bytes_of_str(proof_key), &sealed)) {
		return store_scan(env->store, STORE_SUBSCRIBER, first_subscriber, &first) ? first.seal
											  : CORE_SEAL_DIFFERS;
	}
	if (nf_unseal(seal_key, NF_SEAL_PROOF, "", sealed, &w) &&
		bytes_equal(writer_bytes(&w), bytes_of_str(proof_text)))
		return CORE_SEAL_FITS;
	return CORE_SEAL_DIFFERS;
}

bool core_seal_prove(struct env *env, const uint8_t seal_key[SEAL_KEY_LEN])
{
	uint8_t sealed[sizeof(proof_text) + NF_SEAL_OVERHEAD];
	struct writer w = writer_of(sealed, sizeof(sealed));
	struct bytes have;

	if (store_get(env->store, STORE_META, bytes_of_str(proof_key), &have))
		return true;
	return nf_seal(env, seal_key, NF_SEAL_PROOF, "", bytes_of_str(proof_text), &w) &&
	       store_put(env->store, STORE_META, bytes_of_str(proof_key), writer_bytes(&w));
}
