/* Where in time and frequency the cell sends SIB1, for each SS/PBCH block: 38.213 13, 38.331 5.2.1. */
#pragma once

#include "radio/phy/channels/pdsch_fallback.h"
#include "radio/phy/channels/ssb.h"
#include "radio/phy/channels/type0_pdcch.h"

/* tdd-UL-DL-ConfigurationCommon with the carrier's spacing as reference (38.213 11.1). */
struct phy_waveform_tdd {
	uint16_t period_slots; /* divides 20 ms; 0: downlink always */
	uint16_t dl_slots, ul_slots;
	uint8_t dl_symbols, ul_symbols;
};

/* Whether a symbol is uplink; slot counts from an even frame's beginning. */
bool phy_waveform_tdd_uplink(const struct phy_waveform_tdd *t, unsigned slot, unsigned symbol);

/* One PDCCH with its PDSCH. */
struct phy_sib1_sending {
	uint8_t ssb_index;
	bool half_frame; /* the SS/PBCH block's */
	uint8_t sfn_odd; /* SFN modulo 2, with pattern 1; else it is sent in frames with the SS/PBCH block */
	uint16_t slot;   /* of the PDCCH, in the frame */
	uint8_t al;
	uint8_t time; /* time domain resource assignment of the DCI */
	struct phy_time_domain allocation;
	uint16_t first_rb, rbs; /* in CORESET 0 */
	uint8_t mcs;
	uint16_t octets; /* of the transport block */
};

enum { PHY_SIB1_SENDINGS_MAX = 2 * PHY_SSB_INDEX_MAX };

struct phy_sib1_schedule {
	unsigned n;
	bool with_ssb; /* sent with SS/PBCH blocks (patterns 2 and 3), not every 20 ms */
	struct phy_sib1_sending at[PHY_SIB1_SENDINGS_MAX];
};

struct phy_waveform_config;
struct phy_waveform_place;

/* An enum phy_waveform_error: why there is no schedule. *c has passed phy_waveform_place. Without SIB1 the
 * schedule is empty, and only checked that SS/PBCH blocks are not in uplink. */
int phy_sib1_schedule_make(struct phy_sib1_schedule *s, const struct phy_waveform_config *c,
	const struct phy_waveform_place *place);

/* The PDSCH of a sending. */
enum phy_pdsch_error phy_sib1_pdsch(struct phy_pdsch *p, const struct phy_waveform_config *c,
	const struct phy_waveform_place *place, const struct phy_sib1_sending *s);
