/*
 * Which resource elements of a slot are taken, so that a description with overlaps, or with anything outside
 * the carrier or in symbols of the other direction, is refused.
 */
#pragma once

#include "radio/phy/channels/pdcch.h"
#include "radio/phy/channels/pdsch.h"
#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/mapping/csi_rs.h"
#include "radio/phy/slot/slot.h"

struct slot_occupancy {
	uint16_t first_crb, prbs;
	uint16_t symbols; /* mask: of this direction */
	/* Bits of a block's REs: of all parts but those of the kind at hand, and of these. */
	uint16_t others[PHY_SYMBOLS_MAX][PHY_PRB_MAX], kin[PHY_SYMBOLS_MAX][PHY_PRB_MAX];
};

/* symbols: mask of those of the direction, 0 for all. */
void slot_occupancy_init(struct slot_occupancy *o, const struct phy_slot_carrier *c, uint16_t symbols);

/* The next kind of parts begins. */
void slot_occupancy_next(struct slot_occupancy *o);

/*
 * Takes REs of blocks in symbol l; crb may lie anywhere. shares: with parts of its own kind (users that
 * sequences or covers tell apart).
 */
enum phy_slot_error slot_take(
	struct slot_occupancy *o, unsigned l, unsigned crb, unsigned prbs, uint16_t mask, bool shares);

/* All of a channel. */
enum phy_slot_error slot_take_ssb(
	struct slot_occupancy *o, unsigned first_symbol, unsigned first_sc, unsigned width);
enum phy_slot_error slot_take_pdcch(
	struct slot_occupancy *o, const struct phy_pdcch_occasion *at, struct phy_candidate candidate);
enum phy_slot_error slot_take_pdsch(struct slot_occupancy *o, const struct phy_pdsch *p);
enum phy_slot_error slot_take_csi_rs(struct slot_occupancy *o, const struct phy_csi_rs *p);
enum phy_slot_error slot_take_pusch(struct slot_occupancy *o, const struct phy_pusch *p, unsigned slot);
enum phy_slot_error slot_take_pucch(struct slot_occupancy *o, const struct phy_pucch *p);
enum phy_slot_error slot_take_srs(
	struct slot_occupancy *o, const struct phy_srs *p, const struct slot_time *now);
