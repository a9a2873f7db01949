/* The model of the physical layer by itself: what its curves say, HARQ, who is heard among several, and when.
 */
#include <math.h>

#include <stdlib.h>

#include "base/test.h"
#include "sim/l1/parts.h"

enum { N = 4000, PRBS = 3, MCS = 3 };

static struct l1_model *model;

static int setup(void **state)
{
	model = calloc(1, sizeof(*model));
	assert_non_null(model);
	model->curves = l1_curves_new();
	assert_non_null(model->curves);
	model->chance = 1;
	model->silence = l1_lost(model->curves, L1_PUCCH_SILENCE, 1, 1, 1, 0);
	return 0;
}

static int teardown(void **state)
{
	l1_curves_free(model->curves);
	free(model);
	return 0;
}

static double ratio(double db)
{
	return pow(10, db / 10);
}

/* More SNR, more transmissions, a lower MCS, more CCEs: never is more lost, but for what a measured curve is
 * uneven. */
static void test_curves(void **state)
{
	const struct l1_curves *c = model->curves;
	const double uneven = 0.06;

	for (double db = -12; db < 25; db += 0.5) {
		for (unsigned mcs = 0; mcs <= 28; mcs++)
			for (unsigned tx = 1; tx <= L1_TRANSMISSIONS_MAX; tx++) {
				double lost = l1_lost(c, L1_SHARED, mcs, 12, tx, db);

				assert_true(lost >= 0 && lost <= 1);
				assert_true(l1_lost(c, L1_SHARED, mcs, 12, tx, db + 0.5) <= lost + uneven);
				assert_true(tx == 1 ||
					    lost <= l1_lost(c, L1_SHARED, mcs, 12, tx - 1, db) + uneven);
			}
		for (unsigned al = 2; al <= 16; al *= 2)
			assert_true(l1_lost(c, L1_PDCCH, al, 41, 1, db) <=
				    l1_lost(c, L1_PDCCH, al / 2, 41, 1, db) + uneven);
	}
	assert_true(l1_lost(c, L1_SHARED, 28, 50, 1, 10) == 1);
	assert_true(l1_lost(c, L1_SHARED, 28, 50, 1, 30) == 0);
	assert_true(l1_lost(c, L1_PRACH, 0, 1, 1, -40) == 1);
	assert_true(l1_lost(c, L1_PRACH, 0, 1, 1, 0) == 0);
}

/* A share of blocks comes by the first transmission, most by the second, and none is lost by more. */
static void test_harq(void **state)
{
	unsigned after[L1_TRANSMISSIONS_MAX] = { 0 };
	double db = 3.4, first = l1_lost(model->curves, L1_SHARED, 10, 32, 1, db);

	assert_true(first > 0.1 && first < 0.9);
	for (unsigned i = 0; i < N; i++) {
		struct l1_soft s = { .receptions = 0 };
		bool had = false;

		for (unsigned tx = 0; tx < L1_TRANSMISSIONS_MAX; tx++) {
			bool ok = l1_receive_block(model, &s, tx == 0, 10, 32, ratio(db));

			assert_true(ok || !had);
			had = ok;
			after[tx] += ok;
		}
	}
	assert_true(fabs((double)(N - after[0]) / N - first) < 0.05);
	assert_int_equal(after[1], N);
}

/* The one that is to be lost is, however often it comes; the next is not. */
static void test_lost_for_good(void **state)
{
	struct l1_soft s = { .receptions = 0 };

	model->lose = 1;
	for (unsigned tx = 0; tx < 2 * L1_TRANSMISSIONS_MAX; tx++)
		assert_false(l1_receive_block(model, &s, tx == 0, 0, 32, ratio(40)));
	assert_true(l1_receive_block(model, &s, true, 0, 32, ratio(40)));
}

static struct l1_sent preamble(uint8_t which, double db, double late_s)
{
	return (struct l1_sent){
		.is_prach = true, .prach.preamble = which, .snr = ratio(db), .late_s = late_s
	};
}

/* Two UEs on one preamble are one, the louder; on two they are two; one that is too weak is none. */
static void test_preambles(void **state)
{
	struct l1_sent sent[] = { preamble(7, 0, 1e-6), preamble(7, 10, 2e-6), preamble(9, 0, 0),
		preamble(11, -30, 0) };
	struct l1_uplink ul = { .slot = { .prach_n = 1 } };

	ul.slot.prach = ul.prach;
	l1_uplink(model, sent, ARRAY_LEN(sent), &ul);
	assert_int_equal(ul.slot.rach_n, 1);
	assert_int_equal(ul.slot.rach[0].found_n, 2);
	assert_int_equal(ul.slot.rach[0].found[0].preamble, 7);
	assert_true(fabs(ul.slot.rach[0].found[0].delay_s - 2e-6) < 1e-9);
	assert_int_equal(ul.slot.rach[0].found[1].preamble, 9);
}

