/* The estimator's state, and its steps. */
#pragma once

#include "radio/phy/receivers/chest.h"
#include "radio/phy/signals/fft.h"

enum {
	CHEST_POSITIONS = 4, /* DM-RS symbols, or pairs of them */
	CHEST_CELLS = PHY_PRB_MAX * 3,
	CHEST_SUBCARRIERS = PHY_PRB_MAX * PHY_SC_PER_PRB,
	CHEST_LINE = 64, /* octets of a cache line, which a vector should not cross */
	CHEST_ROW = (CHEST_SUBCARRIERS + 7) / 8 * 8, /* whole ones */
	CHEST_FFT_MIN = 64,
	CHEST_FFTS = 5, /* 64 to 1024 */
	CHEST_FFT_MAX = CHEST_FFT_MIN << (CHEST_FFTS - 1),
	CHEST_PAD = 8,
};

/* What one antenna shows of the port. */
struct chest_antenna {
	bool lives;  /* it receives something of the port, in numbers; else h and left are 0 */
	bool broken; /* what is no number */
	float noise; /* of a cell; below 0: to be found behind the filter */
	float error; /* variance of an estimate at a position */
	float power; /* mean over positions, noise taken off */
	struct phy_cf pilots[CHEST_POSITIONS][2 * CHEST_CELLS]; /* the channel as each pilot shows it */
	struct phy_cf left[CHEST_POSITIONS][CHEST_CELLS];       /* cells less what the estimate has of them */
	_Alignas(CHEST_LINE) struct phy_cf h[CHEST_POSITIONS][CHEST_ROW]; /* of the bandwidth part */
};

struct phy_chest {
	void *memory; /* it lies in */
	const struct phy_chest_filters *filters;
	struct phy_chest_layout layout;
	struct phy_chest_result result;
	unsigned cell, gap, per_prb, delta; /* of the DM-RS type and port, in subcarriers; cells a block */
	unsigned positions;
	float at[CHEST_POSITIONS]; /* symbol, .5 more for a pair */
	/* Where the delays lie: a window of a class around a centre, in parts of what cells resolve. */
	unsigned width, snr_class;
	bool narrow; /* no band shows a profile: noise is a guess in which the other port of the CDM group may
			be */
	float centre;
	float error; /* sums over antennas */
	float powers[CHEST_POSITIONS];
	float expected; /* what is left of unit noise in all the cells of an antenna */
	float turn;     /* radians a symbol */
	float fade;     /* the argument of J0 a symbol */
	struct phy_dmrs_work dmrs;
	struct phy_fft fft[CHEST_FFTS];
	struct phy_cf sent[PHY_DMRS_PER_PRB_MAX * (PHY_PRB_MAX + 1)];
	struct phy_cf own[2 * CHEST_CELLS], beside[2 * CHEST_CELLS]; /* REs of pilots, and of those between */
	struct phy_cf cells[CHEST_CELLS];
	struct phy_cf fft_in[CHEST_FFT_MAX], fft_out[CHEST_FFT_MAX], fft_work[CHEST_FFT_MAX];
	float profile[CHEST_FFT_MAX];
	struct phy_cf band[CHEST_SUBCARRIERS + 2 * CHEST_PAD]; /* a filter reaches beyond both ends */
	unsigned antennas, antennas_max;
	struct chest_antenna antenna[];
};

/* From pilots to the channel: all that phy_chest_run does once it has taken them. */
bool chest_estimate(struct phy_chest *c, const struct kern *k);

/* Takes what `other`, the other port of the same CDM group, is known to add to the pilots out of them; false
 * where that is too little to estimate once more. */
bool chest_cancel(struct phy_chest *c, const struct kern *k, const struct phy_chest *other);

/* Finds width, centre and SNR from the pilots; false when there is no power or no number. */
bool chest_find_delays(struct phy_chest *c, const struct kern *k);

/* Finds turn and fade from h, powers and error. */
void chest_find_motion(struct phy_chest *c, const struct kern *k);

/* The weights of the positions for a symbol, turned; returns the error that is left, for a channel of
 * power 1. */
float chest_weights(const struct phy_chest *c, unsigned symbol, struct phy_cf w[CHEST_POSITIONS]);

/* Whether the channel does not change within the slot, but for a turn: the weights are then turned likewise.
 */
bool chest_is_still(const struct phy_chest *c);

/* The noise of a resource element over that of a cell. */
float chest_noise_scale(const struct phy_chest *c);
