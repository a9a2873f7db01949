#include "base/cursor.h"
#include "crypto/snow3g.h"
#include "crypto/snow3g_tables.h"
#include "crypto/vectors.h"

enum { STREAM_WORDS = 2500 };

static void words_of(const struct vector *v, const char *name, uint32_t words[4])
{
	uint8_t octets[16];
	struct cursor c = cursor_of(vector_hex(v, name, octets, sizeof(octets)));

	for (int i = 0; i < 4; i++)
		words[i] = cursor_u32(&c);
	assert_false(c.failed);
}

static void check_stream(const struct vector *v)
{
	static uint32_t words[STREAM_WORDS];
	static uint8_t octets[4 * STREAM_WORDS];
	struct writer w = writer_of(octets, sizeof(octets));
	uint8_t want[64];
	uint32_t key[4], iv[4];
	struct snow3g g;

	words_of(v, "key", key);
	words_of(v, "iv", iv);
	snow3g_init(&g, key, iv);
	for (size_t at = 0; at < STREAM_WORDS; at += 50)
		snow3g_words(&g, words + at, 50);
	for (size_t i = 0; i < STREAM_WORDS; i++)
		writer_u32(&w, words[i]);
	vector_check(v, "octets_1", octets, vector_hex(v, "octets_1", want, sizeof(want)).len);
	if (vector_find(v, "octets_2"))
		vector_check(v, "octets_2", octets + vector_number(v, "offset_2"),
			vector_hex(v, "octets_2", want, sizeof(want)).len);
}

static void test_streams(void **state)
{
	assert_int_equal(vectors_each("snow3g_keystream.txt", check_stream), 4);
}

/* Clause 3.1.1 */
static uint8_t mulx(uint8_t v, uint8_t c)
{
	return (uint8_t)(v & 0x80 ? v << 1 ^ c : v << 1);
}

static uint8_t mulx_pow(uint8_t v, int i, uint8_t c)
{
	while (i-- > 0)
		v = mulx(v, c);
	return v;
}

/* The product in GF(2^8) reduced by c. */
static uint8_t product(uint8_t a, uint8_t b, uint8_t c)
{
	uint8_t r = 0;

	for (int i = 0; i < 8; i++)
		if (b >> i & 1)
			r ^= mulx_pow(a, i, c);
	return r;
}

static uint8_t power(uint8_t x, int n, uint8_t c)
{
	uint8_t r = 1;

	while (n-- > 0)
		r = product(r, x, c);
	return r;
}

/* SR is the S-box of AES: inverse, then the affine map. */
static uint8_t box_sr(uint8_t x)
{
	uint8_t inverse = power(x, 254, 0x1b), r = inverse ^ 0x63;

	for (int i = 1; i <= 4; i++)
		r ^= (uint8_t)(inverse << i | inverse >> (8 - i));
	return r;
}

/* SQ is the Dickson polynomial g49 plus 0x25, in the field of x^8 + x^6 + x^5 + x^3 + 1. */
static uint8_t box_sq(uint8_t x)
{
	static const int exponents[] = { 1, 9, 13, 15, 33, 41, 45, 47, 49 };
	uint8_t r = 0x25;

	for (size_t i = 0; i < ARRAY_LEN(exponents); i++)
		r ^= power(x, exponents[i], 0x69);
	return r;
}

/* Clauses 3.3.1 and 3.3.2: the column that the most significant octet's S-box output s adds. */
static uint32_t column(uint8_t s, uint8_t c)
{
	uint8_t twice = mulx(s, c);

	return (uint32_t)twice << 24 | (uint32_t)(twice ^ s) << 16 | (uint32_t)s << 8 | s;
}

static uint32_t alpha(uint8_t v, const int exponent[4])
{
	uint32_t r = 0;

	for (int i = 0; i < 4; i++)
		r = r << 8 | mulx_pow(v, exponent[i], 0xa9);
	return r;
}

static void test_tables(void **state)
{
	static const int mul[4] = { 23, 245, 48, 239 }, div[4] = { 16, 39, 6, 64 };

	for (int i = 0; i < 256; i++) {
		assert_int_equal(snow3g_s1[i], column(box_sr((uint8_t)i), 0x1b));
		assert_int_equal(snow3g_s2[i], column(box_sq((uint8_t)i), 0x69));
		assert_int_equal(snow3g_mul_alpha[i], alpha((uint8_t)i, mul));
		assert_int_equal(snow3g_div_alpha[i], alpha((uint8_t)i, div));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_tables),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
