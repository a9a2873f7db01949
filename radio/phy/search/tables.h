/* Tables of TS 38.104, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/search/band.h"

/* 38.104 Tables 5.2-1, 5.2-2, 5.4.2.3-1 and -2; 5.4.3.3-1 and -4; 5.3.2-1 and -2. */
extern const struct phy_band_raster phy_nr_bands_arfcn[];
extern const size_t phy_nr_bands_arfcn_n;
extern const struct phy_gscn_range {
	uint16_t band;
	uint8_t scs_khz;
	uint16_t first, step, last;
} phy_gscn_per_band[], phy_gscn_per_band_3_mhz[];
extern const size_t phy_gscn_per_band_n, phy_gscn_per_band_3_mhz_n;
extern const struct phy_gscn_list {
	uint16_t band;
	uint8_t scs_khz, n;
	const uint16_t *values;
} phy_gscn_lists[];
extern const size_t phy_gscn_lists_n;
extern const struct phy_bandwidth {
	bool fr2;
	uint16_t mhz;
	uint16_t n_rb[4]; /* by mu; 0: there is none */
} phy_max_rb[];
extern const size_t phy_max_rb_n;
