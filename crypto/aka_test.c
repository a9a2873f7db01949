#include "base/cursor.h"
#include "crypto/aka_function.h"
#include "crypto/vectors.h"

static uint64_t sqn_of(const struct vector *v, const char *name)
{
	uint8_t octets[6];
	struct cursor c = cursor_of(vector_hex(v, name, octets, sizeof(octets)));

	return cursor_uint(&c, 6);
}

/* AUTN of the vector: (SQN xor AK) || AMF || MAC-A. */
static void autn_of(const struct vector *v, const uint8_t mac[8], uint8_t autn[AKA_AUTN_LEN])
{
	uint8_t ak[6];

	vector_hex(v, "sqn", autn, 6);
	vector_hex(v, "ak", ak, sizeof(ak));
	for (int i = 0; i < 6; i++)
		autn[i] ^= ak[i];
	vector_hex(v, "amf", autn + 6, 2);
	memcpy(autn + 8, mac, 8);
}

static void check_resync(const struct vector *v, const struct aka_key *key, const uint8_t rand[16])
{
	uint8_t auts[AKA_AUTS_LEN], ak_star[6];
	uint64_t sqn_ms, want = sqn_of(v, "sqn");

	assert_true(aka_auts_build(key, want, rand, auts));
	vector_hex(v, "ak_star", ak_star, sizeof(ak_star));
	for (int i = 0; i < 6; i++)
		assert_int_equal(auts[i] ^ ak_star[i], (uint8_t)(want >> (40 - 8 * i)));
	assert_true(aka_auts_verify(key, rand, auts, &sqn_ms));
	assert_true(sqn_ms == want);
	for (size_t bit = 0; bit < 8 * sizeof(auts); bit++) {
		auts[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(aka_auts_verify(key, rand, auts, &sqn_ms));
		assert_true(sqn_ms == 0);
		auts[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_false(aka_auts_build(key, (uint64_t)1 << 48, rand, auts));
}

static void check_challenge(const struct vector *v, const struct aka_key *key, const uint8_t rand[16],
	const struct aka_vector *net)
{
	uint8_t autn[AKA_AUTN_LEN];
	struct aka_vector usim;

	assert_true(aka_challenge_verify(key, rand, net->autn, &usim));
	assert_memory_equal(&usim, net, sizeof(usim));
	for (size_t bit = 0; bit < 8 * sizeof(autn); bit++) {
		memcpy(autn, net->autn, sizeof(autn));
		autn[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(aka_challenge_verify(key, rand, autn, &usim));
		assert_int_equal(usim.res_len, 0);
	}
}

static void check_vector(
	const struct vector *v, struct aka_key *key, const char *op_name, const char *opc_name)
{
	uint8_t rand[16], amf[2], op[32], autn[AKA_AUTN_LEN];
	struct aka_vector a;

	key->k_len = (uint8_t)vector_hex(v, "k", key->k, sizeof(key->k)).len;
	vector_hex(v, "rand", rand, sizeof(rand));
	vector_hex(v, "amf", amf, sizeof(amf));
	assert_true(aka_opc_derive(key, vector_hex(v, op_name, op, sizeof(op))));
	vector_check(v, opc_name, key->opc, aka_function(key->alg)->opc_len);
	memset(&a, 0, sizeof(a));
	assert_true(aka_vector_generate(key, sqn_of(v, "sqn"), amf, rand, &a));
	if (key->alg == AKA_MILENAGE || vector_number(v, "len_mac") == 64)
		vector_check(v, "mac_a", a.mac, sizeof(a.mac));
	autn_of(v, a.mac, autn);
	if (key->alg == AKA_MILENAGE)
		assert_memory_equal(a.autn, autn, sizeof(autn));
	check_challenge(v, key, rand, &a);
	check_resync(v, key, rand);
	assert_false(aka_vector_generate(key, (uint64_t)1 << 48, amf, rand, &a));
}

static void check_milenage(const struct vector *v)
{
	struct aka_key key = { .alg = AKA_MILENAGE };

	check_vector(v, &key, "op", "opc");
}

/* The interface offers TUAK with 64-bit MAC and 128-bit keys: other sets take part with those sizes. */
static void check_tuak(const struct vector *v)
{
	struct aka_key key = { .alg = AKA_TUAK, .res_len = 8 };

	if (vector_find(v, "keccak_iterations"))
		key.keccak_iterations = (uint8_t)vector_number(v, "keccak_iterations");
	check_vector(v, &key, "top", "topc");
}

static void test_milenage(void **state)
{
	assert_int_equal(vectors_each("milenage.txt", check_milenage), 20);
}

static void test_tuak(void **state)
{
	assert_int_equal(vectors_each("tuak.txt", check_tuak), 6);
}

static void test_malformed_keys(void **state)
{
	const struct aka_key keys[] = {
		{ .alg = AKA_MILENAGE, .k_len = 32 },
		{ .alg = AKA_MILENAGE, .k_len = 16, .res_len = 4 },
		{ .alg = AKA_MILENAGE },
		{ .alg = AKA_TUAK, .k_len = 24 },
		{ .alg = AKA_TUAK, .k_len = 16, .res_len = 32 },
		{ .alg = AKA_TUAK, .k_len = 16, .res_len = 5 },
		{ .alg = AKA_ALG_COUNT, .k_len = 16 },
	};
	uint8_t zeros[32] = { 0 }, auts[AKA_AUTS_LEN] = { 0 };
	struct aka_vector a;
	uint64_t sqn;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		struct aka_key key = keys[i];

		assert_false(aka_vector_generate(&key, 0, zeros, zeros, &a));
		assert_false(aka_challenge_verify(&key, zeros, zeros, &a));
		assert_false(aka_auts_verify(&key, zeros, auts, &sqn));
		assert_false(aka_opc_derive(&key, bytes_of(zeros, 31)));
	}
}

/* Each row has all that is needed, and a name of its own that a refusal lists. */
static void test_rows(void **state)
{
	enum aka_alg named;

	for (unsigned alg = 0; alg < AKA_ALG_COUNT; alg++) {
		const struct aka_function *f = aka_function(alg);

		assert_true(f && f->opc && f->f1 && f->f2345 && f->f5_star);
		assert_non_null(strstr(AKA_ALG_NAMES, f->name));
		assert_true(aka_alg_named(f->name, &named));
		assert_int_equal(named, alg);
		assert_true(aka_lengths_valid(alg, f->k_lens[0], f->opc_len));
		assert_true(f->k_lens[0] <= AKA_K_MAX && f->k_lens[1] <= AKA_K_MAX);
		assert_true(f->opc_len <= AKA_OPC_MAX);
		assert_false(aka_lengths_valid(alg, 0, f->opc_len));
		assert_false(aka_lengths_valid(alg, f->k_lens[0], f->opc_len - 1u));
	}
	assert_null(aka_function(AKA_ALG_COUNT));
	assert_string_equal(aka_alg_name(AKA_ALG_COUNT), "unknown");
	assert_false(aka_alg_named("unknown", &named));
}

/* Both ends of each algorithm agree, whatever it is: a challenge, a re-synchronisation, and nobody else's. */
static void test_ends_agree(void **state)
{
	for (unsigned alg = 0; alg < AKA_ALG_COUNT; alg++) {
		const struct aka_function *f = aka_function(alg);
		struct aka_key key = { .alg = (enum aka_alg)alg, .k = { 7, 8 }, .k_len = f->k_lens[0] };
		static const uint8_t op[AKA_OPC_MAX] = { 1, 2 }, amf[2] = { 0x80, 0 }, rand[16] = { 9 };
		struct aka_vector net, usim;
		uint8_t auts[AKA_AUTS_LEN];
		uint64_t sqn;

		assert_true(aka_opc_derive(&key, bytes_of(op, f->opc_len)));
		assert_true(aka_vector_generate(&key, 0x123456, amf, rand, &net));
		assert_true(aka_challenge_verify(&key, rand, net.autn, &usim));
		assert_memory_equal(&usim, &net, sizeof(net));
		assert_true(aka_auts_build(&key, 77, rand, auts));
		assert_true(aka_auts_verify(&key, rand, auts, &sqn));
		assert_int_equal(sqn, 77);
		key.k[0] ^= 1;
		assert_false(aka_challenge_verify(&key, rand, net.autn, &usim));
		assert_false(aka_auts_verify(&key, rand, auts, &sqn));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_milenage),
		cmocka_unit_test(test_tuak),
		cmocka_unit_test(test_malformed_keys),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_ends_agree),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
