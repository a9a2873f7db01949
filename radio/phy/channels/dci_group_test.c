/* Payloads of groups against the clause's order of fields, written out as strings of bits. */
#include "base/test.h"

#include "radio/phy/channels/dci_group.h"
#include "radio/phy/codes/bits.h"

static uint8_t bits[PHY_DCI_OCTETS];

static int setup(void **state)
{
	memset(bits, 0, sizeof(bits));
	return 0;
}

static void is(const char *text)
{
	for (unsigned i = 0; i < 8 * PHY_DCI_OCTETS; i++)
		assert_int_equal(bits_get(bits, i), i < strlen(text) && text[i] == '1');
}

/* Three UEs' slot format combinations, and a pre-emption. */
static void values(void **state)
{
	uint32_t v;

	assert_int_equal(phy_dci_slot_format_bits(0), 1);
	assert_int_equal(phy_dci_slot_format_bits(1), 1);
	assert_int_equal(phy_dci_slot_format_bits(2), 2);
	assert_int_equal(phy_dci_slot_format_bits(3), 2);
	assert_int_equal(phy_dci_slot_format_bits(511), 9);
	assert_true(phy_dci_group_set(bits, 20, 0, 3, 5));
	assert_true(phy_dci_group_set(bits, 20, 3, 1, 1));
	assert_true(phy_dci_group_set(bits, 20, 6, 14, 0x2001));
	is("10110010000000000001");
	assert_true(phy_dci_group_get(bits, 20, 6, 14, &v) && v == 0x2001);
	assert_true(phy_dci_group_get(bits, 20, 0, 3, &v) && v == 5);
	assert_false(phy_dci_group_get(bits, 20, 7, 14, &v));
	assert_false(phy_dci_group_get(bits, 20, 21, 1, &v));
	assert_false(phy_dci_group_get(bits, 20, 0, 33, &v));
	assert_false(phy_dci_group_get(bits, 20, 0, 0, &v));
	assert_false(phy_dci_group_get(bits, PHY_DCI_BITS_MAX + 1, 0, 1, &v));
	assert_false(phy_dci_group_set(bits, 20, 0, 3, 8));
	is("10110010000000000001");
}

static void power(void **state)
{
	struct phy_dci_tpc t = { 2, 0 }, back;

	assert_true(phy_dci_tpc_set(bits, 44, 1, false, &t));
	t.command = 3;
	assert_true(phy_dci_tpc_set(bits, 44, 4, false, &t));
	is("10000011");
	assert_true(phy_dci_tpc_get(bits, 44, 4, false, &back) && back.command == 3 && back.loop == 0);
	assert_false(phy_dci_tpc_set(bits, 44, 23, false, &t));
	assert_true(phy_dci_tpc_set(bits, 44, 22, false, &t));
	assert_false(phy_dci_tpc_set(bits, 44, 0, false, &t));
	t.loop = 1; /* of one */
	assert_false(phy_dci_tpc_set(bits, 44, 1, false, &t));
	t.command = 4;
	assert_false(phy_dci_tpc_set(bits, 44, 1, true, &t));
	setup(state);
	t = (struct phy_dci_tpc){ 1, 1 };
	assert_true(phy_dci_tpc_set(bits, 44, 2, true, &t));
	is("000101");
	assert_true(phy_dci_tpc_get(bits, 44, 2, true, &back) && back.command == 1 && back.loop == 1);
	assert_false(phy_dci_tpc_get(bits, 44, 15, true, &back));
}

static void sounding(void **state)
{
	/* type A: three carriers, the first and third of two loops; and type B without a request */
	const struct phy_dci_srs_layout a = { true, 3, 5 }, b = { false, 1, 0 };
	const struct phy_dci_srs_layout none[] = { { true, 0, 0 }, { true, 9, 0 }, { true, 2, 4 } };
	struct phy_dci_srs s = { 2, { { 3, 1 }, { 0, 0 }, { 1, 0 } } }, back;

	assert_true(phy_dci_srs_set(bits, 40, 5, &a, &s));
	is("00000"
	   "10"
	   "110001"
	   "10");
	assert_true(phy_dci_srs_get(bits, 40, 5, &a, &back));
	assert_memory_equal(&back, &s, sizeof(s));
	assert_false(phy_dci_srs_set(bits, 40, 31, &a, &s));
	assert_true(phy_dci_srs_set(bits, 40, 30, &a, &s));
	s.tpc[1].loop = 1;
	assert_false(phy_dci_srs_set(bits, 40, 5, &a, &s));
	assert_false(phy_dci_srs_set(bits, 40, 0, &b, &s)); /* its request has no room */
	s = (struct phy_dci_srs){ .tpc = { { 2, 0 } } };
	assert_true(phy_dci_srs_set(bits, 40, 0, &b, &s));
	assert_true(phy_dci_srs_get(bits, 40, 0, &b, &back) && back.tpc[0].command == 2 && back.request == 0);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(phy_dci_srs_get(bits, 40, 0, &none[i], &back));
}

static void decibels(void **state)
{
	static const int sum[] = { -1, 0, 1, 3 }, alone[] = { -4, -1, 1, 4 };

	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(phy_tpc_db(i, true), sum[i]);
		assert_int_equal(phy_tpc_db(i, false), alone[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(values, setup),
		cmocka_unit_test_setup(power, setup),
		cmocka_unit_test_setup(sounding, setup),
		cmocka_unit_test(decibels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
