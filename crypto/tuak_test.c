#include "crypto/keccak.h"
#include "crypto/tuak.h"
#include "crypto/vectors.h"

/* len_... of the vector in octets. */
static uint8_t octets(const struct vector *v, const char *name)
{
	return (uint8_t)(vector_number(v, name) / 8);
}

static void check_set(const struct vector *v)
{
	uint8_t k[32], rand[16], sqn[6], amf[2], top[32], topc[32], mac[32], ak[6];
	struct tuak_sizes sizes = { .mac = octets(v, "len_mac"),
		.res = octets(v, "len_res"),
		.ck = octets(v, "len_ck"),
		.ik = octets(v, "len_ik"),
		.iterations = 1 };
	struct tuak t;

	if (vector_find(v, "keccak_iterations"))
		sizes.iterations = (uint8_t)vector_number(v, "keccak_iterations");
	sizes.k = (uint8_t)vector_hex(v, "k", k, sizeof(k)).len;
	vector_hex(v, "rand", rand, sizeof(rand));
	vector_hex(v, "sqn", sqn, sizeof(sqn));
	vector_hex(v, "amf", amf, sizeof(amf));
	vector_hex(v, "top", top, sizeof(top));
	assert_true(tuak_topc(&sizes, k, top, topc));
	vector_check(v, "topc", topc, sizeof(topc));
	assert_true(tuak_f1(&sizes, false, k, topc, rand, sqn, amf, mac));
	vector_check(v, "mac_a", mac, sizes.mac);
	assert_true(tuak_f1(&sizes, true, k, topc, rand, sqn, amf, mac));
	vector_check(v, "mac_s", mac, sizes.mac);
	assert_true(tuak_f2345(&sizes, k, topc, rand, &t));
	vector_check(v, "res", t.res, sizes.res);
	vector_check(v, "ck", t.ck, sizes.ck);
	vector_check(v, "ik", t.ik, sizes.ik);
	vector_check(v, "ak", t.ak, sizeof(t.ak));
	assert_true(tuak_f5_star(&sizes, k, topc, rand, ak));
	vector_check(v, "ak_star", ak, sizeof(ak));
}

static void test_sets(void **state)
{
	assert_int_equal(vectors_each("tuak.txt", check_set), 6);
}

static void test_sizes_refused(void **state)
{
	const struct tuak_sizes good = { 16, 8, 8, 16, 16, 1 };
	struct tuak_sizes bad[6] = { good, good, good, good, good, good };
	uint8_t zeros[32] = { 0 }, out[32];
	struct tuak t;

	bad[0].k = 24;
	bad[1].mac = 4;
	bad[2].res = 0;
	bad[3].ck = 8;
	bad[4].ik = 33;
	bad[5].iterations = 0;
	assert_true(tuak_f2345(&good, zeros, zeros, zeros, &t));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(tuak_topc(&bad[i], zeros, zeros, out));
		assert_false(tuak_f1(&bad[i], false, zeros, zeros, zeros, zeros, zeros, out));
		assert_false(tuak_f2345(&bad[i], zeros, zeros, zeros, &t));
		assert_false(tuak_f5_star(&bad[i], zeros, zeros, zeros, out));
	}
}

/* The first and last lanes of Keccak-f[1600] of zeros, from the Keccak team's KeccakF-1600 test vectors. */
static void test_keccak_zeros(void **state)
{
	uint64_t lanes[25] = { 0 };

	keccak_f1600(lanes);
	assert_true(lanes[0] == 0xf1258f7940e1dde7);
	assert_true(lanes[24] == 0xeaf1ff7b5ceca249);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_sizes_refused),
		cmocka_unit_test(test_keccak_zeros),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
