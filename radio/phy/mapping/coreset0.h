/* CORESET 0, which the MIB's pdcch-ConfigSIB1 chooses from the tables of 38.213 13. */
#pragma once

#include "radio/phy/mapping/coreset.h"

/* What decides about the table besides the subcarrier spacings. */
enum phy_band_class {
	PHY_BAND_3_MHZ,  /* a channel of 3 MHz */
	PHY_BAND_5_MHZ,  /* minimum channel bandwidth 3, 5 or 10 MHz, and a channel of more than 3 */
	PHY_BAND_40_MHZ, /* minimum 40 MHz, or a band of note 17 of 38.101-1 Table 5.2-1 */
	PHY_BAND_SHARED, /* with shared spectrum channel access */
	PHY_BAND_FR2_1,  /* and FR2-NTN */
	PHY_BAND_FR2_2,  /* at 120 kHz; 480 and 960 are not here */
	PHY_BAND_CLASSES,
};

/* SS/PBCH blocks and PDCCH of a cell. */
struct phy_coreset0_cell {
	uint16_t ssb_scs_khz;
	uint16_t pdcch_scs_khz; /* subCarrierSpacingCommon */
	enum phy_band_class band;
	uint8_t k_ssb;
};

struct phy_coreset0 {
	uint8_t pattern; /* of multiplexing with SS/PBCH blocks: 1 to 3 */
	uint8_t n_rb;
	uint8_t n_symb;
	int8_t offset_rb;  /* from its lowest block up to the common block with the SS/PBCH block's first one
			    */
	uint8_t punctured; /* blocks above its own, which its CCEs are counted with and that are not there */
	bool plain;        /* its CCEs are not interleaved */
};

/* index: controlResourceSetZero, the first four bits of pdcch-ConfigSIB1. False for what has no row. */
bool phy_coreset0_find(struct phy_coreset0 *z, const struct phy_coreset0_cell *cell, unsigned index);

/*
 * The CORESET, whose lowest block is the common resource block first_crb: that of the SS/PBCH block (counted
 * in the PDCCH's spacing) less offset_rb. False for a pci above 1007 and where it is no block.
 */
bool phy_coreset0_init(struct phy_coreset *c, const struct phy_coreset0 *z, unsigned first_crb, unsigned pci);
