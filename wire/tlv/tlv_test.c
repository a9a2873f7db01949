/* The engine on tables of its own: formats, flags, lists, limits, printing. */
#include "base/test.h"

#include "wire/tlv/engine.h"

struct inner {
	uint16_t number;
	TLV_OPT(struct bytes, octets);
};

struct outer {
	uint8_t low, high;
	TLV_OPT(uint32_t, wide);
	TLV_OPT(struct tlv_flags, flags);
	TLV_LIST(struct inner, inner);
	TLV_OPT_OCTETS(fixed, 3);
};

#define MSG struct inner
static const struct tlv_ie inner_ies[] = {
	TLV_M(number, 10, 16, 2, 2, tlv_u16, "1"),
	TLV_O(octets, 11, 16, 1, 4, tlv_bytes, "1"),
};
static const struct tlv_group inner_group = TLV_GROUP_OF("inner", "1", 0, MSG, inner_ies);
static const struct tlv_codec inner_codec = TLV_GROUP_CODEC(MSG, inner_group);
#undef MSG

#define MSG struct outer
static const struct tlv_ie pfcp_ies[] = {
	TLV_M(low, 1, 16, 1, 1, tlv_u8, "1"),
	TLV_O(wide, 2, 16, 3, 3, tlv_u24, "1"),
	TLV_C(flags, 3, 16, 2, 65535, tlv_flags, "1"),
	TLV_O_LIST(inner, 4, 16, 0, 65535, inner_codec, "1"),
	TLV_O(fixed, 5, 16, 3, 3, tlv_fixed3, "1"),
};
static const struct tlv_group pfcp_group = TLV_GROUP_OF("outer", "1", 0, MSG, pfcp_ies);

static const struct tlv_ie nas_ies[] = {
	TLV_M(low, 0, HALF, 0, 0, tlv_u8, "1"),
	TLV_M(high, 0, HALF, 0, 0, tlv_u8, "1"),
	TLV_O(flags, 0x20, TLV, 1, 2, tlv_flags, "1"),
	TLV_O(wide, 0x21, TV, 3, 3, tlv_u24, "1"),
	TLV_O(fixed, 0x72, TLVE, 3, 3, tlv_fixed3, "1"),
};
static const struct tlv_group nas_group = TLV_GROUP_OF("outer", "1", 0, MSG, nas_ies);
#undef MSG

static uint8_t store[1024], buf[256], out[256];
static struct outer value;
static struct tlv_fault fault;

static bool pfcp(const char *hex)
{
	static struct arena arena;
	struct cursor c = cursor_of(test_hex(hex, buf, sizeof(buf)));

	arena_init(&arena, store, sizeof(store), 0);
	return tlv_decode_pfcp(&pfcp_group, &c, &arena, &value, &fault);
}

static struct bytes pfcp_octets(const struct outer *v)
{
	struct writer w = writer_of(out, sizeof(out));

	tlv_encode_pfcp(&pfcp_group, v, &w);
	return writer_bytes(&w);
}

static void same(struct bytes octets, const char *hex)
{
	assert_true(bytes_equal(octets, test_hex(hex, buf, sizeof(buf))));
}

static void lists(void **state)
{
	assert_true(
		pfcp("0001000107 00040006 000a00020001 0002 0003 010203 0004000c 000a00020002 000b0002aabb"));
	assert_int_equal(value.inner_count, 2);
	assert_int_equal(value.inner[1].number, 2);
	assert_int_equal(value.inner[1].octets.len, 2);
	assert_int_equal(value.wide, 0x010203);
	/* In the order of the table. */
	same(pfcp_octets(&value),
		"0001000107 00020003 010203 00040006 000a00020001 0004000c 000a00020002 000b0002aabb");
	/* An optional list: an element that is wrong is left out. */
	assert_true(pfcp("0001000107 00040006 000a00020001 00040001 ff 00040000 00040006 000a00020003"));
	assert_int_equal(value.inner_count, 2);
	assert_int_equal(value.inner[1].number, 3);
	assert_false(value.inner[1].has_octets);
}

static void flags(void **state)
{
	assert_true(pfcp("0001000107 00030003 010280"));
	assert_true(value.flags.bits == 0x800201);
	assert_int_equal(value.flags.octets, 3);
	same(pfcp_octets(&value), "0001000107 00030003 010280");
	value.flags = (struct tlv_flags){ .bits = 1 };
	same(pfcp_octets(&value), "0001000107 00030002 0100");
	value.flags = (struct tlv_flags){ .bits = 1 << 16 };
	same(pfcp_octets(&value), "0001000107 00030003 000001");
	assert_true(pfcp("0001000107 0003000a 01020304050607080900"));
	assert_int_equal(value.flags.octets, 8);
	assert_false(pfcp("0001000107 00030001 01"));
	assert_int_equal(fault.kind, TLV_BAD_LENGTH);
}

static void not_encodable(void **state)
{
	struct outer v = { .has_wide = true, .wide = 1 << 24 };
	struct bytes long_octets = bytes_of("12345", 5);
	struct inner in = { .has_octets = true, .octets = long_octets };

	assert_null(pfcp_octets(&v).data);
	v = (struct outer){ .inner = &in, .inner_count = 1 };
	assert_null(pfcp_octets(&v).data);
	in.octets.len = 0;
	assert_null(pfcp_octets(&v).data);
	in.octets.len = 4;
	assert_non_null(pfcp_octets(&v).data);
}

static void nas_formats(void **state)
{
	struct arena arena;
	struct cursor c = cursor_of(test_hex("5a 20 01 03 21 010203 72 0003 aabbcc", buf, sizeof(buf)));
	struct writer w = writer_of(out, sizeof(out));

	arena_init(&arena, NULL, 0, 0);
	assert_true(tlv_decode_nas(&nas_group, &c, &arena, &value, &fault));
	assert_int_equal(value.low, 10);
	assert_int_equal(value.high, 5);
	assert_int_equal(value.wide, 0x010203);
	assert_memory_equal(value.fixed, "\xaa\xbb\xcc", 3);
	tlv_encode_nas(&nas_group, &value, &w);
	same(writer_bytes(&w), "5a 20 01 03 21 010203 72 0003 aabbcc");
	value.high = 16;
	w = writer_of(out, sizeof(out));
	tlv_encode_nas(&nas_group, &value, &w);
	assert_true(w.failed);
}

/* The writer's room is respected to the octet. */
static void no_room(void **state)
{
	size_t whole;

	assert_true(pfcp("0001000107 00020003 010203 00040006 000a00020001"));
	whole = pfcp_octets(&value).len;
	for (size_t room = 0; room <= whole; room++) {
		struct writer w = writer_of(out, room);

		tlv_encode_pfcp(&pfcp_group, &value, &w);
		assert_int_equal(w.failed, room < whole);
	}
}

static void printed(void **state)
{
	char text[256];
	struct printer p;
	struct writer w = writer_of(text, sizeof(text));

	assert_true(pfcp("0001000107 00030002 0100 00040006 000a00020001 00050003 010203"));
	printer_init(&p, &w, PRINT_FULL, NULL);
	tlv_print(&pfcp_group, &value, &p);
	writer_u8(&w, 0);
	assert_string_equal(text, "low: 7\nflags: 0x1\ninner:\n  number: 1\nfixed: 010203\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(flags),
		cmocka_unit_test(not_encodable),
		cmocka_unit_test(nas_formats),
		cmocka_unit_test(no_room),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
