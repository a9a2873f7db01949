/*
 * DCI for groups of UEs (38.212 7.3.1.3): slot formats (2_0), pre-emption (2_1), power of PUSCH and PUCCH
 * (2_2) and of SRS (2_3). Each UE reads what is its own at a place that RRC tells it; a payload is made by
 * writing all of them into zeros.
 */
#pragma once

#include "radio/phy/channels/dci.h"

enum {
	PHY_DCI_2_0_BITS_MAX = 128,
	PHY_DCI_2_1_BITS_MAX = 126,
	PHY_DCI_PREEMPTION_BITS = 14,
	PHY_DCI_SRS_COMMANDS_MAX = 8
};

/*
 * A value of so many bits (1 to 32) from bit `at` of a payload of `size` bits on: 2_0's slot format
 * indicators, 2_1's pre-emption indications. False where it lies outside, or does not fit.
 */
bool phy_dci_group_set(
	uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned at, unsigned width, uint32_t value);
bool phy_dci_group_get(const uint8_t *bits, unsigned size, unsigned at, unsigned width, uint32_t *value);

/* How wide an indicator of slot format combinations is, whose highest ID is this (38.213 11.1.1). */
unsigned phy_dci_slot_format_bits(unsigned highest_id);

/* A power command and, of two control loops, which. */
struct phy_dci_tpc {
	uint8_t command; /* 0 to 3 */
	uint8_t loop;    /* 0 or 1; with one loop 0 */
};

/* Block `block` (from 1 on) of 2_2. two_loops: twoPUSCH- or twoPUCCH-PC-AdjustmentStates. */
bool phy_dci_tpc_set(uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned block, bool two_loops,
	const struct phy_dci_tpc *tpc);
bool phy_dci_tpc_get(
	const uint8_t *bits, unsigned size, unsigned block, bool two_loops, struct phy_dci_tpc *tpc);

/* A UE's block of 2_3: type A has a command for each carrier of its set, type B one. */
struct phy_dci_srs {
	uint8_t request; /* 0 to 3 of Table 7.3.1.1.2-24; 0 without the field */
	struct phy_dci_tpc tpc[PHY_DCI_SRS_COMMANDS_MAX];
};

struct phy_dci_srs_layout {
	bool request;     /* is the field there? 38.213 11.4 */
	uint8_t commands; /* 1 to PHY_DCI_SRS_COMMANDS_MAX */
	uint8_t loops;    /* bit i: the i-th carrier has two control loops */
};

/* From bit `at` on, startingBitOfFormat2-3 - 1. */
bool phy_dci_srs_set(uint8_t bits[PHY_DCI_OCTETS], unsigned size, unsigned at,
	const struct phy_dci_srs_layout *l, const struct phy_dci_srs *srs);
bool phy_dci_srs_get(const uint8_t *bits, unsigned size, unsigned at, const struct phy_dci_srs_layout *l,
	struct phy_dci_srs *srs);

/* What a command means in dB (38.213 Tables 7.1.1-1, 7.2.1-1 and 7.3.1-1): added to what was, or by itself.
 */
int phy_tpc_db(unsigned command, bool accumulated);
