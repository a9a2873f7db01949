/*
 * Modulation and coding schemes, and the size of a transport block: 38.214 5.1.3.1, 5.1.3.2, 6.1.4.1 and
 * 38.212 5.4.2.1.
 */
#pragma once

#include "base/bytes.h"

enum phy_mcs_table {
	PHY_MCS_64QAM,        /* Table 5.1.3.1-1 */
	PHY_MCS_256QAM,       /* 5.1.3.1-2 */
	PHY_MCS_64QAM_LOW_SE, /* 5.1.3.1-3 */
	PHY_MCS_1024QAM,      /* 5.1.3.1-4 */
	/* With transform precoding; PI2: tp-pi2BPSK, which makes the lowest rows pi/2-BPSK. */
	PHY_MCS_TP_64QAM,            /* 6.1.4.1-1 */
	PHY_MCS_TP_64QAM_LOW_SE,     /* 6.1.4.1-2 */
	PHY_MCS_TP_PI2_64QAM,        /* 6.1.4.1-1 */
	PHY_MCS_TP_PI2_64QAM_LOW_SE, /* 6.1.4.1-2 */
	PHY_MCS_TABLES,
};

enum { PHY_MCS_ROWS = 32 };

struct phy_mcs {
	uint8_t q_m;         /* bits a symbol */
	uint16_t rate_x2048; /* target code rate times 2048; 0 for reserved rows, which keep that of before */
};

/* NULL for what is no table or no row of it. */
const struct phy_mcs *phy_mcs_row(enum phy_mcs_table table, unsigned mcs);

enum phy_tb_scaling { PHY_TB_SCALING_1, PHY_TB_SCALING_HALF, PHY_TB_SCALING_QUARTER }; /* Table 5.1.3.2-2 */

/* What the size of a transport block follows from. */
struct phy_tbs {
	uint16_t prbs;    /* n_PRB */
	uint8_t symbols;  /* N_symb^sh of the allocation */
	uint8_t dmrs_re;  /* N_DMRS^PRB: a PRB's REs of all DM-RS CDM groups without data, all symbols */
	uint8_t overhead; /* N_oh^PRB, xOverhead: 0, 6, 12 or 18 */
	uint8_t q_m;      /* 1, 2, 4, 6, 8 or 10 */
	uint16_t rate_x2048;
	uint8_t layers; /* 1 to 4 */
	enum phy_tb_scaling scaling;
};

/* Bits of the transport block by 5.1.3.2, or 0 for what *t cannot be. */
uint32_t phy_tbs_bits(const struct phy_tbs *t);

/* Steps 2 to 4 of 5.1.3.2 from N_info, which is n_info_x8192 / 8192; below 2^21. */
uint32_t phy_tbs_from_info(uint64_t n_info_x8192, unsigned rate_x2048);

/*
 * TBS_LBRM of 38.212 5.4.2.1: prbs of the largest bandwidth part (1 to 275), the most layers a UE can have (1
 * to 4), q_m of the configured MCS table's largest modulation (6, 8 or 10). 0 for anything else.
 */
uint32_t phy_tbs_lbrm(unsigned prbs, unsigned layers, unsigned q_m);
