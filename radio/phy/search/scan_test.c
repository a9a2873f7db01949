/* --full: more tones, levels and SNRs. */
#include <math.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/search/scan.h"
#include "radio/phy/search/tones.h"
#include "radio/phy/waveform/waveform.h"

enum { FFT = 512, MS = 45, COUNT = MS * FFT * 15 };

static const double rate_hz = FFT * 15e3;

static const struct phy_waveform_config config = {
	.prbs = 25,
	.fft_size = FFT,
	.pattern = PHY_SSB_CASE_A,
	.l_max = 8,
	.period_ms = 20,
	.sent = 1,
	.band = PHY_BAND_5_MHZ,
	.dmrs_type_a_position = 2,
	.coreset_zero = 1, /* from the carrier's first block on */
	.search_space_zero = 2,
	.sib1 = { (const uint8_t *)"any octets do for a SIB1", 24 },
	.amplitude = 1,
};

/* Of the SS/PBCH block's samples while it is sent: 240 of 512 subcarriers of power 1 / 512 each. */
static const double ssb_power = 240.0 / 512;

static struct phy_cf samples[COUNT];
static struct kern kern;
static uint64_t sent = 1; /* blocks */

/* Adds a cell, so many samples late and so many Hz off. */
static void add_cell(unsigned n_cell_id, double gain_db, unsigned late, double off_hz)
{
	static struct phy_cf subframe[FFT * 15];
	struct phy_waveform_config c = config;
	struct phy_waveform *w;
	enum phy_waveform_error e;
	double gain = pow(10, gain_db / 20);
	size_t at = late;

	c.n_cell_id = (uint16_t)n_cell_id;
	c.sent = sent;
	w = phy_waveform_new(&c, &e);
	assert_non_null(w);
	for (unsigned ms = 0; ms < MS; ms++) {
		phy_waveform_run(w, &kern, subframe);
		for (unsigned i = 0; i < FFT * 15 && at < COUNT; i++, at++) {
			double a = 2 * M_PI * fmod(off_hz * (double)at / rate_hz, 1), re = gain * cos(a),
			       im = gain * sin(a);
			struct phy_cf x = subframe[i];

			samples[at].re += (float)((double)x.re * re - (double)x.im * im);
			samples[at].im += (float)((double)x.re * im + (double)x.im * re);
		}
	}
	phy_waveform_free(w);
}

/* Over the SS/PBCH block's power. */
static void add_tone(double hz, double over_db)
{
	double size = sqrt(ssb_power * pow(10, over_db / 10)), phase = 2 * M_PI * uniform();

	for (size_t i = 0; i < COUNT; i++) {
		double a = 2 * M_PI * fmod(hz * (double)i / rate_hz, 1) + phase;

		samples[i].re += (float)(size * cos(a));
		samples[i].im += (float)(size * sin(a));
	}
}

/* So that a resource element of the cell has this SNR. */
static void add_noise_at(double snr_db)
{
	add_noise(samples, COUNT, pow(10, -snr_db / 10));
}

/* What the blocks of a burst have: symbols 2 to 5 of the slot for index 0, 8 to 11 for 1, 16 to 19 for 2
 * (case A). */
static void weaken(unsigned first_symbol, float by)
{
	for (unsigned ms = 0; ms < MS; ms += 20) {
		size_t at = (size_t)ms * FFT * 15 + first_symbol * (FFT + FFT * 9 / 128);

		for (size_t i = at; i < at + 4 * (FFT + FFT * 9 / 128) + FFT / 16 && i < COUNT; i++) {
			samples[i].re *= by;
			samples[i].im *= by;
		}
	}
}

static void silence(void)
{
	memset(samples, 0, sizeof(samples));
}

static const struct phy_scan *scan(void)
{
	static struct phy_scan out;
	const struct phy_scan_config c = { .spacings = 1 };

	assert_int_equal(phy_scan_run(&kern, samples, COUNT, rate_hz, &c, &out), PHY_SCAN_OK);
	return &out;
}

static double power(void)
{
	return (double)kern.cf_energy(&samples[0].re, COUNT) / COUNT;
}

