/* An array's state, between its estimate (array.c) and its symbols (array_symbol.c); not for others. */
#pragma once

#include "radio/phy/receivers/array.h"
#include "radio/phy/receivers/chest_parts.h"

enum { ANTENNAS = PHY_CHEST_ANTENNAS_MAX, LAYERS = PHY_ARRAY_LAYERS_MAX };

struct phy_array {
	struct phy_chest *chest[LAYERS];
	struct phy_array_result result;
	struct phy_array_input in;
	unsigned antennas_max;
	unsigned layers, living;
	bool alone;                          /* one layer at the only antenna: nothing has to be white */
	unsigned live[ANTENNAS];             /* their numbers */
	bool found[LAYERS];                  /* the layer has power */
	bool again[LAYERS];                  /* its partner disturbs it */
	double noise[ANTENNAS][ANTENNAS][2]; /* covariance of the living, of a resource element */
	/* A channel that does not change but for a turn is made once: what makes its noise 1, and its rows,
	 * as in struct phy_array_symbol. */
	bool still;
	double turn; /* radians a symbol */
	struct phy_cf white[ANTENNAS][ANTENNAS];
	struct phy_cf (*rows)[CHEST_ROW];
};

struct phy_array_work {
	struct phy_cf white[ANTENNAS][ANTENNAS]; /* lower triangle: what makes the covariance 1 */
	_Alignas(CHEST_LINE) struct phy_cf rows[][CHEST_ROW];
};

/* Makes the channel once, where it does not change but for a turn. */
void array_make_still(struct phy_array *a, const struct kern *k);
