/*
 * Each peak of the PSS search stands for a group of bursts, 20 ms apart. Frequency offset, SSS and DM-RS are
 * judged over the group; then each burst is decoded alone, or, where noise is too strong for that, all of
 * them together. What was decoded is taken out of the recording, and the PSS is searched again at its
 * frequency: other cells of a synchronised network are behind it.
 */
#include "radio/phy/search/cell_search.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/cells.h"
#include "radio/phy/search/ssb_cancel.h"

enum {
	I_BARS_TRIED = 2,
	IDS_TRIED = 3,   /* of the cells that one PSS may be of */
	REFINEMENTS = 3, /* of the frequency */
	CANCELLED_MAX = 512,
	FITS_MAX = PHY_CELLS_MAX, /* of them that can be put back */
	PASSES_MAX = 16,          /* at the frequency of a cell that was found */
};

static const float least_sss = 0.08f, least_dmrs = 0.2f;

struct phy_cell_search {
	struct phy_pss_search *pss;
	struct phy_pbch pbch;
	struct phy_pss_peaks peaks;
	struct phy_bursts group;
	struct phy_pbch_burst coded[PHY_BURSTS_MAX];
	struct phy_cf together[PHY_BURSTS_MAX]
			      [PHY_SYNC_LENGTH]; /* the group's PSS before anything was cancelled */
	struct phy_cf *samples;                  /* what is left of the recording */
	size_t count_max;
	struct phy_recording in;
	struct phy_cell cancelled[CANCELLED_MAX];
	struct phy_cancel fit[FITS_MAX], unkept; /* of the first of them */
	unsigned cancelled_n;
};

struct phy_cell_search *phy_cell_search_new(double rate_hz, double scs_hz, size_t count_max)
{
	struct phy_cell_search *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->pss = phy_pss_search_new(rate_hz, scs_hz, count_max);
	s->count_max = count_max;
	s->samples = s->pss ? malloc((count_max + 1) * sizeof(*s->samples)) : NULL;
	phy_pbch_init(&s->pbch);
	if (s->samples && phy_bursts_init(&s->group, rate_hz, scs_hz))
		return s;
	phy_cell_search_free(s);
	return NULL;
}

void phy_cell_search_free(struct phy_cell_search *s)
{
	if (!s)
		return;
	phy_pss_search_free(s->pss);
	phy_bursts_fini(&s->group);
	free(s->samples);
	free(s);
}

void phy_cell_search_take(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in)
{
	size_t count = in->count < s->count_max ? in->count : s->count_max;

	(void)bytes_copy(s->samples, (s->count_max + 1) * sizeof(*s->samples),
		bytes_of(in->samples, count * sizeof(*in->samples)));
	s->in = (struct phy_recording){ s->samples, count, in->rate_hz };
	s->cancelled_n = 0;
	phy_pss_search_take(s->pss, k, &s->in);
}

/* The likeliest cell identities over the group, those that stand out of what noise does; how many. */
static unsigned find_cell_ids(const struct phy_cell_search *s, unsigned n_id_2, uint16_t id[IDS_TRIED])
{
	float sum[PHY_CELL_ID_1S] = { 0 };
	unsigned found = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		struct phy_cf like[PHY_CELL_ID_1S];

		phy_sss_correlate(like, s->together[i], s->group.burst[i].re.re[2] + PHY_SSB_SYNC_AT, n_id_2);
		for (unsigned n = 0; n < PHY_CELL_ID_1S; n++)
			sum[n] += hypotf(like[n].re, like[n].im);
	}
	for (; found < IDS_TRIED; found++) {
		unsigned best = 0;

		for (unsigned n = 1; n < PHY_CELL_ID_1S; n++)
			best = sum[n] > sum[best] ? n : best;
		if (!(sum[best] > least_sss * (float)s->group.count))
			break;
		id[found] = (uint16_t)(3 * best + n_id_2);
		sum[best] = 0;
	}
	return found;
}

