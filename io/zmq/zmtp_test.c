/* ZMTP's octets, written down here from 23/ZMTP 3.0 and 37/ZMTP 3.1, and read in pieces of every length. */
#include "base/test.h"

#include "io/zmq/zmtp.h"

enum { MESSAGE_MAX = 600, TEXT_MAX = 4096 };

#define GREETING                                                                                             \
	"ff 0000000000000001 7f 03 01 4e554c4c 00000000000000000000000000000000 00"                          \
	"00000000000000000000000000000000000000000000000000000000000000"
#define READY_REP "04 19 05 5245414459 0b 536f636b65742d54797065 00000003 524550"
#define READY_REQ "04 26 05 5245414459 0b 536f636b65742d54797065 00000003 524551 08 4964656e74697479 00000000"
#define DELIMITER "01 00"

static struct bytes hex(const char *text, uint8_t *buf)
{
	return test_hex(text, buf, TEXT_MAX);
}

/* What is read from text, the last of which is not ZMTP_MORE, as letters: G R M P o, and B for a refusal. */
static void events(enum zmtp_role role, struct bytes text, size_t piece, char *out, struct bytes *last)
{
	static const char letters[] = { [ZMTP_GREETED] = 'G',
		[ZMTP_READY] = 'R',
		[ZMTP_MESSAGE] = 'M',
		[ZMTP_PING] = 'P',
		[ZMTP_OTHER] = 'o',
		[ZMTP_BAD] = 'B' };
	struct zmtp z = zmtp_of(role, MESSAGE_MAX);
	size_t at = 0, end = 0;
	enum zmtp_got got = ZMTP_MORE;

	while (got != ZMTP_BAD && (got != ZMTP_MORE || end < text.len)) {
		struct cursor c;
		struct bytes body;

		if (got == ZMTP_MORE)
			end = text.len - end < piece ? text.len : end + piece;
		c = cursor_of(bytes_of(text.data + at, end - at));
		got = zmtp_read(&z, &c, &body);
		at = end - cursor_left(&c);
		if (got == ZMTP_MESSAGE || got == ZMTP_PING)
			*last = body;
		if (got == ZMTP_MESSAGE && role == ZMTP_REP) { /* it is answered */
			uint8_t head[ZMTP_HEAD_MAX];
			struct writer w = writer_of(head, sizeof(head));

			zmtp_put_head(&z, 1, &w);
			assert_false(w.failed);
		}
		if (got != ZMTP_MORE)
			*out++ = letters[got];
	}
	*out = '\0';
}

static const struct {
	enum zmtp_role role;
	const char *text, *events, *last;
} cases[] = {
	/* a REP hears requests; the envelope of a broker's DEALER, too */
	{ ZMTP_REP, GREETING READY_REQ DELIMITER "00 01 ff", "GRoM", "ff" },
	{ ZMTP_REP, GREETING READY_REQ DELIMITER "00 00" DELIMITER "00 02 abcd", "GRoMoM", "abcd" },
	{ ZMTP_REP, GREETING READY_REQ "01 05 00aabbccdd" DELIMITER "02 0000000000000001 07", "GRooM", "07" },
	{ ZMTP_REP, GREETING "04 1c 05 5245414459 0b 736f636b65742d74797065 00000006 4445414c4552", "GR",
		"" },
	/* a REQ hears replies, commands between their frames, and properties that it does not know */
	{ ZMTP_REQ, GREETING READY_REP DELIMITER "00 04 01020304", "GRoM", "01020304" },
	{ ZMTP_REQ, GREETING READY_REP "01 00 04 0a 0450494e47 0005 aabbcc 00 01 09", "GRoPM", "09" },
	{ ZMTP_REQ, GREETING READY_REP "04 07 0450494e47 0000", "GRP", "" },
	{ ZMTP_REQ, GREETING READY_REP "04 05 04504f4e47 04 04 03464f4f", "GRoo", "" },
	{ ZMTP_REQ, GREETING "04 1f 05 5245414459 01 58 00000000 0b 534f434b45542d54595045 00000003 524550",
		"GR", "" },
	{ ZMTP_REQ, GREETING "04 1c 05 5245414459 0b 536f636b65742d54797065 00000006 524f55544552", "GR",
		"" },
	/* no ZMTP, or one that we do not speak */
	{ ZMTP_REP, "47455420 2f", "B", "" },
	{ ZMTP_REP, "ff 0000000000000001 7e", "B", "" },
	{ ZMTP_REP, "ff 0000000000000001 7f 01", "B", "" },
	{ ZMTP_REP,
		"ff 0000000000000001 7f 03 00 504c41494e 000000000000000000000000000000 00"
		"00000000000000000000000000000000000000000000000000000000000000",
		"B", "" },
	/* the handshake */
	{ ZMTP_REP, GREETING READY_REP, "GB", "" },
	{ ZMTP_REQ, GREETING READY_REQ, "GB", "" },
	{ ZMTP_REQ, GREETING "04 06 05 5245414459", "GB", "" },
	{ ZMTP_REQ, GREETING DELIMITER, "GB", "" },
	{ ZMTP_REQ, GREETING "04 08 05 4552524f52 01 78", "GB", "" },
	{ ZMTP_REQ, GREETING "04 06 05 48454c4c4f", "GB", "" },
	{ ZMTP_REQ, GREETING "04 08 05 5245414459 0b 53", "GB", "" },
	{ ZMTP_REQ, GREETING "04 19 05 5245414459 0b 536f636b65742d54797065 00000004 524550", "GB", "" },
	{ ZMTP_REQ, GREETING "04 00", "GB", "" },
	{ ZMTP_REQ, GREETING "04 01 00", "GB", "" },
	{ ZMTP_REQ, GREETING "06 0000000000000401", "GB", "" },
	/* frames */
	{ ZMTP_REQ, GREETING READY_REP "08 00", "GRB", "" },
	{ ZMTP_REQ, GREETING READY_REP "05 00", "GRB", "" },
	{ ZMTP_REQ, GREETING READY_REP DELIMITER "02 0000000000000259", "GRoB", "" },
	{ ZMTP_REQ, GREETING READY_REP DELIMITER "02 ffffffffffffffff", "GRoB", "" },
	{ ZMTP_REQ, GREETING READY_REP "00 00", "GRB", "" },
	{ ZMTP_REQ, GREETING READY_REP "01 01 aa", "GRB", "" },
	{ ZMTP_REQ, GREETING READY_REP DELIMITER "01 01 aa", "GRoB", "" },
	{ ZMTP_REQ, GREETING READY_REP "04 05 0450494e47", "GRB", "" },
	{ ZMTP_REQ, GREETING READY_REP "04 18 0450494e47 0000 0102030405060708090a0b0c0d0e0f1011", "GRB",
		"" },
	{ ZMTP_REQ, GREETING READY_REP "04 08 05 4552524f52 01 78", "GRB", "" },
};

