/* What receiving layers is made of. */
#pragma once

#include "radio/phy/channels/layers.h"

enum { LAYERS_RE_MAX = PHY_PRB_MAX * PHY_SC_PER_PRB };

struct phy_layers_channel {
	struct phy_array *array;
	struct phy_layers_input in;   /* of the estimate */
	float phase[PHY_SYMBOLS_MAX]; /* of each symbol against the estimate, in radians */
};

struct phy_layers_receiver {
	struct phy_array_work *array;
	unsigned layers;
	struct phy_cf *y; /* of partial blocks: antennas rows, then antennas * layers */
	struct phy_cf *x; /* of a symbol, layers in a row for each RE; then a codeword's */
	float *noise;     /* the same */
	struct phy_cf work[2][LAYERS_RE_MAX];
	struct phy_dmrs_work dmrs;
	bool search; /* for the likeliest symbols, where layers_can_search() */
	struct phy_constellation constellation;
};

/* The REs of symbol l to r->x and r->noise, turned back by a phase, and behind the transform if there is one;
 * how many. */
size_t layers_equalize(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, float phase);

/* Are there several layers, of one codeword and at most 64QAM, and no transform? */
bool layers_can_search(const struct phy_layers_receiver *r, const struct phy_layers *c, unsigned antennas);

/* The LLRs of symbol l by the likeliest symbols of all layers, turned back by a phase. */
void layers_search(const struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	unsigned l, float phase, int8_t *llr);

/* The phase of each symbol by PT-RS, to ch->phase. */
void layers_find_phases(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k);

/* Turns n symbols back by what PT-RS among them show, and takes these out; how many are left. */
size_t layers_follow_samples(
	struct phy_layers_receiver *r, const struct phy_layers *c, unsigned slot, size_t n);
