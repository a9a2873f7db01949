#include "base/test.h"

#include "wire/id.h"

/* 24.501 9.11.3.4 and 38.413 9.3.3.5 differ in where the digits of a three-digit MNC go. */
static void test_plmn_codings(void **state)
{
	static const struct {
		const char *digits, *nas, *ap;
	} plmns[] = {
		{ "00101", "00f110", "00f110" },
		{ "90170", "09f107", "09f107" },
		{ "310410", "130014", "134001" },
		{ "302720", "030227", "037202" },
		{ "001001", "001100", "000110" },
		{ "405854", "044558", "048545" },
	};
	uint8_t octets[PLMN_OCTETS], wanted[PLMN_OCTETS];
	char buf[PLMN_STR_SIZE];
	struct plmn p, back;

	for (size_t i = 0; i < ARRAY_LEN(plmns); i++) {
		assert_true(plmn_parse(plmns[i].digits, &p));
		assert_string_equal(plmn_str(&p, buf), plmns[i].digits);
		plmn_to_nas(&p, octets);
		assert_true(bytes_equal(BYTES(octets), test_hex(plmns[i].nas, wanted, sizeof(wanted))));
		back = plmn_from_nas(octets);
		assert_true(plmn_equal(&p, &back));
		plmn_to_ap(&p, octets);
		assert_true(bytes_equal(BYTES(octets), test_hex(plmns[i].ap, wanted, sizeof(wanted))));
		back = plmn_from_ap(octets);
		assert_true(plmn_equal(&p, &back));
	}
}

/* Nibbles that are no digits come back as they came, and are shown as such. */
static void test_plmn_malformed(void **state)
{
	static const uint8_t octets[PLMN_OCTETS] = { 0xa1, 0x4b, 0xc2 };
	uint8_t out[PLMN_OCTETS];
	char buf[PLMN_STR_SIZE];
	struct plmn p = plmn_from_nas(octets);

	assert_string_equal(plmn_str(&p, buf), "1??2?4");
	plmn_to_nas(&p, out);
	assert_memory_equal(out, octets, sizeof(out));
	p = plmn_from_ap(octets);
	plmn_to_ap(&p, out);
	assert_memory_equal(out, octets, sizeof(out));
}

static void test_plmn(void **state)
{
	char snn[SNN_STR_SIZE];
	struct plmn p;

	assert_true(plmn_parse("00101", &p));
	assert_string_equal(serving_network_name(&p, snn), "5G:mnc001.mcc001.3gppnetwork.org");
	assert_true(plmn_parse("310410", &p));
	assert_string_equal(serving_network_name(&p, snn), "5G:mnc410.mcc310.3gppnetwork.org");
	assert_false(plmn_parse("0010", &p));
	assert_false(plmn_parse("0010x", &p));
	assert_false(plmn_parse("0010111", &p));
}

static void test_supi(void **state)
{
	struct supi a, b;

	assert_true(supi_parse("001010000000001", &a));
	assert_true(supi_parse("01010000000001", &b));
	assert_true(supi_key(&a) != supi_key(&b));
	assert_true(supi_of_key(supi_key(&b), &a));
	assert_string_equal(a.imsi, "01010000000001");
	assert_false(supi_of_key(UINT64_C(123456) << 4 | 5, &a));
	assert_false(supi_of_key(UINT64_C(1234) << 4 | 4, &a));
	assert_false(supi_parse("0010100000000011", &a));
	assert_false(supi_parse("00101x", &a));
}

