/*
 * Several layers at several antennas: what the channel estimates of the layers' DM-RS ports (chest.h) are
 * together, with the noise and interference of the antennas. Antennas are made such that noise is white, of
 * power 1, which is what kern's cf_mmse takes: interference that antennas have in common falls out so
 * (MMSE-IRC).
 */
#pragma once

#include "radio/phy/receivers/chest.h"

enum { PHY_ARRAY_LAYERS_MAX = 8 };

struct phy_array;

/* One for each channel under way, for so many antennas and layers; NULL when memory is out. filters stay the
 * caller's. */
struct phy_array *phy_array_new(const struct phy_chest_filters *filters, unsigned antennas, unsigned layers);
void phy_array_free(struct phy_array *a);

/* What is received, and where; all of it stays until the last symbol. */
struct phy_array_input {
	struct phy_chest_layout
		layout; /* its dmrs is the first of as many as layers, which differ in the port */
	unsigned layers, slot;
	const struct phy_grid *grids; /* one an antenna, all alike */
	unsigned antennas, offset;    /* subcarriers of the grid before the bandwidth part */
};

/*
 * Estimates in steps: each step for each layer, those of a step by any thread at any time but none before all
 * of the step before; then the end. An antenna without power or with what is no number is left out. The end
 * is false when nothing is left, or a layer has no power at all.
 */
enum phy_array_step {
	PHY_ARRAY_LOOK,   /* each port by itself */
	PHY_ARRAY_CANCEL, /* what the other port of its CDM group adds to the pilots is taken out */
	PHY_ARRAY_AGAIN,  /* by what is left */
	PHY_ARRAY_STEPS,
};
void phy_array_step(struct phy_array *a, const struct kern *k, const struct phy_array_input *in,
	enum phy_array_step step, unsigned layer);
bool phy_array_end(struct phy_array *a, const struct kern *k, const struct phy_array_input *in);

/* A symbol as cf_mmse takes it, by subcarrier of the bandwidth part (of no meaning outside the bands). */
struct phy_array_symbol {
	unsigned antennas, layers;
	float noise; /* 1; of one layer at a single antenna that of cf_equalize */
	const struct phy_cf *y[PHY_CHEST_ANTENNAS_MAX]; /* to be multiplied by w */
	struct phy_cf w[PHY_CHEST_ANTENNAS_MAX];
	const struct phy_cf *h[PHY_CHEST_ANTENNAS_MAX * PHY_ARRAY_LAYERS_MAX];
};

/* What a symbol is made in; one a thread. */
struct phy_array_work;
struct phy_array_work *phy_array_work_new(unsigned antennas, unsigned layers);
void phy_array_work_free(struct phy_array_work *w);

/* Valid until the next call with the same work. */
void phy_array_symbol(const struct phy_array *a, struct phy_array_work *w, const struct kern *k,
	unsigned symbol, struct phy_array_symbol *s);

struct phy_array_result {
	unsigned antennas; /* that receive anything */
	bool coloured;     /* interference that antennas have in common was found */
	/* Powers, frequency, Doppler and delay: means over layers; power is the sum of the layers'. */
	struct phy_chest_result channel;
};

const struct phy_array_result *phy_array_result(const struct phy_array *a);
