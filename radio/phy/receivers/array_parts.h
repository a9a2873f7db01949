/* An array's state, between its estimate (array.c) and its symbols (array_symbol.c); not for others. */
#pragma once

#include "radio/phy/receivers/array.h"
#include "radio/phy/receivers/chest_parts.h"

enum {
	ANTENNAS = PHY_CHEST_ANTENNAS_MAX,
	LAYERS = PHY_ARRAY_LAYERS_MAX,
	ARRAY_GROUPS = 32,
};

struct phy_array {
	struct phy_chest *chest[LAYERS];
	struct phy_array_result result;
	struct phy_array_input in;
	unsigned antennas_max;
	unsigned layers, living;
	bool alone;              /* one layer at the only antenna: nothing has to be white */
	unsigned live[ANTENNAS]; /* their numbers */
	bool found[LAYERS];      /* the layer has power */
	bool again[LAYERS];      /* its partner disturbs it */
	/* Noise, by groups of so many blocks as they follow in the bands; one of all of them if it is not
	 * coloured: covariance of the living, of a resource element. */
	unsigned groups, group_prbs;
	double noise[ARRAY_GROUPS][ANTENNAS][ANTENNAS][2];
	/* What makes it 1, in lower triangles: for all symbols, if it is coloured or the channel still. */
	struct phy_cf white[ARRAY_GROUPS][ANTENNAS][ANTENNAS];
	/* A channel that does not change but for a turn is made once, its rows as in struct phy_array_symbol.
	 */
	bool still;
	double turn; /* radians a symbol */
	struct phy_cf (*rows)[CHEST_ROW];
};

struct phy_array_work {
	struct phy_cf white[ANTENNAS][ANTENNAS]; /* of a symbol, if it is not for all of them */
	_Alignas(CHEST_LINE) struct phy_cf rows[][CHEST_ROW];
};

/* Blocks that follow one another in a band and in a group. */
struct array_piece {
	unsigned first, n, group;
	unsigned band, at, before; /* where the next begins */
};

/* The next of all bands, from { 0 } on; false behind the last. */
bool array_next(const struct phy_array *a, struct array_piece *p);

/* Finds groups and noise, and whether it is coloured: any antennas have enough of it in common to count. */
void array_find_noise(struct phy_array *a, const struct kern *k);

/* Makes once what is the same for all symbols. */
void array_make_once(struct phy_array *a, const struct kern *k);
