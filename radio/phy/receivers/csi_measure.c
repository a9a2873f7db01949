#include "radio/phy/receivers/csi_measure.h"

#include "radio/phy/signals/complex.h"

/* How far two values of a port in a row are apart, in subcarriers. */
static unsigned spacing_of(const struct phy_csi_rs *p)
{
	if (p->config.density == PHY_CSI_RS_THREE)
		return 4;
	return p->config.density == PHY_CSI_RS_ONE ? PHY_SC_PER_PRB : 2 * PHY_SC_PER_PRB;
}

/* The mean turn from one value to the next. */
static struct phy_cf turn_of(const struct phy_cf *const *h, unsigned antennas, size_t n)
{
	double re = 0, im = 0;

	for (unsigned a = 0; a < antennas; a++) {
		for (size_t i = 0; i + 1 < n; i++) {
			struct phy_cf t = phy_cf_mul_conj(h[a][i + 1], h[a][i]);

			re += (double)t.re;
			im += (double)t.im;
		}
	}
	return phy_cf_unit((float)atan2(im, re));
}

/*
 * The variance of an estimate: what its second difference leaves, once the mean delay is taken out, is noise
 * but for how the channel bends.
 */
static double left_over(const struct phy_cf *const *h, unsigned antennas, size_t n, struct phy_cf turn)
{
	double sum = 0;

	for (unsigned a = 0; a < antennas; a++) {
		for (size_t i = 1; i + 1 < n; i++) {
			struct phy_cf low = phy_cf_mul(h[a][i - 1], turn),
				      high = phy_cf_mul_conj(h[a][i + 1], turn), d;

			d = (struct phy_cf){ low.re + high.re - 2 * h[a][i].re,
				low.im + high.im - 2 * h[a][i].im };
			sum += (double)phy_cf_power(d) / 6;
		}
	}
	return sum / (double)((n - 2) * antennas);
}

static double mean_power(const struct phy_cf *const *h, unsigned antennas, size_t n)
{
	double sum = 0;

	for (unsigned a = 0; a < antennas; a++)
		for (size_t i = 0; i < n; i++)
			sum += (double)phy_cf_power(h[a][i]);
	return sum / (double)(n * antennas);
}

/* All that is received in the symbols with CSI-RS, over their blocks. */
static double rssi_of(const struct phy_csi_rs *p, const struct phy_grid *grids, unsigned antennas)
{
	double sum = 0;

	for (unsigned a = 0; a < antennas; a++) {
		unsigned first = (unsigned)(p->config.first_crb - grids[a].first_crb) * PHY_SC_PER_PRB;

		for (unsigned l = 0; l < grids[a].symbols; l++) {
			const struct phy_cf *re = phy_grid_at(&grids[a], l, first);

			for (unsigned i = 0; p->symbols >> l & 1 && i < p->config.prbs * PHY_SC_PER_PRB; i++)
				sum += (double)phy_cf_power(re[i]);
		}
	}
	return sum / (antennas * (unsigned)__builtin_popcount(p->symbols));
}

bool phy_csi_measure(struct phy_csi_measurement *m, const struct phy_csi_rs *p, double scs_hz,
	const struct phy_grid *grids, const struct phy_cf *const *h, unsigned antennas)
{
	size_t n = phy_csi_rs_values(p);
	double power, noise, rssi, delay;
	struct phy_cf turn;

	if (n < 4 || antennas == 0)
		return false;
	turn = turn_of(h, antennas, n);
	power = mean_power(h, antennas, n);
	noise = left_over(h, antennas, n, turn);
	rssi = rssi_of(p, grids, antennas);
	if (!(power > 0) || !(power < 1e30) || !(noise >= 0) || !(rssi > 0) || !(rssi < 1e30))
		return false;
	noise = fmax(noise, power * 1e-9);
	delay = atan2((double)-turn.im, (double)turn.re) / (2 * M_PI * scs_hz * spacing_of(p));
	m->rsrp = (float)fmax(power - noise, power * 1e-6);
	m->noise = (float)(noise * p->cdm_f * p->cdm_t);
	m->rssi = (float)rssi;
	m->rsrq = m->rsrp * (float)p->config.prbs / m->rssi;
	m->sinr = m->rsrp / m->noise;
	m->delay_s = (float)delay;
	return true;
}

float phy_csi_frequency_hz(const struct phy_cf *const *earlier, const struct phy_cf *const *later,
	unsigned antennas, size_t values, double seconds)
{
	double re = 0, im = 0;

	for (unsigned a = 0; a < antennas; a++) {
		for (size_t i = 0; i < values; i++) {
			struct phy_cf t = phy_cf_mul_conj(later[a][i], earlier[a][i]);

			re += (double)t.re;
			im += (double)t.im;
		}
	}
	return (float)(atan2(im, re) / (2 * M_PI * seconds));
}
