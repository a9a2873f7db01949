/*
 * The quick first look of the search for the PSS. The three PSS are one sequence, turned: a third of it
 * correlates for all of them, and at a third of the rate. The powers of three thirds, added up, are never
 * less than that of the whole, so that what stays small here is no PSS; what does not is to be compared as a
 * whole.
 */
#pragma once

#include "radio/phy/search/pss_blocks.h"
#include "radio/phy/signals/sync_signal.h"

enum { PHY_PSS_THIRDS = 3 };

/* Rows have view.valid places for each repetition. */
struct phy_pss_sieve {
	const struct phy_pss_blocks *blocks;
	struct phy_pss_view view;
	int step;         /* bins from one frequency to the next */
	int kept, shared; /* rows that are kept of each third; steps that share a measure of energy */
	int energies_kept;
	int offset[PHY_CELL_ID_2S][PHY_PSS_THIRDS]; /* of a third of a PSS, in steps */
	struct phy_cf *third[PHY_PSS_THIRDS], *band, *time;
	float *values;
	float *rows[PHY_PSS_THIRDS], *energies, *inverse; /* inverse: of the energy at `at` */
	int *row_of[PHY_PSS_THIRDS], *energy_of;          /* the step that is kept in a place */
	bool *loud[PHY_PSS_THIRDS], *energy_loud;
	float *likeness[PHY_CELL_ID_2S]; /* by repetition and place; what phy_pss_sieve_at found */
	float least_energy;
	size_t block;
	unsigned repetitions;
	int at;
};

/* step: bins from one frequency to the next. fini is right after a failure as well. */
bool phy_pss_sieve_init(struct phy_pss_sieve *s, const struct phy_pss_blocks *blocks, int step);
void phy_pss_sieve_fini(struct phy_pss_sieve *s);

/* Looks at a block and its repetitions from now on. least: energy of a symbol below which nothing counts. */
void phy_pss_sieve_start(struct phy_pss_sieve *s, size_t block, unsigned repetitions, double least);

/* The likenesses at one frequency, in steps, for all three PSS; false if nothing is there. Frequencies should
 * be asked for in ascending order. */
bool phy_pss_sieve_at(struct phy_pss_sieve *s, const struct kern *k, int at);
