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

/* One a thread, for so many antennas and layers; NULL when memory is out. filters stay the caller's. */
struct phy_array *phy_array_new(const struct phy_chest_filters *filters, unsigned antennas, unsigned layers);
void phy_array_free(struct phy_array *a);

/*
 * Estimates from the grids, one an antenna and all alike; layout->dmrs is the first of as many as layers,
 * which differ in the port only; they and the bands stay until the last symbol. An antenna without power or
 * with what is no number is left out. False when nothing is left, or a layer has no power at all.
 */
bool phy_array_run(struct phy_array *a, const struct kern *k, const struct phy_chest_layout *layout,
	unsigned layers, unsigned slot, const struct phy_grid *grids, unsigned antennas, unsigned offset);

/* A symbol as cf_mmse takes it, by subcarrier of the bandwidth part (of no meaning outside the bands). */
struct phy_array_symbol {
	unsigned antennas, layers;
	float noise; /* 1; of one layer at a single antenna that of cf_equalize */
	const struct phy_cf *y[PHY_CHEST_ANTENNAS_MAX];
	const struct phy_cf *h[PHY_CHEST_ANTENNAS_MAX * PHY_ARRAY_LAYERS_MAX];
};

/* Of the same grids; valid until the next call. */
void phy_array_symbol(struct phy_array *a, const struct kern *k, unsigned symbol,
	const struct phy_grid *grids, unsigned offset, struct phy_array_symbol *s);

struct phy_array_result {
	unsigned antennas; /* that receive anything */
	bool coloured;     /* interference that antennas have in common was found */
	/* Powers, frequency, Doppler and delay: means over layers; power is the sum of the layers'. */
	struct phy_chest_result channel;
};

const struct phy_array_result *phy_array_result(const struct phy_array *a);
