/*
 * The channel against theory: power, delay spread, Doppler, noise, offsets; the same samples for the same
 * seed.
 * --full [millions]: tails of the noise to 5 sigma. --bench: samples a second.
 */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "sim/channel/internal.h"

enum { LEN = 1 << 16 };

static struct phy_cf in[LEN], out[LEN];
static const struct channel_config plain = {
	.rate_hz = 30.72e6, .snr_db = INFINITY, .signal_power = 1, .seed = 1
};

/* White, of mean power 1. */
static void white(void)
{
	uint64_t seed = 99;

	for (unsigned i = 0; i < LEN; i++) {
		uint64_t r = channel_random(&seed);

		in[i].re = r & 1 ? 0.70710678f : -0.70710678f;
		in[i].im = r & 2 ? 0.70710678f : -0.70710678f;
	}
}

static double power(const struct phy_cf *x, unsigned n)
{
	double sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += (double)x[i].re * x[i].re + (double)x[i].im * x[i].im;
	return sum / n;
}

/* From one antenna to one. */
static void run(struct channel *ch, struct phy_cf *to, const struct phy_cf *from, size_t n)
{
	channel_run(ch, &to, &from, n);
}

static void once(const struct channel_config *c)
{
	struct channel *ch = channel_new(c);

	assert_non_null(ch);
	run(ch, out, in, LEN);
	channel_free(ch);
}

/* Nothing but the latency; then whole and fractional delays of a tone at 0.4 of the rate. */
static void test_delay(void **state)
{
	static const double delays[] = { 0, 5, 0.37, 0.5, 1234.9, -1 };
	struct channel_config c = plain;

	white();
	once(&c);
	assert_memory_equal(out + CHANNEL_LATENCY, in, (LEN - CHANNEL_LATENCY) * sizeof(in[0]));
	for (unsigned i = 0; i < LEN; i++)
		in[i] = (struct phy_cf){ (float)cos(0.8 * M_PI * i), (float)sin(0.8 * M_PI * i) };
	for (size_t t = 0; t < ARRAY_LEN(delays); t++) {
		c.delay_samples = delays[t];
		once(&c);
		for (unsigned i = 2000; i < LEN; i += 77) {
			double a = 0.8 * M_PI * (i - CHANNEL_LATENCY - delays[t]);

			assert_true(hypot(out[i].re - cos(a), out[i].im - sin(a)) < 2e-3);
		}
	}
}

static void test_cfo(void **state)
{
	struct channel_config c = plain;

	for (unsigned i = 0; i < LEN; i++)
		in[i] = (struct phy_cf){ 1, 0 };
	c.cfo_hz = -12345.678;
	once(&c);
	for (unsigned i = 100; i < LEN; i++) {
		double a = 2 * M_PI * c.cfo_hz / c.rate_hz * i;

		assert_true(hypot(out[i].re - cos(a), out[i].im - sin(a)) < 1e-4);
	}
}

/* Mean power of a profile over seeds, at rest and moving. */
static void test_power(void **state)
{
	for (unsigned profile = CHANNEL_AWGN; profile < CHANNEL_PROFILES; profile++) {
		struct channel_config c = plain;
		double sum[2] = { 0 };

		c.profile = profile;
		c.delay_spread_ns = channel_is_scaled(profile) ? 300 : 0;
		c.speed_kmh = profile >= CHANNEL_TRAIN_OPEN ? 350 : 0;
		white();
		for (c.seed = 0; c.seed < 80; c.seed++) {
			struct channel *ch;

			c.doppler_hz = c.seed % 2 ? 10000 : 0; /* a slot sees many periods */
			ch = channel_new(&c);
			assert_non_null(ch);
			run(ch, out, in, 8192);
			run(ch, out, in + 8192, 8192);
			channel_free(ch);
			sum[c.seed % 2] += power(out, 8192) / 40;
		}
		assert_true(fabs(sum[0] - 1) < 0.25);
		assert_true(fabs(sum[1] - 1) < (channel_paths_of(profile)->clusters ? 0.25 : 0.12));
	}
}