static struct phy_pusch_config pusch(void)
{
	struct phy_pusch_config c = {
		.rnti = 0x4601, .mcs = MCS, .prbs = { .n = PRBS, .at = { 4, 5, 6 } }, .time = { .l = 14 }
	};

	return c;
}

/* How many of N Msg3s come, of UEs at these SNRs that all send theirs in one place. */
static double share(const double *db, unsigned ues, double late_s)
{
	struct l1_sent sent[4] = { 0 };
	unsigned came = 0;
	struct l1_uplink ul = { .slot = { .pusch_n = 1 } };

	ul.slot.pusch = ul.pusch;
	for (unsigned i = 0; i < ues; i++)
		sent[i] = (struct l1_sent){
			.is_pusch = true, .pusch = pusch(), .snr = ratio(db[i]), .late_s = late_s
		};
	for (unsigned i = 0; i < N; i++) {
		ul.pusch[0] = (struct phy_ul_pusch_rx){ .config = pusch(), .new_data = true };
		l1_uplink(model, sent, ues, &ul);
		came += ul.pusch[0].result.ok;
	}
	return (double)came / N;
}

/* Capture: the stronger of two is heard as in noise of the other's power; of four equals none. */
static void test_capture(void **state)
{
	const double alone[] = { 20 }, near[] = { 20, 19.5 }, far[] = { 20, 5 };
	double sinr = l1_db(ratio(20) / (1 + ratio(19.5)));

	assert_true(share(alone, 1, 0) == 1);
	assert_true(share(far, 2, 0) == 1);
	assert_true(
		fabs(share(near, 2, 0) - (1 - l1_lost(model->curves, L1_SHARED, MCS, PRBS, 1, sinr))) < 0.05);
	assert_true(share((const double[]){ 20, 20, 20, 20 }, 4, 0) == 0);
}

/* Half the cyclic prefix late is too late: 2.3 us at 15 kHz. */
static void test_timing(void **state)
{
	const double db[] = { 20 };

	assert_true(share(db, 1, 2.2e-6) == 1);
	assert_true(share(db, 1, -2.2e-6) == 1);
	assert_true(share(db, 1, 2.5e-6) == 0);
}

static void test_pucch(void **state)
{
	struct phy_pucch_config at = { .format = 1, .prbs = 1, .symbols = 14, .initial_shift = 1, .bits = 1 };
	struct l1_sent sent = { .is_pucch = true, .pucch = at, .snr = ratio(0), .uci = { 1 } };
	struct l1_uplink ul = { .slot = { .pucch_n = 2 } };
	unsigned silence = 0;

	ul.slot.pucch = ul.pucch;
	for (unsigned i = 0; i < N; i++) {
		for (unsigned k = 0; k < 2; k++)
			ul.pucch[k] = (struct phy_ul_pucch_rx){ .config = at, .result.uci = ul.uci[k] };
		ul.pucch[1].config.initial_shift = 3; /* nobody's */
		l1_uplink(model, &sent, 1, &ul);
		assert_true(ul.pucch[0].result.detected && ul.uci[0][0] == 1);
		silence += ul.pucch[1].result.detected;
	}
	assert_true(silence > 0 && silence < N / 50);
}

static bool finds(const struct phy_dl_pdcch *p, const struct phy_pdcch_search *search)
{
	struct phy_dl_pdcch_rx rx = { .search = *search };
	struct phy_dl_slot sent = { .pdcch = p, .pdcch_n = 1 };
	struct phy_dl_slot_rx slot = { .pdcch = &rx, .pdcch_n = 1 };
	struct l1_soft soft[L1_UE_SOFT] = { 0 };

	l1_downlink(model, soft, 20, &sent, &slot);
	return rx.found_n == 1 && rx.found[0].rnti == p->rnti;
}

/* A UE finds a PDCCH for its RNTI, at a candidate and of a size that it looks for, and no other. */
static void test_pdcch(void **state)
{
	struct phy_coreset coreset = { .groups = 0xff, .n_symb = 1 };
	struct phy_dl_pdcch p = {
		.occasion.coreset = &coreset, .at = { .cce = 4, .al = 4 }, .rnti = 0x4601, .bits = 41
	};
	struct phy_pdcch_search s = { .occasion.coreset = &coreset,
		.candidates = 2,
		.candidate = { { .cce = 0, .al = 4 }, { .cce = 4, .al = 4 } },
		.sizes = 1,
		.size = { 41 },
		.rntis = 1,
		.rnti = { 0x4601 } },
				other;

	assert_true(finds(&p, &s));
	other = s;
	other.rnti[0]++;
	assert_false(finds(&p, &other));
	other = s;
	other.candidates = 1;
	assert_false(finds(&p, &other));
	other = s;
	other.size[0] = 40;
	assert_false(finds(&p, &other));
	other = s;
	other.occasion.n_id = 1;
	assert_false(finds(&p, &other));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_curves),
		TEST(test_harq),
		TEST(test_lost_for_good),
		TEST(test_preambles),
		TEST(test_capture),
		TEST(test_timing),
		TEST(test_pucch),
		TEST(test_pdcch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
