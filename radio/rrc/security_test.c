/* The UE's chain of K_gNB beside 33.501 A.10 and A.11, written down octet by octet. */
#include "base/test.h"

#include "crypto/hmac.h"
#include "radio/rrc/security.h"

enum { PCI = 500, SSB_ARFCN = 368410 /* 0x059f1a */ };

static void of_a_11(const uint8_t key[KDF_KEY_LEN], uint8_t out[KDF_KEY_LEN])
{
	static const uint8_t s[] = { 0x70, 0x01, 0xf4, 0, 2, 0x05, 0x9f, 0x1a, 0, 3 };

	assert_true(hmac_sha256(bytes_of(key, KDF_KEY_LEN), &(struct bytes){ s, sizeof(s) }, 1, out));
}

static void of_a_10(
	const uint8_t k_amf[KDF_KEY_LEN], const uint8_t sync[KDF_KEY_LEN], uint8_t out[KDF_KEY_LEN])
{
	static const uint8_t fc[] = { 0x6f }, len[] = { 0, 32 };
	const struct bytes parts[] = { BYTES(fc), bytes_of(sync, KDF_KEY_LEN), BYTES(len) };

	assert_true(hmac_sha256(bytes_of(k_amf, KDF_KEY_LEN), parts, ARRAY_LEN(parts), out));
}

/* The same count: of the key in use; the next: of NH; two further: of the NH of the NH. */
static void test_chain(void **state)
{
	struct rrc_key_chain chain = { .ncc = 6, .nh_ncc = 7, .k_amf = { 1 }, .k_gnb = { 2 }, .nh = { 3 } };
	uint8_t expected[KDF_KEY_LEN], nh[KDF_KEY_LEN];

	of_a_11(chain.k_gnb, expected);
	assert_true(rrc_key_next(&chain, PCI, SSB_ARFCN, 6) && chain.ncc == 6);
	assert_memory_equal(chain.k_gnb, expected, sizeof(expected));
	of_a_11(chain.nh, expected);
	assert_true(rrc_key_next(&chain, PCI, SSB_ARFCN, 7) && chain.ncc == 7);
	assert_memory_equal(chain.k_gnb, expected, sizeof(expected));
	of_a_10(chain.k_amf, chain.nh, nh);
	of_a_10(chain.k_amf, nh, nh);
	of_a_11(nh, expected);
	assert_true(rrc_key_next(&chain, PCI, SSB_ARFCN, 1) && chain.ncc == 1 && chain.nh_ncc == 1);
	assert_memory_equal(chain.k_gnb, expected, sizeof(expected));
	assert_false(rrc_key_next(&chain, PCI, SSB_ARFCN, 9)); /* no count of three bits */
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_chain) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
