#include "radio/phy/search/scan.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/search/band.h"
#include "radio/phy/search/tones.h"

enum { SPACINGS = 5, PLACES_MAX = 6 };

/* So much is searched at once: two SS/PBCH bursts of the usual 20 ms, and what places them. */
static const double default_search_s = 0.045;

/* A step of the search: each has its own list of peaks. */
static const double step_spacings = 1024;

const char *phy_scan_error_text(enum phy_scan_error e)
{
	static const char *const texts[] = { "ok",
		"the sample rate holds no SS/PBCH block, or is above 1 GHz", "shorter than an SS/PBCH block",
		"out of memory" };

	return (size_t)e < ARRAY_LEN(texts) ? texts[e] : "?";
}

/* What is looked for: FR2 has other spacings than FR1. 0 if the rate is too low or too high for all of them.
 */
static unsigned spacings_of(const struct phy_scan_config *c, double rate_hz)
{
	unsigned likely = c->centre_hz >= 24.25e9 ? 0x18 : c->centre_hz > 0 ? 0x03 : 0x1b, fitting = 0;

	if (c->spacings)
		likely = c->spacings & 0x1b;
	for (unsigned mu = 0; mu < SPACINGS; mu++) {
		double scs_hz = 15000 << mu;

		if (rate_hz >= PHY_SSB_SUBCARRIERS * scs_hz && rate_hz <= PHY_PSS_SAMPLES_MAX * scs_hz)
			fitting |= 1u << mu;
	}
	return likely & fitting;
}

/* One spacing's search, over a range in steps, or around the entries of the raster. */
struct searching {
	const struct kern *k;
	const struct phy_scan_config *config;
	struct phy_cell_search *search;
	struct phy_cells *cells;
	double scs_hz, edge_hz, done, share;
	unsigned l_max;
};

static void report(struct searching *s, double done)
{
	s->done = done;
	if (s->config->progress)
		s->config->progress(s->config->progress_arg, done);
}

/* What a recording holds of punctured blocks reaches further than of whole ones. */
static double narrow_edge_hz(const struct searching *s)
{
	return s->edge_hz + (PHY_SSB_SUBCARRIERS - PHY_SSB_KEPT) / 2 * s->scs_hz;
}

static void search_raster(struct searching *s, bool narrow)
{
	double edge = narrow ? narrow_edge_hz(s) : s->edge_hz, centre = s->config->centre_hz;
	unsigned first = phy_gscn_near(centre - edge, narrow), last = phy_gscn_near(centre + edge, narrow);

	for (unsigned gscn = first; first > 0 && gscn <= last; gscn++) {
		double at = phy_gscn_hz(gscn) - centre;

		phy_cell_search_run(s->search, s->k, at - s->scs_hz, at + s->scs_hz, s->l_max,
			narrow ? PHY_CELL_BLOCKS_PUNCTURED : PHY_CELL_BLOCKS_WHOLE, s->cells);
	}
}

/* Of 15 kHz, on the raster of channels of 3 MHz or anywhere. */
static bool may_be_narrow(const struct searching *s)
{
	double hz = s->config->centre_hz;

	return s->scs_hz < 20e3 && (hz <= 0 || phy_gscn_near(hz, true) > 0);
}

static void search_all(struct searching *s)
{
	double from = s->done, step_hz = step_spacings * s->scs_hz, wide = narrow_edge_hz(s);
	bool narrow = may_be_narrow(s);

	for (double low = -s->edge_hz; low <= s->edge_hz; low += step_hz) {
		double high = low + step_hz < s->edge_hz ? low + step_hz : s->edge_hz;

		phy_cell_search_run(s->search, s->k, low, high, s->l_max,
			narrow ? PHY_CELL_BLOCKS_ANY : PHY_CELL_BLOCKS_WHOLE, s->cells);
		report(s, from + s->share * (high + s->edge_hz) / (2 * s->edge_hz));
	}
	for (int side = -1; side <= 1 && narrow; side += 2) {
		double middle = side * (s->edge_hz + wide) / 2, half = (wide - s->edge_hz) / 2;

		phy_cell_search_run(s->search, s->k, middle - half, middle + half, s->l_max,
			PHY_CELL_BLOCKS_PUNCTURED, s->cells);
	}
}

