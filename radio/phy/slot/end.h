/* What each of the four ends of a slot begins with, and how it is made, freed and begins a slot. */
#pragma once

#include "radio/phy/slot/occupancy.h"
#include "radio/phy/slot/slot_parts.h"

struct slot_end {
	struct phy_slot_config config;
	struct kern kern;
	struct slot_grids grids;
	struct slot_occupancy occupancy;
	struct phy_tasks tasks;
};

/* An end of so many octets, the first of them a slot_end, the others 0. NULL for what cannot be, or when
 * memory is out. */
void *slot_end_new(size_t size, const struct phy_slot_config *c);

/* Frees it; what it has beyond slot_end is freed before. */
void slot_end_free(void *end);

/* Begins the check of a slot; pdu: what is named where it is no slot of the carrier. */
bool slot_end_begin(struct slot_end *e, const struct slot_time *t, uint16_t symbols, enum phy_slot_pdu pdu,
	struct phy_slot_refusal *r);

/* Lays out a PDSCH or CSI-RS by its own rules and the carrier's. *why is set with PHY_SLOT_CHANNEL. */
enum phy_slot_error slot_check_pdsch(
	const struct slot_end *e, struct phy_pdsch *p, const struct phy_pdsch_config *c, const char **why);
enum phy_slot_error slot_check_csi_rs(
	const struct slot_end *e, struct phy_csi_rs *p, const struct phy_csi_rs_config *c, const char **why);
