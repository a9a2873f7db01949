#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypto/aka.h"
#include "crypto/kdf.h"
#include "crypto/vectors.h"

/* The parameters of the K_... records of kdf_5g_aka.txt whose name is a function of one 32-octet key. */
static void check_alg_key(const struct vector *v, const char *key_name)
{
	uint8_t key[32], want[32], out[16], type;
	unsigned alg;

	vector_hex(v, key_name, key, sizeof(key));
	vector_hex(v, "output", want, sizeof(want));
	type = (uint8_t)vector_number(v, "algorithm_type");
	alg = (unsigned)vector_number(v, "algorithm_id");
	assert_true(kdf_alg_key(key, (enum kdf_alg_type)type, (uint8_t)alg, out));
	assert_memory_equal(out, want + 16, 16);
	/* and the generic KDF gives all 32 octets */
	uint8_t id = (uint8_t)alg;
	const struct bytes params[] = { bytes_of(&type, 1), bytes_of(&id, 1) };
	uint8_t full[32];

	assert_true(kdf(BYTES(key), 0x69, params, 2, full));
	assert_memory_equal(full, want, 32);
}

static void check_seaf_amf(const struct vector *v, bool seaf)
{
	uint8_t key[32], abba[2], out[32];

	if (seaf) {
		vector_hex(v, "k_ausf", key, sizeof(key));
		assert_true(kdf_k_seaf(key, bytes_of_str(vector_text(v, "sn_name")), out));
	} else {
		vector_hex(v, "k_seaf", key, sizeof(key));
		assert_true(kdf_k_amf(key, bytes_of_str(vector_text(v, "supi")),
			vector_hex(v, "abba", abba, sizeof(abba)), out));
	}
	vector_check(v, "output", out, sizeof(out));
}

static void check_ck_ik(const struct vector *v, bool res_star)
{
	struct bytes sn_name = bytes_of_str(vector_text(v, "sn_name"));
	uint8_t ck[16], ik[16], rand[16], res[16], sqn_xor_ak[6], out[32];

	vector_hex(v, "ck", ck, sizeof(ck));
	vector_hex(v, "ik", ik, sizeof(ik));
	if (res_star) {
		vector_hex(v, "rand", rand, sizeof(rand));
		assert_true(kdf_res_star(ck, ik, sn_name, rand, vector_hex(v, "res", res, sizeof(res)), out));
		vector_check(v, "output", out, 16);
	} else {
		vector_hex(v, "sqn_xor_ak", sqn_xor_ak, sizeof(sqn_xor_ak));
		assert_true(kdf_k_ausf(ck, ik, sn_name, sqn_xor_ak, out));
		vector_check(v, "output", out, 32);
	}
}

static void check_function(const struct vector *v)
{
	const char *name = vector_text(v, "function");

	if (strcmp(name, "RES*") == 0)
		check_ck_ik(v, true);
	else if (strcmp(name, "K_AUSF") == 0)
		check_ck_ik(v, false);
	else if (strcmp(name, "K_SEAF") == 0)
		check_seaf_amf(v, true);
	else if (strcmp(name, "K_AMF") == 0)
		check_seaf_amf(v, false);
	else
		check_alg_key(v, strncmp(name, "K_NAS", 5) == 0 ? "k_amf" : "k_gnb");
}

static void test_functions(void **state)
{
	assert_int_equal(vectors_each("kdf_5g_aka.txt", check_function), 9);
}

/* The Milenage set the chain begins with. */
static struct aka_vector chain_start;
static uint8_t chain_rand[16];
static unsigned long chain_set;

static void take_set(const struct vector *v)
{
	struct aka_key key = { .alg = AKA_MILENAGE, .k_len = 16 };
	uint8_t octets[6], amf[2];
	uint64_t sqn = 0;

	if (vector_number(v, "test_set") != chain_set)
		return;
	vector_hex(v, "k", key.k, 16);
	vector_hex(v, "opc", key.opc, 16);
	vector_hex(v, "sqn", octets, sizeof(octets));
	vector_hex(v, "amf", amf, sizeof(amf));
	vector_hex(v, "rand", chain_rand, sizeof(chain_rand));
	for (int i = 0; i < 6; i++)
		sqn = sqn << 8 | octets[i];
	assert_true(aka_vector_generate(&key, sqn, amf, chain_rand, &chain_start));
}

static void take_chain_set(const struct vector *v)
{
	chain_set = vector_number(v, "milenage_test_set");
}

