/* Where PT-RS lie and how dense they are, against rows of the tables and positions worked out by hand. */
#include "base/test.h"
#include "radio/phy/mapping/ptrs.h"

static void assert_density(
	const struct phy_ptrs_thresholds *t, struct phy_ptrs_schedule s, unsigned time, unsigned frequency)
{
	struct phy_ptrs_config c = { .re_offset = 3, .all_power = true };

	phy_ptrs_density(&c, t, &s);
	assert_int_equal(c.time_density, time);
	assert_int_equal(c.frequency_density, frequency);
	assert_true(c.re_offset == 3 && c.all_power);
}

/* 38.214 Tables 5.1.6.3-1 and -2, at both sides of each threshold. */
static void test_thresholds(void **state)
{
	static const struct phy_ptrs_thresholds t = { true, true, { 5, 10, 20 }, { 4, 50 } };
	static const struct phy_ptrs_thresholds no_4 = { true, true, { 10, 10, 20 }, { 50, 50 } };

	assert_density(&t, (struct phy_ptrs_schedule){ false, 1, 4, 60, 14 }, 0, 0);
	assert_density(&t, (struct phy_ptrs_schedule){ false, 1, 5, 60, 14 }, 4, 4);
	assert_density(&t, (struct phy_ptrs_schedule){ false, 1, 9, 50, 14 }, 4, 4);
	assert_density(&t, (struct phy_ptrs_schedule){ false, 1, 10, 49, 14 }, 2, 2);
	assert_density(&t, (struct phy_ptrs_schedule){ true, 1, 19, 4, 14 }, 2, 2);
	assert_density(&t, (struct phy_ptrs_schedule){ true, 1, 20, 60, 14 }, 1, 4);
	assert_density(&t, (struct phy_ptrs_schedule){ true, 1, 28, 3, 14 }, 0, 0);
	/* thresholds that are equal disable what lies between */
	assert_density(&no_4, (struct phy_ptrs_schedule){ false, 1, 9, 50, 14 }, 0, 0);
	assert_density(&no_4, (struct phy_ptrs_schedule){ false, 1, 10, 50, 14 }, 2, 4);
	assert_density(&no_4, (struct phy_ptrs_schedule){ false, 1, 10, 49, 14 }, 0, 0);
}

/* Without thresholds: all there is, but a PDSCH that is robust or small goes without. */
static void test_defaults(void **state)
{
	static const uint8_t least[] = { 10, 5, 15, 3 };
	static const struct phy_ptrs_thresholds none, only_mcs = { .has_mcs = true, .mcs = { 0, 8, 16 } };

	for (uint8_t i = 0; i < 4; i++) {
		struct phy_ptrs_schedule s = { false, (uint8_t)(i + 1), least[i], 3, 14 };

		assert_density(&none, s, 1, 2);
		s.mcs--;
		assert_density(&none, s, 0, 0);
		s.uplink = true;
		assert_density(&none, s, 1, 2);
	}
	assert_density(&none, (struct phy_ptrs_schedule){ false, 1, 20, 2, 14 }, 0, 0);
	assert_density(&none, (struct phy_ptrs_schedule){ true, 1, 0, 1, 14 }, 1, 2);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ false, 1, 0, 2, 14 }, 4, 2);
	/* too few symbols for the density */
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ false, 1, 0, 30, 4 }, 0, 0);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ false, 1, 8, 30, 4 }, 2, 2);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ false, 1, 8, 30, 2 }, 0, 0);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ false, 1, 16, 30, 2 }, 1, 2);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ true, 1, 0, 30, 3 }, 0, 0);
	assert_density(&only_mcs, (struct phy_ptrs_schedule){ true, 1, 8, 30, 1 }, 0, 0);
}

static void test_symbols(void **state)
{
	/* DM-RS in 2 and 11: one before, and each step from the last DM-RS on */
	assert_int_equal(phy_ptrs_symbols(0, 14, 0x804, false, 1), 0x3fff & ~0x804);
	assert_int_equal(phy_ptrs_symbols(0, 14, 0x804, false, 2),
		1 << 0 | 1 << 4 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 13);
	assert_int_equal(phy_ptrs_symbols(0, 14, 0x804, false, 4), 1 << 0 | 1 << 6 | 1 << 10);
	/* a pair in 2 and 3, from symbol 2 on */
	assert_int_equal(phy_ptrs_symbols(2, 8, 0xc, true, 2), 1 << 5 | 1 << 7 | 1 << 9);
	assert_int_equal(phy_ptrs_symbols(2, 12, 0xc | 0xc00, true, 4), 1 << 7);
	/* DM-RS at the very beginning of mapping type B */
	assert_int_equal(phy_ptrs_symbols(5, 4, 1 << 5, false, 4), 0);
	assert_int_equal(phy_ptrs_symbols(5, 4, 1 << 5, false, 2), 1 << 7);
	assert_int_equal(phy_ptrs_symbols(0, 14, 4, false, 0), 0);
}

static void test_frequency(void **state)
{
	assert_int_equal(phy_ptrs_subcarrier(false, 0, 0), 0);
	assert_int_equal(phy_ptrs_subcarrier(false, 3, 3), 11);
	assert_int_equal(phy_ptrs_subcarrier(false, 4, 0), -1);
	assert_int_equal(phy_ptrs_subcarrier(true, 1, 3), 0);
	assert_int_equal(phy_ptrs_subcarrier(true, 5, 1), 10);
	assert_int_equal(phy_ptrs_subcarrier(true, 6, 0), -1);
	assert_int_equal(phy_ptrs_subcarrier(true, 0, 4), -1);
	assert_int_equal(phy_ptrs_first_block(7, 8, 4), 3);
	assert_int_equal(phy_ptrs_first_block(7, 9, 4), 0);
	assert_int_equal(phy_ptrs_first_block(7, 11, 4), 1);
}

/* 38.214 Table 6.2.3.2-1, and groups that the table does not have. */
static void test_groups(void **state)
{
	static const uint16_t thresholds[] = { 5, 10, 10, 20, 40 };
	static const struct {
		uint8_t prbs, groups, samples;
	} rows[] = { { 4, 0, 0 }, { 5, 2, 2 }, { 9, 2, 2 }, { 10, 4, 2 }, { 19, 4, 2 }, { 20, 4, 4 },
		{ 39, 4, 4 }, { 40, 8, 4 } };
	uint16_t at[PHY_PTRS_SAMPLES_MAX];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct phy_ptrs_groups g = phy_ptrs_groups_of(thresholds, rows[i].prbs);

		assert_int_equal(g.groups, rows[i].groups);
		assert_int_equal(g.samples, rows[i].samples);
		assert_int_equal(phy_ptrs_samples(at, &g, 12u * rows[i].prbs), g.groups * g.samples);
	}
	assert_int_equal(phy_ptrs_samples(at, &(struct phy_ptrs_groups){ 8, 2 }, 480), 0);
	assert_int_equal(phy_ptrs_samples(at, &(struct phy_ptrs_groups){ 3, 4 }, 480), 0);
	assert_int_equal(phy_ptrs_samples(at, &(struct phy_ptrs_groups){ 8, 4 }, 36), 0);
	/* the places ascend for all sizes, so that none is twice */
	for (unsigned m = 72; m <= 3240; m += 12) {
		unsigned n = phy_ptrs_samples(at, &(struct phy_ptrs_groups){ 8, 4 }, m);

		assert_int_equal(n, 32);
		for (unsigned i = 1; i < n; i++)
			assert_true(at[i] > at[i - 1]);
		assert_int_equal(at[31], m - 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_symbols),
		cmocka_unit_test(test_frequency),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
