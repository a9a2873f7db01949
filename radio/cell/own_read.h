/* Inside radio/cell: the parts of ServingCellConfig. Each is NULL, or what cannot be complied with. */
#pragma once

#include "radio/cell/own.h"

/* own.c: of the part that *o is of; d, u: NULL where the message has none. */
MUST_USE const char *cell_own_read_part(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_downlink_dedicated *d,
	const struct rrc_bwp_uplink_dedicated *u);
MUST_USE const char *cell_own_read_physical(
	struct cell_own *o, const struct rrc_physical_cell_group_config *p);

/* own_space.c: PDCCH-Config. */
MUST_USE const char *cell_own_read_pdcch(
	struct cell_own *o, const struct cell *c, const struct rrc_pdcch_config *p);

/* own_pdsch.c, own_pusch.c */
MUST_USE const char *cell_own_read_pdsch(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_downlink_dedicated *d);
void cell_own_read_srs(struct cell_own *o, const struct cell *c, const struct rrc_srs_config *in);
MUST_USE const char *cell_own_read_pusch(struct cell_own *o, const struct cell *c,
	const struct rrc_serving_cell_config *s, const struct rrc_bwp_uplink_dedicated *u);

/* own_report.c: the report of *o, on a PUCCH resource, with what is measured for it. */
void cell_srs_write(struct cell_srs_message *m, const struct cell_srs *s);
void cell_csi_write(struct cell_csi_message *m, struct rrc_serving_cell_config *s,
	struct rrc_pdsch_config *pdsch, const struct cell_own *o, uint8_t pucch_resource);

/* own_pucch.c: PUCCH-Config. */
MUST_USE const char *cell_own_read_pucch(
	struct cell_own *o, const struct cell *c, const struct rrc_pucch_config *p);

/* own_pucch.c: a resource of formats 0 to 2, by its identity. */
MUST_USE bool cell_own_read_resource(
	struct phy_pucch_config *out, const struct cell *c, const struct rrc_pucch_config *p, unsigned id);

/* own_csi_rs.c: CSI-MeasConfig, and the zero-power ones of PDSCH-Config. */
MUST_USE const char *cell_own_read_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m);
/* own_report.c: a report that this UE cannot make is not made. pucch NULL: the message has none. */
void cell_own_read_report(struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m,
	const struct rrc_pucch_config *pucch);
/* own_asked.c: likewise those that are made when they are asked for, and what asks. */
void cell_own_read_asked(struct cell_own *o, const struct cell *c, const struct rrc_csi_meas_config *m,
	const struct rrc_pucch_config *pucch);

/* own_report.c: what both have alike. The nth set that a resource configuration of a bandwidth part names;
 * NULL: none. */
const struct rrc_nzp_csi_rs_resource_set *cell_csi_set(
	const struct rrc_csi_meas_config *m, unsigned config_id, unsigned part, unsigned nth);
/* The CSI-RS that is measured, by its place: one of one port, and no other. */
MUST_USE bool cell_csi_measured(
	uint8_t *place, const struct cell_own *o, const struct rrc_nzp_csi_rs_resource_set *s);
/* False: another quantity than CQI. */
MUST_USE bool cell_csi_begin(struct cell_csi_report *out, const struct rrc_csi_report_config *r);
MUST_USE bool cell_csi_period(
	struct cell_csi_report *out, const struct rrc_csi_report_periodicity_and_offset *p);
MUST_USE bool cell_csi_on_pucch(struct cell_csi_report *out, const struct cell_own *o, const struct cell *c,
	const struct rrc_pucch_config *pucch, const struct rrc_pucch_csi_resource *items, size_t n);

MUST_USE const char *cell_own_read_zp_csi_rs(
	struct cell_own *o, const struct cell *c, const struct rrc_pdsch_config *p);

/* dci.c: there are no more sizes of DCI than a UE looks for, or they are cut. */
MUST_USE const char *cell_own_sizes(struct cell_own *o, const struct cell *c);
