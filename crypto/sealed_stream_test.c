/* A stream in sealed pieces: its head by octets, pieces in their order, and an end that cannot be cut. */
#include "base/test.h"

#include <string.h>

#include "crypto/sealed_stream.h"

enum { COST = 1 };

static const uint8_t salt[SEALED_STREAM_SALT_LEN] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static uint8_t plain[SEALED_STREAM_PIECE], first[SEALED_STREAM_SEALED + 16], last[64];
static uint8_t head[SEALED_STREAM_HEAD_LEN];
static size_t last_len;

static struct sealed_stream begun(const char *passphrase)
{
	struct sealed_stream s;

	assert_true(sealed_stream_begin(&s, head, bytes_of_str(passphrase)));
	return s;
}

/* A whole piece, and "end". */
static int setup(void **state)
{
	struct sealed_stream s;
	struct writer w = writer_of(first, sizeof(first)), e = writer_of(last, sizeof(last));

	memset(plain, 7, sizeof(plain));
	sealed_stream_head(head, COST, salt);
	s = begun("secret");
	if (!sealed_stream_seal(&s, BYTES(plain), false, &w) ||
		!sealed_stream_seal(&s, bytes_of_str("end"), true, &e))
		return -1;
	last_len = e.len;
	return w.len == SEALED_STREAM_SEALED ? 0 : -1;
}

static void test_head(void **state)
{
	static const uint8_t expected[] = { 1, COST, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 15, 16 };
	struct sealed_stream s, other;

	assert_memory_equal(head, expected, sizeof(expected));
	for (size_t at = 0; at < 8; at++) {
		uint8_t wrong[sizeof(head)];

		memcpy(wrong, head, sizeof(head));
		wrong[at] = at == 1 ? SEALED_STREAM_COST_MAX + 1 : (uint8_t)(wrong[at] + 1);
		assert_false(sealed_stream_begin(&s, wrong, bytes_of_str("secret")));
	}
	head[1] = 0;
	assert_false(sealed_stream_begin(&s, head, bytes_of_str("secret")));
	head[1] = COST;
	s = begun("secret");
	head[sizeof(head) - 1]++; /* another salt is another key */
	other = begun("secret");
	assert_memory_not_equal(s.key, other.key, sizeof(s.key));
}

static bool opens(struct sealed_stream *s, struct bytes sealed, bool is_last)
{
	static uint8_t out[SEALED_STREAM_PIECE + 1];
	struct writer w = writer_of(out, sizeof(out));

	return sealed_stream_open(s, sealed, is_last, &w) &&
	       bytes_equal(writer_bytes(&w), is_last ? bytes_of_str("end") : BYTES(plain));
}

static void test_order(void **state)
{
	struct bytes a = bytes_of(first, SEALED_STREAM_SEALED), z = bytes_of(last, last_len);
	struct sealed_stream s = begun("secret");

	assert_false(opens(&s, z, true)); /* the end in place of the beginning */
	assert_false(opens(&s, a, true)); /* what is no end */
	assert_false(opens(&s, bytes_of(first, SEALED_STREAM_SEALED - 1), false));
	assert_false(opens(&s, bytes_of(first, SEAL_TAG_LEN - 1), true));
	assert_true(opens(&s, a, false));
	assert_false(opens(&s, a, false)); /* twice */
	assert_false(opens(&s, z, false)); /* more would follow */
	last[0] ^= 1;
	assert_false(opens(&s, z, true));
	last[0] ^= 1;
	assert_true(opens(&s, z, true));
	assert_false(opens(&s, z, true)); /* behind the end */
	s = begun("Secret");
	assert_false(opens(&s, a, false));
}

/* Each piece but the last is whole, and nothing follows that. */
static void test_lengths(void **state)
{
	struct sealed_stream s = begun("secret");
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out)), none = writer_of(out, SEAL_TAG_LEN + 2);

	assert_false(sealed_stream_seal(&s, bytes_of(plain, SEALED_STREAM_PIECE - 1), false, &w));
	assert_false(sealed_stream_seal(&s, bytes_of_str("end"), true, &none));
	assert_true(sealed_stream_seal(&s, BYTES_NONE, true, &w));
	assert_int_equal(w.len, SEAL_TAG_LEN);
	assert_false(sealed_stream_seal(&s, BYTES_NONE, true, &w));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = { TEST(test_head), TEST(test_order), TEST(test_lengths) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
