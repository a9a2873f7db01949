/* Tables of TS 38.214, made from tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

#include "radio/phy/channels/mcs.h"

/* 38.214 5.1.3: the MCS tables, and Table 5.1.3.2-1 in ascending order. */
extern const struct phy_mcs phy_mcs_table1_pdsch_64qam[32];
extern const struct phy_mcs phy_mcs_table2_pdsch_256qam[32];
extern const struct phy_mcs phy_mcs_table3_pdsch_64qam_lowse[32];
extern const struct phy_mcs phy_mcs_table4_pdsch_1024qam[32];
extern const struct phy_mcs phy_mcs_pusch_tp_table1[32]; /* 6.1.4.1, q = 2; _pi2: q = 1 */
extern const struct phy_mcs phy_mcs_pusch_tp_table1_pi2[32];
extern const struct phy_mcs phy_mcs_pusch_tp_table2[32];
extern const struct phy_mcs phy_mcs_pusch_tp_table2_pi2[32];
/* 38.213 9.3: beta_offset in thousandths by index; 0 is reserved. */
extern const uint32_t phy_beta_offsets_ack[32];
extern const uint32_t phy_beta_offsets_csi[32];
extern const uint16_t phy_tbs_table[93];

/* 38.211 Table 6.4.1.4.3-1: m_SRS,0, N_0 to m_SRS,3, N_3. */
extern const uint16_t phy_srs_bandwidth_config[64][8];
