#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "air/waveform.h"
#include "io/file.h"
#include "radio/phy/search/band.h"
#include "radio/phy/waveform/preambles.h"

/* What writing works in. */
struct writing {
	struct kern kern;
	struct phy_waveform *wave;
	struct phy_rach rach;
	struct phy_preambles *preambles; /* instead of it, as the next two */
	struct phy_reference *reference;
	struct phy_test_preambles *test_preambles;
	struct channel *air;
	unsigned ports, files;
	struct phy_cf *samples[CHANNEL_ANTENNAS_MAX]; /* of a subframe, of each */
	int16_t *shorts;
	size_t n;
	struct file_stream out[CHANNEL_ANTENNAS_MAX];
};

static bool begin_air(struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	struct channel_config a = o->air;

	w->files = o->antennas > 0 ? o->antennas : w->ports;
	if (!o->channel)
		return true;
	a.tx = (uint8_t)w->ports;
	a.rx = (uint8_t)w->files;
	a.uplink = o->preambles || o->frc || o->test_preamble;
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

/* Reference channels and test preambles, around the middle of the uplink's carrier. */
static bool begin_uplink(struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	const struct phy_band_raster *b = phy_band_find(c->band);
	struct phy_waveform_config uplink = c->config;

	if ((o->frc || o->test_preamble) && b->ul_low_khz == 0) {
		fprintf(stderr, "freehold waveform: --band %u: it has no uplink\n", c->band);
		return false;
	}
	if (uplink.carrier_hz)
		uplink.carrier_hz = waveform_uplink_hz(c);
	w->ports = o->frc ? o->frc->layers : 1;
	if (o->frc)
		w->reference = phy_reference_new(o->frc, &uplink);
	if (c->test_preamble)
		w->test_preambles = phy_test_preambles_new(c->test_preamble, &uplink);
	if ((o->frc && !w->reference) || (c->test_preamble && !w->test_preambles)) {
		fprintf(stderr, "freehold waveform: not in this carrier, or out of memory\n");
		return false;
	}
	return true;
}

static bool open_files(struct writing *w, const struct waveform_options *o)
{
	for (unsigned i = 0; i < w->files; i++) {
		char path[4096];
		int n = snprintf(path, sizeof(path), w->files > 1 ? "%s.%u" : "%s", o->file, i);

		if (n < 0 || (size_t)n >= sizeof(path) || !file_stream_open(&w->out[i], path)) {
			fprintf(stderr, "freehold waveform: %s: %m\n", o->file);
			return false;
		}
	}
	return true;
}

static bool begin(struct writing *w, const struct waveform_options *o, const struct waveform_cell *c)
{
	enum phy_waveform_error e;
	bool ok;

	kern_init(&w->kern, KERN_LEVELS - 1);
	w->wave = phy_waveform_new(&c->config, &e);
	if (!w->wave) {
		fprintf(stderr, "freehold waveform: %s\n", phy_waveform_error_text(e));
		return false;
	}
	if (!begin_preambles(w, o, c) || !begin_uplink(w, o, c) || !begin_air(w, o, c))
		return false;
	w->n = phy_waveform_subframe_samples(w->wave);
	w->shorts = calloc(2 * w->n, sizeof(*w->shorts));
	ok = w->shorts;
	for (unsigned i = 0; ok && i < CHANNEL_ANTENNAS_MAX && (i < w->files || i < w->ports); i++) {
		w->samples[i] = calloc(w->n, sizeof(*w->samples[i]));
		ok = w->samples[i];
	}
	if (!ok)
		fprintf(stderr, "freehold waveform: out of memory\n");
	return ok && open_files(w, o);
}

/* Samples that int16 does not hold. */
static uint64_t clipped(const struct phy_cf *x, size_t n)
{
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += fabsf(x[i].re) > 1 || fabsf(x[i].im) > 1;
	return count;
}

static void make_subframe(struct writing *w)
{
	const struct phy_cf *in[PHY_UL_PORTS_MAX];

	if (w->preambles)
		phy_preambles_run(w->preambles, &w->kern, w->samples[0]);
	else if (w->reference)
		phy_reference_run(w->reference, &w->kern, w->samples);
	else if (w->test_preambles)
		phy_test_preambles_run(w->test_preambles, w->samples[0]);
	else
		phy_waveform_run(w->wave, &w->kern, w->samples[0]);
	for (unsigned i = 0; i < w->ports; i++)
		in[i] = w->samples[i];
	if (w->air)
		channel_run(w->air, w->samples, in, w->n);
}

static bool put_subframe(
	struct writing *w, const struct waveform_options *o, struct waveform_written *written)
{
	bool ok = true;

	make_subframe(w);
	written->samples += w->n;
	for (unsigned i = 0; ok && i < w->files; i++) {
		struct bytes octets = bytes_of(w->samples[i], w->n * sizeof(*w->samples[i]));

		written->power_dbfs += (double)w->kern.cf_energy(&w->samples[i]->re, w->n);
		if (o->int16) {
			written->clipped += clipped(w->samples[i], w->n);
			w->kern.cf_to_ci16(w->shorts, &w->samples[i]->re, w->n, 32767);
			octets = bytes_of(w->shorts, 2 * w->n * sizeof(*w->shorts));
		}
		ok = file_stream_put(&w->out[i], octets);
	}
	return ok;
}

bool waveform_write(
	const struct waveform_options *o, const struct waveform_cell *c, struct waveform_written *written)
{
	struct writing w = { .ports = 1 };
	bool begun, ok;

	for (unsigned i = 0; i < ARRAY_LEN(w.out); i++)
		w.out[i] = FILE_STREAM_NONE;
	begun = ok = begin(&w, o, c);

	*written = (struct waveform_written){ .files = w.files };
	for (uint64_t i = 0; ok && i < o->frames * UINT64_C(10); i++)
		ok = put_subframe(&w, o, written);
	for (unsigned i = 0; begun && i < w.files; i++)
		ok = file_stream_close(&w.out[i]) && ok;
	if (begun && !ok)
		fprintf(stderr, "freehold waveform: %s: %m\n", o->file);
	if (written->samples > 0)
		written->power_dbfs =
			10 * log10(written->power_dbfs / ((double)written->samples * w.files) + 1e-30);
	channel_free(w.air);
	phy_waveform_free(w.wave);
	phy_preambles_free(w.preambles);
	phy_reference_free(w.reference);
	phy_test_preambles_free(w.test_preambles);
	for (unsigned i = 0; i < ARRAY_LEN(w.samples); i++)
		free(w.samples[i]);
	free(w.shorts);
	return ok;
}
