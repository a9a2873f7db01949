/* Inside radio/cell: the antenna ports field of DCI 1_1 and 0_1, for one layer. */
#pragma once

#include "radio/cell/own.h"

enum cell_ports_of { CELL_PORTS_PDSCH, CELL_PORTS_PUSCH, CELL_PORTS_PRECODED_PUSCH };

/* Bits of the field with this DM-RS configuration. */
unsigned cell_ports_bits(enum cell_ports_of of, const struct cell_dmrs *d);

/* Fills groups_without_data, port and double_symbol. False: a value for several layers, or reserved. */
MUST_USE bool cell_ports_read(
	struct phy_dmrs *out, enum cell_ports_of of, const struct cell_dmrs *d, unsigned value);
