#include "crypto/hmac.h"

#include <openssl/evp.h>
#include <pthread.h>

enum { SHA256_BLOCK = 64 };

/* The fetched digest: written once, before any use, and never freed. */
static pthread_mutex_t hmac_lock = PTHREAD_MUTEX_INITIALIZER;
static EVP_MD *hmac_md;
static bool hmac_has_key;
static pthread_key_t hmac_thread_key;

/* Between calls the context is freshly initialised: it holds nothing of the last message. */
static _Thread_local EVP_MD_CTX *hmac_thread;

static void hmac_thread_free(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

/* By the first thread that comes; what memory is refused for is tried again by the next. */
static bool hmac_fetch(void)
{
	bool ok;

	pthread_mutex_lock(&hmac_lock);
	if (!hmac_has_key)
		hmac_has_key = pthread_key_create(&hmac_thread_key, hmac_thread_free) == 0;
	if (hmac_has_key && !hmac_md)
		hmac_md = EVP_MD_fetch(NULL, "SHA256", NULL);
	ok = hmac_md != NULL;
	pthread_mutex_unlock(&hmac_lock);
	return ok;
}

static EVP_MD_CTX *hmac_ctx_new(void)
{
	EVP_MD_CTX *ctx = hmac_fetch() ? EVP_MD_CTX_new() : NULL;

	if (ctx && EVP_DigestInit_ex2(ctx, hmac_md, NULL) && pthread_setspecific(hmac_thread_key, ctx) == 0) {
		hmac_thread = ctx;
		return ctx;
	}
	EVP_MD_CTX_free(ctx);
	return NULL;
}

static EVP_MD_CTX *hmac_ctx(void)
{
	return hmac_thread ? hmac_thread : hmac_ctx_new();
}

/*
 * Ends a digest and readies the context for the next, wiping its state. OpenSSL allocates a state anew each
 * time; without one it takes the context still and writes to address 0, so such a context is given up.
 */
static bool digest_end(EVP_MD_CTX *ctx, bool ok, uint8_t out[SHA256_LEN])
{
	ok = EVP_DigestFinal_ex(ctx, out, NULL) && ok;
	if (EVP_DigestInit_ex2(ctx, NULL, NULL))
		return ok;
	hmac_thread = NULL;
	pthread_setspecific(hmac_thread_key, NULL);
	EVP_MD_CTX_free(ctx);
	return false;
}

static bool digest_parts(EVP_MD_CTX *ctx, const struct bytes *parts, size_t count)
{
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = parts[i].len == 0 || EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
	return ok;
}

bool sha256_parts(const struct bytes *parts, size_t count, uint8_t out[SHA256_LEN])
{
	EVP_MD_CTX *ctx = hmac_ctx();

	return ctx && digest_end(ctx, digest_parts(ctx, parts, count), out);
}

bool hmac_sha256(struct bytes key, const struct bytes *parts, size_t count, uint8_t out[SHA256_LEN])
{
	EVP_MD_CTX *ctx = hmac_ctx();
	uint8_t pad[SHA256_BLOCK] = { 0 };
	bool ok = ctx != NULL;

	if (ok && key.len > SHA256_BLOCK)
		ok = sha256_parts(&key, 1, pad);
	else if (ok && key.len > 0)
		memcpy(pad, key.data, key.len);
	for (int i = 0; i < SHA256_BLOCK; i++)
		pad[i] ^= 0x36;
	ok = ok && EVP_DigestUpdate(ctx, pad, SHA256_BLOCK);
	ok = ok && digest_end(ctx, digest_parts(ctx, parts, count), out);
	for (int i = 0; i < SHA256_BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	ok = ok && EVP_DigestUpdate(ctx, pad, SHA256_BLOCK);
	ok = ok && digest_end(ctx, EVP_DigestUpdate(ctx, out, SHA256_LEN), out);
	explicit_bzero(pad, sizeof(pad));
	if (!ok)
		explicit_bzero(out, SHA256_LEN);
	return ok;
}
