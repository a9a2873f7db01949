#include "base/test.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"

static const uint8_t nas[] = { 0x7e, 0, 0x41, 1, 2, 3 };

static const struct uu_rrc_msg samples[] = {
	{ .type = UU_RRC_SETUP_REQUEST, .cause = UU_RRC_MO_SIGNALLING, .nas = BYTES(nas) },
	{ .type = UU_RRC_SETUP_REQUEST,
		.cause = UU_RRC_MO_DATA,
		.has_s_tmsi = true,
		.s_tmsi = { 0x3ff, 0x3f, 0xdeadbeef },
		.nas = BYTES(nas) },
	{ .type = UU_RRC_UPLINK_NAS, .nas = BYTES(nas) },
	{ .type = UU_RRC_DOWNLINK_NAS, .nas = BYTES(nas) },
	{ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 2, .ia = 3 },
	{ .type = UU_RRC_SECURITY_MODE_COMPLETE },
	{ .type = UU_RRC_CAPABILITY_ENQUIRY },
	{ .type = UU_RRC_CAPABILITY },
	{ .type = UU_RRC_BEARER_SETUP,
		.pdu_session_id = 5,
		.drb = 1,
		.qfi_count = 3,
		.qfis = { 1, 9, 63 },
		.nas = BYTES(nas) },
	{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 15, .drb = 32, .qfi_count = 1, .qfis = { 1 } },
	{ .type = UU_RRC_BEARER_SETUP_RESPONSE, .drb = 5, .accepted = true },
	{ .type = UU_RRC_BEARER_RELEASE, .drb = 5, .nas = BYTES(nas) },
	{ .type = UU_RRC_RELEASE },
	{ .type = UU_RRC_REJECT },
	{ .type = UU_RRC_REJECT, .wait_s = UU_RRC_WAIT_MAX_S },
	{ .type = UU_RRC_RECONFIGURATION, .rrc = BYTES(nas) },
	{ .type = UU_RRC_WARNING,
		.warning_id = 4370,
		.warning_serial = 0xfffe,
		.warning_dcs = 15,
		.rrc = BYTES(nas) },
	{ .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = 0xfffe, .mac = 0xdeadbeef },
	{ .type = UU_RRC_REESTABLISHMENT_REQUEST, .c_rnti = 0x1234, .pci = 1007, .short_mac = 0xbeef },
	{ .type = UU_RRC_REESTABLISHMENT, .ncc = 7 },
	{ .type = UU_RRC_REESTABLISHMENT_COMPLETE, .mac = 0xcafe0001 },
};

static struct bytes encode(const struct uu_rrc_msg *m, uint8_t *buf, size_t cap)
{
	struct writer w = writer_of(buf, cap);

	assert_true(uu_rrc_encode(m, &w));
	return writer_bytes(&w);
}

static void test_round_trip(void **state)
{
	uint8_t a[256], b[256];
	struct uu_rrc_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));
		uint8_t srb = uu_rrc_srb(samples[i].type);

		assert_true(uu_rrc_decode(srb, octets, &m));
		assert_int_equal(m.type, samples[i].type);
		assert_int_equal(m.drb, samples[i].drb);
		assert_false(uu_rrc_decode(srb ^ 1, octets, &m));
		assert_true(uu_rrc_decode(srb, octets, &m));
		assert_non_null(uu_rrc_name((uint8_t)m.type));
		assert_int_equal(m.cause, samples[i].cause);
		assert_int_equal(m.wait_s, samples[i].wait_s);
		assert_int_equal(m.s_tmsi.tmsi, samples[i].s_tmsi.tmsi);
		assert_int_equal(m.qfi_count, samples[i].qfi_count);
		assert_true(bytes_equal(m.nas, samples[i].nas));
		assert_true(bytes_equal(m.rrc, samples[i].rrc));
		assert_int_equal(m.c_rnti, samples[i].c_rnti);
		assert_int_equal(m.pci, samples[i].pci);
		assert_int_equal(m.mac, samples[i].mac);
		assert_int_equal(m.short_mac, samples[i].short_mac);
		assert_int_equal(m.ncc, samples[i].ncc);
		assert_true(bytes_equal(octets, encode(&m, b, sizeof(b))));
	}
}

/* Shorter than it was: refused, or (where the rest is the payload) another message of its own right. */
static void test_truncation(void **state)
{
	uint8_t a[256], b[256];
	struct uu_rrc_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));
		uint8_t srb = uu_rrc_srb(samples[i].type);

		for (size_t n = 0; n < octets.len; n++) {
			uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees reads past the end */

			assert_non_null(exact);
			bytes_copy(exact, n, bytes_of(a, n));
			if (uu_rrc_decode(srb, bytes_of(exact, n), &m))
				assert_true(bytes_equal(bytes_of(exact, n), encode(&m, b, sizeof(b))));
			else
				assert_true(n < octets.len);
			free(exact);
		}
		if (samples[i].nas.len == 0 && samples[i].rrc.len == 0 &&
			samples[i].type != UU_RRC_BEARER_SETUP) {
			a[octets.len] = 0;
			assert_false(uu_rrc_decode(srb, bytes_of(a, octets.len + 1), &m));
		}
	}
}

static void test_bit_flips(void **state)
{
	uint8_t a[256], b[256];
	struct uu_rrc_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));
		uint8_t srb = uu_rrc_srb(samples[i].type);

		for (size_t bit = 0; bit < octets.len * 8; bit++) {
			a[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (uu_rrc_decode(srb, octets, &m))
				assert_true(bytes_equal(octets, encode(&m, b, sizeof(b))));
			a[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
}

static void test_bad_values(void **state)
{
	static const struct uu_rrc_msg bad[] = {
		{ .type = 0 },
		{ .type = UU_RRC_TYPE_COUNT },
		{ .type = UU_RRC_SETUP_REQUEST, .cause = 10, .nas = BYTES(nas) },
		{ .type = UU_RRC_SETUP_REQUEST },
		{ .type = UU_RRC_SETUP_REQUEST,
			.has_s_tmsi = true,
			.s_tmsi.amf_set_id = 0x400,
			.nas = BYTES(nas) },
		{ .type = UU_RRC_SETUP_REQUEST,
			.has_s_tmsi = true,
			.s_tmsi.amf_pointer = 0x40,
			.nas = BYTES(nas) },
		{ .type = UU_RRC_UPLINK_NAS },
		{ .type = UU_RRC_SECURITY_MODE_COMMAND, .ea = 8 },
		{ .type = UU_RRC_SECURITY_MODE_COMMAND, .ia = 8 },
		{ .type = UU_RRC_BEARER_SETUP_RESPONSE },
		{ .type = UU_RRC_RECONFIGURATION },
		{ .type = UU_RRC_REESTABLISHMENT_REQUEST, .pci = 1008 },
		{ .type = UU_RRC_REESTABLISHMENT, .ncc = 8 },
		{ .type = UU_RRC_BEARER_RELEASE, .drb = 33 },
		{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 33, .qfi_count = 1 },
		{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 0, .drb = 1, .qfi_count = 1 },
		{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 16, .drb = 1, .qfi_count = 1 },
		{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 1 },
		{ .type = UU_RRC_BEARER_SETUP, .pdu_session_id = 1, .drb = 1, .qfi_count = 65 },
		{ .type = UU_RRC_BEARER_SETUP,
			.pdu_session_id = 1,
			.drb = 1,
			.qfi_count = 1,
			.qfis = { 64 } },
	};
	uint8_t buf[256];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct writer w = writer_of(buf, sizeof(buf));

		assert_false(uu_rrc_encode(&bad[i], &w));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_bad_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
