/*
 * The channel as the receiver of a shared channel knows it: from the DM-RS of one port on any set of resource
 * blocks to every resource element of each antenna. Delays, frequency offset and Doppler are those of all
 * antennas together. Over frequency it finds where the delays lie and how strong they stand out of noise, and
 * takes the filter made for that (chest_filter.h); over time it finds carrier frequency offset and Doppler
 * from DM-RS symbol to DM-RS symbol, and weighs these for each symbol of the slot.
 */
#pragma once

#include "radio/phy/receivers/chest_filter.h"
#include "radio/phy/mapping/dmrs.h"

struct phy_prb_run {
	uint16_t first, n;
};

/* What the estimate is made of; all of the caller's checking. */
struct phy_chest_layout {
	const struct phy_dmrs *dmrs;
	uint16_t dmrs_symbols; /* mask, pairs with a double symbol; at most four or two pairs */
	uint8_t mu;
	bool extended;
	uint16_t bwp_start, bwp_prbs; /* CRB; blocks */
	const struct phy_prb_run
		*bands; /* of the bandwidth part, ascending; nothing is smoothed from one to the next */
	unsigned bands_n;
};

struct phy_chest_result {
	float power; /* mean of |H|^2 over the bands, and over the antennas that receive anything */
	float noise; /* variance on a resource element, interference included; the mean over these antennas */
	float snr_db;     /* of the two, within [-50, 100] */
	float cfo_hz;     /* carrier frequency offset; 0 with one DM-RS symbol */
	float doppler_hz; /* of a Jakes spectrum; 0 with one DM-RS symbol */
	float delay_s;    /* the mean delay after the beginning of the transform's window */
};

enum { PHY_CHEST_ANTENNAS_MAX = 8 };

/* One a thread, for so many antennas; NULL when memory is out. filters stay the caller's and must outlive it.
 */
struct phy_chest *phy_chest_new(const struct phy_chest_filters *filters, unsigned antennas);
void phy_chest_free(struct phy_chest *c);

/*
 * Estimates from the DM-RS of the grids, one an antenna and all alike, whose subcarrier `offset` is the first
 * of the bandwidth part. An antenna without power, or with NaN or infinity, is left out. False when there is
 * nothing to find at any.
 */
bool phy_chest_run(struct phy_chest *c, const struct kern *k, const struct phy_chest_layout *layout,
	unsigned slot, const struct phy_grid *grids, unsigned antennas, unsigned offset);

/*
 * The channel of a symbol at the first antenna, by subcarrier of the bandwidth part (of no meaning outside
 * the bands): in out, which has room for the part, or where it is until the next phy_chest_run(). *noise gets
 * what an equalizer should take for noise: with what the estimate does not know.
 */
const struct phy_cf *phy_chest_symbol(
	const struct phy_chest *c, const struct kern *k, unsigned symbol, struct phy_cf *out, float *noise);

const struct phy_chest_result *phy_chest_result(const struct phy_chest *c);
