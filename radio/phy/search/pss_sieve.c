#include "radio/phy/search/pss_sieve.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "radio/phy/channels/ssb.h"
#include "radio/phy/search/pss_wave.h"

enum {
	CHIPS = 43,     /* of a third; the last has two fewer */
	CHIP_RATE = 58, /* places of a symbol, at least */
	MIDDLE = CHIPS / 2,
	SHARE_SUBCARRIERS = 3, /* frequencies within them share a measure of energy */
	THIRD_HALF = MIDDLE + 1,
};

/* Of least_energy: what is so faint counts for nothing. */
static const float silent = 0.003f;

/* The first subcarrier of a third, within each PSS (38.211 7.4.2.2.1: turned by 43 chips). */
static const int first[PHY_CELL_ID_2S][PHY_PSS_THIRDS] = { { 0, 43, 86 }, { 84, 0, 43 }, { 41, 84, 0 } };

void phy_pss_sieve_fini(struct phy_pss_sieve *s)
{
	phy_pss_view_fini(&s->view);
	free(s->band);
	free(s->time);
	free(s->values);
	free(s->energies);
	free(s->energy_of);
	free(s->energy_loud);
	free(s->inverse);
	for (unsigned i = 0; i < PHY_PSS_THIRDS; i++) {
		free(s->third[i]);
		free(s->rows[i]);
		free(s->row_of[i]);
		free(s->loud[i]);
		free(s->likeness[i]);
	}
}

static double subcarrier_bins(const struct phy_pss_sieve *s)
{
	return s->blocks->scs_hz * s->blocks->size / s->blocks->rate_hz;
}

/* Half the width that energy is measured in, in bins: what a third has at any frequency that shares it. */
static unsigned energy_half(const struct phy_pss_sieve *s)
{
	return (unsigned)ceil(THIRD_HALF * subcarrier_bins(s)) + (unsigned)(s->shared * s->step) / 2;
}

static bool allocate(struct phy_pss_sieve *s)
{
	size_t places = (size_t)s->view.valid * PHY_PSS_REPETITIONS_MAX, kept = (size_t)s->kept,
	       energies = (size_t)s->energies_kept;
	bool all;

	s->band = malloc(s->view.bins * sizeof(*s->band));
	s->time = malloc(s->view.bins * sizeof(*s->time));
	s->values = malloc(s->view.bins * sizeof(*s->values));
	s->energies = malloc(places * energies * sizeof(*s->energies));
	s->energy_of = malloc(energies * sizeof(*s->energy_of));
	s->energy_loud = malloc(energies * sizeof(*s->energy_loud));
	s->inverse = malloc(places * sizeof(*s->inverse));
	all = s->band && s->time && s->values && s->energies && s->energy_of && s->energy_loud && s->inverse;
	for (unsigned i = 0; i < PHY_PSS_THIRDS; i++) {
		s->third[i] = malloc(s->view.bins * sizeof(*s->third[i]));
		s->rows[i] = malloc(places * kept * sizeof(*s->rows[i]));
		s->row_of[i] = malloc(kept * sizeof(*s->row_of[i]));
		s->loud[i] = malloc(kept * sizeof(*s->loud[i]));
		s->likeness[i] = malloc(places * sizeof(*s->likeness[i]));
		all = all && s->third[i] && s->rows[i] && s->row_of[i] && s->loud[i] && s->likeness[i];
	}
	return all;
}

static void make_thirds(struct phy_pss_sieve *s)
{
	int8_t d[PHY_SYNC_LENGTH];

	phy_pss(d, 0);
	for (unsigned i = 0; i < PHY_PSS_THIRDS; i++) {
		unsigned from = i * CHIPS, left = PHY_SYNC_LENGTH - from;
		struct phy_pss_part part = { d + from, left < CHIPS ? left : CHIPS, -MIDDLE };

		phy_pss_filter(s->third[i], s->blocks, &s->view, &part,
			(unsigned)ceil(THIRD_HALF * subcarrier_bins(s)));
	}
	phy_pss_band(s->band, &s->view, energy_half(s));
}

bool phy_pss_sieve_init(struct phy_pss_sieve *s, const struct phy_pss_blocks *blocks, int step)
{
	*s = (struct phy_pss_sieve){ .blocks = blocks, .step = step };
	for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
		for (unsigned i = 0; i < PHY_PSS_THIRDS; i++) {
			s->offset[id][i] = (int)lround(first[id][i] * subcarrier_bins(s) / step);
			if (s->kept <= s->offset[id][i])
				s->kept = s->offset[id][i] + 1;
		}
	}
	s->shared = (int)(SHARE_SUBCARRIERS * subcarrier_bins(s) / step); /* 3 at least */
	s->energies_kept = s->kept / s->shared + 2;
	if (!phy_pss_view_init(&s->view, blocks, CHIP_RATE) || !allocate(s))
		return false;
	make_thirds(s);
	return true;
}

