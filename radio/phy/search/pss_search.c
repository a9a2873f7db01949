/*
 * The recording is cut into overlapping blocks and transformed once. For each frequency that an SSB may have,
 * the bins around it are multiplied by the conjugate spectrum of a PSS and transformed back: a correlation at
 * a rate just above the PSS's band. It is measured by the energy in that band over the length of the PSS, so
 * that neither the level nor loud traffic elsewhere matters: in noise, the share explained falls below x as 1
 * - exp(-127 x).
 */
#include "radio/phy/search/pss_search.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/peak.h"
#include "radio/phy/search/pss_peaks.h"
#include "radio/phy/channels/ssb.h"

enum {
	SMALL_MIN = 192, /* the rate of correlations, at least, in subcarriers */
	REPETITIONS_MAX = 4,
	BLOCK_MIN = 1024,
	BLOCK_LENGTHS = 8, /* of a PSS in a block */
	SHARE = 4,         /* frequencies in a row that share a measure of energy: of 127 spacings, 3 */
};

static const double period_s = PHY_SSB_PERIOD_MS / 1e3;
static const float least_score = 17; /* noise reaches it once in 50 frequencies of 40 ms */

/* From one frequency to the next, in spacings: 2.1 dB are lost half way, which PBCH would not bear first. */
static const double step_spacings = 0.75;

/* Of the loudest stretch of the recording as long as a PSS: what is fainter is taken for an image of
 * something loud. */
static const double image = 1e-5;

struct phy_pss_search {
	double scs_hz, rate_hz;
	unsigned big, small, decimation; /* big = small * decimation */
	unsigned valid;                  /* correlations of a block */
	unsigned length;                 /* of the PSS, in correlations */
	size_t count_max, blocks_max, blocks, places;
	double least_energy; /* of a PSS in the units of `energy` */
	struct phy_fft forward, back;
	struct phy_cf *spectra; /* of the blocks */
	struct phy_cf *pss[PHY_CELL_ID_2S];
	struct phy_cf *band; /* 1 where energy is measured: where the PSS is at any of SHARE frequencies */
	struct phy_cf *bins, *time, *work;
	float *power, *ones;             /* of the samples of a block in the PSS's band */
	float *energy;                   /* of those that a PSS from here on would take */
	uint32_t *high;                  /* places that stand out */
	float *likeness[PHY_CELL_ID_2S]; /* by place */
};

void phy_pss_search_free(struct phy_pss_search *s)
{
	if (!s)
		return;
	phy_fft_fini(&s->forward);
	phy_fft_fini(&s->back);
	free(s->spectra);
	free(s->band);
	free(s->bins);
	free(s->time);
	free(s->work);
	free(s->power);
	free(s->ones);
	free(s->energy);
	free(s->high);
	for (unsigned i = 0; i < PHY_CELL_ID_2S; i++) {
		free(s->pss[i]);
		free(s->likeness[i]);
	}
	free(s);
}

/* Sizes: the least decimated rate that is enough, and blocks a few times as long as the PSS. */
static bool choose_sizes(struct phy_pss_search *s)
{
	double samples = s->rate_hz / s->scs_hz;

	if (!(samples >= PHY_SSB_SUBCARRIERS && samples <= PHY_PSS_SAMPLES_MAX))
		return false;
	s->decimation = 1;
	while (s->rate_hz / (2 * s->decimation) >= SMALL_MIN * s->scs_hz)
		s->decimation *= 2;
	s->big = BLOCK_MIN;
	while (s->big < BLOCK_LENGTHS * samples && s->big < PHY_FFT_MAX)
		s->big *= 2;
	s->small = s->big / s->decimation;
	s->length = (unsigned)lround(samples / s->decimation);
	s->valid = s->small - (unsigned)ceil(samples / s->decimation);
	return s->small >= PHY_FFT_MIN;
}

