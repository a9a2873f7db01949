/* What was measured of a waveform as a chart: spectrum, and EVM by subcarrier. */
#pragma once

#include <stdio.h>

#include "air/waveform.h"
#include "radio/phy/waveform/measure.h"

/* allowed: an EVM in percent that is drawn in, 0 for none. False when memory is out or writing fails. */
bool waveform_measure_plot(
	const struct waveform_cell *c, const struct phy_measurement *m, double allowed, FILE *to);
