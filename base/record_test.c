#include "base/test.h"

#include "base/record.h"

struct inner {
	uint8_t id;
	uint32_t value;
};

struct outer {
	uint16_t small;
	uint64_t big;
	char name[8];
	uint8_t key[4];
	struct inner one;
	uint8_t many_count;
	struct inner many[3];
};

static const struct record_field inner_fields[] = { RECORD_U(1, inner, id), RECORD_U(2, inner, value) };
static const struct record_def inner_def = { "inner", inner_fields, ARRAY_LEN(inner_fields) };
static const struct record_field outer_fields[] = {
	RECORD_U(1, outer, small),
	RECORD_U(2, outer, big),
	RECORD_S(3, outer, name),
	RECORD_K(4, outer, key),
	RECORD_SUB(5, outer, one, &inner_def),
	RECORD_L(6, outer, many, many_count, &inner_def),
};
static const struct record_def outer_def = { "outer", outer_fields, ARRAY_LEN(outer_fields) };

static const struct outer sample = { 5, UINT64_MAX, "abcdefg", { 1, 2, 3, 4 }, { 1, 70000 }, 2,
	{ { 0, 0 }, { 9, 8 } } };

static void test_round_trip(void **state)
{
	uint8_t buf[200];
	struct outer back = { 0 };
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(record_encode(&outer_def, &sample, &w));
	assert_true(record_decode(&outer_def, writer_bytes(&w), &back));
	assert_memory_equal(&back, &sample, sizeof(back));
	for (size_t cut = 1; cut < w.len; cut++) {
		struct outer part = { 0 };

		may_fail(record_decode(&outer_def, bytes_of(buf, cut), &part));
	}
}

static void test_versions(void **state)
{
	static const struct record_def next_version = { "outer", outer_fields + 1,
		ARRAY_LEN(outer_fields) - 1 };
	struct outer back = { 0 };
	uint8_t buf[200];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(record_encode(&outer_def, &sample, &w));
	assert_true(record_decode(&next_version, writer_bytes(&w), &back));
	assert_int_equal(back.small, 0);
	assert_true(back.big == UINT64_MAX);
}

static void test_refuses(void **state)
{
	struct outer o = { 0 };

	assert_false(record_decode(&outer_def, bytes_of("\1\0\3abc", 6), &o)); /* too large for uint16_t */
	assert_false(record_decode(&outer_def, bytes_of("\1\0\0", 3), &o));    /* empty number */
	assert_false(record_decode(&outer_def, bytes_of("\4\0\3abc", 6), &o)); /* octets of another size */
	assert_false(
		record_decode(&outer_def, bytes_of("\3\0\10abcdefgh", 11), &o)); /* no room for the end */
	assert_false(record_decode(
		&outer_def, bytes_of("\6\0\10\0\0\0\0\0\0\0\0", 11), &o)); /* a fourth element */
}

static void test_print_hides_secrets(void **state)
{
	char text[200];
	struct writer w = writer_of(text, sizeof(text));

	record_print(&outer_def, &sample, &w);
	writer_u8(&w, 0);
	assert_string_equal(text, "small=5 big=18446744073709551615 name=abcdefg key=*** "
				  "one={ id=1 value=70000 } many=[ {  }, { id=9 value=8 } ]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_print_hides_secrets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
