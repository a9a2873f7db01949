/*
 * A gNB of another vendor, played by the test over samples without noise, and a UE (ue/phy) below RRC: what
 * goes out is made by the test, DCIs bit by bit as 38.212 has them, and what comes back is received by
 * descriptions of the test's own.
 */
#pragma once

#include "gnb/du/cell/served_cell.h"
#include "ue/phy/parts.h"

enum { FOREIGN_RNTI = 0x4601, FOREIGN_BLOCK = 20000 };

struct foreign_gnb {
	struct served_cell served;
	struct cell_parts parts; /* the UE's */
	struct ue_phy *ue;
	struct phy_dl_sender *down_sender;
	struct phy_dl_receiver *down_receiver;
	struct phy_ul_sender *up_sender;
	struct phy_ul_receiver *up_receiver;
	struct phy_cf *down, *up; /* a slot's samples */
	uint64_t slot;            /* the next */
	uint32_t chance;
	/* What goes out in the next slot, and what is expected to come back in it. */
	struct phy_dl_pdcch pdcch;
	struct phy_dl_pdsch pdsch;
	struct phy_dl_csi_rs csi_rs;
	bool has_pdcch, has_pdsch, has_csi_rs;
	struct phy_ul_pusch_rx pusch;
	struct phy_ul_pucch_rx pucch;
	struct phy_ul_srs_rx srs;
	uint8_t uci[L1_UCI_MAX];
	bool wants_pusch, wants_pucch, wants_srs;
	/* Of the last slot. */
	bool sent_preamble, sent_anything;
	struct phy_ul_prach preamble; /* the last */
	unsigned ccch;                /* SDUs of SRB0 */
};

void foreign_gnb_begin(struct foreign_gnb *g, const struct served_cell_config *c);
void foreign_gnb_end(struct foreign_gnb *g);
/* RRC's message, through its octets; fails the test where the UE does not comply. */
void foreign_gnb_configure(struct foreign_gnb *g, const struct rrc_cell_group_config *group);
/* The same: why it does not; NULL: it does, and nothing has begun of it. */
const char *foreign_gnb_refuses(struct foreign_gnb *g, const struct rrc_cell_group_config *group);
void foreign_gnb_slot(struct foreign_gnb *g);
void foreign_gnb_slots(struct foreign_gnb *g, unsigned n);

/* A DCI by its fields, first to last. */
struct foreign_dci {
	uint8_t bits;
	uint8_t octets[PHY_DCI_OCTETS];
};

void foreign_dci_put(struct foreign_dci *d, uint32_t value, unsigned width);
/* It goes out in the next slot at a candidate of a space in a CORESET; n_rnti: where that has a scrambling of
 * its own. */
void foreign_gnb_order(struct foreign_gnb *g, const struct foreign_dci *d, const struct cell_space *space);
/* All blocks in a row of a PDSCH or PUSCH. */
struct phy_prbs foreign_prbs(unsigned start, unsigned length);
