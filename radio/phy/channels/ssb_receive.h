/* An SS/PBCH block as received: which it is, its channel, and the LLRs of its PBCH. */
#pragma once

#include "radio/phy/channels/ssb.h"

enum { PHY_SSB_I_BARS = 8, PHY_SSB_ANTENNAS_MAX = 8 };

/* For each i_bar the share of the energy where DM-RS are that its sequence explains, 0 to 1. */
void phy_ssb_dmrs_correlate(float out[PHY_SSB_I_BARS], const struct phy_ssb *rx, unsigned n_cell_id);

struct phy_ssb_measure {
	float noise;         /* variance of a resource element */
	float power;         /* of the signal in one */
	float turn_rad;      /* by which each symbol is turned against the one before, within (-pi, pi] */
	float delay_samples; /* of the whole behind the start of the transform, in units of its 1 / (12 PRB)
				length */
	struct phy_cf channel[PHY_SSB_SUBCARRIERS]; /* of symbol 1 */
};

/*
 * Estimates the channel from SSS and DM-RS, taken to be the same over the block but for turn_rad, and gives
 * the LLRs of the PBCH in nats. False for what holds no signal at all.
 */
bool phy_ssb_receive(const struct phy_ssb *rx, unsigned n_cell_id, unsigned i_bar, float llr[PHY_PBCH_E],
	struct phy_ssb_measure *m);

/*
 * The same of one block at 1 to 8 antennas, which have the turn and the delay in common. Bit a of what is
 * returned: antenna a holds a signal.
 */
unsigned phy_ssb_receive_array(const struct phy_ssb *const *rx, unsigned antennas, unsigned n_cell_id,
	unsigned i_bar, float *const *llr, struct phy_ssb_measure *m);

/*
 * What of a received block is this one as it was sent, by the channel smoothed over all its elements but the
 * PSS, whose power may be another (38.213 4.1). Delay and turn, as in phy_ssb_measure, are known.
 */
void phy_ssb_fit(struct phy_ssb *fit, const struct phy_ssb *rx, const struct phy_ssb *sent,
	float delay_samples, float turn_rad);
