/* The parts of measuring. */
#pragma once

#include "radio/phy/waveform/measure.h"
#include "radio/phy/signals/fft.h"

/* Finds where the waveform begins and its frequency error. */
enum phy_measure_error phy_measure_align(const struct phy_waveform_config *c, const struct kern *k,
	const struct phy_cf *samples, size_t count, struct phy_measurement *m);

/* Takes a frequency, in turns a sample, out of what begins with the recording's sample `at`. */
void phy_measure_turn_back(struct phy_cf *out, const struct phy_cf *in, size_t n, double turns, int64_t at);

/* A mean of spectra, of PHY_MEASURE_BINS samples each under a Hann window. */
struct phy_spectrum {
	struct phy_fft fft;
	unsigned n;
	double power[PHY_MEASURE_BINS]; /* frequency 0 first */
	float window[PHY_MEASURE_BINS];
	struct phy_cf in[PHY_MEASURE_BINS], out[PHY_MEASURE_BINS], work[PHY_MEASURE_BINS];
};

/* NULL when memory is out. */
struct phy_spectrum *phy_spectrum_new(void);
void phy_spectrum_free(struct phy_spectrum *s);
void phy_spectrum_add(struct phy_spectrum *s, const struct kern *k, const struct phy_cf *samples, size_t n);
/* Fills the spectrum and the occupied band. */
void phy_spectrum_put(const struct phy_spectrum *s, double rate_hz, struct phy_measurement *m);
