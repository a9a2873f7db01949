/* Formats 0 and 1: a sequence whose cyclic shift, or whose factor, tells what was sent
 * (38.211 6.3.2.3, 6.3.2.4). */
#include "radio/phy/channels/pucch_parts.h"

unsigned pucch_shift_of(unsigned bits, unsigned value, bool sr)
{
	static const uint8_t two[4] = { 0, 3, 9, 6 }; /* of {0, 0}, {0, 1}, {1, 0}, {1, 1} */

	if (bits == 0)
		return 0;
	if (bits == 1)
		return (value ? 6 : 0) + (sr ? 3 : 0);
	return two[value] + (sr ? 1 : 0);
}

/* The bits as a number, the first the more significant. */
static unsigned value_of(const struct phy_pucch_config *c, const uint8_t *uci)
{
	return c->bits == 0 ? 0 : c->bits == 1 ? uci[0] & 1u : (uci[0] & 1u) << 1 | (uci[1] & 1u);
}

/* Adds `factor` times the sequence of group u with this shift to a block. */
static void add_sequence(const struct phy_pucch_tables *t, unsigned u, unsigned shift, struct phy_cf factor,
	struct phy_cf *row)
{
	for (unsigned n = 0; n < PHY_SC_PER_PRB; n++)
		phy_cf_add(&row[n],
			phy_cf_mul(factor, phy_cf_mul(t->base[u][n], t->turn[shift * n % PUCCH_SHIFTS])));
}

void pucch_send_0(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, const uint8_t *uci,
	bool sr, struct phy_grid *grid)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned m = c->initial_shift +
		     pucch_shift_of(c->bits, value_of(c, uci), sr && (c->sr || c->bits == 0)),
		 v;
	uint8_t shifts[PHY_SYMBOLS_MAX];

	pucch_shifts(c, slot, shifts);
	for (unsigned l = 0; l < c->symbols; l++)
		add_sequence(w->tables, pucch_group(c, slot, pucch_hop(p, l), &v),
			(m + shifts[l]) % PUCCH_SHIFTS, (struct phy_cf){ 1, 0 }, pucch_row(p, grid, l));
}

/* w_i(m) of Table 6.3.2.4.1-2. */
static struct phy_cf cover_of(unsigned spread, unsigned i, unsigned m)
{
	static const uint8_t four[4][4] = { { 0, 0, 0, 0 }, { 0, 2, 0, 2 }, { 0, 0, 2, 2 }, { 0, 2, 2, 0 } };
	unsigned phi = spread == 4 ? four[i][m] : i * m % spread;

	return phy_cf_unit((float)(2 * M_PI * phi / spread));
}

void pucch_covers(const struct phy_pucch *p, struct phy_cf cover[PHY_SYMBOLS_MAX])
{
	const struct phy_pucch_config *c = &p->config;

	for (unsigned l = 0; l < c->symbols; l++) {
		unsigned hop = pucch_hop(p, l), start = hop ? p->first_hop : 0;
		bool dmrs = l % 2 == 0;
		/* symbols of the same kind before it in its hop */
		unsigned m = dmrs ? (l + 1) / 2 - (start + 1) / 2 : l / 2 - start / 2;

		cover[l] = cover_of(pucch_spread(c, hop, dmrs), c->occ, m);
	}
}

struct phy_cf pucch_symbol_1(const struct phy_pucch_tables *t, unsigned bits, unsigned value)
{
	return bits == 2 ? t->qpsk.point[value] : t->bpsk.point[value];
}

void pucch_send_1(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, const uint8_t *uci,
	struct phy_grid *grid)
{
	const struct phy_pucch_config *c = &p->config;
	struct phy_cf d = pucch_symbol_1(w->tables, c->bits, value_of(c, uci)), cover[PHY_SYMBOLS_MAX];
	uint8_t shifts[PHY_SYMBOLS_MAX];
	unsigned v;

	pucch_shifts(c, slot, shifts);
	pucch_covers(p, cover);
	for (unsigned l = 0; l < c->symbols; l++)
		add_sequence(w->tables, pucch_group(c, slot, pucch_hop(p, l), &v),
			(c->initial_shift + shifts[l]) % PUCCH_SHIFTS,
			l % 2 ? phy_cf_mul(d, cover[l]) : cover[l], pucch_row(p, grid, l));
}
