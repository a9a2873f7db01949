/*
 * PRACH as the clauses have it: sequences by sums of exponentials, samples by the formula of 5.3.2 at single
 * times, restricted sets by what they are for (windows of no two shifts may meet, whatever the Doppler
 * shift), occasions by their lasting no longer than they may; what cannot be has a name.
 */
#include "radio/phy/phy_test.h"

#include <complex.h>
#include <stdlib.h>

#include "radio/phy/prach/prach.h"

static struct kern kern;

/* A legal configuration. */
static void draw_plan(struct phy_prach *p)
{
	static const uint16_t lengths[] = { 139, 571, 1151 };
	enum phy_prach_error e = PHY_PRACH_ERRORS;

	while (e != PHY_PRACH_OK) {
		struct phy_prach_config c = { .format = (enum phy_prach_format)below(PHY_PRACH_FORMATS) };

		c.l_ra = c.format <= PHY_PRACH_3 ? 839 : lengths[below(3)];
		c.mu = (uint8_t)below(4);
		c.root_index = (uint16_t)below(c.l_ra - 1u);
		c.zone = (uint8_t)below(16);
		c.set = c.format <= PHY_PRACH_3 ? (enum phy_prach_set)below(3) : PHY_PRACH_UNRESTRICTED;
		e = phy_prach_init(p, &c);
	}
}

/* y_(u, v)(k) of 6.3.3.1. */
static double complex plain(unsigned l, unsigned u, unsigned shift, unsigned k)
{
	double complex sum = 0;

	for (uint64_t n = 0; n < l; n++) {
		uint64_t i = (n + shift) % l;

		sum += cexp(-I * M_PI * (double)(u * i * (i + 1) % (2 * l)) / l -
			    2 * M_PI * I * (double)(n * k % l) / l);
	}
	return sum;
}

static void test_sequences(void **state)
{
	for (unsigned turn = 0; turn < 30; turn++) {
		struct phy_cf y[PHY_PRACH_L_MAX];
		struct phy_prach p;
		unsigned v = below(64);

		draw_plan(&p);
		phy_prach_sequence(&p, v, y);
		for (unsigned i = 0; i < 8; i++) {
			unsigned k = i == 0 ? 0 : below(p.config.l_ra);
			double complex want =
				plain(p.config.l_ra, p.roots[p.preambles[v].root].u, p.preambles[v].shift, k);

			assert_true(cabs(y[k].re + I * y[k].im - want) < 2e-3);
		}
	}
}

/* Shifts and what a Doppler shift of up to `turns` spacings makes of them keep windows of N_CS apart. */
static void meet_nowhere(
	unsigned l, unsigned u, unsigned q, unsigned n_cs, int turns, const uint16_t *shifts, unsigned n)
{
	static uint16_t owner[PHY_PRACH_L_MAX];

	memset(owner, 0, sizeof(owner));
	for (unsigned v = 0; v < n; v++) {
		for (int t = -turns; t <= turns; t++) {
			for (unsigned i = 0; i < n_cs; i++) {
				unsigned at = (unsigned)((int)(shifts[v] + i) + t * (int)q + 2 * (int)l) % l;

				if (owner[at])
					fail_msg("u %u, N_CS %u: shift %u of %u meets %u", u, n_cs, v, n,
						owner[at] - 1);
				owner[at] = (uint16_t)(v + 1);
			}
		}
	}
}

static void test_restricted_sets(void **state)
{
	static const uint16_t n_cs[] = { 15, 18, 22, 26, 32, 38, 46, 55, 57, 60, 63, 68, 82, 100, 118, 137,
		173, 237 };
	unsigned sums[2] = { 0, 0 };

	for (unsigned set = PHY_PRACH_TYPE_A; set <= PHY_PRACH_TYPE_B; set++) {
		for (unsigned u = 1; u < 839; u++) {
			unsigned q = 1;

			while (q * u % 839 != 1)
				q++;
			for (size_t i = 0; i < ARRAY_LEN(n_cs); i++) {
				uint16_t shifts[839];
				unsigned n = phy_prach_shifts(
					839, u, n_cs[i], (enum phy_prach_set)set, shifts, 839);

				assert_true(n * n_cs[i] * (set == PHY_PRACH_TYPE_A ? 3 : 5) <= 839);
				meet_nowhere(839, u, q, n_cs[i], (int)set, shifts, n);
				sums[set - PHY_PRACH_TYPE_A] += n;
			}
		}
	}
	print_message("shifts of all roots and zones: type A %u, type B %u\n", sums[0], sums[1]);
	assert_true(sums[0] > 838 * 30 && sums[1] > 838 * 12); /* and they are not few */
}

