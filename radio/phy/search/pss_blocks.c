#include "radio/phy/search/pss_blocks.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/channels/ssb.h"

enum {
	BLOCK_LENGTHS = 4, /* of a symbol in a block */
	SAMPLES_MAX = PHY_FFT_MAX / 2,
	COARSEST = 64, /* samples, at most, by which views may thin out: see choose_sizes() */
};

static const double period_s = PHY_SSB_PERIOD_MS / 1e3;

void phy_pss_blocks_fini(struct phy_pss_blocks *s)
{
	phy_fft_fini(&s->forward);
	free(s->spectra);
	free(s->energy);
	free(s->in);
	free(s->work);
}

/* The least size that is a few times a symbol, 2^a or 3 * 2^a. */
static bool choose_sizes(struct phy_pss_blocks *s)
{
	double samples = s->rate_hz / s->scs_hz, hop;

	if (!(s->scs_hz > 0 && s->rate_hz > 0 && samples >= PHY_PSS_SYMBOL_MIN && samples <= SAMPLES_MAX))
		return false;
	for (s->size = 512; s->size < BLOCK_LENGTHS * samples && s->size < PHY_FFT_MAX;)
		s->size *= 2;
	if (s->size / 4 * 3 >= BLOCK_LENGTHS * samples)
		s->size = s->size / 4 * 3;
	hop = s->size - ceil(samples) - samples / COARSEST;
	s->per_period = (unsigned)ceil(period_s * s->rate_hz / hop);
	return true;
}

size_t phy_pss_block_start(const struct phy_pss_blocks *s, size_t block)
{
	return (size_t)llround((double)block * (period_s * s->rate_hz / s->per_period));
}

/* Bins of a block in spectra: the first half come again behind the last, for views across the end. */
static size_t stride(const struct phy_pss_blocks *s)
{
	return (size_t)s->size + s->size / 2;
}

bool phy_pss_blocks_init(struct phy_pss_blocks *s, double rate_hz, double scs_hz, size_t count_max)
{
	*s = (struct phy_pss_blocks){ .rate_hz = rate_hz, .scs_hz = scs_hz, .count_max = count_max };
	if (count_max > SIZE_MAX / 64 || !choose_sizes(s))
		return false;
	s->max = (size_t)((double)count_max / (period_s * rate_hz) * s->per_period) + 2;
	s->spectra = malloc(s->max * stride(s) * sizeof(*s->spectra));
	s->energy = malloc(s->max * sizeof(*s->energy));
	s->in = malloc(s->size * sizeof(*s->in));
	s->work = malloc(s->size * sizeof(*s->work));
	return s->spectra && s->energy && s->in && s->work && phy_fft_init(&s->forward, s->size, false);
}

static size_t taken(const struct phy_pss_blocks *s, const struct phy_recording *in)
{
	return in->count < s->count_max ? in->count : s->count_max;
}

static void transform_block(
	struct phy_pss_blocks *s, const struct kern *k, const struct phy_recording *in, size_t b)
{
	size_t at = phy_pss_block_start(s, b), count = taken(s, in);
	size_t have = count - at < s->size ? count - at : s->size;
	struct phy_cf *spectrum = s->spectra + b * stride(s);

	memset(s->in, 0, s->size * sizeof(*s->in));
	(void)bytes_copy(s->in, s->size * sizeof(*s->in), bytes_of(in->samples + at, have * sizeof(*s->in)));
	s->energy[b] = k->cf_energy(&s->in->re, s->size);
	phy_fft_run(&s->forward, k, spectrum, s->in, s->work);
	(void)bytes_copy(spectrum + s->size, s->size / 2 * sizeof(*spectrum),
		bytes_of(spectrum, s->size / 2 * sizeof(*spectrum)));
}

void phy_pss_blocks_take(struct phy_pss_blocks *s, const struct kern *k, const struct phy_recording *in)
{
	size_t symbol = (size_t)lround(s->rate_hz / s->scs_hz), count = taken(s, in);

	s->count = 0;
	s->loudest = 0;
	for (size_t at = 0; at + symbol <= count; at += symbol) {
		double energy = (double)k->cf_energy(&in->samples[at].re, symbol);

		s->loudest = energy > s->loudest ? energy : s->loudest;
	}
	while (s->count < s->max && phy_pss_block_start(s, s->count) + symbol <= count)
		transform_block(s, k, in, s->count++);
}

void phy_pss_blocks_retake(struct phy_pss_blocks *s, const struct kern *k, const struct phy_recording *in,
	size_t from, size_t to)
{
	for (size_t b = 0; b < s->count; b++) {
		size_t start = phy_pss_block_start(s, b);

		if (start < to && start + s->size > from)
			transform_block(s, k, in, b);
	}
}

bool phy_pss_view_init(struct phy_pss_view *v, const struct phy_pss_blocks *s, unsigned subcarriers)
{
	double samples = s->rate_hz / s->scs_hz, hop = period_s * s->rate_hz / s->per_period;

	*v = (struct phy_pss_view){ .decimation = 1 };
	while (samples / (2 * v->decimation) >= subcarriers && s->size / (2 * v->decimation) >= PHY_FFT_MIN)
		v->decimation *= 2;
	v->bins = s->size / v->decimation;
	v->length = (unsigned)lround(samples / v->decimation);
	v->valid = (unsigned)ceil((hop + 1) / v->decimation);
	if (v->valid + v->length > v->bins)
		v->valid = v->bins - v->length;
	v->product = malloc(v->bins * sizeof(*v->product));
	v->work = malloc(v->bins * sizeof(*v->work));
	return v->product && v->work && phy_fft_init(&v->back, v->bins, true);
}

void phy_pss_view_fini(struct phy_pss_view *v)
{
	phy_fft_fini(&v->back);
	free(v->product);
	free(v->work);
}

void phy_pss_correlate(const struct phy_pss_blocks *s, const struct kern *k, struct phy_pss_view *v,
	size_t block, int middle, const struct phy_cf *filter, struct phy_cf *out)
{
	int size = (int)s->size, half = (int)v->bins / 2;
	int at = ((middle % size) + size) % size, below = (at - half + size) % size;
	const struct phy_cf *spectrum = s->spectra + block * stride(s);

	k->cf_mul_conj(&v->product[0].re, &spectrum[at].re, &filter[0].re, (size_t)half);
	k->cf_mul_conj(&v->product[half].re, &spectrum[below].re, &filter[half].re, (size_t)half);
	phy_fft_run(&v->back, k, out, v->product, v->work);
}
