/* UTF-8 and percent-encoding against RFC 3629 and RFC 3986 written a second time. */
#include "base/test.h"

#include <string.h>

#include "wire/json/json.h"

/* RFC 3629 clause 3: a number of so many bits, in the fewest octets that hold it, and no half of a pair. */
static size_t character(const uint8_t *p, size_t left)
{
	static const struct {
		uint8_t mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 },
		{ 0xf8, 0xf0, 0x10000 } };

	for (size_t more = 0; more < ARRAY_LEN(forms); more++) {
		uint32_t v = p[0] & (uint8_t)~forms[more].mask;

		if ((p[0] & forms[more].mask) != forms[more].lead)
			continue;
		if (more >= left)
			return 0;
		for (size_t i = 1; i <= more; i++) {
			if (p[i] >> 6 != 2)
				return 0;
			v = v << 6 | (p[i] & 0x3f);
		}
		return v < forms[more].least || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? 0 : more + 1;
	}
	return 0;
}

static void check(const uint8_t *octets, size_t len)
{
	size_t n = 1;

	for (size_t at = 0; n > 0 && at < len; at += n)
		n = character(octets + at, len - at);
	if (json_is_utf8(bytes_of(octets, len)) != (n > 0))
		fail_msg("%02x %02x %02x %02x, of which %zu: %d", octets[0], octets[1], octets[2], octets[3],
			len, n > 0);
}

static void utf8(void **state)
{
	static const uint8_t behind[] = { 0x00, 'a', 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc3,
		0xff };
	uint8_t octets[4];

	assert_true(json_is_utf8(BYTES_NONE));
	for (unsigned v = 0; v < 0x10000; v++) {
		octets[0] = (uint8_t)(v >> 8);
		octets[1] = (uint8_t)v;
		octets[2] = octets[3] = 0x80; /* what stands behind the text is none of it */
		check(octets, 1);
		check(octets, 2);
		for (size_t i = 0; i < ARRAY_LEN(behind); i++) {
			octets[2] = behind[i];
			check(octets, 3);
			for (size_t k = 0; k < ARRAY_LEN(behind); k++) {
				octets[3] = behind[k];
				check(octets, 4);
			}
		}
	}
}

/* RFC 3986 2.3: letters, digits and four more stand for themselves. */
static void percent(void **state)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	struct arena arena;

	arena_init(&arena, NULL, 0, 1 << 16);
	for (unsigned c = 1; c < 0x80; c++) {
		char text[4], expected[4];
		const uint8_t octet = (uint8_t)c;
		struct writer w = writer_of((uint8_t *)text, sizeof(text));
		struct bytes out;

		snprintf(expected, sizeof(expected), strchr(unreserved, (int)c) ? "%c" : "%%%02X", c);
		json_percent_write(&w, bytes_of(&octet, 1));
		assert_true(bytes_equal(writer_bytes(&w), bytes_of_str(expected)));
		assert_true(json_percent_read(writer_bytes(&w), &arena, &out));
		assert_true(bytes_equal(out, bytes_of(&octet, 1)));
	}
	assert_false(
		json_percent_read(bytes_of_str("%C3"), &arena, &(struct bytes){ 0 })); /* a character cut */
	assert_false(json_percent_read(bytes_of_str("a%E2%82"), &arena, &(struct bytes){ 0 }));
	arena_fini(&arena);
	arena_init(&arena, NULL, 0, 1);
	assert_false(json_percent_read(bytes_of_str("much"), &arena, &(struct bytes){ 0 }));
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(utf8), cmocka_unit_test(percent) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
