/* DHCPv4 by octets: what a client sends is read to each field's edge, and each answer is written out whole.
 */
#include "wire/ip/dhcp.h"

#include "base/test.h"

#include <string.h>

#include "wire/ip/checksum.h"

/* IPv4 and UDP of a client that has no address yet; the lengths are set by packet(). */
#define HEADERS "4500 0000 0000 0000 4011 0000 00000000 ffffffff 0044 0043 0000 0000"
#define CHADDR  "02030405060708090a0b0c0d0e0f1011"
#define FIXED   "010106 00 11223344 0005 8000 0a000001 00000000 00000000 0a000009" CHADDR

enum { NAMES = 192, PACKET = 576, MAGIC_AT = 28 + 44 + NAMES, CLIENT = 0x0a000001, SERVER = 0x0a2d0001 };

static uint8_t octets[PACKET];

/* The packet of a message with those options in hex; so many octets of UDP more, or less, than it has. */
static struct bytes packet_of(const char *headers, const char *fixed, const char *options, int more)
{
	struct writer w = writer_of(octets, sizeof(octets));
	uint8_t buf[PACKET];
	size_t udp;

	writer_put(&w, test_hex(headers, buf, sizeof(buf)));
	writer_put(&w, test_hex(fixed, buf, sizeof(buf)));
	for (int i = 0; i < NAMES; i++)
		writer_u8(&w, 0xee); /* names are not looked at */
	writer_u32(&w, 0x63825363);
	writer_put(&w, test_hex(options, buf, sizeof(buf)));
	assert_false(w.failed);
	udp = w.len - 20 + (size_t)more;
	octets[2] = (uint8_t)(w.len >> 8);
	octets[3] = (uint8_t)w.len;
	octets[24] = (uint8_t)(udp >> 8);
	octets[25] = (uint8_t)udp;
	return writer_bytes(&w);
}

static bool reads(const char *options)
{
	struct dhcp_request r;

	return dhcp_request_decode(packet_of(HEADERS, FIXED, options, 0), &r);
}

static void test_request(void **state)
{
	static const uint8_t chaddr[] = { 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 };
	struct dhcp_request r;

	assert_true(dhcp_request_decode(
		packet_of(HEADERS, FIXED,
			"00 350103 32040a2d0002 0c0161 36040a2d0001 3d03010203 00 ff 3501 08", 0),
		&r));
	assert_int_equal(r.type, DHCP_REQUEST);
	assert_int_equal(r.hardware_type, 1);
	assert_int_equal(r.hardware_len, 6);
	assert_memory_equal(r.hardware, chaddr, sizeof(chaddr));
	assert_int_equal(r.id, 0x11223344);
	assert_int_equal(r.flags, 0x8000);
	assert_int_equal(r.client, CLIENT);
	assert_int_equal(r.relay, 0x0a000009);
	assert_int_equal(r.requested, 0x0a2d0002);
	assert_int_equal(r.server, SERVER);
	assert_int_equal(r.client_id_len, 3);
	assert_memory_equal(r.client_id, "\1\2\3", 3);
	for (unsigned type = 0; type < 10; type++) {
		char option[16];

		snprintf(option, sizeof(option), "3501%02x", type);
		assert_int_equal(
			reads(option), type == 1 || type == 3 || type == 4 || type == 7 || type == 8);
	}
}

/* Options of another length than they have say nothing, and the longest client's identifier is taken. */
static void test_options(void **state)
{
	char text[128] = "350101 3d", id[3];
	struct dhcp_request r;

	assert_true(dhcp_request_decode(
		packet_of(HEADERS, FIXED, "350101 35020303 32030a2d00 36050a2d000101", 0), &r));
	assert_true(r.type == DHCP_DISCOVER && r.requested == 0 && r.server == 0);
	for (int len = DHCP_CLIENT_ID_MAX; len <= DHCP_CLIENT_ID_MAX + 1; len++) {
		struct writer w = writer_of((uint8_t *)text, sizeof(text));

		snprintf(id, sizeof(id), "%02x", (unsigned)len);
		writer_put(&w, bytes_of_str("3501013d"));
		writer_put(&w, bytes_of_str(id));
		for (int i = 0; i < len; i++)
			writer_put(&w, bytes_of_str("ab"));
		writer_u8(&w, 0);
		assert_true(dhcp_request_decode(packet_of(HEADERS, FIXED, text, 0), &r));
		assert_int_equal(r.client_id_len, len <= DHCP_CLIENT_ID_MAX ? len : 0);
	}
	assert_false(reads("350101 32"));     /* cut behind its code */
	assert_false(reads("350101 32040a")); /* and within */
	assert_false(reads(""));
	assert_false(reads("ff350101"));
	assert_true(reads("350101")); /* without its end */
}

static bool reads_changed(size_t at, uint8_t value)
{
	struct bytes p = packet_of(HEADERS, FIXED, "350101", 0);
	struct dhcp_request r;

	octets[at] = value;
	return dhcp_request_decode(p, &r);
}

