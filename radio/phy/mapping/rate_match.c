#include "radio/phy/mapping/rate_match.h"

#include "radio/phy/codes/bits.h"

enum { LTE_CRBS_MAX = 102, LTE_STEP = 6 };

static void add(struct phy_reserved_list *out, struct phy_reserved r)
{
	struct phy_reserved *last = out->n > 0 ? &out->at[out->n - 1] : NULL;

	if (r.symbols == 0 || r.re == 0)
		return;
	if (last && last->symbols == r.symbols && last->re == r.re &&
		last->first_crb + last->prbs == r.first_crb)
		last->prbs++;
	else if (out->n < out->room)
		out->at[out->n++] = r;
	else
		out->lost++;
}

static bool pattern_legal(const struct phy_rate_match_pattern *p, unsigned mu)
{
	static const uint8_t periods[] = { 1, 2, 4, 5, 8, 10, 20, 40 };
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(periods); i++)
		found |= p->period == periods[i];
	/* 40 ms at most */
	return found && (unsigned)p->period * (p->two_slots ? 2 : 1) <= 40u << mu && p->prbs >= 1 &&
	       p->prbs <= PHY_PRB_MAX;
}

bool phy_rate_match_pattern(struct phy_reserved_list *out, const struct phy_rate_match_pattern *p,
	unsigned mu, bool extended, unsigned sfn, unsigned slot)
{
	unsigned symbols = extended ? 12 : 14, units = p->two_slots ? 2 : 1;
	/* periods begin with frames whose number is a multiple of 4 */
	unsigned number = (sfn % 4 * 10 << mu) + slot;
	uint32_t taken = p->symbols >> (p->two_slots && number % 2 ? symbols : 0) & ((1u << symbols) - 1);

	if (!pattern_legal(p, mu))
		return false;
	if (p->period > 1 && !(p->pattern >> number / units % p->period & 1))
		return true;
	for (unsigned i = 0; i < p->prbs; i++) {
		if (bits_get(p->blocks, i))
			add(out, (struct phy_reserved){
					 (uint16_t)taken, 0xfff, (uint16_t)(p->first_crb + i), 1 });
	}
	return true;
}

/* The CRS with these offsets (bit v) of all of the carrier, but at its middle where LTE has no subcarrier. */
static void add_crs(
	struct phy_reserved_list *out, const struct phy_lte_crs *c, uint16_t symbols, unsigned offsets)
{
	unsigned crb = c->first / PHY_SC_PER_PRB, half = c->prbs * PHY_SC_PER_PRB / 2u;
	uint16_t masks[LTE_CRBS_MAX] = { 0 };

	for (unsigned k = 0; k < 2 * half; k++) {
		unsigned v = (k + LTE_STEP - c->v_shift) % LTE_STEP, at = c->first + k + (k >= half);

		if (offsets >> v & 1)
			masks[at / PHY_SC_PER_PRB - crb] |= (uint16_t)(1u << at % PHY_SC_PER_PRB);
	}
	for (unsigned i = 0; i < LTE_CRBS_MAX; i++)
		add(out, (struct phy_reserved){ symbols, masks[i], (uint16_t)(crb + i), 1 });
}

bool phy_lte_crs(struct phy_reserved_list *out, const struct phy_lte_crs *c)
{
	static const uint8_t bandwidths[] = { 6, 15, 25, 50, 75, 100 };
	uint16_t region = !c->mbsfn ? 0x3fff : c->ports == 4 ? 3 : 1;
	bool found = false;

	for (size_t i = 0; i < ARRAY_LEN(bandwidths); i++)
		found |= c->prbs == bandwidths[i];
	if (!found || c->v_shift >= LTE_STEP || (c->ports != 1 && c->ports != 2 && c->ports != 4))
		return false;
	if (c->ports == 1) { /* symbols 0 and 4 of each half */
		add_crs(out, c, region & (1 << 0 | 1 << 7), 1 << 0);
		add_crs(out, c, region & (1 << 4 | 1 << 11), 1 << 3);
		return true;
	}
	add_crs(out, c, region & (1 << 0 | 1 << 4 | 1 << 7 | 1 << 11 | (c->ports == 4 ? 1 << 1 | 1 << 8 : 0)),
		1 << 0 | 1 << 3);
	return true;
}
