/*
 * Keys, MACs and RES* must not steer branches or addresses. Under valgrind, secrets are marked as undefined:
 * its memcheck then reports every jump and every address that depends on one. The verdict of a comparison is
 * public; the few places that act on it inside a function stand in constant_time.supp.
 *
 * SNOW 3G and ZUC look up their S-boxes by secret octets, as their specifications do: NEA1, NEA3, NIA1 and
 * NIA3 are not claimed to be constant in time on a machine whose caches others share, and are not here.
 */
#include <valgrind/memcheck.h>

#include "base/test.h"
#include "crypto/aka.h"
#include "crypto/equal.h"
#include "crypto/kdf.h"
#include "crypto/nia.h"
#include "crypto/seal.h"
#include "crypto/suci.h"

/* From here on nothing may depend on these octets. */
static void secret(void *p, size_t len)
{
	VALGRIND_MAKE_MEM_UNDEFINED(p, len);
}

/* These may be looked at again: a verdict, or what is sent. */
static void public(void *p, size_t len)
{
	VALGRIND_MAKE_MEM_DEFINED(p, len);
}

static bool verdict(bool ok)
{
	public(&ok, sizeof(ok));
	return ok;
}

static void test_the_tool_sees_it(void **state)
{
	uint8_t octets[2] = { 1, 2 };
	unsigned before = VALGRIND_COUNT_ERRORS;

	if (!RUNNING_ON_VALGRIND)
		return;
	secret(octets, sizeof(octets));
	VALGRIND_DISABLE_ERROR_REPORTING;
	assert_int_not_equal(VALGRIND_CHECK_MEM_IS_DEFINED(octets, sizeof(octets)), 0);
	VALGRIND_ENABLE_ERROR_REPORTING;
	assert_int_equal(VALGRIND_COUNT_ERRORS, before);
}

static void test_equal(void **state)
{
	for (unsigned differ = 0; differ <= 16; differ++) {
		uint8_t a[16] = { 0 }, b[16] = { 0 };

		if (differ < 16)
			b[differ] = 1;
		secret(a, sizeof(a));
		secret(b, sizeof(b));
		assert_int_equal(verdict(crypto_equal(BYTES(a), BYTES(b))), differ == 16);
	}
}

static void test_nia2(void **state)
{
	uint8_t key[16] = { 7 }, mac[NIA_MAC_LEN], msg[] = "a NAS message";

	assert_true(nia_mac(NIA2, key, 1, 1, 0, msg, sizeof(msg) * 8, mac));
	secret(key, sizeof(key));
	assert_true(verdict(nia_verify(NIA2, key, 1, 1, 0, BYTES(msg), mac)));
	mac[0] ^= 1;
	assert_false(verdict(nia_verify(NIA2, key, 1, 1, 0, BYTES(msg), mac)));
}

/* One whole 5G-AKA, from K to the NAS keys: vector, challenge, RES*, K_AUSF, K_SEAF, K_AMF. */
static void test_aka(void **state)
{
	static const struct bytes snn = { (const uint8_t *)"5G:mnc001.mcc001.3gppnetwork.org", 32 };
	uint8_t rand[16] = { 3 }, amf[2] = { 0x80, 0 }, abba[2] = { 0 };
	uint8_t res_star[16], hres_star[16], k_ausf[32], k_seaf[32], k_amf[32], k_nas[16], k_gnb[32];
	struct aka_key key = { .alg = AKA_MILENAGE, .k = { 1 }, .k_len = 16, .opc = { 2 } };
	struct aka_vector v, u;

	secret(key.k, sizeof(key.k));
	secret(key.opc, sizeof(key.opc));
	assert_true(verdict(aka_vector_generate(&key, 33, amf, rand, &v)));
	assert_true(verdict(aka_challenge_verify(&key, rand, v.autn, &u)));
	v.autn[15] ^= 1;
	assert_false(verdict(aka_challenge_verify(&key, rand, v.autn, &u)));
	public(&v.res_len, sizeof(v.res_len));
	assert_true(verdict(kdf_res_star(v.ck, v.ik, snn, rand, bytes_of(v.res, v.res_len), res_star)));
	assert_true(verdict(kdf_hres_star(rand, res_star, hres_star)));
	assert_true(verdict(kdf_k_ausf(v.ck, v.ik, snn, v.autn, k_ausf)));
	assert_true(verdict(kdf_k_seaf(k_ausf, snn, k_seaf)));
	assert_true(verdict(kdf_k_amf(k_seaf, bytes_of_str("001010000000001"), BYTES(abba), k_amf)));
	assert_true(verdict(kdf_alg_key(k_amf, KDF_NAS_INT, 2, k_nas)));
	assert_true(verdict(kdf_k_gnb(k_amf, 0, KDF_ACCESS_3GPP, k_gnb)));
}

static void test_auts(void **state)
{
	uint8_t rand[16] = { 3 }, auts[AKA_AUTS_LEN];
	struct aka_key key = { .alg = AKA_MILENAGE, .k = { 1 }, .k_len = 16, .opc = { 2 } };
	uint64_t sqn;

	secret(key.k, sizeof(key.k));
	secret(key.opc, sizeof(key.opc));
	assert_true(verdict(aka_auts_build(&key, 77, rand, auts)));
	public(auts, sizeof(auts)); /* it is sent */
	assert_true(verdict(aka_auts_verify(&key, rand, auts, &sqn)));
	auts[13] ^= 1;
	assert_false(verdict(aka_auts_verify(&key, rand, auts, &sqn)));
}

static void test_seal(void **state)
{
	uint8_t key[SEAL_KEY_LEN] = { 9 }, nonce[SEAL_NONCE_LEN] = { 1 }, plain[16] = { 5 }, sealed[64],
		out[64];
	struct writer w = writer_of(sealed, sizeof(sealed)), p;

	secret(key, sizeof(key));
	secret(plain, sizeof(plain));
	assert_true(verdict(seal_encrypt(key, nonce, BYTES_NONE, BYTES(plain), &w)));
	public(sealed, w.len); /* it is stored */
	p = writer_of(out, sizeof(out));
	assert_true(verdict(seal_decrypt(key, nonce, BYTES_NONE, writer_bytes(&w), &p)));
	sealed[0] ^= 1;
	p = writer_of(out, sizeof(out));
	assert_false(verdict(seal_decrypt(key, nonce, BYTES_NONE, writer_bytes(&w), &p)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_tool_sees_it),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_nia2),
		cmocka_unit_test(test_aka),
		cmocka_unit_test(test_auts),
		cmocka_unit_test(test_seal),
	};

	return cmocka_run_group_tests_name("crypto/constant_time", tests, NULL, NULL);
}
