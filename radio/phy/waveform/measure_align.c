#include <math.h>
#include <stdlib.h>

#include "radio/phy/waveform/measure_parts.h"

enum {
	LONGEST_SILENCE = 160 /* subframes: SS/PBCH blocks come every 160 ms */,
	STRONGEST = 16,
	REFINEMENTS = 12
};

static const double search_s = 0.02, range_hz = 500;

/* Noise alone gives the sixteenth part, at the lowest sample rates, and less at others. */
static const double least_match = 0.12;

/*
 * The waveform is compared in pieces of half a symbol, which a frequency error within a subcarrier spacing
 * leaves whole. What one is worth beside the recording is a phase and a size.
 */
struct aligning {
	const struct kern *k;
	const struct phy_cf *samples;
	size_t count, n; /* of the recording, of a subframe */
	unsigned piece;
	double rate_hz;
	struct phy_waveform *wave;
	struct phy_cf *sent; /* a subframe */
	unsigned first;      /* its number: the first that is not silent */
	unsigned strongest[STRONGEST], strongest_n;
	struct phy_fft fft, back;
	struct phy_cf *block, *spectrum, *product, *work; /* of 4 pieces */
	struct phy_cf *pieces;                            /* the strongest ones' spectra */
	float *match;
};

void phy_measure_turn_back(struct phy_cf *out, const struct phy_cf *in, size_t n, double turns, int64_t at)
{
	for (size_t i = 0; i < n; i++) {
		double a = -2 * M_PI * fmod(turns * (double)(at + (int64_t)i), 1);
		float re = (float)cos(a), im = (float)sin(a);

		out[i] = (struct phy_cf){ in[i].re * re - in[i].im * im, in[i].re * im + in[i].im * re };
	}
}

static float piece_energy(const struct aligning *a, unsigned i)
{
	return a->k->cf_energy(&a->sent[(size_t)i * a->piece].re, a->piece);
}

static bool find_strongest(struct aligning *a)
{
	unsigned n = (unsigned)(a->n / a->piece);
	bool used[30u << 3] = { false };

	for (a->first = 0; a->first < LONGEST_SILENCE; a->first++) {
		phy_waveform_run(a->wave, a->k, a->sent);
		if (a->k->cf_energy(&a->sent->re, a->n) > 0)
			break;
	}
	for (a->strongest_n = 0; a->strongest_n < STRONGEST; a->strongest_n++) {
		unsigned best = n;

		for (unsigned i = 0; i < n; i++)
			if (!used[i] && piece_energy(a, i) > (best < n ? piece_energy(a, best) : 0))
				best = i;
		if (best == n)
			break;
		used[best] = true;
		a->strongest[a->strongest_n] = best;
	}
	return a->strongest_n > 0;
}

static void transform_pieces(struct aligning *a)
{
	for (unsigned p = 0; p < a->strongest_n; p++) {
		memset(a->block, 0, 4 * a->piece * sizeof(*a->block));
		for (unsigned i = 0; i < a->piece; i++)
			a->block[i] = a->sent[a->strongest[p] * a->piece + i];
		phy_fft_run(&a->fft, a->k, a->pieces + (size_t)p * 4 * a->piece, a->block, a->work);
	}
}

/* Adds what a piece's place holds of it, for 3 pieces of places from `from` on of where the subframe may
 * begin. */
static void match_block(struct aligning *a, unsigned p, size_t from)
{
	size_t n = 4 * (size_t)a->piece, at = from + (size_t)a->strongest[p] * a->piece;

	for (size_t i = 0; i < n; i++)
		a->block[i] = at + i < a->count ? a->samples[at + i] : (struct phy_cf){ 0, 0 };
	phy_fft_run(&a->fft, a->k, a->spectrum, a->block, a->work);
	a->k->cf_mul_conj(&a->product->re, &a->spectrum->re, &a->pieces[p * n].re, n);
	phy_fft_run(&a->back, a->k, a->spectrum, a->product, a->work);
	for (size_t i = 0; i < n - a->piece; i++)
		a->match[i] += a->spectrum[i].re * a->spectrum[i].re + a->spectrum[i].im * a->spectrum[i].im;
}

