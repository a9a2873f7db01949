/* Contents of public warnings, 23.041 9.4.2.2.5 over 23.038. */
#include "base/test.h"

#include "wire/warning_message.h"

static struct bytes write(const char *text, uint8_t *dcs, uint8_t octets[WARNING_CONTENTS_MAX])
{
	struct writer w = writer_of(octets, WARNING_CONTENTS_MAX);

	return warning_message_write(text, dcs, &w) ? writer_bytes(&w) : BYTES_NONE;
}

/* "hellohello" as 23.038 6.1.2.1 packs it, known from many a short message: E8329BFD4697D9EC37; then padding.
 */
static void test_gsm(void **state)
{
	static const uint8_t packed[] = { 0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec };
	uint8_t octets[WARNING_CONTENTS_MAX], dcs;
	struct bytes c = write("hellohello", &dcs, octets);
	char text[WARNING_TEXT_SIZE];

	assert_int_equal(dcs, WARNING_DCS_GSM);
	assert_int_equal(c.len, 1 + WARNING_PAGE_OCTETS + 1);
	assert_int_equal(octets[0], 1);
	assert_memory_equal(octets + 1, packed, sizeof(packed));
	assert_int_equal(octets[9] & 0x3f, 0x37);
	assert_int_equal(octets[1 + WARNING_PAGE_OCTETS], 9);
	assert_true(warning_message_read(dcs, c, text));
	assert_string_equal(text, "hellohello");
}

static void test_ucs2(void **state)
{
	uint8_t octets[WARNING_CONTENTS_MAX], dcs;
	struct bytes c = write("\xe6\xb4\xa5\xe6\xb3\xa2!", &dcs, octets); /* tsunami */
	char text[WARNING_TEXT_SIZE];

	assert_int_equal(dcs, WARNING_DCS_UCS2);
	assert_memory_equal(octets, "\x01\x6d\x25\x6c\xe2\0!", 7);
	assert_int_equal(octets[1 + WARNING_PAGE_OCTETS], 6);
	assert_true(warning_message_read(dcs, c, text));
	assert_string_equal(text, "\xe6\xb4\xa5\xe6\xb3\xa2!");
}

/* Around the ends of pages, and of all of them. */
static void test_lengths(void **state)
{
	static const size_t lengths[] = { 1, 7, 8, 92, 93, 94, 186, 187, 1394, 1395 };
	uint8_t octets[WARNING_CONTENTS_MAX], dcs;
	char in[1500], text[WARNING_TEXT_SIZE];
	struct bytes c;

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		for (size_t k = 0; k < lengths[i]; k++)
			in[k] = (char)('a' + k % 26);
		in[lengths[i]] = '\0';
		c = write(in, &dcs, octets);
		assert_int_equal(octets[0], (lengths[i] + 92) / 93);
		assert_true(warning_message_read(dcs, c, text));
		assert_string_equal(text, in);
		octets[0]++; /* a page that is not there */
		assert_false(warning_message_read(dcs, c, text));
	}
	memset(in, 'x', 1396);
	in[1396] = '\0';
	assert_int_equal(write(in, &dcs, octets).len, 0);
	assert_int_equal(write("", &dcs, octets).len, 0);
	assert_int_equal(write("\xff", &dcs, octets).len, 0);
}

static void test_malformed(void **state)
{
	uint8_t octets[WARNING_CONTENTS_MAX], dcs;
	struct bytes c = write("text", &dcs, octets);
	char text[WARNING_TEXT_SIZE];

	for (size_t i = 0; i < c.len; i++)
		assert_false(warning_message_read(dcs, bytes_of(octets, i), text));
	assert_false(warning_message_read(0x44, c, text)); /* 8 bit data */
	octets[1 + WARNING_PAGE_OCTETS] = WARNING_PAGE_OCTETS + 1;
	assert_false(warning_message_read(dcs, c, text));
	octets[0] = 0;
	assert_false(warning_message_read(dcs, c, text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gsm),
		cmocka_unit_test(test_ucs2),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
