/* MAC PDUs: octets written down by hand, everything there and back, and strangers' octets. */
#include "base/test.h"

#include "radio/mac/bsr.h"
#include "radio/mac/ce.h"
#include "radio/mac/pdu.h"
#include "radio/mac/rar.h"

static void test_subpdus(void **state)
{
	static const uint8_t expected[] = { 0x3d, 0x05, /* timing advance, TAG 0 */
		0x01, 0x03, 'a', 'b', 'c',              /* logical channel 1 */
		0x44, 0x01, 0x00 };                     /* logical channel 4, F 1, 256 octets */
	uint8_t octets[400], data[256] = { 7 };
	struct writer w = writer_of(octets, 300);
	struct mac_subpdu s;
	struct cursor c;

	mac_write(&w, MAC_DL_SCH, MAC_DL_TIMING_ADVANCE, bytes_of("\x05", 1));
	mac_write(&w, MAC_DL_SCH, 1, bytes_of("abc", 3));
	mac_write(&w, MAC_DL_SCH, 4, BYTES(data));
	assert_false(w.failed);
	assert_int_equal(w.len, sizeof(expected) + 256);
	assert_int_equal(w.len, mac_subpdu_size(MAC_DL_SCH, MAC_DL_TIMING_ADVANCE, 1) +
					mac_subpdu_size(MAC_DL_SCH, 1, 3) +
					mac_subpdu_size(MAC_DL_SCH, 4, 256));
	assert_memory_equal(octets, expected, sizeof(expected));
	mac_pad(&w);
	c = cursor_of(writer_bytes(&w));
	assert_int_equal(mac_read(&c, MAC_DL_SCH, &s), MAC_SUBPDU);
	assert_int_equal(s.lcid, MAC_DL_TIMING_ADVANCE);
	assert_false(mac_is_sdu(MAC_DL_SCH, s.lcid));
	assert_int_equal(mac_read(&c, MAC_DL_SCH, &s), MAC_SUBPDU);
	assert_true(s.lcid == 1 && bytes_equal(s.data, bytes_of("abc", 3)) && mac_is_sdu(MAC_DL_SCH, 1));
	assert_int_equal(mac_read(&c, MAC_DL_SCH, &s), MAC_SUBPDU);
	assert_true(s.lcid == 4 && bytes_equal(s.data, BYTES(data)));
	assert_int_equal(mac_read(&c, MAC_DL_SCH, &s), MAC_SUBPDU);
	assert_true(s.lcid == MAC_PADDING && s.data.len == 300 - sizeof(expected) - 256 - 1);
	assert_int_equal(mac_read(&c, MAC_DL_SCH, &s), MAC_END);
}

/* 5.13: reserved values end the PDU; what is longer than the PDU does too. */
static void test_refused(void **state)
{
	static const struct {
		enum mac_channel channel;
		struct bytes pdu;
		enum mac_read read;
	} cases[] = {
		{ MAC_DL_SCH, { (const uint8_t *)"\x23\x01x", 3 }, MAC_UNKNOWN },
		{ MAC_DL_SCH, { (const uint8_t *)"\x22\xd9\x00", 3 }, MAC_UNKNOWN }, /* eLCID */
		{ MAC_UL_SCH, { (const uint8_t *)"\x2f\x01x", 3 }, MAC_UNKNOWN },
		{ MAC_UL_SCH, { (const uint8_t *)"\x01\x02x", 3 }, MAC_CUT },
		{ MAC_UL_SCH, { (const uint8_t *)"\x41\x00", 2 }, MAC_CUT },
		{ MAC_UL_SCH, { (const uint8_t *)"\x3a\x46", 2 }, MAC_CUT },
		{ MAC_UL_SCH, { (const uint8_t *)"\x00\1\2\3\4\5\6\7", 8 }, MAC_CUT }, /* CCCH has 8 octets */
		{ MAC_DL_SCH, { (const uint8_t *)"\x3e\1\2\3\4\5", 6 }, MAC_CUT },
		{ MAC_DL_SCH, { (const uint8_t *)"", 0 }, MAC_END },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cursor c = cursor_of(cases[i].pdu);
		struct mac_subpdu s;

		assert_int_equal(mac_read(&c, cases[i].channel, &s), cases[i].read);
	}
}

