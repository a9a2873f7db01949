#include "crypto/seal.h"

#include "base/test.h"

/* Test cases 13, 14 and 16 of the GCM specification (McGrew, Viega), AES-256. */
static void test_known(void **state)
{
	static const struct {
		const char *key, *nonce, *aad, *plain, *sealed;
	} cases[] = {
		{ "0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b" },
		{ "0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "", "00000000000000000000000000000000",
			"cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919" },
		{ "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
			"cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf"
			"0e2449a6"
			"b525b16aedf5aa0de657ba637b39",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b0"
			"8b1056828838c5f6"
			"1e6393ba7a0abcc9f662"
			"76fc6ece0f4e1768cddf8853bb2d551b" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t key[32], nonce[12], aad_buf[32], plain_buf[64], want_buf[80], out[80], back[64];
		struct writer w = writer_of(out, sizeof(out)), r = writer_of(back, sizeof(back));
		struct bytes aad = test_hex(cases[i].aad, aad_buf, sizeof(aad_buf));
		struct bytes plain = test_hex(cases[i].plain, plain_buf, sizeof(plain_buf));
		struct bytes want = test_hex(cases[i].sealed, want_buf, sizeof(want_buf));

		test_hex(cases[i].key, key, sizeof(key));
		test_hex(cases[i].nonce, nonce, sizeof(nonce));
		assert_true(seal_encrypt(key, nonce, aad, plain, &w));
		assert_true(bytes_equal(writer_bytes(&w), want));
		assert_true(seal_decrypt(key, nonce, aad, want, &r));
		assert_true(bytes_equal(writer_bytes(&r), plain));
	}
}

static void test_refused(void **state)
{
	uint8_t key[32] = { 1 }, nonce[12] = { 2 }, sealed[64], back[64];
	const struct bytes aad = bytes_of_str("subscriber 001010000000001"),
			   plain = bytes_of_str("0123456789abcdef");
	struct writer w = writer_of(sealed, sizeof(sealed)), r = writer_of(back, sizeof(back));
	struct writer small = writer_of(back, 31);

	assert_true(seal_encrypt(key, nonce, aad, plain, &w));
	for (size_t bit = 0; bit < 8 * w.len; bit++) {
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(seal_decrypt(key, nonce, aad, writer_bytes(&w), &r));
		assert_int_equal(r.len, 0);
		sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_false(
		seal_decrypt(key, nonce, bytes_of_str("subscriber 001010000000002"), writer_bytes(&w), &r));
	for (size_t len = 0; len < w.len; len++)
		assert_false(seal_decrypt(key, nonce, aad, bytes_of(sealed, len), &r));
	nonce[0] = 3;
	assert_false(seal_decrypt(key, nonce, aad, writer_bytes(&w), &r));
	nonce[0] = 2;
	key[31] = 1;
	assert_false(seal_decrypt(key, nonce, aad, writer_bytes(&w), &r));
	key[31] = 0;
	assert_true(seal_decrypt(key, nonce, aad, writer_bytes(&w), &r));
	assert_true(bytes_equal(writer_bytes(&r), plain));
	assert_false(seal_encrypt(key, nonce, aad, plain, &small));
	assert_false(seal_encrypt(key, nonce, aad, bytes_of(back, SEAL_PLAIN_MAX + 1), &w));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
