/* The cell of the tests of waveforms. */
#pragma once

#include "radio/phy/waveform/waveform.h"

/* GSCN 7839, 3489.6 MHz, in 20 MHz at 30 kHz around ARFCN 632628. */
static const struct phy_waveform_config n78 = {
	.n_cell_id = 42,
	.mu = 1,
	.prbs = 51,
	.fft_size = 1024,
	.carrier_hz = UINT64_C(3489420000),
	.pattern = PHY_SSB_CASE_C,
	.l_max = 8,
	.period_ms = 20,
	.sent = 1,
	.ssb_offset_hz = 180000,
	.band = PHY_BAND_5_MHZ,
	.dmrs_type_a_position = 2,
	.coreset_zero = 14,
	.search_space_zero = 4,
	.sib1 = { (const uint8_t *)"a message that stands in for SIB1, as any octets do", 51 },
	.amplitude = 0.1f,
};
