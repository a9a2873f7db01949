/* PUCCH before a UE has resources of its own: 38.213 9.2.1. */
#pragma once

#include "radio/cell/cell.h"

/*
 * HARQ-ACK of one bit for a PDSCH that the PDCCH at a CCE of n_cce scheduled, with this PUCCH resource
 * indicator: one of the 16 resources. False: there is none.
 */
MUST_USE bool cell_pucch_common(
	struct phy_pucch_config *out, const struct cell *c, unsigned indicator, unsigned cce, unsigned n_cce);
