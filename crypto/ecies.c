#include "crypto/ecies.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

struct ecies_key {
	enum ecies_curve curve;
	uint8_t public_key[ECIES_PUBLIC_MAX];
	/* X25519 */
	EVP_PKEY *own;
	EVP_PKEY *peer; /* its public key is replaced at each agreement: cheaper than a new one */
	EVP_PKEY_CTX *derive;
	/* secp256r1 */
	EC_GROUP *group;
	EC_POINT *point; /* scratch */
	BIGNUM *scalar;
	BIGNUM *x;       /* scratch */
	BN_CTX *bn;
};

size_t ecies_public_len(enum ecies_curve curve)
{
	return curve == ECIES_X25519 ? 32 : 33;
}

static bool x25519_init(struct ecies_key *key, const uint8_t private_key[ECIES_PRIVATE_LEN])
{
	size_t len = sizeof(key->public_key);

	key->own = EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, private_key, ECIES_PRIVATE_LEN);
	if (!key->own || !EVP_PKEY_get_raw_public_key(key->own, key->public_key, &len))
		return false;
	key->peer = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, key->public_key, 32);
	key->derive = EVP_PKEY_CTX_new_from_pkey(NULL, key->own, NULL);
	return key->peer && key->derive && EVP_PKEY_derive_init(key->derive) == 1;
}

static bool p256_init(struct ecies_key *key, const uint8_t private_key[ECIES_PRIVATE_LEN])
{
	key->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	key->bn = BN_CTX_secure_new();
	key->scalar = BN_secure_new();
	key->x = BN_secure_new();
	key->point = key->group ? EC_POINT_new(key->group) : NULL;
	if (!key->bn || !key->scalar || !key->x || !key->point)
		return false;
	BN_set_flags(key->scalar, BN_FLG_CONSTTIME);
	if (!BN_bin2bn(private_key, ECIES_PRIVATE_LEN, key->scalar) || BN_is_zero(key->scalar) ||
		BN_cmp(key->scalar, EC_GROUP_get0_order(key->group)) >= 0)
		return false;
	return EC_POINT_mul(key->group, key->point, key->scalar, NULL, NULL, key->bn) &&
	       EC_POINT_point2oct(key->group, key->point, POINT_CONVERSION_COMPRESSED, key->public_key,
		       sizeof(key->public_key), key->bn) == sizeof(key->public_key);
}

struct ecies_key *ecies_key_new(enum ecies_curve curve, const uint8_t private_key[ECIES_PRIVATE_LEN])
{
	struct ecies_key *key = OPENSSL_zalloc(sizeof(*key));
	bool ok;

	if (!key)
		return NULL;
	key->curve = curve;
	ok = curve == ECIES_X25519 ? x25519_init(key, private_key) : p256_init(key, private_key);
	if (!ok) {
		ecies_key_free(key);
		return NULL;
	}
	return key;
}

void ecies_key_free(struct ecies_key *key)
{
	if (!key)
		return;
	EVP_PKEY_CTX_free(key->derive);
	EVP_PKEY_free(key->peer);
	EVP_PKEY_free(key->own);
	EC_POINT_clear_free(key->point);
	BN_clear_free(key->scalar);
	BN_clear_free(key->x);
	BN_CTX_free(key->bn);
	EC_GROUP_free(key->group);
	OPENSSL_clear_free(key, sizeof(*key));
}

struct bytes ecies_key_public(const struct ecies_key *key)
{
	return bytes_of(key->public_key, ecies_public_len(key->curve));
}

/* OpenSSL refuses the shared secret of all zeros that small-order points yield (RFC 7748 clause 6.1). */
static bool x25519_agree(struct ecies_key *key, const uint8_t peer[32], uint8_t shared[ECIES_SHARED_LEN])
{
	size_t len = ECIES_SHARED_LEN;

	return EVP_PKEY_set1_encoded_public_key(key->peer, peer, 32) == 1 &&
	       EVP_PKEY_derive_set_peer_ex(key->derive, key->peer, 0) == 1 &&
	       EVP_PKEY_derive(key->derive, shared, &len) == 1 && len == ECIES_SHARED_LEN;
}

/* The shared secret is the x coordinate (SEC 1 clause 3.3.1). Decompression yields points of the curve
 * only, and the cofactor is 1. */
static bool p256_agree(struct ecies_key *key, const uint8_t peer[33], uint8_t shared[ECIES_SHARED_LEN])
{
	bool ok;

	if (peer[0] != POINT_CONVERSION_COMPRESSED && peer[0] != (POINT_CONVERSION_COMPRESSED | 1))
		return false;
	ok = EC_POINT_oct2point(key->group, key->point, peer, 33, key->bn) &&
	     EC_POINT_mul(key->group, key->point, NULL, key->point, key->scalar, key->bn) &&
	     EC_POINT_get_affine_coordinates(key->group, key->point, key->x, NULL, key->bn) &&
	     BN_bn2binpad(key->x, shared, ECIES_SHARED_LEN) == ECIES_SHARED_LEN;
	BN_clear(key->x);
	return ok;
}

bool ecies_agree(struct ecies_key *key, struct bytes peer, uint8_t shared[ECIES_SHARED_LEN])
{
	bool ok = peer.len == ecies_public_len(key->curve);

	if (ok && key->curve == ECIES_X25519)
		ok = x25519_agree(key, peer.data, shared);
	else if (ok)
		ok = p256_agree(key, peer.data, shared);
	if (!ok)
		explicit_bzero(shared, ECIES_SHARED_LEN);
	return ok;
}
