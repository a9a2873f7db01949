/* SEQUENCE, CHOICE, extensions and lists; and input made to hurt. */
#include "wire/per/cases_asn1.h"

#include "base/test.h"
#include "wire/per/test_roundtrip.h"

/* X.691 A.4.2 and A.4.3. */
static void test_annex_a4(void **state)
{
	struct cases_ax in = {
		.a = 253,
		.b = true,
		.c = { .tag = CASES_AX_C_TAG_E, .u.e = true },
		.has_g = true,
		.g = 0x234,
		.has_h = true,
		.h = true,
	};

	round_trip(&cases_ax_type, &in, sizeof(in), "9e 00 01 80 01 02 91 a4", "9e 00 06 00 04 0a 46 90");
}

/* 19.5: a DEFAULT value is not encoded; 19.7 to 19.9: additions and groups. */
static void test_growing(void **state)
{
	struct cases_shape shapes[] = { { .tag = CASES_SHAPE_TAG_POINT } };
	struct cases_few few = { 1, shapes };
	struct cases_growing in = { .level = 7, .colour = CASES_COLOUR_GREEN };

	round_trip(&cases_growing_type, &in, sizeof(in), "00", "00");
	in.level = 8;
	round_trip(&cases_growing_type, &in, sizeof(in), "50", "50");
	in.level = 7;
	in.has_number = true;
	in.number = 5;
	/* extended; no root components; 3 additions; 100; one octet of 05 */
	round_trip(&cases_growing_type, &in, sizeof(in), "80 a0 01 05", "80 a0 08 28");
	in.few = &few;
	in.has_last = true;
	round_trip(
		&cases_growing_type, &in, sizeof(in), "80 b8 01 05 01 00 01 00", "80 b8 08 28 08 00 08 00");
}

/* A group that is there must have its mandatory members. */
static void test_half_a_group(void **state)
{
	struct cases_growing in = { .level = 7, .colour = CASES_COLOUR_GREEN, .has_flag = true };

	refuse_encode(&cases_growing_type, &in);
}

/* Additions of a later version are skipped and counted. */
static void test_future_additions(void **state)
{
	uint8_t octets[64], memory[TRIP_ARENA];
	/* extended, no root components, 5 additions: the first and the last two */
	struct bytes in = test_hex("00 00 01 05 02 ff ff 01 00", octets, sizeof(octets));
	struct cases_growing out;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	octets[0] = 0x80 | 4 >> 2;
	octets[1] = (4 & 3) << 6 | 0x13 << 1;
	assert_true(per_decode(&cases_growing_type, PER_ALIGNED, in, &arena, &out, &diag));
	assert_int_equal(out.level, 7);
	assert_true(out.has_number);
	assert_int_equal(out.number, 5);
	assert_int_equal(diag.ignored, 2);
	assert_int_equal(diag.verdict, PER_PROCESS);
	arena_fini(&arena);
}

static void test_enumerated(void **state)
{
	struct cases_growing in = { .level = 7, .colour = CASES_COLOUR_BLACK };

	/* 11.6: extension 1 is a normally small number */
	round_trip(&cases_growing_type, &in, sizeof(in), "30 20", "30 20");
	in.colour = CASES_COLOUR_N; /* unknown to us: kept */
	round_trip(&cases_growing_type, &in, sizeof(in), "30 40", "30 40");
	in.colour = CASES_COLOUR_BLUE + 1 + 64; /* beyond six bits */
	round_trip(&cases_growing_type, &in, sizeof(in), "38 01 40", "38 0a 00");
}

static void test_choice(void **state)
{
	struct cases_shape in = { .tag = CASES_SHAPE_TAG_POINT };

	round_trip(&cases_shape_type, &in, sizeof(in), "00", "00");
	in = (struct cases_shape){ .tag = CASES_SHAPE_TAG_CIRCLE, .u.circle = 200 };
	round_trip(&cases_shape_type, &in, sizeof(in), "40 c8", "72 00");
	in = (struct cases_shape){ .tag = CASES_SHAPE_TAG_SQUARE, .u.square = bytes_of("x", 1) };
	round_trip(&cases_shape_type, &in, sizeof(in), "80 02 01 78", "80 02 01 78");
	in = (struct cases_shape){ .tag = CASES_SHAPE_TAG_N, .u.unknown = bytes_of("xy", 2) };
	round_trip(&cases_shape_type, &in, sizeof(in), "81 02 78 79", "81 02 78 79");
}

