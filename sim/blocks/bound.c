#include "sim/blocks/bound.h"

#include <math.h>

/* Noise is summed over in even steps out to 8.5 sigma: for smooth functions that is exact to about 1e-12. */
static const double z_max = 8.5, z_step = 0.05;

/* An axis of m equidistant levels of this mean power, in noise of variance 1. */
static struct bound_channel axis(unsigned m, double power)
{
	double first = 0, second = 0, d = sqrt(12 * power / ((double)m * m - 1));

	/* the levels below zero stand for those above it */
	for (unsigned x = 0; x < m / 2; x++) {
		for (double z = -z_max; z <= z_max; z += z_step) {
			double weight = z_step * exp(-z * z / 2) / sqrt(2 * M_PI) / (m / 2.0), sum = 0, i;

			for (unsigned y = 0; y < m; y++) {
				double apart = d * ((double)x - (double)y);

				sum += exp(-apart * (apart / 2 + z));
			}
			i = log2(m / sum);
			first += weight * i;
			second += weight * i * i;
		}
	}
	return (struct bound_channel){ first, fmax(0, second - first * first) };
}

bool bound_channel(struct bound_channel *c, enum phy_modulation modulation, double snr_db)
{
	static const uint8_t bits[PHY_MODULATIONS] = { 1, 1, 2, 4, 6, 8, 10 };
	double snr;

	if ((unsigned)modulation >= PHY_MODULATIONS || !(fabs(snr_db) <= 100))
		return false;
	snr = pow(10, snr_db / 10);
	if (bits[modulation] == 1) { /* all power in one axis, half the noise */
		*c = axis(2, 2 * snr);
		return true;
	}
	*c = axis(1u << bits[modulation] / 2, snr);
	c->capacity *= 2;
	c->dispersion *= 2;
	return true;
}

double bound_error(const struct bound_channel *c, double symbols, double bits)
{
	double over = symbols * c->capacity - bits + 0.5 * log2(symbols);
	double deviation = sqrt(symbols * c->dispersion);

	if (deviation < 1e-9)
		return over > 0 ? 0 : 1;
	return 0.5 * erfc(over / deviation * M_SQRT1_2);
}

double bound_snr_db(enum phy_modulation modulation, double symbols, double bits, double error)
{
	double low = -60, high = 60;
	struct bound_channel c;

	for (unsigned i = 0; i < 40; i++) {
		double middle = (low + high) / 2;

		if (bound_channel(&c, modulation, middle) && bound_error(&c, symbols, bits) > error)
			low = middle;
		else
			high = middle;
	}
	return high;
}
