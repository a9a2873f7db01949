/*
 * Which symbols of a slot are downlink, uplink or flexible (38.213 11.1): patterns common to a cell, what a
 * UE is told besides, and the formats of DCI 2_0.
 */
#pragma once

#include "radio/phy/signals/grid.h"

/* Masks, bit 0 for symbol 0; what is in neither is flexible: a guard, if nothing else says what it is. */
struct phy_slot_format {
	uint16_t downlink, uplink;
};

/* TDD-UL-DL-Pattern (38.331). */
struct phy_tdd_pattern {
	uint16_t period_us; /* dl-UL-TransmissionPeriodicity: 500, 625, 1000, 1250, 2000, 2500, 3000, 4000,
			       5000, 10000 */
	uint16_t downlink_slots, uplink_slots;
	uint8_t downlink_symbols, uplink_symbols; /* 0 to 13 */
};

/* TDD-UL-DL-ConfigCommon. */
struct phy_tdd {
	uint8_t mu; /* of the pattern's slots: 0 to 3 */
	bool extended;
	uint8_t patterns; /* 1, or 2 */
	struct phy_tdd_pattern pattern[2];
};

/* False for what 38.213 11.1 does not have. */
bool phy_tdd_legal(const struct phy_tdd *t);

/* The format of a slot of numerology mu, at least the pattern's; slot counts from the beginning of an even
 * frame. */
struct phy_slot_format phy_tdd_slot(const struct phy_tdd *t, unsigned mu, unsigned slot);

/* TDD-UL-DL-SlotConfig of one UE: only what is flexible changes. False where it names what is not (nothing is
 * changed then). */
bool phy_tdd_dedicate(
	struct phy_slot_format *f, unsigned symbols, unsigned downlink_symbols, unsigned uplink_symbols);

/* Table 11.1.1-1: formats 0 to 55. False for a reserved one. */
bool phy_slot_format_of(struct phy_slot_format *f, unsigned format);
