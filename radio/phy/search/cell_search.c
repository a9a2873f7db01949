/*
 * Each peak of the PSS search stands for a group of bursts, 20 ms apart. Frequency offset, SSS and DM-RS are
 * judged over the group; then each burst is decoded alone, or, where noise is too strong for that, all of
 * them together. What was decoded is taken out of the recording, and the PSS is searched again at its
 * frequency: other cells of a synchronised network are behind it.
 */
#include "radio/phy/search/cell_search_parts.h"

#include <math.h>
#include <stdlib.h>

enum {
	REFINEMENTS = 3, /* of the frequency */
	PASSES_MAX = 16, /* at the frequency of a cell that was found */
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

/* The group's bursts, before it is known what cell they are of. */
static void take_group(struct phy_cell_search *s, const struct kern *k, double frequency_hz)
{
	s->group.punctured = s->blocks == PHY_CELL_BLOCKS_PUNCTURED;
	phy_bursts_take(&s->group, k, &s->in, frequency_hz);
}

/* Those of a cell. */
static void take_cell(struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell)
{
	s->group.punctured = cell->punctured;
	phy_bursts_take(&s->group, k, &s->in, cell->frequency_hz);
}

static void receive_all(struct phy_cell_search *s, const struct kern *k, const struct phy_cell *cell)
{
	unsigned i_bar = phy_pbch_i_bar(cell->l_max, cell->payload.ssb_index, cell->payload.half_frame);
	float llr[PHY_PBCH_E];

	take_cell(s, k, cell);
	for (unsigned i = 0; i < s->group.count; i++)
		(void)phy_ssb_receive(
			&s->group.burst[i].re, cell->n_cell_id, i_bar, llr, &s->group.burst[i].measure);
}

/* All that is to be reported of the group once its payload is known. */
static void measure(struct phy_cell_search *s, const struct kern *k, struct phy_cell *cell)
{
	struct phy_bursts_sent sent = cell_sent_by(s, cell);
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
	struct phy_bursts_sent sent = cell_sent_by(s, cell);

	phy_bursts_place(&s->group, &s->in, cell->start); /* to where it really is */
	take_cell(s, k, cell);
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

/* The likeliest cell of what is left behind a peak; false if there is none that was not there before. */
static bool search_behind(struct phy_cell_search *s, const struct kern *k, unsigned n_id_2,
	double frequency_hz, unsigned l_max, struct phy_cells *cells)
{
	uint16_t ids[CELL_IDS_TRIED];
	unsigned n = cell_ids_likely(s, n_id_2, ids), ways = s->blocks == PHY_CELL_BLOCKS_ANY ? 2 : 1;

	for (unsigned i = 0; i < n * ways; i++) {
		struct phy_cell cell = {
			.scs_hz = s->group.scs_hz, .n_cell_id = ids[i % n], .frequency_hz = frequency_hz
		};

		if (i == n)
			cell_puncture(s);
		if (!cell_decode(s, k, l_max, &cell))
			continue;
		measure(s, k, &cell);
		phy_cells_keep(cells, &cell, s->in.rate_hz);
		if (cancel(s, k, &cell))
			return true;
		/* what is left of one may hide others; measuring has moved the bursts */
		take_group(s, k, frequency_hz);
		if (i >= n)
			cell_puncture(s);
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
	take_group(s, k, frequency_hz);
	offset_hz = phy_bursts_coarse_offset(&s->group, k, peak->n_id_2, (double)peak->likeness);
	frequency_hz += offset_hz;
	phy_bursts_turn(&s->group, k, &s->in, offset_hz);
	for (unsigned i = 0; i < s->group.count; i++)
		(void)bytes_copy(s->together[i], sizeof(s->together[i]),
			bytes_of(s->group.burst[i].re.re[0] + PHY_SSB_SYNC_AT, sizeof(s->together[i])));
	while (search_behind(s, k, peak->n_id_2, frequency_hz, l_max, cells)) {
		phy_bursts_place(&s->group, &s->in, peak->start);
		take_group(s, k, frequency_hz);
	}
}

/* Cells whose PSS went with that of one that arrived at the same time: all that is left shows their SSS. */
static void search_under(
	struct phy_cell_search *s, const struct kern *k, unsigned i, unsigned l_max, struct phy_cells *cells)
{
	const struct phy_cell cell = s->cancelled[i];

	do {
		phy_bursts_place(&s->group, &s->in, cell.start);
		take_group(s, k, cell.frequency_hz);
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
	unsigned l_max, enum phy_cell_blocks blocks, struct phy_cells *cells)
{
	double near_hz = 1.5 * s->group.scs_hz;
	unsigned first = s->cancelled_n, from = first;

	s->blocks = blocks;

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
