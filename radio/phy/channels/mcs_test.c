/*
 * MCS tables and transport block sizes against rows of 38.214 and the fixed reference channels of 38.104
 * Annex A, and against the formulas in floating point.
 */
#include "base/test.h"

#include <math.h>

#include "radio/phy/channels/mcs.h"
#include "radio/phy/codes/sch.h"

static void test_rows(void **state)
{
	static const struct {
		enum phy_mcs_table table;
		uint8_t mcs, q_m;
		uint16_t rate_x2048;
	} rows[] = {
		{ PHY_MCS_64QAM, 0, 2, 240 },
		{ PHY_MCS_64QAM, 9, 2, 1358 },
		{ PHY_MCS_64QAM, 10, 4, 680 },
		{ PHY_MCS_64QAM, 28, 6, 1896 },
		{ PHY_MCS_64QAM, 31, 6, 0 },
		{ PHY_MCS_256QAM, 20, 8, 1365 },
		{ PHY_MCS_256QAM, 26, 8, 1833 },
		{ PHY_MCS_256QAM, 28, 2, 0 },
		{ PHY_MCS_64QAM_LOW_SE, 0, 2, 60 },
		{ PHY_MCS_64QAM_LOW_SE, 28, 6, 1544 },
		{ PHY_MCS_1024QAM, 23, 10, 1611 },
		{ PHY_MCS_1024QAM, 26, 10, 1896 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct phy_mcs *m = phy_mcs_row(rows[i].table, rows[i].mcs);

		assert_non_null(m);
		assert_int_equal(m->q_m, rows[i].q_m);
		assert_int_equal(m->rate_x2048, rows[i].rate_x2048);
	}
	assert_null(phy_mcs_row(PHY_MCS_64QAM, 32));
	assert_null(phy_mcs_row(PHY_MCS_TABLES, 0));
}

/* Payloads of 38.104 Annex A.3 to A.5: 12 symbols for data, two of DM-RS with nothing beside it. */
static void test_reference_channels(void **state)
{
	static const struct {
		uint16_t prbs, rate_x1024;
		uint8_t q_m, layers;
		uint32_t bits;
	} channels[] = {
		{ 25, 193, 2, 1, 1352 },
		{ 106, 193, 2, 1, 5768 },
		{ 273, 193, 2, 1, 14856 },
		{ 273, 193, 2, 2, 29736 },
		{ 273, 193, 2, 4, 59496 },
		{ 25, 658, 4, 1, 9224 },
		{ 106, 658, 4, 1, 38936 },
		{ 273, 658, 4, 1, 100392 },
		{ 273, 658, 4, 2, 200808 },
		{ 25, 567, 6, 1, 12040 },
		{ 106, 567, 6, 1, 50184 },
	};

	for (size_t i = 0; i < ARRAY_LEN(channels); i++) {
		struct phy_tbs t = { .prbs = channels[i].prbs,
			.symbols = 14,
			.dmrs_re = 24,
			.q_m = channels[i].q_m,
			.rate_x2048 = (uint16_t)(2 * channels[i].rate_x1024),
			.layers = channels[i].layers };

		assert_int_equal(phy_tbs_bits(&t), channels[i].bits);
	}
}

/* The steps of 5.1.3.2 as they stand, for more than 3824. */
static uint32_t formula(double n_info, double rate)
{
	double n = floor(log2(n_info - 24)) - 5, step = pow(2, n), info, c = 1;

	info = fmax(3840, step * floor((n_info - 24) / step + 0.5));
	if (rate <= 0.25)
		c = ceil((info + 24) / 3816);
	else if (info > 8424)
		c = ceil((info + 24) / 8424);
	return (uint32_t)(8 * c * ceil((info + 24) / (8 * c)) - 24);
}

/* Every row of every table on many allocations: the formula, and that it divides into equal code blocks. */
static void test_sizes(void **state)
{
	for (unsigned row = 0; row < PHY_MCS_TABLES * PHY_MCS_ROWS; row++) {
		const struct phy_mcs *m = phy_mcs_row(row / PHY_MCS_ROWS, row % PHY_MCS_ROWS);

		for (unsigned prbs = 1; m->rate_x2048 > 0 && prbs <= 275; prbs += 3) {
			struct phy_tbs t = { .prbs = (uint16_t)prbs,
				.symbols = (uint8_t)(4 + prbs % 11),
				.dmrs_re = 12,
				.overhead = (uint8_t)(prbs % 4 * 6),
				.q_m = m->q_m,
				.rate_x2048 = m->rate_x2048,
				.layers = (uint8_t)(1 + prbs % 4) };
			double re = fmin(156, 12.0 * t.symbols - 12 - t.overhead),
			       rate = m->rate_x2048 / 2048.0;
			double n_info = re * prbs * rate * m->q_m * t.layers;
			uint32_t bits = phy_tbs_bits(&t);
			struct segmentation s;

			assert_true(bits >= 24);
			if (n_info > 3824)
				assert_int_equal(bits, formula(n_info, rate));
			else
				assert_true(bits <= 3824 && bits + 8 > n_info * 0.8);
			if (bits <= SEGMENT_A_MAX)
				assert_true(segment_init(&s, segment_base_graph(bits, m->rate_x2048), bits));
		}
	}
}

static void test_edges(void **state)
{
	const struct phy_tbs good = {
		.prbs = 10, .symbols = 12, .dmrs_re = 12, .q_m = 2, .rate_x2048 = 240, .layers = 1
	};
	struct phy_tbs t = good;

	assert_int_equal(phy_tbs_from_info(0, 240), 24);
	assert_int_equal(phy_tbs_from_info(3824 * 8192, 1000), 3824);
	assert_int_equal(phy_tbs_from_info(3824 * 8192 + 1, 1000), 3840);
	/* 132 * 10 * 2 * 120 / 1024 = 309.375: n = 3, 304; a half is 154.69: 152; a quarter 77.3: 72 */
	assert_int_equal(phy_tbs_bits(&t), 304);
	t.scaling = PHY_TB_SCALING_HALF;
	assert_int_equal(phy_tbs_bits(&t), 152);
	t.scaling = PHY_TB_SCALING_QUARTER;
	assert_int_equal(phy_tbs_bits(&t), 72);
	t.scaling = 3;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.overhead = 7;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.dmrs_re = 144;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.layers = 5;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.prbs = 0;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.prbs = 276;
	assert_int_equal(phy_tbs_bits(&t), 0);
	t = good, t.rate_x2048 = 0;
	assert_int_equal(phy_tbs_bits(&t), 0);
	/* the largest of one codeword of 256QAM and four layers, as 38.306 counts with 273 PRBs */
	assert_int_equal(phy_tbs_lbrm(273, 4, 8), SEGMENT_A_MAX);
	assert_int_equal(phy_tbs_lbrm(218, 4, 8), SEGMENT_A_MAX);
	assert_int_equal(phy_tbs_lbrm(32, 1, 6), formula(156.0 * 32 * 6 * 948 / 1024, 948 / 1024.0));
	assert_int_equal(phy_tbs_lbrm(33, 1, 6), formula(156.0 * 66 * 6 * 948 / 1024, 948 / 1024.0));
	assert_int_equal(phy_tbs_lbrm(0, 1, 6), 0);
	assert_int_equal(phy_tbs_lbrm(10, 1, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_reference_channels),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