static void check_keys_of(
	const struct vector *v, const uint8_t key[32], const char *name, enum kdf_alg_type type)
{
	char full[32];
	uint8_t out[16];

	for (int alg = 1; alg <= 3; alg++) {
		snprintf(full, sizeof(full), "%s_%d", name, alg);
		assert_true(kdf_alg_key(key, type, (uint8_t)alg, out));
		vector_check(v, full, out, sizeof(out));
	}
}

static void check_access_keys(const struct vector *v, const uint8_t k_amf[32])
{
	uint8_t k_gnb[32], out[32];

	assert_true(kdf_k_gnb(k_amf, (uint32_t)vector_number(v, "uplink_nas_count"), KDF_ACCESS_3GPP, k_gnb));
	vector_check(v, "k_gnb", k_gnb, sizeof(k_gnb));
	assert_true(kdf_nh(k_amf, k_gnb, out));
	vector_check(v, "nh_first", out, sizeof(out));
	check_keys_of(v, k_gnb, "k_rrc_enc", KDF_RRC_ENC);
	check_keys_of(v, k_gnb, "k_rrc_int", KDF_RRC_INT);
	check_keys_of(v, k_gnb, "k_up_enc", KDF_UP_ENC);
	check_keys_of(v, k_gnb, "k_up_int", KDF_UP_INT);
	assert_true(kdf_k_ngran_star(
		k_gnb, (uint16_t)vector_number(v, "pci"), (uint32_t)vector_number(v, "arfcn_dl"), out));
	vector_check(v, "k_ng_ran_star", out, sizeof(out));
}

static void check_chain(const struct vector *v)
{
	struct bytes sn_name = bytes_of_str(vector_text(v, "sn_name"));
	const struct aka_vector *a = &chain_start;
	uint8_t res_star[16], hres_star[16], k_ausf[32], k_seaf[32], k_amf[32], abba[2];

	vector_check(v, "autn", a->autn, sizeof(a->autn));
	assert_true(kdf_res_star(a->ck, a->ik, sn_name, chain_rand, bytes_of(a->res, a->res_len), res_star));
	vector_check(v, "xres_star", res_star, sizeof(res_star));
	assert_true(kdf_hres_star(chain_rand, res_star, hres_star));
	vector_check(v, "hxres_star", hres_star, sizeof(hres_star));
	assert_true(kdf_k_ausf(a->ck, a->ik, sn_name, a->autn, k_ausf));
	vector_check(v, "k_ausf", k_ausf, sizeof(k_ausf));
	assert_true(kdf_k_seaf(k_ausf, sn_name, k_seaf));
	vector_check(v, "k_seaf", k_seaf, sizeof(k_seaf));
	assert_true(kdf_k_amf(k_seaf, bytes_of_str(vector_text(v, "supi")),
		vector_hex(v, "abba", abba, sizeof(abba)), k_amf));
	vector_check(v, "k_amf", k_amf, sizeof(k_amf));
	check_keys_of(v, k_amf, "k_nas_enc", KDF_NAS_ENC);
	check_keys_of(v, k_amf, "k_nas_int", KDF_NAS_INT);
	check_access_keys(v, k_amf);
}

static void test_chain(void **state)
{
	assert_int_equal(vectors_each("kdf_chain.txt", take_chain_set), 1);
	assert_int_equal(vectors_each("milenage.txt", take_set), 20);
	assert_int_equal(vectors_each("kdf_chain.txt", check_chain), 1);
}

static void check_eap(const struct vector *v)
{
	uint8_t ck[16], ik[16], autn[16], ck_prime[16], ik_prime[16];
	struct kdf_eap_keys keys;

	vector_hex(v, "ck", ck, sizeof(ck));
	vector_hex(v, "ik", ik, sizeof(ik));
	vector_hex(v, "autn", autn, sizeof(autn));
	assert_true(kdf_ck_ik_prime(
		ck, ik, bytes_of_str(vector_text(v, "network_name")), autn, ck_prime, ik_prime));
	vector_check(v, "ck_prime", ck_prime, sizeof(ck_prime));
	vector_check(v, "ik_prime", ik_prime, sizeof(ik_prime));
	assert_true(kdf_eap_keys(ck_prime, ik_prime, bytes_of_str(vector_text(v, "identity")), &keys));
	vector_check(v, "k_encr", keys.k_encr, sizeof(keys.k_encr));
	vector_check(v, "k_aut", keys.k_aut, sizeof(keys.k_aut));
	vector_check(v, "k_re", keys.k_re, sizeof(keys.k_re));
	vector_check(v, "msk", keys.msk, sizeof(keys.msk));
	vector_check(v, "emsk", keys.emsk, sizeof(keys.emsk));
}

