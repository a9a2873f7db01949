/*
 * Requirements of TS 38.104 clause 8 and TS 38.101-4 clause 5 held 1 dB below: a sample of rows in each run,
 * all of them with --full, which prints requirement, ours and margin.
 */
#include <math.h>
#include <stdlib.h>

#include "base/test.h"
#include "sim/conformance/conformance.h"

static const struct conformance_set *const sets[] = { &conformance_pucch, &conformance_uci,
	&conformance_prach, &conformance_ue_pdsch, &conformance_ue_pdcch, &conformance_ue_pbch };

/* Each so many rows; with a quarter of the slots, so that chance is allowed three standard deviations. */
enum { EACH = 37, PART = 4 };

static void test_margins(void **state)
{
	for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
		for (size_t i = 0; i < sets[s]->rows(); i += EACH) {
			struct conformance_count c = { 0, 0 };
			struct conformance_row row;
			double expected;

			assert_true(sets[s]->row(i, &row));
			assert_true(sets[s]->run(i, row.snr_db - 1, sets[s]->slots / PART, i, &c));
			expected = row.allowed * (double)c.trials;
			print_message("%s at %.1f dB: %.2f %%\n", row.text, row.snr_db - 1,
				100.0 * (double)c.failures / (double)c.trials);
			assert_true((double)c.failures <= expected + 3 * sqrt(expected));
		}
	}
}

/* What is far too weak fails, and the search for the SNR ends between the two. */
static void test_reach(void **state)
{
	struct conformance_count c = { 0, 0 };
	struct conformance_row row;
	double snr_db = 0;

	assert_true(conformance_pucch.row(0, &row));
	assert_true(conformance_pucch.run(0, row.snr_db - 12, 300, 1, &c));
	assert_true(c.failures > c.trials / 20);
	assert_true(conformance_reach(&conformance_pucch, 0, 1000, 1, &snr_db));
	assert_true(snr_db < row.snr_db && snr_db > row.snr_db - 9);
	/* too few to show one in a hundred: more are taken */
	assert_true(conformance_reach(&conformance_prach, 0, 10, 1, &snr_db));
	assert_true(conformance_prach.row(0, &row));
	assert_true(snr_db < row.snr_db + 1);
	assert_false(conformance_pucch.row(conformance_pucch.rows(), &row));
	assert_false(conformance_pucch.run(conformance_pucch.rows(), 0, 1, 1, &c));
}

/* CQI: one test of white noise and one of fading, of few reports. */
static void test_figures(void **state)
{
	static const size_t tests[] = { 0, 8 };

	for (size_t i = 0; i < 3 * ARRAY_LEN(tests); i++) {
		struct conformance_figure row;
		size_t at = 3 * tests[i / 3] + i % 3;
		double ours = 0;

		assert_true(conformance_ue_cqi.row(at, &row));
		assert_true(conformance_ue_cqi.measure(at, 100, 1, &ours));
		print_message("%s: %.2f, at least %.2f\n", row.text, ours, row.least);
		assert_true(ours >= row.least);
	}
	assert_false(conformance_ue_cqi.row(
		conformance_ue_cqi.rows(), &(struct conformance_figure){ .least = 0 }));
}

static int full(const char *only, unsigned slots)
{
	for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
		for (size_t i = 0; i < sets[s]->rows(); i++) {
			struct conformance_row row;
			double snr_db;

			if (!sets[s]->row(i, &row) || (only && !strstr(row.text, only)))
				continue;
			if (conformance_reach(
				    sets[s], i, row.allowed < 0.005 ? 3 * slots : slots, i, &snr_db))
				print_message("%-90s required %5.1f ours %5.1f margin %4.1f dB\n", row.text,
					row.snr_db, snr_db, row.snr_db - snr_db);
			else
				print_message("%-90s required %5.1f not reached\n", row.text, row.snr_db);
			fflush(stdout);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_margins), cmocka_unit_test(test_reach),
		cmocka_unit_test(test_figures) };

	if (argc > 1 && !strcmp(argv[1], "--full"))
		return full(
			argc > 2 ? argv[2] : NULL, argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 4000);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
