#include "crypto/sealed_stream.h"

#include <openssl/evp.h>

enum { SCRYPT_R = 8, SCRYPT_P = 1, HEAD_ZEROS = 6 };

void sealed_stream_head(
	uint8_t head[SEALED_STREAM_HEAD_LEN], uint8_t cost, const uint8_t salt[SEALED_STREAM_SALT_LEN])
{
	struct writer w = writer_of(head, SEALED_STREAM_HEAD_LEN);

	writer_u8(&w, SEALED_STREAM_FORMAT);
	writer_u8(&w, cost);
	writer_uint(&w, 0, HEAD_ZEROS);
	writer_put(&w, bytes_of(salt, SEALED_STREAM_SALT_LEN));
}

bool sealed_stream_begin(
	struct sealed_stream *s, const uint8_t head[SEALED_STREAM_HEAD_LEN], struct bytes passphrase)
{
	struct cursor c = cursor_of(bytes_of(head, SEALED_STREAM_HEAD_LEN));
	uint8_t format = cursor_u8(&c), cost = cursor_u8(&c);
	struct bytes salt;

	if (format != SEALED_STREAM_FORMAT || cost < 1 || cost > SEALED_STREAM_COST_MAX ||
		cursor_uint(&c, HEAD_ZEROS) != 0)
		return false;
	*s = (struct sealed_stream){ 0 };
	bytes_copy(s->head, sizeof(s->head), bytes_of(head, SEALED_STREAM_HEAD_LEN));
	salt = cursor_rest(&c);
	/* What it takes is 128 N r octets and a little: the limit is beside the matter, twice that. */
	return EVP_PBE_scrypt((const char *)passphrase.data, passphrase.len, salt.data, salt.len,
		       1ull << cost, SCRYPT_R, SCRYPT_P, (256ull * SCRYPT_R << cost) + (1 << 20), s->key,
		       sizeof(s->key)) == 1;
}

static void sealed_stream_nonce(const struct sealed_stream *s, bool last, uint8_t nonce[SEAL_NONCE_LEN])
{
	struct writer w = writer_of(nonce, SEAL_NONCE_LEN);

	writer_u32(&w, last);
	writer_u64(&w, s->pieces);
}

/* The piece of len octets may follow. */
static bool sealed_stream_fits(const struct sealed_stream *s, size_t len, bool last)
{
	return !s->ended && (last ? len <= SEALED_STREAM_PIECE : len == SEALED_STREAM_PIECE);
}

bool sealed_stream_seal(struct sealed_stream *s, struct bytes plain, bool last, struct writer *out)
{
	uint8_t nonce[SEAL_NONCE_LEN];

	sealed_stream_nonce(s, last, nonce);
	if (!sealed_stream_fits(s, plain.len, last) ||
		!seal_encrypt(s->key, nonce, BYTES(s->head), plain, out))
		return false;
	s->pieces++;
	s->ended = last;
	return true;
}

bool sealed_stream_open(struct sealed_stream *s, struct bytes sealed, bool last, struct writer *out)
{
	uint8_t nonce[SEAL_NONCE_LEN];

	sealed_stream_nonce(s, last, nonce);
	if (sealed.len < SEAL_TAG_LEN || !sealed_stream_fits(s, sealed.len - SEAL_TAG_LEN, last) ||
		!seal_decrypt(s->key, nonce, BYTES(s->head), sealed, out))
		return false;
	s->pieces++;
	s->ended = last;
	return true;
}
