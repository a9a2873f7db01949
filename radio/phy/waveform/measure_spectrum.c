#include <math.h>
#include <stdlib.h>

#include "radio/phy/waveform/measure_parts.h"

/* 38.104 6.6.2: so much of the power lies below and above the occupied bandwidth. */
static const double outside = 0.005;

struct phy_spectrum *phy_spectrum_new(void)
{
	struct phy_spectrum *s = calloc(1, sizeof(*s));

	if (!s || !phy_fft_init(&s->fft, PHY_MEASURE_BINS, false)) {
		free(s);
		return NULL;
	}
	/* of mean square one */
	for (unsigned i = 0; i < PHY_MEASURE_BINS; i++)
		s->window[i] = (float)(sqrt(2 / 3.0) * (1 - cos(2 * M_PI * (i + 0.5) / PHY_MEASURE_BINS)));
	return s;
}

void phy_spectrum_free(struct phy_spectrum *s)
{
	if (s)
		phy_fft_fini(&s->fft);
	free(s);
}

void phy_spectrum_add(struct phy_spectrum *s, const struct kern *k, const struct phy_cf *samples, size_t n)
{
	for (size_t at = 0; at + PHY_MEASURE_BINS <= n; at += PHY_MEASURE_BINS / 2, s->n++) {
		for (unsigned i = 0; i < PHY_MEASURE_BINS; i++)
			s->in[i] = (struct phy_cf){ samples[at + i].re * s->window[i],
				samples[at + i].im * s->window[i] };
		phy_fft_run(&s->fft, k, s->out, s->in, s->work);
		for (unsigned i = 0; i < PHY_MEASURE_BINS; i++)
			s->power[i] += (double)s->out[i].re * (double)s->out[i].re +
				       (double)s->out[i].im * (double)s->out[i].im;
	}
}

/* The frequency, in bins from the lowest on, below which a share of the power lies. */
static double quantile(const struct phy_measurement *m, double power)
{
	double below = 0;
	unsigned i = 0;

	while (i < PHY_MEASURE_BINS - 1 && below + m->spectrum[i] < power)
		below += m->spectrum[i++];
	return m->spectrum[i] > 0 ? i + (power - below) / m->spectrum[i] : i;
}

void phy_spectrum_put(const struct phy_spectrum *s, double rate_hz, struct phy_measurement *m)
{
	double bin_hz = rate_hz / PHY_MEASURE_BINS, all = 0;
	/* a bin reaches from half a bin below its frequency on */
	double lowest_hz = -rate_hz / 2 - bin_hz / 2;

	for (unsigned i = 0; s->n > 0 && i < PHY_MEASURE_BINS; i++) {
		m->spectrum[i] = s->power[(i + PHY_MEASURE_BINS / 2) % PHY_MEASURE_BINS] /
				 ((double)PHY_MEASURE_BINS * PHY_MEASURE_BINS * s->n);
		all += m->spectrum[i];
	}
	m->occupied_low_hz = lowest_hz + bin_hz * quantile(m, all * outside);
	m->occupied_high_hz = lowest_hz + bin_hz * quantile(m, all * (1 - outside));
}
