/* Numbers, lengths and strings against encodings worked out from the clauses of X.691. */
#include "wire/per/cases_asn1.h"

#include "base/test.h"
#include "wire/per/test_roundtrip.h"

static void integer(enum cases_integers_tag tag, int64_t v, const char *aligned, const char *unaligned)
{
	struct cases_integers in = { .tag = tag };

	switch (tag) {
	case CASES_INTEGERS_TAG_ANY:
		in.u.any = v;
		break;
	case CASES_INTEGERS_TAG_FROM_MINUS_ONE:
		in.u.from_minus_one = v;
		break;
	case CASES_INTEGERS_TAG_FROM_ONE:
		in.u.from_one = (uint64_t)v;
		break;
	case CASES_INTEGERS_TAG_FOUR:
		in.u.four = (uint8_t)v;
		break;
	case CASES_INTEGERS_TAG_RANGE255:
		in.u.range255 = (uint16_t)v;
		break;
	case CASES_INTEGERS_TAG_RANGE256:
		in.u.range256 = (uint16_t)v;
		break;
	case CASES_INTEGERS_TAG_RANGE32001:
		in.u.range32001 = (uint16_t)v;
		break;
	case CASES_INTEGERS_TAG_RANGE65538:
		in.u.range65538 = (uint32_t)v;
		break;
	case CASES_INTEGERS_TAG_SIGNED:
		in.u.signed_ = (int8_t)v;
		break;
	case CASES_INTEGERS_TAG_GROWING:
		in.u.growing = v;
		break;
	case CASES_INTEGERS_TAG_WHOLE:
		in.u.whole = (uint64_t)v;
		break;
	case CASES_INTEGERS_TAG_SINGLE:
		in.u.single = (uint8_t)v;
		break;
	default:
		fail();
	}
	round_trip(&cases_integers_type, &in, sizeof(in), aligned, unaligned);
}

/* Clause 13; the first four bits are the alternative's index. */
static void test_integers(void **state)
{
	integer(CASES_INTEGERS_TAG_ANY, 4096, "00 02 10 00", "00 21 00 00");
	integer(CASES_INTEGERS_TAG_ANY, 127, "00 01 7f", "00 17 f0");
	integer(CASES_INTEGERS_TAG_ANY, 128, "00 02 00 80", "00 20 08 00");
	integer(CASES_INTEGERS_TAG_ANY, -128, "00 01 80", "00 18 00");
	integer(CASES_INTEGERS_TAG_ANY, -129, "00 02 ff 7f", "00 2f f7 f0");
	integer(CASES_INTEGERS_TAG_ANY, INT64_MIN, "00 08 8000000000000000", "00 88 0000000000000000");
	integer(CASES_INTEGERS_TAG_FROM_MINUS_ONE, 4096, "10 02 10 01", "10 21 00 10");
	integer(CASES_INTEGERS_TAG_FROM_ONE, 127, "20 01 7e", "20 17 e0");
	integer(CASES_INTEGERS_TAG_FOUR, 3, "30", "30");
	integer(CASES_INTEGERS_TAG_FOUR, 6, "3c", "3c");
	integer(CASES_INTEGERS_TAG_RANGE255, 4006, "40 60", "40 60");
	integer(CASES_INTEGERS_TAG_RANGE256, 4002, "50 02", "50 20");
	integer(CASES_INTEGERS_TAG_RANGE32001, 31000, "60 79 18", "6f 23 00");
	integer(CASES_INTEGERS_TAG_RANGE65538, 1, "70 00", "70 00 00");
	integer(CASES_INTEGERS_TAG_RANGE65538, 257, "74 01 00", "70 08 00");
	integer(CASES_INTEGERS_TAG_RANGE65538, 65538, "78 01 00 01", "78 00 08");
	integer(CASES_INTEGERS_TAG_SIGNED, -100, "80 00", "80 00");
	integer(CASES_INTEGERS_TAG_SIGNED, 100, "8c 80", "8c 80");
	integer(CASES_INTEGERS_TAG_GROWING, 7, "97", "97");
	integer(CASES_INTEGERS_TAG_GROWING, 300, "98 02 01 2c", "98 10 09 60");
	integer(CASES_INTEGERS_TAG_WHOLE, -1, "ae ffffffffffffffff", "af ffffffffffffff f0");
	integer(CASES_INTEGERS_TAG_SINGLE, 42, "b0", "b0");
}

