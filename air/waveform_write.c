#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/waveform.h"
#include "io/file.h"
#include "radio/phy/waveform/preambles.h"

/* What writing works in. */
struct writing {
	struct kern kern;
	struct phy_waveform *wave;
	struct phy_rach rach;
	struct phy_preambles *preambles; /* instead of it */
	struct channel *air;
	struct phy_cf *samples; /* of a subframe */
	int16_t *shorts;
	size_t n;
	struct file_stream out;
};

static bool begin_air(struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	struct channel_config a = o->air;

	if (!o->channel)
		return true;
	a.rate_hz = (double)c->rate_hz;
	a.delay_spread_ns = channel_is_scaled(a.profile) ? o->delay_spread_ns : 0;
	a.delay_samples -= CHANNEL_LATENCY;
	a.signal_power = (double)c->config.amplitude * (double)c->config.amplitude;
	a.seed = o->seed;
	w->air = channel_new(&a);
	if (!w->air)
		fprintf(stderr, "freehold waveform: no such channel: see --cfo, --delay, --delay-spread and "
				"--doppler for this rate\n");
	return w->air;
}

static bool begin_preambles(
	struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	enum phy_rach_error e;

	if (!o->preambles)
		return true;
	e = phy_rach_init(&w->rach, c->config.sib1);
	if (e == PHY_RACH_OK)
		w->preambles = phy_preambles_new(
			&w->rach, o->preambles, c->config.fft_size, c->config.sfn, c->config.amplitude);
	if (!w->preambles)
		fprintf(stderr, "freehold waveform: --prach: %s\n",
			e == PHY_RACH_OK ? "not at this rate, or out of memory" : phy_rach_error_text(e));
	return w->preambles;
}

static bool begin(struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	enum phy_waveform_error e;

	kern_init(&w->kern, KERN_LEVELS - 1);
	w->wave = phy_waveform_new(&c->config, &e);
	if (!w->wave) {
		fprintf(stderr, "freehold waveform: %s\n", phy_waveform_error_text(e));
		return false;
	}
	w->n = phy_waveform_subframe_samples(w->wave);
	w->samples = calloc(w->n, sizeof(*w->samples));
	w->shorts = calloc(2 * w->n, sizeof(*w->shorts));
	if (!w->samples || !w->shorts) {
		fprintf(stderr, "freehold waveform: out of memory\n");
		return false;
	}
	if (!begin_preambles(w, o, c) || !begin_air(w, o, c))
		return false;
	if (!file_stream_open(&w->out, o->file)) {
		fprintf(stderr, "freehold waveform: %s: %m\n", o->file);
		return false;
	}
	return true;
}

/* Samples that int16 does not hold. */
static uint64_t clipped(const struct phy_cf *x, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += fabsf(x[i].re) > 1 || fabsf(x[i].im) > 1;
	return count;
}

static bool put_subframe(
	struct writing *w, const struct waveform_options *o, struct waveform_written *written)
{
	struct bytes octets = bytes_of(w->samples, w->n * sizeof(*w->samples));
	const struct phy_cf *in = w->samples;

	if (w->preambles)
		phy_preambles_run(w->preambles, &w->kern, w->samples);
	else
		phy_waveform_run(w->wave, &w->kern, w->samples);
	if (w->air)
		channel_run(w->air, &w->samples, &in, w->n);
	written->samples += w->n;
	written->power_dbfs += (double)w->kern.cf_energy(&w->samples->re, w->n);
	if (o->int16) {
		written->clipped += clipped(w->samples, w->n);
		w->kern.cf_to_ci16(w->shorts, &w->samples->re, w->n, 32767);
		octets = bytes_of(w->shorts, 2 * w->n * sizeof(*w->shorts));
	}
	return file_stream_put(&w->out, octets);
}

bool waveform_write(
	const struct waveform_options *o, const struct waveform_cell *c, struct waveform_written *written)
{
	struct writing w = { .out = FILE_STREAM_NONE };
	bool begun = begin(&w, o, c), ok = begun;

	*written = (struct waveform_written){ 0 };
	for (uint64_t i = 0; ok && i < o->frames * UINT64_C(10); i++)
		ok = put_subframe(&w, o, written);
	if (begun && !(file_stream_close(&w.out) && ok)) {
		fprintf(stderr, "freehold waveform: %s: %m\n", o->file);
		ok = false;
	}
	if (written->samples > 0)
		written->power_dbfs = 10 * log10(written->power_dbfs / (double)written->samples + 1e-30);
	channel_free(w.air);
	phy_waveform_free(w.wave);
	phy_preambles_free(w.preambles);
	free(w.samples);
	free(w.shorts);
	return ok;
}
