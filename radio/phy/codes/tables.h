/* Tables of TS 38.212, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/kern/kern.h"

enum {
	LDPC_BG1_ENTRIES = 316,
	LDPC_BG2_ENTRIES = 197,
	LDPC_SIZES = 51,
	CRC_KINDS = 6,
};

/* A circulant of a base graph, and its shift for each set of lifting sizes (5.3.2). */
struct ldpc_entry {
	uint8_t row;
	uint8_t col;
	uint16_t shift[8];
};

extern const struct ldpc_entry ldpc_bg1_entries[LDPC_BG1_ENTRIES];
extern const struct ldpc_entry ldpc_bg2_entries[LDPC_BG2_ENTRIES];

/* The lifting sizes in ascending order, and the set of each (Table 5.3.2-1). */
extern const uint16_t ldpc_z[LDPC_SIZES];
extern const uint8_t ldpc_z_set[LDPC_SIZES];

/* By enum crc_kind; see crc.c. */
extern const struct kern_crc crc_tables[CRC_KINDS];
extern const uint8_t crc_lengths[CRC_KINDS];

/* 38.212 Table 5.3.3.3-1: M(i, k). */
extern const int8_t phy_small_block_basis_32x11[32][11];

/* 38.212 Tables 5.3.1.2-1 (from the least reliable on), 5.3.1.1-1 and 5.4.1.1-1. */
extern const uint16_t phy_polar_sequence_1024[1024];
extern const uint8_t phy_polar_input_interleaver_164[164];
extern const uint8_t phy_polar_subblock_interleaver_32[32];