/* An SDU whose length shows when it is written: both subheaders, and no room. */
static void test_sdu_in_place(void **state)
{
	const size_t lens[][2] = { { 100, 100 }, { 255, 3 }, { 256, 255 }, { 400, 300 }, { 1000, 256 },
		{ 9, 1 } };

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		uint8_t octets[1100], expected[1100], data[400];
		struct writer w = writer_of(octets, sizeof(octets)),
			      e = writer_of(expected, sizeof(expected));
		uint8_t *at = mac_sdu_begin(&w, 5, lens[i][0]);

		memset(data, (int)i + 1, sizeof(data));
		assert_non_null(at);
		memset(at, (int)i + 1, lens[i][1]);
		mac_sdu_end(&w, 5, at, lens[i][1]);
		mac_write(&e, MAC_UL_SCH, 5, bytes_of(data, lens[i][1]));
		assert_true(bytes_equal(writer_bytes(&w), writer_bytes(&e)));
	}
	for (size_t cap = 0; cap < 6; cap++) {
		uint8_t octets[6];
		struct writer w = writer_of(octets, cap);

		assert_true((mac_sdu_begin(&w, 5, 1) == NULL) == (cap < 3));
		assert_true((mac_sdu_begin(&w, 5, 300) == NULL) == (cap < 4));
	}
}

/* Tables 6.1.3.1-1 and -2: the level is the least that holds the octets. */
static void test_buffer_sizes(void **state)
{
	assert_int_equal(mac_bsr_index_5(0), 0);
	assert_int_equal(mac_bsr_index_5(1), 1);
	assert_int_equal(mac_bsr_index_5(10), 1);
	assert_int_equal(mac_bsr_index_5(11), 2);
	assert_int_equal(mac_bsr_index_5(150000), 30);
	assert_int_equal(mac_bsr_index_5(150001), 31);
	assert_int_equal(mac_bsr_index_8(0), 0);
	assert_int_equal(mac_bsr_index_8(81338368), 253);
	assert_int_equal(mac_bsr_index_8(81338369), 254);
	assert_int_equal(mac_bsr_index_8(UINT32_MAX), 254);
	for (uint32_t i = 1; i < 254; i++) {
		assert_int_equal(mac_bsr_index_8((uint32_t)bsr_8bit_bytes[i]), i);
		assert_int_equal(mac_bsr_index_8((uint32_t)bsr_8bit_bytes[i - 1] + 1), i);
	}
}

static void test_buffer_status_reports(void **state)
{
	struct mac_bsr b = { .lcgs = 0x85, .known = 0x85, .octets = { 9, 0, 5000, 0, 0, 0, 0, 70 } }, back;
	const uint8_t order[] = { 2, 7, 0 };
	uint8_t octets[16];
	struct writer w = writer_of(octets, sizeof(octets));

	mac_bsr_write_long(&w, &b);
	assert_true(mac_bsr_read(MAC_UL_LONG_BSR, writer_bytes(&w), &back));
	assert_true(back.lcgs == 0x85 && back.known == 0x85 && !back.truncated);
	assert_true(back.octets[0] == 10 && back.octets[2] >= 5000 && back.octets[2] < 5400 &&
		    back.octets[7] >= 70);
	assert_false(mac_bsr_read(MAC_UL_LONG_BSR, bytes_of(octets, w.len - 1), &back));
	assert_false(mac_bsr_read(MAC_UL_LONG_BSR, bytes_of(octets, w.len + 1), &back));
	assert_false(mac_bsr_read(MAC_UL_LONG_BSR, bytes_of("\x01\xff", 2), &back)); /* a reserved level */
	w = writer_of(octets, 3);
	mac_bsr_write_truncated(&w, &b, order, 3);
	assert_false(w.failed);
	assert_int_equal(octets[1], mac_bsr_index_8(5000));
	assert_int_equal(octets[2], mac_bsr_index_8(70));
	assert_true(mac_bsr_read(MAC_UL_LONG_TRUNCATED_BSR, writer_bytes(&w), &back));
	assert_true(back.lcgs == 0x85 && back.known == 0 && back.truncated);
	b = (struct mac_bsr){ .known = 1 << 6, .octets = { [6] = 100 } };
	w = writer_of(octets, sizeof(octets));
	mac_bsr_write_short(&w, &b);
	assert_int_equal(octets[0], 6 << 5 | 8); /* 102 octets: index 8 */
	assert_true(mac_bsr_read(MAC_UL_SHORT_BSR, writer_bytes(&w), &back));
	assert_true(back.known == 1 << 6 && back.octets[6] == 102);
}

