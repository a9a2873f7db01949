/* argon2id beside what Debian's argon2(1) prints for the same: another caller of the algorithm. */
#include "crypto/password.h"

#include "base/test.h"

/* echo -n PASSWORD | argon2 0123456789abcdef -id -t 2 -k 19456 -p 1 -l 32 -r */
static void is_argon2id(void **state)
{
	static const char expected[] = "ae4d8c8b713876044c8347c76986a9b5655944aaacfffe9bea4dff9e7b6a1899";
	uint8_t hash[PASSWORD_HASH_LEN], want[PASSWORD_HASH_LEN];

	assert_true(password_hash(bytes_of_str("correct horse"), (const uint8_t *)"0123456789abcdef", hash));
	test_hex(expected, want, sizeof(want));
	assert_memory_equal(hash, want, sizeof(hash));
}

static void depends_on_all(void **state)
{
	uint8_t a[PASSWORD_HASH_LEN], b[PASSWORD_HASH_LEN];

	assert_true(password_hash(bytes_of_str("correct horse"), (const uint8_t *)"0123456789abcdef", a));
	assert_true(password_hash(bytes_of_str("correct horsf"), (const uint8_t *)"0123456789abcdef", b));
	assert_memory_not_equal(a, b, sizeof(a));
	assert_true(password_hash(bytes_of_str("correct horse"), (const uint8_t *)"0123456789abcdeg", b));
	assert_memory_not_equal(a, b, sizeof(a));
}

/* FIPS 180-4, its example of "abc". */
static void digests_tokens(void **state)
{
	uint8_t digest[TOKEN_DIGEST_LEN], want[TOKEN_DIGEST_LEN];

	assert_true(token_digest(bytes_of_str("abc"), digest));
	test_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", want, sizeof(want));
	assert_memory_equal(digest, want, sizeof(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_argon2id),
		cmocka_unit_test(depends_on_all),
		cmocka_unit_test(digests_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