static void test_integers_out_of_range(void **state)
{
	struct cases_integers in = { .tag = CASES_INTEGERS_TAG_FOUR, .u.four = 7 };

	refuse_encode(&cases_integers_type, &in);
	in.u.four = 2;
	refuse_encode(&cases_integers_type, &in);
	in = (struct cases_integers){ .tag = CASES_INTEGERS_TAG_NONE };
	refuse_encode(&cases_integers_type, &in);
	in = (struct cases_integers){ .tag = CASES_INTEGERS_TAG_N };
	refuse_encode(&cases_integers_type, &in);
	refuse_decode(&cases_integers_type, PER_ALIGNED, "c0");          /* no such alternative */
	refuse_decode(&cases_integers_type, PER_ALIGNED, "4f f0");       /* 255 of a range of 255 */
	refuse_decode(&cases_integers_type, PER_ALIGNED, "78 01 00 02"); /* 65539 */
	refuse_decode(&cases_integers_type, PER_ALIGNED, "7c 01 00 00 00");
	refuse_decode(&cases_integers_type, PER_ALIGNED, "00 00"); /* no octets */
	refuse_decode(&cases_integers_type, PER_ALIGNED, "00 09 000000000000000000");
	refuse_decode(&cases_integers_type, PER_ALIGNED, "00 02 10");    /* truncated */
	refuse_decode(&cases_integers_type, PER_ALIGNED, "00 01 7f 00"); /* an octet too many */
}

static void string(struct cases_strings in, const char *aligned, const char *unaligned)
{
	round_trip(&cases_strings_type, &in, sizeof(in), aligned, unaligned);
}

