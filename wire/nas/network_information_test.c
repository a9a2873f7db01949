/* Names and time of a network: what is sent of what an operator writes, and back. */
#include "base/test.h"

#include "wire/nas/nas.h"

static const char *text_of(const struct nas_network_name *name)
{
	static char text[256];
	struct writer w = writer_of(text, sizeof(text) - 1);

	nas_network_name_text(name, &w);
	text[w.len] = '\0';
	return text;
}

static void test_names(void **state)
{
	static const struct {
		const char *text;
		uint8_t coding, spare_bits;
		const char *octets;
	} names[] = {
		{ "A", 0, 1, "41" },
		{ "hellohello", 0, 2, "e8329bfd4697d9ec37" }, /* 23.038's septets, as SMS has them */
		{ "12345678", 0, 0, "31d98c56b3dd70" },
		{ "123456789", 0, 1, "31d98c56b3dd7039" },
		{ "@_\xc3\xa4", 0, 3, "80c81e" },
		{ "Freehold {1}", 1, 0, "00460072006500650068006f006c00640020007b0031007d" },
		{ "\xe6\xb8\xac\xe8\xa9\xa6", 1, 0, "6e2c8a66" },
	};
	uint8_t octets[NAS_NETWORK_NAME_MAX], wanted[NAS_NETWORK_NAME_MAX];
	struct nas_network_name name;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(nas_network_name_of(names[i].text, octets, &name));
		assert_int_equal(name.coding, names[i].coding);
		assert_int_equal(name.spare_bits, names[i].spare_bits);
		assert_true(bytes_equal(name.text, test_hex(names[i].octets, wanted, sizeof(wanted))));
		assert_string_equal(text_of(&name), names[i].text);
	}
}

static void test_refused_names(void **state)
{
	static const char *const names[] = { "", "a\n", "\xff", "\xc3", "\xc3\x28", "\xc0\x80",
		"\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xe0\x80\x80",
		"1234567890123456789012345678901234567890123456789012345678901" };
	uint8_t octets[NAS_NETWORK_NAME_MAX];
	struct nas_network_name name;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_false(nas_network_name_of(names[i], octets, &name));
	assert_true(nas_network_name_of(names[ARRAY_LEN(names) - 1] + 1, octets, &name));
}

/* What a network may send, and nothing that forges a log line. */
static void test_foreign_names(void **state)
{
	static const struct {
		uint8_t coding, spare_bits;
		const char *octets, *text;
	} names[] = {
		{ 1, 0, "000a001b0041", "??A" },
		{ 1, 0, "d83dde0000", "??" },
		{ 1, 0, "00", "" },
		{ 0, 7, "31d98c56b3dd7039", "12345678" },
		{ 0, 0, "0a", "?" }, /* a line feed */
		{ 0, 7, "", "" },
		{ 5, 0, "4142", "" },
	};
	uint8_t octets[64];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct nas_network_name name = { .coding = names[i].coding,
			.spare_bits = names[i].spare_bits };

		name.text = test_hex(names[i].octets, octets, sizeof(octets));
		assert_string_equal(text_of(&name), names[i].text);
	}
}

static void test_time_zones(void **state)
{
	static const struct {
		int quarters;
		uint8_t octet;
	} zones[] = { { 0, 0x00 }, { 4, 0x40 }, { 22, 0x22 }, { 23, 0x32 }, { 51, 0x15 }, { -14, 0x49 },
		{ -40, 0x0c }, { 79, 0x97 }, { -79, 0x9f } };
	int quarters;

	for (size_t i = 0; i < ARRAY_LEN(zones); i++) {
		assert_int_equal(nas_time_zone_of(zones[i].quarters), zones[i].octet);
		assert_true(nas_time_zone_quarters(zones[i].octet, &quarters));
		assert_int_equal(quarters, zones[i].quarters);
	}
	assert_false(nas_time_zone_quarters(0xa0, &quarters));
}

static void test_universal_time(void **state)
{
	static const struct {
		uint64_t utc_ms;
		uint8_t octets[7];
	} times[] = {
		{ 946684799999, { 0x99, 0x21, 0x13, 0x32, 0x95, 0x95, 0x32 } },  /* 1999-12-31 23:59:59 */
		{ 951782400000, { 0x00, 0x20, 0x92, 0x00, 0x00, 0x00, 0x32 } },  /* 2000-02-29 */
		{ 1795948805000, { 0x62, 0x11, 0x92, 0x01, 0x04, 0x50, 0x32 } }, /* 2026-11-29 10:40:05 */
		{ 1798761600000, { 0x72, 0x10, 0x10, 0x00, 0x00, 0x00, 0x32 } }, /* 2027-01-01 */
	};
	struct nas_universal_time t;
	uint8_t octets[7];

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		nas_universal_time_of(times[i].utc_ms, 23, octets);
		assert_memory_equal(octets, times[i].octets, 7);
		assert_true(nas_universal_time_read(octets, &t));
		assert_int_equal(t.quarters, 23);
	}
	nas_universal_time_of(times[2].utc_ms, -14, octets);
	assert_true(nas_universal_time_read(octets, &t));
	assert_true(t.year == 26 && t.month == 11 && t.day == 29 && t.hour == 10 && t.minute == 40 &&
		    t.second == 5);
	assert_int_equal(t.quarters, -14);
	for (size_t i = 0; i < 6; i++) { /* 35, or a digit of ten, is in no field but the year's */
		uint8_t broken[7];

		memcpy(broken, octets, 7);
		broken[i] = i == 0 ? 0x0a : 0x97;
		assert_false(nas_universal_time_read(broken, &t));
	}
	octets[1] = 0;
	assert_false(nas_universal_time_read(octets, &t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused_names),
		cmocka_unit_test(test_foreign_names),
		cmocka_unit_test(test_time_zones),
		cmocka_unit_test(test_universal_time),
	};

	return cmocka_run_group_tests_name("wire/network_information", tests, NULL, NULL);
}
