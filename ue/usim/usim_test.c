#include "base/test.h"
#include "crypto/aka_function.h"
#include "ue/usim/usim.h"

#define SNN "5G:mnc001.mcc001.3gppnetwork.org"

static const uint8_t k[16] = { 0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e, 0xe2,
	0x38, 0xa6, 0xbc };
static const uint8_t op[16] = { 0xcd, 0xc2, 0x02, 0xd5, 0x12, 0x3e, 0x20, 0xf6, 0x2b, 0x6d, 0x67, 0x6a, 0xc7,
	0x2c, 0xb3, 0x18 };
static const uint8_t rand_[16] = { 0x23, 0x55, 0x3c, 0xbe, 0x96, 0x37, 0xa8, 0x9d, 0x21, 0x8a, 0xe6, 0x4d,
	0xae, 0x47, 0xbf, 0x35 };
static const uint8_t amf_5g[2] = { 0x80, 0 };

static struct aka_key key_of(enum aka_alg alg)
{
	struct aka_key key = { .alg = alg, .k_len = aka_function(alg)->k_lens[0] };
	const struct aka_function *f = aka_function(alg);
	uint8_t top[32] = { 1, 2, 3 };

	bytes_copy(key.k, sizeof(key.k), BYTES(k));
	assert_true(aka_opc_derive(&key, alg == AKA_MILENAGE ? BYTES(op) : bytes_of(top, f->opc_len)));
	return key;
}

static struct usim usim_of(enum aka_alg alg)
{
	struct aka_key key = key_of(alg);
	struct supi supi;
	struct plmn home;
	struct usim u;

	assert_true(supi_parse("001010000000001", &supi));
	assert_true(plmn_parse("00101", &home));
	assert_true(usim_init(&u, &supi, &home, &key));
	return u;
}

static struct aka_vector vector_of(const struct usim *u, uint64_t sqn, const uint8_t amf[2])
{
	struct aka_vector v;

	assert_true(aka_vector_generate(&u->key, sqn, amf, rand_, &v));
	return v;
}

static enum usim_result challenge(struct usim *u, uint64_t sqn, struct usim_keys *keys)
{
	struct aka_vector v = vector_of(u, sqn, amf_5g);

	return usim_authenticate(u, rand_, v.autn, SNN, keys);
}

/* RES* is what the home network computes from the same vector. */
static void test_authenticate(void **state)
{
	for (int alg = AKA_MILENAGE; alg < AKA_ALG_COUNT; alg++) {
		struct usim u = usim_of((enum aka_alg)alg);
		struct aka_vector v = vector_of(&u, 32, amf_5g);
		struct usim_keys keys;
		uint8_t xres_star[KDF_RES_STAR_LEN];

		assert_int_equal(usim_authenticate(&u, rand_, v.autn, SNN, &keys), USIM_OK);
		assert_true(kdf_res_star(
			v.ck, v.ik, bytes_of_str(SNN), rand_, bytes_of(v.res, v.res_len), xres_star));
		assert_memory_equal(keys.res_star, xres_star, sizeof(xres_star));
		usim_fini(&u);
	}
}

/* 33.102 C.2.2: each IND has a counter of its own, so vectors may come out of order, but none twice. */
static void test_sqn(void **state)
{
	struct usim u = usim_of(AKA_MILENAGE);
	struct usim_keys keys;

	assert_int_equal(challenge(&u, 5 << 5 | 1, &keys), USIM_OK);
	assert_int_equal(challenge(&u, 5 << 5 | 1, &keys), USIM_SYNCH_FAILURE);
	assert_int_equal(challenge(&u, 4 << 5 | 2, &keys), USIM_OK); /* older, of another IND */
	assert_int_equal(challenge(&u, 4 << 5 | 1, &keys), USIM_SYNCH_FAILURE);
	assert_int_equal(challenge(&u, 6 << 5 | 1, &keys), USIM_OK);
	assert_int_equal(usim_sqn_ms(&u), 6 << 5 | 1);
	/* C.2.1: too far ahead */
	assert_int_equal(challenge(&u, (6 + USIM_DELTA) << 5 | 3, &keys), USIM_OK);
	assert_int_equal(challenge(&u, (7 + 2 * USIM_DELTA) << 5 | 4, &keys), USIM_SYNCH_FAILURE);
	assert_false(usim_sqn_is_fresh(&u, UINT64_C(1) << 48));
	for (unsigned i = 0; i < ARRAY_LEN(u.seq); i++) /* 48 bits and no more, be it the next */
		u.seq[i] = (UINT64_C(1) << (48 - USIM_IND_BITS)) - 1;
	assert_false(usim_sqn_is_fresh(&u, UINT64_C(1) << 48));
	assert_false(usim_sqn_is_fresh(&u, 0));
}

