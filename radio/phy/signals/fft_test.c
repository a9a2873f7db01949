/* The transform against the sum that defines it, in double, and there and back. --bench times it. */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/signals/fft.h"

static struct kern kern;
static struct phy_cf in[PHY_FFT_MAX], out[PHY_FFT_MAX], work[PHY_FFT_MAX], back[PHY_FFT_MAX];
static double cosine[PHY_FFT_MAX];

static const unsigned sizes[] = { 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144,
	8192, 12288, 65536 };

static void noise(unsigned n)
{
	uint32_t seed = n;

	for (unsigned i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		in[i].re = (float)(int32_t)seed / 2147483648.0f;
		seed = seed * 1664525 + 1013904223;
		in[i].im = (float)(int32_t)seed / 2147483648.0f;
	}
}

static void one(unsigned n, bool inverse)
{
	struct phy_fft f;
	unsigned stride = n > 1024 ? n / 128 + 1 : 1; /* of the sum, some outputs are enough */

	assert_true(phy_fft_init(&f, n, inverse));
	phy_fft_run(&f, &kern, out, in, work);
	for (unsigned i = 0; i < n; i++)
		cosine[i] = cos(2 * M_PI * i / n);
	for (unsigned k = 0; k < n; k += stride) {
		double re = 0, im = 0;

		for (unsigned i = 0; i < n; i++) {
			unsigned at = (unsigned)((uint64_t)i * k % n);
			double c = cosine[at], s = (inverse ? 1 : -1) * cosine[(at + 3 * n / 4) % n];

			re += in[i].re * c - in[i].im * s;
			im += in[i].re * s + in[i].im * c;
		}
		assert_true(fabs(out[k].re - re) + fabs(out[k].im - im) < 2e-6 * sqrt(n) * log2(n));
	}
	phy_fft_fini(&f);
}

static void test_sum(void **state)
{
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
			noise(sizes[t]);
			one(sizes[t], false);
			one(sizes[t], true);
		}
	}
}

static void test_there_and_back(void **state)
{
	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		struct phy_fft there, again;
		unsigned n = sizes[t];

		noise(n);
		assert_true(phy_fft_init(&there, n, false) && phy_fft_init(&again, n, true));
		phy_fft_run(&there, &kern, out, in, work);
		phy_fft_run(&again, &kern, back, out, work);
		for (unsigned i = 0; i < n; i++)
			assert_true(
				fabsf(back[i].re / n - in[i].re) + fabsf(back[i].im / n - in[i].im) < 4e-6f);
		phy_fft_fini(&there);
		phy_fft_fini(&again);
	}
}

static void test_sizes(void **state)
{
	static const unsigned bad[] = { 0, 1, 4, 32, 63, 80, 100, 576, 9216, 98304, 131072 };
	struct phy_fft f;

	for (size_t t = 0; t < ARRAY_LEN(bad); t++)
		assert_false(phy_fft_init(&f, bad[t], false));
}

/* The best of many runs, in microseconds, at each level. */
static void bench(void)
{
	printf("%-8s", "samples");
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++)
		printf(" %12s", kern_level_name(level));
	printf("   us a transform of floats\n");
	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		struct phy_fft f;

		noise(sizes[t]);
		if (!phy_fft_init(&f, sizes[t], false))
			fail();
		printf("%-8u", sizes[t]);
		for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
			double best = INFINITY;

			kern_init(&kern, level);
			for (unsigned again = 0; again < 20; again++) {
				unsigned runs = 200000 / sizes[t];
				clock_t start = clock();
				double us;

				for (unsigned i = 0; i < runs; i++)
					phy_fft_run(&f, &kern, out, in, work);
				us = (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / runs;
				best = us < best ? us : best;
			}
			printf(" %12.2f", best);
		}
		printf("\n");
		phy_fft_fini(&f);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sum),
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_sizes),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
