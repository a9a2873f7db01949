/*
 * Users of formats 0 and 1 on one resource. What a user may send is a few signals, each known but for a
 * complex factor on every antenna and in every hop (a branch). The energy of the branches in the direction of
 * a signal, over all energy, has the beta distribution where nothing was sent, whatever the noise is: so the
 * threshold needs no knowledge of it. Users are found one after the other, the strongest first, and what is
 * found is no noise to the next.
 */
#include "radio/phy/channels/pucch_parts.h"

enum { HYPOTHESES_MAX = 8 };

#define FALSE_ALARM 0.01

struct contest {
	unsigned branches;   /* complex dimensions of a signal */
	unsigned dimensions; /* that are left */
	float energy;        /* in them */
};

struct rival {
	const struct phy_pucch *p;
	unsigned count, best;
	float energy; /* of the best */
	bool decided;
};

/* The probability that noise has this share of all energy in given directions: the tail of Beta(branches,
 * rest). */
static double by_chance(const struct contest *c, float energy)
{
	double x = c->energy > 0 ? energy / c->energy : 0, term, sum = 0;
	unsigned n = c->dimensions - 1;

	if (x >= 1)
		return 0;
	term = pow(1 - x, n);
	for (unsigned j = 0; j < c->branches; j++) {
		sum += term;
		term *= x / (1 - x) * (n - j) / (j + 1);
	}
	return sum;
}

/* The correlations of a symbol with all cyclic shifts of its sequence. */
static void correlate(struct phy_pucch_work *w, const struct phy_cf *base, const struct phy_cf *row,
	struct phy_cf out[PUCCH_SHIFTS])
{
	const struct phy_cf *turn = w->tables->turn;
	struct phy_cf z[PHY_SC_PER_PRB], even[3][4];

	for (unsigned n = 0; n < PHY_SC_PER_PRB; n++)
		z[n] = phy_cf_mul_conj(row[n], base[n]);
	/* twelve as three times four: n = 3 i + j, and j turns by 30 degrees a shift */
	for (unsigned j = 0; j < 3; j++) {
		struct phy_cf a = z[j], b = z[j + 3], c = z[j + 6], d = z[j + 9];
		struct phy_cf s = { a.re + c.re, a.im + c.im }, t = { a.re - c.re, a.im - c.im };
		struct phy_cf p = { b.re + d.re, b.im + d.im },
			      q = { b.im - d.im, d.re - b.re }; /* -j (b - d) */

		even[j][0] = (struct phy_cf){ s.re + p.re, s.im + p.im };
		even[j][1] = (struct phy_cf){ t.re + q.re, t.im + q.im };
		even[j][2] = (struct phy_cf){ s.re - p.re, s.im - p.im };
		even[j][3] = (struct phy_cf){ t.re - q.re, t.im - q.im };
	}
	for (unsigned m = 0; m < PUCCH_SHIFTS; m++) {
		out[m] = even[0][m % 4];
		phy_cf_add(&out[m], phy_cf_mul_conj(even[1][m % 4], turn[m]));
		phy_cf_add(&out[m], phy_cf_mul_conj(even[2][m % 4], turn[2 * m % PUCCH_SHIFTS]));
	}
}

/* Fills w->shift; returns the energy of all REs. */
static float correlate_all(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot,
	const struct phy_grid *grids, unsigned antennas)
{
	const struct phy_cf *base = NULL;
	float energy = 0;

	for (unsigned l = 0; l < p->config.symbols; l++) {
		unsigned v;

		if (l == 0 || l == p->first_hop)
			base = w->tables->base[pucch_group(&p->config, slot, pucch_hop(p, l), &v)];
		for (unsigned a = 0; a < antennas; a++) {
			const struct phy_cf *row = pucch_row(p, &grids[a], l);

			for (unsigned n = 0; n < PHY_SC_PER_PRB; n++)
				energy += phy_cf_power(row[n]);
			correlate(w, base, row, w->shift[a][l]);
		}
	}
	return energy;
}

/* Format 0: the energy of a shift, summed coherently over symbols of a hop. */
static float energy_0(const struct phy_pucch_work *w, const struct phy_pucch *p, const uint8_t *shifts,
	unsigned antennas, unsigned m)
{
	float energy = 0;

	for (unsigned a = 0; a < antennas; a++) {
		struct phy_cf sum = { 0, 0 };

		for (unsigned l = 0; l < p->config.symbols; l++) {
			phy_cf_add(&sum, w->shift[a][l][(m + shifts[l]) % PUCCH_SHIFTS]);
			if (p->config.hopping || l + 1u == p->config.symbols) {
				energy +=
					phy_cf_power(sum) /
					(float)(PHY_SC_PER_PRB * (p->config.hopping ? 1 : p->config.symbols));
				sum = (struct phy_cf){ 0, 0 };
			}
		}
	}
	return energy;
}

static void weigh_0(const struct phy_pucch_work *w, struct rival *r, const uint8_t *shifts, unsigned antennas)
{
	const struct phy_pucch_config *c = &r->p->config;
	unsigned values = 1u << c->bits;

	r->count = values << c->sr;
	for (unsigned h = 0; h < r->count; h++) {
		unsigned m = c->initial_shift + pucch_shift_of(c->bits, h % values, h >= values);
		float energy = energy_0(w, r->p, shifts, antennas, m);

		if (h == 0 || energy > r->energy) {
			r->energy = energy;
			r->best = h;
		}
	}
}

