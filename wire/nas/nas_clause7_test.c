/* TS 24.501 clause 7: erroneous messages, case by case. */
#include "base/test.h"

#include "wire/nas/nas.h"

static uint8_t store[4096];
static struct nas_msg msg;
static struct tlv_fault fault;

/* Decodes hex; what it allocates lives until the next call. */
static bool decode(const char *hex)
{
	static uint8_t buf[512];
	static struct arena arena;

	arena_init(&arena, store, sizeof(store), 0);
	return nas_decode(test_hex(hex, buf, sizeof(buf)), &arena, &msg, &fault);
}

static void refused(const char *hex, enum tlv_fault_kind kind, uint8_t cause, uint16_t ie, bool answer)
{
	if (decode(hex))
		fail_msg("accepted: %s", hex);
	assert_int_equal(fault.kind, kind);
	assert_int_equal(fault.cause, cause);
	assert_int_equal(fault.ie, ie);
	assert_int_equal(fault.answer, answer);
}

/* A registration request with a GUTI; elements follow. */
#define REQUEST "7e004179 000b f200f110020040e2000001 "

/* 7.2.1: too short for a message type: ignored. */
static void too_short(void **state)
{
	static const char *const messages[] = { "", "7e", "7e00", "2e", "2e01", "2e0101" };

	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		assert_false(decode(messages[i]));
		assert_int_equal(fault.kind, TLV_TOO_SHORT);
		assert_false(fault.answer);
	}
}

/* 24.007 clause 11.2.3.1: not a protocol of 5GS NAS; or protected where a plain message is expected. */
static void not_plain(void **state)
{
	refused("2f004179", TLV_BAD_HEADER, 111, 0, false);
	refused("7e014179", TLV_BAD_HEADER, 111, 0, false);
}

/* 7.4: unknown message types, also those of the other protocol. */
static void unknown_type(void **state)
{
	refused("7e0000", TLV_UNKNOWN_MESSAGE, 97, 0, true);
	refused("7e00ff", TLV_UNKNOWN_MESSAGE, 97, 0, true);
	refused("7e00c1ffff", TLV_UNKNOWN_MESSAGE, 97, 0, true);
	refused("2e050141", TLV_UNKNOWN_MESSAGE, 97, 0, true);
	assert_int_equal(msg.pdu_session_id, 5);
	assert_int_equal(msg.pti, 1);
}

/* 7.5.1: errors in the imperative part. */
static void imperative_part(void **state)
{
	refused("7e0041", TLV_MISSING_MANDATORY, 96, 0, true);
	assert_string_equal(fault.ie_name, "registration_type");
	refused("7e004179", TLV_MISSING_MANDATORY, 96, 0, true);
	refused("7e004179000b", TLV_MISSING_MANDATORY, 96, 0, true);
	refused("7e004179000bf200f110020040e20000", TLV_MISSING_MANDATORY, 96, 0, true);
	refused("7e004179 0003 f200f1", TLV_BAD_MANDATORY, 96, 0, true);     /* shorter than any */
	refused("7e004179 0005 f200f11002", TLV_BAD_MANDATORY, 96, 0, true); /* than a GUTI */
	refused("7e004179 000d 0100f110f1f5000000000010", TLV_MISSING_MANDATORY, 96, 0, true);
	refused("7e004179 000c 0100f110f1f5000000000010", TLV_BAD_MANDATORY, 96, 0,
		true); /* routing indicator */
	refused("2e0501c1", TLV_MISSING_MANDATORY, 96, 0, true);
	refused("2e0501c1ff", TLV_MISSING_MANDATORY, 96, 0, true);
	assert_int_equal(msg.type, NAS_PDU_SESSION_ESTABLISHMENT_REQUEST);
	assert_true(decode(REQUEST));
}

/* 7.5.1 b: an unknown element with bits 8 to 5 zero must be comprehended. */
static void comprehension(void **state)
{
	refused(REQUEST "01 01 00", TLV_NOT_COMPREHENDED, 96, 1, true);
	refused(REQUEST "10 01 03 0f 00", TLV_NOT_COMPREHENDED, 96, 15, true);
}

/* 7.6.1: other unknown elements are skipped, by the format of their identifier (24.007 clause 11.2.4). */
static void unknown_elements(void **state)
{
	assert_true(decode(REQUEST "10 01 03  3f 02 0102  7d 0003 010203  f1  6f 00  2e 02 f0f0"));
	assert_true(msg.registration_request.has_gmm_capability);
	assert_true(msg.registration_request.has_ue_security_capability);
	assert_int_equal(msg.registration_request.ue_security_capability.len, 2);
}

/* 7.6.2: known elements out of their place are ignored. */
static void out_of_sequence(void **state)
{
	assert_true(decode(REQUEST "2e 02 f0f0  10 01 03  2f 02 01 01"));
	assert_true(msg.registration_request.has_ue_security_capability);
	assert_false(msg.registration_request.has_gmm_capability);
	assert_true(msg.registration_request.has_requested_nssai);
}

