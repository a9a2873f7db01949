/*
 * Each peak of the PSS search stands for a group of bursts, 20 ms apart. Frequency offset, SSS and DM-RS are
 * judged over the group; then each burst is decoded alone, or, where noise is too strong for that, all of
 * them together.
 */
#include "radio/phy/cell_search.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>

enum {
	FFT = 256, /* 240 of them are the block's; the resampler cuts what lies beyond */
	PREFIX = FFT / 128 * 9,
	SYMBOL = FFT + PREFIX,
	SAMPLES = PHY_SSB_SYMBOLS * SYMBOL,
	EARLY = PREFIX / 4, /* the transform begins so much before the useful part */
	BURSTS_MAX = PHY_PBCH_BURSTS_MAX,
	OFFSETS = 128, /* tried of the frequency within one spacing */
	FINE = 64,     /* the same within a symbol, where the top is broad */
	PIECES = 8,    /* of a symbol, for the frequency offset within it */
	WIDE = 60,
	I_BARS_TRIED = 2,
	REFINEMENTS = 3,
};

static const double period_s = 0.02;
static const float least_sss = 0.08f, least_dmrs = 0.2f;

struct burst {
	double start;
	unsigned period; /* since the first place of the group within the recording */
	struct phy_cf samples[SAMPLES];
	struct phy_ssb re;
	struct phy_ssb_measure measure;
};

struct phy_cell_search {
	struct phy_pss_search *pss;
	struct phy_resampler resampler;
	struct phy_fft fft, inverse;
	struct phy_pbch pbch;
	struct phy_pss_peaks peaks;
	double scs_hz;
	unsigned count; /* of bursts in the group */
	struct burst bursts[BURSTS_MAX];
	struct phy_pbch_burst coded[BURSTS_MAX];
};

struct phy_cell_search *phy_cell_search_new(double rate_hz, double scs_hz, size_t count_max)
{
	struct phy_cell_search *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->scs_hz = scs_hz;
	s->pss = phy_pss_search_new(rate_hz, scs_hz, count_max);
	phy_pbch_init(&s->pbch);
	if (s->pss && phy_resampler_init(&s->resampler, rate_hz, FFT * scs_hz) &&
		phy_fft_init(&s->fft, FFT, false) && phy_fft_init(&s->inverse, FFT, true))
		return s;
	phy_cell_search_free(s);
	return NULL;
}

void phy_cell_search_free(struct phy_cell_search *s)
{
	if (!s)
		return;
	phy_pss_search_free(s->pss);
	phy_resampler_fini(&s->resampler);
	phy_fft_fini(&s->fft);
	phy_fft_fini(&s->inverse);
	free(s);
}

static struct phy_cf mul_conj(struct phy_cf a, struct phy_cf b)
{
	return (struct phy_cf){ a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im };
}

static void add(struct phy_cf *sum, struct phy_cf v)
{
	sum->re += v.re;
	sum->im += v.im;
}

/* Where between its neighbours the top of a parabola through three values lies. */
static double top(double before, double at, double after)
{
	double bend = before - 2 * at + after;

	return bend < 0 ? 0.5 * (before - after) / bend : 0;
}

static unsigned bin_of(unsigned k)
{
	return (k + FFT - PHY_SSB_SUBCARRIERS / 2) % FFT;
}

/* The places of the group that lie in the recording whole. */
static void place_bursts(struct phy_cell_search *s, const struct phy_recording *in, double start)
{
	double period = period_s * in->rate_hz, sample = in->rate_hz / (FFT * s->scs_hz);
	double first = start - floor((start - PREFIX * sample) / period) * period;

	s->count = 0;
	for (unsigned n = 0; s->count < BURSTS_MAX; n++) {
		double at = first + n * period;

		if (at + (SAMPLES - PREFIX) * sample > (double)in->count)
			return;
		s->bursts[s->count].start = at;
		s->bursts[s->count++].period = n;
	}
}

