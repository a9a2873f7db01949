/* --full [captures]: how many of so many captures of 40 ms are found, over SNR; and how many cells are seen
 * in noise. */
#include <math.h>

#include "radio/phy/search/band.h"
#include "radio/phy/search/carrier.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/phy_test.h"

enum { SAMPLES_MAX = 2000000, SLOT_MAX = 70000 };

static struct phy_cf samples[SAMPLES_MAX], slot_samples[SLOT_MAX];
static struct phy_cf grid[PHY_PRB_MAX * PHY_SC_PER_PRB * PHY_SYMBOLS_MAX];
static struct phy_pbch pbch;
static struct kern kern;

/* A cell that sends nothing but SS/PBCH blocks. */
struct air {
	enum phy_ssb_case pattern;
	unsigned fft, l_max, n_cell_id, period_half_frames;
	unsigned first_half_frame; /* of the recording */
	uint64_t indices;          /* blocks that are sent */
	uint64_t carrier_hz;
	int shift;            /* subcarriers between the recording's centre and the SSB's */
	double cfo_hz, delay; /* offset of the whole; samples by which the recording begins early, whole */
	double gain;
	bool punctured;
};

static void put_blocks(const struct air *a, const struct phy_grid *g, unsigned half_frame, unsigned slot)
{
	for (unsigned index = 0; index < a->l_max; index++) {
		unsigned first = phy_ssb_first_symbol(a->pattern, index);
		struct phy_pbch_payload p = { { 0x02, 0x34, 0x56 }, (uint16_t)(half_frame / 2 % 1024),
			half_frame % 2, a->l_max < 64, (uint8_t)index };
		struct phy_ssb block;

		if (!(a->indices >> index & 1) || first / g->symbols != slot)
			continue;
		assert_true(phy_ssb_transmit(&pbch, &block, &p, a->l_max, a->n_cell_id, 1));
		if (a->punctured)
			phy_ssb_puncture(&block);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++)
			bytes_copy(phy_grid_at(g, first % g->symbols + l, 0), sizeof(block.re[0]),
				BYTES(block.re[l]));
	}
}

/* Adds `half_frames` of it to samples; the number of samples. A resource element has mean power gain^2 / fft.
 */
static size_t transmit(const struct air *a, unsigned half_frames)
{
	unsigned mu = phy_ssb_mu(a->pattern) > 3 ? 3 : phy_ssb_mu(a->pattern);
	struct phy_ofdm_config config = { mu, false, PHY_SSB_PRB, a->fft, 0, a->carrier_hz };
	struct phy_grid g = { grid, PHY_SSB_PRB, 0, 14 };
	double rate = a->fft * (15000 << mu), shift_hz = a->shift * (15000.0 * (1 << mu)) + a->cfo_hz;
	struct phy_ofdm ofdm;
	size_t at = 0;

	assert_true(phy_ofdm_init(&ofdm, &config));
	for (unsigned h = 0; h < half_frames; h++) {
		for (unsigned slot = 0; slot < 5u << mu; slot++) {
			unsigned half_frame = a->first_half_frame + h, n,
				 in_subframe = slot & ((1 << mu) - 1);

			memset(grid, 0, sizeof(grid));
			if (half_frame % a->period_half_frames == 0 || a->period_half_frames == 1)
				put_blocks(a, &g, half_frame, slot);
			phy_ofdm_modulate(&ofdm, &kern, slot_samples, grid, in_subframe);
			n = phy_ofdm_slot_samples(&ofdm, in_subframe);
			for (unsigned i = 0; i < n; i++, at++) {
				double t = 2 * M_PI * fmod(shift_hz * (double)at / rate, 1);
				struct phy_cf w = { (float)(a->gain * cos(t)), (float)(a->gain * sin(t)) },
					      x = slot_samples[i];
				size_t to = at + (size_t)a->delay;

				assert_true(to < SAMPLES_MAX);
				samples[to].re += x.re * w.re - x.im * w.im;
				samples[to].im += x.re * w.im + x.im * w.re;
			}
		}
	}
	phy_ofdm_fini(&ofdm);
	return at + (size_t)a->delay;
}

