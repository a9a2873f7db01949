/* The MIB (38.331 6.2.2) with what the PBCH carries besides: all that leads from an SS/PBCH block to SIB1. */
#pragma once

#include "radio/phy/channels/pbch.h"

struct phy_mib {
	uint16_t sfn;
	bool half_frame;
	bool scs_common_high;         /* subCarrierSpacingCommon is 30 or 120 kHz, not 15 or 60 */
	uint8_t k_ssb;                /* 38.211 7.4.3.1: 0 to 31, or to 15 where L_max is 64 */
	uint8_t dmrs_type_a_position; /* 2 or 3 */
	uint8_t coreset_zero;         /* controlResourceSetZero, 0 to 15 */
	uint8_t search_space_zero;    /* 0 to 15 */
	bool cell_barred;
	bool intra_freq_reselection; /* allowed */
	bool spare;
};

/* False for a payload that is no MIB (a message class extension). */
bool phy_mib_decode(struct phy_mib *mib, const struct phy_pbch_payload *payload);

/* False for values out of range; ssb_index stays the caller's. */
bool phy_mib_encode(const struct phy_mib *mib, unsigned l_max, struct phy_pbch_payload *payload);

/* k_SSB above this means that there is no CORESET 0 here (38.213 13): 23, or 11 where L_max is 64. */
static inline bool phy_mib_has_coreset0(const struct phy_mib *mib, unsigned l_max)
{
	return mib->k_ssb <= (l_max == 64 ? 11 : 23);
}
