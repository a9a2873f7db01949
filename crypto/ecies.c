#include "crypto/ecies.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>

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
	BIGNUM *x; /* scratch */
	BN_CTX *bn;
};

size_t ecies_public_len(enum ecies_curve curve)
{
	return curve == ECIES_X25519 ? 32 : 33;
}

/* A key of given octets, without a private half when that is NULL; OpenSSL takes the public half as it is. */
static EVP_PKEY *x25519_pkey(const uint8_t *private_key, const uint8_t public_key[32])
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)public_key, 32),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PRIV_KEY, (void *)private_key, ECIES_PRIVATE_LEN),
		OSSL_PARAM_END,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "X25519", NULL);
	EVP_PKEY *pkey = NULL;

	if (!private_key)
		params[1] = params[2];
	if (ctx && EVP_PKEY_fromdata_init(ctx) == 1)
		EVP_PKEY_fromdata(ctx, &pkey, private_key ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* OpenSSL refuses the shared secret of all zeros that small-order points yield (RFC 7748 clause 6.1). */
static bool x25519_agree(struct ecies_key *key, const uint8_t peer[32], uint8_t shared[ECIES_SHARED_LEN])
{
	size_t len = ECIES_SHARED_LEN;

	return EVP_PKEY_set1_encoded_public_key(key->peer, peer, 32) == 1 &&
	       EVP_PKEY_derive_set_peer_ex(key->derive, key->peer, 0) == 1 &&
	       EVP_PKEY_derive(key->derive, shared, &len) == 1 && len == ECIES_SHARED_LEN;
}

/* The public key is X25519 of the base point (RFC 7748 clause 6.1), computed here by the agreement itself:
 * what OpenSSL does on import of a private key alone takes longer. */
static bool x25519_init(struct ecies_key *key, const uint8_t private_key[ECIES_PRIVATE_LEN])
{
	static const uint8_t base_point[32] = { 9 };

	key->own = x25519_pkey(private_key, base_point);
	key->peer = x25519_pkey(NULL, base_point);
	key->derive = key->own ? EVP_PKEY_CTX_new_from_pkey(NULL, key->own, NULL) : NULL;
	return key->peer && key->derive && EVP_PKEY_derive_init(key->derive) == 1 &&
	       x25519_agree(key, base_point, key->public_key);
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
