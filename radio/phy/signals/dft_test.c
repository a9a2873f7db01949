/* The transform of DFT-s-OFDM against the sum it stands for, in doubles, of every size. */
#include "radio/phy/phy_test.h"

#include "radio/phy/signals/low_papr2.h"

static struct phy_dfts *dfts;
static struct phy_cf in[PHY_DFT_MAX], out[PHY_DFT_MAX], back[PHY_DFT_MAX], work[PHY_DFT_MAX];

static void sum_at(unsigned n, unsigned k, double *re, double *im)
{
	*re = *im = 0;
	for (unsigned i = 0; i < n; i++) {
		double a = -2 * M_PI * ((uint64_t)i * k % n) / n;

		*re += in[i].re * cos(a) - in[i].im * sin(a);
		*im += in[i].re * sin(a) + in[i].im * cos(a);
	}
	*re /= sqrt(n);
	*im /= sqrt(n);
}

static void test_sizes(void **state)
{
	unsigned sizes = 0;

	for (unsigned n = 6; n <= PHY_DFT_MAX; n += 6) {
		if (!phy_dft_legal(n))
			continue;
		sizes += n % 12 == 0;
		for (unsigned i = 0; i < n; i++)
			in[i] = gaussian_cf();
		phy_dft_run(dfts, n, false, out, in, work);
		for (unsigned j = 0; j < 12; j++) {
			unsigned k = (unsigned)(draw() % n);
			double re, im;

			sum_at(n, k, &re, &im);
			assert_float_equal(out[k].re, re, 1e-5);
			assert_float_equal(out[k].im, im, 1e-5);
		}
		phy_dft_run(dfts, n, true, back, out, work);
		for (unsigned i = 0; i < n; i++) {
			assert_float_equal(back[i].re, in[i].re, 1e-5);
			assert_float_equal(back[i].im, in[i].im, 1e-5);
		}
	}
	/* the numbers 2^a 3^b 5^c up to 270 */
	assert_int_equal(sizes, 53);
}

static void test_illegal(void **state)
{
	static const unsigned none[] = { 0, 1, 3, 7, 12 * 7, 12 * 14, 12 * 271, 12 * 275, 3300, 6 * 541 };

	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(phy_dft_legal(none[i]));
	assert_true(phy_dft_legal(3240));
}

/* Type 2 sequences have the power of their pi/2-BPSK, and back in time the angles of 5.1.1 and 5.2.3.2. */
static void test_low_papr2(void **state)
{
	static const unsigned lengths[] = { 6, 12, 18, 24, 30, 36, 1620 };
	static struct phy_cf scratch[2 * PHY_DFT_MAX];

	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		unsigned m = lengths[i], differ = 0;

		for (unsigned u = 0; u < 30; u++) {
			phy_low_papr2(dfts, m, u, 1000 + u, out, scratch);
			phy_dft_run(dfts, m, true, back, out, work);
			for (unsigned n = 0; n < m; n++) {
				/* eighths of pi; pi/2-BPSK: odd ones of quarters, alternating between two
				 * axes */
				double a = atan2(back[n].im, back[n].re) * 8 / M_PI;

				assert_float_equal(hypot(back[n].re, back[n].im), 1, 1e-4);
				assert_float_equal(a, rint(a), 1e-3);
				if (m > 6)
					assert_int_equal(((int)rint(a) + 16) % 8, n % 2 ? 6 : 2);
				differ += n > 0 && fabs(back[n].re - back[0].re) > 0.1;
			}
		}
		assert_true(differ > m * 30 / 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_illegal),
		cmocka_unit_test(test_low_papr2),
	};
	int failed;

	dfts = phy_dfts_new();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_dfts_free(dfts);
	return failed;
}
