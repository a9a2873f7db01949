/* A SIB1 (38.331 6.2.2) for a cell of phy_waveform: with it a UE could camp, and would look for the uplink.
 */
#pragma once

#include "base/cursor.h"
#include "radio/phy/waveform/waveform.h"

enum {
	PHY_SIB1_TIMES_MAX = 16,
	PHY_SIB1_SI_MAX = 4,
	PHY_SIB1_ZONE = 12, /* zeroCorrelationZoneConfig where nothing is asked: 5 or 7 preambles a root */
};

struct phy_sib1_message {
	const struct phy_waveform_config *cell; /* its sib1 is not looked at */
	const struct phy_waveform_place *place;
	unsigned band;
	unsigned bandwidth_mhz;
	uint64_t dl_hz;         /* the carrier's middle */
	uint8_t mcc[3], mnc[3]; /* digits */
	uint8_t mnc_digits;     /* 2 or 3 */
	uint32_t tac;           /* 24 bits */
	uint64_t cell_identity; /* 36 bits */
	uint8_t msg1_start;     /* msg1-FrequencyStart */
	uint8_t pucch_resource_common;
	/* Time domain allocations, the default ones without; k0 of PUSCH is K2. */
	uint8_t pdsch_times_n, pusch_times_n;
	struct phy_time_domain pdsch_times[PHY_SIB1_TIMES_MAX], pusch_times[PHY_SIB1_TIMES_MAX];
	uint8_t paging_slot; /* of a paging frame; 0: the first */
	/* SI messages, one SIB each (2 to 9), in windows of 20 slots each 16 frames, in the common search
	 * space. */
	uint8_t si_n, si_sib[PHY_SIB1_SI_MAX];
	uint8_t prach_zone; /* zeroCorrelationZoneConfig */
};

/*
 * Appends the octets of the BCCH-DL-SCH-Message. False where SIB1 cannot hold it: a band without uplink,
 * numbers out of range, or with L_max 64 SS/PBCH blocks that are not the same in each group of eight that has
 * any (ssb-PositionsInBurst).
 */
bool phy_sib1_message_encode(const struct phy_sib1_message *m, struct writer *w);

/* inOneGroup and groupPresence of ssb-PositionsInBurst (38.331): the first bit is index 0; false as above. */
bool phy_sib1_positions(uint64_t sent, unsigned l_max, uint8_t *in_one_group, uint8_t *groups);

/* The uplink of a carrier in a paired band: its middle, by the band's duplex distance but within the band,
 * and its bandwidth, less than the downlink's where the band is narrower. */
bool phy_sib1_uplink(const struct phy_sib1_message *m, uint64_t *hz, unsigned *prbs);