/* The place where the subframe fits best; -1 where the recording is too short. */
static int64_t best_place(struct aligning *a)
{
	double places = search_s * a->rate_hz + (double)a->first * (double)a->n;
	size_t end = a->count < a->n ? 0 : a->count - a->n + 1, step = 3 * (size_t)a->piece;
	int64_t best = -1;
	float most = -1;

	end = (double)end < places ? end : (size_t)places;
	for (size_t from = 0; from < end; from += step) {
		memset(a->match, 0, step * sizeof(*a->match));
		for (unsigned p = 0; p < a->strongest_n; p++)
			match_block(a, p, from);
		for (size_t i = 0; i < step && from + i < end; i++) {
			if (a->match[i] <= most)
				continue;
			most = a->match[i];
			best = (int64_t)(from + i);
		}
	}
	return best;
}

/* What the recording from `at` on, without a frequency, has of a piece of the subframe. */
static struct phy_cf piece_match(const struct aligning *a, int64_t at, unsigned i, double cfo_hz)
{
	size_t from = (size_t)i * a->piece;
	float sum[2];

	at += (int64_t)from;
	phy_measure_turn_back(a->block, a->samples + at, a->piece, cfo_hz / a->rate_hz, at);
	a->k->cf_dot_conj(sum, &a->block->re, &a->sent[from].re, a->piece);
	return (struct phy_cf){ sum[0], sum[1] };
}

/* The share of the recording's power there that is the waveform's. */
static double share(const struct aligning *a, int64_t at)
{
	double match = 0, all = 0;

	for (unsigned p = 0; p < a->strongest_n; p++) {
		unsigned i = a->strongest[p];
		struct phy_cf c = piece_match(a, at, i, 0);

		match += (double)c.re * (double)c.re + (double)c.im * (double)c.im;
		all += (double)piece_energy(a, i) *
		       (double)a->k->cf_energy(&a->samples[(size_t)at + (size_t)i * a->piece].re, a->piece);
	}
	return all > 0 ? match / all : 0;
}

/* How well the pieces' phases fit a frequency. */
static double fit(const struct phy_cf *match, size_t n, double turns_a_piece)
{
	double re = 0, im = 0;

	for (size_t i = 0; i < n; i++) {
		double phase, x = (double)match[i].re, y = (double)match[i].im;

		if (x == 0 && y == 0)
			continue;
		phase = -2 * M_PI * fmod(turns_a_piece * (double)i, 1);
		re += x * cos(phase) - y * sin(phase);
		im += x * sin(phase) + y * cos(phase);
	}
	return re * re + im * im;
}

/*
 * Turns from piece to piece: first by neighbours, which tell it without doubt, then by all together, near
 * that; the peak is then narrowed down.
 */
static double turns(const struct aligning *a, const struct phy_cf *match, size_t n)
{
	double re = 0, im = 0, step = 1 / (4.0 * (double)n), range = range_hz * a->piece / a->rate_hz, best,
	       most = -1;
	double about;

	for (size_t i = 1; i < n; i++) {
		re += (double)match[i].re * (double)match[i - 1].re +
		      (double)match[i].im * (double)match[i - 1].im;
		im += (double)match[i].im * (double)match[i - 1].re -
		      (double)match[i].re * (double)match[i - 1].im;
	}
	best = about = atan2(im, re) / (2 * M_PI);
	for (double at = about - range; at <= about + range; at += step) {
		double now = fit(match, n, at);

		if (now > most) {
			most = now;
			best = at;
		}
	}
	for (unsigned i = 0; i < REFINEMENTS; i++) {
		double low = fit(match, n, best - step), high = fit(match, n, best + step);

		if (low > most || high > most)
			best += low > high ? -step : step;
		else
			step /= 2;
		most = fit(match, n, best);
	}
	return best;
}

