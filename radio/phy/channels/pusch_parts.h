/* What sending and receiving share. */
#pragma once

#include "radio/phy/channels/pusch.h"

/* Does the plan lie within the grid, and the slot within the frame? */
bool phy_pusch_fits(const struct phy_pusch *p, const struct phy_grid *g, unsigned slot);

/* Of the scrambling of data. */
uint32_t phy_pusch_c_init(const struct phy_pusch *p);

/* The DM-RS of a layer where symbol l is. */
struct phy_dmrs phy_pusch_dmrs(
	const struct phy_pusch *p, const struct phy_dfts *dfts, unsigned layer, int shift);

/* The subcarrier of the grid where the bandwidth part begins. */
static inline unsigned phy_pusch_offset(const struct phy_pusch *p, const struct phy_grid *g)
{
	return (unsigned)(p->config.bwp_start - g->first_crb) * PHY_SC_PER_PRB;
}

static inline unsigned phy_pusch_symbols(const struct phy_pusch *p)
{
	return p->config.extended ? 12 : 14;
}
