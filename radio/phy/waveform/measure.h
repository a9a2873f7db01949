/*
 * What became of a waveform on its way: a recording of it beside what was sent, which its configuration tells
 * to the last sample. Frequency error, error vector magnitude (38.104 6.5.2), power and occupied bandwidth
 * (6.6.2).
 */
#pragma once

#include "radio/phy/waveform/waveform.h"

/* What a resource element carries. */
enum phy_signal {
	PHY_SIGNAL_NONE,
	PHY_SIGNAL_SSB,
	PHY_SIGNAL_PDCCH, /* with its DM-RS */
	PHY_SIGNAL_DMRS,  /* of PDSCH */
	PHY_SIGNAL_QPSK,  /* PDSCH */
	PHY_SIGNAL_16QAM,
	PHY_SIGNAL_64QAM,
	PHY_SIGNAL_256QAM,
	PHY_SIGNAL_1024QAM,
	PHY_SIGNAL_BALANCING, /* PDSCH of a test model that nobody looks at */
	PHY_SIGNALS,
};

enum { PHY_MEASURE_BINS = 4096, PHY_MEASURE_FRAMES_MAX = 20 };

/* Of what the equaliser makes: sums over resource elements. The EVM is the root of error over signal. */
struct phy_evm {
	double error, signal;
	uint64_t re;
};

struct phy_measurement {
	int64_t start; /* the recording's sample with which the waveform begins: negative if it lacks that */
	unsigned subframes; /* that were measured */
	double power;       /* mean of |x|^2 over them */
	double cfo_hz;
	struct phy_evm signal[PHY_SIGNALS];
	struct phy_evm subcarrier[PHY_PRB_MAX * PHY_SC_PER_PRB]; /* of the carrier */
	double spectrum[PHY_MEASURE_BINS]; /* power, -rate / 2 first; their sum is that of the recording */
	double occupied_low_hz, occupied_high_hz; /* below and above are 0.5% of it each */
};

enum phy_measure_error {
	PHY_MEASURE_OK,
	PHY_MEASURE_WAVEFORM, /* phy_waveform_new refuses the configuration */
	PHY_MEASURE_SHORT,    /* the recording holds no subframe of it */
	PHY_MEASURE_ABSENT,   /* it is not found in it */
	PHY_MEASURE_MEMORY,
};

const char *phy_measure_error_text(enum phy_measure_error e);

/*
 * Samples are of the waveform's rate and finite. It is looked for in the first 20 ms and within a subcarrier
 * spacing of its frequency; PHY_MEASURE_FRAMES_MAX frames are measured at most. Each subcarrier is equalised
 * by one value for all of the time, from all that it carries; the transform's window lies in the middle of
 * the prefix.
 */
enum phy_measure_error phy_waveform_measure(const struct phy_waveform_config *c, const struct kern *k,
	const struct phy_cf *samples, size_t count, struct phy_measurement *m);
