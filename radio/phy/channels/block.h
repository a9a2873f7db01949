/*
 * The transport block of a shared channel, from its MCS: modulation, size and what phy_sch wants to know
 * (38.214 5.1.3, 6.1.4). Retransmissions by a reserved MCS keep the size and the rate of the first.
 */
#pragma once

#include "radio/phy/channels/mcs.h"
#include "radio/phy/codes/sch.h"
#include "radio/phy/signals/modulation.h"

enum { PHY_Q_M_MAX = 10 };

struct phy_block {
	enum phy_mcs_table mcs_table;
	uint8_t mcs;
	uint8_t rv;
	struct phy_tbs size; /* without q_m and rate */
	uint32_t kept_tbs;   /* with a reserved MCS; else both 0 */
	uint16_t kept_rate_x2048;
	uint32_t lbrm_bits; /* phy_tbs_lbrm(), or 0 for the whole buffer */
};

enum phy_block_error {
	PHY_BLOCK_OK,
	PHY_BLOCK_MCS, /* no such table or row */
	PHY_BLOCK_RV,
	PHY_BLOCK_KEPT, /* a reserved MCS without a size to keep, or another with one */
	PHY_BLOCK_TBS,  /* no transport block of that overhead, scaling or size */
};

/* Fills *s but for g, and *modulation. */
enum phy_block_error phy_block_init(
	struct phy_sch *s, enum phy_modulation *modulation, const struct phy_block *b);
