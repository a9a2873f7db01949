/* Takes the SS/PBCH blocks of a cell, as they were sent and as the channel has them, out of a recording. */
#pragma once

#include "radio/phy/search/ssb_bursts.h"

/* What was taken out: at the starts that the bursts had then. */
struct phy_cancel {
	double frequency_hz;
	float turn_rad; /* of the verdict */
	struct phy_ssb fit[PHY_BURSTS_MAX];
};

/* The likelier of the two amplitudes that the PSS may have (38.213 4.1). */
float phy_cancel_pss_gain(const struct phy_bursts *s, const struct phy_bursts_sent *sent, float turn_rad);

/*
 * Takes the bursts out of the samples of the recording that they were taken from, at their starts by
 * phy_bursts_delay; and puts back what was taken out. What is changed begins at most a symbol before a
 * burst's start and ends within the fourth symbol behind it.
 */
void phy_cancel_take_out(struct phy_bursts *s, const struct kern *k, const struct phy_bursts_sent *sent,
	struct phy_cancel *c, struct phy_cf *samples, const struct phy_recording *in);
void phy_cancel_put_back(struct phy_bursts *s, const struct kern *k, const struct phy_cancel *c,
	struct phy_cf *samples, const struct phy_recording *in);