/* The i_bars in the order of their likelihood. */
static void find_i_bars(
	const struct phy_cell_search *s, unsigned n_cell_id, unsigned order[PHY_SSB_I_BARS], float *share)
{
	float sum[PHY_SSB_I_BARS] = { 0 };

	for (unsigned i = 0; i < s->group.count; i++) {
		float like[PHY_SSB_I_BARS];

		phy_ssb_dmrs_correlate(like, &s->group.burst[i].re, n_cell_id);
		for (unsigned b = 0; b < PHY_SSB_I_BARS; b++)
			sum[b] += like[b] / (float)s->group.count;
	}
	for (unsigned b = 0; b < PHY_SSB_I_BARS; b++) {
		unsigned at = b;

		for (; at > 0 && sum[order[at - 1]] < sum[b]; at--)
			order[at] = order[at - 1];
		order[at] = b;
	}
	*share = sum[order[0]];
}

/* The group's bursts as of one cell and i_bar: those that can be received, to coded[]; how many. */
static unsigned receive(struct phy_cell_search *s, unsigned n_cell_id, unsigned i_bar)
{
	unsigned count = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		struct phy_burst *b = &s->group.burst[i];

		if (phy_ssb_receive(&b->re, n_cell_id, i_bar, s->coded[count].llr, &b->measure))
			s->coded[count++].half_frames_on = 4 * b->period; /* 5 ms each */
	}
	return count;
}

/* Decodes coded[], each alone and then all together. True: payload is of the first place of the group. */
static bool decode(struct phy_cell_search *s, const struct kern *k, unsigned count, unsigned l_max,
	unsigned n_cell_id, unsigned i_bar, struct phy_pbch_payload *payload)
{
	for (unsigned i = 0; i < count; i++) {
		struct phy_pbch_burst *c = &s->coded[i];
		unsigned half_frames = c->half_frames_on;
		bool ok;

		c->half_frames_on = 0;
		ok = phy_pbch_receive(&s->pbch, k, c, 1, l_max, n_cell_id, i_bar, payload);
		c->half_frames_on = half_frames;
		if (ok) {
			payload->sfn = (uint16_t)((payload->sfn + 1024 - half_frames / 2 % 1024) % 1024);
			return true;
		}
	}
	/* all of them, if the first is there to count from */
	return count > 1 && s->coded[0].half_frames_on == 0 &&
	       phy_pbch_receive(&s->pbch, k, s->coded, count, l_max, n_cell_id, i_bar, payload);
}

static struct phy_bursts_sent sent_by(const struct phy_cell_search *s, const struct phy_cell *cell)
{
	return (struct phy_bursts_sent){ &s->pbch, &cell->payload, cell->l_max, cell->n_cell_id, 1 };
}

static void receive_all(struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell)
{
	unsigned i_bar = phy_pbch_i_bar(cell->l_max, cell->payload.ssb_index, cell->payload.half_frame);
	float llr[PHY_PBCH_E];

	phy_bursts_take(&s->group, k, &s->in, cell->frequency_hz);
	for (unsigned i = 0; i < s->group.count; i++)
		(void)phy_ssb_receive(
			&s->group.burst[i].re, cell->n_cell_id, i_bar, llr, &s->group.burst[i].measure);
}

/* All that is to be reported of the group once its payload is known. */
static void measure(struct phy_cell_search *s, const struct kern *k, struct phy_cell *cell)
{
	struct phy_bursts_sent sent = sent_by(s, cell);
	struct phy_bursts_verdict v;

	receive_all(s, k, cell);
	for (unsigned n = 0; n < REFINEMENTS; n++) {
		phy_bursts_judge(&s->group, k, &sent, &v);
		cell->frequency_hz += v.offset_hz;
		receive_all(s, k, cell);
	}
	phy_bursts_judge(&s->group, k, &sent, &v);
	cell->frequency_error_hz = v.error_hz;
	cell->turn_rad = v.turn_rad;
	cell->snr_db = (float)(10 * log10(v.power / v.noise));
	cell->power_db = (float)(10 * log10(v.power));
	cell->start = s->group.burst[0].start + phy_bursts_delay(&s->group, k, &sent) * s->in.rate_hz /
							(PHY_BURST_FFT * s->group.scs_hz);
}

/* Takes a cell's bursts out of the recording. */
static void take_out(
	struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell, struct phy_cancel *c)
{
	double symbol = s->in.rate_hz / cell->scs_hz;
	struct phy_bursts_sent sent = sent_by(s, cell);

	phy_bursts_place(&s->group, &s->in, cell->start); /* to where it really is */
	phy_bursts_take(&s->group, k, &s->in, cell->frequency_hz);
	sent.pss_gain = phy_cancel_pss_gain(&s->group, &sent, cell->turn_rad);
	c->frequency_hz = cell->frequency_hz;
	c->turn_rad = cell->turn_rad;
	phy_cancel_take_out(&s->group, k, &sent, c, s->samples, &s->in);
	for (unsigned i = 0; i < s->group.count; i++) {
		double at = s->group.burst[i].start;

		phy_pss_search_retake(s->pss, k, &s->in, at > symbol ? (size_t)(at - symbol) : 0,
			(size_t)(at + (PHY_SSB_SYMBOLS + 1) * symbol));
	}
}