/* A UE that goes by its equipment is nobody's namesake. */
static void test_imei(void **state)
{
	struct supi a, b, imsi;
	char text[SUPI_STR_SIZE];

	assert_true(supi_of_imei("490154203237518", &a));
	assert_true(supi_of_imei("4901542032375199", &b)); /* another software version */
	assert_int_equal(supi_key(&a), supi_key(&b));
	assert_true(supi_is_imei(&a));
	assert_string_equal(supi_str(&a, text), "imei-490154203237518");
	assert_true(supi_from_str(text, &b));
	assert_memory_equal(&a, &b, sizeof(a));
	assert_true(supi_of_key(supi_key(&a), &b));
	assert_string_equal(b.imsi, a.imsi);
	assert_true(supi_restore(a.imsi, &b));
	assert_true(supi_restore("001010000000001", &imsi));
	assert_false(supi_is_imei(&imsi));
	assert_false(supi_parse(a.imsi, &b)); /* nobody is provisioned so */
	assert_true(supi_parse("49015420323751", &imsi));
	assert_true(supi_key(&imsi) != supi_key(&a));
	assert_false(supi_restore("E4901542032375", &b));
	assert_false(supi_of_imei("49015420323751", &b));
	assert_false(supi_of_imei("49015420323751a", &b));
	assert_string_equal(supi_plain(&a, text), "imei-490154203237518");
	assert_true(supi_of_plain("imei-490154203237518", &b) && supi_key(&a) == supi_key(&b));
	assert_true(supi_of_plain("imei-4901542032375199", &b) && supi_key(&a) == supi_key(&b));
	assert_false(supi_of_plain("imei-490154203237519", &b)); /* its check digit */
	assert_false(supi_of_plain("imei-", &b));
	assert_false(supi_of_plain(a.imsi, &b));
	assert_true(supi_of_plain("imsi-49015420323751", &b) && supi_key(&imsi) == supi_key(&b));
	assert_true(supi_of_plain("49015420323751", &b) && supi_key(&imsi) == supi_key(&b));
	assert_string_equal(supi_plain(&imsi, text), "49015420323751");
}

static void test_dnn_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} pairs[] = {
		{ "internet", "INTERNET", true },
		{ "internet", "internet2", false },
		{ "internet", "interne", false },
		{ "internet.mnc001.mcc001.gprs", "Internet", true },
		{ "internet", "internet.MNC410.MCC310.GPRS", true },
		{ "internet.mnc001.mcc001.gprs", "INTERNET.mnc001.mcc001.GPRS", true },
		{ "internet.mnc001.mcc001.gprs", "internet.mnc002.mcc001.gprs", false },
		{ "internet.mnc01.mcc001.gprs", "internet", false },
		{ "internet.mnc0x1.mcc001.gprs", "internet", false },
		{ "internet.mnc001.mcc001.gpr", "internet", false },
		{ "mnc001.mcc001.gprs", "", false },
		{ "ims.apn", "IMS.APN", true },
	};
	struct plmn test, att;

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		assert_int_equal(dnn_equal(pairs[i].a, pairs[i].b), pairs[i].equal);
		assert_int_equal(dnn_equal(pairs[i].b, pairs[i].a), pairs[i].equal);
	}
	assert_true(plmn_parse("00101", &test) && plmn_parse("310410", &att));
	assert_true(dnn_is_of("internet", &test));
	assert_true(dnn_is_of("internet.mnc001.mcc001.GPRS", &test));
	assert_false(dnn_is_of("internet.mnc010.mcc001.gprs", &test));
	assert_true(dnn_is_of("a.b.mnc410.mcc310.gprs", &att));
	assert_false(dnn_is_of("a.b.mnc410.mcc310.gprs", &test));
}

static void test_dnn(void **state)
{
	uint8_t labels[DNN_STR_SIZE];
	char text[DNN_STR_SIZE];
	size_t len;

	assert_true(dnn_to_labels("ims.apn", labels, sizeof(labels), &len));
	assert_true(bytes_equal(bytes_of(labels, len), bytes_of("\3ims\3apn", 8)));
	assert_true(dnn_from_labels(bytes_of(labels, len), text));
	assert_string_equal(text, "ims.apn");
	assert_false(dnn_to_labels("a..b", labels, sizeof(labels), &len));
	assert_false(dnn_to_labels(".", labels, sizeof(labels), &len));
	assert_false(dnn_to_labels("a.", labels, sizeof(labels), &len));
	assert_false(dnn_from_labels(bytes_of("\4ims", 4), text));
	assert_false(dnn_from_labels(bytes_of("\0", 1), text));
	assert_false(dnn_from_labels(bytes_of("\2a.", 3), text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plmn),
		cmocka_unit_test(test_plmn_codings),
		cmocka_unit_test(test_plmn_malformed),
		cmocka_unit_test(test_supi),
		cmocka_unit_test(test_imei),
		cmocka_unit_test(test_dnn),
		cmocka_unit_test(test_dnn_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
