/* Looks for the PSS in a recording at any frequency: the first step of a cell search. */
#pragma once

#include "radio/phy/signals/fft.h"
#include "radio/phy/signals/resample.h"

enum {
	PHY_PSS_PEAKS_MAX = 256,
	PHY_PSS_SAMPLES_MAX = PHY_FFT_MAX / 2, /* of a symbol without its prefix */
};

/* Where a PSS may be. */
struct phy_pss_peak {
	double start;        /* the sample of the recording at which its useful part begins, to a fraction */
	double frequency_hz; /* of the SSB's subcarrier 120 from the recording's centre, to a quarter of the
				spacing */
	float likeness;      /* the share of its band's energy that it explains; mean over its repetitions */
	float score;         /* minus the logarithm of the chance that noise does so at one place */
	uint8_t n_id_2;
	uint8_t repetitions; /* 20 ms apart, counted from start */
};

struct phy_pss_peaks {
	unsigned count;
	struct phy_pss_peak peak[PHY_PSS_PEAKS_MAX]; /* the best first */
};

/* Room for recordings of up to count_max samples at one rate and spacing. */
struct phy_pss_search;

/* NULL for a rate that holds no SSB of this spacing or is too high, and when memory is out. */
struct phy_pss_search *phy_pss_search_new(double rate_hz, double scs_hz, size_t count_max);
void phy_pss_search_free(struct phy_pss_search *s);

/* The recording that is searched from now on. Samples must be finite; those beyond count_max are not looked
 * at. */
void phy_pss_search_take(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in);

/* The same recording again, of which samples from `from` to before `to` are others. */
void phy_pss_search_retake(struct phy_pss_search *s, const struct kern *k, const struct phy_recording *in,
	size_t from, size_t to);

/* The best peaks of SSBs centred from low_hz to high_hz, cut to what the recording holds. */
void phy_pss_search_run(struct phy_pss_search *s, const struct kern *k, double low_hz, double high_hz,
	struct phy_pss_peaks *peaks);