/* From one frequency to the next, in bins of a block. */
static unsigned step_of(const struct phy_pss_search *s)
{
	unsigned step = (unsigned)floor(step_spacings * s->scs_hz * s->big / s->rate_hz);

	return step > 0 ? step : 1;
}

/* Spectra of the three PSS as the bins of a block have them, of unit energy in time. */
static void make_pss(struct phy_pss_search *s, const struct kern *k)
{
	double rate = s->rate_hz / s->decimation;
	unsigned n = (unsigned)floor(rate / s->scs_hz + 1e-9);
	double spacing = s->scs_hz * s->big / s->rate_hz; /* in bins */
	unsigned half = (unsigned)ceil((PHY_SYNC_LENGTH + 1) / 2 * spacing);
	unsigned wide = half + SHARE / 2 * step_of(s);

	for (unsigned i = 0; i < wide && i < s->small / 2; i++)
		s->band[i].re = s->band[s->small - 1 - i].re = 1;
	for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
		int8_t d[PHY_SYNC_LENGTH];
		double energy = 0;

		phy_pss(d, id);
		memset(s->bins, 0, s->small * sizeof(*s->bins));
		for (unsigned i = 0; i < n && i < s->small; i++) {
			double re = 0, im = 0;

			for (int c = 0; c < PHY_SYNC_LENGTH; c++) {
				double a = 2 * M_PI *
					   fmod((c + PHY_SSB_SYNC_AT - 120) * s->scs_hz * i / rate, 1);

				re += d[c] * cos(a);
				im += d[c] * sin(a);
			}
			s->bins[i] = (struct phy_cf){ (float)re, (float)im };
			energy += re * re + im * im;
		}
		for (unsigned i = 0; i < s->small; i++) {
			s->bins[i].re *= (float)(1 / sqrt(energy));
			s->bins[i].im *= (float)(-1 / sqrt(energy));
		}
		/* the transform is the conjugate of the inverse transform of the conjugate */
		phy_fft_run(&s->back, k, s->pss[id], s->bins, s->work);
		/* cut to what energy is measured of at all its frequencies: else a tone, or loud traffic
		 * beside it, looks like a PSS where the band itself is silent */
		for (unsigned i = 0; i < s->small; i++) {
			float in_band = i < half || s->small - 1 - i < half ? 1 : 0;

			s->pss[id][i].re *= in_band;
			s->pss[id][i].im *= -in_band;
		}
	}
}

/* Bins of a block in spectra. */
static size_t stride(const struct phy_pss_search *s)
{
	return (size_t)s->big + s->small;
}

static bool allocate(struct phy_pss_search *s)
{
	s->blocks_max = s->count_max / ((size_t)s->valid * s->decimation) + 1;
	s->spectra = malloc(s->blocks_max * stride(s) * sizeof(*s->spectra));
	s->band = calloc(s->small, sizeof(*s->band));
	s->bins = malloc(s->big * sizeof(*s->bins));
	s->time = malloc(s->big * sizeof(*s->time));
	s->work = malloc(s->big * sizeof(*s->work));
	s->power = malloc(s->small * sizeof(*s->power));
	s->ones = malloc(s->small * sizeof(*s->ones));
	s->energy = malloc(s->blocks_max * s->valid * sizeof(*s->energy));
	s->high = malloc(s->blocks_max * s->valid * sizeof(*s->high));
	for (unsigned i = 0; i < PHY_CELL_ID_2S; i++) {
		s->pss[i] = malloc(s->small * sizeof(*s->pss[i]));
		s->likeness[i] = malloc(s->blocks_max * s->valid * sizeof(*s->likeness[i]));
		if (!s->pss[i] || !s->likeness[i])
			return false;
	}
	if (!s->spectra || !s->band || !s->bins || !s->time || !s->work || !s->power || !s->ones ||
		!s->energy || !s->high)
		return false;
	for (unsigned i = 0; i < s->small; i++)
		s->ones[i] = 1;
	return phy_fft_init(&s->forward, s->big, false) && phy_fft_init(&s->back, s->small, true);
}

