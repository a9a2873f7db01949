/* The synchronisation signals of 38.211 7.4.2: which physical-layer cell identity a cell has. */
#pragma once

#include "radio/phy/signals/sequence.h"

enum {
	PHY_CELL_IDS = 1008,   /* 7.4.2.1 */
	PHY_CELL_ID_1S = 336,  /* carried by the SSS */
	PHY_CELL_ID_2S = 3,    /* carried by the PSS */
	PHY_SYNC_LENGTH = 127, /* subcarriers of either */
};

/* d_PSS of 7.4.2.2 and d_SSS of 7.4.2.3, each 1 or -1. n_id_2 below 3, n_cell_id below 1008. */
void phy_pss(int8_t out[PHY_SYNC_LENGTH], unsigned n_id_2);
void phy_sss(int8_t out[PHY_SYNC_LENGTH], unsigned n_cell_id);

/*
 * For each N_ID1 how like the SSS of that cell the 127 subcarriers are, measured against those of the PSS:
 * between 0 and 1 in size, turned by the phase of the SSS against the PSS. The channel is taken to be flat
 * over 16 subcarriers and the same for both but for a phase.
 */
void phy_sss_correlate(struct phy_cf out[PHY_CELL_ID_1S], const struct phy_cf *pss, const struct phy_cf *sss,
	unsigned n_id_2);
