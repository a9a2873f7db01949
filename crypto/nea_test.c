#include "crypto/nea.h"
#include "crypto/vectors.h"

static enum nea_alg alg;

static void check_set(const struct vector *v)
{
	uint8_t key[16], data[VECTOR_OCTETS_MAX], plain[VECTOR_OCTETS_MAX];
	uint32_t count = (uint32_t)vector_number(v, "count");
	uint8_t bearer = (uint8_t)vector_number(v, "bearer"),
		direction = (uint8_t)vector_number(v, "direction");
	size_t bits = vector_number(v, "length_bits"), len;
	uint8_t spare = bits % 8 ? (uint8_t)(0xff >> bits % 8) : 0;

	vector_hex(v, "key", key, sizeof(key));
	len = vector_hex(v, "plaintext", plain, sizeof(plain)).len;
	if (len == 0)
		fail_msg("a vector without a message");
	memcpy(data, plain, len);
	assert_true(nea_crypt(alg, key, count, bearer, direction, data, bits));
	vector_check(v, "ciphertext", data, len);
	data[len - 1] |= spare; /* bits after the end stay as they are */
	assert_true(nea_crypt(alg, key, count, bearer, direction, data, bits));
	assert_int_equal(data[len - 1], plain[len - 1] | spare);
	data[len - 1] = plain[len - 1];
	assert_memory_equal(data, plain, len);
}

static void test_vectors(void **state)
{
	static const struct {
		enum nea_alg alg;
		const char *table;
		size_t sets;
	} tables[] = { { NEA1, "nea1.txt", 5 }, { NEA2, "nea2.txt", 6 }, { NEA3, "nea3.txt", 5 } };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		alg = tables[i].alg;
		assert_int_equal(vectors_each(tables[i].table, check_set), tables[i].sets);
	}
}

/* Any length gives a prefix of what a longer one gives, across the keystream chunks inside. */
static void test_prefixes(void **state)
{
	static const size_t bits[] = { 1, 7, 8, 9, 31, 32, 33, 127, 128, 129, 2047, 2048, 2049, 4096, 4103,
		8191 };
	uint8_t key[16] = { 1, 2, 3 }, full[1024], part[1025];

	for (alg = NEA1; alg < NEA_ALG_COUNT; alg++) {
		memset(full, 0, sizeof(full));
		assert_true(nea_crypt(alg, key, 7, 3, 1, full, 8 * sizeof(full)));
		for (size_t i = 0; i < ARRAY_LEN(bits); i++) {
			size_t whole = bits[i] / 8, rest = bits[i] % 8;

			memset(part, 0, sizeof(part)); /* one more, to see that it stays */
			assert_true(nea_crypt(alg, key, 7, 3, 1, part, bits[i]));
			assert_memory_equal(part, full, whole);
			if (rest)
				assert_int_equal(part[whole], full[whole] & ~(0xff >> rest));
			assert_int_equal(part[whole + 1], 0);
		}
	}
}

static void test_edges(void **state)
{
	uint8_t key[16] = { 0 }, data[4] = { 1, 2, 3, 4 }, same[4] = { 1, 2, 3, 4 };

	assert_true(nea_crypt(NEA0, key, 0, 0, 0, data, 32));
	assert_memory_equal(data, same, 4);
	for (alg = NEA0; alg < NEA_ALG_COUNT; alg++) {
		assert_true(nea_crypt(alg, key, 0, 0, 0, NULL, 0));
		assert_false(nea_crypt(alg, key, 0, 32, 0, data, 32));
		assert_false(nea_crypt(alg, key, 0, 0, 2, data, 32));
	}
	assert_false(nea_crypt(NEA_ALG_COUNT, key, 0, 0, 0, data, 32));
	assert_memory_equal(data, same, 4);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_edges),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
