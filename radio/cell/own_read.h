/* Inside radio/cell: the parts of ServingCellConfig. Each is NULL, or what cannot be complied with. */
#pragma once

#include "radio/cell/own.h"

/* own_space.c: PDCCH-Config. */
MUST_USE const char *cell_own_read_pdcch(
	struct cell_own *o, const struct cell *c, const struct rrc_pdcch_config *p);

/* own_pdsch.c, own_pusch.c */
MUST_USE const char *cell_own_read_pdsch(
	struct cell_own *o, const struct cell *c, const struct rrc_serving_cell_config *s);
MUST_USE const char *cell_own_read_pusch(
	struct cell_own *o, const struct cell *c, const struct rrc_serving_cell_config *s);

/* own_pucch.c: PUCCH-Config. */
MUST_USE const char *cell_own_read_pucch(
	struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p);

/* own_csi_rs.c: CSI-MeasConfig, and the zero-power ones of PDSCH-Config. */
MUST_USE const char *cell_own_read_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m);
MUST_USE const char *cell_own_read_zp_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_pdsch_config *p);

/* dci.c: there are no more sizes of DCI than a UE looks for, or they are cut. */
MUST_USE const char *cell_own_sizes(struct cell_own *o, const struct cell *c);
