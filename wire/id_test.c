#include "base/test.h"

#include "wire/id.h"

static void test_plmn(void **state)
{
	char buf[PLMN_STR_SIZE], snn[SNN_STR_SIZE];
	struct plmn p;

	assert_true(plmn_parse("00101", &p));
	assert_true(bytes_equal(BYTES(p.octets), bytes_of("\x00\xf1\x10", 3)));
	assert_string_equal(plmn_str(&p, buf), "00101");
	assert_string_equal(serving_network_name(&p, snn), "5G:mnc001.mcc001.3gppnetwork.org");
	assert_true(plmn_parse("310410", &p));
	assert_true(bytes_equal(BYTES(p.octets), bytes_of("\x13\x00\x14", 3)));
	assert_string_equal(plmn_str(&p, buf), "310410");
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
	assert_false(supi_parse("0010100000000011", &a));
	assert_false(supi_parse("00101x", &a));
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
		cmocka_unit_test(test_supi),
		cmocka_unit_test(test_dnn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
