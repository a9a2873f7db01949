/* Steady tones in a recording: what mixers leave at zero frequency, spurs, mains hum, carriers without a
 * signal. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/signals/sequence.h"

/*
 * Takes out what is narrower than anything that NR sends and much louder than what is beside it, with about a
 * kilohertz of all else there. Samples must be finite; what is too short to tell is left as it is. False when
 * memory is out.
 */
MUST_USE bool phy_tones_remove(const struct kern *k, struct phy_cf *samples, size_t count, double rate_hz);