/* What is no request to a server on this link. */
static void test_others(void **state)
{
	struct dhcp_request r;
	struct bytes p;

	assert_true(reads_changed(0, 0x45));
	assert_false(reads_changed(0, 0x65)); /* IPv6 */
	assert_false(reads_changed(0, 0x44)); /* a header that is shorter than one */
	assert_false(reads_changed(6, 0x20)); /* more fragments follow */
	assert_false(reads_changed(7, 1));    /* it is not the first */
	assert_true(reads_changed(6, 0x40));  /* "don't fragment" is none of it */
	assert_false(reads_changed(9, 6));    /* TCP */
	assert_false(reads_changed(23, 68));  /* to a client */
	assert_false(reads_changed(28, 2));   /* a reply */
	assert_true(reads_changed(30, 16));   /* hardware addresses have 16 octets at most */
	assert_false(reads_changed(30, 17));
	assert_false(reads_changed(MAGIC_AT, 0)); /* BOOTP */
	assert_true(dhcp_request_decode(packet_of(HEADERS, FIXED, "350101 00", -1), &r));
	assert_false(dhcp_request_decode(packet_of(HEADERS, FIXED, "350101", 1), &r));
	p = packet_of(HEADERS, FIXED, "350101", 0);
	octets[24] = 0;
	octets[25] = 7; /* less than a UDP header */
	assert_false(dhcp_request_decode(p, &r));
	p = packet_of(HEADERS, FIXED, "350101", 0);
	octets[3]++; /* longer than the packet */
	assert_false(dhcp_request_decode(p, &r));
	/* behind IPv4 options all the same */
	p = packet_of("4600 0000 0000 0000 4011 0000 00000000 ffffffff 01010101 0044 0043 0000 0000", FIXED,
		"350101", 0);
	octets[24] = octets[25] = 1;
	octets[28] = 0;
	octets[29] = (uint8_t)(p.len - 24);
	octets[28] = (uint8_t)((p.len - 24) >> 8);
	assert_true(dhcp_request_decode(p, &r));
}

static const struct dhcp_answer answer = { .type = DHCP_ACK,
	.server = SERVER,
	.address = 0x0a2d0002,
	.lease_s = 86400,
	.mtu = 1400,
	.dns_count = 2,
	.dns = { 0x08080808, 0x08080404 } };

/* The options of an answer, and that all before and behind them is as it must be. */
static void answers(const struct dhcp_request *r, const struct dhcp_answer *a, uint32_t to, const char *fixed,
	const char *options)
{
	static uint8_t out[DHCP_PACKET_MAX], buf[DHCP_PACKET_MAX];
	struct writer w = writer_of(out, sizeof(out));
	struct bytes want;
	size_t at = MAGIC_AT + 4;

	assert_true(dhcp_answer_encode(r, a, &w));
	assert_int_equal(w.len, 28 + 300); /* RFC 951 */
	assert_memory_equal(out, "\x45\0\x01\x48\0\0\x40\0\x40\x11", 10);
	assert_int_equal(ip_sum_fold(ip_sum(bytes_of(out, 20), 0)), 0);
	assert_int_equal(ip_sum_fold(ip_sum(bytes_of(out + 12, w.len - 12), 17 + w.len - 20)), 0);
	assert_int_equal((uint32_t)out[16] << 24 | out[17] << 16 | out[18] << 8 | out[19], to);
	assert_memory_equal(out + 12, "\x0a\x2d\0\1", 4);
	assert_memory_equal(out + 20, "\0\x43\0\x44\x01\x34", 6);
	want = test_hex(fixed, buf, sizeof(buf));
	assert_memory_equal(out + 28, want.data, want.len);
	for (size_t i = 0; i < NAMES; i++)
		assert_int_equal(out[28 + 44 + i], 0);
	assert_memory_equal(out + MAGIC_AT, "\x63\x82\x53\x63", 4);
	want = test_hex(options, buf, sizeof(buf));
	assert_memory_equal(out + at, want.data, want.len);
	for (at += want.len; want.data[want.len - 1] == 0xff && at < w.len; at++)
		assert_int_equal(out[at], 0);
}

static void test_answers(void **state)
{
	struct dhcp_request r = { .type = DHCP_REQUEST,
		.hardware_type = 1,
		.hardware_len = 6,
		.hardware = { 2, 3, 4 },
		.id = 0x11223344,
		.flags = 0x8000,
		.relay = 0x0a000009,
		.client_id_len = 2,
		.client_id = { 0xaa, 0xbb } };
	struct dhcp_answer a = answer;

	answers(&r, &a, UINT32_MAX,
		"020106 00 11223344 0000 8000 00000000 0a2d0002 00000000 0a000009 "
		"02030400000000000000000000000000",
		"350105 36040a2d0001 3d02aabb 0104ffffffff 03040a2d0001 06080808080808080404 1a020578 "
		"330400015180 ff");
	r.flags = 0;
	answers(&r, &a, 0x0a2d0002, "020106", "350105"); /* no broadcast is asked for */
	r.client = CLIENT;
	r.flags = 0x8000;
	answers(&r, &a, CLIENT, "020106 00 11223344 0000 8000 0a000001 0a2d0002", "350105");
	a.lease_s = 0; /* to an INFORM */
	a.dns_count = 0;
	answers(&r, &a, CLIENT, "020106 00 11223344 0000 8000 0a000001 00000000",
		"350105 36040a2d0001 3d02aabb 0104ffffffff 03040a2d0001 1a020578 ff");
	a.type = DHCP_NAK;
	r.client_id_len = 0;
	answers(&r, &a, UINT32_MAX, "020106 00 11223344 0000 8000 00000000 00000000",
		"350106 36040a2d0001 ff");
}

/* Every room that is too small is refused. */
static void test_room(void **state)
{
	struct dhcp_request r = { .type = DHCP_DISCOVER };

	for (size_t room = 0; room <= 28 + 300; room++) {
		uint8_t *exact = malloc(room + 1);
		struct writer w = writer_of(exact, room);

		assert_int_equal(dhcp_answer_encode(&r, &answer, &w), room == 28 + 300);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
