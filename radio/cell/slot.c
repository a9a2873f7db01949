/* What a slot of a cell is for. */
#include "radio/cell/cell.h"

enum { ALL_SYMBOLS = (1 << PHY_SYMBOLS_MAX) - 1 };

struct phy_slot_format cell_slot_format(const struct cell *c, unsigned sfn, unsigned slot)
{
	if (c->paired)
		return (struct phy_slot_format){ ALL_SYMBOLS, ALL_SYMBOLS };
	return phy_tdd_slot(&c->tdd, c->mu, sfn % 2 * cell_frame_slots(c) + slot);
}

bool cell_slot_is_downlink(const struct cell *c, unsigned sfn, unsigned slot)
{
	return cell_slot_format(c, sfn, slot).downlink == ALL_SYMBOLS;
}

bool cell_slot_is_uplink(const struct cell *c, unsigned sfn, unsigned slot)
{
	return cell_slot_format(c, sfn, slot).uplink == ALL_SYMBOLS;
}

/* A preamble of 15 kHz and below lasts a subframe or longer; a short one stays in its slot. */
static bool is_in_uplink(const struct cell *c, unsigned sfn, unsigned slot)
{
	unsigned slots = c->rach.prach_mu < c->mu ? 1u << c->mu : 1;

	for (unsigned i = 0; i < slots; i++)
		if (!cell_slot_is_uplink(c, sfn, slot + i))
			return false;
	return true;
}

unsigned cell_rach_occasions(const struct cell *c, unsigned sfn, unsigned slot,
	struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX])
{
	unsigned all = phy_rach_occasions(&c->rach, sfn, slot >> c->mu, out), n = 0;

	for (unsigned i = 0; i < all; i++)
		if ((out[i].start_tc << c->mu) / PHY_PRACH_TC_PER_SUBFRAME == (slot & ((1u << c->mu) - 1)) &&
			(c->paired || is_in_uplink(c, sfn, slot)))
			out[n++] = out[i];
	return n;
}

bool cell_ssb_in_slot(const struct cell *c, unsigned index, unsigned sfn, unsigned slot, unsigned *symbol)
{
	unsigned half = slot / (cell_frame_slots(c) / 2), first = phy_ssb_first_symbol(c->pattern, index);
	unsigned frames = c->ssb_period_ms / 10;

	if (!(c->ssb_sent >> index & 1) || (frames > 0 && (half != c->half_frame || sfn % frames != 0)))
		return false;
	*symbol = first % PHY_SYMBOLS_MAX;
	return first / PHY_SYMBOLS_MAX == slot % (cell_frame_slots(c) / 2);
}

bool cell_sib1_in_slot(const struct cell *c, unsigned sfn, unsigned slot)
{
	unsigned frames = c->ssb_period_ms / 10;

	return phy_type0_monitored(&c->type0.occasions, sfn, slot, frames == 0 || sfn % frames == 0);
}