/*
 * The frequency error: from the subframe at hand, then from all of the recording that is measured, with that
 * taken out, as pieces whose power is not even would else tell a little less or more.
 */
static enum phy_measure_error find_frequency(struct aligning *a, struct phy_measurement *m)
{
	int64_t at_first = m->start + (int64_t)(a->first * a->n);
	size_t per = a->n / a->piece, n = 0;
	struct phy_cf *match = calloc(per * PHY_MEASURE_FRAMES_MAX * 10, sizeof(*match));

	if (!match)
		return PHY_MEASURE_MEMORY;
	for (unsigned i = 0; i < per; i++)
		match[i] = piece_match(a, at_first, i, 0);
	m->cfo_hz = turns(a, match, per) * a->rate_hz / a->piece;
	for (unsigned s = a->first; s < PHY_MEASURE_FRAMES_MAX * 10; s++) {
		int64_t at = m->start + (int64_t)(s * a->n);

		if (at + (int64_t)a->n > (int64_t)a->count)
			break;
		if (s > a->first)
			phy_waveform_run(a->wave, a->k, a->sent);
		for (unsigned i = 0; at >= 0 && i < per; i++)
			match[n++] = piece_match(a, at, i, m->cfo_hz);
	}
	if (n > 1)
		m->cfo_hz += turns(a, match, n) * a->rate_hz / a->piece;
	free(match);
	return PHY_MEASURE_OK;
}

static bool aligning_init(struct aligning *a, const struct phy_waveform_config *c)
{
	size_t n;

	a->piece = c->fft_size / 2u;
	n = 4 * (size_t)a->piece;
	a->n = (size_t)c->fft_size * 15 << c->mu;
	a->rate_hz = (double)a->n * 1000;
	a->sent = calloc(a->n, sizeof(*a->sent));
	a->block = calloc(n, sizeof(*a->block));
	a->spectrum = calloc(n, sizeof(*a->spectrum));
	a->product = calloc(n, sizeof(*a->product));
	a->work = calloc(n, sizeof(*a->work));
	a->pieces = calloc(n * STRONGEST, sizeof(*a->pieces));
	a->match = calloc(n, sizeof(*a->match));
	return a->sent && a->block && a->spectrum && a->product && a->work && a->pieces && a->match &&
	       phy_fft_init(&a->fft, (unsigned)n, false) && phy_fft_init(&a->back, (unsigned)n, true);
}

static void aligning_fini(struct aligning *a)
{
	phy_waveform_free(a->wave);
	phy_fft_fini(&a->fft);
	phy_fft_fini(&a->back);
	free(a->sent);
	free(a->block);
	free(a->spectrum);
	free(a->product);
	free(a->work);
	free(a->pieces);
	free(a->match);
}

static enum phy_measure_error align(struct aligning *a, struct phy_measurement *m)
{
	int64_t at;

	if (!find_strongest(a))
		return PHY_MEASURE_ABSENT;
	transform_pieces(a);
	at = best_place(a);
	if (at < 0)
		return PHY_MEASURE_SHORT;
	if (share(a, at) < least_match)
		return PHY_MEASURE_ABSENT;
	m->start = at - (int64_t)(a->first * a->n);
	return find_frequency(a, m);
}

enum phy_measure_error phy_measure_align(const struct phy_waveform_config *c, const struct kern *k,
	const struct phy_cf *samples, size_t count, struct phy_measurement *m)
{
	struct aligning a = { .k = k, .samples = samples, .count = count };
	enum phy_measure_error result;
	enum phy_waveform_error e;

	a.wave = phy_waveform_new(c, &e);
	if (!a.wave)
		return e == PHY_WAVEFORM_MEMORY ? PHY_MEASURE_MEMORY : PHY_MEASURE_WAVEFORM;
	result = aligning_init(&a, c) ? align(&a, m) : PHY_MEASURE_MEMORY;
	aligning_fini(&a);
	return result;
}
