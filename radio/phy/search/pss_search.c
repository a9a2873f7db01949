/*
 * For each frequency that an SSB may have, the bins around it are multiplied by the conjugate spectrum of a
 * PSS and transformed back: a correlation at a rate just above the PSS's band. It is measured by the energy
 * in that band over the length of the PSS, so that neither the level nor loud traffic elsewhere matters: in
 * noise, the share explained falls below x as 1 - exp(-127 x). That is done where two quicker looks leave
 * something: the sieve, and a correlation at the places that it leaves alone.
 */
#include "radio/phy/search/pss_search.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/peak.h"
#include "radio/phy/search/pss_peaks.h"
#include "radio/phy/search/pss_sieve.h"
#include "radio/phy/search/pss_wave.h"
#include "radio/phy/channels/ssb.h"

enum {
	SMALL_MIN = 192, /* the rate of correlations, at least, in subcarriers */
	SHARE = 4,       /* frequencies in a row that share a measure of energy: of 127 spacings, 3 */
	TILE = 64,       /* and that share a stream of samples */
	FEW = 24,        /* places of a block that are looked at alone */
	REPETITIONS = PHY_PSS_REPETITIONS_MAX,
	MIDDLE = PHY_SSB_SUBCARRIERS / 2 - PHY_SSB_SYNC_AT, /* chips below subcarrier 120 */
};

static const float least_score = 17; /* noise reaches it once in 50 frequencies of 40 ms */
#define ALONE    (17.0f / PHY_SYNC_LENGTH)
#define TOGETHER (0.4f * ALONE) /* with a repetition that makes up for it */

/* What the sieve must find for a likeness of ALONE, by one block or by two: places and frequencies beside
 * those that it looks at cost something, the noise of three thirds adds some. */
#define SIEVE_ALONE (12.5f / PHY_SYNC_LENGTH)
#define SIEVE_PAIR  (15.0f / PHY_SYNC_LENGTH)
#define SIEVE_FIRST (5.0f / PHY_SYNC_LENGTH)

/* A place looked at alone has its energy from the sieve. */
static const float about = 0.75f;

/* From one frequency to the next, in spacings: 2.1 dB are lost half way, which PBCH would not bear first. */
static const double step_spacings = 0.75;

/* Of the loudest stretch of the recording as long as a PSS: what is fainter is taken for an image of
 * something loud. */
static const double image = 1e-5;

/* Energy of a block below that: no place of it is worth a look. */
static const double silent = 0.003;

struct phy_pss_search {
	struct phy_pss_blocks blocks;
	struct phy_pss_sieve sieve;
	struct phy_pss_view view;
	int step;                            /* bins from one frequency to the next */
	float least_energy;                  /* of a PSS in the units of `energy` */
	struct phy_cf *pss[PHY_CELL_ID_2S];  /* filters */
	struct phy_cf *wave[PHY_CELL_ID_2S]; /* TILE of them, at the frequencies of a tile */
	struct phy_cf *band, *all;           /* 1 where energy is measured: where the PSS is at any of SHARE
						frequencies; and 1 everywhere */
	struct phy_cf *stream[REPETITIONS];  /* a tile's samples */
	struct phy_cf *time;
	float *values, *energy[REPETITIONS]; /* of those that a PSS from here on would take */
	float *likeness[REPETITIONS], *sum;
	uint32_t *high; /* places that stand out */
	size_t block;   /* that is looked at, with so many repetitions */
	unsigned repetitions;
	int tile, energy_at;
};

void phy_pss_search_free(struct phy_pss_search *s)
{
	if (!s)
		return;
	phy_pss_blocks_fini(&s->blocks);
	phy_pss_sieve_fini(&s->sieve);
	phy_pss_view_fini(&s->view);
	free(s->band);
	free(s->all);
	free(s->time);
	free(s->values);
	free(s->sum);
	free(s->high);
	for (unsigned i = 0; i < PHY_CELL_ID_2S; i++) {
		free(s->pss[i]);
		free(s->wave[i]);
	}
	for (unsigned r = 0; r < REPETITIONS; r++) {
		free(s->stream[r]);
		free(s->energy[r]);
		free(s->likeness[r]);
	}
	free(s);
}

