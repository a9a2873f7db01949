/*
 * The channel estimator against channels that are known: the error of the estimate beside the noise, and
 * offsets. --full: the table over profiles, SNR and bandwidths.
 */
#include <math.h>

#include "radio/phy/receivers/chest.h"
#include "radio/phy/phy_test.h"

enum { PATHS_MAX = 24, RE_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_chest_filters *filters;
static struct phy_chest *chest;
static struct phy_dmrs_work dmrs_work;
static struct phy_cf grid_re[RE_MAX], truth[RE_MAX];
/* Variance 1 in all. */
/* 38.901 Table 7.7.2-3: delays over the rms delay spread, dB. */
static const double tdl_c[PATHS_MAX][2] = { { 0, -4.4 }, { 0.2099, -1.2 }, { 0.2219, -3.5 }, { 0.2329, -5.2 },
	{ 0.2176, -2.5 }, { 0.6366, 0 }, { 0.6448, -2.2 }, { 0.656, -3.9 }, { 0.6584, -7.4 },
	{ 0.7935, -7.1 }, { 0.8213, -10.7 }, { 0.9336, -11.1 }, { 1.2285, -5.1 }, { 1.3083, -6.8 },
	{ 2.1704, -8.7 }, { 2.7105, -13.2 }, { 4.2589, -13.9 }, { 4.6003, -13.9 }, { 5.4902, -15.8 },
	{ 5.6077, -17.1 }, { 6.3065, -16 }, { 6.6374, -15.7 }, { 7.0427, -21.6 }, { 8.6523, -22.8 } };

struct setting {
	unsigned prbs, mu;
	struct phy_dmrs dmrs;
	double spread_s; /* rms, of TDL-C; 0 for one path */
	double offset_s; /* of all delays */
	double cfo_hz;
	double doppler_hz; /* each path has one of its own within */
	double snr_db;
	int other_port; /* one more that sends over the same channel, if above 0 */
};

/* Makes truth: sum of the paths, mean power 1 over many. */
static void make_channel(const struct setting *s)
{
	unsigned width = s->prbs * PHY_SC_PER_PRB, paths = s->spread_s > 0 ? PATHS_MAX : 1;
	double all = 0, df = 15e3 * (1 << s->mu), second = 1 / (14e3 * (1 << s->mu));

	memset(truth, 0, sizeof(truth));
	for (unsigned p = 0; p < paths; p++)
		all += pow(10, tdl_c[p][1] / 10);
	for (unsigned p = 0; p < paths; p++) {
		double delay = tdl_c[p][0] * s->spread_s + s->offset_s, hz;
		double size = sqrt(pow(10, tdl_c[p][1] / 10) / all);
		struct phy_cf g = gaussian_cf();

		if (paths == 1)
			g = (struct phy_cf){ 1, 0 };
		hz = s->cfo_hz + s->doppler_hz * cos(2 * M_PI * uniform());
		for (unsigned l = 0; l < 14; l++) {
			for (unsigned k = 0; k < width; k++) {
				double a = 2 * M_PI * (hz * l * second - delay * df * k);
				struct phy_cf *h = &truth[l * width + k];

				h->re += (float)(size * (g.re * cos(a) - g.im * sin(a)));
				h->im += (float)(size * (g.re * sin(a) + g.im * cos(a)));
			}
		}
	}
}

/* Adds what a port sends to a symbol of the grid. */
static void add_port(const struct setting *s, unsigned port, unsigned slot, unsigned l, bool second)
{
	static struct phy_cf r[PHY_DMRS_PER_PRB_MAX * (PHY_PRB_MAX + 1)];
	struct phy_cf *row = grid_re + l * s->prbs * PHY_SC_PER_PRB;
	struct phy_dmrs dmrs = s->dmrs;
	unsigned n = 0;

	dmrs.port = (uint8_t)port;
	phy_dmrs_symbol(&dmrs_work, &kern, &dmrs, 14, slot, l, second, 0, s->prbs, r);
	for (unsigned k = 0; k < s->prbs * PHY_SC_PER_PRB; k++) {
		if (phy_dmrs_own_mask(&dmrs) >> k % 12 & 1) {
			row[k].re += r[n].re;
			row[k].im += r[n++].im;
		}
	}
}

static void send_dmrs(const struct setting *s, uint16_t symbols, unsigned slot)
{
	unsigned width = s->prbs * PHY_SC_PER_PRB;
	float deviation = (float)pow(10, -s->snr_db / 20);
	bool second = false;

	memset(grid_re, 0, sizeof(grid_re));
	for (unsigned l = 0; l < 14; l++) {
		struct phy_cf *row = grid_re + l * width;

		if (symbols >> l & 1) {
			add_port(s, s->dmrs.port, slot, l, second);
			if (s->other_port > 0)
				add_port(s, (unsigned)s->other_port, slot, l, second);
			second = s->dmrs.double_symbol && !second;
		}
		for (unsigned k = 0; k < width; k++) {
			struct phy_cf x = row[k], h = truth[l * width + k], noise = gaussian_cf();

			row[k].re = x.re * h.re - x.im * h.im + noise.re * deviation;
			row[k].im = x.re * h.im + x.im * h.re + noise.im * deviation;
		}
	}
}

struct outcome {
	double error, worst; /* of all symbols and of the worst one, over the noise of an RE, dB */
	double noise_db;     /* estimated over true */
	struct phy_chest_result last;
};

static double db(double v)
{
	return 10 * log10(v + 1e-30);
}

static struct phy_cf combined[PHY_PRB_MAX * PHY_SC_PER_PRB];

static struct outcome try(const struct setting *s, unsigned slots)
{
	const struct phy_time_domain t = { .l = 14 };
	uint16_t symbols = phy_dmrs_pdsch_symbols(&s->dmrs, &t);
	const struct phy_prb_run band = { 0, (uint16_t)s->prbs };
	const struct phy_chest_layout layout = { &s->dmrs, symbols, (uint8_t)s->mu, false, 0,
		(uint16_t)s->prbs, &band, 1 };
	const struct phy_grid grid = { grid_re, (uint16_t)s->prbs, 0, 14 };
	double n0 = pow(10, -s->snr_db / 10), errors[14] = { 0 }, noise = 0, width = s->prbs * 12;
	struct outcome o = { .error = 0 };

