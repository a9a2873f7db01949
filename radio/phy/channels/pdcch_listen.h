/* What the search for PDCCHs works in, and what it hears of a candidate; not for others. */
#pragma once

#include "radio/phy/channels/pdcch_parts.h"

enum { PDCCH_SYMBOLS = PHY_PDCCH_BITS / 2 };

struct phy_pdcch_receiver {
	struct phy_polar_cache *codes;
	struct phy_polar_decoder decoder;
	struct phy_cf phases[PDCCH_PHASES];
	struct pdcch_channel channel[PHY_PDCCH_ANTENNAS_MAX];
	unsigned heard; /* antennas that are not left out, the first ones of channel[] and data[] */
	uint8_t dmrs[PHY_CORESET_SYMBOLS][PHY_CORESET_RBS];
	uint16_t rb[PHY_PDCCH_RBS], dmrs_rb[PHY_PDCCH_RBS]; /* the candidate's; those with DMRS */
	struct phy_cf data[PHY_PDCCH_ANTENNAS_MAX][PDCCH_SYMBOLS];
	float noise[PDCCH_SYMBOLS];
	int8_t llr[PHY_PDCCH_BITS];
	uint8_t bits[PHY_POLAR_K_DL_MAX], again[PHY_PDCCH_BITS];
	struct pdcch_seen {
		float energy; /* of a DMRS, of what was sent; 0: nobody did */
		struct pdcch_span bundle[PHY_PDCCH_ANTENNAS_MAX];
	} seen[PHY_CANDIDATES_MAX];
};

/* The energy of a candidate's DMRS. */
void pdcch_see(struct phy_pdcch_receiver *rx, const struct phy_pdcch_search *s, const struct phy_grid *grids,
	unsigned antennas, struct phy_candidate at, struct pdcch_seen *seen);
/* Soft bits of a candidate that was seen; false if there is nothing to decode. */
bool pdcch_listen(struct phy_pdcch_receiver *rx, const struct kern *kern, const struct phy_pdcch_search *s,
	const struct phy_grid *grids, unsigned antennas, unsigned i);