static void take_samples(struct phy_cell_search *s, const struct phy_recording *in, double frequency_hz)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct burst *b = &s->bursts[i];
		double start = b->start - PREFIX * in->rate_hz / (FFT * s->scs_hz);

		phy_resample(&s->resampler, in, frequency_hz, start, b->samples, SAMPLES);
	}
}

static void transform(struct phy_cell_search *s, const struct kern *k)
{
	struct phy_cf bins[FFT], work[FFT];

	for (unsigned i = 0; i < s->count; i++) {
		struct burst *b = &s->bursts[i];

		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			phy_fft_run(&s->fft, k, bins, b->samples + l * SYMBOL + PREFIX - EARLY, work);
			for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++)
				b->re.re[l][c] = bins[bin_of(c)];
		}
	}
}

/* The PSS in time, as it comes in s->bursts[].samples. */
static void make_pss(struct phy_cell_search *s, const struct kern *k, unsigned n_id_2, struct phy_cf out[FFT])
{
	struct phy_cf bins[FFT] = { 0 }, work[FFT];
	int8_t d[PHY_SYNC_LENGTH];

	phy_pss(d, n_id_2);
	for (unsigned i = 0; i < PHY_SYNC_LENGTH; i++)
		bins[bin_of(PHY_SSB_SYNC_AT + i)].re = (float)d[i];
	phy_fft_run(&s->inverse, k, out, bins, work);
}

/* The pieces' sum over all symbols, each in its own phase, when turned back by so much a piece. */
static double likeness(struct phy_cf (*piece)[PIECES], unsigned symbols, double turn_rad)
{
	double like = 0;

	for (unsigned i = 0; i < symbols; i++) {
		struct phy_cf sum = { 0, 0 };

		for (unsigned n = 0; n < PIECES; n++) {
			float a = (float)(turn_rad * n);

			add(&sum, mul_conj(piece[i][n], (struct phy_cf){ cosf(a), sinf(a) }));
		}
		like += (double)(sum.re * sum.re + sum.im * sum.im);
	}
	return like;
}

/* The parts of a symbol as it should be, by pieces of what was received. */
static void cut(struct phy_cf piece[PIECES], const struct phy_cf *x, const struct phy_cf *should)
{
	memset(piece, 0, PIECES * sizeof(*piece));
	for (unsigned n = 0; n < FFT; n++)
		add(&piece[n / (FFT / PIECES)], mul_conj(x[n], should[n]));
}

/*
 * How far the frequency is off, at most by one spacing: the likeliest offset by the PSS, whose phase it
 * turns, and by the cyclic prefixes. share: of the energy that is signal.
 */
static double coarse_offset(struct phy_cell_search *s, const struct kern *k, unsigned n_id_2, double share)
{
	struct phy_cf piece[BURSTS_MAX][PIECES], pss[FFT], prefix = { 0, 0 };
	double power = 1e-30, best = -INFINITY, offset = 0, energy = 0, weight;

	make_pss(s, k, n_id_2, pss);
	for (unsigned n = 0; n < FFT; n++)
		energy += (double)(pss[n].re * pss[n].re + pss[n].im * pss[n].im);
	for (unsigned i = 0; i < s->count; i++) {
		const struct phy_cf *x = s->bursts[i].samples;

		cut(piece[i], x + PREFIX, pss);
		for (unsigned n = 0; n < SAMPLES; n++)
			power += (double)(x[n].re * x[n].re + x[n].im * x[n].im) / (SAMPLES * s->count);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			for (unsigned n = l * SYMBOL + PREFIX / 4; n < l * SYMBOL + PREFIX; n++)
				add(&prefix, mul_conj(x[n + FFT], x[n]));
		}
	}
	share = share < 0.9 ? share : 0.9;
	weight = 2 * share / (1 - share * share) * energy * (1 - share);
	for (int t = -OFFSETS / 2; t < OFFSETS / 2; t++) {
		double a = 2 * M_PI * t / OFFSETS; /* per symbol */
		double like = likeness(piece, s->count, a / PIECES) +
			      weight * ((double)prefix.re * cos(a) + (double)prefix.im * sin(a));

		if (like > best) {
			best = like;
			offset = (double)t / OFFSETS * s->scs_hz;
		}
	}
	return offset;
}

