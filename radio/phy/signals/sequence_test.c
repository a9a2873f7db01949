/* Sequences against versions that are slow and follow the words of 38.211 5.2. --bench times them. */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/signals/sequence.h"

enum { LEN = 3000, LONG = 300000 };

static struct kern kern;

/* 5.2.1 bit by bit. */
static void gold_slow(uint8_t *c, size_t n, uint32_t c_init)
{
	size_t total = n + 1600 + 31;
	uint8_t *x1 = calloc(total, 1), *x2 = calloc(total, 1);

	x1[0] = 1;
	for (unsigned i = 0; i < 31; i++)
		x2[i] = c_init >> i & 1;
	for (size_t i = 0; i + 31 < total; i++) {
		x1[i + 31] = (x1[i + 3] + x1[i]) % 2;
		x2[i + 31] = (x2[i + 3] + x2[i + 2] + x2[i + 1] + x2[i]) % 2;
	}
	for (size_t i = 0; i < n; i++)
		c[i] = (x1[i + 1600] + x2[i + 1600]) % 2;
	free(x1);
	free(x2);
}

static const uint32_t inits[] = { 0, 1, 0x7fffffff, 0x12345678, 0x55555555, 0x40000000 };

static void test_gold(void **state)
{
	uint8_t want[LEN];
	struct phy_gold g;

	for (size_t t = 0; t < ARRAY_LEN(inits); t++) {
		uint32_t c = 0;

		gold_slow(want, LEN, inits[t]);
		phy_gold_init(&g, inits[t]);
		for (size_t i = 0; i < LEN; i++, c >>= 1) {
			if (i % 32 == 0)
				c = phy_gold_next(&g);
			assert_int_equal(c & 1, want[i]);
		}
	}
}

static void scrambled(size_t n)
{
	uint8_t c[LEN], bits[LEN + 1], packed[LEN / 8 + 2];
	int8_t llr[LEN + 1];

	gold_slow(c, LEN, (uint32_t)n * 77777);
	memset(bits, 1, sizeof(bits));
	memset(packed, 0xa5, sizeof(packed));
	for (size_t i = 0; i <= LEN; i++)
		llr[i] = (int8_t)(i % 255 - 127);
	phy_scramble(bits, n, (uint32_t)n * 77777);
	phy_scramble_packed(&kern, packed, n, (uint32_t)n * 77777);
	phy_descramble_llr(&kern, llr, n, (uint32_t)n * 77777);
	for (size_t i = 0; i < LEN; i++) {
		int turned = i < n ? c[i] : 0, plain = (int)(i % 255) - 127;

		assert_int_equal(bits[i], 1 ^ turned);
		assert_int_equal(packed[i / 8] >> (7 - i % 8) & 1, (0xa5 >> (7 - i % 8) & 1) ^ turned);
		assert_int_equal(llr[i], turned ? -plain : plain);
	}
}

static void test_scramble(void **state)
{
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		for (size_t n = 0; n < 300; n++)
			scrambled(n);
		for (size_t n = LEN - 9; n <= LEN; n++)
			scrambled(n);
	}
}

/* A codeword of a wide carrier: every bit, at each level. */
static void test_long(void **state)
{
	static uint8_t c[LONG], packed[LONG / 8];
	static int8_t llr[LONG];

	gold_slow(c, LONG, 0x2468ace);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		memset(packed, 0, sizeof(packed));
		memset(llr, 5, sizeof(llr));
		phy_scramble_packed(&kern, packed, LONG, 0x2468ace);
		phy_descramble_llr(&kern, llr, LONG, 0x2468ace);
		for (size_t i = 0; i < LONG; i++) {
			if ((packed[i / 8] >> (7 - i % 8) & 1) != c[i] || llr[i] != (c[i] ? -5 : 5))
				fail_msg("bit %zu", i);
		}
	}
}