static struct phy_cells search_for(enum phy_cell_blocks blocks, size_t n, double rate_hz, double scs_hz,
	unsigned l_max, double low_hz, double high_hz)
{
	struct phy_recording in = { samples, n, rate_hz };
	struct phy_cell_search *s = phy_cell_search_new(rate_hz, scs_hz, n);
	struct phy_cells cells = { 0 };

	assert_non_null(s);
	phy_cell_search_take(s, &kern, &in);
	phy_cell_search_run(s, &kern, low_hz, high_hz, l_max, blocks, &cells);
	phy_cell_search_free(s);
	return cells;
}

static struct phy_cells search(
	size_t n, double rate_hz, double scs_hz, unsigned l_max, double low_hz, double high_hz)
{
	return search_for(PHY_CELL_BLOCKS_WHOLE, n, rate_hz, scs_hz, l_max, low_hz, high_hz);
}

/* Blocks of a channel of 3 MHz with others' traffic beside them are told from whole ones where both may be.
 */
static void test_punctured(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct air a = { PHY_SSB_CASE_A, 512, 4, i * 100, 4, 4, 1, 0, (int)i - 4, 500, 0, 1, i % 2 };
		struct air other = { PHY_SSB_CASE_A, 512, 4, 1007 - i, 4, 4, 1, 0, 96 + (int)i, 500, 300, 1,
			true };
		struct phy_cells cells;
		size_t n;

		memset(samples, 0, sizeof(samples));
		n = transmit(&a, 6);
		if (i % 2)
			(void)transmit(&other, 5);
		add_noise(samples, n, i < 2 ? 1e-6 : 1.0 / 512);
		cells = search_for(PHY_CELL_BLOCKS_ANY, n, 512 * 15e3, 15e3, 8, -60e3, 60e3);
		assert_int_equal(cells.count, 1);
		assert_int_equal(cells.cell[0].n_cell_id, i * 100);
		assert_int_equal(cells.cell[0].punctured, i % 2);
		cells = search_for(PHY_CELL_BLOCKS_PUNCTURED, n, 512 * 15e3, 15e3, 8, -60e3, 60e3);
		assert_int_equal(cells.count, 1);
		assert_true(cells.cell[0].punctured);
	}
}

