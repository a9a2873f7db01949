/* GTP-U: captured packets, the header and its extension chain, signalling messages, damage. */
#include "wire/tlv/test_vectors.h"

#include "wire/gtpu/gtpu.h"

#define CAPTURES VECTORS "/gtpu_captures.txt"

/* Some packets have octets after the message, and one is shorter than its length. */
static void round_trip(struct bytes octets, const char *source)
{
	size_t said = 8 + (size_t)gtpu_be16(octets.data + 2);
	struct arena arena;
	struct gtpu_msg msg;
	struct tlv_fault fault;
	uint8_t out[VECTOR_OCTETS_MAX];
	struct writer w = writer_of(out, sizeof(out));

	arena_init(&arena, NULL, 0, 0);
	if (gtpu_decode(octets, &arena, &msg, &fault) != (said <= octets.len))
		fail_msg("%s: fault %d", source, fault.kind);
	if (said > octets.len)
		return;
	octets.len = said;
	if (!gtpu_encode(&msg, &w) || !bytes_equal(writer_bytes(&w), octets))
		fail_msg("%s: not the same octets", source);
	arena_fini(&arena);
}

static void same_octets(void **state)
{
	assert_true(vectors_each(CAPTURES, round_trip) > 80);
}

static void survive(struct bytes octets)
{
	struct arena arena;
	struct gtpu_msg msg;
	struct tlv_fault fault;
	static uint8_t out[70000];
	static char text[16384];
	struct printer p;
	struct writer w = writer_of(out, sizeof(out)), t = writer_of(text, sizeof(text));

	arena_init(&arena, NULL, 0, 0);
	if (gtpu_decode(octets, &arena, &msg, &fault)) {
		printer_init(&p, &t, PRINT_FULL, NULL);
		gtpu_print(&msg, &p);
		may_fail(gtpu_encode(&msg, &w)); /* no crash is all that is asked */
	} else {
		assert_int_not_equal(fault.kind, TLV_OK);
	}
	arena_fini(&arena);
}

static void damage(struct bytes octets, const char *source)
{
	if (octets.len < 256)
		vectors_damage(octets, survive);
}

static void every_damage(void **state)
{
	static const char *const signalling[] = {
		"320100040000000000010000",
		"320200060000000000010000 0e00",
		"321a00100000000000000000 1000000005 8500040a000001",
		"321f00070000000000010000 8d0185",
		"30fe000000000005",
		"34fe000800000005 00000085 01001000",
	};
	uint8_t buf[64];

	vectors_each(CAPTURES, damage);
	for (size_t i = 0; i < ARRAY_LEN(signalling); i++)
		vectors_damage(test_hex(signalling[i], buf, sizeof(buf)), survive);
}

static enum gtpu_result header_of(const char *hex, struct gtpu_header *h, struct bytes *payload)
{
	static uint8_t buf[256];

	return gtpu_header_decode(test_hex(hex, buf, sizeof(buf)), h, payload);
}

static void pdu_session_container(void **state)
{
	struct gtpu_header h;
	struct bytes payload;

	assert_int_equal(header_of("34ff000a01020304 00000085 01101900 aabb", &h, &payload), GTPU_OK);
	assert_int_equal(h.teid, 0x01020304);
	assert_true(h.has_pdu_session);
	assert_int_equal(h.pdu_session.pdu_type, GTPU_PDU_UL);
	assert_int_equal(h.pdu_session.qfi, 0x19);
	assert_int_equal(payload.len, 2);
	assert_int_equal(header_of("34ff000c01020304 00000085 0200c5a0 00000000", &h, &payload), GTPU_OK);
	assert_int_equal(h.pdu_session.qfi, 5);
	assert_true(h.pdu_session.rqi && h.pdu_session.has_ppi);
	assert_int_equal(h.pdu_session.ppi, 5);
	assert_int_equal(payload.len, 0);
}

