#include "crypto/hmac.h"

#include "base/test.h"

/* RFC 4231 cases 1, 2, 4 and 6 (a key longer than a block). */
static void test_rfc4231(void **state)
{
	static uint8_t key20[20], key25[25], key131[131], data50[50];
	const struct {
		struct bytes key, data;
		const char *mac;
	} cases[] = {
		{ BYTES(key20), bytes_of_str("Hi There"),
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ bytes_of_str("Jefe"), bytes_of_str("what do ya want for nothing?"),
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ BYTES(key25), BYTES(data50),
			"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
		{ BYTES(key131), bytes_of_str("Test Using Larger Than Block-Size Key - Hash Key First"),
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
	};
	uint8_t out[32], want[32];

	memset(key20, 0x0b, sizeof(key20));
	memset(key131, 0xaa, sizeof(key131));
	memset(data50, 0xcd, sizeof(data50));
	for (size_t i = 0; i < sizeof(key25); i++)
		key25[i] = (uint8_t)(i + 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct bytes parts[] = { bytes_of(cases[i].data.data, 3), BYTES_NONE,
			bytes_of(cases[i].data.data + 3, cases[i].data.len - 3) };

		test_hex(cases[i].mac, want, sizeof(want));
		assert_true(hmac_sha256(cases[i].key, &cases[i].data, 1, out));
		assert_memory_equal(out, want, sizeof(out));
		assert_true(hmac_sha256(cases[i].key, parts, ARRAY_LEN(parts), out));
		assert_memory_equal(out, want, sizeof(out));
	}
}

/* FIPS 180-4: of "abc", and of nothing. */
static void test_sha256(void **state)
{
	const struct bytes abc = bytes_of_str("abc");
	uint8_t out[32], want[32];

	test_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", want, sizeof(want));
	assert_true(sha256_parts(&abc, 1, out));
	assert_memory_equal(out, want, sizeof(out));
	test_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", want, sizeof(want));
	assert_true(sha256_parts(NULL, 0, out));
	assert_memory_equal(out, want, sizeof(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc4231),
		cmocka_unit_test(test_sha256),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
