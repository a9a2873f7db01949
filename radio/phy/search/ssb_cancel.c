#include "radio/phy/search/ssb_cancel.h"

#include <math.h>

#include "radio/phy/signals/complex.h"

enum {
	FFT = PHY_BURST_FFT,
	PREFIX = PHY_BURST_PREFIX,
	SYMBOL = FFT + PREFIX,
	SAMPLES = PHY_BURST_SAMPLES,
	EARLY = PHY_BURST_EARLY,
};

static unsigned bin_of(unsigned k)
{
	return (k + FFT - PHY_SSB_SUBCARRIERS / 2) % FFT;
}

/* EARLY in the units of phy_ssb_measure. */
static const float early = (float)EARLY * PHY_SSB_SUBCARRIERS / FFT;

float phy_cancel_pss_gain(const struct phy_bursts *s, const struct phy_bursts_sent *sent, float turn_rad)
{
	float like = 0, power = 0;

	for (unsigned i = 0; i < s->count; i++) {
		struct phy_ssb block, fit;

		phy_bursts_block(&block, sent, s->burst[i].period);
		phy_ssb_fit(&fit, &s->burst[i].re, &block, early, turn_rad);
		for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
			like += phy_cf_mul_conj(s->burst[i].re.re[0][c], fit.re[0][c]).re;
			power += phy_cf_power(fit.re[0][c]);
		}
	}
	return sent->pss_gain * like > 1.2f * power ? (float)M_SQRT2 : 1;
}

/* A block in time, with its prefixes, as it is in phy_burst.samples. */
static void block_in_time(
	struct phy_bursts *s, const struct kern *k, const struct phy_ssb *block, struct phy_cf out[SAMPLES])
{
	for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
		struct phy_cf bins[FFT] = { 0 }, time[FFT], work[FFT];

		for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
			struct phy_cf x = block->re[l][c];

			bins[bin_of(c)] = (struct phy_cf){ x.re / FFT, x.im / FFT };
		}
		phy_fft_run(&s->inverse, k, time, bins, work);
		for (unsigned n = 0; n < SYMBOL; n++)
			out[l * SYMBOL + n] = time[(n + FFT - PREFIX + EARLY) % FFT];
	}
}

/* Adds a block in time, times gain, to the samples of the recording; first is where it begins. */
static void add(struct phy_bursts *s, const struct kern *k, const struct phy_cf time[SAMPLES], double first,
	float gain, double frequency_hz, struct phy_cf *samples, const struct phy_recording *in)
{
	double sample = in->rate_hz / (FFT * s->scs_hz), turns = frequency_hz / in->rate_hz;
	double last = first + SAMPLES * sample;
	struct phy_recording of = { time, SAMPLES, FFT * s->scs_hz };

	for (size_t at = first > 0 ? (size_t)ceil(first) : 0; at < in->count && (double)at < last;
		at += FFT) {
		struct phy_cf part[FFT];

		phy_resample(&s->back, k, &of, 0, ((double)at - first) / sample, part, FFT);
		for (size_t n = 0; n < FFT && at + n < in->count; n++) {
			double a = 2 * M_PI * fmod(turns * (double)(at + n), 1);
			struct phy_cf x = phy_cf_mul(part[n], phy_cf_unit((float)a));

			samples[at + n].re += gain * x.re;
			samples[at + n].im += gain * x.im;
		}
	}
}

static void add_all(struct phy_bursts *s, const struct kern *k, const struct phy_cancel *c, float gain,
	struct phy_cf *samples, const struct phy_recording *in)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct phy_cf time[SAMPLES];

		block_in_time(s, k, &c->fit[i], time);
		add(s, k, time, s->burst[i].start - PREFIX * in->rate_hz / (FFT * s->scs_hz), gain,
			c->frequency_hz, samples, in);
	}
}

void phy_cancel_take_out(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent,
	struct phy_cancel *c, struct phy_cf *samples, const struct phy_recording *in)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct phy_ssb block;

		phy_bursts_block(&block, sent, s->burst[i].period);
		phy_ssb_fit(&c->fit[i], &s->burst[i].re, &block, early, c->turn_rad);
	}
	add_all(s, k, c, -1, samples, in);
}

void phy_cancel_put_back(struct phy_bursts *s, const struct kern *k, const struct phy_cancel *c,
	struct phy_cf *samples, const struct phy_recording *in)
{
	add_all(s, k, c, 1, samples, in);
}