/* Lines go, 40 dB or more of them; noise and what a cell sends stay. */
static void test_tones(void **state)
{
	static const double hz[] = { 0, 50, -431234, 2000500, 3500000, 1e6, 1.004e6 };
	double before;

	silence();
	add_noise_at(0);
	before = power();
	assert_true(phy_tones_remove(&kern, samples, COUNT, rate_hz));
	assert_true(fabs(power() / before - 1) < 1e-6);
	for (size_t i = 0; i < ARRAY_LEN(hz); i++)
		add_tone(hz[i], 20);
	assert_true(power() > 300 * before);
	assert_true(phy_tones_remove(&kern, samples, COUNT, rate_hz));
	assert_true(fabs(power() / before - 1) < 0.02);
	silence();
	add_cell(1, 0, 0, 0);
	before = power();
	assert_true(phy_tones_remove(&kern, samples, COUNT, rate_hz));
	assert_true(fabs(power() / before - 1) < 1e-6);
	/* too short for any, and nothing at all */
	assert_true(phy_tones_remove(&kern, samples, 10, rate_hz));
	assert_true(phy_tones_remove(&kern, samples, 0, rate_hz));
}

static void assert_found(unsigned n_cell_id, bool sib1)
{
	const struct phy_scan *s = scan();

	assert_int_equal(s->count, 1);
	assert_int_equal(s->cell[0].cell.n_cell_id, n_cell_id);
	assert_int_equal(s->cell[0].outcome == PHY_SIB1_READ, sib1);
}

/* A tone costs a cell nothing, however faint or loud: neither in silence nor at the edge of what is found. */
static void test_cell_among_tones(void **state)
{
	silence();
	add_cell(301, 0, 700, 200);
	add_tone(0, -18);
	assert_found(301, true);
	silence();
	add_cell(17, 0, 0, -3000);
	add_tone(0, 10);
	add_tone(61234, 5);
	add_tone(-2.9e6, 30);
	add_noise_at(-3);
	assert_found(17, true);
}

static void test_tones_are_no_cell(void **state)
{
	silence();
	add_tone(0, 0);
	add_tone(123456, -30);
	add_tone(-7777, 10);
	assert_int_equal(scan()->count, 0);
}

static bool has(const struct phy_scan *s, unsigned n_cell_id)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < s->count; i++)
		seen += s->cell[i].cell.n_cell_id == n_cell_id;
	return seen == 1;
}

/* Two of one N_ID2 as loud as each other and up to half a symbol apart: one PSS may be of both. */
static void test_two_together(void **state)
{
	static const unsigned late[] = { 0, 3, 120 };

	for (size_t i = 0; i < ARRAY_LEN(late); i++) {
		const struct phy_scan *s;

		silence();
		add_cell(1, 0, 0, 0);
		add_cell(418, 0, late[i], 0);
		s = scan();
		assert_int_equal(s->count, 2);
		assert_true(has(s, 1) && has(s, 418));
	}
}

/* A synchronised network: the faintest is 15 dB below the loudest, and nothing else is seen. */
static void test_eight_together(void **state)
{
	static const struct {
		uint16_t n_cell_id;
		int8_t gain_db;
		uint8_t late;
		int8_t off_hz;
	} cells[] = { { 1, 0, 0, 0 }, { 4, -2, 7, 20 }, { 700, -4, 13, -60 }, { 100, -6, 2, 50 },
		{ 502, -8, 5, 0 }, { 3, -10, 9, -30 }, { 501, -13, 11, 90 }, { 999, -15, 0, 10 } };
	const struct phy_scan *s;

	silence();
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		add_cell(cells[i].n_cell_id, cells[i].gain_db, cells[i].late, cells[i].off_hz);
	add_noise_at(30);
	s = scan();
	assert_int_equal(s->count, ARRAY_LEN(cells));
	for (size_t i = 0; i < ARRAY_LEN(cells); i++)
		assert_true(has(s, cells[i].n_cell_id));
}

struct eight {
	bool spread; /* from 0 to -15 dB; else the last is at -15 dB and the others as loud as each other */
	bool one_pss, one_delay;
};

/* A synchronised network: eight cells of random identities, delays to 200 samples, offsets to 100 Hz. How
 * many were found, and how many others seen. */
static unsigned eight(unsigned number, const struct eight *e, unsigned *others)
{
	unsigned id[8], found = 0;
	const struct phy_scan *s;

	seed = number * 7919u + 3;
	silence();
	for (unsigned i = 0; i < 8; i++) {
		bool again = true;

		while (again) {
			id[i] = (unsigned)(draw() % 1008);
			id[i] = e->one_pss ? id[i] / 3 * 3 + 1 : id[i];
			again = false;
			for (unsigned j = 0; j < i; j++)
				again = again || id[j] == id[i];
		}
		add_cell(id[i],
			e->spread ? -15.0 * i / 7
			: i < 7   ? 0
				  : -15,
			e->one_delay ? 0 : (unsigned)(draw() % 201), 200 * uniform() - 100);
	}
	add_noise_at(30);
	s = scan();
	for (unsigned i = 0; i < 8; i++)
		found += has(s, id[i]);
	*others = s->count - found;
	return found;
}

