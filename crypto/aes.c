#include "crypto/aes.h"

#include <limits.h>
#include <pthread.h>

enum { CMAC_CHUNK = 512 };

static const uint8_t aes_zeros[32];

/* The fetched ciphers: written once, before any use, and never freed. */
static pthread_mutex_t aes_lock = PTHREAD_MUTEX_INITIALIZER;
static EVP_CIPHER *aes_ciphers[AES_MODE_COUNT];
static bool aes_has_key;
static pthread_key_t aes_thread_key;

struct aes_thread {
	EVP_CIPHER_CTX *ctx[AES_MODE_COUNT];
};

static _Thread_local struct aes_thread *aes_thread;

static void aes_thread_free(void *arg)
{
	struct aes_thread *t = arg;

	for (int i = 0; i < AES_MODE_COUNT; i++)
		EVP_CIPHER_CTX_free(t->ctx[i]); /* cleanses the schedule */
	OPENSSL_free(t);
}

/* By the first thread that comes; what memory is refused for is tried again by the next. */
static bool aes_fetch(void)
{
	bool ok;
	static const char *const names[] = { "AES-128-ECB", "AES-128-CBC", "AES-128-CTR", "AES-256-GCM" };
	_Static_assert(ARRAY_LEN(names) == AES_MODE_COUNT, "a name for each");

	pthread_mutex_lock(&aes_lock);
	if (!aes_has_key)
		aes_has_key = pthread_key_create(&aes_thread_key, aes_thread_free) == 0;
	ok = aes_has_key;
	for (int i = 0; ok && i < AES_MODE_COUNT; i++) {
		if (!aes_ciphers[i])
			aes_ciphers[i] = EVP_CIPHER_fetch(NULL, names[i], NULL);
		ok = aes_ciphers[i] != NULL;
	}
	pthread_mutex_unlock(&aes_lock);
	return ok;
}

static bool aes_thread_fill(struct aes_thread *t)
{
	for (int i = 0; i < AES_MODE_COUNT; i++) {
		t->ctx[i] = EVP_CIPHER_CTX_new();
		if (!t->ctx[i] || !EVP_EncryptInit_ex2(t->ctx[i], aes_ciphers[i], aes_zeros, aes_zeros, NULL))
			return false;
		EVP_CIPHER_CTX_set_padding(t->ctx[i], 0);
	}
	return pthread_setspecific(aes_thread_key, t) == 0;
}

static struct aes_thread *aes_thread_new(void)
{
	struct aes_thread *t;

	if (!aes_fetch())
		return NULL;
	t = OPENSSL_zalloc(sizeof(*t));
	if (t && !aes_thread_fill(t)) {
		aes_thread_free(t);
		t = NULL;
	}
	aes_thread = t;
	return t;
}

EVP_CIPHER_CTX *aes_ctx(enum aes_mode mode)
{
	struct aes_thread *t = aes_thread ? aes_thread : aes_thread_new();

	return t ? t->ctx[mode] : NULL;
}

bool aes_key(const uint8_t key[16])
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_ECB);

	return ctx && EVP_EncryptInit_ex2(ctx, NULL, key, NULL, NULL);
}

bool aes_blocks(const uint8_t *in, uint8_t *out, size_t len)
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_ECB);
	int n;

	return ctx && len <= INT_MAX && EVP_EncryptUpdate(ctx, out, &n, in, (int)len) && n == (int)len;
}

void aes_forget(enum aes_mode mode)
{
	EVP_CIPHER_CTX *ctx = aes_ctx(mode);

	if (ctx)
		EVP_EncryptInit_ex2(ctx, NULL, aes_zeros, aes_zeros, NULL);
}

bool aes_ctr(const uint8_t key[16], const uint8_t counter[AES_BLOCK], uint8_t *data, size_t len)
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_CTR);
	int n;

	if (!ctx || len > INT_MAX || !EVP_EncryptInit_ex2(ctx, NULL, key, counter, NULL))
		return false;
	return len == 0 || (EVP_EncryptUpdate(ctx, data, &n, data, (int)len) && n == (int)len);
}

/* Doubling in GF(2^128), SP 800-38B clause 6.1. */
static void cmac_double(uint8_t b[AES_BLOCK])
{
	uint8_t carry = b[0] >> 7;

	for (int i = 0; i < AES_BLOCK - 1; i++)
		b[i] = (uint8_t)(b[i] << 1 | b[i + 1] >> 7);
	b[AES_BLOCK - 1] = (uint8_t)(b[AES_BLOCK - 1] << 1 ^ (carry * 0x87));
}

/* Pads the last chunk of len_bits bits in buf (SP 800-38B clause 6.2 step 4); returns its octets. */
static size_t cmac_pad(uint8_t *buf, size_t len_bits, uint8_t subkey[AES_BLOCK])
{
	size_t full = len_bits / 8, end;

	cmac_double(subkey);
	if (len_bits % 128 != 0) {
		uint8_t one = (uint8_t)(0x80 >> len_bits % 8);
		uint8_t kept = len_bits % 8 ? (uint8_t)(buf[full] & -(one << 1)) : 0;

		end = (full / AES_BLOCK + 1) * AES_BLOCK;
		memset(buf + full, 0, end - full);
		buf[full] = kept | one;
		cmac_double(subkey);
	} else {
		end = full;
	}
	for (int i = 0; i < AES_BLOCK; i++)
		buf[end - AES_BLOCK + i] ^= subkey[i];
	return end;
}

static void block_xor(uint8_t a[AES_BLOCK], const uint8_t b[AES_BLOCK])
{
	for (int i = 0; i < AES_BLOCK; i++)
		a[i] ^= b[i];
}

bool aes_cmac(const uint8_t key[16], const uint8_t prefix[8], const uint8_t *msg, size_t len_bits,
	uint8_t mac[AES_BLOCK])
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_CBC);
	uint8_t buf[CMAC_CHUNK], subkey[AES_BLOCK], unchain[AES_BLOCK];
	size_t fill = 8, take, left = (len_bits + 7) / 8;
	bool ok;
	int n;

	/* CBC of a block of zeros yields L = E(0), of which the subkeys come, and makes L the next chaining
	 * value; adding L to the first block takes it out again. This spares a second loading of the key. */
	if (!ctx || !EVP_EncryptInit_ex2(ctx, NULL, key, aes_zeros, NULL) ||
		!EVP_EncryptUpdate(ctx, subkey, &n, aes_zeros, AES_BLOCK))
		return false;
	memcpy(unchain, subkey, AES_BLOCK);
	memcpy(buf, prefix, 8);
	for (ok = true; ok && left > CMAC_CHUNK - fill; fill = 0) {
		take = CMAC_CHUNK - fill;
		memcpy(buf + fill, msg, take);
		block_xor(buf, unchain);
		explicit_bzero(unchain, sizeof(unchain));
		ok = EVP_EncryptUpdate(ctx, buf, &n, buf, CMAC_CHUNK);
		msg += take;
		left -= take;
		len_bits -= take * 8;
	}
	if (left > 0 && left <= CMAC_CHUNK - fill)
		memcpy(buf + fill, msg, left);
	take = ok ? cmac_pad(buf, len_bits + fill * 8, subkey) : AES_BLOCK;
	block_xor(buf, unchain);
	ok = ok && EVP_EncryptUpdate(ctx, buf, &n, buf, (int)take);
	memcpy(mac, buf + take - AES_BLOCK, AES_BLOCK);
	explicit_bzero(buf, sizeof(buf));
	explicit_bzero(subkey, sizeof(subkey));
	explicit_bzero(unchain, sizeof(unchain));
	return ok;
}
