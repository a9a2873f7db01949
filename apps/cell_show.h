/* What follows from what an operator says of a cell, as lines of text. */
#pragma once

#include "ops/network.h"

/* False, said on stderr: the cell has no carrier, or one that cannot be. */
bool cell_show(const struct network_gnb *g, const struct network_cell *cell);
