/*
 * A subcarrier is 15 kHz wide at least, and what a symbol sends repeats after some milliseconds at the
 * earliest, so that a line in a spectrum of a millisecond or two is none of NR's. Each is brought to zero
 * frequency, smoothed over a millisecond, and taken off: a notch so narrow that a subcarrier hardly misses
 * it.
 */
#include "radio/phy/search/tones.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/peak.h"
#include "radio/phy/signals/complex.h"
#include "radio/phy/signals/fft.h"

enum {
	TONES_MAX = 128, /* taken off before the spectrum is looked at again */
	PASSES = 4,
	BLOCKS_MAX = 64, /* of the recording that the spectrum is the mean of */
	BLOCK_MIN = 1024,
	BESIDE_FROM = 3, /* bins from a line to those it is measured by: Hann's window keeps it within two */
	BESIDE_TO = 8,
	BESIDE = 2 * (BESIDE_TO - BESIDE_FROM + 1),
	BESIDE_QUIET = 7, /* of them in ascending order: one side may be a signal's edge, or another line */
	PIECE_MAX = 4096,
};

static const double block_s = 2e-3, piece_s = 8e-6, smooth_s = 0.5e-3;

/* Over what is beside it: noise in a single block comes to this at one bin of 10^7. */
static const float least_over = 25;

/* Of the strongest line: below, transforms of floats leave what looks like one. */
static const float least_of_all = 1e-11f;

struct tones {
	const struct kern *k;
	struct phy_cf *samples;
	size_t count;
	double rate_hz;
	unsigned n; /* of a block */
	struct phy_fft fft;
	float *spectrum, *window;
	struct phy_cf *in, *out, *work;
	unsigned piece; /* samples in which a tone is taken to be the same but for its frequency */
	size_t pieces;
	struct phy_cf *ramp, *rest, *sum, *smoothed; /* of a piece; by piece */
	struct phy_cf *total;                        /* of sum[] before each piece */
	unsigned found;
	struct tone {
		double hz;
		float power;
	} tone[TONES_MAX];
};

static void tones_fini(struct tones *t)
{
	phy_fft_fini(&t->fft);
	free(t->spectrum);
	free(t->window);
	free(t->in);
	free(t->out);
	free(t->work);
	free(t->ramp);
	free(t->rest);
	free(t->sum);
	free(t->smoothed);
	free(t->total);
}

static bool tones_init(struct tones *t)
{
	double piece = t->rate_hz * piece_s;

	for (t->n = BLOCK_MIN; t->n < t->rate_hz * block_s && t->n < PHY_FFT_MAX && 2 * t->n <= t->count;)
		t->n *= 2;
	t->piece = piece < 1 ? 1 : piece > PIECE_MAX ? PIECE_MAX : (unsigned)piece;
	t->pieces = (t->count + t->piece - 1) / t->piece;
	t->spectrum = malloc(t->n * sizeof(*t->spectrum));
	t->window = malloc(t->n * sizeof(*t->window));
	t->in = malloc(t->n * sizeof(*t->in));
	t->out = malloc(t->n * sizeof(*t->out));
	t->work = malloc(t->n * sizeof(*t->work));
	t->ramp = malloc(t->piece * sizeof(*t->ramp));
	t->rest = malloc(t->piece * sizeof(*t->rest));
	t->sum = malloc(t->pieces * sizeof(*t->sum));
	t->smoothed = malloc(t->pieces * sizeof(*t->smoothed));
	t->total = malloc((t->pieces + 1) * sizeof(*t->total));
	if (!t->spectrum || !t->window || !t->in || !t->out || !t->work || !t->ramp || !t->rest || !t->sum ||
		!t->smoothed || !t->total || !phy_fft_init(&t->fft, t->n, false))
		return false;
	for (unsigned i = 0; i < t->n; i++) /* Hann's */
		t->window[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (i + 0.5) / t->n));
	return true;
}

/* The mean of the spectra of blocks from all over the recording. */
static void take_spectrum(struct tones *t)
{
	size_t room = t->count - t->n, blocks = room / (t->n / 2) + 1;

	memset(t->spectrum, 0, t->n * sizeof(*t->spectrum));
	blocks = blocks < BLOCKS_MAX ? blocks : BLOCKS_MAX;
	for (size_t b = 0; b < blocks; b++) {
		const struct phy_cf *x = t->samples + (blocks > 1 ? room / (blocks - 1) * b : 0);

		for (unsigned i = 0; i < t->n; i++)
			t->in[i] = (struct phy_cf){ x[i].re * t->window[i], x[i].im * t->window[i] };
		phy_fft_run(&t->fft, t->k, t->out, t->in, t->work);
		for (unsigned i = 0; i < t->n; i++)
			t->spectrum[i] += phy_cf_power(t->out[i]);
	}
}

static float bin(const struct tones *t, unsigned i)
{
	return t->spectrum[i & (t->n - 1)];
}

/* What is beside a bin: the BESIDE_QUIET-th of its neighbours. */
static float beside(const struct tones *t, unsigned i)
{
	float v[BESIDE];

	for (unsigned n = 0; n < BESIDE; n++) {
		float next = n % 2 ? bin(t, i + BESIDE_FROM + n / 2) : bin(t, i - BESIDE_FROM - n / 2);
		unsigned at = n;

		for (; at > 0 && v[at - 1] > next; at--)
			v[at] = v[at - 1];
		v[at] = next;
	}
	return v[BESIDE_QUIET];
}

