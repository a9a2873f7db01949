#include "radio/phy/search/carrier.h"

#include <math.h>

#include "radio/phy/search/band.h"

/* Chance fits a guess within its tolerance so often at most, of those that are taken for proof. */
static const double least_proof = 0.05;

/* The error of an offset by the turn between symbols, over that by the phase within them: four symbols are
 * five times as long as one and have four to tell it. */
static const double turn_share = 0.25;

/* What noise has no part in, such as filters, in spacings. */
static const double systematic = 0.001;

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

/* What may make the symbols of a cell turn as they do; how many guesses. */
static unsigned guess(struct guess g[PHY_CARRIER_GUESSES], const struct phy_cell *cell, double centre_hz,
	double on_grid_hz, double *nominal_hz)
{
	unsigned n = 0;

	*nominal_hz = on_grid_hz;
	/* A waveform made around zero frequency and moved as a whole turns by its distance from there. */
	g[n++] = (struct guess){ on_grid_hz, on_grid_hz };
	if (centre_hz > 0) {
		double raster_hz =
			phy_gscn_hz(phy_gscn_near(centre_hz + cell->frequency_hz, cell->punctured));

		/* One that was really on the air turns by its radio frequency. */
		if (fabs(raster_hz - centre_hz - cell->frequency_hz) < cell->scs_hz) {
			*nominal_hz = raster_hz - centre_hz;
			g[n++] = (struct guess){ *nominal_hz, raster_hz };
			g[n++] = (struct guess){ *nominal_hz, *nominal_hz };
		}
		g[n++] = (struct guess){ on_grid_hz, centre_hz + on_grid_hz };
	}
	return n;
}

static void add_other(struct phy_carrier *c, double cfo_hz)
{
	bool told = fabs(cfo_hz - c->cfo_hz) <= 2 * c->cfo_error_hz;

	for (unsigned i = 0; i < c->others; i++)
		told = told || fabs(cfo_hz - c->other_cfo_hz[i]) <= 2 * c->cfo_error_hz;
	if (!told && c->others < PHY_CARRIER_GUESSES)
		c->other_cfo_hz[c->others++] = cfo_hz;
}

struct phy_carrier phy_carrier_fit(const struct phy_cell *cell, double centre_hz)
{
	double grid_hz = cell->scs_hz >= 60e3 ? 60e3 : 15e3, symbol_s = (1 + 9.0 / 128) / cell->scs_hz;
	double on_grid_hz = floor(cell->frequency_hz / grid_hz + 0.5) * grid_hz;
	double tolerance_hz = 4 * cell->frequency_error_hz + 0.01 * cell->scs_hz, least = tolerance_hz;
	struct phy_carrier out = { .turn_hz = -(double)cell->turn_rad / (2 * M_PI * symbol_s) };
	struct guess guesses[PHY_CARRIER_GUESSES];
	unsigned n = guess(guesses, cell, centre_hz, on_grid_hz, &out.nominal_hz);
	/* Where the centre is not known only a fit that chance hardly makes proves a guess. */
	bool proves = centre_hz > 0 || 2 * tolerance_hz * symbol_s < least_proof;

	out.cfo_hz = cell->frequency_hz - out.nominal_hz;
	out.cfo_error_hz = hypot(cell->frequency_error_hz, systematic * cell->scs_hz);
	for (unsigned i = 0; i < n && proves; i++) {
		double lacks = correction(cell, &guesses[i]);

		if (fabs(lacks) >= least)
			continue;
		least = fabs(lacks);
		out = (struct phy_carrier){ .nominal_hz = guesses[i].nominal_hz,
			.cfo_hz = cell->frequency_hz + lacks - guesses[i].nominal_hz,
			.cfo_error_hz =
				hypot(cell->frequency_error_hz * turn_share, systematic * cell->scs_hz),
			.turning = true,
			.turn_hz = guesses[i].turn_hz };
	}
	for (unsigned i = 0; i < n; i++) {
		double lacks = correction(cell, &guesses[i]);

		if (fabs(lacks) < tolerance_hz)
			add_other(&out, cell->frequency_hz + lacks - out.nominal_hz);
	}
	return out;
}
