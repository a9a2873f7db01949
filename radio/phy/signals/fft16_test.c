/*
 * The transform in 16 bits against that in floats: its SNR for noise of any size, tones and the hardest
 * blocks, and the same bits at every level. --bench times it.
 */
#include "radio/phy/phy_test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/signals/fft16.h"

static struct kern kern;
static struct phy_ci16 in[PHY_FFT_MAX], out[PHY_FFT_MAX], work[PHY_FFT_MAX];
static struct phy_cf exact_in[PHY_FFT_MAX], exact[PHY_FFT_MAX], exact_work[PHY_FFT_MAX];
static double scale; /* of the last transform */

static const unsigned sizes[] = { 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144,
	8192, 12288, 65536 };

static int16_t normal(double sigma)
{
	return (int16_t)fmax(-32768, fmin(32767, rint(sigma * gaussian())));
}

static void noise(unsigned n, double sigma)
{
	for (unsigned i = 0; i < n; i++)
		in[i] = (struct phy_ci16){ normal(sigma), normal(sigma) };
}

/* dB of the transform of what stands in in. */
static double snr(unsigned n, bool inverse)
{
	double signal = 0, error = 1e-9;
	struct phy_fft16 f;
	struct phy_fft g;

	assert_true(phy_fft16_init(&f, n, inverse) && phy_fft_init(&g, n, inverse));
	for (unsigned i = 0; i < n; i++)
		exact_in[i] = (struct phy_cf){ in[i].re, in[i].im };
	scale = ldexp(1, phy_fft16_run(&f, &kern, out, in, work));
	phy_fft_run(&g, &kern, exact, exact_in, exact_work);
	for (unsigned i = 0; i < n; i++) {
		double re = exact[i].re - scale * out[i].re, im = exact[i].im - scale * out[i].im;

		signal += (double)exact[i].re * exact[i].re + (double)exact[i].im * exact[i].im;
		error += re * re + im * im;
	}
	phy_fft16_fini(&f);
	phy_fft_fini(&g);
	return 10 * log10(signal / error);
}

static void test_noise(void **state)
{
	static const double sigmas[] = { 40, 1024, 2000, 4096, 8192, 11000, 16384 };

	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		for (size_t i = 0; i < ARRAY_LEN(sigmas); i++) {
			double db;

			noise(sizes[t], sigmas[i]);
			db = snr(sizes[t], i % 2);
			if (db < (sizes[t] > 8192 ? 58 : 60))
				fail_msg("%u samples of rms %.0f: %.1f dB", sizes[t], sigmas[i], db);
		}
	}
}

/* A tone of full scale, a constant, squares of the extremes: sums that grow as much as sums can. */
static void test_hard(void **state)
{
	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		unsigned n = sizes[t];

		for (unsigned i = 0; i < n; i++) {
			double a = 2 * M_PI * 5 * i / n;

			in[i] = (struct phy_ci16){ (int16_t)lrint(32767 * cos(a)),
				(int16_t)lrint(32767 * sin(a)) };
		}
		assert_true(snr(n, false) > 60 && snr(n, true) > 60);
		for (unsigned i = 0; i < n; i++)
			in[i] = (struct phy_ci16){ INT16_MIN, INT16_MIN };
		assert_true(snr(n, false) > 60);
		for (unsigned i = 0; i < n; i++)
			in[i] = (struct phy_ci16){ i & 4 ? INT16_MIN : 32767, i & 8 ? 32767 : INT16_MIN };
		assert_true(snr(n, true) > 60);
		memset(in, 0, sizeof(in));
		in[n / 3].im = INT16_MIN;
		assert_true(snr(n, false) > 60);
		in[n / 3].im = 0;
		(void)snr(n, false);
		for (unsigned i = 0; i < n; i++)
			assert_true(out[i].re == 0 && out[i].im == 0);
	}
}

/* Rounding leaves no constant behind: the outputs of many blocks of noise have the mean 0 in bin 0. */
static void test_bias(void **state)
{
	double sum = 0;
	enum { BLOCKS = 400 };

	for (unsigned b = 0; b < BLOCKS; b++) {
		noise(512, 4000);
		(void)snr(512, false);
		sum += out[0].re - exact[0].re / scale;
	}
	assert_true(fabs(sum / BLOCKS) < 0.5);
}

static void test_levels(void **state)
{
	static struct phy_ci16 want[PHY_FFT_MAX];

	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		struct phy_fft16 f;
		int exponent;

		noise(sizes[t], 9000);
		assert_true(phy_fft16_init(&f, sizes[t], t % 2));
		kern_init(&kern, KERN_REFERENCE);
		exponent = phy_fft16_run(&f, &kern, want, in, work);
		for (enum kern_level level = KERN_AVX2; level < KERN_LEVELS; level++) {
			kern_init(&kern, level);
			assert_int_equal(phy_fft16_run(&f, &kern, out, in, work), exponent);
			assert_memory_equal(want, out, sizes[t] * sizeof(out[0]));
		}
		phy_fft16_fini(&f);
	}
}

static void test_sizes(void **state)
{
	static const unsigned bad[] = { 0, 1, 32, 63, 80, 100, 576, 9216, 98304, 131072 };
	struct phy_fft16 f;

	for (size_t t = 0; t < ARRAY_LEN(bad); t++)
		assert_false(phy_fft16_init(&f, bad[t], false));
}

/* The best of many runs, in microseconds, at each level; and the SNR of noise of rms 8192. */
static void bench(void)
{
	printf("%-8s", "samples");
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++)
		printf(" %12s", kern_level_name(level));
	printf("   us a transform of 16 bits   SNR dB\n");
	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		struct phy_fft16 f;

		noise(sizes[t], 8192);
		if (!phy_fft16_init(&f, sizes[t], false))
			fail();
		printf("%-8u", sizes[t]);
		for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
			double best = INFINITY;

			kern_init(&kern, level);
			for (unsigned again = 0; again < 20; again++) {
				unsigned runs = 100000 / sizes[t];
				clock_t start = clock();

				for (unsigned i = 0; i < runs; i++)
					(void)phy_fft16_run(&f, &kern, out, in, work);
				best = fmin(best, (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / runs);
			}
			printf(" %12.2f", best);
		}
		printf(" %35.1f\n", snr(sizes[t], false));
		phy_fft16_fini(&f);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_hard),
		cmocka_unit_test(test_bias),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_sizes),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
