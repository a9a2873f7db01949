/* The points of all curves, made from l1_curves.csv by tools/phy_tables.py at build time. */
#pragma once

#include <stdint.h>

extern const int32_t l1_curves_channel[], l1_curves_row[], l1_curves_width[], l1_curves_transmissions[],
	l1_curves_snr_cdb[], l1_curves_lost[];
extern const uint32_t l1_curves_points;