static void test_eap_aka_prime(void **state)
{
	assert_int_equal(vectors_each("eap_aka_prime.txt", check_eap), 4);
}

/* A.13 has no published vector: its S is spelled out here. */
static void test_k_amf_prime(void **state)
{
	const uint8_t s[] = { 0x72, 0x01, 0x00, 0x01, 0x12, 0x34, 0x56, 0x78, 0x00, 0x04 };
	const struct bytes params[] = { bytes_of(s + 1, 1), bytes_of(s + 4, 4) };
	uint8_t key[32] = { 7 }, out[32], want[32];

	assert_true(kdf_k_amf_prime(key, KDF_DOWNLINK, 0x12345678, out));
	assert_true(kdf(BYTES(key), 0x72, params, 2, want));
	assert_memory_equal(out, want, sizeof(out));
}

/* A.19 and A.20 have no published vectors: S is spelled out, and libcrypto asked without the functions here.
 */
static void test_upu_macs(void **state)
{
	static const uint8_t ausf[] = { 0x7b, 0x04, 0x00, 0x02, 0x21, 0xf3, 0x00, 0x05, 0x12, 0x34, 0x00,
		0x02 };
	static const uint8_t ue[] = { 0x7c, 0x01, 0x00, 0x01, 0x12, 0x34, 0x00, 0x02 };
	uint8_t key[32] = { 9 }, out[16], want[32];
	unsigned len;

	assert_true(kdf_upu_mac_i_ausf(key, bytes_of(ausf + 1, 5), 0x1234, out));
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), ausf, sizeof(ausf), want, &len));
	assert_memory_equal(out, want + 16, 16);
	assert_true(kdf_upu_mac_i_ue(key, 0x1234, out));
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), ue, sizeof(ue), want, &len));
	assert_memory_equal(out, want + 16, 16);
}

/* A.17 and A.18 likewise, with a list and without. */
static void test_sor_macs(void **state)
{
	static const uint8_t ausf[] = { 0x77, 0x0e, 0x00, 0x01, 0x12, 0x34, 0x00, 0x02, 0x00, 0xf1, 0x10,
		0x08, 0x00, 0x00, 0x05 };
	static const uint8_t ue[] = { 0x78, 0x01, 0x00, 0x01, 0x12, 0x34, 0x00, 0x02 };
	uint8_t key[32] = { 9 }, out[16], want[32];
	unsigned len;

	assert_true(kdf_sor_mac_i_ausf(key, 0x0e, bytes_of(ausf + 8, 5), 0x1234, out));
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), ausf, sizeof(ausf), want, &len));
	assert_memory_equal(out, want + 16, 16);
	assert_true(kdf_sor_mac_i_ausf(key, 0x0e, BYTES_NONE, 0x1234, out));
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), ausf, 8, want, &len));
	assert_memory_equal(out, want + 16, 16);
	assert_true(kdf_sor_mac_i_ue(key, 0x1234, out));
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), ue, sizeof(ue), want, &len));
	assert_memory_equal(out, want + 16, 16);
}

static void test_limits(void **state)
{
	static uint8_t big[255 * 32 + 1];
	const uint8_t zeros[32] = { 0 };
	const struct bytes param = BYTES(big);
	uint8_t key[32] = { 1 }, out[32] = { 1 };
	struct kdf_eap_keys keys;

	assert_false(kdf(BYTES(key), 0x6f, &param, 1, out));
	assert_memory_equal(out, zeros, 32);
	assert_false(kdf_k_seaf(key, param, out));
	assert_false(kdf_k_ngran_star(key, 1, 1 << 24, out));
	assert_false(kdf_eap_keys(key, key, param, &keys));
	assert_false(kdf_prf_prime(BYTES(key), BYTES_NONE, big, sizeof(big)));
	assert_true(kdf_prf_prime(BYTES(key), BYTES_NONE, big, sizeof(big) - 1));
	assert_true(kdf(BYTES(key), 0x6f, NULL, 0, out));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_eap_aka_prime),
		cmocka_unit_test(test_k_amf_prime),
		cmocka_unit_test(test_upu_macs),
		cmocka_unit_test(test_sor_macs),
		cmocka_unit_test(test_limits),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
