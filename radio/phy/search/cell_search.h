/* From a recording to the cells in it: PSS, SSS, PBCH. */
#pragma once

#include "radio/phy/search/cells.h"
#include "radio/phy/search/pss_search.h"
#include "radio/phy/search/ssb_bursts.h"

/* Room for recordings of up to count_max samples at one rate and spacing of the SSB; new says NULL as
 * phy_pss_search_new does. */
struct phy_cell_search;
struct phy_cell_search *phy_cell_search_new(double rate_hz, double scs_hz, size_t count_max);
void phy_cell_search_free(struct phy_cell_search *s);

/* The recording that is searched from now on, of which a copy is made. Samples must be finite; those beyond
 * count_max are not looked at. */
void phy_cell_search_take(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in);

/* Which blocks are looked for: those of channels of 3 MHz are punctured (38.211 7.4.3.1). */
enum phy_cell_blocks { PHY_CELL_BLOCKS_WHOLE = 1, PHY_CELL_BLOCKS_PUNCTURED, PHY_CELL_BLOCKS_ANY };

/* Adds the cells whose SSB is centred from low_hz to high_hz; l_max 64, or 8 for both 4 and 8. */
void phy_cell_search_run(struct phy_cell_search *s, const struct kern *k, double low_hz, double high_hz,
	unsigned l_max, enum phy_cell_blocks blocks, struct phy_cells *cells);
