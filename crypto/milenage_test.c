#include "crypto/milenage.h"
#include "crypto/vectors.h"

static void check_set(const struct vector *v)
{
	uint8_t k[16], rand[16], sqn[6], amf[2], op[16], opc[16];
	struct milenage m, part;

	vector_hex(v, "k", k, sizeof(k));
	vector_hex(v, "rand", rand, sizeof(rand));
	vector_hex(v, "sqn", sqn, sizeof(sqn));
	vector_hex(v, "amf", amf, sizeof(amf));
	vector_hex(v, "op", op, sizeof(op));
	assert_true(milenage_opc(k, op, opc));
	vector_check(v, "opc", opc, sizeof(opc));
	assert_true(milenage_all(k, opc, rand, sqn, amf, &m));
	vector_check(v, "mac_a", m.mac_a, sizeof(m.mac_a));
	vector_check(v, "mac_s", m.mac_s, sizeof(m.mac_s));
	vector_check(v, "res", m.res, sizeof(m.res));
	vector_check(v, "ck", m.ck, sizeof(m.ck));
	vector_check(v, "ik", m.ik, sizeof(m.ik));
	vector_check(v, "ak", m.ak, sizeof(m.ak));
	vector_check(v, "ak_star", m.ak_star, sizeof(m.ak_star));
	assert_true(milenage_f1(k, opc, rand, sqn, amf, &part));
	assert_memory_equal(part.mac_a, m.mac_a, 8);
	assert_memory_equal(part.mac_s, m.mac_s, 8);
	assert_true(milenage_f2345(k, opc, rand, &part));
	assert_memory_equal(part.res, m.res, sizeof(m) - offsetof(struct milenage, res));
}

static void test_sets(void **state)
{
	assert_int_equal(vectors_each("milenage.txt", check_set), 20);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
