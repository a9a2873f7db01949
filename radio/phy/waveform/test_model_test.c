/* Users of the test models beside what 38.141-1 4.9.2.2 asks of them, and PN23 beside its recurrence. */
#include "radio/phy/waveform/test_model.h"

#include <math.h>

#include "radio/phy/phy_test.h"

enum { PERIOD = (1 << 23) - 1 };

static void test_pn23(void **state)
{
	static uint8_t bits[PERIOD / 8 + 64], again[sizeof(bits)];
	struct phy_pn23 g;
	unsigned ones = 0;

	(void)state;
	phy_pn23_init(&g);
	phy_pn23_take(&g, bits, PERIOD);
	for (unsigned i = 0; i < PERIOD; i++) {
		unsigned bit = bits[i / 8] >> (7 - i % 8) & 1;

		ones += bit;
		if (i < 23)
			assert_int_equal(bit, 1);
		else
			assert_int_equal(bit, (bits[(i - 23) / 8] >> (7 - (i - 23) % 8) ^
						      bits[(i - 18) / 8] >> (7 - (i - 18) % 8)) &
						      1);
	}
	assert_int_equal(ones, 1 << 22);
	assert_int_equal(g.state, 0x7fffff);
	/* in pieces it is the same */
	for (unsigned i = 0; i < 40; i++)
		phy_pn23_take(&g, again + 3 * i, 24);
	assert_memory_equal(again, bits, 120);
}

/* The weakened or boosted share: percent of the blocks, dB, the rows of mcs_table1 by modulation order. */
static const struct {
	unsigned percent;
	double level_db;
	unsigned q_m;
} shares[PHY_TEST_MODELS] = { [PHY_TEST_MODEL_1_2] = { 40, 3, 2 },
	[PHY_TEST_MODEL_3_2] = { 60, -3, 4 },
	[PHY_TEST_MODEL_3_3] = { 50, -6, 2 } };

static double sum_of(const struct phy_test_user *user, unsigned n, unsigned prbs, unsigned once)
{
	unsigned seen[PHY_PRB_MAX] = { 0 };
	double power = 0;

	for (unsigned u = 0; u < n; u++) {
		for (unsigned i = 0; i < user[u].n; i++) {
			assert_true(user[u].at[i] < prbs);
			assert_int_equal(seen[user[u].at[i]]++, 0);
			assert_true((user[u].at[i] < PHY_TEST_PDCCH_PRBS) == (user[u].rnti == 2));
			power += (double)user[u].amplitude * (double)user[u].amplitude;
		}
	}
	for (unsigned i = 0; i < prbs; i++)
		assert_true(seen[i] == 1 || !once);
	return power;
}

static void check_share(const struct phy_test_user *user, enum phy_test_model m, unsigned prbs)
{
	double level = 20 * log10((double)user[1].amplitude);
	unsigned group = prbs <= 36 ? 2 : prbs <= 72 ? 4 : prbs <= 144 ? 8 : 16;

	assert_true(fabs(level - shares[m].level_db) < 1e-4);
	assert_int_equal(phy_mcs_row(user[1].table, user[1].mcs)->q_m, shares[m].q_m);
	assert_int_equal(phy_mcs_row(user[2].table, user[2].mcs)->q_m, 2);
	/* as many as the share says, or every other group */
	assert_true(user[1].n * 100 <= shares[m].percent * prbs || user[1].n * 2 <= prbs + 2 * group);
	assert_true((user[1].n + 3 * group) * 100 >= shares[m].percent * prbs ||
		    (user[1].n + 3 * group) * 2 >= prbs);
	assert_int_equal(user[1].at[user[1].n - 1], prbs - 1);
	assert_int_equal(user[2].balancing, m != PHY_TEST_MODEL_1_2);
}

static void test_users(void **state)
{
	struct phy_test_user user[PHY_TEST_USERS_MAX];

	(void)state;
	for (enum phy_test_model m = PHY_TEST_MODEL_1_1; m < PHY_TEST_MODELS; m++) {
		bool one = m == PHY_TEST_MODEL_2 || m == PHY_TEST_MODEL_2A || m == PHY_TEST_MODEL_2B;

		for (unsigned prbs = PHY_TEST_MODEL_PRBS_MIN; prbs <= 273; prbs++) {
			unsigned n = phy_test_model_users(user, m, prbs, 2);
			double power = sum_of(user, n, prbs, !one);

			/* a full carrier of level 0 */
			assert_true(fabs(power - (one ? 1 : prbs)) < 1e-4 * prbs);
			if (shares[m].percent > 0)
				check_share(user, m, prbs);
		}
	}
}

/* 100 MHz at 30 kHz written out: groups of 16, of which six, seven and eight. */
static void test_273_blocks(void **state)
{
	static const struct {
		enum phy_test_model model;
		unsigned blocks;
	} rows[] = { { PHY_TEST_MODEL_1_2, 16 * 5 - 3 + 1 }, { PHY_TEST_MODEL_3_2, 16 * 8 - 3 + 1 },
		{ PHY_TEST_MODEL_3_3, 16 * 7 - 3 + 1 } };
	struct phy_test_user user[PHY_TEST_USERS_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(phy_test_model_users(user, rows[i].model, 273, 0), 3);
		assert_int_equal(user[1].n, rows[i].blocks);
		assert_int_equal(user[1].at[0], 3);
		assert_int_equal(user[1].at[13], 32);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pn23),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_273_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