/* Each pattern, without noise: all that is reported is right. */
static void test_patterns(void **state)
{
	static const struct air airs[] = {
		{ PHY_SSB_CASE_A, 512, 4, 500, 4, 4, 1 << 1, 0, 37, 1234, 77, 1 },
		{ PHY_SSB_CASE_A, 512, 8, 1007, 1, 3, 1 << 6, 0, -60, -700, 0, 1e8 },
		{ PHY_SSB_CASE_B, 512, 4, 0, 4, 2045, 1 << 2, 800000000, 20, 5000, 1000, 1e-9 },
		{ PHY_SSB_CASE_C, 1024, 8, 301, 4, 8, 1 << 7, 3500010000, -121, -5000, 5, 1 },
		{ PHY_SSB_CASE_D, 512, 64, 77, 4, 4, UINT64_C(1) << 61, 28000080000, 3, 20000, 0, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(airs); i++) {
		const struct air *a = &airs[i];
		double scs = 15000 << phy_ssb_mu(a->pattern);
		struct phy_cells cells;
		size_t n;

		memset(samples, 0, sizeof(samples));
		n = transmit(a, 6);
		cells = search(n, a->fft * scs, scs, a->l_max == 64 ? 64 : 8, (a->shift - 4) * scs,
			(a->shift + 4) * scs);
		assert_int_equal(cells.count, 1);
		assert_int_equal(cells.cell[0].n_cell_id, a->n_cell_id);
		assert_int_equal(cells.cell[0].payload.ssb_index, __builtin_ctzll(a->indices));
		assert_true(fabs(cells.cell[0].frequency_hz - a->shift * scs - a->cfo_hz) < 0.01 * scs);
		assert_true(cells.cell[0].snr_db > 25 && isfinite(cells.cell[0].turn_rad));
	}
}

/* A capture of 40 ms at this SNR of a resource element of the SSB and 5 kHz off: was it found, nothing else
 * with it? */
static bool capture(unsigned number, double snr_db, double *cfo_error_hz)
{
	struct air a = { PHY_SSB_CASE_C, 256, 8, 0, 4, 0, 1, 0, 0, 5000, 0, 1 };
	struct phy_cells cells;
	size_t n;

	seed = number * 7919u + 1;
	a.n_cell_id = (unsigned)(draw() % 1008);
	a.first_half_frame = (unsigned)(draw() % 2048);
	a.indices = UINT64_C(1) << draw() % 8;
	a.carrier_hz = (uint64_t)phy_gscn_hz(7711 + (unsigned)(draw() % 340)); /* of n78 */
	a.cfo_hz = draw() & 1 ? 5000 : -5000;
	memset(samples, 0, sizeof(samples));
	n = transmit(&a, 8);
	add_noise(samples, n, pow(10, -snr_db / 10)); /* a resource element has power 1 before and after */
	cells = search(n, 256 * 30e3, 30e3, 8, -1e6, 1e6);
	*cfo_error_hz =
		cells.count ? phy_carrier_fit(&cells.cell[0], (double)a.carrier_hz).cfo_hz - a.cfo_hz : 0;
	return cells.count == 1 && cells.cell[0].n_cell_id == a.n_cell_id &&
	       cells.cell[0].payload.ssb_index == __builtin_ctzll(a.indices);
}

/* A carrier that is not known turns symbols by anything: the error that is told covers the offset that is,
 * and what may be as good is not taken for it. */
static void test_unknown_carrier(void **state)
{
	struct air a = { PHY_SSB_CASE_C, 256, 8, 77, 4, 4, 1, 0, 0, 0, 0, 1 };
	unsigned guessed = 0;

	for (unsigned i = 0; i < 8; i++) {
		struct phy_carrier c;
		struct phy_cells cells;
		size_t n;

		seed = i + 1;
		/* as near to a whole turn a symbol as makes zero a guess, or farther */
		a.carrier_hz = (uint64_t)llround(124870 * 30e3 / (1 + 9.0 / 128)) + 400 * i - 1600;
		a.cfo_hz = 1000.0 * i - 4000;
		memset(samples, 0, sizeof(samples));
		n = transmit(&a, 8);
		add_noise(samples, n, 1);
		cells = search(n, 256 * 30e3, 30e3, 8, -60e3, 60e3);
		assert_int_equal(cells.count, 1);
		c = phy_carrier_fit(&cells.cell[0], 0);
		assert_true(fabs(c.cfo_hz - a.cfo_hz) < 4 * c.cfo_error_hz);
		assert_true(c.cfo_error_hz > 30 && c.cfo_error_hz < 1000);
		guessed += c.others;
	}
	assert_true(guessed > 0);
}

static unsigned noise_captures(unsigned n)
{
	unsigned seen = 0;

	for (unsigned i = 0; i < n; i++) {
		seed = i * 104729u + 5;
		memset(samples, 0, sizeof(samples));
		add_noise(samples, 307200, 1);
		seen += search(307200, 256 * 30e3, 30e3, 8, -1e6, 1e6).count > 0;
	}
	return seen;
}

static void test_sensitivity(void **state)
{
	unsigned found = 0;
	double error;

	for (unsigned i = 0; i < 8; i++)
		found += capture(i, -6, &error);
	print_message("%u of 8 captures found at -6 dB\n", found);
	assert_true(found >= 7);
	assert_int_equal(noise_captures(2), 0);
}

static void full(unsigned captures)
{
	for (double snr = -10; snr < -2.5; snr += 1) {
		unsigned found = 0;
		double squares = 0, error;

		for (unsigned i = 0; i < captures; i++) {
			bool ok = capture(i, snr, &error);

			found += ok;
			squares += ok ? error * error : 0;
		}
		printf("%.0f dB: %u of %u found, frequency off by %.0f Hz rms\n", snr, found, captures,
			sqrt(squares / (found + 1e-9)));
		fflush(stdout);
	}
	printf("noise: cells in %u of %u captures\n", noise_captures(10 * captures), 10 * captures);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_punctured),
		cmocka_unit_test(test_sensitivity),
		cmocka_unit_test(test_unknown_carrier),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	phy_pbch_init(&pbch);
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 100);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