static enum phy_scan_error find_cells(const struct kern *k, const struct phy_recording *in,
	const struct phy_scan_config *config, struct phy_cells *cells)
{
	unsigned spacings = spacings_of(config, in->rate_hz);
	struct phy_recording part = *in;
	double search_s = config->search_s > 0 ? config->search_s : default_search_s;

	if (!spacings || !(in->rate_hz <= 1e9))
		return PHY_SCAN_RATE;
	if ((double)part.count > search_s * in->rate_hz)
		part.count = (size_t)(search_s * in->rate_hz);
	if ((double)in->count < (PHY_SSB_SYMBOLS + 1) * in->rate_hz / 240e3)
		return PHY_SCAN_SHORT;
	for (unsigned mu = 0, n = 0; mu < SPACINGS; mu++) {
		struct searching s = { k, config, NULL, cells, 15000 << mu };

		if (!(spacings >> mu & 1))
			continue;
		s.edge_hz = in->rate_hz / 2 - PHY_SSB_SUBCARRIERS / 2 * s.scs_hz + s.scs_hz / 2;
		s.l_max = mu >= 3 ? 64 : 8;
		s.share = 1.0 / __builtin_popcount(spacings);
		s.done = n++ * s.share;
		s.search = phy_cell_search_new(in->rate_hz, s.scs_hz, part.count);
		if (!s.search)
			return PHY_SCAN_MEMORY;
		phy_cell_search_take(s.search, k, &part);
		if (!config->raster_only || config->centre_hz <= 0)
			search_all(&s);
		else
			search_raster(&s, false);
		if (config->raster_only && config->centre_hz > 0 && may_be_narrow(&s))
			search_raster(&s, true);
		phy_cell_search_free(s.search);
		report(&s, n * s.share);
	}
	return PHY_SCAN_OK;
}

static const enum phy_ssb_case cases[SPACINGS][2] = { { PHY_SSB_CASE_A, PHY_SSB_CASE_A },
	{ PHY_SSB_CASE_C, PHY_SSB_CASE_B }, { 0 }, { PHY_SSB_CASE_D, PHY_SSB_CASE_D },
	{ PHY_SSB_CASE_E, PHY_SSB_CASE_E } };

static unsigned mu_of(const struct phy_cell *c)
{
	return c->scs_hz < 20e3 ? 0 : c->scs_hz < 40e3 ? 1 : c->scs_hz < 200e3 ? 3 : 4;
}

static enum phy_ssb_case likely_pattern(const struct phy_cell *c)
{
	return cases[mu_of(c)][0];
}

/* What a cell may be of, as far as its blocks show: the likeliest first. */
static unsigned guess_places(const struct phy_scan_cell *c, struct phy_sib1_place out[PLACES_MAX])
{
	static const enum phy_band_class narrow[] = { PHY_BAND_3_MHZ, PHY_BAND_5_MHZ, PHY_BAND_40_MHZ },
					 fr1[] = { PHY_BAND_5_MHZ, PHY_BAND_40_MHZ },
					 fr2[] = { PHY_BAND_FR2_1 };
	unsigned mu = mu_of(&c->cell), n = 0;
	unsigned bands = c->cell.punctured ? ARRAY_LEN(narrow) : mu >= 3 ? ARRAY_LEN(fr2) : ARRAY_LEN(fr1);
	const enum phy_band_class *of = c->cell.punctured ? narrow : mu >= 3 ? fr2 : fr1;

	for (unsigned b = 0; b < bands; b++)
		for (unsigned i = 0; i < 2; i++)
			if (i == 0 || cases[mu][1] != cases[mu][0])
				out[n++] = (struct phy_sib1_place){ &c->cell, &c->mib, &c->carrier,
					cases[mu][i], of[b] };
	return n;
}

