/* Codecs: text to value and back, and what they refuse. */
#include "base/test.h"

#include <inttypes.h>

#include "wire/id.h"
#include "wire/json/table.h"

struct case_row {
	const struct json_codec *codec;
	uint16_t size;
	const char *text;
	const char *again; /* as written; NULL: the same; "": refused */
};

#define ROW(c, t, text, ...) { &c, sizeof(t), text, __VA_ARGS__ }

static const struct case_row rows[] = {
	ROW(json_uint, uint8_t, "0", NULL),
	ROW(json_uint, uint8_t, "255", NULL),
	ROW(json_uint, uint8_t, "256", ""),
	ROW(json_uint, uint64_t, "18446744073709551615", NULL),
	ROW(json_uint, uint64_t, "18446744073709551616", ""),
	ROW(json_uint, uint32_t, "1e3", ""),
	ROW(json_uint, uint32_t, "1.0", ""),
	ROW(json_uint, uint32_t, "-1", ""),
	/* 29.571 BitRate */
	ROW(json_bit_rate, uint64_t, "0 bps", NULL),
	ROW(json_bit_rate, uint64_t, "999 bps", NULL),
	ROW(json_bit_rate, uint64_t, "1000 bps", "1 Kbps"),
	ROW(json_bit_rate, uint64_t, "1.5 Gbps", "1500 Mbps"),
	ROW(json_bit_rate, uint64_t, "1048576 Kbps", NULL),
	ROW(json_bit_rate, uint64_t, "0.123456 Mbps", "123456 bps"),
	ROW(json_bit_rate, uint64_t, "0.0001 Kbps", "0 bps"),
	ROW(json_bit_rate, uint64_t, "18446744 Tbps", NULL),
	ROW(json_bit_rate, uint64_t, "18446745 Tbps", ""),
	ROW(json_bit_rate, uint64_t, "1Gbps", ""),
	ROW(json_bit_rate, uint64_t, "1 gbps", ""),
	ROW(json_bit_rate, uint64_t, "1. Gbps", ""),
	ROW(json_bit_rate, uint64_t, ".5 Gbps", ""),
	ROW(json_bit_rate, uint64_t, "1.x Gbps", ""),
	ROW(json_bit_rate, uint64_t, "1./ Gbps", ""),
	ROW(json_bit_rate, uint64_t, "1.5: Gbps", ""),
	ROW(json_bit_rate, uint64_t, "1.09 Kbps", "1090 bps"),
	ROW(json_bit_rate, uint64_t, "18446744.073709551615 Tbps", "18446744073709551615 bps"),
	ROW(json_bit_rate, uint64_t, "18446744.073709551616 Tbps", ""),
	ROW(json_bit_rate, uint64_t, "1/ bps", ""),
	ROW(json_bit_rate, uint64_t, "1: bps", ""),
	ROW(json_bit_rate, uint64_t, "-1 bps", ""),
	ROW(json_bit_rate, uint64_t, " bps", ""),
	ROW(json_bit_rate, uint64_t, "bps", ""),
	ROW(json_bit_rate, uint64_t, "1 bps ", ""),
	ROW(json_bit_rate, uint64_t, "1  bps", ""),
	/* RFC 3339 5.8 and around */
	ROW(json_date_time, uint64_t, "1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"),
	ROW(json_date_time, uint64_t, "1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"),
	ROW(json_date_time, uint64_t, "1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"),
	ROW(json_date_time, uint64_t, "2023-10-02T19:12:44.905697+09:00", "2023-10-02T10:12:44.905Z"),
	ROW(json_date_time, uint64_t, "1970-01-01T00:00:00.000Z", NULL),
	ROW(json_date_time, uint64_t, "2000-02-29T12:00:00.001Z", NULL),
	ROW(json_date_time, uint64_t, "9999-12-31T23:59:59.999Z", NULL),
	ROW(json_date_time, uint64_t, "2023-01-01t00:00:00z", "2023-01-01T00:00:00.000Z"),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00-00:59", "2023-01-01T00:59:00.000Z"),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+00:00", "2023-01-01T00:00:00.000Z"),
	ROW(json_date_time, uint64_t, "2023-01-02T00:00:00+23:59", "2023-01-01T00:01:00.000Z"),
	ROW(json_date_time, uint64_t, "2023-12-31T23:59:59.9999Z", "2023-12-31T23:59:59.999Z"),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+24:00", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+00:60", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00*00:00", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+00.00", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+00:000", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00Zz", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:61Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:60:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-00-01T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-00T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-32T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "1970-01-01T00:00:00+00:01", ""),
	ROW(json_date_time, uint64_t, "2100-02-29T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "1969-12-31T23:59:59Z", ""),
	ROW(json_date_time, uint64_t, "2023-13-01T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-04-31T00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T24:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00", ""),
	ROW(json_date_time, uint64_t, "2023-01-01 00:00:00Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00.Z", ""),
	ROW(json_date_time, uint64_t, "2023-01-01T00:00:00+9:00", ""),
	ROW(json_date_time, uint64_t, "", ""),
	ROW(json_supi, struct supi, "imsi-001010000021309", NULL),
	ROW(json_supi, struct supi, "imsi-1234", ""),
	ROW(json_supi, struct supi, "nai-a@b", ""),
	ROW(json_supi, struct supi, "imsi-0010100000213091", ""),
	/* 29.571 Pei; its check digit is that of 23.003 annex B.2's method */
	ROW(json_supi, struct supi, "imei-490154203237518", NULL),
	ROW(json_supi, struct supi, "imei-490154203237519", ""),
	ROW(json_supi, struct supi, "imei-49015420323751", ""),
	ROW(json_supi, struct supi, "imsi-E49015420323751", ""),
	ROW(json_plmn_text, struct plmn, "00101", NULL),
	ROW(json_plmn_text, struct plmn, "001001", NULL),
	ROW(json_plmn_text, struct plmn, "0010", ""),
	ROW(json_plmn_text, struct plmn, "0010a", ""),
	ROW(json_tac, uint32_t, "000001", NULL),
	ROW(json_tac, uint32_t, "ABCDEF", "abcdef"),
	ROW(json_tac, uint32_t, "0001", "000001"),
	ROW(json_tac, uint32_t, "00001", ""),
	ROW(json_nr_cell_id, uint64_t, "fFfffffff", "fffffffff"),
	ROW(json_nr_cell_id, uint64_t, "ffffffff", ""),
	ROW(json_sd, uint32_t, "010203", NULL),
	ROW(json_sd, uint32_t, "0102", ""),
	ROW(json_sd, uint32_t, "01020304", ""),
	ROW(json_sd, uint32_t, "0102/3", ""),
	ROW(json_sd, uint32_t, "0102:3", ""),
	ROW(json_sd, uint32_t, "0102@3", ""),
	ROW(json_sd, uint32_t, "0102G3", ""),
	ROW(json_sd, uint32_t, "0102`3", ""),
	ROW(json_tac, uint32_t, "0000001", ""),
	ROW(json_tac, uint32_t, "00000001", ""),
	ROW(json_nr_cell_id, uint64_t, "000000000", NULL),
	ROW(json_nr_cell_id, uint64_t, "fffffffff0", ""),
	ROW(json_nr_cell_id, uint64_t, "g00000000", ""),
	ROW(json_plmn_text, struct plmn, "0010101", ""),
	ROW(json_plmn_text, struct plmn, "/0101", ""),
	ROW(json_plmn_text, struct plmn, ":0101", ""),
	ROW(json_mcc, struct plmn, "310", NULL),
	ROW(json_mcc, struct plmn, "31", ""),
	ROW(json_mcc, struct plmn, "3100", ""),
	ROW(json_mcc, struct plmn, "31a", ""),
	ROW(json_mnc, struct plmn, "410", NULL),
	ROW(json_mnc, struct plmn, "4", ""),
	ROW(json_mnc, struct plmn, "4100", ""),
	ROW(json_mnc, struct plmn, "4:", ""),
	ROW(json_sd, uint32_t, "01020g", ""),
	ROW(json_hex_octets, struct bytes, "00ffA0", "00ffa0"),
	ROW(json_hex_octets, struct bytes, "0", ""),
	ROW(json_hex_octets, struct bytes, "0g", ""),
	ROW(json_text, const char *, "caf\xc3\xa9", NULL),
	ROW(json_amf_id, struct guami, "020040", NULL),
	ROW(json_amf_id, struct guami, "ffffff", NULL),
	ROW(json_amf_id, struct guami, "02004", ""),
	ROW(json_amf_id, struct guami, "0200401", ""),
	ROW(json_amf_id, struct guami, "00003f", NULL),
	ROW(json_amf_id, struct guami, "00ffc0", NULL),
	ROW(json_amf_id, struct guami, "0200g0", ""),
	ROW(json_ipv4, uint32_t, "10.45.0.2", NULL),
	ROW(json_ipv4, uint32_t, "10.45.0", ""),
	ROW(json_ipv4, uint32_t, "::1", ""),
	ROW(json_ipv4, uint32_t, "256.1.1.1", ""),
};

