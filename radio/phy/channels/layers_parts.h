/* What receiving layers is made of. */
#pragma once

#include "radio/phy/channels/layers.h"

enum { LAYERS_RE_MAX = PHY_PRB_MAX * PHY_SC_PER_PRB };

struct phy_layers_receiver {
	struct phy_array *array;
	unsigned antennas, layers;
	struct phy_cf *y;         /* of partial blocks: antennas rows, then antennas * layers */
	struct phy_cf *x;         /* of a symbol, layers in a row for each RE; then a codeword's */
	float *noise;             /* the same */
	struct phy_prb_run moved; /* the band, where it is not the plan's */
	struct phy_cf work[2][LAYERS_RE_MAX];
	float phase[PHY_SYMBOLS_MAX]; /* of each symbol against the channel's estimate, in radians */
	struct phy_dmrs_work dmrs;
};

/*
 * The REs of a symbol to r->x and r->noise, turned back by a phase, and behind the transform if there is one;
 * how many.
 */
size_t layers_equalize(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at, float phase);

/* The phase of each symbol by PT-RS, to r->phase. */
void layers_find_phases(struct phy_layers_receiver *r, const struct kern *k, const struct phy_layers *c,
	const struct phy_layers_at *at);

/* Turns n symbols back by what PT-RS among them show, and takes these out; how many are left. */
size_t layers_follow_samples(
	struct phy_layers_receiver *r, const struct phy_layers *c, unsigned slot, size_t n);
