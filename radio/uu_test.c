#include "base/test.h"
#include "radio/uu.h"

static const uint8_t nas[] = { 0x7e, 0, 0x41, 1, 2, 3 };

static const struct uu_msg samples[] = {
	{ .type = UU_SETUP_REQUEST, .ue = 7, .cause = UU_MO_SIGNALLING, .payload = BYTES(nas) },
	{ .type = UU_SETUP_REQUEST,
		.ue = 0xffffffff,
		.cause = UU_MO_DATA,
		.has_s_tmsi = true,
		.s_tmsi = { 0x3ff, 0x3f, 0xdeadbeef },
		.payload = BYTES(nas) },
	{ .type = UU_UPLINK_NAS, .ue = 1, .payload = BYTES(nas) },
	{ .type = UU_DOWNLINK_NAS, .ue = 1, .payload = BYTES(nas) },
	{ .type = UU_SECURITY_ACTIVATE, .ue = 2, .ea = 2, .ia = 3 },
	{ .type = UU_SECURITY_COMPLETE, .ue = 2 },
	{ .type = UU_CAPABILITY_ENQUIRY, .ue = 2 },
	{ .type = UU_CAPABILITY, .ue = 2 },
	{ .type = UU_BEARER_SETUP,
		.ue = 3,
		.pdu_session_id = 5,
		.drb = 1,
		.qfi_count = 3,
		.qfis = { 1, 9, 63 },
		.payload = BYTES(nas) },
	{ .type = UU_BEARER_SETUP, .ue = 3, .pdu_session_id = 15, .drb = 32, .qfi_count = 1, .qfis = { 1 } },
	{ .type = UU_BEARER_SETUP_RESPONSE, .ue = 3, .pdu_session_id = 5, .accepted = true },
	{ .type = UU_BEARER_RELEASE, .ue = 3, .pdu_session_id = 5, .payload = BYTES(nas) },
	{ .type = UU_RELEASE, .ue = 3, .cause = UU_RELEASE_FAILURE },
	{ .type = UU_KEEPALIVE, .ue = 3 },
	{ .type = UU_DATA, .ue = 9, .pdu_session_id = 1, .qfi = 63, .payload = BYTES(nas) },
};

static struct bytes encode(const struct uu_msg *m, uint8_t *buf, size_t cap)
{
	struct writer w = writer_of(buf, cap);

	assert_true(uu_encode(m, &w));
	return writer_bytes(&w);
}

static void test_round_trip(void **state)
{
	uint8_t a[256], b[256];
	struct uu_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));

		assert_true(uu_decode(octets, &m));
		assert_int_equal(m.type, samples[i].type);
		assert_int_equal(m.ue, samples[i].ue);
		assert_int_equal(m.cause, samples[i].cause);
		assert_int_equal(m.s_tmsi.tmsi, samples[i].s_tmsi.tmsi);
		assert_int_equal(m.qfi_count, samples[i].qfi_count);
		assert_true(bytes_equal(m.payload, samples[i].payload));
		assert_true(bytes_equal(octets, encode(&m, b, sizeof(b))));
	}
}

/* Shorter than it was: refused, or (where the rest is the payload) another message of its own right. */
static void test_truncation(void **state)
{
	uint8_t a[256], b[256];
	struct uu_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));

		for (size_t n = 0; n < octets.len; n++) {
			uint8_t *exact = malloc(n ? n : 1); /* so that a sanitizer sees reads past the end */

			assert_non_null(exact);
			bytes_copy(exact, n, bytes_of(a, n));
			if (uu_decode(bytes_of(exact, n), &m))
				assert_true(bytes_equal(bytes_of(exact, n), encode(&m, b, sizeof(b))));
			else
				assert_true(n < UU_HEADER_LEN || n < octets.len);
			free(exact);
		}
		if (samples[i].payload.len == 0 && samples[i].type != UU_BEARER_SETUP) {
			a[octets.len] = 0;
			assert_false(uu_decode(bytes_of(a, octets.len + 1), &m));
		}
	}
}

static void test_bit_flips(void **state)
{
	uint8_t a[256], b[256];
	struct uu_msg m;

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct bytes octets = encode(&samples[i], a, sizeof(a));

		for (size_t bit = 0; bit < octets.len * 8; bit++) {
			a[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (uu_decode(octets, &m))
				assert_true(bytes_equal(octets, encode(&m, b, sizeof(b))));
			a[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
}

static void test_bad_values(void **state)
{
	static const struct uu_msg bad[] = {
		{ .type = 0 },
		{ .type = 14 },
		{ .type = UU_SETUP_REQUEST, .cause = 10, .payload = BYTES(nas) },
		{ .type = UU_SETUP_REQUEST },
		{ .type = UU_BEARER_SETUP, .pdu_session_id = 16, .drb = 1, .qfi_count = 1 },
		{ .type = UU_BEARER_SETUP, .pdu_session_id = 1, .drb = 1 },
		{ .type = UU_BEARER_SETUP, .pdu_session_id = 1, .drb = 1, .qfi_count = 65 },
		{ .type = UU_BEARER_SETUP, .pdu_session_id = 1, .drb = 1, .qfi_count = 1, .qfis = { 64 } },
		{ .type = UU_DATA, .pdu_session_id = 0, .payload = BYTES(nas) },
		{ .type = UU_DATA, .pdu_session_id = 1 },
	};
	uint8_t buf[256];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct writer w = writer_of(buf, sizeof(buf));

		assert_false(uu_encode(&bad[i], &w));
	}
}

static void test_data_header(void **state)
{
	uint8_t buf[UU_DATA_HEADER_LEN + 3] = { 0 }, psi, qfi;
	struct uu_msg m;
	uint32_t ue;

	uu_data_header_write(buf, 0x01020304, 5, 9);
	assert_true(uu_data_read(BYTES(buf), &ue, &psi, &qfi));
	assert_int_equal(ue, 0x01020304);
	assert_int_equal(psi, 5);
	assert_int_equal(qfi, 9);
	assert_true(uu_decode(BYTES(buf), &m));
	assert_int_equal(m.payload.len, 3);
	assert_false(uu_data_read(bytes_of(buf, UU_DATA_HEADER_LEN), &ue, &psi, &qfi));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_data_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
