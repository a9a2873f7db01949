#include "wire/text/test_text.h"

enum { TEST_TEXT_SIZE = 1 << 16 };

/* The message in full, terminated. */
static const char *full(const char *protocol, struct bytes octets, char text[TEST_TEXT_SIZE])
{
	struct writer w = writer_of(text, TEST_TEXT_SIZE - 1);

	text_named(protocol)(PRINT_FULL, octets, &w);
	text[w.len] = '\0';
	return text;
}

void test_message_equal(const char *protocol, struct bytes got, struct bytes wanted)
{
	static char a[TEST_TEXT_SIZE], b[TEST_TEXT_SIZE];

	if (bytes_equal(got, wanted))
		return;
	print_error("got\n%s\nwanted\n%s\n", full(protocol, got, a), full(protocol, wanted, b));
	fail_msg("%s messages differ%s", protocol, strcmp(a, b) != 0 ? "" : " in octets that no text shows");
}

void test_message_is(const char *protocol, struct bytes got, const char *wanted)
{
	static char text[TEST_TEXT_SIZE];

	full(protocol, got, text);
	if (!strncmp(text, wanted, strlen(wanted)) && text[strlen(wanted)] == '\n')
		return;
	print_error("got\n%s\nwanted\n%s\n", text, wanted);
	fail_msg("%s message that is no %s", protocol, wanted);
}

void test_nas_is(const struct nas_msg *got, enum nas_msg_type wanted)
{
	uint8_t octets[NAS_MAX_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));
	const char *name = nas_msg_name(wanted);

	if (got->type == wanted)
		return;
	assert_true(nas_encode(got, &w));
	test_message_is("nas", writer_bytes(&w), name ? name : "?");
}
