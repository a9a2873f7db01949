/* Inside radio/cell: PCCH-Config. */
#pragma once

#include "radio/cell/cell.h"

/* sent: SS/PBCH blocks, each of which has an occasion. False: spare values. */
MUST_USE bool cell_pcch_read(struct cell_pcch *out, const struct rrc_pcch_config *in, uint64_t sent);