/* The same for the first time; false if it was cancelled already: what is left of it is no cell. */
static bool cancel(struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell)
{
	for (unsigned i = 0; i < s->cancelled_n; i++) {
		const struct phy_cell *c = &s->cancelled[i];

		if (c->n_cell_id == cell->n_cell_id &&
			fabs(c->start - cell->start) < s->in.rate_hz / cell->scs_hz / 16 &&
			fabs(c->frequency_hz - cell->frequency_hz) < cell->scs_hz)
			return false;
	}
	if (s->cancelled_n == CANCELLED_MAX)
		return false;
	s->cancelled[s->cancelled_n] = *cell;
	take_out(s, k, cell, s->cancelled_n < FITS_MAX ? &s->fit[s->cancelled_n] : &s->unkept);
	s->cancelled_n++;
	return true;
}

/* Whether bursts of two cells are on each other. */
static bool overlap(const struct phy_cell_search *s, const struct phy_cell *a, const struct phy_cell *b)
{
	double period = PHY_SSB_PERIOD_MS / 1e3 * s->in.rate_hz;

	return fabs(remainder(a->start - b->start, period)) < PHY_SSB_SYMBOLS * s->in.rate_hz / a->scs_hz &&
	       fabs(a->frequency_hz - b->frequency_hz) < PHY_SSB_SUBCARRIERS * a->scs_hz;
}

/* Puts a cell back, measures it, and takes it out again. */
static void improve(struct phy_cell_search *s, const struct kern *k, unsigned i, struct phy_cells *cells)
{
	struct phy_cell was = s->cancelled[i], is = was;

	phy_bursts_place(&s->group, &s->in, was.start);
	phy_cancel_put_back(&s->group, k, &s->fit[i], s->samples, &s->in);
	measure(s, k, &is);
	/* at another place it is another, or noise */
	if (fabs(is.frequency_hz - was.frequency_hz) > was.scs_hz / 2 ||
		fabs(is.start - was.start) > s->in.rate_hz / was.scs_hz / 16)
		is = was;
	s->cancelled[i] = is;
	phy_cells_replace(cells, &was, &is);
	take_out(s, k, &is, &s->fit[i]);
}

/* Cells that were found first were measured with the others on them: now without. */
static void improve_all(
	struct phy_cell_search *s, const struct kern *k, unsigned from, struct phy_cells *cells)
{
	for (unsigned i = from; i < s->cancelled_n && i < FITS_MAX; i++) {
		bool met = false;

		for (unsigned j = from; j < s->cancelled_n; j++)
			met = met || (j != i && overlap(s, &s->cancelled[i], &s->cancelled[j]));
		if (met)
			improve(s, k, i, cells);
	}
}

/* Decodes the group's bursts as of one cell; true with payload and L_max. */
static bool decode_as(struct phy_cell_search *s, const struct kern *k, unsigned l_max, struct phy_cell *cell)
{
	unsigned i_bars[PHY_SSB_I_BARS];
	float share;

	find_i_bars(s, cell->n_cell_id, i_bars, &share);
	if (share < least_dmrs)
		return false;
	for (unsigned i = 0; i < I_BARS_TRIED; i++) {
		unsigned count = receive(s, cell->n_cell_id, i_bars[i]);

		cell->l_max = (uint8_t)l_max;
		if (decode(s, k, count, l_max, cell->n_cell_id, i_bars[i], &cell->payload))
			return true;
		cell->l_max = 4; /* blocks 0 to 3 of the first half frame are the same either way */
		if (l_max == 8 && i_bars[i] >= 4 &&
			decode(s, k, count, 4, cell->n_cell_id, i_bars[i], &cell->payload))
			return true;
	}
	return false;
}