struct phy_pss_search *phy_pss_search_new(double rate_hz, double scs_hz, size_t count_max)
{
	struct phy_pss_search *s = calloc(1, sizeof(*s));
	struct kern k;

	if (!s)
		return NULL;
	s->rate_hz = rate_hz;
	s->scs_hz = scs_hz;
	s->count_max = count_max;
	if (!(scs_hz > 0 && rate_hz > 0) || count_max > SIZE_MAX / 64 || !choose_sizes(s) || !allocate(s)) {
		phy_pss_search_free(s);
		return NULL;
	}
	kern_init(&k, KERN_REFERENCE);
	make_pss(s, &k);
	return s;
}

/* The energy of the loudest stretch of n samples, of those that begin at multiples of n. */
static double loudest(const struct kern *k, const struct phy_cf *samples, size_t count, size_t n)
{
	double most = 0;

	for (size_t at = 0; at + n <= count; at += n) {
		double energy = (double)k->cf_energy(&samples[at].re, n);

		most = energy > most ? energy : most;
	}
	return most;
}

static size_t taken(const struct phy_pss_search *s, const struct phy_recording *in)
{
	return in->count < s->count_max ? in->count : s->count_max;
}

static void transform_block(
	struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in, size_t b)
{
	size_t at = b * s->valid * s->decimation, count = taken(s, in);
	size_t have = count - at < s->big ? count - at : s->big;
	struct phy_cf *spectrum = s->spectra + b * stride(s);

	memset(s->bins, 0, s->big * sizeof(*s->bins));
	(void)bytes_copy(
		s->bins, s->big * sizeof(*s->bins), bytes_of(in->samples + at, have * sizeof(*s->bins)));
	phy_fft_run(&s->forward, k, spectrum, s->bins, s->work);
	(void)bytes_copy(spectrum + s->big, s->small * sizeof(*spectrum),
		bytes_of(spectrum, s->small * sizeof(*spectrum)));
}

void phy_pss_search_take(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in)
{
	size_t hop = (size_t)s->valid * s->decimation, count = taken(s, in);

	s->blocks = s->places = 0;
	if (count < s->length * (size_t)s->decimation)
		return;
	s->blocks = count / hop + (count % hop > 0);
	s->places = count / s->decimation;
	if (s->places > s->blocks * s->valid)
		s->places = s->blocks * s->valid;
	/* transforms are not scaled, and of the samples one of `decimation` is summed */
	s->least_energy = image * loudest(k, in->samples, count, (size_t)s->length * s->decimation) * s->big *
				  s->big / s->decimation +
			  1e-30;
	for (size_t b = 0; b < s->blocks; b++)
		transform_block(s, k, in, b);
}

void phy_pss_search_retake(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in,
	size_t from, size_t to)
{
	size_t hop = (size_t)s->valid * s->decimation;

	for (size_t b = 0; b < s->blocks; b++) {
		if (b * hop < to && b * hop + s->big > from)
			transform_block(s, k, in, b);
	}
}

/* The bins of block b around `middle`, times the conjugate of filter, back in time. */
static void correlate(
	struct phy_pss_search *s, const struct kern *k, size_t b, int middle, const struct phy_cf *filter)
{
	const struct phy_cf *spectrum = s->spectra + b * stride(s);
	unsigned half = s->small / 2, at = (unsigned)middle & (s->big - 1),
		 below = (unsigned)(middle - (int)half) & (s->big - 1);

	k->cf_mul_conj(&s->bins[0].re, &spectrum[at].re, &filter[0].re, half);
	k->cf_mul_conj(&s->bins[half].re, &spectrum[below].re, &filter[half].re, half);
	phy_fft_run(&s->back, k, s->time, s->bins, s->work);
}

