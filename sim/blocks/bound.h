/*
 * What no code can do much better: the normal approximation (Polyanskiy, Poor, Verdu 2010) of the least block
 * error rate at a block length, over white Gaussian noise, when the points of a modulation are sent equally
 * often.
 */
#pragma once

#include "radio/phy/signals/modulation.h"

/* Of a symbol: mean and variance of the information between what is sent and what is received. */
struct bound_channel {
	double capacity;   /* bits */
	double dispersion; /* bits squared */
};

/* snr_db: Es/N0, -100 to 100. False for what is no modulation, or NaN. */
bool bound_channel(struct bound_channel *c, enum phy_modulation modulation, double snr_db);

/* The error rate of a code of this many symbols and message bits: Q((n C - k + log2(n) / 2) / sqrt(n V)). */
double bound_error(const struct bound_channel *c, double symbols, double bits);

/* The SNR at which that is `error` (above 0, below 1), within -60 to 60 dB. */
double bound_snr_db(enum phy_modulation modulation, double symbols, double bits, double error);