	for (unsigned i = 0; i < slots; i++) {
		make_channel(s);
		send_dmrs(s, symbols, i % 20);
		assert_true(phy_chest_run(chest, &kern, &layout, i % 20, &grid, 1, 0));
		for (unsigned l = 0; l < 14; l++) {
			float n;
			const struct phy_cf *h = phy_chest_symbol(chest, &kern, l, combined, &n);

			for (unsigned k = 0; k < width; k++) {
				double re = h[k].re - truth[l * (unsigned)width + k].re;
				double im = h[k].im - truth[l * (unsigned)width + k].im;

				errors[l] += (re * re + im * im) / (width * slots * n0);
			}
		}
		o.last = *phy_chest_result(chest);
		noise += o.last.noise / (n0 * slots);
	}
	for (unsigned l = 0; l < 14; l++) {
		o.error += errors[l] / 14;
		o.worst = errors[l] > o.worst ? errors[l] : o.worst;
	}
	o.error = db(o.error), o.worst = db(o.worst), o.noise_db = db(noise);
	return o;
}

static const struct phy_dmrs two = {
	.additional = 1, .type_a_position = 2, .groups_without_data = 2, .n_id = { 1, 2 }
};

static void print(const char *name, const struct setting *s, const struct outcome *o)
{
	printf("%-26s %3u PRB %3.0f dB: error %6.2f dB of the noise (worst symbol %6.2f), noise %5.2f dB "
	       "off, cfo "
	       "%7.1f Hz, doppler %6.1f Hz, delay %7.1f ns\n",
		name, s->prbs, s->snr_db, o->error, o->worst, o->noise_db, o->last.cfo_hz, o->last.doppler_hz,
		o->last.delay_s * 1e9);
}

static void full(void)
{
	static const struct {
		const char *name;
		struct setting s;
	} cases[] = {
		{ "flat", { .mu = 1 } },
		{ "flat, 1 us late", { .mu = 1, .offset_s = 1e-6 } },
		{ "flat, 500 Hz", { .mu = 1, .cfo_hz = 500 } },
		{ "TDL-C 30 ns", { .mu = 1, .spread_s = 30e-9 } },
		{ "TDL-C 300 ns", { .mu = 1, .spread_s = 300e-9 } },
		{ "TDL-C 300 ns, 1 us early", { .mu = 1, .spread_s = 300e-9, .offset_s = -1e-6 } },
		{ "TDL-C 300 ns, 100 Hz", { .mu = 1, .spread_s = 300e-9, .doppler_hz = 100 } },
		{ "TDL-C 300 ns, 400 Hz", { .mu = 1, .spread_s = 300e-9, .doppler_hz = 400 } },
		{ "TDL-C 300 ns, 15 kHz", { .mu = 0, .spread_s = 300e-9 } },
	};
	static const unsigned prbs[] = { 273, 106, 24, 12, 8, 4, 1 };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t j = 0; j < ARRAY_LEN(prbs); j++) {
			for (double snr = -5; snr <= 40; snr += 15) {
				struct setting s = cases[i].s;
				struct outcome o;

				s.dmrs = two, s.prbs = prbs[j], s.snr_db = snr, seed = 1;
				o = try(&s, 10);
				print(cases[i].name, &s, &o);
			}
		}
	}
}