static void test_control_elements(void **state)
{
	struct mac_timing_advance ta = { 2, 33 }, ta_back;
	struct mac_phr phr = { true, 40, 1, 51 }, phr_back;
	uint8_t octets[8];
	struct writer w = writer_of(octets, sizeof(octets));
	uint16_t c_rnti;

	mac_c_rnti_write(&w, 0x4601);
	mac_timing_advance_write(&w, &ta);
	mac_phr_write(&w, &phr);
	assert_int_equal(w.len, 5);
	assert_memory_equal(octets, "\x46\x01\xa1\xa8\x73", 5);
	assert_true(mac_c_rnti_read(bytes_of(octets, 2), &c_rnti) && c_rnti == 0x4601);
	assert_true(mac_timing_advance_read(bytes_of(octets + 2, 1), &ta_back));
	assert_memory_equal(&ta, &ta_back, sizeof(ta));
	assert_true(mac_phr_read(bytes_of(octets + 3, 2), &phr_back));
	assert_true(
		phr_back.power_backoff && phr_back.ph == 40 && phr_back.mpe == 1 && phr_back.p_cmax == 51);
	/* neither shorter nor longer than it is */
	assert_false(mac_c_rnti_read(bytes_of(octets, 1), &c_rnti));
	assert_false(mac_c_rnti_read(bytes_of(octets, 3), &c_rnti));
	assert_false(mac_timing_advance_read(BYTES_NONE, &ta_back));
	assert_false(mac_timing_advance_read(bytes_of(octets, 2), &ta_back));
	assert_false(mac_phr_read(bytes_of(octets, 1), &phr_back));
	assert_false(mac_phr_read(bytes_of(octets, 3), &phr_back));
}

static void test_random_access_response(void **state)
{
	/* backoff 3; RAPID 17: T_A 0x123, grant 1 10000000000001 0101 1010 110 1, C-RNTI 0x4601; RAPID 60 for
	 * system information */
	static const uint8_t expected[] = { 0x83, 0xd1, 0x09, 0x1e, 0x00, 0x15, 0xad, 0x46, 0x01, 0x7c };
	struct mac_rar rar = { 17, 0x123, { true, 0x2001, 5, 10, 6, true }, 0x4601 }, back;
	uint8_t octets[20], backoff = 0;
	struct writer w = writer_of(octets, sizeof(octets));
	struct cursor c;
	bool more = true;

	mac_rar_write_backoff(&w, 3, true);
	mac_rar_write(&w, &rar, true);
	writer_u8(&w, 0x7c);
	assert_int_equal(w.len, sizeof(expected));
	assert_memory_equal(octets, expected, sizeof(expected));
	c = cursor_of(bytes_of(octets, sizeof(octets))); /* padding behind it */
	assert_int_equal(mac_rar_read(&c, &more, &backoff, &back, 60, 2), MAC_RAR_BACKOFF);
	assert_int_equal(backoff, 3);
	assert_int_equal(mac_rar_read(&c, &more, &backoff, &back, 60, 2), MAC_RAR_RESPONSE);
	assert_true(back.rapid == 17 && back.timing_advance == 0x123 && back.temporary_c_rnti == 0x4601);
	assert_true(back.grant.frequency_hopping && back.grant.frequency_resource == 0x2001 &&
		    back.grant.time_resource == 5 && back.grant.mcs == 10 && back.grant.tpc == 6 &&
		    back.grant.csi_request);
	assert_int_equal(mac_rar_read(&c, &more, &backoff, &back, 60, 2), MAC_RAR_RESPONSE);
	assert_true(back.rapid == 60 && back.temporary_c_rnti == 0);
	assert_int_equal(mac_rar_read(&c, &more, &backoff, &back, 60, 2), MAC_RAR_END);
	c = cursor_of(bytes_of(octets + 1, 4));
	more = true;
	assert_int_equal(mac_rar_read(&c, &more, &backoff, &back, 0, 0), MAC_RAR_BAD);
}

