/*
 * What layer 2 and a physical layer say to each other, slot by slot, with the parts of 5G FAPI: at the gNB
 * DL_TTI with TX_DATA and UL_TTI go down, CRC, RX_DATA, UCI and RACH come back beside what asked for them. At
 * the UE it is the mirror. The descriptions are those of radio/phy/slot; whoever stands below - the physical
 * layer over samples, a model of it, another vendor's - takes them through these few functions. Slots follow
 * one another; nothing here allocates or waits. A UE's power is the gain of its slot (and the amplitude of a
 * preamble): 1 is what a channel without loss gives the gNB as an RE of power 1. SS/PBCH blocks that a UE's
 * end hears stand in the slot it is asked to receive, for path loss; who leaves them out is heard without
 * loss.
 */
#pragma once

#include "radio/phy/slot/slot_downlink.h"
#include "radio/phy/slot/slot_uplink.h"

enum {
	L1_SSB_MAX = 8,
	L1_PDCCH_MAX = 16,
	L1_PDSCH_MAX = 16,
	L1_PUSCH_MAX = 16,
	L1_PUCCH_MAX = 64,
	L1_PRACH_MAX = 8,
	L1_CSI_RS_MAX = 1,
	L1_SRS_MAX = 4,  /* of one symbol each, whose estimates are layer 2's */
	L1_UCI_MAX = 16, /* bits of a PUCCH */
};

/* DL_TTI.request and TX_DATA.request of a gNB's slot: transport blocks are layer 2's until the next slot. */
struct l1_downlink {
	struct phy_dl_slot slot; /* points into the arrays */
	struct phy_dl_ssb ssb[L1_SSB_MAX];
	struct phy_dl_pdcch pdcch[L1_PDCCH_MAX];
	struct phy_dl_pdsch pdsch[L1_PDSCH_MAX];
	struct phy_dl_csi_rs csi_rs[L1_CSI_RS_MAX]; /* PDSCHs name the REs that they go around */
};

/* UL_TTI.request; CRC, RX_DATA, UCI, SRS and RACH indications once it was received. */
struct l1_uplink {
	struct phy_ul_slot_rx slot; /* likewise */
	struct phy_ul_pusch_rx pusch[L1_PUSCH_MAX];
	struct phy_ul_pucch_rx pucch[L1_PUCCH_MAX];
	uint8_t uci[L1_PUCCH_MAX][L1_UCI_MAX];
	struct phy_ul_prach_place prach[L1_PRACH_MAX];
	struct phy_ul_srs_rx srs[L1_SRS_MAX];
};

/* A UE's physical layer. False: the slot cannot be, and nothing was sent or heard in it. again: it looks once
 * more into the slot that came last, for what a DCI says of it. */
struct l1_ue {
	void *self;
	bool (*receive)(void *self, struct phy_dl_slot_rx *slot, bool again);
	bool (*send)(void *self, const struct phy_ul_slot *slot);
};
