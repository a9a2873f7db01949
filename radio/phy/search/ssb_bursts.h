/*
 * The SS/PBCH blocks of one index in a recording, 20 ms apart: their samples and resource elements at an
 * assumed frequency, and how far that is off by their samples.
 */
#pragma once

#include "radio/phy/signals/fft.h"
#include "radio/phy/signals/resample.h"
#include "radio/phy/channels/ssb_receive.h"

enum {
	PHY_BURST_FFT = 256, /* 240 of them are the block's; the resampler cuts what lies beyond */
	PHY_BURST_PREFIX = PHY_BURST_FFT / 128 * 9,
	PHY_BURST_EARLY = PHY_BURST_PREFIX / 4, /* transforms begin so much before the useful part */
	PHY_BURST_SAMPLES = PHY_SSB_SYMBOLS * (PHY_BURST_FFT + PHY_BURST_PREFIX),
	PHY_BURSTS_MAX = 8,
};

struct phy_burst {
	double start;    /* the sample of the recording at which the useful part of the PSS begins */
	unsigned period; /* since the first place of the group within the recording */
	struct phy_cf samples[PHY_BURST_SAMPLES];
	struct phy_ssb re;
	struct phy_ssb_measure measure; /* the caller's, by phy_ssb_receive */
};

struct phy_bursts {
	struct phy_resampler resampler, back; /* to the bursts' rate and from it */
	struct phy_fft fft, inverse;
	double scs_hz;
	bool punctured; /* the caller's: blocks of a channel of 3 MHz are taken, and were sent */
	unsigned count;
	struct phy_burst burst[PHY_BURSTS_MAX];
};

/* False for rates that the resampler refuses, and when memory is out; nothing is then held. */
bool phy_bursts_init(struct phy_bursts *s, double rate_hz, double scs_hz);
void phy_bursts_fini(struct phy_bursts *s);

/* The places 20 ms apart, one of them at start, where the recording holds a whole block. */
void phy_bursts_place(struct phy_bursts *s, const struct phy_recording *in, double start);

/* Samples and resource elements of all of them, with subcarrier 120 at frequency_hz. */
void phy_bursts_take(
	struct phy_bursts *s, const struct kern *k, const struct phy_recording *in, double frequency_hz);

/* The same at another frequency, less than a spacing from where they are. */
void phy_bursts_turn(
	struct phy_bursts *s, const struct kern *k, const struct phy_recording *in, double by_hz);

/* How far the frequency is off, at most by half a spacing, before anything but the PSS is known. share: of
 * the energy that is signal, 0 to 1. */
double phy_bursts_coarse_offset(struct phy_bursts *s, const struct kern *k, unsigned n_id_2, double share);

/* What the first burst was sent as; the others follow. */
struct phy_bursts_sent {
	const struct phy_pbch *pbch;
	const struct phy_pbch_payload *first;
	unsigned l_max, n_cell_id;
	bool punctured;
	float pss_gain; /* amplitude of the PSS */
};

/* The block that was sent so many periods on. */
void phy_bursts_block(struct phy_ssb *block, const struct phy_bursts_sent *sent, unsigned period);

/* Whether those that were taken whole look like what was sent in the middle only, where noise lets it be
 * seen: less than a quarter of the power beside that. */
bool phy_bursts_look_punctured(const struct phy_bursts *s, const struct phy_bursts_sent *sent);

struct phy_bursts_verdict {
	double offset_hz;    /* by how much the frequency is still off */
	double error_hz;     /* the standard deviation of that */
	float turn_rad;      /* by which each symbol is turned against the one before */
	double power, noise; /* of a resource element, the mean over the bursts */
};

/* Compares the bursts, whose measures must have been made, with what was sent. */
void phy_bursts_judge(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent,
	struct phy_bursts_verdict *v);

/* By how many samples of the bursts' rate the loudest path of what was sent lies behind their start. */
double phy_bursts_delay(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent);