static void test_reading(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t text[TEXT_MAX], want[TEXT_MAX];
		struct bytes octets = hex(cases[i].text, text);

		for (size_t piece = 1; piece <= octets.len; piece++) {
			struct bytes last = BYTES_NONE;
			char got[64];

			events(cases[i].role, octets, piece, got, &last);
			if (strcmp(got, cases[i].events) != 0)
				fail_msg("case %zu in pieces of %zu: %s", i, piece, got);
			if (*cases[i].last)
				assert_true(bytes_equal(last, hex(cases[i].last, want)));
		}
	}
}

/* A REP is not asked twice at a time, and answers by the envelope it was asked with. */
static void test_answering(void **state)
{
	struct zmtp z = zmtp_of(ZMTP_REP, MESSAGE_MAX);
	uint8_t text[TEXT_MAX], out[TEXT_MAX], want[TEXT_MAX];
	struct cursor c =
		cursor_of(hex(GREETING READY_REQ "01 02 aabb" DELIMITER "00 01 ff" DELIMITER, text));
	struct writer w = writer_of(out, sizeof(out));
	struct bytes body;

	while (!z.asked)
		assert_int_not_equal(zmtp_read(&z, &c, &body), ZMTP_BAD);
	zmtp_put_head(&z, 255, &w);
	zmtp_put_head(&z, 256, &w);
	assert_true(bytes_equal(
		writer_bytes(&w), hex("01 02 aabb 01 00 00 ff 01 02 aabb 01 00 02 0000000000000100", want)));
	z.asked = true;
	assert_int_equal(zmtp_read(&z, &c, &body), ZMTP_BAD);
}

/* An envelope has a bound of its own, as each of its frames would be short enough. */
static void test_long_envelope(void **state)
{
	struct zmtp z = zmtp_of(ZMTP_REP, MESSAGE_MAX);
	uint8_t text[TEXT_MAX];
	struct writer w = writer_of(text, sizeof(text));
	enum zmtp_got got = ZMTP_OTHER;
	unsigned frames = 0;
	struct cursor c;
	struct bytes body;

	w.len = hex(GREETING READY_REQ, text).len;
	for (unsigned i = 0; i < 200; i++) {
		writer_u16(&w, 0x0101);
		writer_u8(&w, 7);
	}
	c = cursor_of(writer_bytes(&w));
	for (; got != ZMTP_BAD && got != ZMTP_MORE; frames += got == ZMTP_OTHER)
		got = zmtp_read(&z, &c, &body);
	assert_int_equal(got, ZMTP_BAD);
	assert_int_equal(frames, 85); /* of three octets in 256 */
}

static void test_writing(void **state)
{
	struct zmtp req = zmtp_of(ZMTP_REQ, MESSAGE_MAX), rep = zmtp_of(ZMTP_REP, MESSAGE_MAX);
	uint8_t out[TEXT_MAX], want[TEXT_MAX];
	struct writer w = writer_of(out, sizeof(out));

	zmtp_put_greeting(&w);
	zmtp_put_ready(&req, &w);
	zmtp_put_ready(&rep, &w);
	zmtp_put_head(&req, 1, &w);
	zmtp_put_pong(BYTES("ab"), &w);
	assert_true(bytes_equal(writer_bytes(&w),
		hex(GREETING READY_REQ READY_REP DELIMITER "00 01 04 08 04504f4e47 616200", want)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_answering),
		cmocka_unit_test(test_long_envelope),
		cmocka_unit_test(test_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