/* rms delay spread of a profile's table, in its unit. */
static double table_spread(const struct channel_paths *tdl)
{
	double p = 0, first = 0, second = 0;

	for (unsigned i = 0; i < tdl->count; i++) {
		double w = pow(10, tdl->taps[i].power_db / 10), d = tdl->taps[i].delay;

		p += w;
		first += w * d;
		second += w * d * d;
	}
	return sqrt(second / p - first / p * (first / p));
}

/* The tables: normalized ones have a spread of 1, those of 38.104 the one they are called after. */
static void test_tables(void **state)
{
	static const double ns[] = { 30, 100, 300 };

	for (unsigned p = CHANNEL_TDL_A; p <= CHANNEL_TDL_E; p++)
		assert_true(fabs(table_spread(channel_paths_of(p)) - 1) < 0.03);
	for (unsigned p = CHANNEL_TDLA30; p <= CHANNEL_TDLC300; p++)
		assert_true(fabs(table_spread(channel_paths_of(p)) / ns[p - CHANNEL_TDLA30] - 1) < 0.1);
	assert_null(channel_paths_of(CHANNEL_PROFILES));
}

/* The spread of impulse responses, averaged over seeds, is the configured one. */
static void test_delay_spread(void **state)
{
	struct channel_config c = plain;
	double p = 0, first = 0, second = 0, spread;

	c.profile = CHANNEL_TDL_C;
	c.delay_spread_ns = 400;
	memset(in, 0, sizeof(in));
	in[0].re = 1;
	for (c.seed = 0; c.seed < 600; c.seed++) {
		struct channel *ch = channel_new(&c);

		assert_non_null(ch);
		run(ch, out, in, 400);
		channel_free(ch);
		for (unsigned i = 0; i < 400; i++) {
			double w = power(out + i, 1), d = (i - (double)CHANNEL_LATENCY) / c.rate_hz * 1e9;

			p += w;
			first += w * d;
			second += w * d * d;
		}
	}
	spread = sqrt(second / p - first / p * (first / p));
	assert_true(fabs(p / 600 - 1) < 0.08);
	assert_true(fabs(spread / 400 - 1) < 0.06);
}

enum { GAINS = 40000, EVERY = 100 };

/* Gains of a flat channel, one in EVERY samples: delay spread 0. */
static void flat_gains(struct phy_cf *g, enum channel_profile profile, double doppler_hz, double rate_hz)
{
	struct channel_config c = plain;
	struct channel *ch;

	c.profile = profile;
	c.rate_hz = rate_hz;
	c.doppler_hz = doppler_hz;
	ch = channel_new(&c);
	assert_non_null(ch);
	for (unsigned i = 0; i < EVERY; i++)
		in[i] = (struct phy_cf){ 1, 0 };
	for (unsigned i = 0; i < GAINS; i++) {
		run(ch, out, in, EVERY);
		g[i] = out[EVERY - 1];
	}
	channel_free(ch);
}

static void correlate(const struct phy_cf *g, unsigned lag, double *re, double *im)
{
	*re = *im = 0;
	for (unsigned i = 0; i + lag < GAINS; i++) {
		*re += ((double)g[i + lag].re * g[i].re + (double)g[i + lag].im * g[i].im) / (GAINS - lag);
		*im += ((double)g[i + lag].im * g[i].re - (double)g[i + lag].re * g[i].im) / (GAINS - lag);
	}
}

/* Rayleigh: J_0(2 pi f_D tau), and powers as of a normal variable. */
static void test_jakes(void **state)
{
	static struct phy_cf g[GAINS];
	double re, im, fourth = 0;

	flat_gains(g, CHANNEL_TDL_A, 45, 1e5);
	for (unsigned lag = 0; lag < 60; lag++) { /* ms */
		correlate(g, lag, &re, &im);
		assert_true(fabs(re - j0(2 * M_PI * 45 * lag * 1e-3)) < 0.08 && fabs(im) < 0.08);
	}
	for (unsigned i = 0; i < GAINS; i++)
		fourth += power(g + i, 1) * power(g + i, 1) / GAINS;
	assert_true(fabs(fourth - 2) < 0.25);
}

