#include "radio/phy/mapping/slot_format.h"

#include "radio/phy/mapping/tables.h"

/* The reference slots of a pattern; 0 where its period is none, or not of whole slots. */
static unsigned slots_of(const struct phy_tdd_pattern *p, unsigned mu)
{
	static const uint16_t periods[] = { 500, 625, 1000, 1250, 2000, 2500, 3000, 4000, 5000, 10000 };
	bool known = false;

	for (size_t i = 0; i < ARRAY_LEN(periods); i++)
		known |= p->period_us == periods[i];
	return known && (p->period_us << mu) % 1000 == 0 ? (unsigned)(p->period_us << mu) / 1000 : 0;
}

static bool pattern_legal(const struct phy_tdd_pattern *p, unsigned mu, unsigned symbols)
{
	unsigned slots = slots_of(p, mu), parts = (p->downlink_symbols > 0) + (p->uplink_symbols > 0);

	if (slots == 0 || p->downlink_symbols >= symbols || p->uplink_symbols >= symbols)
		return false;
	/* the two partial slots may be one */
	if (parts == 2 && p->downlink_symbols + p->uplink_symbols <= symbols)
		parts = 1;
	return (unsigned)p->downlink_slots + p->uplink_slots + parts <= slots;
}

bool phy_tdd_legal(const struct phy_tdd *t)
{
	unsigned symbols = t->extended ? 12 : 14, us = 0;

	if (t->mu > 3 || (t->extended && t->mu != 2) || t->patterns < 1 || t->patterns > 2)
		return false;
	for (unsigned i = 0; i < t->patterns; i++) {
		if (!pattern_legal(&t->pattern[i], t->mu, symbols))
			return false;
		us += t->pattern[i].period_us;
	}
	return 20000 % us == 0;
}

/* What a symbol of a pattern is, counted from the pattern's beginning: 1 downlink, 2 uplink, 0 flexible. */
static unsigned symbol_of(const struct phy_tdd_pattern *p, unsigned slots, unsigned symbols, unsigned at)
{
	if (at < p->downlink_slots * symbols + p->downlink_symbols)
		return 1;
	return at >= (slots - p->uplink_slots) * symbols - p->uplink_symbols ? 2 : 0;
}

struct phy_slot_format phy_tdd_slot(const struct phy_tdd *t, unsigned mu, unsigned slot)
{
	unsigned symbols = t->extended ? 12 : 14, finer = mu - t->mu;
	unsigned first = slots_of(&t->pattern[0], t->mu), all = first;
	struct phy_slot_format f = { 0, 0 };

	if (t->patterns == 2)
		all += slots_of(&t->pattern[1], t->mu);
	for (unsigned l = 0; l < symbols; l++) {
		/* a reference symbol is as many here as slots are shorter */
		unsigned at = ((slot * symbols + l) >> finer) % (all * symbols);
		unsigned is = at < first * symbols
				      ? symbol_of(&t->pattern[0], first, symbols, at)
				      : symbol_of(&t->pattern[1], all - first, symbols, at - first * symbols);

		f.downlink |= (uint16_t)((is == 1) << l);
		f.uplink |= (uint16_t)((is == 2) << l);
	}
	return f;
}

bool phy_tdd_dedicate(
	struct phy_slot_format *f, unsigned symbols, unsigned downlink_symbols, unsigned uplink_symbols)
{
	uint16_t all = (uint16_t)((1u << symbols) - 1), downlink, uplink;

	if (downlink_symbols + uplink_symbols > symbols)
		return false;
	downlink = (uint16_t)((1u << downlink_symbols) - 1);
	uplink = (uint16_t)(all & ~((1u << (symbols - uplink_symbols)) - 1));
	if (f->downlink & uplink || f->uplink & downlink)
		return false;
	f->downlink |= downlink;
	f->uplink |= uplink;
	return true;
}

bool phy_slot_format_of(struct phy_slot_format *f, unsigned format)
{
	if (format >= PHY_SLOT_FORMATS)
		return false;
	*f = phy_slot_formats[format];
	return true;
}
