/* What both directions of the SRS share. */
#pragma once

#include "radio/phy/channels/srs.h"
#include "radio/phy/signals/complex.h"

/* r of 5.2.2 for symbol l, without a cyclic shift. */
void srs_base(const struct phy_srs *p, unsigned slot, unsigned l, struct phy_cf *out);

/* n_cs,i of a port; and its comb offset. */
unsigned srs_shift(const struct phy_srs *p, unsigned port);
unsigned srs_comb_offset(const struct phy_srs *p, unsigned port);

/* Whether the grid holds the bandwidth part, and the slot is one that it is sent in. */
bool srs_fits(const struct phy_srs *p, unsigned frame, unsigned slot, const struct phy_grid *g);