static struct arena arena;

static void every_row(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct case_row *r = &rows[i];
		struct json_field f = { .codec = r->codec, .size = r->size };
		uint64_t out[8] = { 0 };
		char buf[64] = "";
		struct writer w = writer_of(buf, sizeof(buf) - 1);
		const char *again = r->again ? r->again : r->text;

		if (json_scalar_read(&f, bytes_of_str(r->text), &arena, out) != (again[0] != '\0'))
			fail_msg("%s: %s", r->text, again[0] ? "refused" : "accepted");
		if (!again[0])
			continue;
		json_scalar_write(&f, out, &w);
		assert_false(w.failed);
		buf[w.len] = '\0';
		assert_string_equal(buf, again);
	}
}

/* RFC 4648 clause 10, and broken ones. */
static void base64(void **state)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" } };
	static const char *const bad[] = { "Z", "Zg",
		"Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "Zm9v!" };
	const struct json_field f = { .codec = &json_base64, .size = sizeof(struct bytes) };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct bytes o = BYTES_NONE;
		char buf[32];
		struct writer w = writer_of(buf, sizeof(buf));

		assert_true(json_scalar_read(&f, bytes_of_str(pairs[i][1]), &arena, &o));
		assert_true(bytes_equal(o, bytes_of_str(pairs[i][0])));
		json_scalar_write(&f, &o, &w);
		assert_true(bytes_equal(writer_bytes(&w), bytes_of_str(pairs[i][1])));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct bytes o = BYTES_NONE;

		if (json_scalar_read(&f, bytes_of_str(bad[i]), &arena, &o))
			fail_msg("accepted: %s", bad[i]);
	}
}

/* Each day from 1970 to 2400 is the day after the one before. */
static void every_day(void **state)
{
	const struct json_field f = { .codec = &json_date_time, .size = 8 };

	for (uint64_t day = 0; day < 157000; day++) {
		uint64_t ms = day * 86400000 + 1, back = 0;
		char buf[32];
		struct writer w = writer_of(buf, sizeof(buf));

		json_scalar_write(&f, &ms, &w);
		if (!json_scalar_read(&f, writer_bytes(&w), &arena, &back) || back != ms)
			fail_msg("day %" PRIu64, day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(base64),
		cmocka_unit_test(every_day),
	};

	int failed;

	arena_init(&arena, NULL, 0, 1 << 20);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_fini(&arena);
	return failed;
}
