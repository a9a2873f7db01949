/* The parts of the waveform's sender. */
#pragma once

#include "radio/phy/signals/ofdm.h"
#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/measure.h"

struct phy_waveform {
	struct phy_waveform_config config; /* without SIB1 and its octets */
	struct phy_waveform_place place;
	struct phy_sib1_schedule schedule;
	uint64_t subframe; /* the next one, from SFN 0 on */
	struct phy_ofdm ofdm, ssb_ofdm;
	struct phy_pbch pbch;
	struct phy_polar_cache *codes;
	struct phy_pdsch_sender *sender;
	struct phy_pdsch plan;
	struct phy_cf *re; /* of a slot of the carrier */
	uint8_t *signals;  /* enum phy_signal, of all slots of a subframe; SS/PBCH blocks are not marked */
	struct phy_cf *ssb_re;      /* of all slots of a subframe, of SS/PBCH blocks */
	struct phy_cf *ssb_samples; /* of a slot */
	struct phy_cf
		*mixer; /* exp(j 2 pi t ssb_offset_hz), for one period of 15 kHz, which it repeats with */
	uint8_t *tb;    /* or the bits of a test model's user */
	struct phy_pn23 pn23[PHY_TEST_USERS_MAX + 1]; /* by RNTI; the last is the PDCCH's */
	uint8_t sib1[PHY_SIB1_OCTETS_MAX];            /* zeros behind */
};

/* Writes what shared channels and their PDCCH a slot has; slot counts in the frame. */
void phy_waveform_put_sib1(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid);
void phy_waveform_put_test(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid);
void phy_waveform_put_model(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid);

/* Notes what a slot, counted in the subframe, has had written since; plan: of a PDSCH, else it was PDCCH. */
void phy_waveform_mark(struct phy_waveform *w, unsigned slot, const struct phy_pdsch *plan, bool balancing);

/* Whether all symbols of the slot are the downlink's. */
bool phy_waveform_all_downlink(const struct phy_waveform_config *c, unsigned sfn, unsigned slot);

/* Whether SIB1 or its PDCCH is in a slot. */
bool phy_waveform_slot_has_sib1(const struct phy_waveform *w, unsigned sfn, unsigned slot);
