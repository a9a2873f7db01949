/*
 * Each peak of the PSS search stands for a group of bursts, 20 ms apart. Frequency offset, SSS and DM-RS are
 * judged over the group; then each burst is decoded alone, or, where noise is too strong for that, all of
 * them together.
 */
#include "radio/phy/search/cell_search.h"

#include <math.h>
#include <stdlib.h>

enum {
	I_BARS_TRIED = 2,
	REFINEMENTS = 3, /* of the frequency */
	IMAGE_DB = 35,   /* the resampler leaves 60 dB less of what it does not pass */
};

static const float least_sss = 0.08f, least_dmrs = 0.2f;

struct phy_cell_search {
	struct phy_pss_search *pss;
	struct phy_pbch pbch;
	struct phy_pss_peaks peaks;
	struct phy_bursts group;
	struct phy_pbch_burst coded[PHY_BURSTS_MAX];
};

struct phy_cell_search *phy_cell_search_new(double rate_hz, double scs_hz, size_t count_max)
{
	struct phy_cell_search *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->pss = phy_pss_search_new(rate_hz, scs_hz, count_max);
	phy_pbch_init(&s->pbch);
	if (s->pss && phy_bursts_init(&s->group, rate_hz, scs_hz))
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
	free(s);
}

/* The likeliest cell identity over the group; false if none stands out of what noise does. */
static bool find_cell_id(const struct phy_cell_search *s, unsigned n_id_2, uint16_t *n_cell_id)
{
	float sum[PHY_CELL_ID_1S] = { 0 };
	unsigned best = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		const struct phy_ssb *re = &s->group.burst[i].re;
		struct phy_cf like[PHY_CELL_ID_1S];

		phy_sss_correlate(like, re->re[0] + PHY_SSB_SYNC_AT, re->re[2] + PHY_SSB_SYNC_AT, n_id_2);
		for (unsigned id = 0; id < PHY_CELL_ID_1S; id++)
			sum[id] += hypotf(like[id].re, like[id].im);
	}
	for (unsigned id = 1; id < PHY_CELL_ID_1S; id++)
		best = sum[id] > sum[best] ? id : best;
	*n_cell_id = (uint16_t)(3 * best + n_id_2);
	return sum[best] > least_sss * (float)s->group.count;
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

/* Decodes the group's bursts, each alone and then all together. True: payload is of the first place of the
 * group. */
static bool decode(struct phy_cell_search *s, const struct kern *k, unsigned l_max, unsigned n_cell_id,
	unsigned i_bar, struct phy_pbch_payload *payload)
{
	unsigned count = 0;

	for (unsigned i = 0; i < s->group.count; i++) {
		struct phy_pbch_burst *c = &s->coded[count];
		unsigned frames = 2 * s->group.burst[i].period;

		if (!phy_ssb_receive(
			    &s->group.burst[i].re, n_cell_id, i_bar, c->llr, &s->group.burst[i].measure))
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
 * Whether b is a again: of the same identity at the same frequency and weaker; or at the same time and so
 * much fainter that it is what filters leave of it.
 */
static bool repeats(const struct phy_cell *a, const struct phy_cell *b, double rate_hz)
{
	if (a->n_cell_id != b->n_cell_id)
		return false;
	if (fabs(a->frequency_hz - b->frequency_hz) < 2 * a->scs_hz)
		return b->snr_db <= a->snr_db;
	return b->power_db < a->power_db - IMAGE_DB && fabs(a->start - b->start) < rate_hz / a->scs_hz;
}

/* Puts a cell in its place by SNR, unless it repeats another; takes away those that repeat it. */
static void keep(struct phy_cells *cells, const struct phy_cell *cell, double rate_hz)
{
	unsigned at, kept = 0;

	for (unsigned i = 0; i < cells->count; i++) {
		if (repeats(&cells->cell[i], cell, rate_hz))
			return;
		if (!repeats(cell, &cells->cell[i], rate_hz))
			cells->cell[kept++] = cells->cell[i];
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

	phy_bursts_take(&s->group, k, in, cell->frequency_hz);
	for (unsigned i = 0; i < s->group.count; i++)
		(void)phy_ssb_receive(
			&s->group.burst[i].re, cell->n_cell_id, i_bar, llr, &s->group.burst[i].measure);
}

/* All that is to be reported of the group once its payload is known. */
static void measure(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	struct phy_cell *cell)
{
	unsigned i_bar = phy_pbch_i_bar(cell->l_max, cell->payload.ssb_index, cell->payload.half_frame);
	struct phy_bursts_sent sent = { &s->pbch, &cell->payload, cell->l_max, cell->n_cell_id };
	struct phy_bursts_verdict v;

	receive_all(s, k, in, cell, i_bar);
	for (unsigned n = 0; n < REFINEMENTS; n++) {
		phy_bursts_judge(&s->group, k, &sent, &v);
		cell->frequency_hz += v.offset_hz;
		receive_all(s, k, in, cell, i_bar);
	}
	phy_bursts_judge(&s->group, k, &sent, &v);
	cell->frequency_error_hz = v.error_hz;
	cell->turn_rad = v.turn_rad;
	cell->snr_db = (float)(10 * log10(v.power / v.noise));
	cell->power_db = (float)(10 * log10(v.power));
	cell->start = s->group.burst[0].start +
		      phy_bursts_delay(&s->group, 0) * in->rate_hz / (PHY_BURST_FFT * s->group.scs_hz);
}

static void search_peak(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in,
	const struct phy_pss_peak *peak, unsigned l_max, struct phy_cells *cells)
{
	struct phy_cell cell = { .scs_hz = s->group.scs_hz };
	double frequency_hz = peak->frequency_hz;
	unsigned i_bars[PHY_SSB_I_BARS];
	float share;

	phy_bursts_place(&s->group, in, peak->start);
	if (s->group.count == 0)
		return;
	phy_bursts_take(&s->group, k, in, frequency_hz);
	frequency_hz += phy_bursts_coarse_offset(&s->group, k, peak->n_id_2, (double)peak->likeness);
	phy_bursts_take(&s->group, k, in, frequency_hz);
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
		keep(cells, &cell, in->rate_hz);
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
