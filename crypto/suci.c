#include "crypto/suci.h"

#include "crypto/aes.h"
#include "crypto/ecies.h"
#include "crypto/equal.h"
#include "crypto/hmac.h"

/* What ANSI-X9.63-KDF yields: enckeylen 16, icblen 16, mackeylen 32 octets (TS 33.501 C.3.4). */
struct suci_keys {
	uint8_t enc[16];
	uint8_t icb[16];
	uint8_t mac[32];
};

struct suci_key {
	enum suci_scheme scheme;
	struct ecies_key *ecies;
};

static bool suci_curve(enum suci_scheme scheme, enum ecies_curve *curve)
{
	*curve = scheme == SUCI_PROFILE_B ? ECIES_P256 : ECIES_X25519;
	return scheme == SUCI_PROFILE_A || scheme == SUCI_PROFILE_B;
}

struct suci_key *suci_key_new(enum suci_scheme scheme, const uint8_t private_key[SUCI_PRIVATE_LEN])
{
	enum ecies_curve curve;
	struct suci_key *key;

	if (!suci_curve(scheme, &curve))
		return NULL;
	key = OPENSSL_zalloc(sizeof(*key));
	if (!key)
		return NULL;
	key->scheme = scheme;
	key->ecies = ecies_key_new(curve, private_key);
	if (!key->ecies) {
		OPENSSL_free(key);
		return NULL;
	}
	return key;
}

void suci_key_free(struct suci_key *key)
{
	if (!key)
		return;
	ecies_key_free(key->ecies);
	OPENSSL_free(key);
}

enum suci_scheme suci_key_scheme(const struct suci_key *key)
{
	return key->scheme;
}

struct bytes suci_key_public(const struct suci_key *key)
{
	return ecies_key_public(key->ecies);
}

/* ANSI-X9.63-KDF with SHA-256 (SEC 1 clause 3.6.1) of Z = shared, SharedInfo1 = ephemeral public key. */
static bool suci_derive(
	const uint8_t shared[ECIES_SHARED_LEN], struct bytes eph_public, struct suci_keys *keys)
{
	uint8_t counter[4] = { 0, 0, 0, 1 }, k[2][SHA256_LEN];
	const struct bytes parts[] = { bytes_of(shared, ECIES_SHARED_LEN), BYTES(counter), eph_public };
	bool ok = sha256_parts(parts, ARRAY_LEN(parts), k[0]);

	counter[3] = 2;
	ok = ok && sha256_parts(parts, ARRAY_LEN(parts), k[1]);
	memcpy(keys->enc, k[0], 16);
	memcpy(keys->icb, k[0] + 16, 16);
	memcpy(keys->mac, k[1], 32);
	explicit_bzero(k, sizeof(k));
	return ok;
}

/* AES-128 in CTR mode over text in place; the one-time key does not stay. */
static bool suci_cipher(const struct suci_keys *keys, uint8_t *text, size_t len)
{
	bool ok = aes_ctr(keys->enc, keys->icb, text, len);

	aes_forget(AES_MODE_CTR);
	return ok;
}

/* HMAC-SHA-256 of the ciphertext, its first 8 octets; SharedInfo2 is empty. */
static bool suci_tag(const struct suci_keys *keys, struct bytes ciphertext, uint8_t tag[SUCI_TAG_LEN])
{
	uint8_t full[SHA256_LEN];
	bool ok = hmac_sha256(BYTES(keys->mac), &ciphertext, 1, full);

	memcpy(tag, full, SUCI_TAG_LEN);
	explicit_bzero(full, sizeof(full));
	return ok;
}

/* Agreement, then derivation; eph_public is the ephemeral key, which may be own's or the peer's. */
static bool suci_agree(
	struct ecies_key *own, struct bytes peer, struct bytes eph_public, struct suci_keys *keys)
{
	uint8_t shared[ECIES_SHARED_LEN];
	bool ok = ecies_agree(own, peer, shared) && suci_derive(shared, eph_public, keys);

	explicit_bzero(shared, sizeof(shared));
	return ok;
}

/* Ephemeral public key || ciphertext || tag, at `at`, which has room for it. */
static bool suci_write(struct ecies_key *eph, struct bytes home_public, struct bytes plain, uint8_t *at)
{
	struct bytes eph_public = ecies_key_public(eph);
	uint8_t *text = at + eph_public.len;
	struct suci_keys keys;
	bool ok = suci_agree(eph, home_public, eph_public, &keys);

	if (ok) {
		memcpy(at, eph_public.data, eph_public.len);
		memcpy(text, plain.data, plain.len);
		ok = suci_cipher(&keys, text, plain.len) &&
		     suci_tag(&keys, bytes_of(text, plain.len), text + plain.len);
	}
	explicit_bzero(&keys, sizeof(keys));
	return ok;
}

