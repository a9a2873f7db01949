/* Slots drawn by chance for the tests: what is legal, sent, passed through a channel, and compared. */
#pragma once

#include "radio/phy/phy_test.h"
#include "radio/phy/slot/slot_downlink.h"
#include "radio/phy/slot/slot_uplink.h"
#include "sim/channel/channel.h"

enum {
	BED_ANTENNAS = 2,
	BED_SHARED = 3,
	BED_PUCCH = 4,
	BED_UCI = 64, /* bits */
	BED_TB_BITS = 400000,
	BED_SAMPLES = 61440 + 352, /* of a slot of 100 MHz, the first symbol's prefix longer */
};

/* 20 MHz at 15 kHz, FDD; 100 MHz at 30 kHz. */
struct phy_slot_config bed_config(bool wide);

struct bed_dl {
	struct phy_dl_slot slot;
	struct phy_dl_slot_rx expected;
	struct phy_coreset coreset;
	struct phy_dl_ssb ssb;
	struct phy_dl_pdcch pdcch[2];
	struct phy_dl_pdsch pdsch[BED_SHARED];
	struct phy_precoding precoders[BED_SHARED];
	struct phy_dl_csi_rs csi_rs;
	struct phy_reserved reserved;
	struct phy_dl_ssb_rx ssb_rx;
	struct phy_dl_pdcch_rx pdcch_rx;
	struct phy_dl_pdsch_rx pdsch_rx[BED_SHARED];
	struct phy_dl_csi_rs_rx csi_rs_rx;
	uint8_t tb[BED_SHARED][BED_TB_BITS / 8 + 1];
};

struct bed_ul {
	struct phy_ul_slot slot;
	struct phy_ul_slot_rx expected;
	struct phy_ul_pusch pusch[BED_SHARED];
	struct phy_ul_pucch pucch[BED_PUCCH];
	struct phy_srs_config srs;
	struct phy_ul_prach prach;
	struct phy_ul_pusch_rx pusch_rx[BED_SHARED];
	struct phy_ul_pucch_rx pucch_rx[BED_PUCCH];
	struct phy_ul_srs_rx srs_rx;
	struct phy_srs_estimate estimate;
	uint8_t tb[BED_SHARED][BED_TB_BITS / 8 + 1];
	uint8_t uci[BED_PUCCH][BED_UCI];
};

/* What is drawn follows from this. */
void bed_seed(uint64_t s);

/* Both sides' descriptions of slot number n. */
void bed_draw_dl(struct bed_dl *b, const struct phy_slot_config *c, unsigned n);
void bed_draw_ul(struct bed_ul *b, const struct phy_slot_config *c, unsigned n);

/* All that was sent has come. */
void bed_check_dl(const struct bed_dl *b);
void bed_check_ul(const struct bed_ul *b);
