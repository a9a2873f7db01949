#include "radio/phy/search/carrier.h"

#include <math.h>

#include "radio/phy/search/band.h"

struct guess {
	double nominal_hz, turn_hz;
};

static double wrapped(double turns)
{
	return turns - floor(turns + 0.5);
}

/* What the cell's frequency still lacks by a guess, by the turn between symbols. */
static double correction(const struct phy_cell *cell, const struct guess *g)
{
	double symbol_s = (1 + 9.0 / 128) / cell->scs_hz;

	return wrapped(cell->turn_rad / (2 * M_PI) + fmod(g->turn_hz * symbol_s, 1)) / symbol_s;
}

struct phy_carrier phy_carrier_fit(const struct phy_cell *cell, double centre_hz)
{
	double grid_hz = cell->scs_hz >= 60e3 ? 60e3 : 15e3, symbol_s = (1 + 9.0 / 128) / cell->scs_hz;
	double on_grid = floor(cell->frequency_hz / grid_hz + 0.5) * grid_hz;
	double tolerance = 4 * cell->frequency_error_hz + 0.01 * cell->scs_hz, least = tolerance;
	struct phy_carrier out = { .nominal_hz = on_grid,
		.turn_hz = -(double)cell->turn_rad / (2 * M_PI * symbol_s) };
	struct guess guesses[4];
	unsigned n = 0;

	/* A waveform made around zero frequency and moved as a whole turns by its distance from there. */
	guesses[n++] = (struct guess){ on_grid, on_grid };
	if (centre_hz > 0) {
		double raster_hz = phy_gscn_hz(phy_gscn_near(centre_hz + cell->frequency_hz));

		/* One that was really on the air turns by its radio frequency. */
		if (fabs(raster_hz - centre_hz - cell->frequency_hz) < cell->scs_hz) {
			out.nominal_hz = raster_hz - centre_hz;
			guesses[n++] = (struct guess){ raster_hz - centre_hz, raster_hz };
			guesses[n++] = (struct guess){ raster_hz - centre_hz, raster_hz - centre_hz };
		}
		guesses[n++] = (struct guess){ on_grid, centre_hz + on_grid };
	}
	out.cfo_hz = cell->frequency_hz - out.nominal_hz;
	for (unsigned i = 0; i < n; i++) {
		double lacks = correction(cell, &guesses[i]);

		if (fabs(lacks) >= least)
			continue;
		least = fabs(lacks);
		out = (struct phy_carrier){ guesses[i].nominal_hz,
			cell->frequency_hz + lacks - guesses[i].nominal_hz, true, guesses[i].turn_hz };
	}
	return out;
}
