#include "radio/phy/carrier.h"

#include <math.h>

enum { GSCN_MIN = 2, GSCN_3_GHZ = 7499, GSCN_24_GHZ = 22256, GSCN_MAX = 26639 }; /* 38.104 Table 5.4.3.1-1 */

double phy_gscn_hz(unsigned gscn)
{
	if (gscn < GSCN_MIN || gscn > GSCN_MAX)
		return 0;
	if (gscn >= GSCN_24_GHZ)
		return 24250.08e6 + (gscn - GSCN_24_GHZ) * 17.28e6;
	if (gscn >= GSCN_3_GHZ)
		return 3000e6 + (gscn - GSCN_3_GHZ) * 1.44e6;
	/* 3 N + (M - 3) / 2 for N * 1200 kHz + M * 50 kHz, M 1, 3 or 5 */
	return (gscn + 1) / 3 * 1.2e6 + ((int)((gscn + 1) % 3) * 2 + 1) * 50e3;
}

unsigned phy_gscn_near(double frequency_hz)
{
	double n;

	if (!(frequency_hz > 1.2e6 && frequency_hz < 100e9))
		return 0;
	if (frequency_hz >= 24250e6) {
		n = GSCN_24_GHZ + floor((frequency_hz - 24250.08e6) / 17.28e6 + 0.5);
		return n < GSCN_24_GHZ ? GSCN_24_GHZ : n > GSCN_MAX ? GSCN_MAX : (unsigned)n;
	}
	if (frequency_hz >= 3000e6 - 0.7e6) {
		n = GSCN_3_GHZ + floor((frequency_hz - 3000e6) / 1.44e6 + 0.5);
		return n < GSCN_3_GHZ ? GSCN_3_GHZ : (unsigned)n;
	}
	for (unsigned m = 0; m < 3; m++) { /* the last of three clusters' entries that is near enough */
		double at = floor((frequency_hz - 150e3) / 1.2e6 + 0.5);
		double left = frequency_hz - at * 1.2e6 - (2 * m + 1) * 50e3;

		if (at >= 1 && (left < 50e3 || m == 2))
			return (unsigned)at * 3 + m - 1;
	}
	return 0;
}

struct guess {
	double nominal_hz, turn_hz;
};

static double wrapped(double turns)
{
	return turns - floor(turns + 0.5);
}

/* What a guess says the cell's frequency still lacks, by the turn between symbols. */
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
