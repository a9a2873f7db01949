/*
 * What was done to a waveform is what measuring it finds: faults are made here with known sizes. Test models
 * are taken apart by a receiver of PDSCH and by their points.
 */
#include "radio/phy/waveform/measure.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/waveform/n78_test.h"

enum { FFT = 1024, PRBS = 51, SUBFRAME = FFT * 30, RATE_HZ = FFT * 30000, MS = 30 };

static struct kern kern;
static struct phy_measurement found;

/* Each slot of it is full. */
static struct phy_waveform_config cell;

/* The waveform's samples from this one on; what lies before is silence. */
static struct phy_cf *record(const struct phy_waveform_config *c, unsigned ms, int from, size_t *count)
{
	enum phy_waveform_error e;
	struct phy_waveform *w = phy_waveform_new(c, &e);
	size_t n = (size_t)ms * SUBFRAME, lost = from > 0 ? (size_t)from : 0,
	       silent = from < 0 ? (size_t)-from : 0;
	struct phy_cf *all = calloc(n + silent, sizeof(*all));

	assert_non_null(w);
	assert_non_null(all);
	for (unsigned i = 0; i < ms; i++)
		phy_waveform_run(w, &kern, all + silent + (size_t)i * SUBFRAME);
	phy_waveform_free(w);
	*count = n + silent - lost;
	memmove(all, all + lost, *count * sizeof(*all));
	return all;
}

static void turn(struct phy_cf *x, size_t n, double hz, double gain)
{
	for (size_t i = 0; i < n; i++) {
		double a = 1 + 2 * M_PI * fmod(hz * (double)i / RATE_HZ, 1);
		double re = (double)x[i].re, im = (double)x[i].im;

		x[i] = (struct phy_cf){ (float)(gain * (re * cos(a) - im * sin(a))),
			(float)(gain * (re * sin(a) + im * cos(a))) };
	}
}

static double evm(const struct phy_evm *e)
{
	return sqrt(e->error / e->signal);
}

static enum phy_measure_error measure(const struct phy_waveform_config *c, struct phy_cf *x, size_t count)
{
	enum phy_measure_error e = phy_waveform_measure(c, &kern, x, count, &found);

	free(x);
	return e;
}

static void assert_near(double is, double should, double within)
{
	if (!(fabs(is - should) <= within))
		fail_msg("%.9g is not %.9g within %.3g", is, should, within);
}

static void test_clean(void **state)
{
	size_t count;
	struct phy_cf *x = record(&cell, MS, -777, &count);

	(void)state;
	turn(x, count, 4321.5, 0.5);
	assert_int_equal(measure(&cell, x, count), PHY_MEASURE_OK);
	assert_int_equal(found.start, 777);
	assert_int_equal(found.subframes, MS);
	assert_near(found.cfo_hz, 4321.5, 0.1);
	for (enum phy_signal s = PHY_SIGNAL_SSB; s < PHY_SIGNALS; s++) {
		bool sent = s != PHY_SIGNAL_16QAM && s != PHY_SIGNAL_64QAM && s != PHY_SIGNAL_1024QAM &&
			    s != PHY_SIGNAL_BALANCING;

		assert_int_equal(found.signal[s].re > 0, sent);
		assert_true(!sent || evm(&found.signal[s]) < 3e-4);
	}
	/* two bursts of one block: 240 subcarriers of four symbols less what the PSS and SSS leave free
	 * (38.211 7.4.3.1) */
	assert_int_equal(found.signal[PHY_SIGNAL_SSB].re, 2 * (576 + 2 * 127));
}

