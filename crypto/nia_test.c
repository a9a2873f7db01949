#include "crypto/nia.h"
#include "crypto/vectors.h"

static enum nia_alg alg;

static void check_set(const struct vector *v)
{
	uint8_t key[16], msg[VECTOR_OCTETS_MAX], mac[4], other[4];
	uint32_t count = (uint32_t)vector_number(v, "count");
	uint8_t bearer = (uint8_t)vector_number(v, "bearer"),
		direction = (uint8_t)vector_number(v, "direction");
	size_t bits = vector_number(v, "length_bits"), len;

	vector_hex(v, "key", key, sizeof(key));
	len = vector_hex(v, "message", msg, sizeof(msg)).len;
	assert_true(nia_mac(alg, key, count, bearer, direction, msg, bits, mac));
	vector_check(v, "mac", mac, sizeof(mac));
	if (bits % 8 == 0) {
		assert_true(nia_verify(alg, key, count, bearer, direction, bytes_of(msg, len), mac));
		assert_false(nia_verify(alg, key, count + 1, bearer, direction, bytes_of(msg, len), mac));
		assert_false(nia_verify(alg, key, count, bearer, !direction, bytes_of(msg, len), mac));
		assert_false(nia_verify(alg, key, count, bearer ^ 1, direction, bytes_of(msg, len), mac));
	} else {
		msg[len - 1] ^= (uint8_t)(0xff >> bits % 8); /* bits after the end do not count */
		assert_true(nia_mac(alg, key, count, bearer, direction, msg, bits, other));
		assert_memory_equal(mac, other, 4);
	}
	msg[(bits - 1) / 8] ^= (uint8_t)(0x80 >> (bits - 1) % 8);
	assert_true(nia_mac(alg, key, count, bearer, direction, msg, bits, other));
	assert_memory_not_equal(mac, other, 4);
}

static void test_vectors(void **state)
{
	static const struct {
		enum nia_alg alg;
		const char *table;
		size_t sets;
	} tables[] = { { NIA1, "nia1.txt", 6 }, { NIA2, "nia2.txt", 8 }, { NIA3, "nia3.txt", 5 } };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		alg = tables[i].alg;
		assert_int_equal(vectors_each(tables[i].table, check_set), tables[i].sets);
	}
}

/* Every bit of a message counts, at any length around the chunk and block borders inside. */
static void test_bit_flips(void **state)
{
	static const size_t bits[] = { 1, 31, 32, 33, 63, 64, 65, 512, 1000, 2080, 2112, 4032, 4033, 8192 };
	uint8_t key[16] = { 9 }, msg[1024] = { 5 }, mac[4], other[4];

	for (alg = NIA1; alg < NIA_ALG_COUNT; alg++) {
		for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
			assert_true(nia_mac(alg, key, 1, 2, 0, msg, bits[i], mac));
			for (size_t bit = 0; bit < bits[i]; bit += 1 + bits[i] / 100) {
				msg[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
				assert_true(nia_mac(alg, key, 1, 2, 0, msg, bits[i], other));
				assert_memory_not_equal(mac, other, 4);
				msg[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
			}
		}
	}
}

static void test_edges(void **state)
{
	uint8_t key[16] = { 0 }, msg[8] = { 1 }, mac[4] = { 1, 1, 1, 1 };
	const uint8_t zeros[4] = { 0 };

	assert_true(nia_mac(NIA0, key, 0, 0, 0, msg, 64, mac));
	assert_memory_equal(mac, zeros, 4);
	assert_true(nia_verify(NIA0, key, 0, 0, 0, BYTES(msg), zeros));
	for (alg = NIA0; alg < NIA_ALG_COUNT; alg++) {
		assert_true(nia_mac(alg, key, 0, 0, 0, NULL, 0, mac));
		assert_true(nia_verify(alg, key, 0, 0, 0, BYTES_NONE, mac));
		mac[0] = 1;
		assert_false(nia_mac(alg, key, 0, 32, 0, msg, 64, mac));
		assert_memory_equal(mac, zeros, 4);
		assert_false(nia_mac(alg, key, 0, 0, 2, msg, 64, mac));
		assert_false(nia_verify(alg, key, 0, 0, 2, BYTES(msg), zeros));
	}
	assert_false(nia_mac(NIA_ALG_COUNT, key, 0, 0, 0, msg, 64, mac));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_edges),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
