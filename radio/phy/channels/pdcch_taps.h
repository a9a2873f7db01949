/* A channel of a few taps fitted to the DMRS of a span; not for others than the PDCCH's channel estimate. */
#pragma once

#include "radio/phy/signals/complex.h"
#include "radio/phy/channels/pdcch_parts.h"

enum { PDCCH_TAPS_MAX = 15 };

/* The DMRS of one span. */
struct pdcch_unit {
	unsigned first, n;
};

/* A unit's normal equations, factored: M = L L^H and L y = b, for as many taps as it has. */
struct pdcch_taps {
	unsigned n;
	int place[PDCCH_TAPS_MAX];      /* 0, 1, -1, 2 and so on, in units of `apart` */
	uint32_t delay[PDCCH_TAPS_MAX]; /* the strongest, then one more on either side in turn */
	uint32_t apart;
	float prior[PDCCH_TAPS_MAX]; /* power of each tap */
	struct phy_cf l[PDCCH_TAPS_MAX][PDCCH_TAPS_MAX], y[PDCCH_TAPS_MAX];
};

/* exp(j 2 pi k delay), to the sixth place. */
static inline struct phy_cf pdcch_turn(const struct pdcch_channel *ch, unsigned k, uint32_t delay)
{
	uint32_t phase = k * delay;
	struct phy_cf w = ch->phases[phase >> 20];
	float rest = (float)(phase & 0xfffff) * 1.4629181e-9f; /* 2 pi / 2^32 */

	return (struct phy_cf){ w.re - rest * w.im, w.im + rest * w.re };
}

/* Of a DMRS, from the candidate's first block on. */
static inline unsigned pdcch_subcarrier(const struct pdcch_channel *ch, unsigned pilot)
{
	return ch->at[pilot / PDCCH_DMRS_PER_RB] * PHY_SC_PER_PRB + 4 * (pilot % PDCCH_DMRS_PER_RB) + 1;
}

enum { PDCCH_PILOTS_MAX = PHY_PDCCH_RBS * PDCCH_DMRS_PER_RB };

/* The DMRS of a unit turned back by a delay, and what turns them on to the next delay. */
struct pdcch_turning {
	unsigned n;
	float re[PDCCH_PILOTS_MAX], im[PDCCH_PILOTS_MAX], step_re[PDCCH_PILOTS_MAX],
		step_im[PDCCH_PILOTS_MAX];
};

/* values: of all DMRS; NULL: ones. */
void pdcch_turning_begin(struct pdcch_turning *t, const struct pdcch_channel *ch, struct pdcch_unit u,
	const struct phy_cf *values, uint32_t from, uint32_t step);
void pdcch_turning_next(struct pdcch_turning *t);
/* The sum of n from a first on, counted in the unit. */
struct phy_cf pdcch_turning_sum(const struct pdcch_turning *t, unsigned first, unsigned n);

/* Places n taps about a delay, each `apart` from the next; their priors fall from `power` outwards. */
void pdcch_taps_place(struct pdcch_taps *f, unsigned n, uint32_t delay, uint32_t apart, float power);

/* Fits the taps over DMRS with this noise: fills l and y. */
void pdcch_taps_fit(const struct pdcch_channel *ch, struct pdcch_unit u, struct pdcch_taps *f, float noise);

/* The taps' values in place of y. */
void pdcch_taps_solve(struct pdcch_taps *f);

/* The channel at a subcarrier, once solved. */
struct phy_cf pdcch_taps_response(const struct pdcch_channel *ch, const struct pdcch_taps *f, unsigned k);
