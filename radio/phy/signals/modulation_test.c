/* Points against the formulas of 38.211 5.1, soft bits against exact max-log in double. --bench times them.
 */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/signals/modulation.h"

enum { COUNT = 500 };

static struct kern kern;
static uint64_t seed = 7;

static uint32_t number(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33);
}

/* The formulas as they stand; b from the first bit on. */
static struct phy_cf formula(enum phy_modulation m, const uint8_t *b, size_t i)
{
	double s[10] = { 0 }, re, im;

	for (unsigned k = 0; k < (m < PHY_QPSK ? 1 : 2 * (m - PHY_QPSK + 1)); k++)
		s[k] = 1 - 2 * b[k];
	switch (m) {
	case PHY_PI2_BPSK:
		re = (i % 2 ? -s[0] : s[0]) / sqrt(2), im = s[0] / sqrt(2);
		break;
	case PHY_BPSK:
		re = im = s[0] / sqrt(2);
		break;
	case PHY_QPSK:
		re = s[0] / sqrt(2), im = s[1] / sqrt(2);
		break;
	case PHY_16QAM:
		re = s[0] * (2 - s[2]) / sqrt(10), im = s[1] * (2 - s[3]) / sqrt(10);
		break;
	case PHY_64QAM:
		re = s[0] * (4 - s[2] * (2 - s[4])) / sqrt(42),
		im = s[1] * (4 - s[3] * (2 - s[5])) / sqrt(42);
		break;
	case PHY_256QAM:
		re = s[0] * (8 - s[2] * (4 - s[4] * (2 - s[6]))) / sqrt(170);
		im = s[1] * (8 - s[3] * (4 - s[5] * (2 - s[7]))) / sqrt(170);
		break;
	default:
		re = s[0] * (16 - s[2] * (8 - s[4] * (4 - s[6] * (2 - s[8])))) / sqrt(682);
		im = s[1] * (16 - s[3] * (8 - s[5] * (4 - s[7] * (2 - s[9])))) / sqrt(682);
	}
	return (struct phy_cf){ (float)re, (float)im };
}

static void test_map(void **state)
{
	static struct phy_constellation c;
	static uint8_t bits[COUNT * 10], packed[COUNT * 10 / 8];
	static struct phy_cf a[COUNT], b[COUNT];

	for (unsigned m = 0; m < PHY_MODULATIONS; m++) {
		assert_true(phy_constellation_init(&c, m));
		memset(packed, 0, sizeof(packed));
		for (unsigned i = 0; i < COUNT * c.bits; i++) {
			bits[i] = number() & 1;
			packed[i / 8] |= (uint8_t)(bits[i] << (7 - i % 8));
		}
		phy_map(&c, a, bits, COUNT);
		phy_map_packed(&kern, &c, b, packed, COUNT);
		assert_memory_equal(a, b, sizeof(a));
		for (unsigned i = 0; i < COUNT; i++) {
			struct phy_cf want = formula(m, bits + i * c.bits, i);

			assert_true(fabsf(a[i].re - want.re) < 1e-6f && fabsf(a[i].im - want.im) < 1e-6f);
		}
	}
	assert_false(phy_constellation_init(&c, PHY_MODULATIONS));
}

/* All levels and lengths map alike. */
static void test_levels(void **state)
{
	static struct phy_constellation c;
	static uint8_t bits[COUNT];
	static struct phy_cf a[COUNT], b[COUNT];

	for (unsigned i = 0; i < COUNT; i++)
		bits[i] = (uint8_t)number();
	for (unsigned m = 0; m < PHY_MODULATIONS; m++) {
		assert_true(phy_constellation_init(&c, m));
		for (unsigned n = 1; n < 70; n++) {
			struct kern k;

			kern_init(&k, KERN_REFERENCE);
			phy_map_packed(&k, &c, a, bits, n);
			for (enum kern_level level = KERN_AVX2; level < KERN_LEVELS; level++) {
				kern_init(&k, level);
				memset(b, 0, sizeof(b));
				phy_map_packed(&k, &c, b, bits, n);
				assert_memory_equal(a, b, n * sizeof(a[0]));
				assert_true(b[n].re == 0 && b[n].im == 0);
			}
		}
	}
}