/* The likeliest cell identity over the group; false if none stands out of what noise does. */
static bool find_cell_id(const struct phy_cell_search *s, unsigned n_id_2, uint16_t *n_cell_id)
{
	float sum[PHY_CELL_ID_1S] = { 0 };
	unsigned best = 0;

	for (unsigned i = 0; i < s->count; i++) {
		const struct phy_ssb *re = &s->bursts[i].re;
		struct phy_cf like[PHY_CELL_ID_1S];

		phy_sss_correlate(like, re->re[0] + PHY_SSB_SYNC_AT, re->re[2] + PHY_SSB_SYNC_AT, n_id_2);
		for (unsigned id = 0; id < PHY_CELL_ID_1S; id++)
			sum[id] += hypotf(like[id].re, like[id].im);
	}
	for (unsigned id = 1; id < PHY_CELL_ID_1S; id++)
		best = sum[id] > sum[best] ? id : best;
	*n_cell_id = (uint16_t)(3 * best + n_id_2);
	return sum[best] > least_sss * (float)s->count;
}

/* The i_bars in the order of their likelihood. */
static void find_i_bars(
	const struct phy_cell_search *s, unsigned n_cell_id, unsigned order[PHY_SSB_I_BARS], float *share)
{
	float sum[PHY_SSB_I_BARS] = { 0 };

	for (unsigned i = 0; i < s->count; i++) {
		float like[PHY_SSB_I_BARS];

		phy_ssb_dmrs_correlate(like, &s->bursts[i].re, n_cell_id);
		for (unsigned b = 0; b < PHY_SSB_I_BARS; b++)
			sum[b] += like[b] / (float)s->count;
	}
	for (unsigned b = 0; b < PHY_SSB_I_BARS; b++) {
		unsigned at = b;

		for (; at > 0 && sum[order[at - 1]] < sum[b]; at--)
			order[at] = order[at - 1];
		order[at] = b;
	}
	*share = sum[order[0]];
}

/* Decodes the group's bursts, each alone and then all together. True: payload is of the first place of the
 * group. */
static bool decode(struct phy_cell_search *s, const struct kern *k, unsigned l_max, unsigned n_cell_id,
	unsigned i_bar, struct phy_pbch_payload *payload)
{
	unsigned count = 0;

	for (unsigned i = 0; i < s->count; i++) {
		struct phy_pbch_burst *c = &s->coded[count];
		unsigned frames = 2 * s->bursts[i].period;

		if (!phy_ssb_receive(&s->bursts[i].re, n_cell_id, i_bar, c->llr, &s->bursts[i].measure))
			continue;
		c->half_frames_on = 0;
		if (phy_pbch_receive(&s->pbch, k, c, 1, l_max, n_cell_id, i_bar, payload)) {
			payload->sfn = (uint16_t)((payload->sfn + 1024 - frames % 1024) % 1024);
			return true;
		}
		c->half_frames_on = 2 * frames;
		count++;
	}
	/* all of them, if the first is there to count from */
	return count > 1 && s->coded[0].half_frames_on == 0 &&
	       phy_pbch_receive(&s->pbch, k, s->coded, count, l_max, n_cell_id, i_bar, payload);
}

/*
 * The channel, its delay kept, averaged over WIDE subcarriers: one that follows every detail would follow
 * what the frequency offset does to the block as well, and hide it.
 */
