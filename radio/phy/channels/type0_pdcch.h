/* The PDCCH that schedules SIB1, from the MIB's pdcch-ConfigSIB1 to the DCI: what a cell search goes on with.
 */
#pragma once

#include "radio/phy/channels/pdcch.h"
#include "radio/phy/mapping/type0.h"

struct phy_type0_pdcch {
	struct phy_coreset0 table; /* the row of pdcch-ConfigSIB1 */
	struct phy_coreset coreset;
	struct phy_type0 occasions;
	struct phy_dci_layout layout; /* DCI 1_0 with SI-RNTI */
	uint16_t pci;
};

/*
 * ssb_crb: the common resource block, counted in the PDCCH's spacing, with the first block of the SS/PBCH
 * block; before SIB1 any numbers will do that the grids use too. half_frame: as for phy_type0_find. False for
 * what the tables do not have, or a CORESET below block 0.
 */
bool phy_type0_pdcch_init(struct phy_type0_pdcch *p, const struct phy_coreset0_cell *cell,
	uint8_t pdcch_config_sib1, unsigned pci, unsigned ssb_crb, unsigned ssb_index, unsigned half_frame);

/* Sends the DCI in a slot, on the first candidate of al CCEs: 4, 8 or 16. False for what cannot be. */
bool phy_type0_pdcch_transmit(const struct phy_type0_pdcch *p, struct phy_polar_cache *codes, unsigned slot,
	unsigned al, const struct phy_dci *dci, float amplitude, struct phy_grid *grid);

/* Looks for a legal DCI with SI-RNTI in a slot; *found has more, and may be NULL. */
bool phy_type0_pdcch_receive(const struct phy_type0_pdcch *p, struct phy_pdcch_receiver *rx,
	const struct kern *kern, unsigned slot, const struct phy_grid *grid, struct phy_dci *dci,
	struct phy_pdcch_found *found);
