/* Cyclic shifts C_v of 38.211 6.3.3.1. */
#include "radio/phy/prach/prach_parts.h"

/* The parameters of a restricted set: groups of shifts N_CS apart, and shifts behind them. */
struct groups {
	int n_shift, d_start, n_group, n_bar;
	int second_start, second; /* type B */
	int third_start, third;
};

static int most(int a, int b)
{
	return a > b ? a : b;
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static bool type_a(struct groups *g, int l, int d, int n_cs)
{
	if (d >= n_cs && 3 * d < l) {
		g->n_shift = d / n_cs;
		g->d_start = 2 * d + g->n_shift * n_cs;
		g->n_group = l / g->d_start;
		g->n_bar = most((l - 2 * d - g->n_group * g->d_start) / n_cs, 0);
		return true;
	}
	if (3 * d < l || 2 * d > l - n_cs)
		return false;
	g->n_shift = (l - 2 * d) / n_cs;
	g->d_start = l - 2 * d + g->n_shift * n_cs;
	g->n_group = d / g->d_start;
	g->n_bar = least(most((d - g->n_group * g->d_start) / n_cs, 0), g->n_shift);
	return true;
}

/* Of type B those with (L + N_CS) / 4 <= d_u < 2 L / 7. */
static void type_b_third(struct groups *g, int l, int d, int n_cs)
{
	int room;

	g->n_shift = (4 * d - l) / n_cs;
	g->d_start = 4 * d - l + g->n_shift * n_cs;
	g->n_group = d / g->d_start;
	g->n_bar = most((l - 3 * d - g->n_group * g->d_start) / n_cs, 0);
	room = least(d - g->n_group * g->d_start, 4 * d - l - g->n_bar * n_cs);
	g->second = room / n_cs;
	g->second_start = l - 3 * d + g->n_group * g->d_start + g->n_bar * n_cs;
	g->third =
		(least(d - g->n_group * g->d_start, 4 * d - l - g->n_bar * n_cs) - g->second * n_cs) / n_cs;
	g->third_start = l - 2 * d + g->n_group * g->d_start + g->second * n_cs;
}

static bool type_b(struct groups *g, int l, int d, int n_cs)
{
	if (d >= n_cs && 5 * d < l) {
		g->n_shift = d / n_cs;
		g->d_start = 4 * d + g->n_shift * n_cs;
		g->n_group = l / g->d_start;
		g->n_bar = most((l - 4 * d - g->n_group * g->d_start) / n_cs, 0);
	} else if (5 * d >= l && 4 * d <= l - n_cs) {
		g->n_shift = (l - 4 * d) / n_cs;
		g->d_start = l - 4 * d + g->n_shift * n_cs;
		g->n_group = d / g->d_start;
		g->n_bar = least(most((d - g->n_group * g->d_start) / n_cs, 0), g->n_shift);
	} else if (4 * d >= l + n_cs && 7 * d < 2 * l) {
		type_b_third(g, l, d, n_cs);
	} else if (7 * d >= 2 * l && 3 * d <= l - n_cs) {
		g->n_shift = (l - 3 * d) / n_cs;
		g->d_start = l - 3 * d + g->n_shift * n_cs;
		g->n_group = d / g->d_start;
		g->n_bar = most((4 * d - l - g->n_group * g->d_start) / n_cs, 0);
		g->second = least(d - g->n_group * g->d_start, l - 3 * d - g->n_bar * n_cs) / n_cs;
		g->second_start = d + g->n_group * g->d_start + g->n_bar * n_cs;
	} else if (3 * d >= l + n_cs && 5 * d < 2 * l) {
		g->n_shift = (3 * d - l) / n_cs;
		g->d_start = 3 * d - l + g->n_shift * n_cs;
		g->n_group = d / g->d_start;
		g->n_bar = most((l - 2 * d - g->n_group * g->d_start) / n_cs, 0);
	} else if (5 * d >= 2 * l && 2 * d <= l - n_cs) {
		g->n_shift = (l - 2 * d) / n_cs;
		g->d_start = 2 * (l - 2 * d) + g->n_shift * n_cs;
		g->n_group = (l - d) / g->d_start;
		g->n_bar = most((3 * d - l - g->n_group * g->d_start) / n_cs, 0);
	} else {
		return false;
	}
	return true;
}

unsigned prach_inverse(unsigned l, unsigned u)
{
	unsigned q = 1;

	while (q * u % l != 1)
		q++;
	return q;
}

unsigned phy_prach_shifts(
	unsigned l_ra, unsigned u, unsigned n_cs, enum phy_prach_set set, uint16_t *shifts, unsigned max)
{
	unsigned q = prach_inverse(l_ra, u), d = 2 * q < l_ra ? q : l_ra - q, w, count;
	struct groups g = { 0 };

	if (set == PHY_PRACH_UNRESTRICTED) {
		count = n_cs == 0 ? 1 : l_ra / n_cs;
		for (unsigned v = 0; v < count && v < max; v++)
			shifts[v] = (uint16_t)(v * n_cs);
		return count;
	}
	if (n_cs == 0 || !(set == PHY_PRACH_TYPE_A ? type_a : type_b)(&g, (int)l_ra, (int)d, (int)n_cs))
		return 0;
	w = (unsigned)(g.n_shift * g.n_group + g.n_bar);
	count = w + (unsigned)(g.second + g.third);
	for (unsigned v = 0; v < count && v < max; v++) {
		unsigned n_shift = (unsigned)g.n_shift, more = v - w;

		if (v < w)
			shifts[v] = (uint16_t)((unsigned)g.d_start * (v / n_shift) + v % n_shift * n_cs);
		else if (more < (unsigned)g.second)
			shifts[v] = (uint16_t)((unsigned)g.second_start + more * n_cs);
		else
			shifts[v] = (uint16_t)((unsigned)g.third_start + (more - (unsigned)g.second) * n_cs);
	}
	return count;
}