/* Within bounds, in dB over the noise of an RE, on the mean of five slots. */
static struct outcome within(struct setting s, double bound_db)
{
	struct outcome o;

	seed = 99;
	o = try(&s, 5);
	if (o.error > bound_db || fabs(o.noise_db) > 1.2) {
		print_message("type %u, %s, port %u beside %d\n", s.dmrs.type2 + 1,
			s.dmrs.double_symbol ? "double" : "single", s.dmrs.port, s.other_port);
		print("not within its bounds:", &s, &o);
	}
	assert_true(o.error <= bound_db);
	assert_true(fabs(o.noise_db) <= 1.2);
	return o;
}

/* Over many slots the mean is below a bound, and only 3 % of the slots are above another. */
static void rarely_poor(struct setting s, double bound_db, double poor_db)
{
	enum { SLOTS = 400 };
	double mean = 0;
	unsigned poor = 0;

	seed = 7;
	for (unsigned i = 0; i < SLOTS; i++) {
		struct outcome o = try(&s, 1);

		mean += pow(10, o.error / 10) / SLOTS;
		poor += o.error > poor_db;
	}
	if (db(mean) > bound_db || poor > SLOTS * 3 / 100)
		print_message("%u PRB: mean %.2f dB, %u of %d slots poor\n", s.prbs, db(mean), poor, SLOTS);
	assert_true(db(mean) <= bound_db);
	assert_true(poor <= SLOTS * 3 / 100);
}

static void test_flat(void **state)
{
	within((struct setting){ .prbs = 273, .mu = 1, .dmrs = two, .snr_db = -5 }, -22);
	within((struct setting){ .prbs = 106, .mu = 1, .dmrs = two, .snr_db = -5 }, -20);
	within((struct setting){ .prbs = 106, .mu = 1, .dmrs = two, .snr_db = 30 }, -16);
	within((struct setting){ .prbs = 24, .mu = 1, .dmrs = two, .snr_db = 10 }, -13);
	within((struct setting){ .prbs = 4, .mu = 1, .dmrs = two, .snr_db = 20 }, -7);
	within((struct setting){ .prbs = 1, .mu = 0, .dmrs = two, .snr_db = 20 }, -3);
}

/* No slot's estimate is far off where the lowest MCS come through. */
static void test_low_snr(void **state)
{
	struct phy_dmrs one = two;

	one.additional = 0;
	rarely_poor((struct setting){ .prbs = 52, .mu = 1, .dmrs = two, .snr_db = -4.5 }, -21, -14);
	rarely_poor((struct setting){ .prbs = 24, .mu = 1, .dmrs = one, .snr_db = -5 }, -15, -10);
	rarely_poor(
		(struct setting){ .prbs = 24, .mu = 1, .dmrs = one, .spread_s = 1e-7, .snr_db = 5 }, -12, -8);
	rarely_poor((struct setting){ .prbs = 6, .mu = 1, .dmrs = two, .snr_db = -5 }, -12.5, -7);
}