static void read_sib1(struct phy_sib1_reader *reader, const struct kern *k, const struct phy_recording *in,
	struct phy_scan_cell *c)
{
	struct phy_sib1_place places[PLACES_MAX];
	unsigned n = guess_places(c, places);

	c->outcome = PHY_SIB1_NO_CORESET0;
	for (unsigned i = 0; i < n; i++) {
		enum phy_sib1_outcome outcome;
		struct phy_sib1 sib1;

		outcome = phy_sib1_read(reader, k, in, &places[i], &sib1);
		if (i > 0 && (outcome == PHY_SIB1_NO_CORESET0 || outcome == PHY_SIB1_OUTSIDE ||
				     (outcome == PHY_SIB1_NO_PDCCH && c->outcome != PHY_SIB1_NO_CORESET0)))
			continue;
		c->outcome = outcome;
		c->sib1 = sib1;
		c->pattern = places[i].pattern;
		c->band = places[i].band;
		if (outcome == PHY_SIB1_READ)
			return;
	}
}

/* The blocks of its bursts: where SIB1 has not shown the pattern, by the one of which more are there. */
static bool measure_blocks(const struct kern *k, const struct phy_recording *in, struct phy_scan_cell *c)
{
	struct phy_bursts *work = calloc(1, sizeof(*work));
	bool ok = work && phy_bursts_init(work, in->rate_hz, c->cell.scs_hz);

	if (ok) {
		phy_ssb_strengths(&c->blocks, work, k, in, &c->cell, c->pattern);
		if (c->pattern == PHY_SSB_CASE_C && c->outcome != PHY_SIB1_READ) {
			struct phy_ssb_strengths other;

			phy_ssb_strengths(&other, work, k, in, &c->cell, PHY_SSB_CASE_B);
			if (other.count > c->blocks.count) {
				c->blocks = other;
				c->pattern = PHY_SSB_CASE_B;
			}
		}
		phy_bursts_fini(work);
	}
	free(work);
	return ok;
}

enum phy_scan_error phy_scan_run(const struct kern *k, struct phy_cf *samples, size_t count, double rate_hz,
	const struct phy_scan_config *config, struct phy_scan *scan)
{
	struct phy_recording in = { samples, count, rate_hz };
	struct phy_cells *cells = calloc(1, sizeof(*cells));
	struct phy_sib1_reader *reader = NULL;
	enum phy_scan_error error = PHY_SCAN_MEMORY;

	if (cells && phy_tones_remove(k, samples, count, rate_hz))
		error = find_cells(k, &in, config, cells);

	scan->count = 0;
	if (error == PHY_SCAN_OK && cells->count > 0) { /* it takes some time to make */
		reader = phy_sib1_reader_new();
		error = reader ? PHY_SCAN_OK : PHY_SCAN_MEMORY;
	}
	for (unsigned i = 0; error == PHY_SCAN_OK && i < cells->count; i++) {
		struct phy_scan_cell *c = &scan->cell[scan->count++];

		*c = (struct phy_scan_cell){ .cell = cells->cell[i], .outcome = PHY_SIB1_NO_CORESET0 };
		c->carrier = phy_carrier_fit(&c->cell, config->centre_hz);
		c->has_mib = phy_mib_decode(&c->mib, &c->cell.payload);
		c->pattern = likely_pattern(&c->cell);
		if (c->has_mib)
			read_sib1(reader, k, &in, c);
		c->cell.punctured =
			c->cell.punctured && (c->outcome != PHY_SIB1_READ || c->band == PHY_BAND_3_MHZ);
		if (!measure_blocks(k, &in, c))
			error = PHY_SCAN_MEMORY;
	}
	phy_sib1_reader_free(reader);
	free(cells);
	return error;
}