static void widen(struct phy_cf out[PHY_SSB_SUBCARRIERS], const struct phy_ssb_measure *m)
{
	float slope = (float)(-2 * M_PI / PHY_SSB_SUBCARRIERS) * m->delay_samples;

	for (int c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
		int from = c < WIDE / 2 ? 0 : c - WIDE / 2, to = c + WIDE / 2;

		out[c] = (struct phy_cf){ 0, 0 };
		for (int i = from; i < to && i < PHY_SSB_SUBCARRIERS; i++) {
			float a = slope * (float)(i - c);

			add(&out[c], mul_conj(m->channel[i], (struct phy_cf){ cosf(a), sinf(a) }));
		}
	}
}

/* Symbol l of a block, with the channel, as it comes in time behind `EARLY`. */
static void rebuild(struct phy_cell_search *s, const struct kern *k, const struct phy_ssb *sent,
	const struct phy_cf channel[PHY_SSB_SUBCARRIERS], unsigned l, struct phy_cf out[FFT])
{
	struct phy_cf bins[FFT] = { 0 }, work[FFT];

	for (unsigned c = 0; c < PHY_SSB_SUBCARRIERS; c++) {
		struct phy_cf x = sent->re[l][c], h = channel[c];

		bins[bin_of(c)] = (struct phy_cf){ x.re * h.re - x.im * h.im, x.re * h.im + x.im * h.re };
	}
	phy_fft_run(&s->inverse, k, out, bins, work);
}

/*
 * What is left of the frequency offset, from the phase over pieces of each symbol: unlike that between
 * symbols it does not depend on the carrier's frequency (38.211 5.4). Needs to know the blocks that were
 * sent.
 */
static double fine_offset(
	struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell, double *error_hz)
{
	struct phy_cf piece[BURSTS_MAX * PHY_SSB_SYMBOLS][PIECES], time[FFT];
	double like[FINE + 1], power = 1e-30, noise = 1e-30, step = 2 * M_PI / PIECES / FINE;
	unsigned symbols = s->count * PHY_SSB_SYMBOLS, best = 1;

	for (unsigned i = 0; i < s->count; i++) {
		struct phy_pbch_payload payload = cell->payload;
		struct phy_cf channel[PHY_SSB_SUBCARRIERS];
		struct phy_ssb sent;

		payload.sfn = (uint16_t)((payload.sfn + 2 * s->bursts[i].period) % 1024);
		(void)phy_ssb_transmit(&s->pbch, &sent, &payload, cell->l_max, cell->n_cell_id, 1);
		widen(channel, &s->bursts[i].measure);
		for (unsigned l = 0; l < PHY_SSB_SYMBOLS; l++) {
			rebuild(s, k, &sent, channel, l, time);
			cut(piece[i * PHY_SSB_SYMBOLS + l],
				s->bursts[i].samples + l * SYMBOL + PREFIX - EARLY, time);
		}
		power += (double)s->bursts[i].measure.power;
		noise += (double)s->bursts[i].measure.noise;
	}
	for (unsigned t = 0; t <= FINE; t++) { /* to half a spacing either way */
		like[t] = likeness(piece, symbols, step * ((int)t - FINE / 2));
		if (t > 0 && t < FINE && like[t] > like[best])
			best = t;
	}
	/* The bound for a tone in noise: 6 / (4 pi^2 SNR N) of the squared length of a symbol; some 200
	 * elements in each. */
	*error_hz = sqrt(6 * noise / power / (symbols * 200.0)) / (2 * M_PI) * s->scs_hz;
	return ((int)best - FINE / 2 + top(like[best - 1], like[best], like[best + 1])) / FINE * s->scs_hz;
}

/* Puts a cell in its place by SNR; of two of the same identity and frequency the stronger stays. */
static void keep(struct phy_cells *cells, const struct phy_cell *cell)
{
	unsigned at, kept = 0;

	for (unsigned i = 0; i < cells->count; i++) {
		const struct phy_cell *c = &cells->cell[i];
		bool same = c->n_cell_id == cell->n_cell_id &&
			    fabs(c->frequency_hz - cell->frequency_hz) < 2 * c->scs_hz;

		if (same && c->snr_db >= cell->snr_db)
			return;
		if (!same)
			cells->cell[kept++] = *c;
	}
	if (kept == PHY_CELLS_MAX) {
		cells->count = kept;
		return;
	}
	for (at = kept; at > 0 && cells->cell[at - 1].snr_db < cell->snr_db; at--)
		cells->cell[at] = cells->cell[at - 1];
	cells->cell[at] = *cell;
	cells->count = kept + 1;
}