/* What is no number gives any LLRs; what is infinite, certain ones. */
static void test_not_numbers(void **state)
{
	static const float odd[] = { NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-45f, 0 };
	struct phy_cf y[64];
	float noise[64];
	int8_t llr[64 * 10];

	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		struct kern k;

		kern_init(&k, level);
		for (unsigned i = 0; i < 64; i++) {
			y[i] = (struct phy_cf){ odd[i % 7], odd[i / 7 % 7] };
			noise[i] = odd[i * 5 % 7];
		}
		for (unsigned m = 0; m < PHY_MODULATIONS; m++)
			phy_demap(&k, m, llr, y, noise, 64);
		y[0] = (struct phy_cf){ 3e38f, -3e38f };
		noise[0] = 1;
		phy_demap(&k, PHY_256QAM, llr, y, noise, 1);
		assert_true(llr[0] == 127 && llr[1] == -127 && llr[2] == -127 && llr[3] == -127);
	}
}

static double distance(struct phy_cf a, struct phy_cf b)
{
	return ((double)a.re - b.re) * ((double)a.re - b.re) + ((double)a.im - b.im) * ((double)a.im - b.im);
}

/* Within half a step and the rounding of floats of the exact value. */
static void test_demap(void **state)
{
	static struct phy_cf y[COUNT];
	static float noise[COUNT];
	static int8_t llr[COUNT * 10];

	for (unsigned m = 0; m < PHY_MODULATIONS; m++) {
		unsigned bits = m < PHY_QPSK ? 1 : 2 * (m - PHY_QPSK + 1);

		for (unsigned i = 0; i < COUNT; i++) {
			y[i].re = (float)(number() % 30001) / 10000 - 1.5f;
			y[i].im = (float)(number() % 30001) / 10000 - 1.5f;
			noise[i] = powf(10, (float)(number() % 300) / -100);
		}
		phy_demap(&kern, m, llr, y, noise, COUNT);
		for (unsigned i = 0; i < COUNT * bits; i++) {
			double least[2] = { 1e9, 1e9 }, want;

			for (unsigned v = 0; v < 1u << bits; v++) {
				uint8_t b[10];
				double d;

				for (unsigned k = 0; k < bits; k++)
					b[k] = v >> (bits - 1 - k) & 1;
				d = distance(y[i / bits], formula(m, b, i / bits));
				least[b[i % bits]] = fmin(least[b[i % bits]], d);
			}
			want = PHY_LLR_PER_UNIT * (least[1] - least[0]) / noise[i / bits];
			assert_true(fabs(fmax(-127, fmin(127, want)) - llr[i]) < 0.51);
		}
	}
}

/* 37,000 symbols: microseconds to map, billions of LLRs a second; the best of many, at each level. */
static void bench(void)
{
	enum { SYMBOLS = 37000 };
	static struct phy_constellation c;
	static uint8_t data[SYMBOLS * 10 / 8];
	static struct phy_cf y[SYMBOLS];
	static float noise[SYMBOLS];
	static int8_t llr[SYMBOLS * 10];

	for (unsigned i = 0; i < SYMBOLS; i++)
		noise[i] = 0.01f;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)number();
	printf("%-10s %-6s %12s %12s   of %d symbols\n", "level", "bits", "us to map", "G LLR/s", SYMBOLS);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		for (enum phy_modulation m = PHY_QPSK; m < PHY_MODULATIONS; m++) {
			double best[2] = { INFINITY, INFINITY };

			if (!phy_constellation_init(&c, m))
				fail();
			for (unsigned t = 0; t < 40; t++) {
				clock_t start = clock(), middle, end;

				for (unsigned i = 0; i < 10; i++)
					phy_map_packed(&kern, &c, y, data, SYMBOLS);
				middle = clock();
				for (unsigned i = 0; i < 10; i++)
					phy_demap(&kern, m, llr, y, noise, SYMBOLS);
				end = clock();
				best[0] = fmin(best[0], (double)(middle - start) / CLOCKS_PER_SEC / 10);
				best[1] = fmin(best[1], (double)(end - middle) / CLOCKS_PER_SEC / 10);
			}
			printf("%-10s %-6u %12.2f %12.2f\n", kern_level_name(level), c.bits, best[0] * 1e6,
				SYMBOLS * c.bits / best[1] / 1e9);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_demap),
		cmocka_unit_test(test_not_numbers),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