static void test_lists(void **state)
{
	struct cases_shape shapes[4] = { { .tag = CASES_SHAPE_TAG_POINT }, { .tag = CASES_SHAPE_TAG_POINT },
		{ .tag = CASES_SHAPE_TAG_POINT }, { .tag = CASES_SHAPE_TAG_POINT } };
	struct cases_few in = { 3, shapes };

	round_trip(&cases_few_type, &in, sizeof(in), "80", "80");
	in.count = 0;
	refuse_encode(&cases_few_type, &in);
	in.count = 4;
	refuse_encode(&cases_few_type, &in);
	in = (struct cases_few){ 1, NULL };
	refuse_encode(&cases_few_type, &in);
	refuse_decode(&cases_few_type, PER_ALIGNED, "c0");
}

static void test_long_lists(void **state)
{
	static const size_t lengths[] = { 0, 127, 128, 16383, 16384, 16385, 40000, 65536, 70000 };
	static uint8_t items[70000], out[80000];

	for (size_t i = 0; i < sizeof(items); i++)
		items[i] = (uint8_t)(i * 5 + i / 256);
	for (size_t i = 0; i < 2 * ARRAY_LEN(lengths); i++) {
		enum per_rule rule = i % 2 ? PER_UNALIGNED : PER_ALIGNED;
		struct cases_numbers in = { lengths[i / 2], items }, back;
		struct writer w = writer_of(out, sizeof(out));
		struct per_diag diag;
		struct arena arena;

		arena_init(&arena, NULL, 0, 8 * sizeof(items));
		assert_true(per_encode(&cases_numbers_type, rule, &in, &w));
		assert_true(per_decode(&cases_numbers_type, rule, writer_bytes(&w), &arena, &back, &diag));
		assert_int_equal(back.count, in.count);
		if (in.count > 0)
			assert_memory_equal(back.items, items, in.count);
		arena_fini(&arena);
	}
}

/* A count that the octets cannot hold is refused before anything is allocated for it. */
static void test_count_bomb(void **state)
{
	uint8_t octets[16], memory[256];
	struct cases_many many;
	struct cases_nothings nothings;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	assert_false(per_decode(&cases_many_type, PER_ALIGNED,
		test_hex("bf ff 00 00 00", octets, sizeof(octets)), &arena, &many, &diag));
	assert_int_equal(diag.fault, PER_FAULT_TRANSFER_SYNTAX);
	assert_false(per_decode(&cases_many_type, PER_ALIGNED,
		test_hex("c4 00 00 00", octets, sizeof(octets)), &arena, &many, &diag));
	assert_int_equal(diag.fault, PER_FAULT_TRANSFER_SYNTAX);
	/* items of no bits: the arena is the limit */
	assert_false(per_decode(&cases_nothings_type, PER_ALIGNED, test_hex("bf ff", octets, sizeof(octets)),
		&arena, &nothings, &diag));
	assert_int_equal(diag.fault, PER_FAULT_EXHAUSTED);
	assert_ptr_equal(arena.at, memory);
	arena_fini(&arena);
}

static void test_print(void **state)
{
	uint8_t text[512], held[] = { 0x20 };
	struct cases_strings in = { .tag = CASES_STRINGS_TAG_HELD, .u.held = bytes_of(held, 1) };
	struct writer w = writer_of(text, sizeof(text) - 1);
	struct printer p;

	printer_init(&p, &w, PRINT_FULL, NULL);
	per_print(&cases_strings_type, PER_ALIGNED, &in, &p);
	assert_false(w.failed);
	text[w.len] = '\0';
	assert_string_equal((char *)text, "Strings\n  held: green\n");
	in = (struct cases_strings){ .tag = CASES_STRINGS_TAG_UTF8, .u.utf8 = bytes_of("a\"\x1b[m", 5) };
	w = writer_of(text, sizeof(text) - 1);
	printer_init(&p, &w, PRINT_FULL, NULL);
	per_print(&cases_strings_type, PER_ALIGNED, &in, &p);
	assert_false(w.failed);
	text[w.len] = '\0';
	assert_string_equal((char *)text, "Strings\n  utf8: \"a\\x22\\x1b[m\"\n");
	w = writer_of(text, 10);
	printer_init(&p, &w, PRINT_FULL, NULL);
	per_print(&cases_strings_type, PER_ALIGNED, &in, &p);
	assert_true(w.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_annex_a4),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_half_a_group),
		cmocka_unit_test(test_future_additions),
		cmocka_unit_test(test_enumerated),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_count_bomb),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests_name("per/composite", tests, NULL, NULL);
}