static void test_noise(void **state)
{
	static const double snrs_db[] = { 40, 25, 12 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(snrs_db); i++) {
		double power = 0.01 * pow(10, -snrs_db[i] / 10), should = pow(10, -snrs_db[i] / 20);
		size_t count;
		struct phy_cf *x = record(&cell, MS, 0, &count);

		add_noise(x, count, power);
		turn(x, count, -2500, 1);
		/* two subframes too: few elements a subcarrier, one of which the equaliser has used up */
		assert_int_equal(phy_waveform_measure(&cell, &kern, x, 2 * SUBFRAME, &found), PHY_MEASURE_OK);
		assert_int_equal(found.subframes, 2);
		assert_near(evm(&found.signal[PHY_SIGNAL_256QAM]) / should, 1, 0.006);
		assert_int_equal(measure(&cell, x, count), PHY_MEASURE_OK);
		assert_near(found.cfo_hz, -2500, 0.5);
		assert_int_equal(found.start, 0);
		assert_near(evm(&found.signal[PHY_SIGNAL_256QAM]) / should, 1, 0.01);
		/* DM-RS has twice the power of data where a group is without (38.214 Table 4.1-1) */
		assert_near(evm(&found.signal[PHY_SIGNAL_DMRS]) / should, sqrt(0.5), 0.01);
		assert_near(evm(&found.signal[PHY_SIGNAL_SSB]) / should, 1, 0.06);
	}
}

/* A steady tone on one subcarrier spoils that one; one echo none, being within the prefix. */
static void test_tone_and_echo(void **state)
{
	enum { AT = 400, LATE = 20 };
	size_t count;
	struct phy_cf *x = record(&cell, MS, 0, &count);
	double worst = 0;

	(void)state;
	for (size_t i = count; i-- > LATE;) {
		double a = 2 * M_PI * fmod((AT - PRBS * 6) * (double)i / FFT, 1);

		x[i].re += 0.4f * x[i - LATE].im + 0.01f * (float)cos(a);
		x[i].im += -0.4f * x[i - LATE].re + 0.01f * (float)sin(a);
	}
	assert_int_equal(measure(&cell, x, count), PHY_MEASURE_OK);
	for (unsigned k = 0; k < PRBS * 12; k++) {
		double here = evm(&found.subcarrier[k]);

		if (k == AT)
			assert_true(here > 1);
		else if (abs((int)k - AT) > 3)
			worst = fmax(worst, here);
	}
	assert_true(worst < 0.02);
}

/* Power of the samples, and where it lies: all that a full carrier occupies is its blocks. */
static void test_power_and_band(void **state)
{
	struct phy_waveform_config c = cell;
	double power = 0, sum = 0, width_hz = PRBS * 12 * 30e3;
	size_t count;
	struct phy_cf *x;

	(void)state;
	c.sib1.len = 0;
	c.test_pdsch = false;
	c.model = PHY_TEST_MODEL_3_1A;
	x = record(&c, MS, 0, &count);
	for (size_t i = 0; i < count; i++)
		power += (double)x[i].re * (double)x[i].re + (double)x[i].im * (double)x[i].im;
	assert_int_equal(measure(&c, x, count), PHY_MEASURE_OK);
	assert_near(found.power / (power / (double)count), 1, 1e-5);
	for (unsigned i = 0; i < PHY_MEASURE_BINS; i++)
		sum += found.spectrum[i];
	assert_near(sum / found.power, 1, 0.01);
	assert_near(found.occupied_low_hz, -width_hz / 2 + width_hz * 0.005, 4e4);
	assert_near(found.occupied_high_hz, width_hz / 2 - width_hz * 0.005, 4e4);
}

/* The recording lacks the beginning: what is left is measured, of a waveform that is the same in each frame.
 */
static void test_begins_later(void **state)
{
	struct phy_waveform_config c = cell;
	size_t count;
	struct phy_cf *x;

	(void)state;
	c.sib1.len = 0;
	c.test_pdsch = false;
	c.model = PHY_TEST_MODEL_1_1;
	x = record(&c, MS, 100, &count);
	assert_int_equal(measure(&c, x, count), PHY_MEASURE_OK);
	assert_int_equal(found.start, 10 * SUBFRAME - 100);
	assert_int_equal(found.subframes, 20);
	assert_true(evm(&found.signal[PHY_SIGNAL_QPSK]) < 3e-4);
}

