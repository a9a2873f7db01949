/* All that a recording shows of the cells in it: the whole way from samples to SIB1. */
#pragma once

#include "radio/phy/search/sib1.h"
#include "radio/phy/search/ssb_strength.h"

struct phy_scan_config {
	double centre_hz;  /* of the recording; 0 if it is not known */
	unsigned spacings; /* of SS/PBCH blocks to look for: bits 0, 1, 3, 4 for 15, 30, 120, 240 kHz; 0: all
			      likely ones */
	bool raster_only;  /* look at the synchronisation raster only; needs centre_hz */
	double search_s;   /* so much of the recording's beginning is searched; 0: what fits */
	void (*progress)(void *arg, double done); /* from 0 to 1; may be NULL */
	void *progress_arg;
};

struct phy_scan_cell {
	struct phy_cell cell;
	struct phy_carrier carrier;
	bool has_mib; /* else the PBCH carried a class extension */
	struct phy_mib mib;
	enum phy_ssb_case pattern;
	enum phy_band_class band; /* as SIB1 was read, or tried last */
	enum phy_sib1_outcome outcome;
	struct phy_sib1 sib1;
	struct phy_ssb_strengths blocks; /* of its bursts, others included */
};

enum { PHY_SCAN_CELLS_MAX = 64 };

struct phy_scan {
	unsigned count;
	struct phy_scan_cell cell[PHY_SCAN_CELLS_MAX]; /* the strongest first */
};

enum phy_scan_error {
	PHY_SCAN_OK,
	PHY_SCAN_RATE,  /* too low for any of the spacings, or above 1 GHz */
	PHY_SCAN_SHORT, /* not even one SS/PBCH block long */
	PHY_SCAN_MEMORY,
};

const char *phy_scan_error_text(enum phy_scan_error e);

/* Samples must be finite; steady tones are taken out of them. Finding nothing is no error. */
enum phy_scan_error phy_scan_run(const struct kern *k, struct phy_cf *samples, size_t count, double rate_hz,
	const struct phy_scan_config *config, struct phy_scan *scan);
