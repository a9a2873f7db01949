/*
 * The channel of PUCCH over frequency, from noisy pilots: the linear estimate of least mean square error for
 * delays that fill a window evenly, in tiles of up to four resource blocks.
 */
#pragma once

#include "radio/phy/signals/sequence.h"

enum { PUCCH_FILTER_PRBS = 4, PUCCH_FILTER_SNRS = 6 };

enum pucch_pilots {
	PUCCH_COMB_3,    /* format 2: each third subcarrier from the second on */
	PUCCH_FULL,      /* format 3: each */
	PUCCH_FULL_OF_2, /* format 4: each, with another user half the cyclic shifts away */
	PUCCH_FULL_OF_4, /* with three, a quarter */
	PUCCH_PILOTS,
};

struct pucch_filters;

/* NULL when memory is out. */
struct pucch_filters *pucch_filters_new(void);
void pucch_filters_free(struct pucch_filters *f);

/* Pilots of a resource block, and subcarriers between two that look the same to all users. */
unsigned pucch_pilots_per_prb(enum pucch_pilots kind);
unsigned pucch_pilots_lag(enum pucch_pilots kind);

/* The SNR of pilots, as a ratio, to take a filter by: the nearest one that there is. */
unsigned pucch_filter_class(float snr);

/*
 * out: 12 * prbs subcarriers from their pilots, whose delays lie about 0; of one user. A number of blocks
 * above PUCCH_FILTER_PRBS is for PUCCH_COMB_3 and PUCCH_FULL. What becomes of noise of variance 1 is
 * returned.
 */
float pucch_filter(const struct pucch_filters *f, const struct kern *k, enum pucch_pilots kind,
	unsigned snr_class, unsigned prbs, struct phy_cf *out, const struct phy_cf *pilots);

/* The variance of the pilots' noise, by what smoothing of all users leaves of them; work: as many as pilots.
 */
float pucch_filter_left(const struct pucch_filters *f, const struct kern *k, enum pucch_pilots kind,
	unsigned snr_class, unsigned prbs, struct phy_cf *work, const struct phy_cf *pilots);