static double subcarrier_bins(const struct phy_pss_search *s)
{
	return s->blocks.scs_hz * s->blocks.size / s->blocks.rate_hz;
}

static bool allocate(struct phy_pss_search *s)
{
	size_t bins = s->view.bins;
	bool all;

	s->band = malloc(bins * sizeof(*s->band));
	s->all = malloc(bins * sizeof(*s->all));
	s->time = malloc(bins * sizeof(*s->time));
	s->values = malloc(bins * sizeof(*s->values));
	s->sum = malloc(bins * sizeof(*s->sum));
	s->high = malloc(bins * sizeof(*s->high));
	all = s->band && s->all && s->time && s->values && s->sum && s->high;
	for (unsigned i = 0; i < PHY_CELL_ID_2S; i++) {
		s->pss[i] = malloc(bins * sizeof(*s->pss[i]));
		s->wave[i] = malloc((size_t)TILE * s->view.length * sizeof(*s->wave[i]));
		all = all && s->pss[i] && s->wave[i];
	}
	for (unsigned r = 0; r < REPETITIONS; r++) {
		s->stream[r] = malloc(bins * sizeof(*s->stream[r]));
		s->energy[r] = malloc(bins * sizeof(*s->energy[r]));
		s->likeness[r] = malloc(bins * sizeof(*s->likeness[r]));
		all = all && s->stream[r] && s->energy[r] && s->likeness[r];
	}
	return all;
}

/* The PSS as a filter, and as it is in a tile's samples at each of its frequencies. */
static void make_pss(struct phy_pss_search *s)
{
	unsigned half = (unsigned)ceil((PHY_SYNC_LENGTH + 1) / 2 * subcarrier_bins(s));

	phy_pss_band(s->band, &s->view, half + SHARE / 2 * (unsigned)s->step);
	phy_pss_band(s->all, &s->view, s->view.bins);
	for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
		int8_t d[PHY_SYNC_LENGTH];
		struct phy_pss_part part = { d, PHY_SYNC_LENGTH, -MIDDLE };

		phy_pss(d, id);
		phy_pss_filter(s->pss[id], &s->blocks, &s->view, &part, half);
		phy_pss_wave(s->time, &s->blocks, &s->view, &part);
		for (int t = 0; t < TILE; t++) {
			for (unsigned n = 0; n < s->view.length; n++) {
				double a = 2 * M_PI *
					   fmod((double)(t - TILE / 2) * s->step * n / s->view.bins, 1);
				struct phy_cf x = s->time[n], w = { (float)cos(a), (float)sin(a) };

				s->wave[id][(size_t)t * s->view.length + n] =
					(struct phy_cf){ x.re * w.re - x.im * w.im,
						x.re * w.im + x.im * w.re };
			}
		}
	}
}

struct phy_pss_search *phy_pss_search_new(double rate_hz, double scs_hz, size_t count_max)
{
	struct phy_pss_search *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	if (phy_pss_blocks_init(&s->blocks, rate_hz, scs_hz, count_max)) {
		s->step = (int)floor(step_spacings * subcarrier_bins(s));
		s->step = s->step > 0 ? s->step : 1;
		if (phy_pss_sieve_init(&s->sieve, &s->blocks, s->step) &&
			phy_pss_view_init(&s->view, &s->blocks, SMALL_MIN) && allocate(s)) {
			make_pss(s);
			return s;
		}
	}
	phy_pss_search_free(s);
	return NULL;
}

void phy_pss_search_take(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in)
{
	phy_pss_blocks_take(&s->blocks, k, in);
	/* transforms are not scaled, and of the samples one of `decimation` is summed */
	s->least_energy = (float)((image * s->blocks.loudest + 1e-30) * s->blocks.size * s->blocks.size /
				  s->view.decimation);
}

void phy_pss_search_retake(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in,
	size_t from, size_t to)
{
	phy_pss_blocks_retake(&s->blocks, k, in, from, to);
}

