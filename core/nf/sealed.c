#include "core/nf/sealed.h"

enum { CONTEXT_SIZE = 17 }; /* the role and an IMSI */

static struct bytes seal_context(enum nf_seal_role role, const char *imsi, uint8_t buf[CONTEXT_SIZE])
{
	struct writer w = writer_of(buf, CONTEXT_SIZE);

	writer_u8(&w, (uint8_t)role);
	writer_put(&w, bytes_of_str(imsi));
	return writer_bytes(&w);
}

bool nf_seal(struct env *env, const uint8_t key[SEAL_KEY_LEN], enum nf_seal_role role, const char *imsi,
	struct bytes plain, struct writer *out)
{
	uint8_t nonce[SEAL_NONCE_LEN], context[CONTEXT_SIZE];

	env_random(env, nonce, sizeof(nonce));
	writer_put(out, BYTES(nonce));
	return seal_encrypt(key, nonce, seal_context(role, imsi, context), plain, out);
}

bool nf_unseal(const uint8_t key[SEAL_KEY_LEN], enum nf_seal_role role, const char *imsi, struct bytes sealed,
	struct writer *plain)
{
	struct cursor c = cursor_of(sealed);
	struct bytes nonce = cursor_bytes(&c, SEAL_NONCE_LEN), body = cursor_rest(&c);
	uint8_t context[CONTEXT_SIZE];

	return !c.failed && seal_decrypt(key, nonce.data, seal_context(role, imsi, context), body, plain);
}