static void test_refusals(void **state)
{
	struct phy_waveform_config c = cell;
	size_t count;
	struct phy_cf *x = record(&cell, 2, 0, &count);

	(void)state;
	c.seed = 9;
	c.n_cell_id = 43;
	assert_int_equal(phy_waveform_measure(&c, &kern, x, count, &found), PHY_MEASURE_ABSENT);
	assert_int_equal(phy_waveform_measure(&cell, &kern, x, SUBFRAME - 1, &found), PHY_MEASURE_SHORT);
	assert_int_equal(phy_waveform_measure(&cell, &kern, x, 0, &found), PHY_MEASURE_SHORT);
	memset(x, 0, count * sizeof(*x));
	assert_int_equal(phy_waveform_measure(&cell, &kern, x, count, &found), PHY_MEASURE_ABSENT);
	c.prbs = 0;
	assert_int_equal(measure(&c, x, count), PHY_MEASURE_WAVEFORM);
}

/* Which blocks' data symbols are sent as points of the modulation of this size; others are somebody else's.
 */
static void blocks_sent(const struct phy_grid *g, const struct phy_test_user *u, float amplitude, bool *sent)
{
	enum phy_modulation modulation =
		(enum phy_modulation)(phy_mcs_row(u->table, u->mcs)->q_m / 2 - 1 + PHY_QPSK);
	struct phy_constellation points;

	assert_true(phy_constellation_init(&points, modulation));
	for (unsigned i = 0; i < u->n; i++) {
		const struct phy_cf *re = phy_grid_at(g, 5, u->at[i] * 12u);

		for (unsigned k = 0; k < 12; k++) {
			double least = 1;

			for (unsigned p = 0; p < 1u << points.bits; p++)
				least = fmin(least, hypot((double)(re[k].re / amplitude / u->amplitude -
								   points.point[p].re),
							    (double)(re[k].im / amplitude / u->amplitude -
								     points.point[p].im)));
			assert_true(least < 1e-3);
		}
		sent[u->at[i]] = true;
	}
}

/* A slot's symbols: the PDCCH before three blocks, DM-RS of power 1 with data between, users where they are.
 */
static void check_slot(const struct phy_grid *g, enum phy_test_model m, unsigned slot, float amplitude)
{
	struct phy_test_user user[PHY_TEST_USERS_MAX];
	unsigned n = phy_test_model_users(user, m, PRBS, slot);
	bool sent[PRBS] = { false };

	for (unsigned i = 0; i < n; i++)
		blocks_sent(g, &user[i], amplitude, sent);
	for (unsigned l = 0; l < 14; l++) {
		for (unsigned k = 0; k < PRBS * 12; k++) {
			const struct phy_cf *re = phy_grid_at(g, l, k);
			bool some = l < 2 && k < 36 ? true : sent[k / 12];

			assert_true(
				(hypot((double)re->re, (double)re->im) > 0.02 * (double)amplitude) == some);
			if (l < 2 && k < 36)
				assert_near(fabs((double)re->re), sqrt(0.5) * (double)amplitude, 1e-5);
		}
	}
}

static void test_models(void **state)
{
	struct phy_ofdm_config o = { 1, false, PRBS, FFT, 0, cell.carrier_hz };
	static struct phy_cf re[PRBS * 12 * 14];
	struct phy_grid grid = { re, PRBS, 0, 14 };
	struct phy_ofdm ofdm;

	(void)state;
	assert_true(phy_ofdm_init(&ofdm, &o));
	for (enum phy_test_model m = PHY_TEST_MODEL_1_1; m < PHY_TEST_MODELS; m++) {
		struct phy_waveform_config c = cell;
		size_t count;
		struct phy_cf *x;

		c.sib1.len = 0;
		c.test_pdsch = false;
		c.model = m;
		x = record(&c, 11, 0, &count);
		for (unsigned slot = 0; slot < 20; slot++) {
			phy_ofdm_demodulate(&ofdm, &kern, re,
				x + slot / 2 * SUBFRAME + slot % 2 * SUBFRAME / 2, slot % 2);
			check_slot(&grid, m, slot, c.amplitude);
		}
		/* PN23 begins again with each frame */
		for (unsigned i = 0; i < SUBFRAME; i++)
			assert_memory_equal(&x[i], &x[10 * SUBFRAME + i], sizeof(*x));
		free(x);
	}
	phy_ofdm_fini(&ofdm);
}

