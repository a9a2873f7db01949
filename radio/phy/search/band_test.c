/* Spot values of 38.104. */
#include "base/test.h"
#include "radio/phy/search/band.h"

static void test_arfcn(void **state)
{
	(void)state;
	assert_int_equal(phy_arfcn_hz(632628), UINT64_C(3489420000));
	assert_int_equal(phy_arfcn_hz(0), 0);
	assert_int_equal(phy_arfcn_hz(599999), UINT64_C(2999995000));
	assert_int_equal(phy_arfcn_hz(600000), UINT64_C(3000000000));
	assert_int_equal(phy_arfcn_hz(2016666), UINT64_C(24249990000));
	assert_int_equal(phy_arfcn_hz(2016667), UINT64_C(24250080000));
	assert_int_equal(phy_arfcn_hz(2079167), UINT64_C(28000080000));
	assert_int_equal(phy_arfcn_hz(3279165), UINT64_C(99999960000));
	assert_int_equal(phy_arfcn_hz(3279166), 0);
	for (unsigned n = 1; n <= 3279165; n += 977)
		assert_int_equal(phy_arfcn_near(phy_arfcn_hz(n)), n);
	assert_int_equal(phy_arfcn_near(UINT64_C(3489427400)), 632628);
	assert_int_equal(phy_arfcn_near(UINT64_MAX / 2), 3279165);
}

static void test_gscn(void **state)
{
	(void)state;
	assert_true(phy_gscn_hz(7711) == 3305.28e6); /* 38.508-1 Table 4.3.1.1.1.78-1 */
	assert_true(phy_gscn_hz(7881) == 3550.08e6);
	assert_true(phy_gscn_hz(2) == 1250e3);
	assert_true(phy_gscn_hz(7498) == 2499 * 1200e3 + 250e3);
	assert_true(phy_gscn_hz(22256) == 24250.08e6);
	assert_int_equal(phy_gscn_near(3305.28e6, false), 7711);
	/* a list: entries of 5.4.3.3-1 note 5 */
	assert_int_equal(phy_band_gscn_from(34, 15, false, 0), 5032);
	assert_int_equal(phy_band_gscn_from(34, 15, false, 5033), 5043);
	assert_int_equal(phy_band_gscn_from(34, 15, false, 5055), 0);
	/* ranges */
	assert_int_equal(phy_band_gscn_from(78, 30, false, 0), 7711);
	assert_int_equal(phy_band_gscn_from(78, 30, false, 8051), 8051);
	assert_int_equal(phy_band_gscn_from(78, 30, false, 8052), 0);
	assert_int_equal(phy_band_gscn_from(78, 15, false, 0), 0);
	assert_int_equal(phy_band_gscn_from(79, 30, false, 8481), 8496);
	assert_int_equal(phy_band_gscn_from(41, 30, false, 6253), 6255);
	assert_int_equal(phy_band_gscn_from(257, 240, false, 22391), 22392);
}

static void test_bands(void **state)
{
	static const struct {
		unsigned band, scs_khz;
		enum phy_ssb_case c;
	} cases[] = { { 78, 30, PHY_SSB_CASE_C }, { 5, 30, PHY_SSB_CASE_B }, { 66, 30, PHY_SSB_CASE_B },
		{ 66, 15, PHY_SSB_CASE_A }, { 24, 30, PHY_SSB_CASE_B }, { 41, 15, PHY_SSB_CASE_A },
		{ 41, 30, PHY_SSB_CASE_C }, { 14, 15, PHY_SSB_CASE_A }, { 257, 120, PHY_SSB_CASE_D },
		{ 261, 240, PHY_SSB_CASE_E } };
	enum phy_ssb_case c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(phy_band_ssb_case(cases[i].band, cases[i].scs_khz, &c));
		assert_int_equal(c, cases[i].c);
	}
	assert_false(phy_band_ssb_case(78, 15, &c));
	assert_false(phy_band_ssb_case(78, 60, &c));
	assert_false(phy_band_ssb_case(1000, 30, &c));
	assert_int_equal(phy_band_find(78)->dl_low_khz, 3300000);
	assert_int_equal(phy_band_find(78)->duplex, PHY_DUPLEX_TDD);
	assert_int_equal(phy_band_find(29)->duplex, PHY_DUPLEX_SDL);
	assert_int_equal(phy_band_find(80)->duplex, PHY_DUPLEX_SUL);
	assert_null(phy_band_find(999));
	assert_int_equal(phy_band_class_of(78, false), PHY_BAND_5_MHZ);
	assert_int_equal(phy_band_class_of(79, false), PHY_BAND_40_MHZ);
	assert_int_equal(phy_band_class_of(46, false), PHY_BAND_SHARED);
	assert_int_equal(phy_band_class_of(258, false), PHY_BAND_FR2_1);
	/* 3.5 GHz lies in n77, n78; CBRS begins higher */
	assert_int_equal(phy_band_holding(UINT64_C(3500000000), 0), 77);
	assert_int_equal(phy_band_holding(UINT64_C(3500000000), 77), 78);
	assert_int_equal(phy_band_holding(UINT64_C(3500000000), 78), 0);
	/* n28 stands in the table twice */
	assert_int_equal(phy_band_holding(UINT64_C(780000000), 28), 0);
}

static void test_channels(void **state)
{
	(void)state;
	assert_int_equal(phy_max_rb_of(false, 100, 1), 273);
	assert_int_equal(phy_max_rb_of(false, 20, 1), 51);
	assert_int_equal(phy_max_rb_of(false, 5, 0), 25);
	assert_int_equal(phy_max_rb_of(false, 50, 0), 270);
	assert_int_equal(phy_max_rb_of(false, 60, 0), 0);
	assert_int_equal(phy_max_rb_of(true, 100, 3), 66);
	assert_int_equal(phy_max_rb_of(true, 400, 3), 264);
	assert_int_equal(phy_max_rb_of(true, 100, 1), 0);
	assert_int_equal(phy_max_rb_of(false, 100, 9), 0);
	assert_int_equal(phy_bandwidth_after(false, 50, 0), 0);
	assert_int_equal(phy_bandwidth_after(false, 5, 2), 10);
	/* Table 5.4.2.3-1: n78 620000 - <2> - 653332 at 30 kHz, every one at 15; n1 422000 - <20> - 434000 */
	assert_int_equal(phy_band_arfcn_from(78, 30, 30, 632627), 632628);
	assert_int_equal(phy_band_arfcn_from(78, 15, 30, 632627), 632627);
	assert_int_equal(phy_band_arfcn_from(78, 30, 30, 653333), 0);
	assert_int_equal(phy_band_arfcn_from(1, 15, 15, 422001), 422020);
	assert_int_equal(phy_band_arfcn_from(257, 120, 120, 0), 2054167);
	assert_int_equal(phy_band_arfcn_from(257, 60, 120, 0), 2054166);
	assert_int_equal(phy_band_arfcn_from(29, 15, 15, 0), 143400);
	assert_int_equal(phy_band_arfcn_from(80, 15, 15, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arfcn),
		cmocka_unit_test(test_gscn),
		cmocka_unit_test(test_bands),
		cmocka_unit_test(test_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
