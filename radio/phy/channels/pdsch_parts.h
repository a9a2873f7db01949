/* What sending and receiving share. */
#pragma once

#include "radio/phy/channels/pdsch.h"

/* Does the plan lie within the grid? */
bool phy_pdsch_fits(const struct phy_pdsch *p, const struct phy_grid *g);

/* Of the scrambling of data. */
uint32_t phy_pdsch_c_init(const struct phy_pdsch *p);

/* The subcarrier of the grid where the bandwidth part begins. */
static inline unsigned phy_pdsch_offset(const struct phy_pdsch *p, const struct phy_grid *g)
{
	return (unsigned)(p->config.bwp_start - g->first_crb) * PHY_SC_PER_PRB;
}
