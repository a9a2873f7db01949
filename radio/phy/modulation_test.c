/* Points against the formulas of 38.211 5.1, soft bits against exact max-log in double. */
#include "base/test.h"

#include <math.h>

#include "radio/phy/modulation.h"

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
	double s[8] = { 0 }, re, im;

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
	default:
		re = s[0] * (8 - s[2] * (4 - s[4] * (2 - s[6]))) / sqrt(170);
		im = s[1] * (8 - s[3] * (4 - s[5] * (2 - s[7]))) / sqrt(170);
	}
	return (struct phy_cf){ (float)re, (float)im };
}

static void test_map(void **state)
{
	static struct phy_constellation c;
	static uint8_t bits[COUNT * 8], packed[COUNT];
	static struct phy_cf a[COUNT], b[COUNT];

	for (unsigned m = 0; m < PHY_MODULATIONS; m++) {
		assert_true(phy_constellation_init(&c, m));
		memset(packed, 0, sizeof(packed));
		for (unsigned i = 0; i < COUNT * c.bits; i++) {
			bits[i] = number() & 1;
			packed[i / 8] |= (uint8_t)(bits[i] << (7 - i % 8));
		}
		phy_map(&c, a, bits, COUNT);
		phy_map_packed(&c, b, packed, COUNT);
		assert_memory_equal(a, b, sizeof(a));
		for (unsigned i = 0; i < COUNT; i++) {
			struct phy_cf want = formula(m, bits + i * c.bits, i);

			assert_true(fabsf(a[i].re - want.re) < 1e-6f && fabsf(a[i].im - want.im) < 1e-6f);
		}
	}
	assert_false(phy_constellation_init(&c, PHY_MODULATIONS));
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
	static int8_t llr[COUNT * 8];

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
				uint8_t b[8];
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_demap),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