/* energy[] of the places of block b, at one frequency. */
static void measure_block(struct phy_pss_search *s, const struct kern *k, size_t b, int middle)
{
	float *energy = s->energy + b * s->valid;
	double sum;

	correlate(s, k, b, middle, s->band);
	k->cf_power_over(s->power, &s->time->re, s->ones, s->small);
	sum = (double)k->cf_energy(&s->time->re, s->length);
	for (unsigned i = 0; i < s->valid; i++)
		energy[i] = s->power[i + s->length] - s->power[i];
	for (unsigned i = 0; i < s->valid; i++) {
		double gains = (double)energy[i];

		energy[i] = (float)((sum > 0 ? sum : 0) + s->least_energy);
		sum += gains;
	}
}

/* likeness[] of all places at one frequency. */
static void compare_all(struct phy_pss_search *s, const struct kern *k, int middle)
{
	for (size_t b = 0; b < s->blocks; b++) {
		const float *energy = s->energy + b * s->valid;

		for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
			correlate(s, k, b, middle, s->pss[id]);
			k->cf_power_over(s->likeness[id] + b * s->valid, &s->time->re, energy, s->valid);
		}
	}
}

/* The peak at a place, taken with its repetitions if that makes it likelier. */
static void consider(
	struct phy_pss_search *s, struct phy_pss_peaks *peaks, unsigned id, size_t place, double frequency)
{
	const float *v = s->likeness[id];
	size_t period = (size_t)lround(period_s * s->rate_hz / s->decimation);
	struct phy_pss_peak peak = { .frequency_hz = frequency, .n_id_2 = (uint8_t)id };
	float sum = 0;
	double fraction;

	for (unsigned n = 1; n <= REPETITIONS_MAX; n++) {
		size_t at = place + (n - 1) * period;
		float score;

		if (at >= s->places)
			break;
		sum += v[at];
		score = phy_pss_score(sum, n);
		if (score <= peak.score)
			continue;
		peak.score = score;
		peak.repetitions = (uint8_t)n;
		peak.likeness = sum / (float)n;
	}
	if (peak.score < least_score)
		return;
	fraction = place > 0 && place + 1 < s->places ? phy_parabola_top(v[place - 1], v[place], v[place + 1])
						      : 0;
	peak.start = ((double)place + fraction) * s->decimation;
	phy_pss_keep(peaks, &peak, s->rate_hz, s->scs_hz);
}

static void collect(
	struct phy_pss_search *s, const struct kern *k, struct phy_pss_peaks *peaks, double frequency)
{
	size_t period = (size_t)lround(period_s * s->rate_hz / s->decimation);
	const float alone = least_score / PHY_SYNC_LENGTH, together = 0.4f * alone;

	for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
		const float *v = s->likeness[id];
		size_t n = k->find_least(s->high, v, s->places, together);

		for (size_t h = 0; h < n; h++) {
			size_t i = s->high[h];

			if ((i > 0 && v[i] < v[i - 1]) || (i + 1 < s->places && v[i] < v[i + 1]))
				continue;
			if (v[i] >= alone || (i + period < s->places && v[i] + v[i + period] > alone))
				consider(s, peaks, id, i, frequency);
		}
	}
}

void phy_pss_search_run(struct phy_pss_search *s, const struct kern *k, double low_hz, double high_hz,
	struct phy_pss_peaks *peaks)
{
	double edge = s->rate_hz / 2 - PHY_SSB_SUBCARRIERS / 2 * s->scs_hz, bin = s->rate_hz / s->big;
	int step = (int)step_of(s), first, last;

	peaks->count = 0;
	if (s->blocks == 0 || !(low_hz <= edge && high_hz >= -edge))
		return;
	low_hz = low_hz > -edge ? low_hz : -edge;
	high_hz = high_hz < edge ? high_hz : edge;
	first = (int)lround(low_hz / bin / step);
	last = (int)lround(high_hz / bin / step);
	for (int i = first; i <= last; i++) {
		if ((i - first) % SHARE == 0) {
			for (size_t b = 0; b < s->blocks; b++)
				measure_block(s, k, b, (i + SHARE / 2) * step);
		}
		compare_all(s, k, i * step);
		collect(s, k, peaks, i * step * bin);
	}
}
