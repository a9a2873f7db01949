#include "base/cursor.h"
#include "crypto/vectors.h"
#include "crypto/zuc.h"

enum { STREAM_WORDS = 2000 };

static void check_stream(const struct vector *v)
{
	static uint32_t words[STREAM_WORDS];
	static uint8_t octets[4 * STREAM_WORDS];
	struct writer w = writer_of(octets, sizeof(octets));
	uint8_t key[16], iv[16], want[64];
	struct zuc z;

	vector_hex(v, "key", key, sizeof(key));
	vector_hex(v, "iv", iv, sizeof(iv));
	zuc_init(&z, key, iv);
	for (size_t at = 0; at < STREAM_WORDS; at += 40)
		zuc_words(&z, words + at, 40);
	for (size_t i = 0; i < STREAM_WORDS; i++)
		writer_u32(&w, words[i]);
	vector_check(v, "octets_1", octets, vector_hex(v, "octets_1", want, sizeof(want)).len);
	if (vector_find(v, "octets_2"))
		vector_check(v, "octets_2", octets + vector_number(v, "offset_2"),
			vector_hex(v, "octets_2", want, sizeof(want)).len);
}

static void test_streams(void **state)
{
	assert_int_equal(vectors_each("zuc_keystream.txt", check_stream), 4);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
	};

	vectors_args(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
