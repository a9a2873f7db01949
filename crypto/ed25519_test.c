#include "crypto/ed25519.h"

#include "base/test.h"
#include "crypto/hmac.h"
#include "crypto/sha256_stream.h"

/* RFC 8032 7.1, tests 1 to 3. */
static void test_rfc8032(void **state)
{
	static const struct {
		const char *key, *message, *signature;
	} cases[] = {
		{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e"
			"39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
		{ "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
			"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f"
			"3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
		{ "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67"
			"f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
	};
	uint8_t key[ED25519_PUBLIC_LEN], signature[ED25519_SIGNATURE_LEN], octets[2];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes message = test_hex(cases[i].message, octets, sizeof(octets));

		test_hex(cases[i].key, key, sizeof(key));
		test_hex(cases[i].signature, signature, sizeof(signature));
		assert_true(ed25519_verify(key, message, signature));
		for (size_t bit = 0; bit < 8 * sizeof(signature); bit += 7) {
			signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
			assert_false(ed25519_verify(key, message, signature));
			signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		assert_false(ed25519_verify(key, bytes_of_str("another"), signature));
		key[0] ^= 1;
		assert_false(ed25519_verify(key, message, signature));
	}
}

/* However it is cut, the digest is that of the whole. */
static void test_stream(void **state)
{
	uint8_t octets[300], want[SHA256_LEN], is[SHA256_STREAM_LEN];
	struct bytes whole = BYTES(octets);

	_Static_assert((int)SHA256_LEN == SHA256_STREAM_LEN, "one digest");
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 7);
	assert_true(sha256_parts(&whole, 1, want));
	for (size_t cut = 0; cut <= sizeof(octets); cut += 50) {
		struct sha256_stream *s = sha256_stream_new();

		assert_non_null(s);
		assert_true(sha256_stream_put(s, bytes_of(octets, cut)));
		assert_true(sha256_stream_put(s, bytes_of(octets + cut, sizeof(octets) - cut)));
		assert_true(sha256_stream_end(s, is));
		assert_memory_equal(is, want, sizeof(want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc8032),
		cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
