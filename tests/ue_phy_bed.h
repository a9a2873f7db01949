/*
 * A UE in its cell (ue/phy) over a physical layer that is a script: DCIs of any cell are heard as the test
 * says, blocks come out or do not, and what is sent is kept.
 */
#pragma once

#include "gnb/du/cell/served_cell.h"
#include "ue/phy/parts.h"

enum { BED_RNTI = 0x4601, BED_DCIS = 4, BED_BLOCK = 40000 };

struct ue_phy_bed {
	struct served_cell served;
	struct cell_own own; /* of the initial bandwidth part */
	struct cell_parts parts;
	struct ue_phy *ue;
	uint64_t slot; /* the one at hand */
	uint32_t chance;
	/* What is heard in the next slot, in the UE's first space of its own. */
	struct phy_dci dci[BED_DCIS];
	unsigned dcis;
	bool lost;   /* its blocks are not decoded */
	float noise; /* of CSI-RS, whose power is 1 */
	struct phy_cf h[PHY_PRB_MAX];
	/* Of the slot at hand. */
	unsigned searched; /* spaces */
	struct phy_dl_pdsch_rx pdsch[BED_DCIS];
	size_t pdsch_n;
	struct phy_ul_pusch pusch;
	struct phy_ul_pucch pucch;
	uint8_t uci[UE_ACKS_MAX];                                               /* of PUCCH */
	uint8_t acks[UE_ACKS_MAX], cqi[CELL_TRIGGERED_MAX * CELL_CSI_BITS_MAX]; /* of PUSCH */
	struct phy_srs_config srs;
	uint16_t symbols; /* that are uplink, as the slot says */
	struct phy_ul_prach prach;
	bool has_pusch, has_pucch, has_srs, has_prach;
	float gain, srs_gain,
		ssb_power; /* ssb_power: of an SS/PBCH block that is heard in each slot; 0: none */
	struct phy_dl_ssb_rx ssb;
};

struct served_cell_config ue_phy_bed_cell(void);
/* A UE that is connected, and configured as the DU configures its first. */
void ue_phy_bed_begin(struct ue_phy_bed *b, const struct served_cell_config *c);
void ue_phy_bed_end(struct ue_phy_bed *b);
/* What RRC has configured is now b->own. */
void ue_phy_bed_configure(struct ue_phy_bed *b);
void ue_phy_bed_hear(struct ue_phy_bed *b, const struct phy_dci *dci);
/* A slot is received and sent. */
void ue_phy_bed_slot(struct ue_phy_bed *b);
void ue_phy_bed_slots(struct ue_phy_bed *b, unsigned n);
