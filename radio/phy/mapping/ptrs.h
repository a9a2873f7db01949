/*
 * Phase-tracking reference signals of CP-OFDM (ptrs_groups.h: of DFT-s-OFDM): whether there are any and how
 * dense (38.214 5.1.6.3, 6.2.3.1), and where they lie (38.211 6.4.1.2.2.1, 7.4.1.2.2). One PT-RS port.
 */
#pragma once

#include "radio/phy/mapping/dmrs.h"
#include "radio/phy/mapping/ptrs_groups.h"

struct phy_ptrs_config {
	uint8_t time_density;      /* L_PT-RS: 1, 2 or 4 symbols; 0: no PT-RS */
	uint8_t frequency_density; /* K_PT-RS: 2 or 4 resource blocks */
	uint8_t re_offset;         /* resourceElementOffset: 0 to 3 for offset00 to offset11 */
	/* The layers' power is on the one layer (epre-Ratio 0 of Table 4.1-2; coherent codebooks in Table
	 * 6.2.3.1-3), else a layer's. */
	bool all_power;
	/* With transform precoding, for which of the others only time_density is looked at: 1 or 2. */
	struct phy_ptrs_groups groups;
};

/* timeDensity and frequencyDensity of PTRS-DownlinkConfig and PTRS-UplinkConfig. */
struct phy_ptrs_thresholds {
	bool has_mcs, has_prbs;
	uint8_t mcs[3];
	uint16_t prbs[2];
};

/* What is scheduled; the MCS is that of the first transmission of the block. */
struct phy_ptrs_schedule {
	bool uplink;
	uint8_t mcs_table; /* 1 to 4: Tables 5.1.3.1-1 to -4 */
	uint8_t mcs;
	uint16_t prbs;
	uint8_t symbols;
};

/* The densities of *c; both 0 where there is no PT-RS. */
void phy_ptrs_density(
	struct phy_ptrs_config *c, const struct phy_ptrs_thresholds *t, const struct phy_ptrs_schedule *s);

/* The symbols of the slot that hold PT-RS, of an allocation of n symbols from `first` on. */
uint16_t phy_ptrs_symbols(
	unsigned first, unsigned n, uint16_t dmrs_symbols, bool double_symbol, unsigned time_density);

/* The subcarrier of a block for the DM-RS port (less 1000) that PT-RS goes with; -1 for none. */
int phy_ptrs_subcarrier(bool type2, unsigned port, unsigned re_offset);

/* Which of the scheduled blocks, numbered upwards, is the first with PT-RS; every K_PT-RS-th follows. */
unsigned phy_ptrs_first_block(unsigned rnti, unsigned prbs, unsigned frequency_density);
