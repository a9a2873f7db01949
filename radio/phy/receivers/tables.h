/* Tables of TS 38.214: tables/<name>.csv by tools/phy_tables.py at build time. */
#pragma once

/* 5.2.2.1: bits a symbol of each CQI, 0 for CQI 0. */
extern const float phy_cqi_table1[16];
extern const float phy_cqi_table2[16];
extern const float phy_cqi_table3[16];
extern const float phy_cqi_table4[16];
