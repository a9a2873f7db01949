#include "crypto/seal.h"

#include "crypto/aes.h"

bool seal_encrypt(const uint8_t key[SEAL_KEY_LEN], const uint8_t nonce[SEAL_NONCE_LEN], struct bytes aad,
	struct bytes plain, struct writer *out)
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_GCM);
	size_t start = out->len;
	uint8_t *at;
	bool ok;
	int n;

	if (!ctx || plain.len > SEAL_PLAIN_MAX || aad.len > SEAL_PLAIN_MAX)
		return false;
	at = writer_reserve(out, plain.len + SEAL_TAG_LEN);
	if (!at)
		return false;
	ok = EVP_EncryptInit_ex2(ctx, NULL, key, nonce, NULL);
	ok = ok && (aad.len == 0 || EVP_EncryptUpdate(ctx, NULL, &n, aad.data, (int)aad.len));
	ok = ok && (plain.len == 0 || EVP_EncryptUpdate(ctx, at, &n, plain.data, (int)plain.len));
	ok = ok && EVP_EncryptFinal_ex(ctx, at + plain.len, &n);
	ok = ok && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_LEN, at + plain.len) == 1;
	aes_forget(AES_MODE_GCM);
	if (!ok) {
		explicit_bzero(at, plain.len + SEAL_TAG_LEN);
		out->len = start;
	}
	return ok;
}

bool seal_decrypt(const uint8_t key[SEAL_KEY_LEN], const uint8_t nonce[SEAL_NONCE_LEN], struct bytes aad,
	struct bytes sealed, struct writer *plain)
{
	EVP_CIPHER_CTX *ctx = aes_ctx(AES_MODE_GCM);
	size_t start = plain->len, len;
	uint8_t tag[SEAL_TAG_LEN], *at;
	bool ok;
	int n;

	if (!ctx || sealed.len < SEAL_TAG_LEN || aad.len > SEAL_PLAIN_MAX)
		return false;
	len = sealed.len - SEAL_TAG_LEN;
	if (len > SEAL_PLAIN_MAX)
		return false;
	at = writer_reserve(plain, len);
	if (!at)
		return false;
	memcpy(tag, sealed.data + len, SEAL_TAG_LEN);
	ok = EVP_DecryptInit_ex2(ctx, NULL, key, nonce, NULL);
	ok = ok && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_LEN, tag) == 1;
	ok = ok && (aad.len == 0 || EVP_DecryptUpdate(ctx, NULL, &n, aad.data, (int)aad.len));
	ok = ok && (len == 0 || EVP_DecryptUpdate(ctx, at, &n, sealed.data, (int)len));
	ok = ok && EVP_DecryptFinal_ex(ctx, at + len, &n) == 1; /* compares the tag, in constant time */
	aes_forget(AES_MODE_GCM);
	if (!ok) {
		explicit_bzero(at, len);
		plain->len = start;
	}
	return ok;
}
