/* What a slot of a cell is for. */
#include "radio/cell/cell.h"

struct phy_slot_format cell_slot_format(const struct cell *c, unsigned sfn, unsigned slot)
{
	if (c->paired)
		return (struct phy_slot_format){ (1 << PHY_SYMBOLS_MAX) - 1, (1 << PHY_SYMBOLS_MAX) - 1 };
	return phy_tdd_slot(&c->tdd, c->mu, sfn % 2 * cell_frame_slots(c) + slot);
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
