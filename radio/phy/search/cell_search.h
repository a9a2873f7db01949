/* From a recording to the cells in it: PSS, SSS, PBCH. */
#pragma once

#include "radio/phy/search/pss_search.h"
#include "radio/phy/search/ssb_bursts.h"

enum { PHY_CELLS_MAX = 64 };

struct phy_cell {
	uint16_t n_cell_id;
	uint8_t l_max; /* 4, 8 or 64, as its PBCH was coded: 4 and 8 differ in some blocks only */
	struct phy_pbch_payload payload; /* of its first SS/PBCH block in the recording */
	double scs_hz;
	double start; /* the sample of the recording at which the useful part of that block's PSS begins */
	double frequency_hz;       /* of the SSB's subcarrier 120, as received, from the recording's centre */
	double frequency_error_hz; /* how far that may be off: a standard deviation */
	float turn_rad; /* by which each symbol is turned against the one before when frequency_hz is taken
			   off */
	float power_db; /* of a resource element, against others of the same recording */
	float snr_db;   /* of a resource element of the block */
};

struct phy_cells {
	unsigned count;
	struct phy_cell
		cell[PHY_CELLS_MAX]; /* the strongest first; one a physical cell identity and frequency */
};

/* Room for recordings of up to count_max samples at one rate and spacing of the SSB; new says NULL as
 * phy_pss_search_new does. */
struct phy_cell_search;
struct phy_cell_search *phy_cell_search_new(double rate_hz, double scs_hz, size_t count_max);
void phy_cell_search_free(struct phy_cell_search *s);

/* The recording that is searched from now on, of which a copy is made. Samples must be finite; those beyond
 * count_max are not looked at. */
void phy_cell_search_take(struct phy_cell_search *s, const struct kern *k, const struct phy_recording *in);

/* Adds the cells whose SSB is centred from low_hz to high_hz; l_max 64, or 8 for both 4 and 8. */
void phy_cell_search_run(struct phy_cell_search *s, const struct kern *k, double low_hz, double high_hz,
	unsigned l_max, struct phy_cells *cells);
