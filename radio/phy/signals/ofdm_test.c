/* OFDM: there and back for every numerology, samples against the formula of 38.211 5.3.1 and 5.4, lengths.
 * --bench times it. */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/signals/ofdm.h"

static struct kern kern;

static const struct phy_ofdm_config configs[] = {
	{ 0, false, 6, 128, 0, 0 },
	{ 0, false, 25, 512, 0, 2140000000 },
	{ 0, false, 270, 4096, 0, 1842500000 },
	{ 1, false, 275, 4096, 0, 3619200000 },
	{ 1, false, 51, 1024, 6, 3500000005 },
	{ 1, false, 106, 1536, -6, 3489420000 },
	{ 1, false, 217, 3072, 0, 0 },
	{ 2, false, 11, 256, 0, 3700000000 },
	{ 2, true, 24, 512, 0, 3700000000 },
	{ 3, false, 66, 1024, 0, 28000020000 },
	{ 3, false, 264, 6144, 0, 39000000000 },
	{ 4, false, 20, 256, 0, 28000080000 },
	{ 4, false, 20, 384, 0, 0 },
	{ 1, false, 1, 128, 0, 700000000 },
};

static void fill(struct phy_cf *grid, size_t n)
{
	uint32_t seed = (uint32_t)n;

	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		grid[i].re = seed >> 31 ? 0.70710678f : -0.70710678f;
		grid[i].im = seed >> 30 & 1 ? 0.70710678f : -0.70710678f;
	}
}

/* Sample i of symbol l by the formulas: s(t) of 5.3.1, and 5.4 with the mixer's exp(j 2 pi f_0 t) taken off
 * again. */
static void formula(const struct phy_ofdm *o, const struct phy_cf *x, double start, double prefix, unsigned i,
	double *re, double *im)
{
	const struct phy_ofdm_config *c = &o->config;
	double df = 15000.0 * (1 << c->mu), rate = df * c->fft_size, t = i / rate, f0 = (double)c->carrier_hz;
	double turns = fmod(f0 * start / rate, 1) + fmod(f0 * prefix / rate, 1);

	*re = *im = 0;
	for (int k = 0; k < (int)c->prbs * 12; k++) {
		double a = 2 * M_PI * ((k + c->k0 - c->prbs * 12 / 2.0) * df * (t - prefix / rate) - turns);

		*re += (x[k].re * cos(a) - x[k].im * sin(a)) / sqrt(c->fft_size);
		*im += (x[k].re * sin(a) + x[k].im * cos(a)) / sqrt(c->fft_size);
	}
}

static void one_slot(struct phy_ofdm *o, unsigned slot, double start)
{
	size_t used = o->config.prbs * 12, n = used * o->symbols, samples = phy_ofdm_slot_samples(o, slot),
	       at = 0;
	struct phy_cf *grid = malloc(n * sizeof(*grid)), *back = malloc(n * sizeof(*grid));
	struct phy_cf *out = malloc(samples * sizeof(*out)); /* exact sizes, for the sanitizer */

	fill(grid, n);
	phy_ofdm_modulate(o, &kern, out, grid, slot);
	phy_ofdm_demodulate(o, &kern, back, out, slot);
	for (size_t i = 0; i < n; i++)
		assert_true(fabsf(back[i].re - grid[i].re) + fabsf(back[i].im - grid[i].im) < 1e-5f);
	for (unsigned l = 0; l < o->symbols; l++) {
		unsigned prefix = phy_ofdm_prefix(o, slot, l), length = prefix + o->config.fft_size;

		for (unsigned i = 0; i < length; i += length / 3) {
			double re, im;

			formula(o, grid + l * used, start + (double)at, prefix, i, &re, &im);
			assert_true(fabs(out[at + i].re - re) + fabs(out[at + i].im - im) < 1e-4);
		}
		at += length;
	}
	assert_int_equal(at, samples);
	free(grid);
	free(back);
	free(out);
}

static void all_slots(void)
{
	for (size_t t = 0; t < ARRAY_LEN(configs); t++) {
		struct phy_ofdm o;
		unsigned start = 0;

		assert_true(phy_ofdm_init(&o, &configs[t]));
		for (unsigned slot = 0; slot < 1u << configs[t].mu; slot++) {
			one_slot(&o, slot, start);
			start += phy_ofdm_slot_samples(&o, slot);
		}
		assert_int_equal(
			start, configs[t].fft_size * (15u << configs[t].mu)); /* a subframe is 1 ms */
		phy_ofdm_fini(&o);
	}
}

static void test_slots(void **state)
{
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		all_slots();
	}
}

static void test_limits(void **state)
{
	static const struct phy_ofdm_config bad[] = {
		{ 5, false, 6, 128, 0, 0 },
		{ 1, true, 6, 128, 0, 0 },
		{ 1, false, 0, 128, 0, 0 },
		{ 1, false, 276, 4096, 0, 0 },
		{ 1, false, 11, 128, 0, 0 },
		{ 1, false, 10, 192, 0, 0 },
		{ 1, false, 10, 640, 0, 0 },
		{ 1, false, 10, 128, 6, 0 },
		{ 1, false, 10, 256, 0, 1ull << 40 },
	};
	struct phy_ofdm o;

	for (size_t t = 0; t < ARRAY_LEN(bad); t++)
		assert_false(phy_ofdm_init(&o, &bad[t]));
}

/* Microseconds for a slot of 273 PRB, the best of many, at each level. */
static void bench(void)
{
	static const struct phy_ofdm_config config = { 1, false, 273, 4096, 0, 3600000000 };
	static struct phy_cf grid[14 * 3276], out[15 * 4096 * 2];
	struct phy_ofdm o;

	if (!phy_ofdm_init(&o, &config))
		fail();
	fill(grid, ARRAY_LEN(grid));
	printf("%-10s %12s %12s   us a slot of 273 PRB, 4096 samples a symbol\n", "level", "modulate",
		"demodulate");
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		double best[2] = { INFINITY, INFINITY };

		kern_init(&kern, level);
		for (unsigned t = 0; t < 40; t++) {
			clock_t start = clock(), middle, end;

			for (unsigned i = 0; i < 10; i++)
				phy_ofdm_modulate(&o, &kern, out, grid, 1);
			middle = clock();
			for (unsigned i = 0; i < 10; i++)
				phy_ofdm_demodulate(&o, &kern, grid, out, 1);
			end = clock();
			best[0] = fmin(best[0], (double)(middle - start) * 1e5 / CLOCKS_PER_SEC);
			best[1] = fmin(best[1], (double)(end - middle) * 1e5 / CLOCKS_PER_SEC);
		}
		printf("%-10s %12.1f %12.1f\n", kern_level_name(level), best[0], best[1]);
	}
	phy_ofdm_fini(&o);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_limits),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