/* Line of sight: K/(K+1) exp(j 2 pi 0.7 f_D tau) + J_0 / (K+1); K over all taps from the table's powers. */
static void test_rice(void **state)
{
	static struct phy_cf g[GAINS];
	const struct channel_paths *tdl = channel_paths_of(CHANNEL_TDL_D);
	double total = 0, los = pow(10, tdl->taps[0].power_db / 10);

	for (unsigned i = 0; i < tdl->count; i++)
		total += pow(10, tdl->taps[i].power_db / 10);
	los /= total;
	assert_true(los > 0.85 && los < 0.95);
	flat_gains(g, CHANNEL_TDL_D, 45, 1e5);
	for (unsigned lag = 0; lag < 60; lag++) {
		double a = 2 * M_PI * 0.7 * 45 * lag * 1e-3, j = (1 - los) * j0(a / 0.7), re, im;

		correlate(g, lag, &re, &im);
		assert_true(fabs(re - los * cos(a) - j) < 0.03 && fabs(im - los * sin(a)) < 0.03);
	}
}

/* Its power, and that it is none of the signal's. */
static void test_snr(void **state)
{
	struct channel_config c = plain;
	double cross = 0;

	white();
	c.snr_db = 7;
	c.signal_power = 0.25;
	once(&c);
	for (unsigned i = CHANNEL_LATENCY; i < LEN; i++) {
		struct phy_cf x = in[i - CHANNEL_LATENCY];

		out[i].re -= x.re;
		out[i].im -= x.im;
		cross += ((double)out[i].re * x.re + (double)out[i].im * x.im) / LEN;
	}
	assert_true(fabs(power(out + CHANNEL_LATENCY, LEN - CHANNEL_LATENCY) / (0.25 * pow(10, -0.7)) - 1) <
		    0.02);
	assert_true(fabs(cross) < 0.005);
}

/* Counts beyond k sigma against erfc, within five standard deviations of the count; and correlations. */
static void tails(unsigned blocks, unsigned k_max)
{
	static float re[CHANNEL_GRID], im[CHANNEL_GRID];
	struct channel_noise g;
	double n = 2.0 * blocks * CHANNEL_GRID, beyond[6] = { 0 }, mean = 0, square = 0, cross = 0, next = 0;

	channel_noise_init(&g, 5);
	for (unsigned b = 0; b < blocks; b++) {
		channel_noise_next(&g, re, im);
		for (unsigned i = 0; i < CHANNEL_GRID; i++) {
			mean += re[i] + im[i];
			square += re[i] * re[i] + im[i] * im[i];
			cross += re[i] * im[i];
			next += i > 0 ? re[i] * re[i - 1] + im[i] * im[i - 1] : 0;
			for (unsigned k = 1; k <= k_max; k++)
				beyond[k] += (fabsf(re[i]) > k) + (fabsf(im[i]) > k);
		}
	}
	assert_true(fabs(mean) < 5 * sqrt(n) && fabs(square - n) < 5 * sqrt(2 * n));
	assert_true(fabs(cross) < 5 * sqrt(n / 2) && fabs(next) < 5 * sqrt(n));
	for (unsigned k = 1; k <= k_max; k++) {
		double want = n * erfc(k / M_SQRT2);

		if (fabs(beyond[k] - want) > 5 * sqrt(want))
			fail_msg("%.0f values beyond %u sigma, %.1f expected", beyond[k], k, want);
	}
}

static void test_noise(void **state)
{
	tails(8000, 4);
}

