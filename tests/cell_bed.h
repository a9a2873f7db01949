/*
 * A DU's cell and a UE in it, slot by slot, over the samples of one antenna each way. What lies above - RRC,
 * PDCP - is the test's: an SDU of SRB0 each way, and one RLC bearer.
 */
#pragma once

#include "gnb/du/du.h"
#include "radio/rlc/rlc.h"
#include "ue/phy/ue_phy.h"

enum { BED_LCID = 4, BED_SAMPLES = 1 << 16, BED_CCCH = 6 };

struct cell_bed {
	struct du *du;
	struct ue_phy *ue;
	struct cell cell; /* as the UE has read it */
	struct phy_dl_sender *sender;
	struct phy_dl_receiver *receiver;
	struct phy_ul_sender *ue_sender;
	struct phy_ul_receiver *ul_receiver;
	struct l1_downlink dl;
	struct l1_uplink ul;
	struct phy_cf *down, *up; /* of a slot; the caller may change them on their way */
	size_t samples;
	uint64_t slot;
	struct rlc_memory memory;
	struct rlc *gnb_rlc, *ue_rlc;
	struct ue_mac_config mac; /* what the CellGroupConfig says of the UE's MAC */
	uint16_t place;           /* the UE's, DU_NO_UE before it has one */
	bool connected;           /* the UE has had its SDU of SRB0 */
	uint64_t connected_slot;
	uint64_t got_down, got_up; /* octets of SDUs that came */
	uint32_t chance;
	void (*way)(struct cell_bed *b, struct phy_cf *samples, bool down); /* NULL: they come as they are */
	void *way_arg;
};

void cell_bed_begin(struct cell_bed *b, const struct served_cell_config *c);
void cell_bed_end(struct cell_bed *b);
void cell_bed_run(struct cell_bed *b, unsigned slots);
/* An SDU of so many octets of the bearer. */
void cell_bed_send(struct cell_bed *b, bool down, size_t octets);
/* 10 MHz at 15 kHz in band 3. */
struct served_cell_config cell_bed_config(void);
