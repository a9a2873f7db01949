/* Tables of TS 38.211 to 38.214, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/band.h"
#include "radio/phy/mcs.h"
#include "radio/phy/pdsch_allocation.h"
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

/* 38.211 5.2.2.2: phi(n) of the low-PAPR base sequences, a row for each u; r(n) = exp(j phi(n) pi / 4). */
extern const int8_t phy_lowpapr_phi_6[30][6];
extern const int8_t phy_lowpapr_phi_12[30][12];
extern const int8_t phy_lowpapr_phi_18[30][18];
extern const int8_t phy_lowpapr_phi_24[30][24];

/* 38.212 Table 5.3.3.3-1: M(i, k). */
extern const int8_t phy_small_block_basis_32x11[32][11];

/* 38.212 Tables 5.3.1.2-1 (from the least reliable on), 5.3.1.1-1 and 5.4.1.1-1. */
extern const uint16_t phy_polar_sequence_1024[1024];
extern const uint8_t phy_polar_input_interleaver_164[164];
extern const uint8_t phy_polar_subblock_interleaver_32[32];

/* 38.214 5.1.3: the MCS tables, and Table 5.1.3.2-1 in ascending order. */
extern const struct phy_mcs phy_mcs_table1_pdsch_64qam[32];
extern const struct phy_mcs phy_mcs_table2_pdsch_256qam[32];
extern const struct phy_mcs phy_mcs_table3_pdsch_64qam_lowse[32];
extern const struct phy_mcs phy_mcs_table4_pdsch_1024qam[32];
extern const uint16_t phy_tbs_table[93];

/* 38.214 5.1.2.1.1: by row - 1 and dmrs-TypeA-Position - 2; a reserved row has l of 0. */
extern const struct phy_time_domain phy_tda_pdsch_default_a_normal[16][2];
extern const struct phy_time_domain phy_tda_pdsch_default_a_extended[16][2];
extern const struct phy_time_domain phy_tda_pdsch_default_b[16][2];
extern const struct phy_time_domain phy_tda_pdsch_default_c[16][2];

/* 38.211 Tables 7.4.1.1.2-3 and -4: by l_d, then mapping type A with pos0, 1, .. and B; see phy_tables.py. */
extern const uint16_t phy_dmrs_pos_pdsch_single[15][8];
extern const uint16_t phy_dmrs_pos_pdsch_double[15][6];

/* A row of 38.213 Tables 13-0 to 13-10A: a CORESET 0. pattern 0: reserved. */
struct phy_coreset0_row {
	uint8_t pattern, n_rb, n_symb;
	int8_t offset_rb[2]; /* for k_SSB = 0, for more */
};

extern const struct phy_coreset0_row phy_coreset0_table_13_0[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_1[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_1A[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_2[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_3[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_4[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_4A[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_5[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_6[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_7[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_8[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_9[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_10[16];
extern const struct phy_coreset0_row phy_coreset0_table_13_10A[16];

/* A row of 38.213 Tables 13-11 and 13-12: when Type0-PDCCH is monitored. per_slot 0: reserved. */
struct phy_searchspace0_row {
	uint8_t o_x2, per_slot, m_x2; /* O and M doubled */
	int8_t first_symbol[2];       /* for even and odd SSB indexes; -1 is the number of the CORESET's */
};

extern const struct phy_searchspace0_row phy_searchspace0_table_13_11[16];
extern const struct phy_searchspace0_row phy_searchspace0_table_13_12[16];

/* 38.104 Tables 5.2-1, 5.2-2, 5.4.2.3-1 and -2; 5.4.3.3-1; 5.3.2-1 and -2. */
extern const struct phy_band_raster phy_nr_bands_arfcn[];
extern const size_t phy_nr_bands_arfcn_n;
extern const struct phy_gscn_range {
	uint16_t band;
	uint8_t scs_khz;
	uint16_t first, step, last;
} phy_gscn_per_band[];
extern const size_t phy_gscn_per_band_n;
extern const struct phy_gscn_list {
	uint16_t band;
	uint8_t scs_khz, n;
	const uint16_t *values;
} phy_gscn_lists[];
extern const size_t phy_gscn_lists_n;
extern const struct phy_bandwidth {
	bool fr2;
	uint16_t mhz;
	uint16_t n_rb[4]; /* by mu; 0: there is none */
} phy_max_rb[];
extern const size_t phy_max_rb_n;