/* Worked out by hand: format 0 by its silence of 2976 kappa, B4 by N_CS 27 or by its silence of 792. */
static void test_reach(void **state)
{
	static const struct {
		struct phy_prach_config c;
		double trip_us;
	} cases[] = {
		{ { PHY_PRACH_0, 839, 0, 0, 12, PHY_PRACH_UNRESTRICTED }, 2976 / 30.72 },
		{ { PHY_PRACH_0, 839, 0, 0, 1, PHY_PRACH_UNRESTRICTED }, 12 * 800.0 / 839 },
		{ { PHY_PRACH_B4, 139, 1, 0, 12, PHY_PRACH_UNRESTRICTED }, 26 * 1000.0 / 30 / 139 },
		{ { PHY_PRACH_B4, 139, 1, 0, 15, PHY_PRACH_UNRESTRICTED }, 792 / 30.72 / 2 },
		{ { PHY_PRACH_B4, 139, 0, 0, 0, PHY_PRACH_UNRESTRICTED }, 792 / 30.72 },
		{ { PHY_PRACH_A1, 139, 1, 0, 15, PHY_PRACH_UNRESTRICTED }, 144 / 30.72 / 2 },
		{ { PHY_PRACH_A1, 139, 3, 0, 1, PHY_PRACH_UNRESTRICTED }, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double expected = (cases[i].trip_us - 1) * 299.792458 / 2;
		struct phy_prach p;

		assert_int_equal(phy_prach_init(&p, &cases[i].c), PHY_PRACH_OK);
		assert_true(fabs(phy_prach_reach_m(&p) - expected) <= 1);
	}
}

/* The formula of 5.3.2, and its energy. */
static void test_samples(void **state)
{
	static const unsigned sizes[] = { 256, 384, 512, 768, 1024, 1536, 2048, 3072 };
	unsigned tried = 0;

	for (unsigned turn = 0; turn < 400 && tried < 60; turn++) {
		struct phy_prach_place place = { below(4), 0, 0, sizes[below(8)], below(100) / 7.0,
			below(3) * 1024 };
		struct phy_prach_signal *s;
		unsigned prbs, k_bar, v = below(64), l;
		double rate, t_cp, first;
		struct phy_cf *out, y[PHY_PRACH_L_MAX];
		struct phy_prach p;
		size_t n;

		draw_plan(&p);
		l = p.config.l_ra;
		if (!phy_prach_blocks(&p, place.pusch_mu, &prbs, &k_bar))
			continue;
		place.grid_prbs = prbs + below(20);
		place.first_prb = below(place.grid_prbs - prbs + 1);
		s = phy_prach_signal_new(&p, place.pusch_mu, place.fft_size);
		if (!s)
			continue;
		n = phy_prach_samples(&p, &place);
		out = calloc(n, sizeof(*out));
		if (!phy_prach_send(s, &kern, v, &place, out)) {
			free(out);
			phy_prach_signal_free(s);
			continue;
		}
		tried++;
		phy_prach_sequence(&p, v, y);
		rate = place.fft_size * 15e3 * (1 << place.pusch_mu);
		t_cp = (p.prefix_tc + place.extra_tc) / (480e3 * 4096);
		first = 12.0 * (place.first_prb - place.grid_prbs / 2.0) * 15e3 * (1 << place.pusch_mu) /
				p.spacing_hz +
			k_bar;
		for (unsigned i = 0; i < 12; i++) {
			size_t at = i == 0 ? n - 1 : below((unsigned)n);
			double t = ((double)at - place.start) / rate;
			double complex want = 0;

			for (unsigned k = 0; k < l && t >= 0; k++)
				want += (y[k].re + I * y[k].im) *
					cexp(2 * M_PI * I * (k + first) * p.spacing_hz * (t - t_cp)) /
					sqrt(l);
			want /= sqrt(rate / p.spacing_hz);
			if (cabs(out[at].re + I * out[at].im - want) > 2e-4)
				fail_msg("format %u, L %u, sample %zu of %zu: %g away", p.config.format, l,
					at, n, cabs(out[at].re + I * out[at].im - want));
		}
		free(out);
		phy_prach_signal_free(s);
	}
	assert_int_equal(tried, 60);
}

/* The beginning of a symbol of a subframe in T_c. */
static uint32_t symbol_tc(unsigned mu, unsigned symbol)
{
	uint32_t at = 0;

	for (unsigned l = 0; l < symbol; l++)
		at += (uint32_t)((2048 + 144) * 64 >> mu) + (l == 0 || l == 7u << mu ? 16 * 64 : 0);
	return at;
}

/* All rows of all tables, in as many frames as rows repeat. */
static void test_occasions(void **state)
{
	static const unsigned spacings[3][2] = { { 0, 1 }, { 0, 1 }, { 2, 3 } };
	unsigned all = 0;

	for (unsigned i = 0; i < 256 + 263 + 256; i++) {
		unsigned table = i < 256   ? 0
				 : i < 519 ? 1
					   : 2,
			 index = table == 0   ? i
				 : table == 1 ? i - 256
					      : i - 519;
		unsigned mu = spacings[table][i % 2], count = 0;
		enum phy_prach_format format;
		struct phy_prach_config c;
		struct phy_prach p;

		assert_true(phy_prach_row_format((enum phy_prach_table)table, index, &format));
		for (unsigned slot = 0; slot < 16 * (table == 2 ? 40 : 10); slot++) {
			unsigned per_frame = table == 2 ? 40 : 10, start = 0;
			struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
			unsigned n = phy_prach_occasions((enum phy_prach_table)table, index, mu,
				slot / per_frame, slot % per_frame, o);

			count += n;
			for (unsigned j = 0; j < n; j++) {
				unsigned base = table == 2 ? slot % 4 * (14u << (mu - 2)) : 0, end;

				c = (struct phy_prach_config){ .format = o[j].format,
					.l_ra = o[j].format <= PHY_PRACH_3 ? 839 : 139,
					.mu = (uint8_t)mu,
					.zone = o[j].format <= PHY_PRACH_3 ? 1 : 0 };
				assert_int_equal(phy_prach_init(&p, &c), PHY_PRACH_OK);
				assert_true(o[j].start_tc >= start);
				start = o[j].start_tc + p.prefix_tc + o[j].extra_tc +
					p.symbol_tc * p.repetitions;
				if (format <= PHY_PRACH_3) {
					assert_int_equal(o[j].start_tc, symbol_tc(0, o[j].symbol));
					continue;
				}
				assert_int_equal(
					o[j].start_tc, symbol_tc(mu, base + 14u * o[j].slot + o[j].symbol));
				end = symbol_tc(mu, base + 14u * o[j].slot + 14);
				if (start > end)
					fail_msg("table %u row %u: an occasion ends %u T_c behind its slot",
						table, index, start - end);
			}
		}
		assert_true(count > 0);
		all += count;
	}
	print_message("%u occasions\n", all);
}

static void test_refusals(void **state)
{
	static const struct phy_prach_config good = { .format = PHY_PRACH_0, .l_ra = 839, .zone = 1 };
	struct phy_prach_occasion o[PHY_PRACH_OCCASIONS_MAX];
	enum phy_prach_format format;
	struct phy_prach_config c;
	struct phy_prach p;
	unsigned a, b;

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		c = good;                                                                                    \
		__VA_ARGS__;                                                                                 \
		assert_int_equal(phy_prach_init(&p, &c), error);                                             \
	} while (0)
	REFUSED(PHY_PRACH_OK, (void)c);
	REFUSED(PHY_PRACH_FORMAT, c.format = PHY_PRACH_FORMATS);
	REFUSED(PHY_PRACH_LENGTH, c.l_ra = 139);
	REFUSED(PHY_PRACH_LENGTH, c.format = PHY_PRACH_A1);
	REFUSED(PHY_PRACH_SPACING, c.format = PHY_PRACH_A1; c.l_ra = 139; c.mu = 4);
	REFUSED(PHY_PRACH_SPACING, c.format = PHY_PRACH_A1; c.l_ra = 139; c.mu = 7);
	REFUSED(PHY_PRACH_SPACING, c.format = PHY_PRACH_A1; c.l_ra = 571; c.mu = 0);
	REFUSED(PHY_PRACH_ROOT, c.root_index = 838);
	REFUSED(PHY_PRACH_ZONE, c.zone = 16);
	REFUSED(PHY_PRACH_ZONE, c.zone = 15; c.set = PHY_PRACH_TYPE_A);
	REFUSED(PHY_PRACH_RESTRICTED, c.format = PHY_PRACH_B4; c.l_ra = 139; c.set = PHY_PRACH_TYPE_A);
	REFUSED(PHY_PRACH_RESTRICTED, c.set = (enum phy_prach_set)3);
#undef REFUSED
	for (enum phy_prach_error e = PHY_PRACH_OK; e < PHY_PRACH_ERRORS; e++)
		assert_true(strlen(phy_prach_error_text(e)) > 1);
	assert_false(phy_prach_row_format(PHY_PRACH_FR1_PAIRED, 256, &format));
	assert_false(phy_prach_row_format(PHY_PRACH_TABLES, 0, &format));
	assert_int_equal(phy_prach_occasions(PHY_PRACH_FR1_PAIRED, 256, 0, 0, 0, o), 0);
	assert_int_equal(phy_prach_occasions(PHY_PRACH_FR1_PAIRED, 87, 2, 0, 1, o), 0);
	assert_int_equal(phy_prach_init(&p, &good), PHY_PRACH_OK);
	assert_false(phy_prach_blocks(&p, 3, &a, &b));
	assert_null(phy_prach_signal_new(&p, 3, 1024));
	assert_null(phy_prach_signal_new(&p, 0, 1000));
	assert_null(phy_prach_signal_new(&p, 0, 32));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_restricted_sets),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_occasions),
		cmocka_unit_test(test_refusals),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
