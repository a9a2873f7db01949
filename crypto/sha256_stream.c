#include "crypto/sha256_stream.h"

#include <openssl/evp.h>

struct sha256_stream *sha256_stream_new(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		return NULL;
	}
	return (struct sha256_stream *)ctx;
}

bool sha256_stream_put(struct sha256_stream *s, struct bytes piece)
{
	return EVP_DigestUpdate((EVP_MD_CTX *)s, piece.data, piece.len) == 1;
}

bool sha256_stream_end(struct sha256_stream *s, uint8_t out[SHA256_STREAM_LEN])
{
	bool ok = s && EVP_DigestFinal_ex((EVP_MD_CTX *)s, out, NULL) == 1;

	EVP_MD_CTX_free((EVP_MD_CTX *)s);
	return ok;
}
