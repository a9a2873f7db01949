/*
 * Precoding: from layers to antenna ports. That of the PUSCH (38.211 6.3.1.5) is one matrix; that of the
 * PDSCH is the gNB's own, one a precoding resource block group (38.214 5.1.2.3).
 */
#pragma once

#include "radio/phy/signals/grid.h"

enum {
	PHY_UL_PORTS_MAX = 4,
	PHY_UL_LAYERS_MAX = 4,
	PHY_PORTS_MAX = 8,
	PHY_LAYERS_MAX = 8,
	PHY_PRGS_MAX = PHY_PRB_MAX / 2 + 1, /* of two blocks, the first and the last maybe of one */
};

struct phy_precoding {
	uint8_t ports, layers;
	bool identity; /* port i sends layer i */
	struct phy_cf w[PHY_PORTS_MAX][PHY_LAYERS_MAX];
};

/* Codebook: the TPMI of Tables 6.3.1.5-1 to -7 for 1, 2 or 4 ports (with 1, 1). False for what they lack. */
bool phy_precoding_tpmi(
	struct phy_precoding *w, unsigned ports, unsigned layers, unsigned tpmi, bool transform_precoding);

/* Non-codebook: each layer has a port of its own. False for layers beyond 1 to 8. */
bool phy_precoding_identity(struct phy_precoding *w, unsigned layers);

/*
 * The group of a block of a bandwidth part that begins at this CRB, and the first block behind it: groups of
 * prg_prbs, 2 or 4, lie on a raster from CRB 0 on. 0 prg_prbs: all blocks are one group.
 */
static inline unsigned phy_prg_of(unsigned prg_prbs, unsigned bwp_start, unsigned prb)
{
	return prg_prbs ? (bwp_start % prg_prbs + prb) / prg_prbs : 0;
}

static inline unsigned phy_prg_end(unsigned prg_prbs, unsigned bwp_start, unsigned prb)
{
	return prg_prbs ? (phy_prg_of(prg_prbs, bwp_start, prb) + 1) * prg_prbs - bwp_start % prg_prbs
			: PHY_PRB_MAX;
}
