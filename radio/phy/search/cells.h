/* The cells that were found. */
#pragma once

#include "radio/phy/channels/pbch.h"

enum { PHY_CELLS_MAX = 64 };

struct phy_cell {
	uint16_t n_cell_id;
	uint8_t l_max; /* 4, 8 or 64, as its PBCH was coded: 4 and 8 differ in some blocks only */
	struct phy_pbch_payload payload; /* of its first SS/PBCH block in the recording */
	bool punctured; /* its SS/PBCH blocks are those of a channel of 3 MHz (38.211 7.4.3.1) */
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

/* Puts a cell in its place by SNR, unless it repeats another; takes away those that repeat it. */
void phy_cells_keep(struct phy_cells *cells, const struct phy_cell *cell, double rate_hz);

/* What was found as the one is the other, measured again. */
void phy_cells_replace(struct phy_cells *cells, const struct phy_cell *was, const struct phy_cell *is);