/* Format 1: DM-RS and data of each branch, despread. */
static void weigh_1(const struct phy_pucch_work *w, struct rival *r, const uint8_t *shifts, unsigned antennas)
{
	const struct phy_pucch *p = r->p;
	const struct phy_pucch_config *c = &p->config;
	struct phy_cf cover[PHY_SYMBOLS_MAX];
	float energies[4] = { 0 };

	pucch_covers(p, cover);
	r->count = 1u << c->bits;
	for (unsigned a = 0; a < antennas; a++) {
		struct phy_cf sum[2] = { { 0, 0 }, { 0, 0 } };

		for (unsigned l = 0, start = 0; l < c->symbols; l++) {
			unsigned m = (c->initial_shift + shifts[l]) % PUCCH_SHIFTS;

			phy_cf_add(&sum[l % 2], phy_cf_mul_conj(w->shift[a][l][m], cover[l]));
			if (l + 1 != p->first_hop && l + 1u != c->symbols)
				continue;
			for (unsigned h = 0; h < r->count; h++) {
				struct phy_cf all =
					phy_cf_mul_conj(sum[1], pucch_symbol_1(w->tables, c->bits, h));

				phy_cf_add(&all, sum[0]);
				energies[h] += phy_cf_power(all) / (float)(PHY_SC_PER_PRB * (l + 1 - start));
			}
			start = l + 1;
			sum[0] = sum[1] = (struct phy_cf){ 0, 0 };
		}
	}
	r->best = 0;
	for (unsigned h = 1; h < r->count; h++)
		r->best = energies[h] > energies[r->best] ? h : r->best;
	r->energy = energies[r->best];
}

/*
 * How far behind the window the signal lies: it turns by -theta from subcarrier to subcarrier. To the first
 * order in theta, the correlations with the next shift and with the one before differ by theta cot(pi / 12)
 * times that with its own.
 */
static float delay_of(
	const struct phy_pucch_work *w, const struct rival *r, const uint8_t *shifts, unsigned antennas)
{
	const struct phy_pucch_config *c = &r->p->config;
	unsigned values = 1u << c->bits, m = c->initial_shift;
	float differ = 0, own = 0;

	if (c->format == 0)
		m += pucch_shift_of(c->bits, r->best % values, r->best >= values);
	for (unsigned a = 0; a < antennas; a++) {
		for (unsigned l = 0; l < c->symbols; l++) {
			const struct phy_cf *s = w->shift[a][l];
			unsigned at = m + shifts[l];
			struct phy_cf mine = s[at % PUCCH_SHIFTS];

			differ += phy_cf_mul_conj(s[(at + 1) % PUCCH_SHIFTS], mine).re -
				  phy_cf_mul_conj(s[(at + PUCCH_SHIFTS - 1) % PUCCH_SHIFTS], mine).re;
			own += phy_cf_power(mine);
		}
	}
	return differ / own * tanf((float)M_PI / PUCCH_SHIFTS) /
	       (2 * (float)M_PI * 15e3f * (float)(1 << c->mu));
}

static void conclude(const struct rival *r, struct phy_pucch_user *u)
{
	const struct phy_pucch_config *c = &r->p->config;
	unsigned values = 1u << c->bits, value = r->best % values;

	u->sr = r->decided && (c->bits == 0 || r->best >= values);
	for (unsigned i = 0; i < c->bits; i++)
		u->uci[i] = value >> (c->bits - 1 - i) & 1;
}

void pucch_receive_01(struct phy_pucch_work *w, unsigned slot, const struct phy_grid *grids,
	unsigned antennas, struct phy_pucch_user *users, unsigned count)
{
	const struct phy_pucch *p = users[0].pucch;
	unsigned hops = p->config.hopping ? 2 : 1, res = PHY_SC_PER_PRB * p->config.symbols * antennas;
	struct contest c = { antennas * hops, res, correlate_all(w, p, slot, grids, antennas) };
	struct rival rivals[PHY_PUCCH_USERS_MAX] = { 0 };
	uint8_t shifts[PHY_SYMBOLS_MAX];
	float noise;

	pucch_shifts(&p->config, slot, shifts);
	for (unsigned u = 0; u < count; u++) {
		rivals[u].p = users[u].pucch;
		(p->config.format == 0 ? weigh_0 : weigh_1)(w, &rivals[u], shifts, antennas);
	}
	while (c.dimensions > c.branches) {
		struct rival *best = NULL;

		for (unsigned u = 0; u < count; u++) {
			if (!rivals[u].decided && (!best || rivals[u].energy > best->energy))
				best = &rivals[u];
		}
		if (!best || !(best->count * by_chance(&c, best->energy) < FALSE_ALARM))
			break;
		best->decided = true;
		c.dimensions -= c.branches;
		c.energy = fmaxf(c.energy - best->energy, 0);
	}
	noise = c.energy / (float)c.dimensions;
	for (unsigned u = 0; u < count; u++) {
		users[u].detected = rivals[u].decided;
		users[u].noise = noise;
		users[u].power = fmaxf(rivals[u].energy - noise * (float)c.branches, 0) / (float)res;
		users[u].delay_s = rivals[u].decided ? delay_of(w, &rivals[u], shifts, antennas) : 0;
		users[u].sigmas = 0;
		conclude(&rivals[u], &users[u]);
	}
}