#define OCTETS(field, text)                                                                                  \
	((struct cases_strings){ .tag = CASES_STRINGS_TAG_##field, .u.octets = bytes_of_str(text) })
#define BITS(field, n, ...)                                                                                  \
	((struct cases_strings){                                                                             \
		.tag = CASES_STRINGS_TAG_##field, .u.bits = { (const uint8_t[]){ __VA_ARGS__ }, n } })

/* Clauses 16, 17 and 30; the first four bits are the alternative's index. */
static void test_strings(void **state)
{
	string(OCTETS(OCTETS, ""), "00 00", "00 00");
	string(OCTETS(OCTETS, "ab"), "00 02 61 62", "00 26 16 20");
	string(OCTETS(TWO, "ab"), "16 16 20", "16 16 20");
	string(OCTETS(THREE, "abc"), "20 61 62 63", "26 16 26 30");
	string(OCTETS(UP_TO4, ""), "30", "30");
	string(OCTETS(UP_TO4, "a"), "32 61", "32 c2");
	string(OCTETS(GROWING, "a"), "40 61", "41 84");
	string(OCTETS(GROWING, "abc"), "48 03 61 62 63", "48 1b 0b 13 18");
	string(BITS(BITS, 3, 0xa0), "50 03 a0", "50 3a");
	string((struct cases_strings){ .tag = CASES_STRINGS_TAG_BITS16, .u.bits16 = 0xa5c3 }, "6a 5c 30",
		"6a 5c 30");
	string((struct cases_strings){ .tag = CASES_STRINGS_TAG_BITS17, .u.bits17 = 3 }, "70 00 01 80",
		"70 00 18");
	string(BITS(BITS22TO32, 22, 0xff, 0xff, 0xfc), "80 ff ff fc", "80 ff ff fc");
	string(BITS(BITS16UP, 16, 0xe0, 0x00), "97 00 00", "97 00 00");
	string(BITS(BITS16UP, 17, 0xe0, 0x00, 0x80), "98 11 e0 00 80", "98 8f 00 04");
	string(OCTETS(NAME, "gnb"), "a0 10 67 6e 62", "a0 16 7d d8 80");
	string(OCTETS(SHORT, "A"), "b4 10", "b8 20");
	string(OCTETS(UTF8, "A"), "c0 01 41", "c0 14 10");
}

static void test_strings_out_of_size(void **state)
{
	struct cases_strings in = OCTETS(TWO, "abc");

	refuse_encode(&cases_strings_type, &in);
	in = OCTETS(UP_TO4, "abcde");
	refuse_encode(&cases_strings_type, &in);
	in = (struct cases_strings){ .tag = CASES_STRINGS_TAG_OCTETS, .u.octets = { NULL, 1 } };
	refuse_encode(&cases_strings_type, &in);
	in = (struct cases_strings){ .tag = CASES_STRINGS_TAG_BITS16, .u.bits16 = 0 };
	refuse_decode(&cases_strings_type, PER_ALIGNED, "00 05 61");
	refuse_decode(&cases_strings_type, PER_ALIGNED, "00 c0");       /* a fragment of none */
	refuse_decode(&cases_strings_type, PER_ALIGNED, "00 c5 00");    /* a fragment of five units */
	refuse_decode(&cases_strings_type, PER_ALIGNED, "00 c4 00");    /* 65536 octets in one */
	refuse_decode(&cases_strings_type, PER_ALIGNED, "38 61 62 63"); /* upTo4: size 5 and more */
}

static void test_bits_as_number(void **state)
{
	static const uint8_t octets[] = { 0xa5, 0xc3, 0xff };
	struct per_bits b = { octets, 22 };

	assert_int_equal(per_bits_uint(b, 4), 0xa);
	assert_int_equal(per_bits_uint(b, 22), 0xa5c3ff >> 2);
	assert_int_equal(per_bits_uint(b, 24), (0xa5c3ff >> 2) << 2);
	assert_int_equal(per_bits_uint((struct per_bits){ NULL, 0 }, 8), 0);
}

/* Clause 11.9.3.8: lengths at the edges of the forms of a length, and of fragments. */
static void test_fragments(void **state)
{
	static const size_t lengths[] = { 0, 1, 127, 128, 16383, 16384, 16385, 20000, 32768, 49152, 65535,
		65536, 65537, 81920, 131072, 150000 };
	static uint8_t octets[150000], out[160000];

	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < 2 * ARRAY_LEN(lengths); i++) {
		enum per_rule rule = i % 2 ? PER_UNALIGNED : PER_ALIGNED;
		struct cases_strings in = { .tag = CASES_STRINGS_TAG_OCTETS }, back;
		struct writer w = writer_of(out, sizeof(out));
		struct per_diag diag;
		struct arena arena;

		in.u.octets = bytes_of(octets, lengths[i / 2]);
		arena_init(&arena, NULL, 0, 4 * sizeof(octets));
		assert_true(per_encode(&cases_strings_type, rule, &in, &w));
		assert_true(per_decode(&cases_strings_type, rule, writer_bytes(&w), &arena, &back, &diag));
		assert_true(bytes_equal(in.u.octets, back.u.octets));
		arena_fini(&arena);
	}
}

/* Octets in front of the fragments: 20000 are one unit of 16384, then 3616. */
static void test_fragment_form(void **state)
{
	static uint8_t octets[20000], out[20010];
	struct cases_strings in = { .tag = CASES_STRINGS_TAG_OCTETS, .u.octets = bytes_of(octets, 20000) };
	struct writer w = writer_of(out, sizeof(out));

	assert_true(per_encode(&cases_strings_type, PER_ALIGNED, &in, &w));
	assert_int_equal(w.len, 1 + 1 + 16384 + 2 + 3616);
	assert_int_equal(out[1], 0xc1);
	assert_int_equal(out[2 + 16384], 0x8e);
	assert_int_equal(out[3 + 16384], 0x20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_integers_out_of_range),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_strings_out_of_size),
		cmocka_unit_test(test_bits_as_number),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_fragment_form),
	};

	return cmocka_run_group_tests_name("per/scalar", tests, NULL, NULL);
}