static size_t repetition(const struct phy_pss_search *s, unsigned r)
{
	return s->block + (size_t)r * s->blocks.per_period;
}

/* energy[] of all repetitions, at one frequency. */
static void measure(struct phy_pss_search *s, const struct kern *k, int at)
{
	int middle = (int)floor((double)at / SHARE) * SHARE + SHARE / 2;

	if (s->energy_at == middle)
		return;
	s->energy_at = middle;
	for (unsigned r = 0; r < s->repetitions; r++) {
		phy_pss_correlate(
			&s->blocks, k, &s->view, repetition(s, r), middle * s->step, s->band, s->time);
		k->cf_power(s->values, &s->time->re, s->view.valid + s->view.length - 1);
		k->sum_windows(s->energy[r], s->values, s->view.valid, s->view.length);
		for (unsigned i = 0; i < s->view.valid; i++)
			s->energy[r][i] += s->least_energy;
	}
}

/* likeness[] of all repetitions, at one frequency. */
static void compare_all(struct phy_pss_search *s, const struct kern *k, int at, unsigned id)
{
	measure(s, k, at);
	for (unsigned r = 0; r < s->repetitions; r++) {
		phy_pss_correlate(
			&s->blocks, k, &s->view, repetition(s, r), at * s->step, s->pss[id], s->time);
		k->cf_power_over(s->likeness[r], &s->time->re, s->energy[r], s->view.valid);
	}
}

/* The peak at a place, taken with its repetitions if that makes it likelier. */
static void consider(struct phy_pss_search *s, struct phy_pss_peaks *peaks, struct phy_pss_peak peak,
	unsigned r, unsigned place)
{
	const float *v = s->likeness[r];
	float sum = 0;
	double fraction;

	for (unsigned n = 1; r + n <= s->repetitions; n++) {
		float score;

		sum += s->likeness[r + n - 1][place];
		score = phy_pss_score(sum, n);
		if (score <= peak.score)
			continue;
		peak.score = score;
		peak.repetitions = (uint8_t)n;
		peak.likeness = sum / (float)n;
	}
	if (peak.score < least_score)
		return;
	fraction = place > 0 && place + 1 < s->view.valid
			   ? phy_parabola_top((double)v[place - 1], (double)v[place], (double)v[place + 1])
			   : 0;
	peak.start = (double)phy_pss_block_start(&s->blocks, repetition(s, r)) +
		     ((double)place + fraction) * s->view.decimation;
	phy_pss_keep(peaks, &peak, s->blocks.rate_hz, s->blocks.scs_hz);
}

/* All peaks of one PSS at one frequency, in a block and its repetitions. */
static void collect(
	struct phy_pss_search *s, const struct kern *k, struct phy_pss_peaks *peaks, int at, unsigned id)
{
	struct phy_pss_peak peak = { .frequency_hz = at * s->step * s->blocks.rate_hz / s->blocks.size,
		.n_id_2 = (uint8_t)id };
	unsigned valid = s->view.valid;

	compare_all(s, k, at, id);
	for (unsigned r = 0; r < s->repetitions; r++) {
		bool again = r + 1 < s->repetitions;
		const float *v = s->likeness[r], *next = s->likeness[again ? r + 1 : r];
		size_t n = k->find_least(s->high, v, valid, TOGETHER);

		for (size_t h = 0; h < n; h++) {
			unsigned i = s->high[h];

			if ((i > 0 && v[i] < v[i - 1]) || (i + 1 < valid && v[i] < v[i + 1]))
				continue;
			if (v[i] >= ALONE || (again && v[i] + next[i] > ALONE))
				consider(s, peaks, peak, r, i);
		}
	}
}

static void take_stream(struct phy_pss_search *s, const struct kern *k, int at)
{
	int tile = (int)floor((double)at / TILE);

	if (s->tile == tile)
		return;
	s->tile = tile;
	for (unsigned r = 0; r < s->repetitions; r++)
		phy_pss_correlate(&s->blocks, k, &s->view, repetition(s, r),
			(tile * TILE + TILE / 2) * s->step, s->all, s->stream[r]);
}

