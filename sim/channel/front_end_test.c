/* Each fault of a radio against what its definition says of a tone. */
#include "base/test.h"

#include <complex.h>
#include <math.h>

#include "sim/channel/front_end.h"
#include "sim/channel/internal.h"

enum { LEN = 1 << 16 };

static struct phy_cf in[LEN], out[LEN + LEN / 500 + 2];
static const struct front_end_config exact = {
	.rate_hz = 1e6, .phase_noise_dbc_hz = -INFINITY, .dc_db = -INFINITY, .clip_db = INFINITY, .seed = 7
};

/* A tone of so many turns a sample through it; how many samples come out. */
static size_t tone(const struct front_end_config *c, double turns, double size)
{
	struct front_end *f = front_end_new(c);
	size_t n;

	assert_non_null(f);
	for (unsigned i = 0; i < LEN; i++)
		in[i] = (struct phy_cf){ (float)(size * cos(2 * M_PI * turns * i)),
			(float)(size * sin(2 * M_PI * turns * i)) };
	n = front_end_run(f, out, in, LEN);
	front_end_free(f);
	return n;
}

/* What is in the output at a frequency, over n samples, past the beginning. */
static double complex line(double turns, size_t n)
{
	double complex sum = 0;

	for (size_t i = 100; i < n; i++)
		sum += (out[i].re + I * out[i].im) * cexp(-2 * I * M_PI * turns * (double)i);
	return sum / (double)(n - 100);
}

static void test_exact(void **state)
{
	assert_int_equal(tone(&exact, 0.0373, 1), LEN);
	for (unsigned i = CHANNEL_LATENCY; i < LEN; i++)
		assert_true(hypot(out[i].re - in[i - CHANNEL_LATENCY].re,
				    out[i].im - in[i - CHANNEL_LATENCY].im) < 1e-6);
}

/* The image of a tone: |1 - g exp(j phi)| over |1 + g exp(j phi)|. */
static void test_branches(void **state)
{
	struct front_end_config c = exact;
	double complex q;

	c.iq_gain_db = 0.5;
	c.iq_phase_deg = 3;
	q = pow(10, 0.5 / 20) * cexp(I * 3 * M_PI / 180);
	assert_int_equal(tone(&c, 0.125, 1), LEN);
	assert_true(fabs(cabs(line(-0.125, LEN) / line(0.125, LEN)) - cabs((1 - q) / (1 + q))) < 1e-4);
}

static void test_leak(void **state)
{
	struct front_end_config c = exact;

	c.dc_db = -30;
	tone(&c, 0.125, 1);
	assert_true(fabs(20 * log10(cabs(line(0, LEN))) + 30) < 0.05);
}

static void test_clipping(void **state)
{
	struct front_end_config c = exact;

	c.clip_db = 3;
	tone(&c, 0.0625, 2);
	for (unsigned i = 100; i < LEN; i++)
		assert_true(fabs(hypot(out[i].re, out[i].im) - pow(10, 3.0 / 20)) < 1e-5);
	tone(&c, 0.0625, 1);
	for (unsigned i = 100; i < LEN; i++)
		assert_true(fabs(hypot(out[i].re, out[i].im) - 1) < 2e-3);
}

/* A clock too fast sees a tone too low, and more samples. */
static void test_clock(void **state)
{
	static const double ppm[] = { 1000, 50, -50, -1000 };

	for (size_t t = 0; t < ARRAY_LEN(ppm); t++) {
		struct front_end_config c = exact;
		double want = 0.3 / (1 + ppm[t] * 1e-6), worst = 0;
		double complex first;
		size_t n;

		c.clock_ppm = ppm[t];
		n = tone(&c, 0.3, 1);
		assert_true(fabs((double)n - LEN * (1 + ppm[t] * 1e-6)) < 2);
		assert_true(n <= front_end_room(LEN));
		first = out[100].re + I * out[100].im;
		for (size_t i = 100; i < n; i++) {
			double complex d = first * cexp(2 * I * M_PI * want * (double)(i - 100)) - out[i].re -
					   I * out[i].im;

			worst = cabs(d) > worst ? cabs(d) : worst;
		}
		assert_true(worst < 3e-3);
	}
}

/* The phase of a constant: its variance, and how it forgets. */
static void test_phase_noise(void **state)
{
	struct front_end_config c = exact;
	double variance = 0, later = 0, want;
	unsigned lag = 16;

	c.phase_noise_dbc_hz = -60;
	c.phase_noise_corner_hz = 5000;
	want = M_PI * 5000 * 1e-6;
	tone(&c, 0, 1);
	for (unsigned i = 100; i + lag < LEN; i++) {
		double a = carg(out[i].re + I * out[i].im), b = carg(out[i + lag].re + I * out[i + lag].im);

		variance += a * a / (LEN - 100 - lag);
		later += a * b / (LEN - 100 - lag);
	}
	assert_true(fabs(variance / want - 1) < 0.1);
	assert_true(fabs(later / variance - exp(-2 * M_PI * 5000 * lag / 1e6)) < 0.04);
}

static void test_same(void **state)
{
	static struct phy_cf again[LEN + LEN / 500 + 2];
	struct front_end_config c = { 1e6, -70, 2000, 1, 5, -20, 1, 33, 5 };
	size_t n = tone(&c, 0.21, 1), have = 0;
	struct front_end *f = front_end_new(&c);

	for (unsigned at = 0, part = 1; at < LEN; at += part, part = part * 5 % 1009 + 1) {
		part = part < LEN - at ? part : LEN - at;
		have += front_end_run(f, again + have, in + at, part);
	}
	front_end_free(f);
	assert_int_equal(have, n);
	assert_memory_equal(again, out, n * sizeof(out[0]));
	c.seed++;
	tone(&c, 0.21, 1);
	assert_memory_not_equal(again, out, n * sizeof(out[0]));
}

static void test_refused(void **state)
{
	static const double bad[] = { NAN, 1e300, -1e300 };
	struct front_end_config c;

	for (size_t t = 0; t < ARRAY_LEN(bad); t++) {
		double *const at[] = { &c.rate_hz, &c.phase_noise_dbc_hz, &c.phase_noise_corner_hz,
			&c.iq_gain_db, &c.iq_phase_deg, &c.dc_db, &c.clip_db, &c.clock_ppm };

		for (size_t field = 0; field < ARRAY_LEN(at); field++) {
			c = exact;
			c.phase_noise_dbc_hz = -90;
			c.phase_noise_corner_hz = 1000;
			*at[field] = bad[t];
			assert_null(front_end_new(&c));
		}
	}
	c = exact;
	c.phase_noise_dbc_hz = -30;
	c.phase_noise_corner_hz = 1e5; /* more than a radian */
	assert_null(front_end_new(&c));
	front_end_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_branches),
		cmocka_unit_test(test_leak),
		cmocka_unit_test(test_clipping),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_phase_noise),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
