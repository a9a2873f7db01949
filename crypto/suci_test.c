#include "crypto/suci.h"

#include "crypto/ecies.h"
#include "crypto/vectors.h"

static enum suci_scheme scheme_of(const struct vector *v)
{
	const char *profile = vector_text(v, "profile");

	return strcmp(profile, "null") == 0 ? SUCI_NULL : profile[0] == 'A' ? SUCI_PROFILE_A : SUCI_PROFILE_B;
}

/* The plaintext is what the SUPI holds: the MSIN after MCC and MNC, or the username. */
static void check_supi(const struct vector *v, struct bytes plain)
{
	const char *supi = vector_text(v, "supi");
	char digits[SUCI_MSIN_DIGITS_MAX + 1];
	uint8_t buf[8];
	struct writer w = writer_of(buf, sizeof(buf));

	if (strncmp(supi, "imsi-", 5) != 0) {
		assert_memory_equal(supi, plain.data, plain.len);
		return;
	}
	assert_true(suci_msin_encode(supi + strlen("imsi-27401") + 1, &w));
	assert_true(bytes_equal(writer_bytes(&w), plain));
	assert_true(suci_msin_decode(plain, digits));
	assert_string_equal(digits, supi + strlen("imsi-27401") + 1);
}

static void check_agreement(const struct vector *v, enum suci_scheme scheme, const uint8_t hn_private[32])
{
	enum ecies_curve curve = scheme == SUCI_PROFILE_A ? ECIES_X25519 : ECIES_P256;
	struct ecies_key *key = ecies_key_new(curve, hn_private);
	uint8_t eph_public[33], shared[32];

	assert_non_null(key);
	assert_true(ecies_agree(key, vector_hex(v, "eph_public", eph_public, sizeof(eph_public)), shared));
	vector_check(v, "shared", shared, sizeof(shared));
	ecies_key_free(key);
}

/* Every single flipped bit, every shorter and a longer output is refused. */
static void check_refusals(enum suci_scheme scheme, struct suci_key *key, struct bytes output)
{
	uint8_t bad[SUCI_OUTPUT_MAX + 1] = { 0 }, plain[64];
	struct writer w = writer_of(plain, sizeof(plain));

	for (size_t bit = 0; bit < 8 * output.len; bit++) {
		memcpy(bad, output.data, output.len);
		bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
		/* RFC 7748 clause 5: the top bit of an X25519 public key is ignored in the agreement, but the
		 * KDF takes the key as received, so even that is refused. */
		assert_false(suci_deconceal(scheme, key, bytes_of(bad, output.len), &w));
		assert_int_equal(w.len, 0);
	}
	memcpy(bad, output.data, output.len);
	for (size_t len = 0; len < output.len; len++)
		assert_false(suci_deconceal(scheme, key, bytes_of(bad, len), &w));
	assert_false(suci_deconceal(scheme, key, bytes_of(bad, output.len + 1), &w));
	assert_false(suci_deconceal(scheme, key, BYTES(bad), &w));
	w = writer_of(plain, 4);
	assert_false(suci_deconceal(scheme, key, output, &w));
}

static void check_profile(const struct vector *v, enum suci_scheme scheme, struct bytes plain)
{
	uint8_t hn_private[32], hn_public[33], eph_private[32], out[128], back[64];
	struct writer w = writer_of(out, sizeof(out)), r = writer_of(back, sizeof(back));
	struct suci_key *key;

	vector_hex(v, "hn_private", hn_private, sizeof(hn_private));
	vector_hex(v, "eph_private", eph_private, sizeof(eph_private));
	key = suci_key_new(scheme, hn_private);
	assert_non_null(key);
	assert_int_equal(suci_key_scheme(key), scheme);
	vector_check(v, "hn_public", suci_key_public(key).data, suci_key_public(key).len);
	check_agreement(v, scheme, hn_private);
	assert_true(suci_conceal(
		scheme, vector_hex(v, "hn_public", hn_public, sizeof(hn_public)), eph_private, plain, &w));
	vector_check(v, "scheme_output", out, w.len);
	assert_true(suci_deconceal(scheme, key, writer_bytes(&w), &r));
	assert_true(bytes_equal(writer_bytes(&r), plain));
	check_refusals(scheme, key, writer_bytes(&w));
	assert_false(suci_deconceal(
		scheme == SUCI_PROFILE_A ? SUCI_PROFILE_B : SUCI_PROFILE_A, key, writer_bytes(&w), &r));
	suci_key_free(key);
}

static void check_record(const struct vector *v)
{
	enum suci_scheme scheme = scheme_of(v);
	uint8_t plain_buf[64], out[64], back[64];
	struct writer w = writer_of(out, sizeof(out)), r = writer_of(back, sizeof(back));
	struct bytes plain = vector_hex(v, "plaintext", plain_buf, sizeof(plain_buf));

	check_supi(v, plain);
	if (scheme != SUCI_NULL) {
		check_profile(v, scheme, plain);
		return;
	}
	assert_true(suci_conceal(SUCI_NULL, BYTES_NONE, NULL, plain, &w));
	vector_check(v, "scheme_output", out, w.len);
	assert_true(suci_deconceal(SUCI_NULL, NULL, writer_bytes(&w), &r));
	assert_true(bytes_equal(writer_bytes(&r), plain));
}