/* The likeness around a place of the sieve, by the energy that the sieve measured. */
static float look(
	struct phy_pss_search *s, const struct kern *k, int at, unsigned id, unsigned r, unsigned place)
{
	int ratio = (int)(s->sieve.view.decimation / s->view.decimation),
	    most = (int)s->view.bins - (int)s->view.length;
	int from = (int)place * ratio - ratio / 2;
	const struct phy_cf *wave =
		s->wave[id] + (size_t)(at - (int)floor((double)at / TILE) * TILE) * s->view.length;
	float best = 0;

	take_stream(s, k, at);
	for (int i = from < 0 ? 0 : from; i < from + ratio + (ratio == 1) && i <= most; i++) {
		float sum[2], power;

		k->cf_dot_conj(sum, &s->stream[r][i].re, &wave->re, s->view.length);
		power = sum[0] * sum[0] + sum[1] * sum[1];
		best = power > best ? power : best;
	}
	return best * s->sieve.inverse[r * s->sieve.view.valid + place] / (float)ratio;
}

/* Whether places that the sieve leaves are worth a comparison. */
static bool stands_out(struct phy_pss_search *s, const struct kern *k, int at, unsigned id, unsigned r)
{
	unsigned valid = s->sieve.view.valid;
	const float *v = s->sieve.likeness[id] + (size_t)r * valid, *next = v + valid;
	size_t n = k->find_least(s->high, v, valid, SIEVE_ALONE);

	if (n > FEW)
		return true;
	for (size_t h = 0; h < n; h++) {
		if (look(s, k, at, id, r, s->high[h]) >= about * ALONE)
			return true;
	}
	if (r + 1 >= s->repetitions)
		return false;
	for (unsigned i = 0; i < valid; i++)
		s->sum[i] = v[i] + next[i];
	n = k->find_least(s->high, s->sum, valid, SIEVE_PAIR);
	if (n > FEW)
		return true;
	for (size_t h = 0; h < n; h++) {
		unsigned i = s->high[h];
		float here = v[i] < SIEVE_FIRST ? 0 : look(s, k, at, id, r, i);

		if (here >= about * TOGETHER && here + look(s, k, at, id, r + 1, i) >= about * ALONE)
			return true;
	}
	return false;
}

/* False if all that a block and its repetitions hold is silence. */
static bool start_block(struct phy_pss_search *s, size_t block)
{
	double least = image * s->blocks.loudest + 1e-30;
	bool loud = false;

	s->block = block;
	s->repetitions = 0;
	s->tile = s->energy_at = INT_MIN;
	while (s->repetitions < REPETITIONS && repetition(s, s->repetitions) < s->blocks.count) {
		loud = loud || (double)s->blocks.energy[repetition(s, s->repetitions)] > silent * least;
		s->repetitions++;
	}
	phy_pss_sieve_start(&s->sieve, block, s->repetitions, least);
	return loud;
}

void phy_pss_search_run(struct phy_pss_search *s, const struct kern *k, double low_hz, double high_hz,
	struct phy_pss_peaks *peaks)
{
	double edge = s->blocks.rate_hz / 2 - PHY_SSB_KEPT / 2 * s->blocks.scs_hz;
	double step_hz = s->step * s->blocks.rate_hz / s->blocks.size;

	peaks->count = 0;
	if (!(low_hz <= edge && high_hz >= -edge))
		return;
	low_hz = low_hz > -edge ? low_hz : -edge;
	high_hz = high_hz < edge ? high_hz : edge;
	for (size_t b = 0; b < s->blocks.per_period && b < s->blocks.count; b++) {
		if (!start_block(s, b))
			continue;
		for (int at = (int)lround(low_hz / step_hz); at <= (int)lround(high_hz / step_hz); at++) {
			if (!phy_pss_sieve_at(&s->sieve, k, at))
				continue;
			for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
				bool out = false;

				for (unsigned r = 0; r < s->repetitions && !out; r++)
					out = stands_out(s, k, at, id, r);
				if (out)
					collect(s, k, peaks, at, id);
			}
		}
	}
}
