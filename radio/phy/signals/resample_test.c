#include <math.h>

#include "base/test.h"
#include "radio/phy/signals/resample.h"

enum { IN = 8192, OUT = 2048 };

static struct phy_cf in[IN], out[OUT];
static struct kern kern;

static void tone(double turns_a_sample)
{
	for (unsigned i = 0; i < IN; i++) {
		double a = 2 * M_PI * fmod(turns_a_sample * i, 1);

		in[i] = (struct phy_cf){ (float)cos(a), (float)sin(a) };
	}
}

/* The largest difference to the tone that should come out, `wanted` turns an output sample and one at time 0.
 */
static double error_of(double wanted, double start_turns, unsigned n)
{
	double worst = 0;

	for (unsigned i = 0; i < n; i++) {
		double a = 2 * M_PI * fmod(start_turns + wanted * i, 1);
		double e = hypot(out[i].re - cos(a), out[i].im - sin(a));

		worst = e > worst ? e : worst;
	}
	return worst;
}

/* Tones within the band keep amplitude and phase at any rates, shifts and fractions; what would fold back is
 * gone. */
static void test_tones(void **state)
{
	static const double rates[][2] = { { 30.72e6, 7.68e6 }, { 20e6, 7.68e6 }, { 7.68e6, 15.36e6 },
		{ 50e6, 30.72e6 }, { 122.88e6, 7.68e6 }, { 11.52e6, 11.52e6 } };

	for (size_t r = 0; r < ARRAY_LEN(rates); r++) {
		double low = rates[r][0] < rates[r][1] ? rates[r][0] : rates[r][1];
		struct phy_recording rec = { in, IN, rates[r][0] };
		unsigned n = (unsigned)(3000 * rates[r][1] / rates[r][0]);
		struct phy_resampler resampler;

		n = n < OUT ? n : OUT;
		assert_true(phy_resampler_init(&resampler, rates[r][0], rates[r][1]));
		for (int i = -4; i <= 4; i++) {
			double f = 0.115 * i * low, shift = -0.03 * rates[r][0], start = 2500.3;

			tone((f + shift) / rates[r][0]);
			phy_resample(&resampler, &kern, &rec, shift, start, out, n);
			assert_true(error_of(f / rates[r][1], f / rates[r][0] * start, n) < 2e-3);
		}
		if (rates[r][0] > 1.5 * rates[r][1]) {
			tone(0.54 * rates[r][1] / rates[r][0]);
			phy_resample(&resampler, &kern, &rec, 0, 2500.3, out, n);
			for (unsigned i = 0; i < n; i++)
				assert_true(hypotf(out[i].re, out[i].im) < 2e-3f);
		}
		phy_resampler_fini(&resampler);
	}
}

/* Before and behind the recording there is silence, and nothing else is read. */
static void test_edges(void **state)
{
	struct phy_cf *few = calloc(10, sizeof(*few));
	struct phy_recording rec = { few, 10, 1e6 };
	struct phy_resampler resampler;

	assert_non_null(few);
	for (unsigned i = 0; i < 10; i++)
		few[i].re = 1;
	assert_true(phy_resampler_init(&resampler, 1e6, 1e6));
	phy_resample(&resampler, &kern, &rec, 0, -1000.5, out, 900);
	for (unsigned i = 0; i < 900; i++)
		assert_true(out[i].re == 0 && out[i].im == 0);
	phy_resample(&resampler, &kern, &rec, 1e5, -100, out, 300);
	assert_true(hypotf(out[105].re, out[105].im) > 0.5f);
	phy_resample(&resampler, &kern, &rec, 0, 1e6, out, 100);
	assert_true(out[50].re == 0);
	for (unsigned v = 0; v < 5; v++) {
		static const double far[] = { NAN, INFINITY, -INFINITY, 1e300, -9.3e18 };

		out[99].re = 1;
		phy_resample(&resampler, &kern, &rec, 0, far[v], out, 100);
		assert_true(out[99].re == 0);
	}
	phy_resampler_fini(&resampler);
	free(few);
}

static void test_refusals(void **state)
{
	struct phy_resampler r;

	assert_false(phy_resampler_init(&r, 0, 1e6));
	assert_false(phy_resampler_init(&r, 1e6, -1));
	assert_false(phy_resampler_init(&r, NAN, 1e6));
	assert_false(phy_resampler_init(&r, 1e6, INFINITY));
	assert_false(phy_resampler_init(&r, 1e9, 1e6));
	assert_false(phy_resampler_init(&r, 1e6, 1e9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tones),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_refusals),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
