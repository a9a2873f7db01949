/*
 * What CSI-RS show of the channel, beyond its estimate: the measurements of 38.215, and frequency and time
 * from those for tracking (38.214 5.1.6.1.1).
 */
#pragma once

#include "radio/phy/mapping/csi_rs.h"

struct phy_csi_measurement {
	float rsrp; /* 38.215 5.1.2: of a resource element of port 3000, as a power; the mean over antennas */
	float rssi; /* of a symbol with CSI-RS, over its resource blocks, likewise */
	float rsrq; /* 5.1.4: resource blocks times rsrp over rssi */
	float sinr; /* 5.1.6: rsrp over noise and interference on a resource element */
	float noise;   /* the latter; above 0 */
	float delay_s; /* the mean delay behind the beginning of the transform's window */
};

/*
 * Of the channel estimates that phy_csi_rs_receive() has made of each antenna's grid (h[i] of grids[i]).
 * scs_hz: subcarrier spacing. False, with nothing written, where there is too little to tell signal from
 * noise: below four values a port, silence, or what is no number.
 */
bool phy_csi_measure(struct phy_csi_measurement *m, const struct phy_csi_rs *p, double scs_hz,
	const struct phy_grid *grids, const struct phy_cf *const *h, unsigned antennas);

/*
 * The frequency offset between two occasions of one resource that lie seconds apart, from estimates of each
 * antenna: within +- 1 / (2 seconds). values: phy_csi_rs_values(). What is between them of NaN gives any.
 */
float phy_csi_frequency_hz(const struct phy_cf *const *earlier, const struct phy_cf *const *later,
	unsigned antennas, size_t values, double seconds);