static void test_placeholders(void **state)
{
	uint8_t bits[] = { 1, PHY_BIT_Y, PHY_BIT_X, PHY_BIT_X, 0, PHY_BIT_Y }, c[6];

	gold_slow(c, 6, 4711);
	phy_scramble(bits, 6, 4711);
	assert_int_equal(bits[0], 1 ^ c[0]);
	assert_int_equal(bits[1], bits[0]);
	assert_int_equal(bits[2], 1);
	assert_int_equal(bits[3], 1);
	assert_int_equal(bits[4], c[4]);
	assert_int_equal(bits[5], bits[4]);
}

/* Magnitude one; two groups are nearly orthogonal; the Zadoff-Chu part has its flat autocorrelation. */
static void test_low_papr(void **state)
{
	static struct phy_cf r[PHY_LOW_PAPR_MAX], other[PHY_LOW_PAPR_MAX];
	static const unsigned sizes[] = { 6, 12, 18, 24, 30, 36, 48, 72, 144, 3240, 3300 };

	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		for (unsigned u = 0; u < 30; u++) {
			double re = 0, im = 0;

			assert_true(phy_low_papr(r, sizes[t], u, 0));
			assert_true(phy_low_papr(other, sizes[t], (u + 1) % 30, sizes[t] >= 72));
			for (unsigned i = 0; i < sizes[t]; i++) {
				assert_true(fabs(hypot(r[i].re, r[i].im) - 1) < 1e-5);
				re += r[i].re * other[i].re + r[i].im * other[i].im;
				im += r[i].im * other[i].re - r[i].re * other[i].im;
			}
			assert_true(hypot(re, im) < 0.95 * sizes[t]);
		}
	}
	assert_false(phy_low_papr(r, 36, 30, 0));
	assert_false(phy_low_papr(r, 36, 0, 1));
	assert_false(phy_low_papr(r, 13, 0, 0));
	assert_false(phy_low_papr(r, 3312, 0, 0));
}

/* 5.2.2.1 with the formulas as they stand, in double. */
static void test_zadoff_chu(void **state)
{
	static const unsigned sizes[][2] = { { 36, 31 }, { 48, 47 }, { 72, 71 }, { 96, 89 }, { 1200, 1193 } };
	struct phy_cf r[1200];

	for (size_t t = 0; t < ARRAY_LEN(sizes); t++) {
		for (unsigned k = 0; k < 60; k++) {
			unsigned u = k / 2, v = k % 2 && sizes[t][0] >= 72, n_zc = sizes[t][1];
			double q_bar = n_zc * (u + 1) / 31.0;
			double q = floor(q_bar + 0.5) + (!v ? 0 : (long)floor(2 * q_bar) % 2 ? -1 : 1);

			assert_true(phy_low_papr(r, sizes[t][0], u, v));
			for (unsigned n = 0; n < sizes[t][0]; n++) {
				double m = n % n_zc, a = -M_PI * q * m * (m + 1) / n_zc;

				assert_true(fabs(r[n].re - cos(a)) < 1e-4 && fabs(r[n].im - sin(a)) < 1e-4);
			}
		}
	}
}

/* Microseconds for LONG bits, the best of many, at each level. */
static void bench(void)
{
	static uint8_t packed[LONG / 8];
	static int8_t llr[LONG];

	printf("%-10s %12s %12s   us for %d bits\n", "level", "scramble", "descramble", LONG);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		double best[2] = { INFINITY, INFINITY };

		kern_init(&kern, level);
		for (unsigned t = 0; t < 40; t++) {
			clock_t start = clock(), middle, end;

			for (unsigned i = 0; i < 20; i++)
				phy_scramble_packed(&kern, packed, LONG, 7);
			middle = clock();
			for (unsigned i = 0; i < 20; i++)
				phy_descramble_llr(&kern, llr, LONG, 7);
			end = clock();
			best[0] = fmin(best[0], (double)(middle - start) * 1e6 / 20 / CLOCKS_PER_SEC);
			best[1] = fmin(best[1], (double)(end - middle) * 1e6 / 20 / CLOCKS_PER_SEC);
		}
		printf("%-10s %12.2f %12.2f\n", kern_level_name(level), best[0], best[1]);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gold),
		cmocka_unit_test(test_scramble),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_low_papr),
		cmocka_unit_test(test_zadoff_chu),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
