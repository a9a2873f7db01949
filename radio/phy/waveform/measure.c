#include "radio/phy/waveform/measure.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/waveform/measure_parts.h"
#include "radio/phy/waveform/waveform_parts.h"

/* A resource element that the carrier leaves to SS/PBCH blocks has one from this share of the usual power on.
 */
static const double least_ssb = 0.01;

const char *phy_measure_error_text(enum phy_measure_error e)
{
	static const char *const texts[] = { "ok", "no such waveform", "the recording is too short",
		"the waveform is not in the recording", "out of memory" };

	return (size_t)e < ARRAY_LEN(texts) ? texts[e] : "?";
}

/* Of one signal on one subcarrier, z being what was received of x. */
struct sums {
	double z_x_re, z_x_im, x2, z2;
	uint64_t re;
};

/* What taking slots apart works in. */
struct dissecting {
	struct phy_waveform *wave;
	struct phy_cf *sent, *received; /* samples of a subframe */
	struct phy_cf *x, *z;           /* resource elements of a slot */
	struct sums *sums;              /* subcarrier by subcarrier, PHY_SIGNALS each */
	struct phy_spectrum *spectrum;
};

static void dissecting_fini(struct dissecting *d)
{
	phy_waveform_free(d->wave);
	free(d->sent);
	free(d->received);
	free(d->x);
	free(d->z);
	free(d->sums);
	phy_spectrum_free(d->spectrum);
}

static bool dissecting_init(struct dissecting *d, const struct phy_waveform_config *c)
{
	size_t row = (size_t)c->prbs * PHY_SC_PER_PRB, n = (size_t)c->fft_size * 15 << c->mu;
	enum phy_waveform_error e;

	*d = (struct dissecting){ .wave = phy_waveform_new(c, &e),
		.sent = calloc(n, sizeof(*d->sent)),
		.received = calloc(n, sizeof(*d->received)),
		.x = calloc(row * PHY_SYMBOLS_MAX, sizeof(*d->x)),
		.z = calloc(row * PHY_SYMBOLS_MAX, sizeof(*d->z)),
		.sums = calloc(row * PHY_SIGNALS, sizeof(*d->sums)),
		.spectrum = phy_spectrum_new() };
	return d->wave && d->sent && d->received && d->x && d->z && d->sums && d->spectrum;
}

static void add_slot(struct dissecting *d, const uint8_t *signals)
{
	const struct phy_waveform_config *c = &d->wave->config;
	size_t row = (size_t)c->prbs * PHY_SC_PER_PRB, n = row * d->wave->ofdm.symbols;
	double least = least_ssb * (double)c->amplitude * (double)c->amplitude;

	for (size_t i = 0; i < n; i++) {
		double x_re = (double)d->x[i].re, x_im = (double)d->x[i].im;
		double z_re = (double)d->z[i].re, z_im = (double)d->z[i].im, x2 = x_re * x_re + x_im * x_im;
		struct sums *s = &d->sums[i % row * PHY_SIGNALS];

		if (signals[i] != PHY_SIGNAL_NONE)
			s += signals[i];
		else if (x2 >= least)
			s += PHY_SIGNAL_SSB;
		else
			continue;
		s->z_x_re += z_re * x_re + z_im * x_im;
		s->z_x_im += z_im * x_re - z_re * x_im;
		s->x2 += x2;
		s->z2 += z_re * z_re + z_im * z_im;
		s->re++;
	}
}

/* The next subframe of the waveform, and what was received of it, from this sample on. */
static void add_subframe(struct dissecting *d, const struct kern *k, const struct phy_cf *from)
{
	struct phy_ofdm *o = &d->wave->ofdm;
	size_t re = (size_t)o->config.prbs * PHY_SC_PER_PRB * o->symbols;

	for (unsigned slot = 0, at = 0; slot < 1u << o->config.mu; slot++) {
		phy_ofdm_demodulate(o, k, d->x, d->sent + at, slot);
		phy_ofdm_demodulate(o, k, d->z, from + at, slot);
		add_slot(d, d->wave->signals + slot * re);
		at += phy_ofdm_slot_samples(o, slot);
	}
}