static void test_strangers(void **state)
{
	uint64_t seed = 3, units = 0;

	for (uint32_t i = 0; i < 200000; i++) {
		uint8_t octets[40];
		size_t len = i % sizeof(octets);
		struct cursor c = cursor_of(bytes_of(octets, len));
		struct mac_subpdu s;
		struct mac_bsr b;

		for (size_t at = 0; at < len; at++) {
			seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			octets[at] = (uint8_t)(seed >> 40);
		}
		while (mac_read(&c, (enum mac_channel)(i & 1), &s) == MAC_SUBPDU) {
			units++;
			if (mac_bsr_read(s.lcid, s.data, &b))
				assert_true((b.known & ~b.lcgs) == 0);
		}
	}
	assert_true(units > 50000);
}

/* Tables 6.2.1-1 and 6.2.1-2 by the figures of the control elements: the octets of each LCID from 33 on; '-'
 * for a length of its own, '.' for one that is reserved or not served. */
static void test_sizes(void **state)
{
	static const struct {
		enum mac_channel channel;
		const char *sizes;
	} tables[] = { { MAC_DL_SCH, "..............223-22---1410016" },
		{ MAC_UL_SCH, "..68......-2--.41--62-0-221-1-" } };

	for (size_t t = 0; t < ARRAY_LEN(tables); t++)
		for (uint8_t lcid = 33; lcid < MAC_PADDING; lcid++) {
			char size = tables[t].sizes[lcid - 33];
			uint8_t octets[16] = { lcid, 3 };
			struct cursor c = cursor_of(BYTES(octets));
			struct writer w = writer_of(octets, sizeof(octets));
			struct mac_subpdu s;

			if (size == '.') {
				assert_int_equal(mac_read(&c, tables[t].channel, &s), MAC_UNKNOWN);
				mac_write(&w, tables[t].channel, lcid, BYTES_NONE);
				assert_true(w.failed);
				continue;
			}
			assert_int_equal(mac_read(&c, tables[t].channel, &s), MAC_SUBPDU);
			assert_int_equal(s.data.len, size == '-' ? 3 : size - '0');
			assert_int_equal(mac_subpdu_size(tables[t].channel, lcid, s.data.len),
				s.data.len + (size == '-' ? 2 : 1));
			mac_write(&w, tables[t].channel, lcid, bytes_of("12345678", s.data.len));
			assert_false(w.failed);
			w.len = 0;
			mac_write(&w, tables[t].channel, lcid, bytes_of("12345678", s.data.len + 1));
			assert_int_equal(w.failed, size != '-');
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_subpdus),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sdu_in_place),
		cmocka_unit_test(test_buffer_sizes),
		cmocka_unit_test(test_buffer_status_reports),
		cmocka_unit_test(test_control_elements),
		cmocka_unit_test(test_random_access_response),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