static size_t row_size(const struct phy_pss_sieve *s)
{
	return (size_t)s->view.valid * s->repetitions;
}

void phy_pss_sieve_start(struct phy_pss_sieve *s, size_t block, unsigned repetitions, double least)
{
	s->block = block;
	s->repetitions = repetitions;
	/* transforms are not scaled, and of the samples one of `decimation` is summed */
	s->least_energy = (float)(least * s->blocks->size * s->blocks->size / s->view.decimation);
	s->at = INT_MIN;
	for (int i = 0; i < s->energies_kept; i++)
		s->energy_of[i] = INT_MIN;
	for (int i = 0; i < s->kept; i++) {
		for (unsigned t = 0; t < PHY_PSS_THIRDS; t++)
			s->row_of[t][i] = INT_MIN;
	}
}

static int modulo(int a, int n)
{
	return a % n < 0 ? a % n + n : a % n;
}

static int floor_over(int a, int n)
{
	return (a - modulo(a, n)) / n;
}

/* The middle of a third, in bins, whose PSS begins at this step. */
static int middle_of(const struct phy_pss_sieve *s, int step)
{
	return step * s->step +
	       (int)lround((PHY_SSB_SYNC_AT - PHY_SSB_SUBCARRIERS / 2 + MIDDLE) * subcarrier_bins(s));
}

/* The place of the energies around a step. */
static int take_energies(struct phy_pss_sieve *s, const struct kern *k, int step)
{
	int group = floor_over(step, s->shared), at = modulo(group, s->energies_kept);
	float *row = s->energies + (size_t)at * row_size(s), all = 0;

	if (s->energy_of[at] == group)
		return at;
	s->energy_of[at] = group;
	for (unsigned r = 0; r < s->repetitions; r++, row += s->view.valid) {
		phy_pss_correlate(s->blocks, k, &s->view, s->block + (size_t)r * s->blocks->per_period,
			middle_of(s, group * s->shared + s->shared / 2), s->band, s->time);
		k->cf_power(s->values, &s->time->re, s->view.valid + s->view.length - 1);
		k->sum_windows(row, s->values, s->view.valid, s->view.length);
		all += k->cf_energy(&s->time->re, s->view.valid + s->view.length - 1);
	}
	s->energy_loud[at] = all > silent * s->least_energy;
	return at;
}

/* The place of the powers of a third at a step. */
static int take_row(struct phy_pss_sieve *s, const struct kern *k, unsigned third, int step)
{
	int at = modulo(step, s->kept), energies;
	float *row = s->rows[third] + (size_t)at * row_size(s);

	if (s->row_of[third][at] == step)
		return at;
	s->row_of[third][at] = step;
	energies = take_energies(s, k, step);
	s->loud[third][at] = s->energy_loud[energies];
	if (!s->loud[third][at]) {
		memset(row, 0, row_size(s) * sizeof(*row));
		return at;
	}
	for (unsigned r = 0; r < s->repetitions; r++, row += s->view.valid) {
		phy_pss_correlate(s->blocks, k, &s->view, s->block + (size_t)r * s->blocks->per_period,
			middle_of(s, step), s->third[third], s->time);
		k->cf_power(row, &s->time->re, s->view.valid);
	}
	return at;
}

/* inverse[] at a step: of the energy in the whole PSS's band, for as many subcarriers as it has. */
static void invert(struct phy_pss_sieve *s, const struct kern *k, int step)
{
	const float *e[PHY_PSS_THIRDS];
	float share = (float)(PHY_SYNC_LENGTH * subcarrier_bins(s) / (PHY_PSS_THIRDS * 2 * energy_half(s)));

	if (s->at != INT_MIN && floor_over(s->at, s->shared) == floor_over(step, s->shared))
		return;
	for (unsigned i = 0; i < PHY_PSS_THIRDS; i++)
		e[i] = s->energies + (size_t)take_energies(s, k, step + s->offset[0][i]) * row_size(s);
	for (size_t i = 0; i < row_size(s); i++)
		s->inverse[i] = 1 / (share * (e[0][i] + e[1][i] + e[2][i]) + s->least_energy);
}

bool phy_pss_sieve_at(struct phy_pss_sieve *s, const struct kern *k, int at)
{
	bool any = false;

	invert(s, k, at);
	s->at = at;
	for (unsigned id = 0; id < PHY_CELL_ID_2S; id++) {
		const float *row[PHY_PSS_THIRDS];

		for (unsigned i = 0; i < PHY_PSS_THIRDS; i++) {
			int place = take_row(s, k, i, at + s->offset[id][i]);

			row[i] = s->rows[i] + (size_t)place * row_size(s);
			any = any || s->loud[i][place];
		}
		if (any)
			k->sum_thrice(s->likeness[id], row[0], row[1], row[2], s->inverse, row_size(s));
		else
			memset(s->likeness[id], 0, row_size(s) * sizeof(*s->likeness[id]));
	}
	return any;
}