/*
 * The error of z / h beside x, with h = (sum of z x*) / (sum of |x|^2) over all signals of the subcarrier.
 * That h was fitted to the same elements takes one of their degrees of freedom.
 */
static void evaluate_subcarrier(
	const struct sums s[PHY_SIGNALS], struct phy_measurement *m, struct phy_evm *of)
{
	double h_re = 0, h_im = 0, x2 = 0, h2, fitted;
	uint64_t re = 0;

	for (unsigned i = 0; i < PHY_SIGNALS; i++) {
		h_re += s[i].z_x_re;
		h_im += s[i].z_x_im;
		x2 += s[i].x2;
		re += s[i].re;
	}
	if (re < 2)
		return;
	h_re /= x2;
	h_im /= x2;
	h2 = h_re * h_re + h_im * h_im;
	fitted = (double)re / ((double)re - 1);
	for (unsigned i = 0; h2 > 0 && i < PHY_SIGNALS; i++) {
		double cross = (s[i].z_x_re * h_re + s[i].z_x_im * h_im) / h2;
		double error = fmax(s[i].z2 / h2 - 2 * cross + s[i].x2, 0) * fitted;

		m->signal[i].error += error;
		m->signal[i].signal += s[i].x2;
		m->signal[i].re += s[i].re;
		of->error += error;
		of->signal += s[i].x2;
		of->re += s[i].re;
	}
}

/* How much earlier the transform's window begins: half a prefix of 9/128 symbols, if the recording has it. */
static int64_t early_of(const struct phy_waveform_config *c, int64_t start, size_t n)
{
	int64_t half = c->fft_size / 128 * 9 / 2, first = start;

	while (first < 0)
		first += (int64_t)n;
	return first < half ? first : half;
}

/* The subframes that the recording holds. */
static void dissect(struct dissecting *d, const struct kern *k, const struct phy_cf *samples, size_t count,
	struct phy_measurement *m)
{
	const struct phy_waveform_config *c = &d->wave->config;
	size_t n = phy_waveform_subframe_samples(d->wave), row = (size_t)c->prbs * PHY_SC_PER_PRB;
	int64_t early = early_of(c, m->start, n);

	for (unsigned i = 0; i < PHY_MEASURE_FRAMES_MAX * 10; i++) {
		int64_t at = m->start + (int64_t)(i * n);

		if (at + (int64_t)n > (int64_t)count)
			break;
		phy_waveform_run(d->wave, k, d->sent);
		if (at < 0)
			continue;
		phy_measure_turn_back(
			d->received, samples + at - early, n, m->cfo_hz / ((double)n * 1000), at - early);
		add_subframe(d, k, d->received);
		m->power += (double)k->cf_energy(&samples[at].re, n) / (double)n;
		phy_spectrum_add(d->spectrum, k, samples + at, n);
		m->subframes++;
	}
	for (size_t i = 0; i < row; i++)
		evaluate_subcarrier(d->sums + i * PHY_SIGNALS, m, &m->subcarrier[i]);
	phy_spectrum_put(d->spectrum, (double)n * 1000, m);
}

enum phy_measure_error phy_waveform_measure(const struct phy_waveform_config *c, const struct kern *k,
	const struct phy_cf *samples, size_t count, struct phy_measurement *m)
{
	enum phy_measure_error e;
	struct dissecting d;

	*m = (struct phy_measurement){ 0 };
	e = phy_measure_align(c, k, samples, count, m);
	if (e != PHY_MEASURE_OK)
		return e;
	if (dissecting_init(&d, c))
		dissect(&d, k, samples, count, m);
	else
		e = PHY_MEASURE_MEMORY;
	dissecting_fini(&d);
	if (e != PHY_MEASURE_OK)
		return e;
	if (m->subframes == 0)
		return PHY_MEASURE_SHORT;
	m->power /= m->subframes;
	return PHY_MEASURE_OK;
}
