/* Each test preamble of Annex A.6 is what a base station finds at the beginning of a frame, and alone. */
#include "radio/phy/waveform/test_preamble.h"

#include <stdlib.h>

#include "radio/phy/phy_test.h"

enum { FFT = 2048 };

static struct kern kern;

static void check(const char *name, unsigned scs_khz, unsigned root, unsigned preamble)
{
	struct phy_waveform_config c = {
		.mu = scs_khz == 30, .prbs = 106, .fft_size = FFT, .amplitude = 0.5f
	};
	const struct phy_test_preamble *t = phy_test_preamble_find(name, scs_khz);
	size_t n = (size_t)FFT * 15 << c.mu;
	struct phy_cf *x = calloc(10 * n, sizeof(*x));
	const struct phy_cf *antennas[] = { x };
	static struct phy_prach_received received;
	struct phy_prach_found found[PHY_PRACH_PREAMBLES];
	struct phy_prach_place place = { c.mu, c.prbs, 0, FFT, 0, 0 };
	struct phy_test_preambles *p;
	struct phy_prach_signal *signal;
	struct phy_prach_detector *detector;
	struct phy_prach plan;

	assert_non_null(t);
	assert_int_equal(t->root, root);
	p = phy_test_preambles_new(t, &c);
	assert_true(p && phy_test_preamble_plan(&plan, t));
	/* two frames: the second is the same */
	for (unsigned i = 0; i < 20; i++)
		phy_test_preambles_run(p, x + i % 10 * n);
	place.extra_tc = phy_prach_extra_tc(&plan, 0);
	signal = phy_prach_signal_new(&plan, c.mu, FFT);
	detector = phy_prach_detector_new(&plan);
	assert_true(signal && detector);
	assert_true(phy_prach_receive(signal, &kern, &place, antennas, 1, &received));
	assert_int_equal(phy_prach_detect(detector, &kern, &received, found), 1);
	assert_int_equal(found[0].preamble, preamble);
	assert_true(found[0].delay_s < 1e-7f);
	assert_true(kern.cf_energy(&x[4 * n].re, n) == 0);
	phy_prach_signal_free(signal);
	phy_prach_detector_free(detector);
	phy_test_preambles_free(p);
	free(x);
}

static void test_found(void **state)
{
	static const char *const shorts[] = { "A1", "A2", "A3", "B4", "C0", "C2", "A2-L", "B4-L", "C2-L" };

	(void)state;
	check("0", 15, 22, 32);
	check("0", 30, 22, 32);
	check("1", 15, 22, 0);
	check("0-A", 15, 384, 0);
	check("0-B", 15, 30, 30);
	for (size_t i = 0; i < ARRAY_LEN(shorts); i++) {
		check(shorts[i], 15, 0, 0);
		check(shorts[i], 30, 0, 0);
	}
}

static void test_refused(void **state)
{
	struct phy_waveform_config c = { .prbs = 5, .fft_size = 128, .amplitude = 1 };

	(void)state;
	assert_null(phy_test_preamble_find("B1", 15));
	assert_null(phy_test_preamble_find("A1", 60));
	assert_null(phy_test_preamble_find("0-L", 15));
	/* a carrier narrower than the occasion's blocks */
	assert_null(phy_test_preambles_new(phy_test_preamble_find("A1", 15), &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_refused),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