static const struct eight eights[] = { { false, false, false }, { true, false, false },
	{ false, true, false }, { true, true, false }, { true, false, true } };

static void test_eight_of_a_network(void **state)
{
	for (unsigned i = 0; i < ARRAY_LEN(eights); i += 2) {
		unsigned others;

		assert_int_equal(eight(i, &eights[i], &others), 8);
		assert_int_equal(others, 0);
	}
}

static void full_eight(unsigned captures)
{
	for (size_t i = 0; i < ARRAY_LEN(eights); i++) {
		unsigned found = 0, others = 0;

		for (unsigned n = 0; n < captures; n++) {
			unsigned more;

			found += eight(n, &eights[i], &more);
			others += more;
		}
		printf("eight cells, kind %zu: %u of %u found, %u others\n", i, found, 8 * captures, others);
		fflush(stdout);
	}
}

static void full(void)
{
	for (double snr = -9; snr < 0; snr += 3) {
		for (double over = -20; over < 40; over += 10) {
			unsigned found = 0, without = 0;

			for (unsigned n = 0; n < 10; n++) {
				unsigned id = (unsigned)(draw() % 1008);

				for (unsigned with = 0; with < 2; with++) {
					seed = n * 7919;
					silence();
					add_cell(id, 0, 100 * n, 500.0 * n);
					add_noise_at(snr);
					for (unsigned i = 0; with && i < 1 + n % 4; i++)
						add_tone(i ? (uniform() - 0.5) * rate_hz : 0, over);
					*(with ? &found : &without) +=
						scan()->count == 1 && scan()->cell[0].cell.n_cell_id == id;
				}
			}
			printf("%3.0f dB, tones at %+3.0f dB: %u of 10, without %u\n", snr, over, found,
				without);
			fflush(stdout);
		}
	}
}

static void assert_near(float is, double should, double within)
{
	if (!(fabs((double)is - should) <= within))
		fail_msg("%.3f is not %.3f", (double)is, should);
}

/*
 * Each block of a burst: which are sent, and their RSRP, RSRQ and SINR. Of a block's symbols 127, 240, 223
 * and 240 subcarriers are not empty.
 */
static void test_strengths(void **state)
{
	double rsrp_db = 10 * log10(1.0 / FFT), noise = 0.1, rsrq = 20 / (207.5 + 240 * noise);
	const struct phy_ssb_strengths *b;
	const struct phy_scan *found;

	(void)state;
	silence();
	sent = 0x17;
	add_cell(33, 0, 0, 0);
	sent = 1;
	weaken(8, 0.5f);
	add_noise_at(10);
	found = scan();
	assert_int_equal(found->count, 1);
	b = &found->cell[0].blocks;
	assert_int_equal(b->count, 4);
	for (unsigned i = 0; i < b->count; i++) {
		bool weak = b->block[i].index == 1;

		assert_int_equal(b->block[i].index, i < 3 ? i : 4);
		assert_int_equal(b->block[i].count, 3);
		assert_near(b->block[i].rsrp_db, rsrp_db - (weak ? 6 : 0), 0.5);
		assert_near(b->block[i].sinr_db, weak ? 4 : 10, 0.7);
		if (!weak)
			assert_near(b->block[i].rsrq_db, 10 * log10(rsrq), 0.3);
	}
}

/* Two cells on one frequency, one behind the other: each is the other's interference. */
static void test_strengths_of_two(void **state)
{
	const struct phy_scan *found;
	double rsrp_db = 10 * log10(1.0 / FFT);

	(void)state;
	silence();
	add_cell(33, 0, 0, 0);
	add_cell(70, -6, 10, 40);
	add_noise_at(20);
	found = scan();
	assert_int_equal(found->count, 2);
	for (unsigned i = 0; i < 2; i++) {
		const struct phy_scan_cell *c = &found->cell[i];

		assert_int_equal(c->cell.n_cell_id, i == 0 ? 33 : 70);
		assert_int_equal(c->blocks.count, 1);
		assert_near(c->blocks.block[0].rsrp_db, rsrp_db - 6 * i, i == 0 ? 0.5 : 1.5);
		assert_near(c->blocks.block[0].sinr_db, i == 0 ? 6 : -6, 2.5);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tones),
		cmocka_unit_test(test_cell_among_tones),
		cmocka_unit_test(test_tones_are_no_cell),
		cmocka_unit_test(test_two_together),
		cmocka_unit_test(test_eight_together),
		cmocka_unit_test(test_eight_of_a_network),
		cmocka_unit_test(test_strengths),
		cmocka_unit_test(test_strengths_of_two),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full_eight(10);
		full();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
