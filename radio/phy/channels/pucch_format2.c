/* Format 2: QPSK on one or two symbols, DM-RS on each third subcarrier (38.211 6.3.2.5, 6.4.1.3.2). */
#include "radio/phy/channels/pucch_parts.h"

enum { DATA_PER_PRB = 8, PILOTS_PER_PRB = 4, FIRST_PILOT = 1, SPACING = 3 };

/* The DM-RS of symbol l of the channel, to w->temp; counted from common resource block 0. */
static void make_pilots(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, unsigned l)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned crb = c->bwp_start + (pucch_hop(p, l) ? c->second_prb : c->first_prb);
	unsigned symbol = c->first_symbol + l, skip = 2 * PILOTS_PER_PRB * crb;
	uint64_t twice = 2 * (uint64_t)c->dmrs_id,
		 c_init = ((((c->extended ? 12u : 14u) * slot + symbol + 1) * (twice + 1)) << 17) + twice;
	struct phy_gold g;
	uint32_t bits;

	phy_gold_init(&g, c_init & 0x7fffffff);
	for (unsigned i = 0; i < skip / 32; i++)
		(void)phy_gold_next(&g);
	bits = phy_gold_next(&g) >> skip % 32; /* whole blocks: eight bits each */
	for (unsigned i = 0, have = 32 - skip % 32; i < (unsigned)c->prbs * PILOTS_PER_PRB;
		i++, have -= 2, bits >>= 2) {
		if (have == 0) {
			bits = phy_gold_next(&g);
			have = 32;
		}
		w->temp[i] = w->tables->qpsk.point[(bits & 1) << 1 | (bits >> 1 & 1)];
	}
}

void pucch_send_2(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p, unsigned slot,
	struct phy_grid *grid)
{
	const struct phy_cf *data = w->points;

	(void)k;
	phy_map(&w->tables->qpsk, w->points, w->bits, p->uci.e / 2);
	for (unsigned l = 0; l < p->config.symbols; l++) {
		struct phy_cf *row = pucch_row(p, grid, l), *pilot = w->temp;

		make_pilots(w, p, slot, l);
		for (unsigned i = 0; i < (unsigned)p->config.prbs * PHY_SC_PER_PRB; i++)
			phy_cf_add(&row[i], i % SPACING == FIRST_PILOT ? *pilot++ : *data++);
	}
}

/* Maximum ratio combining of a symbol's data over antennas, each with the noise of what it is divided by. */
static void combine(struct phy_pucch_work *w, const struct phy_pucch *p, const struct phy_grid *grids,
	unsigned antennas, unsigned l, unsigned estimate, float noise, unsigned at)
{
	unsigned n = (unsigned)p->config.prbs * PHY_SC_PER_PRB;

	for (unsigned i = 0; i < n; i++) {
		struct phy_cf sum = { 0, 0 };
		float power = KERN_EQUALIZE_LEAST;

		if (i % SPACING == FIRST_PILOT)
			continue;
		for (unsigned a = 0; a < antennas; a++) {
			struct phy_cf h = w->h[a][estimate][i];

			phy_cf_add(&sum, phy_cf_mul_conj(pucch_row(p, &grids[a], l)[i], h));
			power += phy_cf_power(h);
		}
		w->points[at] = (struct phy_cf){ sum.re / power, sum.im / power };
		w->noise[at++] = noise / power;
	}
}

void pucch_receive_2(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *user)
{
	const struct phy_pucch *p = user->pucch;
	unsigned n = (unsigned)p->config.prbs * PILOTS_PER_PRB, symbols = p->config.symbols;
	struct pucch_estimate e;

	for (unsigned l = 0; l < symbols; l++) {
		make_pilots(w, p, slot, l);
		for (unsigned a = 0; a < antennas; a++) {
			const struct phy_cf *row = pucch_row(p, &grids[a], l) + FIRST_PILOT;

			for (unsigned i = 0; i < n; i++)
				w->pilots[a][l][i] = phy_cf_mul_conj(row[i * SPACING], w->temp[i]);
		}
	}
	if (!p->config.hopping && symbols == 2) { /* the same channel twice */
		for (unsigned a = 0; a < antennas; a++) {
			for (unsigned i = 0; i < n; i++) {
				struct phy_cf x = w->pilots[a][0][i], y = w->pilots[a][1][i];

				w->pilots[a][0][i] = (struct phy_cf){ (x.re + y.re) / 2, (x.im + y.im) / 2 };
			}
		}
	}
	pucch_estimate(w, k, p, PUCCH_COMB_3, antennas, p->config.hopping ? 2 : 1, &e);
	if (!p->config.hopping)
		e.noise *= (float)symbols;
	for (unsigned l = 0; l < symbols; l++)
		combine(w, p, grids, antennas, l, p->config.hopping ? l : 0, e.noise + e.error,
			l * p->config.prbs * DATA_PER_PRB);
	phy_demap(k, PHY_QPSK, w->llr, w->points, w->noise, p->uci.e / 2);
	user->power = e.power;
	user->noise = e.noise;
	user->delay_s = e.delay_s;
}