/* 29.281 clause 5.2.1: figure 5.2.1-2 on what an endpoint must comprehend. */
static void extension_chain(void **state)
{
	struct gtpu_header h;
	struct bytes payload;

	assert_int_equal(header_of("34ff000d01020304 000000c0 01123485 01000900 77", &h, &payload), GTPU_OK);
	assert_int_equal(h.pdu_session.qfi, 9);
	assert_int_equal(payload.len, 1);
	assert_int_equal(header_of("34ff000801020304 00000021 01000000", &h, &payload), GTPU_OK);
	assert_int_equal(header_of("34ff000801020304 00000061 01000000", &h, &payload), GTPU_OK);
	assert_int_equal(
		header_of("34ff000801020304 00000099 01000000", &h, &payload), GTPU_NOT_COMPREHENDED);
	assert_int_equal(h.extension, 0x99);
	assert_int_equal(
		header_of("34ff000801020304 000000c1 01000000", &h, &payload), GTPU_NOT_COMPREHENDED);
	assert_int_equal(header_of("34ff000801020304 00000085 00000000", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("34ff000801020304 00000085 02000000", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("34ff000801020304 00000085 01008500", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("34ff000401020304 00000085", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("54ff000401020304 00000000", &h, &payload), GTPU_BAD_VERSION);
	assert_int_equal(header_of("20ff000401020304 00000000", &h, &payload), GTPU_BAD_VERSION);
	assert_int_equal(header_of("34ff000301020304 00000000", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("30ff000501020304 00000000", &h, &payload), GTPU_MALFORMED);
	assert_int_equal(header_of("34ff000801020304 00000040 01086800", &h, &payload), GTPU_OK);
	assert_int_equal(h.udp_port, 2152);
}

static void header_round_trip(void **state)
{
	for (unsigned i = 0; i < 64; i++) {
		struct gtpu_header in = { .type = GTPU_G_PDU,
			.teid = 0xdeadbeef + i,
			.has_sequence = i & 1,
			.sequence = i & 1 ? (uint16_t)(i * 1000) : 0,
			.has_pdu_session = i & 2 };
		struct gtpu_header back;
		uint8_t buf[GTPU_HEADER_MAX + 5] = { 0 }, again[GTPU_HEADER_MAX + 5];
		struct bytes payload;
		size_t n;

		if (i & 2)
			in.pdu_session =
				(struct gtpu_pdu_session){ .pdu_type = i >> 2 & 1, .qfi = (uint8_t)i };
		if ((i & 6) == 2)
			in.pdu_session.rqi = i & 8;
		if ((i & 6) == 2 && i & 16) {
			in.pdu_session.has_ppi = true;
			in.pdu_session.ppi = i & 7;
		}
		n = gtpu_header_encode(&in, 5, buf);
		assert_int_equal(n, gtpu_header_size(&in));
		assert_int_equal(gtpu_header_decode(bytes_of(buf, n + 5), &back, &payload), GTPU_OK);
		assert_int_equal(payload.len, 5);
		assert_int_equal(back.teid, in.teid);
		assert_int_equal(back.sequence, in.sequence);
		assert_int_equal(back.has_pdu_session, in.has_pdu_session);
		assert_int_equal(back.pdu_session.pdu_type, in.pdu_session.pdu_type);
		assert_int_equal(back.pdu_session.qfi, in.pdu_session.qfi);
		assert_int_equal(back.pdu_session.rqi, in.pdu_session.rqi);
		assert_int_equal(back.pdu_session.has_ppi, in.pdu_session.has_ppi);
		assert_int_equal(back.pdu_session.ppi, in.pdu_session.ppi);
		assert_int_equal(gtpu_header_encode(&back, 5, again), n);
		assert_memory_equal(again, buf, n);
	}
}

static bool decode_hex(const char *hex, struct gtpu_msg *msg, struct tlv_fault *fault)
{
	static uint8_t buf[256];
	struct arena arena;

	arena_init(&arena, NULL, 0, 0);
	return gtpu_decode(test_hex(hex, buf, sizeof(buf)), &arena, msg, fault);
}

static void signalling(void **state)
{
	struct gtpu_msg msg;
	struct tlv_fault fault;

	assert_true(decode_hex("320100040000000000010000", &msg, &fault));
	assert_int_equal(msg.header.sequence, 1);
	assert_true(decode_hex("320200060000000000010000 0e07", &msg, &fault));
	assert_int_equal(msg.echo_response.recovery, 7);
	assert_true(decode_hex("321a00100000000000000000 1000000005 8500040a000001", &msg, &fault));
	assert_int_equal(msg.error_indication.teid, 5);
	assert_int_equal(msg.error_indication.peer.len, 4);
	assert_true(decode_hex("321f00070000000000010000 8d0185", &msg, &fault));
	assert_int_equal(msg.supported_extension_headers.types.len, 1);
	/* Mandatory elements missing; an unknown TLV skipped, an unknown TV not. */
	assert_false(decode_hex("320200040000000000010000", &msg, &fault));
	assert_int_equal(fault.kind, TLV_MISSING_MANDATORY);
	assert_int_equal(fault.ie, 14);
	assert_false(decode_hex("321a00090000000000000000 1000000005", &msg, &fault));
	assert_int_equal(fault.ie, 133);
	assert_false(decode_hex("321a000e0000000000000000 1000000005 8500020a00", &msg, &fault));
	assert_int_equal(fault.kind, TLV_BAD_LENGTH);
	assert_true(decode_hex("320100090000000000010000 c800020102", &msg, &fault));
	assert_false(decode_hex("320100060000000000010000 2201", &msg, &fault));
	assert_false(decode_hex("320500040000000000010000", &msg, &fault));
	assert_int_equal(fault.kind, TLV_UNKNOWN_MESSAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_octets),
		cmocka_unit_test(every_damage),
		cmocka_unit_test(pdu_session_container),
		cmocka_unit_test(extension_chain),
		cmocka_unit_test(header_round_trip),
		cmocka_unit_test(signalling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