static void test_vectors(void **state)
{
	assert_int_equal(vectors_each("suci_ecies.txt", check_record), 6);
}

static void test_keys_refused(void **state)
{
	/* the order of secp256r1, SEC 2 clause 2.4.2 */
	static const char order[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
	uint8_t scalar[32] = { 0 };
	struct suci_key *key;

	assert_null(suci_key_new(SUCI_NULL, scalar));
	assert_null(suci_key_new((enum suci_scheme)3, scalar));
	assert_null(suci_key_new(SUCI_PROFILE_B, scalar));
	test_hex(order, scalar, sizeof(scalar));
	assert_null(suci_key_new(SUCI_PROFILE_B, scalar));
	scalar[31]--;
	key = suci_key_new(SUCI_PROFILE_B, scalar);
	assert_non_null(key);
	suci_key_free(key);
	suci_key_free(NULL);
}

/* Points of small order (X25519), off the curve, uncompressed or at infinity (P-256). */
static void test_points_refused(void **state)
{
	static const struct {
		enum ecies_curve curve;
		const char *hex;
	} points[] = {
		{ ECIES_X25519, "0000000000000000000000000000000000000000000000000000000000000000" },
		{ ECIES_X25519, "0100000000000000000000000000000000000000000000000000000000000000" },
		{ ECIES_X25519, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800" },
		{ ECIES_X25519, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" },
		{ ECIES_X25519, "09000000000000000000000000000000000000000000000000000000000000" },
		{ ECIES_P256, "00" },
		{ ECIES_P256, "000000000000000000000000000000000000000000000000000000000000000000" },
		{ ECIES_P256, "020000000000000000000000000000000000000000000000000000000000000001" },
		{ ECIES_P256, "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" },
		{ ECIES_P256, "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" },
		{ ECIES_P256, "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
			      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5" },
	};
	uint8_t private_key[32] = { 8 }, point[65], shared[32];
	const uint8_t zeros[32] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct ecies_key *key = ecies_key_new(points[i].curve, private_key);

		memset(shared, 1, sizeof(shared));
		assert_false(ecies_agree(key, test_hex(points[i].hex, point, sizeof(point)), shared));
		assert_memory_equal(shared, zeros, sizeof(shared));
		/* and a refusal leaves the key usable */
		assert_true(ecies_agree(key, ecies_key_public(key), shared));
		ecies_key_free(key);
	}
}

static void test_conceal_refused(void **state)
{
	uint8_t eph[32] = { 3 }, home[33] = { 9 }, plain[SUCI_PLAIN_MAX + 1] = { 0 }, out[SUCI_OUTPUT_MAX];
	struct writer w = writer_of(out, sizeof(out)), small = writer_of(out, 40);

	assert_true(
		suci_conceal(SUCI_PROFILE_A, bytes_of(home, 32), eph, bytes_of(plain, SUCI_PLAIN_MAX), &w));
	w.len = 0;
	assert_false(suci_conceal(SUCI_PROFILE_A, bytes_of(home, 32), eph, BYTES(plain), &w));
	assert_false(suci_conceal(SUCI_PROFILE_A, bytes_of(home, 32), eph, BYTES_NONE, &w));
	assert_false(suci_conceal(SUCI_PROFILE_A, bytes_of(home, 33), eph, bytes_of(plain, 5), &w));
	assert_false(suci_conceal(SUCI_PROFILE_B, bytes_of(home, 33), eph, bytes_of(plain, 5), &w));
	assert_false(suci_conceal((enum suci_scheme)3, bytes_of(home, 32), eph, bytes_of(plain, 5), &w));
	assert_int_equal(w.len, 0);
	assert_false(w.failed);
	assert_false(suci_conceal(SUCI_PROFILE_A, bytes_of(home, 32), eph, bytes_of(plain, 5), &small));
}

static void test_msin(void **state)
{
	static const char *const bad[] = { "", "12345678901", "12a4", "12 4" };
	uint8_t bcd[8];
	char digits[SUCI_MSIN_DIGITS_MAX + 1];
	struct writer w = writer_of(bcd, sizeof(bcd));

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(suci_msin_encode(bad[i], &w));
	assert_true(suci_msin_encode("0123456789", &w));
	assert_true(suci_msin_decode(writer_bytes(&w), digits));
	assert_string_equal(digits, "0123456789");
	assert_false(suci_msin_decode(BYTES_NONE, digits));
	assert_false(suci_msin_decode(bytes_of(bcd, 6), digits));
	bcd[0] = 0xf1; /* a filler before the end */
	assert_false(suci_msin_decode(bytes_of(bcd, 2), digits));
	bcd[1] = 0x1a;
	assert_false(suci_msin_decode(bytes_of(bcd + 1, 1), digits));
	bcd[1] = 0xff;
	assert_false(suci_msin_decode(bytes_of(bcd + 1, 1), digits));
	assert_string_equal(digits, "");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_keys_refused),
		cmocka_unit_test(test_points_refused),
		cmocka_unit_test(test_conceal_refused),
		cmocka_unit_test(test_msin),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
