#include "radio/phy/search/cells.h"

#include <math.h>

enum { IMAGE_DB = 35 }; /* the resampler leaves 60 dB less of what it does not pass */

/*
 * Whether b is a again: of the same identity at the same frequency and weaker; or at the same time and so
 * much fainter that it is what filters leave of it.
 */
static bool repeats(const struct phy_cell *a, const struct phy_cell *b, double rate_hz)
{
	if (a->n_cell_id != b->n_cell_id)
		return false;
	if (fabs(a->frequency_hz - b->frequency_hz) < 2 * a->scs_hz)
		return b->snr_db <= a->snr_db;
	return b->power_db < a->power_db - IMAGE_DB && fabs(a->start - b->start) < rate_hz / a->scs_hz;
}

void phy_cells_keep(struct phy_cells *cells, const struct phy_cell *cell, double rate_hz)
{
	unsigned at, kept = 0;

	for (unsigned i = 0; i < cells->count; i++) {
		if (repeats(&cells->cell[i], cell, rate_hz))
			return;
		if (!repeats(cell, &cells->cell[i], rate_hz))
			cells->cell[kept++] = cells->cell[i];
	}
	if (kept == PHY_CELLS_MAX) {
		cells->count = kept;
		return;
	}
	for (at = kept; at > 0 && cells->cell[at - 1].snr_db < cell->snr_db; at--)
		cells->cell[at] = cells->cell[at - 1];
	cells->cell[at] = *cell;
	cells->count = kept + 1;
}

void phy_cells_replace(struct phy_cells *cells, const struct phy_cell *was, const struct phy_cell *is)
{
	for (unsigned i = 0; i < cells->count; i++) {
		struct phy_cell *c = &cells->cell[i];

		if (c->n_cell_id == was->n_cell_id && c->start == was->start &&
			c->frequency_hz == was->frequency_hz)
			*c = *is;
	}
	for (unsigned i = 1; i < cells->count; i++) {
		struct phy_cell c = cells->cell[i];
		unsigned at = i;

		for (; at > 0 && cells->cell[at - 1].snr_db < c.snr_db; at--)
			cells->cell[at] = cells->cell[at - 1];
		cells->cell[at] = c;
	}
}
