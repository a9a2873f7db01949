/* What an operator says of a cell. */
#pragma once

#include "base/config.h"

/*
 * Where UEs look for their DCIs, in CORESET 0 in any case. In a common search space, which every UE knows, a
 * DCI 1_0 names no blocks but as many as CORESET 0 has (38.212 7.3.1.2.1): 48 of 52 or 79, 96 of 106, at 30
 * kHz 48 of 106. Automatically it is common in paired spectrum, where UEs are found that know no other.
 */
enum {
	SERVED_CELL_LEAD_SLOTS = 3,
	SERVED_CELL_LEAD_SLOTS_MAX = 6, /* twice that, and what is between, is within 16 HARQ processes */
};

enum served_cell_space { SERVED_CELL_SPACE_AUTO, SERVED_CELL_SPACE_COMMON, SERVED_CELL_SPACE_UE_SPECIFIC };

enum { SERVED_CELL_PATTERN_SIZE = 21 };

struct served_cell_config {
	uint16_t pci, band;
	uint32_t arfcn; /* of the downlink carrier's middle */
	uint8_t mu;     /* 0 or 1 */
	uint8_t bandwidth_mhz;
	uint8_t mcc[3], mnc[3], mnc_digits;
	uint32_t tac;
	uint64_t cell_identity; /* 36 bits */
	/* Of a band without paired spectrum: D, S and U of the slots of a period; symbols of S. */
	char tdd_pattern[SERVED_CELL_PATTERN_SIZE];
	uint8_t tdd_downlink_symbols, tdd_uplink_symbols;
	enum served_cell_space space;
	uint8_t ssb_period_ms; /* 5 to 160; 0: 10 */
	uint16_t ues_max;      /* 1 to 256; 0: 64 */
	bool no_reports;       /* UEs do not report channel quality */
	bool sounding;         /* they send SRS */
	uint32_t reach_m; /* of the farthest UE; 0: as far as zeroCorrelationZoneConfig PHY_SIB1_ZONE goes */
	/* Discontinuous reception of UEs, ms; 0: none, no short cycle. */
	uint16_t drx_cycle_ms, drx_on_ms, drx_inactivity_ms, drx_short_cycle_ms;
	uint8_t drx_short_cycles;
	uint16_t alignment_ms; /* timeAlignmentTimer of UEs; 0: infinity */
	uint8_t lead_slots;    /* that are made before their time, 3 to 6; 0: 3. K1 and K2 are more */
	uint16_t fft_size;     /* samples of a symbol; 0: the least that the carrier needs */
};

/* The keys of network.yaml among them; identities are the network's. And those of its carrier alone. */
extern const struct config_section served_cell_config_section, served_carrier_config_section;
