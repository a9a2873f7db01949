/* Interfering cells: power, one direction each, the same however the stream is cut. */
#include <math.h>
#include <string.h>

#include "base/test.h"
#include "sim/channel/interference.h"

enum { N = 1 << 16, RX = 4 };

static struct phy_cf whole[RX][N], parts[RX][N];

static const struct interference_config usual = { .profile = CHANNEL_TDLA30,
	.rate_hz = 15.36e6,
	.doppler_hz = 10,
	.rx = RX,
	.cells = 1,
	.power = 0.5,
	.seed = 7 };

static void hear(
	const struct interference_config *c, struct phy_cf to[RX][N], const unsigned *cuts, unsigned n)
{
	struct interference *i = interference_new(c);
	size_t at = 0;

	assert_non_null(i);
	memset(to, 0, sizeof(whole));
	for (unsigned k = 0; at < N; k++) {
		size_t some = cuts[k % n] < N - at ? cuts[k % n] : N - at;
		struct phy_cf *out[RX];

		for (unsigned a = 0; a < RX; a++)
			out[a] = to[a] + at;
		interference_add(i, out, some);
		at += some;
	}
	interference_free(i);
}

static double power_of(const struct phy_cf *x)
{
	double sum = 0;

	for (unsigned k = 0; k < N; k++)
		sum += (double)x[k].re * (double)x[k].re + (double)x[k].im * (double)x[k].im;
	return sum / N;
}

static void test_cuts(void **state)
{
	static const unsigned one[] = { N }, odd[] = { 1, 255, 256, 257, 1000, 3, 7777 };
	struct interference_config c = usual;

	c.cells = 3;
	hear(&c, whole, one, 1);
	hear(&c, parts, odd, ARRAY_LEN(odd));
	assert_memory_equal(whole, parts, sizeof(whole));
	c.seed = 8;
	hear(&c, parts, odd, ARRAY_LEN(odd));
	assert_memory_not_equal(whole, parts, sizeof(whole));
}

/* Over many fadings the power is what it should be; all of them together, whatever their number. */
static void test_power(void **state)
{
	static const unsigned one[] = { N };

	for (unsigned cells = 1; cells <= 4; cells += 3) {
		struct interference_config c = usual;
		double sum = 0;

		c.cells = (uint8_t)cells;
		for (c.seed = 0; c.seed < 60; c.seed++) {
			hear(&c, whole, one, 1);
			for (unsigned a = 0; a < RX; a++)
				sum += power_of(whole[a]) / RX / 60;
		}
		assert_true(fabs(sum / 0.5 - 1) < 0.15);
	}
}

/* |sum x y*|^2 over both powers: 1 for the same signal. */
static double alike(const struct phy_cf *x, const struct phy_cf *y)
{
	double re = 0, im = 0;

	for (unsigned k = 0; k < N; k++) {
		re += (double)(x[k].re * y[k].re + x[k].im * y[k].im);
		im += (double)(x[k].im * y[k].re - x[k].re * y[k].im);
	}
	return (re * re + im * im) / N / N / power_of(x) / power_of(y);
}

/* What comes of one cell is alike at all antennas where the channel is flat, as MMSE-IRC needs it; of many
 * not. */
static void test_direction(void **state)
{
	static const unsigned one[] = { N };
	struct interference_config c = usual;

	c.profile = CHANNEL_TDL_A;
	c.delay_spread_ns = 0.1;
	hear(&c, whole, one, 1);
	for (unsigned a = 1; a < RX; a++)
		assert_true(alike(whole[0], whole[a]) > 0.9);
	c.cells = 8;
	hear(&c, whole, one, 1);
	for (unsigned a = 1; a < RX; a++)
		assert_true(alike(whole[0], whole[a]) < 0.5);
}

static void test_refused(void **state)
{
	struct interference_config c = usual;

	c.cells = 0;
	assert_null(interference_new(&c));
	c.cells = INTERFERENCE_CELLS_MAX + 1;
	assert_null(interference_new(&c));
	c = usual;
	c.power = NAN;
	assert_null(interference_new(&c));
	c = usual;
	c.rx = CHANNEL_ANTENNAS_MAX + 1;
	assert_null(interference_new(&c));
	c = usual;
	c.delay_spread_ns = 30; /* which TDLA30 has by itself */
	assert_null(interference_new(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_direction),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
