#include "base/test.h"
#include "radio/uu.h"

static const uint8_t octets[] = { 9, 2, 3 };
static const uint8_t keepalive[] = { UU_LINK_KEEPALIVE }, lost[] = { UU_LINK_LOST };

static const struct uu_pdu samples[] = {
	{ 0, UU_SRB0, BYTES(octets) },
	{ 0xffffffff, UU_SRB3, BYTES(octets) },
	{ 0x01020304, UU_DRB_BASE + 1, BYTES(octets) },
	{ 7, UU_DRB_BASE + UU_DRB_MAX, BYTES(octets) },
	{ 7, UU_LINK, BYTES(keepalive) },
	{ 7, UU_LINK, BYTES(lost) },
};

static void test_round_trip(void **state)
{
	uint8_t buf[64];

	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		struct writer w = writer_of(buf, sizeof(buf));
		struct uu_pdu p;

		assert_true(uu_encode(&samples[i], &w));
		assert_true(uu_decode(writer_bytes(&w), &p));
		assert_int_equal(p.ue, samples[i].ue);
		assert_int_equal(p.bearer, samples[i].bearer);
		assert_true(bytes_equal(p.pdu, samples[i].pdu));
	}
}

/* What is not one PDU is refused, at every length, with no read past the end. */
static void test_bad(void **state)
{
	static const uint8_t none[] = { 0 }, unknown[] = { 3 }, long_control[] = { 1, 1 };
	static const uint8_t qfi_64[] = { 128, 1 }, only_qfi[] = { 1 };
	static const struct uu_pdu bad[] = {
		{ 1, UU_SRB0, { 0 } },
		{ 1, UU_LINK, BYTES(none) },
		{ 1, UU_LINK, BYTES(unknown) },
		{ 1, UU_LINK, BYTES(long_control) },
		{ 1, UU_LINK + 1, BYTES(octets) },
		{ 1, UU_DRB_BASE, BYTES(octets) },
		{ 1, UU_DRB_BASE + UU_DRB_MAX + 1, BYTES(octets) },
		{ 1, UU_DRB_BASE + 1, BYTES(qfi_64) },
		{ 1, UU_DRB_BASE + 1, BYTES(only_qfi) },
	};
	uint8_t buf[64];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct writer w = writer_of(buf, sizeof(buf));
		struct uu_pdu p;

		assert_false(uu_encode(&bad[i], &w));
		w = writer_of(buf, sizeof(buf));
		writer_u8(&w, bad[i].bearer);
		writer_u32(&w, 1);
		writer_put(&w, bad[i].pdu);
		assert_false(uu_decode(writer_bytes(&w), &p));
	}
	for (size_t n = 0; n <= UU_HEADER_LEN; n++) {
		uint8_t *exact = calloc(1, n ? n : 1);
		struct uu_pdu p;

		assert_non_null(exact);
		assert_false(uu_decode(bytes_of(exact, n), &p));
		free(exact);
	}
}

static void test_data_header(void **state)
{
	uint8_t buf[UU_DATA_HEADER_LEN + 3] = { 0 }, drb, qfi;
	struct uu_pdu p;
	uint32_t ue;

	uu_data_header_write(buf, 0x01020304, 5, 9);
	assert_true(uu_data_read(BYTES(buf), &ue, &drb, &qfi));
	assert_int_equal(ue, 0x01020304);
	assert_int_equal(drb, 5);
	assert_int_equal(qfi, 9);
	assert_true(uu_decode(BYTES(buf), &p));
	assert_int_equal(p.pdu.len, 4);
	assert_false(uu_data_read(bytes_of(buf, UU_DATA_HEADER_LEN), &ue, &drb, &qfi));
	uu_data_header_write(buf, 1, 5, UU_QFI_MAX);
	assert_true(uu_data_read(BYTES(buf), &ue, &drb, &qfi));
	uu_data_header_write(buf, 1, 5, UU_QFI_MAX | UU_RQI);
	assert_true(uu_data_read(BYTES(buf), &ue, &drb, &qfi));
	assert_int_equal(qfi, UU_QFI_MAX | UU_RQI);
	uu_data_header_write(buf, 1, 5, 2 * UU_RQI);
	assert_false(uu_data_read(BYTES(buf), &ue, &drb, &qfi));
	uu_data_header_write(buf, 1, 0, 1);
	assert_false(uu_data_read(BYTES(buf), &ue, &drb, &qfi));
}

static void test_link_control(void **state)
{
	uint8_t buf[16];
	struct writer w = writer_of(buf, sizeof(buf));
	struct uu_pdu p;

	assert_true(uu_link_encode(3, UU_LINK_LOST, &w));
	assert_true(uu_decode(writer_bytes(&w), &p));
	assert_int_equal(p.bearer, UU_LINK);
	assert_int_equal(p.pdu.data[0], UU_LINK_LOST);
	assert_int_equal(uu_ue_of(0xfff12345), 0x12345);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_data_header),
		cmocka_unit_test(test_link_control),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