/* The likeliest cell of what is left behind a peak; false if there is none that was not there before. */
static bool search_behind(struct phy_cell_search *s, const struct kern *k, unsigned n_id_2,
	double frequency_hz, unsigned l_max, struct phy_cells *cells)
{
	uint16_t ids[IDS_TRIED];
	unsigned n = find_cell_ids(s, n_id_2, ids);

	for (unsigned i = 0; i < n; i++) {
		struct phy_cell cell = {
			.scs_hz = s->group.scs_hz, .n_cell_id = ids[i], .frequency_hz = frequency_hz
		};

		if (!decode_as(s, k, l_max, &cell))
			continue;
		measure(s, k, &cell);
		phy_cells_keep(cells, &cell, s->in.rate_hz);
		if (cancel(s, k, &cell))
			return true;
		/* what is left of one may hide others; measuring has moved the bursts */
		phy_bursts_take(&s->group, k, &s->in, frequency_hz);
	}
	return false;
}

/*
 * All cells behind a peak. Those of one N_ID2 that arrive together share the PSS, with which the first of
 * them is cancelled: the phase of the others' SSS is measured by what it was.
 */
static void search_peak(struct phy_cell_search *s, const struct kern *k, const struct phy_pss_peak *peak,
	unsigned l_max, struct phy_cells *cells)
{
	double frequency_hz = peak->frequency_hz, offset_hz;

	phy_bursts_place(&s->group, &s->in, peak->start);
	if (s->group.count == 0)
		return;
	phy_bursts_take(&s->group, k, &s->in, frequency_hz);
	offset_hz = phy_bursts_coarse_offset(&s->group, k, peak->n_id_2, (double)peak->likeness);
	frequency_hz += offset_hz;
	phy_bursts_turn(&s->group, k, &s->in, offset_hz);
	for (unsigned i = 0; i < s->group.count; i++)
		(void)bytes_copy(s->together[i], sizeof(s->together[i]),
			bytes_of(s->group.burst[i].re.re[0] + PHY_SSB_SYNC_AT, sizeof(s->together[i])));
	while (search_behind(s, k, peak->n_id_2, frequency_hz, l_max, cells)) {
		phy_bursts_place(&s->group, &s->in, peak->start);
		phy_bursts_take(&s->group, k, &s->in, frequency_hz);
	}
}

/* Cells whose PSS went with that of one that arrived at the same time: all that is left shows their SSS. */
static void search_under(
	struct phy_cell_search *s, const struct kern *k, unsigned i, unsigned l_max, struct phy_cells *cells)
{
	const struct phy_cell cell = s->cancelled[i];

	do {
		phy_bursts_place(&s->group, &s->in, cell.start);
		phy_bursts_take(&s->group, k, &s->in, cell.frequency_hz);
		for (unsigned b = 0; b < s->group.count; b++)
			(void)bytes_copy(s->together[b], sizeof(s->together[b]),
				bytes_of(s->fit[i].fit[b].re[0] + PHY_SSB_SYNC_AT, sizeof(s->together[b])));
	} while (search_behind(s, k, cell.n_cell_id % PHY_CELL_ID_2S, cell.frequency_hz, l_max, cells));
}

static void search_range(struct phy_cell_search *s, const struct kern *k, double low_hz, double high_hz,
	unsigned l_max, struct phy_cells *cells)
{
	phy_pss_search_run(s->pss, k, low_hz, high_hz, &s->peaks);
	for (unsigned i = 0; i < s->peaks.count; i++)
		search_peak(s, k, &s->peaks.peak[i], l_max, cells);
}

void phy_cell_search_run(struct phy_cell_search *s, const struct kern *k, double low_hz, double high_hz,
	unsigned l_max, struct phy_cells *cells)
{
	double near_hz = 1.5 * s->group.scs_hz;
	unsigned first = s->cancelled_n, from = first;

	search_range(s, k, low_hz, high_hz, l_max, cells);
	for (unsigned pass = 0; pass < PASSES_MAX && from < s->cancelled_n; pass++) {
		unsigned to = s->cancelled_n;

		improve_all(s, k, first, cells);
		for (unsigned i = first; i < to && i < FITS_MAX; i++)
			search_under(s, k, i, l_max, cells);
		for (unsigned i = from; i < to; i++) {
			double at = s->cancelled[i].frequency_hz;
			bool done = false;

			for (unsigned j = from; j < i; j++)
				done = done || fabs(s->cancelled[j].frequency_hz - at) < near_hz / 2;
			if (!done)
				search_range(s, k, at - near_hz, at + near_hz, l_max, cells);
		}
		from = to;
	}
}