/* However the stream is cut, and in place; another seed gives another channel. */
static void test_same(void **state)
{
	static struct phy_cf again[LEN];
	struct channel_config c = plain;
	struct channel *ch;

	c.profile = CHANNEL_TDL_E;
	c.delay_spread_ns = 100;
	c.doppler_hz = 900;
	c.cfo_hz = 777;
	c.snr_db = 10;
	c.delay_samples = 3.3;
	white();
	once(&c);
	ch = channel_new(&c);
	memcpy(again, in, sizeof(in));
	for (unsigned at = 0, n = 1; at < LEN; at += n, n = n * 5 % 1009 + 1) {
		n = n < LEN - at ? n : LEN - at;
		run(ch, again + at, again + at, n);
	}
	channel_free(ch);
	assert_memory_equal(out, again, sizeof(out));
	c.seed++;
	once(&c);
	assert_memory_not_equal(out, again, sizeof(out));
}

static void test_refused(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY, 1e300 };
	struct channel_config c = plain;

	for (size_t field = 0; field < 8; field++) {
		for (size_t t = 0; t < ARRAY_LEN(bad); t++) {
			double *const at[] = { &c.rate_hz, &c.delay_spread_ns, &c.doppler_hz, &c.cfo_hz,
				&c.delay_samples, &c.snr_db, &c.signal_power, &c.speed_kmh };

			c = plain;
			c.profile = CHANNEL_TDL_A;
			*at[field] = bad[t];
			if (field != 5 || bad[t] != INFINITY)
				assert_null(channel_new(&c));
		}
	}
	c = plain;
	c.delay_spread_ns = 10; /* AWGN has none */
	assert_null(channel_new(&c));
	c = plain;
	c.profile = CHANNEL_PROFILES;
	assert_null(channel_new(&c));
	c = plain;
	c.profile = CHANNEL_TDL_E;
	c.delay_spread_ns = 1e6; /* longer than what is kept */
	c.rate_hz = 1e9;
	assert_null(channel_new(&c));
	c = plain;
	c.delay_samples = -CHANNEL_LATENCY - 0.1;
	assert_null(channel_new(&c));
	channel_free(NULL);
}

/* Samples that are no numbers come out so, and pass. */
static void test_nan(void **state)
{
	struct channel_config c = plain;

	c.profile = CHANNEL_TDLC300;
	c.doppler_hz = 100;
	white();
	in[5].re = NAN;
	in[6].im = INFINITY;
	in[7].re = 3e38f;
	once(&c);
	assert_true(isnan(out[5 + CHANNEL_LATENCY].re));
	assert_true(isfinite(out[LEN - 1].re));
}

static void bench(void)
{
	static const char *const names[] = { "AWGN", "TDL-A", "TDL-B", "TDL-C", "TDL-D", "TDL-E", "TDLA30",
		"TDLB100", "TDLC300", "CDL-A", "CDL-B", "CDL-C", "CDL-D", "CDL-E", "train 1", "train 3" };

	white();
	for (unsigned p = 0; p < CHANNEL_PROFILES; p++) {
		struct channel_config c = plain;
		double best = INFINITY;
		struct channel *ch;

		c.profile = p;
		c.rate_hz = 61.44e6;
		c.delay_spread_ns = channel_is_scaled(p) ? 100 : 0;
		c.speed_kmh = p >= CHANNEL_TRAIN_OPEN ? 350 : 0;
		c.doppler_hz = 100;
		c.snr_db = 20;
		ch = channel_new(&c);
		assert_non_null(ch);
		for (unsigned t = 0; t < 10; t++) {
			clock_t start = clock();
			double s;

			for (unsigned i = 0; i < 4; i++)
				run(ch, out, in, LEN);
			s = (double)(clock() - start) / CLOCKS_PER_SEC;
			best = s < best ? s : best;
		}
		channel_free(ch);
		printf("%-8s %6.1f M samples/s\n", names[p], 4 * LEN / best / 1e6);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_cfo),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_delay_spread),
		cmocka_unit_test(test_jakes),
		cmocka_unit_test(test_rice),
		cmocka_unit_test(test_snr),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nan),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--full") == 0)
		tails((argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 200) * 1000000 / (2 * CHANNEL_GRID),
			5);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
