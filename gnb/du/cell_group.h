/* The CellGroupConfig of a UE (TS 38.331 6.3.2), which its DU makes: logical channels, MAC, and its
 * resources. */
#pragma once

#include "radio/cell/own.h"
#include "radio/mac/drx.h"
#include "radio/rlc/rlc.h"

enum { CELL_GROUP_BEARERS_MAX = 17, CELL_GROUP_SR = 0 };

struct cell_group_bearer {
	uint8_t lcid;
	bool srb;
	uint8_t rb_id;
	struct rlc_config rlc; /* the UE's; of an SRB not told: 38.331 9.2.1 has it */
	uint8_t priority, lcg;
	bool again;        /* it is there, and re-established */
	bool channel_only; /* it is there, and so is its RLC: only what the MAC has of it is told */
};

/* LCIDs of bearers that go, and n bearers that come or go on. */
struct cell_group_change {
	uint8_t *gone;
	size_t gone_n;
	const struct cell_group_bearer *bearers;
	size_t n;
	const struct mac_drx_config *drx; /* goes with `own`; NULL: none */
	uint8_t measurement_object;       /* servingCellMO, likewise; 0: none */
	uint16_t alignment_ms;            /* timeAlignmentTimer, likewise; 0: infinity */
};

/* own NULL: it has that. False: w is full. */
MUST_USE bool cell_group_write(struct writer *w, const struct cell *c, const struct cell_own *own,
	const struct cell_group_change *change);
