/* Decisions of slots: what is shared out, to whom, at what rates; and what the outer loop converges to. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/test.h"

#include "gnb/du/sched/sched.h"

static const struct sched_cell cell = { .prbs = 106,
	.symbols = 12,
	.dmrs_re = 12,
	.given_max = 8,
	.layers = 1,
	.block_error_percent = 10,
	.average_slots = 100 };

static struct sched s;
static struct sched_given given[SCHED_GIVEN_MAX];
static uint64_t seed = 7;

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static struct sched_ue *add(uint16_t ue, uint8_t cqi, uint32_t waiting)
{
	assert_true(sched_ue_add(&s, ue));
	sched_cqi(&s.ues[ue], cqi);
	s.ues[ue].may = true;
	s.ues[ue].waiting = waiting;
	return &s.ues[ue];
}

static int setup(void **state)
{
	return sched_init(&s, &cell, 1000) ? 0 : -1;
}

/* Blocks lie beside each other within the slot, each of its size, none twice for a UE. */
static void check(size_t count, uint16_t first, uint16_t prbs)
{
	bool had[SCHED_UES_MAX] = { false };
	uint16_t next = first;

	assert_in_range(count, 0, cell.given_max);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(given[i].first_prb, next);
		assert_true(given[i].prbs > 0);
		next = (uint16_t)(next + given[i].prbs);
		assert_int_equal(
			given[i].octets, sched_octets(&cell, PHY_MCS_64QAM, given[i].prbs, given[i].mcs));
		assert_false(had[given[i].ue]);
		had[given[i].ue] = true;
	}
	assert_true(next <= first + prbs);
}

static void test_sizes(void **state)
{
	/* 38.214 5.1.3.2: 106 PRB with 132 REs, 64QAM 948/1024: N_info 77,720, rounded 77,824, ten code
	 * blocks: 77,896 bits */
	assert_int_equal(sched_octets(&cell, PHY_MCS_64QAM, 106, 28), 77896 / 8);
	assert_int_equal(sched_octets(&cell, PHY_MCS_64QAM, 106, 29), 0); /* reserved */
	add(0, 15, 20);
	assert_int_equal(sched_slot(&s, 10, 96, given), 1);
	check(1, 10, 96);
	assert_true(given[0].octets >= 20 &&
		    sched_octets(&cell, PHY_MCS_64QAM, (uint16_t)(given[0].prbs - 1), given[0].mcs) < 20);
	s.ues[0].waiting = 1000000;
	assert_int_equal(sched_slot(&s, 0, 106, given), 1);
	assert_true(given[0].prbs == 106 && given[0].mcs >= 27);
	s.ues[0].may = false;
	assert_int_equal(sched_slot(&s, 0, 106, given), 0);
}

/* CQI and MCS tables meet where their efficiencies do. */
static void test_link_adaptation(void **state)
{
	struct sched_ue *u = add(0, 0, 1);
	static const struct {
		uint8_t cqi, mcs;
	} pairs[] = { { 0, 0 }, { 2, 0 }, { 4, 4 }, { 7, 11 }, { 9, 15 }, { 11, 20 }, { 13, 24 },
		{ 15, 28 } };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		sched_cqi(u, pairs[i].cqi);
		assert_in_range(sched_mcs(&cell, u), pairs[i].mcs - (pairs[i].mcs > 0), pairs[i].mcs);
	}
	sched_cqi(u, 9);
	u->offset_cb = 300;
	assert_true(sched_mcs(&cell, u) > 15);
	u->offset_cb = -300;
	assert_true(sched_mcs(&cell, u) < 14);
	sched_cqi(u, 200);
	assert_int_equal(u->cqi, 0);
}

/* A UE whose reports are 3 dB too good, or too bad: first transmissions fail as often as they should. */
static void outer_loop(float error_db)
{
	struct sched_ue *u = &s.ues[0];
	unsigned failed = 0;

	u->offset_cb = 0;
	sched_cqi(u, 9);
	for (int i = 0; i < 20000; i++) {
		uint8_t mcs = sched_mcs(&cell, u);
		const struct phy_mcs *row = phy_mcs_row(u->table, mcs);
		float needed_db = 10 * log10f(exp2f(row->q_m * row->rate_x2048 / 2048.0f) - 1),
		      have_db = 7.6f - error_db;
		bool decoded = chance(1000) >= 1000 / (1 + expf(4 * (have_db - needed_db) + 2.2f));

		failed += i >= 4000 && !decoded;
		sched_first_transmission(&cell, u, decoded);
	}
	assert_in_range(failed, 16000 * 8 / 100, 16000 * 12 / 100);
}

static void test_outer_loop(void **state)
{
	add(0, 9, 1);
	outer_loop(3);
	outer_loop(-3);
	outer_loop(0);
}

/* Equal links share equally; unequal ones get equal time, so rates as their links; priorities weigh. */
static void test_fairness(void **state)
{
	double got[4] = { 0 };

	for (uint16_t i = 0; i < 4; i++)
		add(i, i < 2 ? 12 : 6, 1 << 30);
	for (int slot = 0; slot < 4000; slot++) {
		size_t n = sched_slot(&s, 0, 106, given);

		check(n, 0, 106);
		for (size_t i = 0; i < n; i++)
			got[given[i].ue] += slot >= 1000 ? given[i].octets : 0;
	}
	assert_true(fabs(got[0] / got[1] - 1) < 0.02 && fabs(got[2] / got[3] - 1) < 0.02);
	assert_true(fabs(got[0] / got[2] /
				    ((double)sched_octets(
					     &cell, PHY_MCS_64QAM, 106, sched_mcs(&cell, &s.ues[0])) /
					    sched_octets(
						    &cell, PHY_MCS_64QAM, 106, sched_mcs(&cell, &s.ues[2]))) -
			    1) < 0.1);
	s.ues[3].priority = 10;
	got[2] = got[3] = 0;
	for (int slot = 0; slot < 4000; slot++)
		for (size_t i = 0, n = sched_slot(&s, 0, 106, given); i < n; i++)
			got[given[i].ue] += slot >= 1000 ? given[i].octets : 0;
	assert_true(got[3] > 2 * got[2]);
}

