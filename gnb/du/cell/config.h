/* What an operator says of a cell. */
#pragma once

#include "base/config.h"

/*
 * Where UEs look for their DCIs, in CORESET 0 either way. In a common search space, which every UE knows, a
 * DCI 1_0 names no blocks but as many as CORESET 0 has (38.212 7.3.1.2.1): 48 of 52, 96 of 106.
 */
enum served_cell_space { SERVED_CELL_SPACE_COMMON, SERVED_CELL_SPACE_UE_SPECIFIC };

struct served_cell_config {
	uint16_t pci, band;
	uint32_t arfcn; /* of the downlink carrier's middle */
	uint8_t mu;     /* 0 or 1 */
	uint8_t bandwidth_mhz;
	uint8_t mcc[3], mnc[3], mnc_digits;
	uint32_t tac;
	uint64_t cell_identity; /* 36 bits */
	enum served_cell_space space;
	uint8_t ssb_period_ms; /* 5 to 160; 0: 10 */
	uint16_t fft_size;     /* samples of a symbol; 0: the least that the carrier needs */
};

/* The keys of network.yaml among them; identities are the network's. And those of its carrier alone. */
extern const struct config_section served_cell_config_section, served_carrier_config_section;
