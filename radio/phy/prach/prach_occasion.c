/* When preambles may be sent: Tables 6.3.3.2-2 to -4 with 5.3.2. */
#include "radio/phy/prach/prach_parts.h"

enum { KAPPA_TC = 64, SUBFRAME_SYMBOLS = 14, SLOTS_60_KHZ = 40, SUBFRAMES = 10, FRAMES = 1024 };

static const struct phy_prach_schedule *row_of(enum phy_prach_table table, unsigned index)
{
	static const struct {
		const struct phy_prach_schedule *rows;
		unsigned n;
	} tables[PHY_PRACH_TABLES] = {
		{ phy_prach_config_fr1_paired, PHY_PRACH_FR1_PAIRED_ROWS },
		{ phy_prach_config_fr1_unpaired, PHY_PRACH_FR1_UNPAIRED_ROWS },
		{ phy_prach_config_fr2_unpaired, PHY_PRACH_FR2_ROWS },
	};

	return (unsigned)table < PHY_PRACH_TABLES && index < tables[table].n ? &tables[table].rows[index]
									     : NULL;
}

bool phy_prach_row_format(enum phy_prach_table table, unsigned index, enum phy_prach_format *format)
{
	const struct phy_prach_schedule *row = row_of(table, index);

	if (row)
		*format = row->format;
	return row != NULL;
}

/* t_start of a symbol of the subframe (5.3.1): prefixes of 144, and 16 more at 0 and at half a millisecond.
 */
static uint32_t symbol_start_tc(unsigned mu, unsigned symbol)
{
	unsigned half = 7u << mu, longer = (symbol > 0) + (symbol > half);

	return symbol * ((2048u + 144u) * KAPPA_TC >> mu) + longer * 16 * KAPPA_TC;
}

/* n of 5.3.2: how often it lies over 0 or half a millisecond of the subframe; to end there is not to lie over
 * it. */
static uint32_t extra_of(uint32_t start_tc, uint32_t length_tc)
{
	uint32_t half = PHY_PRACH_TC_PER_SUBFRAME / 2, end = start_tc + length_tc, n;

	n = (start_tc == 0) + (start_tc <= half && half < end);
	return n * 16 * KAPPA_TC;
}

static uint32_t length_tc(enum phy_prach_format format, unsigned mu)
{
	const struct phy_prach_shape *s = &phy_prach_preamble_short[format - PHY_PRACH_A1];

	return (s->prefix + 2048u * s->repetitions) * KAPPA_TC >> mu;
}

uint32_t phy_prach_extra_tc(const struct phy_prach *p, uint32_t start_tc)
{
	return p->config.format < PHY_PRACH_A1
		       ? 0
		       : extra_of(start_tc, length_tc(p->config.format, p->config.mu));
}

/* n_slot of the i-th PRACH slot: the later one if there is one, from 30 kHz (FR1) or 120 kHz (FR2) on. */
static unsigned slot_of(const struct phy_prach_schedule *row, bool fr2, unsigned mu, unsigned i)
{
	static const uint8_t far[2][2] = { { 3, 7 }, { 7, 15 } }; /* of 480 kHz and 960 kHz, 5.3.2 */

	if (mu == (fr2 ? 2 : 0))
		return 0;
	if (mu >= 5)
		return row->prach_slots == 1 ? far[mu - 5][1] : far[mu - 5][i];
	return row->prach_slots == 1 ? 1 : i;
}

static unsigned short_occasions(const struct phy_prach_schedule *row, bool fr2, unsigned mu, unsigned slot,
	struct phy_prach_occasion *out)
{
	/* a subcarrier spacing without a second slot has one, whatever the row has */
	unsigned slots = mu == (fr2 ? 2 : 0) ? 1 : row->prach_slots, n = 0;
	unsigned base =
		fr2 ? slot % 4 * (SUBFRAME_SYMBOLS << (mu - 2)) : 0; /* symbols before the slot of 60 kHz */

	for (unsigned i = 0; i < slots; i++) {
		for (unsigned t = 0; t < row->occasions && n < PHY_PRACH_OCCASIONS_MAX; t++) {
			struct phy_prach_occasion *o = &out[n++];
			unsigned symbol = row->first_symbol + t * row->symbols;

			o->format = t + 1u == row->occasions ? row->last : row->format;
			o->slot = (uint8_t)slot_of(row, fr2, mu, i);
			o->symbol = (uint8_t)symbol;
			o->start_tc =
				symbol_start_tc(mu, base + o->slot * (unsigned)SUBFRAME_SYMBOLS + symbol);
			o->extra_tc = extra_of(o->start_tc, length_tc(o->format, mu));
		}
	}
	return n;
}

unsigned phy_prach_occasions(enum phy_prach_table table, unsigned index, unsigned mu, unsigned frame,
	unsigned slot, struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX])
{
	const struct phy_prach_schedule *row = row_of(table, index);
	bool fr2 = table == PHY_PRACH_FR2;

	if (!row || frame >= FRAMES || slot >= (fr2 ? SLOTS_60_KHZ : SUBFRAMES) ||
		!(row->y >> frame % row->x & 1) || !(row->slots >> slot & 1))
		return 0;
	if (prach_is_long(row->format)) {
		out[0] = (struct phy_prach_occasion){ .format = row->format,
			.start_tc = symbol_start_tc(0, row->first_symbol),
			.symbol = row->first_symbol };
		return 1;
	}
	if (fr2 ? mu != 2 && mu != 3 && mu != 5 && mu != 6 : mu > 1)
		return 0;
	return short_occasions(row, fr2, mu, slot, out);
}