/* A guarantee holds against any number that have none, and is no more than a guarantee. */
static void test_guarantee(void **state)
{
	double got = 0, others = 0;

	add(0, 7, 1 << 30)->guaranteed_octets_s = 500000;
	for (uint16_t i = 1; i < 20; i++)
		add(i, 15, 1 << 30);
	for (int slot = 0; slot < 3000; slot++) {
		size_t n = sched_slot(&s, 0, 106, given);

		check(n, 0, 106);
		for (size_t i = 0; i < n; i++)
			*(given[i].ue == 0 ? &got : &others) += slot >= 1000 ? given[i].octets : 0;
	}
	assert_true(got > 2 * 500000 * 0.98 && got < 2 * 500000 * 1.35);
	assert_true(others > 10e6);
	s.ues[0].waiting = 0;
	for (int slot = 0; slot < 500; slot++)
		may_fail(sched_slot(&s, 0, 106, given) > 0);
	assert_true(s.ues[0].owed <= 0); /* nothing is saved up */
}

/* What was not decoded goes first, and as it was. */
static void test_retransmissions(void **state)
{
	size_t n;

	for (uint16_t i = 0; i < 6; i++)
		add(i, 15, 1 << 30);
	s.ues[4].has_again = true;
	s.ues[4].again = (struct sched_again){ 7, 3, 20, sched_octets(&cell, PHY_MCS_64QAM, 20, 3) };
	s.ues[5].has_again = true;
	s.ues[5].again = (struct sched_again){ 2, 9, 100, sched_octets(&cell, PHY_MCS_64QAM, 100, 9) };
	n = sched_slot(&s, 0, 106, given);
	check(n, 0, 106);
	assert_true(given[0].ue == 4 && given[0].process == 7 && given[0].mcs == 3 &&
		    given[0].reason == SCHED_RETRANSMISSION);
	for (size_t i = 1; i < n; i++)
		assert_true(given[i].ue != 5 ||
			    given[i].reason == SCHED_FAIRNESS); /* too wide beside the other */
	s.ues[4].has_again = false;
	assert_true(sched_slot(&s, 0, 106, given) > 0 && given[0].ue == 5 && given[0].prbs == 100);
}

/* Any demand, any cell: what comes out is legal, PDCCH has room for it, and nobody with data starves. */
static void test_any(void **state)
{
	uint64_t got[64] = { 0 };

	for (uint16_t i = 0; i < 64; i++)
		add(i, (uint8_t)(1 + i % 15), 0);
	assert_false(sched_ue_add(&s, 5));
	assert_false(sched_ue_add(&s, SCHED_UES_MAX));
	for (int slot = 0; slot < 5000; slot++) {
		uint16_t prbs = (uint16_t)chance(107);
		size_t n;

		for (uint16_t i = 0; i < 64; i++) {
			s.ues[i].waiting = chance(3) ? 1 + chance(3000) : 0;
			s.ues[i].may = chance(10) > 0;
			s.ues[i].priority = (uint8_t)(1 + chance(127));
		}
		n = sched_slot(&s, 0, prbs, given);
		check(n, 0, prbs);
		for (size_t i = 0; i < n; i++)
			got[given[i].ue] += given[i].octets;
	}
	for (uint16_t i = 0; i < 64; i++)
		assert_true(got[i] > 5000);
	sched_ue_remove(&s, 63);
	assert_int_equal(s.count, 63);
}

static unsigned commas(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

static void test_explained(void **state)
{
	char text[256];
	struct writer w = writer_of(text, sizeof(text));

	add(3, 12, 5000);
	assert_int_equal(sched_slot(&s, 0, 20, given), 1);
	sched_explain(&s, &given[0], &w);
	writer_u8(&w, 0);
	assert_non_null(strstr(text, "3,0,20,2"));
	assert_non_null(strstr(text, ",fairness,,"));
	assert_non_null(strstr(text, ",12,"));
	assert_int_equal(commas(text), commas(sched_explain_columns));
	given[0].reason = SCHED_RETRANSMISSION;
	given[0].process = 7;
	w = writer_of(text, sizeof(text));
	sched_explain(&s, &given[0], &w);
	writer_u8(&w, 0);
	assert_non_null(strstr(text, ",again,7,,"));
	assert_int_equal(commas(text), commas(sched_explain_columns));
}

/* --bench: microseconds of a slot with 32 and 256 UEs that all want more than there is. */
static void bench(uint16_t ues)
{
	clock_t begin;
	enum { SLOTS = 20000 };

	assert_true(sched_init(&s, &cell, 1000));
	for (uint16_t i = 0; i < ues; i++)
		add(i, (uint8_t)(1 + i % 15), 1 << 30);
	begin = clock();
	for (int i = 0; i < SLOTS; i++)
		may_fail(sched_slot(&s, 0, 106, given) > 0);
	printf("scheduler_slot_%u %.2f us\n", ues, (double)(clock() - begin) / CLOCKS_PER_SEC * 1e6 / SLOTS);
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sizes),
		TEST(test_link_adaptation),
		TEST(test_outer_loop),
		TEST(test_fairness),
		TEST(test_guarantee),
		TEST(test_retransmissions),
		TEST(test_any),
		TEST(test_explained),
	};

	if (argc > 1) {
		bench(32);
		bench(256);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