static void receive_all(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	const struct phy_cell *cell, unsigned i_bar)
{
	float llr[PHY_PBCH_E];

	take_samples(s, in, cell->frequency_hz);
	transform(s, k);
	for (unsigned i = 0; i < s->count; i++)
		(void)phy_ssb_receive(&s->bursts[i].re, cell->n_cell_id, i_bar, llr, &s->bursts[i].measure);
}

/* All that is to be told of the group once its payload is known. */
static void measure(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	struct phy_cell *cell)
{
	unsigned i_bar = phy_pbch_i_bar(cell->l_max, cell->payload.ssb_index, cell->payload.half_frame);
	double power = 1e-30, noise = 1e-30, re = 0, im = 0;

	for (unsigned n = 0; n < REFINEMENTS; n++) {
		cell->frequency_hz += fine_offset(s, k, cell, &cell->frequency_error_hz);
		receive_all(s, k, in, cell, i_bar);
	}
	for (unsigned i = 0; i < s->count; i++) {
		const struct phy_ssb_measure *m = &s->bursts[i].measure;

		power += m->power;
		noise += m->noise;
		re += m->power * cosf(m->turn_rad);
		im += m->power * sinf(m->turn_rad);
	}
	cell->turn_rad = (float)atan2(im, re);
	cell->snr_db = (float)(10 * log10(power / noise));
	/* the delay of the window and of the place that the PSS search found */
	cell->start = s->bursts[0].start +
		      ((double)s->bursts[0].measure.delay_samples * FFT / PHY_SSB_SUBCARRIERS - EARLY) *
			      in->rate_hz / (FFT * s->scs_hz);
}

static void search_peak(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	const struct phy_pss_peak *peak, unsigned l_max, struct phy_cells *cells)
{
	struct phy_cell cell = { .scs_hz = s->scs_hz };
	double frequency_hz = peak->frequency_hz;
	unsigned i_bars[PHY_SSB_I_BARS];
	float share;

	place_bursts(s, in, peak->start);
	if (s->count == 0)
		return;
	take_samples(s, in, frequency_hz);
	frequency_hz += coarse_offset(s, k, peak->n_id_2, (double)peak->likeness);
	take_samples(s, in, frequency_hz);
	transform(s, k);
	if (!find_cell_id(s, peak->n_id_2, &cell.n_cell_id))
		return;
	find_i_bars(s, cell.n_cell_id, i_bars, &share);
	if (share < least_dmrs)
		return;
	for (unsigned i = 0; i < I_BARS_TRIED; i++) {
		cell.l_max = (uint8_t)l_max;
		if (!decode(s, k, l_max, cell.n_cell_id, i_bars[i], &cell.payload)) {
			cell.l_max = 4; /* blocks 0 to 3 of the first half frame are the same either way */
			if (l_max != 8 || i_bars[i] < 4 ||
				!decode(s, k, 4, cell.n_cell_id, i_bars[i], &cell.payload))
				continue;
		}
		cell.frequency_hz = frequency_hz;
		measure(s, k, in, &cell);
		keep(cells, &cell);
		return;
	}
}

void phy_cell_search_run(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	double low_hz, double high_hz, unsigned l_max, struct phy_cells *cells)
{
	phy_pss_search_run(s->pss, k, in, low_hz, high_hz, &s->peaks);
	for (unsigned i = 0; i < s->peaks.count; i++)
		search_peak(s, k, in, &s->peaks.peak[i], l_max, cells);
}
