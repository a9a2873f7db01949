#include "crypto/ed25519.h"

#include <openssl/evp.h>

bool ed25519_verify(const uint8_t key[ED25519_PUBLIC_LEN], struct bytes message,
	const uint8_t signature[ED25519_SIGNATURE_LEN])
{
	EVP_PKEY *owner = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, ED25519_PUBLIC_LEN);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = owner && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, owner) == 1 &&
		  EVP_DigestVerify(ctx, signature, ED25519_SIGNATURE_LEN, message.data, message.len) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(owner);
	return ok;
}
