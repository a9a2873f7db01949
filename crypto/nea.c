#include "crypto/nea.h"

#include "base/cursor.h"
#include "crypto/aes.h"
#include "crypto/snow3g.h"
#include "crypto/zuc.h"

enum { NEA_CHUNK_WORDS = 64 };

/* Adds keystream words, most significant octet first, to len octets. */
static void nea_xor(uint8_t *data, const uint32_t *words, size_t len)
{
	size_t i = 0;
	uint32_t w;

	for (; len - i >= 4; i += 4) {
		memcpy(&w, data + i, 4);
		w ^= __builtin_bswap32(words[i / 4]);
		memcpy(data + i, &w, 4);
	}
	for (; i < len; i++)
		data[i] ^= (uint8_t)(words[i / 4] >> (24 - 8 * (i % 4)));
}

/* 128-NEA1 is UEA2 (TS 33.501 D.2.1.2, TS 33.401 B.1.2, TS 35.215 clause 3.4). */
static bool nea1(const uint8_t key[16], uint32_t count, uint32_t bearer_dir, uint8_t *data, size_t len)
{
	const uint32_t iv[4] = { bearer_dir, count, bearer_dir, count };
	uint32_t words[NEA_CHUNK_WORDS], k[4];
	struct cursor c = cursor_of(bytes_of(key, 16));
	struct snow3g g;

	for (int i = 3; i >= 0; i--)
		k[i] = cursor_u32(&c);
	snow3g_init(&g, k, iv);
	for (size_t n; len > 0; data += n, len -= n) {
		n = len < sizeof(words) ? len : sizeof(words);
		snow3g_words(&g, words, (n + 3) / 4);
		nea_xor(data, words, n);
	}
	explicit_bzero(&g, sizeof(g));
	explicit_bzero(k, sizeof(k));
	explicit_bzero(words, sizeof(words));
	return true;
}

/* 128-NEA2 is AES-CTR from T1 = COUNT || BEARER || DIRECTION || 0 (TS 33.401 B.1.3). */
static bool nea2(const uint8_t key[16], uint32_t count, uint32_t bearer_dir, uint8_t *data, size_t len)
{
	uint8_t counter[AES_BLOCK] = { 0 };
	struct writer w = writer_of(counter, sizeof(counter));

	writer_u32(&w, count);
	writer_u32(&w, bearer_dir);
	return aes_ctr(key, counter, data, len);
}

/* 128-NEA3 is 128-EEA3 (TS 33.401 B.1.4, TS 35.221 clause 3.3). */
static bool nea3(const uint8_t key[16], uint32_t count, uint32_t bearer_dir, uint8_t *data, size_t len)
{
	uint8_t iv[16];
	struct writer w = writer_of(iv, sizeof(iv));
	uint32_t words[NEA_CHUNK_WORDS];
	struct zuc z;

	for (int i = 0; i < 2; i++) {
		writer_u32(&w, count);
		writer_u32(&w, bearer_dir);
	}
	zuc_init(&z, key, iv);
	for (size_t n; len > 0; data += n, len -= n) {
		n = len < sizeof(words) ? len : sizeof(words);
		zuc_words(&z, words, (n + 3) / 4);
		nea_xor(data, words, n);
	}
	explicit_bzero(&z, sizeof(z));
	explicit_bzero(words, sizeof(words));
	return true;
}

/* An algorithm ciphers len octets with bearer_dir as the top bits of a word; NEA0 has no function. */
typedef bool nea_function(
	const uint8_t key[16], uint32_t count, uint32_t bearer_dir, uint8_t *data, size_t len);

static nea_function *const nea_functions[NEA_ALG_COUNT] = { [NEA1] = nea1, [NEA2] = nea2, [NEA3] = nea3 };

bool nea_crypt(enum nea_alg alg, const uint8_t key[16], uint32_t count, uint8_t bearer, uint8_t direction,
	uint8_t *data, size_t len_bits)
{
	size_t len = len_bits / 8 + (len_bits % 8 != 0);
	uint8_t mask = len_bits % 8 ? (uint8_t)(0xff >> len_bits % 8) : 0, kept;
	uint32_t bearer_dir = (uint32_t)bearer << 27 | (uint32_t)direction << 26;
	bool ok;

	if (bearer > 31 || direction > 1 || alg >= NEA_ALG_COUNT)
		return false;
	if (alg == NEA0 || len == 0)
		return true;
	kept = data[len - 1] & mask;
	ok = nea_functions[alg](key, count, bearer_dir, data, len);
	data[len - 1] = (uint8_t)((data[len - 1] & ~mask) | kept);
	return ok;
}
