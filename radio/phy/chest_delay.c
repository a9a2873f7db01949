/* Where a channel's delays lie: the profile of power over delay, and the best window on it. */
#include <math.h>

#include "radio/phy/chest_parts.h"

/* The profile: |transform of the cells|^2, summed over the positions. Weights fall smoothly to the ends of a
 * wide band, so that a strong delay does not spill over. */
static unsigned make_profile(struct phy_chest *c, const struct kern *k)
{
	const struct phy_chest_layout *l = &c->layout;
	unsigned first = l->bands[0].first * c->per_prb, size = 0;
	unsigned span = (l->bands[l->bands_n - 1].first + l->bands[l->bands_n - 1].n) * c->per_prb - first;

	while (CHEST_FFT_MIN << size < (int)span)
		size++;
	memset(c->profile, 0, sizeof(c->profile));
	for (unsigned d = 0; d < c->positions; d++) {
		const struct phy_cf *p = c->pilots[d];

		memset(c->fft_in, 0, sizeof(*c->fft_in) * c->fft[size].n);
		for (unsigned b = 0; b < l->bands_n; b++) {
			unsigned at = l->bands[b].first * c->per_prb, n = l->bands[b].n * c->per_prb;

			for (unsigned i = at; i < at + n; i++) {
				float x = (2 * (float)(i - first) + 1) / (float)span - 1, w = 1 - x * x;

				w = span < CHEST_FFT_MIN ? 1 : w * w;
				c->fft_in[i - first].re = (p[2 * i].re + p[2 * i + 1].re) * w;
				c->fft_in[i - first].im = (p[2 * i].im + p[2 * i + 1].im) * w;
			}
		}
		phy_fft_run(&c->fft[size], k, c->fft_out, c->fft_in, c->fft_work);
		for (unsigned i = 0; i < c->fft[size].n; i++)
			c->profile[i] += c->fft_out[i].re * c->fft_out[i].re +
					 c->fft_out[i].im * c->fft_out[i].im;
	}
	return c->fft[size].n;
}

struct window {
	unsigned start, bins;
	double inside;
};

/* The strongest window of so many bins, cyclic; sums[i] is the power before bin i, over two turns. */
static struct window strongest(const double *sums, unsigned n, unsigned bins)
{
	struct window best = { 0, bins, -1 };
	unsigned step = bins / 16 + 1;

	for (unsigned i = 0; i < n; i += step) {
		double inside = sums[i + bins] - sums[i];

		if (inside > best.inside)
			best = (struct window){ i, bins, inside };
	}
	return best;
}

/* The mean delay of what stands out of the noise within the window, from its centre, in bins. */
static double mean_delay(const float *profile, unsigned n, const struct window *w, double floor)
{
	double sum = 0, moment = 0;

	for (unsigned i = 0; i < w->bins; i++) {
		double p = profile[(w->start + i) % n] - floor;

		if (p > 3 * floor) {
			sum += p;
			moment += p * (i - (w->bins - 1) / 2.0);
		}
	}
	return sum > 0 ? moment / sum : 0;
}

/*
 * A window of width w lets w of the noise in, and loses the signal outside: power outside less (1 - w) of the
 * noise. The width of the least sum of the two is taken. The noise is that outside the widest window.
 */
bool chest_find_delays(struct phy_chest *c, const struct kern *k)
{
	double sums[2 * CHEST_FFT_MAX + 1], noise = 0, least = INFINITY;
	unsigned n = make_profile(c, k);
	struct window taken = { 0, 1, 0 };

	sums[0] = 0;
	for (unsigned i = 0; i < 2 * n; i++)
		sums[i + 1] = sums[i] + (double)c->profile[i % n];
	if (!isfinite(sums[2 * n]) || sums[n] <= 0)
		return false;
	for (unsigned i = PHY_CHEST_WIDTHS; i-- > 0;) {
		double width = (double)phy_chest_width(i), risk;
		struct window w = strongest(sums, n, width * n < 1 ? 1 : (unsigned)(width * n));

		if (i == PHY_CHEST_WIDTHS - 1)
			noise = fmax(0, (sums[n] - w.inside) / (n - w.bins) * n);
		risk = sums[n] - w.inside + (2.0 * w.bins / n - 1) * noise;
		if (risk <= least) {
			least = risk;
			c->width = i;
			taken = w;
		}
	}
	c->snr_class = phy_chest_snr_class(noise > 0 ? (float)fmin(1e9, sums[n] / noise - 1) : 1e9f);
	c->centre = (float)((taken.start + (taken.bins - 1) / 2.0) / n);
	c->centre -= c->centre >= 0.5f ? 1 : 0;
	c->result.delay_s = c->centre + (float)(mean_delay(c->profile, n, &taken, noise / n) / n);
	return true;
}
