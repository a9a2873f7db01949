#include "radio/phy/signals/resample.h"

#include <math.h>
#include <stdlib.h>

enum {
	CHUNK = 256, /* outputs that share one mixing */
	LANES = 16,  /* taps are a multiple of this, so that sums have no rest */
	RENEW = 64,  /* samples after which the mixer's phase is computed again */
};

/* Places far beyond any recording, that integers and doubles still distinguish. */
static const double place_max = 1e15;

/* Modified Bessel function of order 0, for Kaiser's window. */
static double bessel_i0(double x)
{
	double sum = 1, term = 1;

	for (unsigned i = 1; i < 40; i++) {
		term *= (x / 2 / i) * (x / 2 / i);
		sum += term;
	}
	return sum;
}

/* The filter at t samples of the lower rate from its middle: half a band of that rate under Kaiser's window.
 */
static double filter_at(double t)
{
	const double beta = 5.65; /* 60 dB */
	double u = t / PHY_RESAMPLE_HALF;

	if (fabs(u) >= 1)
		return 0;
	return (fabs(t) < 1e-9 ? 1 : sin(M_PI * t) / (M_PI * t)) * bessel_i0(beta * sqrt(1 - u * u)) /
	       bessel_i0(beta);
}

bool phy_resampler_init(struct phy_resampler *r, double rate_in_hz, double rate_out_hz)
{
	double ratio, wide;

	*r = (struct phy_resampler){ 0 };
	if (!(rate_in_hz > 0 && rate_out_hz > 0 && rate_in_hz < 1e12 && rate_out_hz < 1e12))
		return false;
	ratio = rate_in_hz / rate_out_hz;
	if (ratio > PHY_RESAMPLE_RATIO_MAX || ratio < 1.0 / PHY_RESAMPLE_RATIO_MAX)
		return false;
	wide = ratio > 1 ? ratio : 1;
	r->step = ratio;
	r->taps = ((unsigned)ceil(2 * PHY_RESAMPLE_HALF * wide) + LANES) / LANES * LANES;
	r->mixed_max = (size_t)ceil(CHUNK * ratio) + r->taps + 2;
	r->filter = malloc((PHY_RESAMPLE_PHASES + 1) * 2 * (size_t)r->taps * sizeof(*r->filter));
	r->mixed = malloc(r->mixed_max * sizeof(*r->mixed));
	if (!r->filter || !r->mixed) {
		phy_resampler_fini(r);
		return false;
	}
	for (unsigned p = 0; p <= PHY_RESAMPLE_PHASES; p++) {
		float *row = r->filter + (size_t)p * 2 * r->taps;

		for (unsigned i = 0; i < r->taps; i++) {
			double t = (double)i - (r->taps / 2 - 1) - (double)p / PHY_RESAMPLE_PHASES;

			row[2 * i] = row[2 * i + 1] = (float)(filter_at(t / wide) / wide);
		}
	}
	return true;
}

void phy_resampler_fini(struct phy_resampler *r)
{
	free(r->filter);
	free(r->mixed);
	r->filter = NULL;
	r->mixed = NULL;
}

/* r->mixed = the samples from first on, shifted down. */
static void mix(
	struct phy_resampler *r, const struct phy_recording *in, double frequency_hz, int64_t first, size_t n)
{
	double turns = -frequency_hz / in->rate_hz;
	struct phy_cf step = { (float)cos(2 * M_PI * turns), (float)sin(2 * M_PI * turns) }, w = { 1, 0 };

	for (size_t i = 0; i < n; i++) {
		int64_t at = first + (int64_t)i;
		struct phy_cf x = { 0, 0 };

		if (i % RENEW == 0) {
			double a = 2 * M_PI * fmod(turns * (double)at, 1);

			w = (struct phy_cf){ (float)cos(a), (float)sin(a) };
		}
		if (at >= 0 && (uint64_t)at < in->count)
			x = in->samples[at];
		r->mixed[i] = (struct phy_cf){ x.re * w.re - x.im * w.im, x.re * w.im + x.im * w.re };
		w = (struct phy_cf){ w.re * step.re - w.im * step.im, w.re * step.im + w.im * step.re };
	}
}

static struct phy_cf output(
	const struct phy_resampler *r, const struct kern *k, const struct phy_cf *x, double fraction)
{
	unsigned p = (unsigned)(fraction * PHY_RESAMPLE_PHASES);
	float between = (float)(fraction * PHY_RESAMPLE_PHASES - p);
	const float *row = r->filter + (size_t)p * 2 * r->taps;
	float a[2], b[2];

	k->cf_sum_parts(a, row, &x->re, r->taps);
	k->cf_sum_parts(b, row + 2 * r->taps, &x->re, r->taps);
	return (struct phy_cf){ a[0] + between * (b[0] - a[0]), a[1] + between * (b[1] - a[1]) };
}

void phy_resample(struct phy_resampler *r, const struct kern *k, const struct phy_recording *in,
	double frequency_hz, double start, struct phy_cf *out, size_t n)
{
	if (!(fabs(start) < place_max && (double)n * r->step < place_max)) {
		memset(out, 0, n * sizeof(*out));
		return;
	}
	for (size_t done = 0; done < n; done += CHUNK) {
		size_t count = n - done < CHUNK ? n - done : CHUNK;
		double from = start + (double)done * r->step;
		int64_t first = (int64_t)floor(from) - (r->taps / 2 - 1);

		mix(r, in, frequency_hz, first, (size_t)ceil((double)count * r->step) + r->taps + 1);
		for (size_t m = 0; m < count; m++) {
			double t = from - floor(from) + (double)m * r->step;

			out[done + m] = output(r, k, r->mixed + (size_t)t, t - floor(t));
		}
	}
}