bool suci_conceal(enum suci_scheme scheme, struct bytes home_public,
	const uint8_t eph_private[SUCI_PRIVATE_LEN], struct bytes plain, struct writer *out)
{
	size_t start = out->len, len;
	enum ecies_curve curve;
	struct ecies_key *eph;
	uint8_t *at;
	bool ok;

	if (plain.len == 0 || plain.len > SUCI_PLAIN_MAX)
		return false;
	if (scheme == SUCI_NULL) {
		writer_put(out, plain);
		return !out->failed;
	}
	if (!suci_curve(scheme, &curve))
		return false;
	len = ecies_public_len(curve) + plain.len + SUCI_TAG_LEN;
	at = writer_reserve(out, len);
	if (!at)
		return false;
	eph = ecies_key_new(curve, eph_private);
	ok = eph && suci_write(eph, home_public, plain, at);
	ecies_key_free(eph);
	if (!ok) {
		explicit_bzero(at, len);
		out->len = start;
	}
	return ok;
}

/* Checks the tag, then writes the plaintext. */
static bool suci_open(
	const struct suci_keys *keys, struct bytes ciphertext, struct bytes tag, struct writer *plain)
{
	uint8_t expected[SUCI_TAG_LEN], *at;
	bool ok = suci_tag(keys, ciphertext, expected) && crypto_equal(BYTES(expected), tag);

	explicit_bzero(expected, sizeof(expected));
	if (!ok)
		return false;
	at = writer_reserve(plain, ciphertext.len);
	if (!at)
		return false;
	memcpy(at, ciphertext.data, ciphertext.len);
	return suci_cipher(keys, at, ciphertext.len);
}

bool suci_deconceal(enum suci_scheme scheme, struct suci_key *key, struct bytes output, struct writer *plain)
{
	struct cursor c = cursor_of(output);
	struct bytes eph_public, ciphertext, tag;
	struct suci_keys keys;
	enum ecies_curve curve;
	bool ok;

	if (scheme == SUCI_NULL) {
		if (output.len == 0 || output.len > SUCI_PLAIN_MAX)
			return false;
		writer_put(plain, output);
		return !plain->failed;
	}
	if (!suci_curve(scheme, &curve) || !key || key->scheme != scheme || output.len > SUCI_OUTPUT_MAX)
		return false;
	eph_public = cursor_bytes(&c, ecies_public_len(curve));
	if (c.failed || cursor_left(&c) <= SUCI_TAG_LEN)
		return false;
	ciphertext = cursor_bytes(&c, cursor_left(&c) - SUCI_TAG_LEN);
	tag = cursor_rest(&c);
	ok = suci_agree(key->ecies, eph_public, eph_public, &keys) &&
	     suci_open(&keys, ciphertext, tag, plain);
	explicit_bzero(&keys, sizeof(keys));
	return ok;
}

bool suci_msin_encode(const char *digits, struct writer *out)
{
	size_t len = strnlen(digits, SUCI_MSIN_DIGITS_MAX + 1);

	if (len == 0 || len > SUCI_MSIN_DIGITS_MAX || strspn(digits, "0123456789") != len)
		return false;
	for (size_t i = 0; i < len; i += 2) {
		unsigned high = i + 1 < len ? (unsigned)(digits[i + 1] - '0') : 0xf;

		writer_u8(out, (uint8_t)(high << 4 | (unsigned)(digits[i] - '0')));
	}
	return !out->failed;
}

bool suci_msin_decode(struct bytes bcd, char digits[SUCI_MSIN_DIGITS_MAX + 1])
{
	size_t n = 0;

	digits[0] = '\0';
	if (bcd.len == 0 || bcd.len > SUCI_MSIN_DIGITS_MAX / 2)
		return false;
	for (size_t i = 0; i < bcd.len; i++) {
		uint8_t low = bcd.data[i] & 0xf, high = bcd.data[i] >> 4;
		bool filler = high == 0xf && i + 1 == bcd.len;

		if (low > 9 || (high > 9 && !filler)) {
			explicit_bzero(digits, SUCI_MSIN_DIGITS_MAX + 1);
			return false;
		}
		digits[n++] = (char)('0' + low);
		if (!filler)
			digits[n++] = (char)('0' + high);
	}
	digits[n] = '\0';
	return true;
}