/* Puts a line in its place by power; the weakest goes when there are too many. */
static void add(struct tones *t, double hz, float power)
{
	unsigned at = t->found < TONES_MAX ? t->found++ : TONES_MAX - 1;

	if (t->found == TONES_MAX && at == TONES_MAX - 1 && t->tone[at].power > power)
		return;
	for (; at > 0 && t->tone[at - 1].power < power; at--)
		t->tone[at] = t->tone[at - 1];
	t->tone[at] = (struct tone){ hz, power };
}

static void find_tones(struct tones *t)
{
	float most = 0;

	t->found = 0;
	take_spectrum(t);
	for (unsigned i = 0; i < t->n; i++)
		most = t->spectrum[i] > most ? t->spectrum[i] : most;
	for (unsigned i = 0; i < t->n; i++) {
		float before = bin(t, i - 1), at = bin(t, i), after = bin(t, i + 1);
		double top;

		if (at < before || at <= after || at < most * least_of_all || at < least_over * beside(t, i))
			continue;
		top = phy_parabola_top(
			log((double)before + 1e-30), log((double)at + 1e-30), log((double)after + 1e-30));
		add(t, (i + top - (i >= t->n / 2 ? t->n : 0)) * t->rate_hz / t->n, at);
	}
}

/* The pieces as they are when a tone of this frequency is brought to zero: their means. */
static void bring_down(struct tones *t, double turns)
{
	for (size_t j = 0; j < t->pieces; j++) {
		size_t first = j * t->piece, n = t->count - first < t->piece ? t->count - first : t->piece;
		struct phy_cf w = phy_cf_unit((float)(-2 * M_PI * fmod(turns * (double)first, 1)));
		float sum[2];

		t->k->cf_dot_conj(sum, &t->samples[first].re, &t->ramp->re, n);
		t->sum[j] = phy_cf_mul((struct phy_cf){ sum[0] / (float)n, sum[1] / (float)n }, w);
	}
}

/* out = the mean of in over so many pieces to either side. */
static void smooth(struct tones *t, struct phy_cf *out, const struct phy_cf *in, size_t half)
{
	double re = 0, im = 0;
	size_t from = 0, to = 0;

	for (size_t j = 0; j < t->pieces; j++) {
		for (; to < t->pieces && to <= j + half; to++) {
			re += (double)in[to].re;
			im += (double)in[to].im;
		}
		for (; from + half < j; from++) {
			re -= (double)in[from].re;
			im -= (double)in[from].im;
		}
		out[j] = (struct phy_cf){ (float)(re / (double)(to - from)),
			(float)(im / (double)(to - from)) };
	}
}

/* By how much the tone turns from sample to sample beyond what it is taken for. */
static double residual_turns(const struct tones *t, size_t half)
{
	struct phy_cf sum = { 0, 0 };

	for (size_t j = 0; j + half < t->pieces; j++)
		phy_cf_add(&sum, phy_cf_mul_conj(t->smoothed[j + half], t->smoothed[j]));
	return atan2((double)sum.im, (double)sum.re) / (2 * M_PI * (double)half * t->piece);
}

static void make_ramp(struct tones *t, double turns)
{
	for (unsigned i = 0; i < t->piece; i++)
		t->ramp[i] = phy_cf_unit((float)(2 * M_PI * fmod(turns * i, 1)));
}

static void take_off(struct tones *t, double hz)
{
	size_t half = (size_t)(smooth_s * t->rate_hz / t->piece / 2) + 1;
	double turns = hz / t->rate_hz, more;

	make_ramp(t, turns);
	bring_down(t, turns);
	smooth(t, t->smoothed, t->sum, half);
	more = residual_turns(t, half);
	turns += more;
	make_ramp(t, turns);
	for (size_t j = 0; j < t->pieces; j++)
		t->sum[j] = phy_cf_mul(
			t->sum[j], phy_cf_unit((float)(-2 * M_PI * fmod(more * (double)(j * t->piece), 1))));
	smooth(t, t->total, t->sum, half);
	smooth(t, t->smoothed, t->total, half);
	for (size_t j = 0; j < t->pieces; j++) {
		size_t first = j * t->piece, n = t->count - first < t->piece ? t->count - first : t->piece;
		struct phy_cf a = phy_cf_mul(
			t->smoothed[j], phy_cf_unit((float)(2 * M_PI * fmod(turns * (double)first, 1))));
		const float *const in[] = { &t->samples[first].re, &t->ramp->re };
		const struct phy_cf w[] = { { 1, 0 }, { -a.re, -a.im } };

		t->k->cf_combine(&t->rest->re, in, &w->re, ARRAY_LEN(in), n);
		(void)bytes_copy(
			t->samples + first, n * sizeof(*t->samples), bytes_of(t->rest, n * sizeof(*t->rest)));
	}
}

bool phy_tones_remove(const struct kern *k, struct phy_cf *samples, size_t count, double rate_hz)
{
	struct tones *t;
	bool ok;

	if (count < BLOCK_MIN || !(rate_hz > 0 && rate_hz <= 1e9))
		return true;
	t = calloc(1, sizeof(*t));
	if (!t)
		return false;
	t->k = k;
	t->samples = samples;
	t->count = count;
	t->rate_hz = rate_hz;
	ok = tones_init(t);
	for (unsigned pass = 0; ok && pass < PASSES; pass++) {
		find_tones(t);
		if (t->found == 0)
			break;
		for (unsigned i = 0; i < t->found; i++)
			take_off(t, t->tone[i].hz);
	}
	tones_fini(t);
	free(t);
	return ok;
}
