/* Tables of TS 38.211, 38.213, 38.214: tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/mapping/pdsch_allocation.h"
#include "radio/phy/mapping/slot_format.h"

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

/* A row of 38.211 Table 7.4.1.5.3-1. */
struct phy_csi_rs_row {
	uint8_t ports;
	uint8_t densities; /* bit 0: 1, bit 1: 3, bit 2: 0.5 */
	uint8_t cdm_f, cdm_t, places;
	struct {
		uint8_t k, more_k, l, more_l; /* k_i + more_k, l_i + more_l */
	} place[16];
};

extern const struct phy_csi_rs_row phy_csi_rs_locations[18];

/* 38.211 Tables 6.4.1.1.3-3 and -4: by l_d, then mapping type A with pos0, 1, 2, 3 and B. */
extern const uint16_t phy_dmrs_pos_pusch_single[15][8];
extern const uint16_t phy_dmrs_pos_pusch_double[15][8];

/* Table 6.4.1.1.3-6: by l_d of the hop, then type A with l0 2, 3 and B, each pos0 hops 1, 2, pos1 hops 1, 2.
 */
extern const uint8_t phy_dmrs_pos_pusch_single_hopping[8][12];

/* A row of 38.211 Tables 6.3.1.5-1 to -7. */
enum phy_tpmi_use { PHY_TPMI_ANY, PHY_TPMI_TRANSFORM, PHY_TPMI_PLAIN };

struct phy_tpmi {
	uint8_t ports, layers, use, tpmi;
	float scale;
	int8_t w[4][4][2]; /* by port and layer: re, im */
};

extern const struct phy_tpmi phy_pusch_precoding_w[];
extern const size_t phy_pusch_precoding_w_n;

/* A precoder of 38.214 Tables 5.2.2.2.1-1 and, for 4 ports in mode 1, -5 to -8. */
struct phy_type1_row {
	uint8_t layers, i11, i13, i2;
	uint8_t phase[4][4]; /* by port and layer, in multiples of pi / 4 */
};

extern const struct phy_type1_row phy_csi_type1_sp_2ports[];
extern const size_t phy_csi_type1_sp_2ports_n;
extern const struct phy_type1_row phy_csi_type1_sp_4ports[];
extern const size_t phy_csi_type1_sp_4ports_n;

/* 38.213 Table 11.1.1-1. */
enum { PHY_SLOT_FORMATS = 56 };

extern const struct phy_slot_format phy_slot_formats[PHY_SLOT_FORMATS];