/* The first bits on the air are PN23's, scrambled: written out for the PDSCH behind the PDCCH's blocks. */
static void test_model_bits(void **state)
{
	struct phy_ofdm_config o = { 1, false, PRBS, FFT, 0, cell.carrier_hz };
	static struct phy_cf re[PRBS * 12 * 14];
	struct phy_waveform_config c = cell;
	struct phy_ofdm ofdm;
	struct phy_gold g;
	struct phy_cf *x;
	uint32_t word = 0;
	size_t count;

	(void)state;
	c.sib1.len = 0;
	c.test_pdsch = false;
	c.model = PHY_TEST_MODEL_1_1;
	assert_true(phy_ofdm_init(&ofdm, &o));
	x = record(&c, 1, 0, &count);
	phy_ofdm_demodulate(&ofdm, &kern, re, x, 0);
	phy_gold_init(&g, c.n_cell_id); /* 38.211 7.3.1.1 with n_RNTI = 0 */
	for (unsigned i = 0; i < 11; i++) {
		const struct phy_cf *at = &re[36 + i]; /* symbol 0 of block 3 */

		for (unsigned b = 0; b < 2; b++) {
			unsigned n = 2 * i + b, sent = (b ? at->im : at->re) < 0;

			if (n % 32 == 0)
				word = phy_gold_next(&g);
			assert_int_equal(sent ^ (word >> n % 32 & 1), 1); /* the first 23 are ones */
		}
	}
	free(x);
	phy_ofdm_fini(&ofdm);
}

/* What of a model is looked at is within its limit behind noise, and what balances it is told apart. */
static void test_model_measured(void **state)
{
	struct phy_waveform_config c = cell;
	size_t count;
	struct phy_cf *x;

	(void)state;
	c.sib1.len = 0;
	c.test_pdsch = false;
	c.model = PHY_TEST_MODEL_3_2;
	x = record(&c, MS, 0, &count);
	add_noise(x, count, 0.01 * pow(10, -3));
	assert_int_equal(measure(&c, x, count), PHY_MEASURE_OK);
	assert_near(evm(&found.signal[PHY_SIGNAL_16QAM]) / sqrt(0.001), 1.3, 0.14); /* two thirds at -3 dB */
	assert_true(found.signal[PHY_SIGNAL_BALANCING].re > 0 && found.signal[PHY_SIGNAL_QPSK].re == 0);
	assert_true(found.signal[PHY_SIGNAL_PDCCH].re > 0 && found.signal[PHY_SIGNAL_SSB].re == 0);
}

static void test_models_refused(void **state)
{
	struct phy_waveform_config c = cell;
	struct phy_waveform_place place;

	(void)state;
	c.model = PHY_TEST_MODEL_2;
	assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_TEST_MODEL);
	c.sib1.len = 0;
	assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_TEST_MODEL);
	c.test_pdsch = false;
	assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_OK);
	c.model = PHY_TEST_MODELS;
	assert_int_equal(phy_waveform_place(&c, &place), PHY_WAVEFORM_TEST_MODEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_tone_and_echo),
		cmocka_unit_test(test_power_and_band),
		cmocka_unit_test(test_begins_later),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_models),
		cmocka_unit_test(test_model_bits),
		cmocka_unit_test(test_model_measured),
		cmocka_unit_test(test_models_refused),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	cell = n78;
	cell.test_pdsch = true;
	cell.test_mcs_table = PHY_MCS_256QAM;
	cell.test_mcs = 22;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
