/*
 * A recording in overlapping blocks, each transformed once. A block at one frequency is seen by a view: the
 * bins around that frequency, transformed back to a lower rate. 20 ms are a whole number of blocks, so that a
 * repetition stands at the same place of a later block.
 */
#pragma once

#include "radio/phy/signals/fft.h"
#include "radio/phy/signals/resample.h"

enum {
	PHY_PSS_REPETITIONS_MAX = 4,
	PHY_PSS_SYMBOL_MIN = 240, /* samples of a symbol without its prefix: the SSB's subcarriers */
};

/* Where correlations are made. A place is a sample of a view, from the block's first on. */
struct phy_pss_view {
	unsigned bins, decimation; /* decimation * bins are a block */
	unsigned length;           /* of a symbol, in places */
	unsigned valid;            /* places of a block at which a symbol begins that no other block holds */
	struct phy_fft back;
	struct phy_cf *product, *work;
};

struct phy_pss_blocks {
	double rate_hz, scs_hz;
	unsigned size;       /* samples of a block, and bins */
	unsigned per_period; /* blocks in 20 ms */
	size_t count_max, max, count;
	double loudest; /* energy of the loudest symbol's length of samples */
	struct phy_fft forward;
	struct phy_cf *spectra, *in, *work;
	float *energy; /* of each block's samples */
};

/* False for a rate that holds no SSB or is too high, and when memory is out; fini is right after both. */
bool phy_pss_blocks_init(struct phy_pss_blocks *s, double rate_hz, double scs_hz, size_t count_max);
void phy_pss_blocks_fini(struct phy_pss_blocks *s);

/* The recording, or what of it changed from `from` to before `to`. */
void phy_pss_blocks_take(struct phy_pss_blocks *s, const struct kern *k, const struct phy_recording *in);
void phy_pss_blocks_retake(struct phy_pss_blocks *s, const struct kern *k, const struct phy_recording *in,
	size_t from, size_t to);

/* The sample at which a block begins. */
size_t phy_pss_block_start(const struct phy_pss_blocks *s, size_t block);

/* The view of the lowest rate that is at least so many subcarriers wide. */
bool phy_pss_view_init(struct phy_pss_view *v, const struct phy_pss_blocks *s, unsigned subcarriers);
void phy_pss_view_fini(struct phy_pss_view *v);

/* The bins of a block around `middle`, times the conjugate of filter, in time: a view's places. */
void phy_pss_correlate(const struct phy_pss_blocks *s, const struct kern *k, struct phy_pss_view *v,
	size_t block, int middle, const struct phy_cf *filter, struct phy_cf *out);
