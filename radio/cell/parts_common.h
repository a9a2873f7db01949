/* Inside radio/cell: BWP-DownlinkCommon and BWP-UplinkCommon of a part beside the initial one. Each is NULL,
 * or what cannot be complied with. */
#pragma once

#include "radio/cell/cell.h"

/* What a new part is before anything is said of it. */
void cell_downlink_part_begin(struct cell *c, const struct cell *initial);
void cell_uplink_part_begin(struct cell *c, const struct cell *initial);

MUST_USE const char *cell_downlink_part_read(struct cell *c, const struct rrc_bwp_downlink_common *d);
MUST_USE const char *cell_uplink_part_read(
	struct cell *c, const struct cell *initial, const struct rrc_bwp_uplink_common *u);