/* AUTS gives the home network the highest SQN (33.102 6.3.5). */
static void test_auts(void **state)
{
	struct usim u = usim_of(AKA_MILENAGE);
	struct usim_keys keys;
	uint64_t sqn_ms;

	assert_int_equal(challenge(&u, 1000 << 5 | 7, &keys), USIM_OK);
	assert_int_equal(challenge(&u, 999 << 5 | 7, &keys), USIM_SYNCH_FAILURE);
	assert_true(aka_auts_verify(&u.key, rand_, keys.auts, &sqn_ms));
	assert_int_equal(sqn_ms, 1000 << 5 | 7);
}

static void test_refusals(void **state)
{
	static const uint8_t amf_4g[2] = { 0, 0 };
	struct usim u = usim_of(AKA_MILENAGE);
	struct aka_vector v = vector_of(&u, 32, amf_5g);
	struct usim_keys keys;

	for (size_t bit = 0; bit < 128; bit++) {
		v.autn[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(usim_authenticate(&u, rand_, v.autn, SNN, &keys), USIM_MAC_FAILURE);
		v.autn[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	v = vector_of(&u, 32, amf_4g);
	assert_int_equal(usim_authenticate(&u, rand_, v.autn, SNN, &keys), USIM_NON_5G);
	assert_int_equal(usim_sqn_ms(&u), 0); /* nothing of it was remembered */
}

static void test_init(void **state)
{
	struct aka_key key = key_of(AKA_MILENAGE);
	struct supi supi;
	struct plmn home;
	struct usim u;

	assert_true(supi_parse("001010000000001", &supi));
	assert_true(plmn_parse("00102", &home));
	assert_false(usim_init(&u, &supi, &home, &key));
	assert_true(plmn_parse("001010", &home));
	assert_true(usim_init(&u, &supi, &home, &key));
	assert_int_equal(u.msin_at, 6);
	key.k_len = 15;
	assert_false(usim_init(&u, &supi, &home, &key));
}

/* What the SIDF makes of it. */
static void test_suci(void **state)
{
	struct usim u = usim_of(AKA_MILENAGE);
	uint8_t private_key[SUCI_PRIVATE_LEN] = { 0x11, 2, 3 }, eph[SUCI_PRIVATE_LEN] = { 0x22, 5, 6 };
	uint8_t out[USIM_SUCI_OUTPUT_MAX], plain[16];
	char digits[SUCI_MSIN_DIGITS_MAX + 1];

	for (int scheme = SUCI_NULL; scheme <= SUCI_PROFILE_B; scheme++) {
		struct usim_suci_profile p = { .scheme = (enum suci_scheme)scheme };
		struct suci_key *key = scheme ? suci_key_new(p.scheme, private_key) : NULL;
		struct writer w = writer_of(out, sizeof(out)), back = writer_of(plain, sizeof(plain));

		if (key) {
			p.home_network_key_len = (uint8_t)suci_key_public(key).len;
			bytes_copy(p.home_network_key, SUCI_PUBLIC_MAX, suci_key_public(key));
		}
		assert_true(usim_suci(&u, &p, eph, &w));
		assert_true(suci_deconceal(p.scheme, key, writer_bytes(&w), &back));
		assert_true(suci_msin_decode(writer_bytes(&back), digits));
		assert_string_equal(digits, "0000000001");
		suci_key_free(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_authenticate),
		cmocka_unit_test(test_sqn),
		cmocka_unit_test(test_auts),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_init),
		cmocka_unit_test(test_suci),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