/* No floor where 256QAM works, at any timing. */
static void test_long_delays(void **state)
{
	within((struct setting){ .prbs = 106, .mu = 1, .dmrs = two, .spread_s = 300e-9, .snr_db = 30 }, -10);
	within((struct setting){ .prbs = 106,
		       .mu = 1,
		       .dmrs = two,
		       .spread_s = 300e-9,
		       .offset_s = -1e-6,
		       .snr_db = 30 },
		-10);
	within((struct setting){ .prbs = 51, .mu = 1, .dmrs = two, .spread_s = 300e-9, .snr_db = 10 }, -10);
	within((struct setting){ .prbs = 8, .mu = 1, .dmrs = two, .spread_s = 300e-9, .snr_db = 25 }, -5);
	within((struct setting){ .prbs = 273, .mu = 1, .dmrs = two, .spread_s = 100e-9, .snr_db = 35 }, -12);
	within((struct setting){ .prbs = 106,
		       .mu = 1,
		       .dmrs = two,
		       .spread_s = 300e-9,
		       .doppler_hz = 100,
		       .snr_db = 20 },
		-8);
}

static void test_offsets(void **state)
{
	static const double cfos[] = { -900, -100, 0, 333, 1200 },
			    delays_s[] = { -1.5e-6, -2e-7, 0, 5e-7, 2e-6 };

	for (size_t i = 0; i < ARRAY_LEN(cfos); i++) {
		struct outcome o = within((struct setting){ .prbs = 52,
						  .mu = 1,
						  .dmrs = two,
						  .cfo_hz = cfos[i],
						  .offset_s = delays_s[i],
						  .snr_db = 20 },
			-10);

		assert_true(fabs((double)o.last.cfo_hz - cfos[i]) < 10);
		assert_true(fabs((double)o.last.delay_s - delays_s[i]) < 10e-9);
		assert_true(fabs((double)o.last.snr_db - 20) < 1);
	}
}

/* Every port of every kind of DM-RS, beside the next port of its CDM group. */
static void test_ports(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct phy_dmrs d = { .type2 = i % 2,
			.double_symbol = i / 2,
			.additional = 1,
			.type_a_position = 2,
			.groups_without_data = i % 2 ? 3 : 2,
			.n_id = { 7, 8 } };
		unsigned ports = (d.type2 ? 6 : 4) * (d.double_symbol ? 2 : 1);

		for (d.port = 0; d.port < ports; d.port++) {
			within((struct setting){ .prbs = 30,
				       .mu = 1,
				       .dmrs = d,
				       .offset_s = 3e-7,
				       .snr_db = 15,
				       .other_port = d.port ^ 1 },
				-8);
			if (d.double_symbol)
				within((struct setting){ .prbs = 30,
					       .mu = 1,
					       .dmrs = d,
					       .snr_db = 15,
					       .other_port = (int)((d.port + ports / 2) % ports) },
					-8);
		}
	}
}

/* Nothing to find in silence and nonsense. */
static void test_nonsense(void **state)
{
	const struct phy_prb_run band = { 0, 24 };
	const struct phy_chest_layout layout = { &two, 1 << 2 | 1 << 11, 1, false, 0, 24, &band, 1 };
	const struct phy_grid grid = { grid_re, 24, 0, 14 };
	static const float values[] = { 0, NAN, INFINITY, -INFINITY, 3e38f };

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		for (size_t j = 0; j < RE_MAX; j++)
			grid_re[j] = (struct phy_cf){ values[i], values[i] };
		assert_false(phy_chest_run(chest, &kern, &layout, 0, &grid, 1, 0));
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_low_snr),
		cmocka_unit_test(test_long_delays),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_nonsense),
	};
	int failed = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	chest = phy_chest_new(filters, 1);
	(void)phy_dmrs_work_init(&dmrs_work);
	if (argc > 1 && strcmp(argv[1], "--full") == 0)
		full();
	else
		failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_chest_free(chest);
	phy_chest_filters_free(filters);
	return failed;
}
