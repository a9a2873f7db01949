/* 23.038's default alphabet, written a second time as text, and UTF-8 to the edges of each length. */
#include "base/test.h"

#include <string.h>

#include "wire/gsm_text.h"

/* 6.2.1 in order; 0x1b, which leads to other tables, and the two of ends of lines stand as they are. */
static const char alphabet[] = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
			       " !\"#¤%&'()*+,-./0123456789:;<=>?"
			       "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
			       "¿abcdefghijklmnopqrstuvwxyzäöñüà";

static uint16_t only(const char *octets, size_t len)
{
	struct cursor c = cursor_of(bytes_of(octets, len));
	uint16_t v = gsm_text_next(&c);

	assert_true(v == 0 || cursor_left(&c) == 0);
	return v;
}

#define ONLY(literal) only(literal, sizeof(literal) - 1)

static void test_alphabet(void **state)
{
	struct cursor c = cursor_of(bytes_of_str(alphabet));

	for (unsigned i = 0; i < 128; i++) {
		bool control = *c.at < ' ';
		uint16_t v = control ? cursor_u8(&c) : gsm_text_next(&c);
		uint8_t septet = 255;

		if (i == 0x1b) {
			assert_int_equal(gsm_character(0x1b), 0);
			continue;
		}
		assert_int_equal(gsm_character((uint8_t)i), v);
		assert_int_equal(gsm_character((uint8_t)(i | 0x80)), v);
		assert_true(gsm_septet_of(v, &septet));
		assert_int_equal(septet, i);
	}
	assert_int_equal(cursor_left(&c), 0);
	assert_false(gsm_septet_of(0x20ac, &(uint8_t){ 0 }));
	assert_false(gsm_septet_of('~', &(uint8_t){ 0 }));
}

static void test_utf8(void **state)
{
	assert_int_equal(ONLY(" "), 0x20);
	assert_int_equal(ONLY("\x1f"), 0);
	assert_int_equal(ONLY("\x7f"), 0x7f);
	assert_int_equal(ONLY("\xc2\x80"), 0x80);
	assert_int_equal(ONLY("\xc1\xbf"), 0); /* longer than it need be */
	assert_int_equal(ONLY("\xdf\xbf"), 0x7ff);
	assert_int_equal(ONLY("\xe0\xa0\x80"), 0x800);
	assert_int_equal(ONLY("\xe0\x9f\xbf"), 0);
	assert_int_equal(ONLY("\xed\x9f\xbf"), 0xd7ff);
	assert_int_equal(ONLY("\xed\xa0\x80"), 0); /* halves of a pair */
	assert_int_equal(ONLY("\xed\xbf\xbf"), 0);
	assert_int_equal(ONLY("\xee\x80\x80"), 0xe000);
	assert_int_equal(ONLY("\xef\xbf\xbf"), 0xffff);
	assert_int_equal(ONLY("\xf0\x9f\x98\x80"), 0); /* beyond the basic plane */
	assert_int_equal(ONLY("\x80"), 0);
	assert_int_equal(ONLY("\xbf"), 0);
	assert_int_equal(ONLY("\xc3"), 0); /* cut */
	assert_int_equal(ONLY("\xe2\x82"), 0);
	assert_int_equal(ONLY("\xe2\x82z"), 0);
	assert_int_equal(ONLY("\xc3z"), 0);
	assert_int_equal(ONLY("\xc3\xc3"), 0);
	assert_int_equal(ONLY(""), 0);
}

/* What is written is what was read; what must not be shown is a question mark. */
static void test_back(void **state)
{
	for (unsigned v = 0; v <= 0xffff; v++) {
		uint8_t octets[4];
		struct writer w = writer_of(octets, sizeof(octets));
		bool shown = v >= 0x20 && (v < 0xd800 || v > 0xdfff);

		gsm_text_put(&w, (uint16_t)v);
		assert_false(w.failed);
		assert_int_equal(w.len, !shown || v < 0x80 ? 1 : v < 0x800 ? 2 : 3);
		assert_int_equal(only((const char *)octets, w.len), shown ? v : '?');
	}
}

/* 6.1.2.1: "hellohello" is e8 32 9b fd 46 97 d9 ec 37. */
static void test_packing(void **state)
{
	static const uint8_t packed[] = { 0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37 };
	static const char text[] = "hellohello";
	uint8_t octets[sizeof(packed)] = { 0 };

	for (size_t i = 0; i < strlen(text); i++) {
		gsm_septet_put(octets, i, (uint8_t)text[i]);
		assert_int_equal(gsm_septet_get(BYTES(packed), i), text[i]);
	}
	assert_memory_equal(octets, packed, sizeof(packed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alphabet),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_back),
		cmocka_unit_test(test_packing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