/* 7.6.3: of repeated elements the first is handled. */
static void repeated(void **state)
{
	assert_true(decode(REQUEST "2e 02 f0f0  2e 02 1111  b1  b2"));
	assert_int_equal(msg.registration_request.ue_security_capability.octets[0], 0xf0);
	assert_int_equal(msg.registration_request.mico_indication, 1);
}

/* 7.7.1: a syntactically incorrect optional element is as good as absent. */
static void incorrect_optional(void **state)
{
	assert_true(decode(REQUEST "10 00  2e 01 f0  2f 02 03 01  40 02 2000"));
	assert_false(msg.registration_request.has_gmm_capability);
	assert_false(msg.registration_request.has_ue_security_capability);
	assert_false(msg.registration_request.has_requested_nssai);
	assert_true(msg.registration_request.has_uplink_data_status);
	assert_int_equal(msg.registration_request.uplink_data_status, 1 << 5);
	/* One that does not end within the message. */
	assert_true(decode(REQUEST "10 01 03  2e 04 f0f0"));
	assert_true(msg.registration_request.has_gmm_capability);
	assert_false(msg.registration_request.has_ue_security_capability);
	assert_true(decode(REQUEST "2e"));
	assert_true(decode(REQUEST "71 00"));
}

/* 24.007 clause 11.4.2: longer than it can be is no error: the rest is ignored. */
static void longer_than_known(void **state)
{
	assert_true(decode(REQUEST "2e 0a f0f0 0102030405060708  2b 03 010000"));
	assert_int_equal(msg.registration_request.ue_status, 1);
	assert_int_equal(msg.registration_request.ue_security_capability.len, 8);
	assert_true(decode("7e005d 22 01 02 f0f0 19 07 01020304050607"));
	assert_int_equal(msg.security_mode_command.replayed_s1_ue_security_capability.len, 5);
}

/* 7.7.2: a syntactically incorrect conditional element. */
static void incorrect_conditional(void **state)
{
	assert_true(decode("7e0067 01 0001 2e 1205"));
	assert_true(msg.ul_nas_transport.has_pdu_session_id);
	refused("7e0067 01 0001 2e 12", TLV_BAD_CONDITIONAL, 100, 0x12, true);
}

static void exhaustion(void **state)
{
	uint8_t buf[64], small[8];
	struct arena arena;

	arena_init(&arena, small, sizeof(small), 0);
	assert_false(
		nas_decode(test_hex(REQUEST "2f 05 04 01010203", buf, sizeof(buf)), &arena, &msg, &fault));
	assert_int_equal(fault.kind, TLV_NO_MEMORY);
	assert_int_equal(fault.ie, 0x2f);
	assert_true(fault.answer);
	arena_fini(&arena);
}

/* 8.2.28, 9.3: the outer header. */
static void security_header(void **state)
{
	static const uint8_t pdu[] = { 0x7e, 2, 1, 2, 3, 4, 9, 0xaa, 0xbb, 0xcc };
	static const uint8_t plain[] = { 0x7e, 0, 0x43 };
	struct nas_security_header h;
	uint8_t out[16];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(nas_security_header_decode(BYTES(pdu), &h, &fault));
	assert_int_equal(h.type, NAS_INTEGRITY_CIPHERED);
	assert_int_equal(h.mac, 0x01020304);
	assert_int_equal(h.sqn, 9);
	assert_int_equal(h.inner.len, 3);
	assert_ptr_equal(h.protected.data, pdu + 6);
	assert_int_equal(h.protected.len, 4);
	assert_true(nas_security_header_encode(&h, &w));
	assert_true(bytes_equal(writer_bytes(&w), BYTES(pdu)));
	assert_true(nas_security_header_decode(BYTES(plain), &h, &fault));
	assert_int_equal(h.type, NAS_PLAIN);
	assert_true(bytes_equal(h.inner, BYTES(plain)));
	assert_false(nas_security_header_encode(&h, &w));
	for (size_t n = 2; n < 8; n++) {
		assert_false(nas_security_header_decode(bytes_of(pdu, n), &h, &fault));
		assert_int_equal(fault.kind, TLV_TOO_SHORT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_short),
		cmocka_unit_test(not_plain),
		cmocka_unit_test(unknown_type),
		cmocka_unit_test(imperative_part),
		cmocka_unit_test(comprehension),
		cmocka_unit_test(unknown_elements),
		cmocka_unit_test(out_of_sequence),
		cmocka_unit_test(repeated),
		cmocka_unit_test(incorrect_optional),
		cmocka_unit_test(longer_than_known),
		cmocka_unit_test(incorrect_conditional),
		cmocka_unit_test(exhaustion),
		cmocka_unit_test(security_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
