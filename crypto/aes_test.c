#include "crypto/aes.h"

#include <pthread.h>

#include "base/test.h"
#include "crypto/hmac.h"

enum { THREADS = 4, ROUNDS = 2000 };

/* SP 800-38B appendix D.1 has no vector with our 8-octet prefix but those whose message is split: example 2
 * is 16 octets, so 8 of prefix and 64 bits; examples 3 and 4 likewise. */
static void test_cmac(void **state)
{
	static const char text[] = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
				   "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
	static const struct {
		size_t len;
		const char *mac;
	} cases[] = { { 16, "070a16b46b4d4144f79bdd9dd04a287c" }, { 40, "dfa66747de9ae63030ca32611497c827" },
		{ 64, "51f0bebf7e3b9d92fc49741779363cfe" } };
	uint8_t key[16], m[64], mac[16], want[16];

	test_hex("2b7e151628aed2a6abf7158809cf4f3c", key, sizeof(key));
	test_hex(text, m, sizeof(m));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		test_hex(cases[i].mac, want, sizeof(want));
		assert_true(aes_cmac(key, m, m + 8, 8 * (cases[i].len - 8), mac));
		assert_memory_equal(mac, want, sizeof(mac));
	}
}

static void *thread_run(void *arg)
{
	const uint8_t *seed = arg;
	uint8_t key[16] = { *seed }, mac[16], digest[32], first_mac[16], first_digest[32], prefix[8] = { 0 };
	const struct bytes part = BYTES(key);

	for (int i = 0; i < ROUNDS; i++) {
		if (!aes_cmac(key, prefix, key, 128, mac) || !hmac_sha256(BYTES(key), &part, 1, digest))
			return NULL;
		if (i == 0) {
			memcpy(first_mac, mac, sizeof(mac));
			memcpy(first_digest, digest, sizeof(digest));
		}
		if (memcmp(first_mac, mac, sizeof(mac)) != 0 ||
			memcmp(first_digest, digest, sizeof(digest)) != 0)
			return NULL;
	}
	return arg;
}

/* The contexts are a thread's own, and go with it (the leak checker sees to the second half). */
static void test_threads(void **state)
{
	static uint8_t seeds[THREADS] = { 1, 2, 3, 4 };
	pthread_t threads[THREADS];
	void *result;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, thread_run, &seeds[i]), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &result);
		assert_ptr_equal(result, &seeds[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cmac),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
