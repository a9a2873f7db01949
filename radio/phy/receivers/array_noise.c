/* Noise and interference as antennas have them in common, by what the estimates leave of the DM-RS. */
#include <math.h>

#include <assert.h>
#include <string.h>

#include "radio/phy/receivers/array_parts.h"

/*
 * Common noise is believed where it is more than chance makes: over so many groups as it is looked for in the
 * sum of squares of correlations, each exponential with mean 1, is that many, so many deviations and some
 * more.
 */
static const double DEVIATIONS = 5, MORE = 9;
enum { LOOKED_AT = 4 };

/* Cells for each antenna of a group, so that a covariance is known well enough; and of all to believe in any.
 */
static const double GROUP_CELLS = 4, COMMON_CELLS = 4;

/* So many cells of a covariance are the diagonal's of all groups. */
static const double DIAGONAL = 1;

bool array_next(const struct phy_array *a, struct array_piece *p)
{
	const struct phy_chest_layout *l = &a->chest[0]->layout;
	unsigned in_group = a->group_prbs - p->before % a->group_prbs, in_band;

	if (p->band == l->bands_n)
		return false;
	in_band = l->bands[p->band].n - p->at;
	p->first = l->bands[p->band].first + p->at;
	p->n = in_band < in_group ? in_band : in_group;
	p->group = p->before / a->group_prbs;
	p->before += p->n;
	p->at += p->n;
	if (p->n == in_band) {
		p->band++;
		p->at = 0;
	}
	return true;
}

static unsigned blocks_of(const struct phy_array *a)
{
	const struct phy_chest_layout *l = &a->chest[0]->layout;
	unsigned n = 0;

	for (unsigned b = 0; b < l->bands_n; b++)
		n += l->bands[b].n;
	return n;
}

/* Groups of at least so many blocks, and no more than so many groups. */
static void divide(struct phy_array *a, unsigned blocks, unsigned least, unsigned most)
{
	unsigned by_most = (blocks + most - 1) / most;

	assert(blocks > 0 && least > 0);
	a->group_prbs = least > by_most ? least : by_most;
	if (a->group_prbs > blocks)
		a->group_prbs = blocks;
	a->groups = (blocks + a->group_prbs - 1) / a->group_prbs;
}

/* Adds what two antennas have in common of a piece, of what a layer's estimate leaves. */
static void add_common(const struct phy_chest *c, const struct kern *k, const struct array_piece *p,
	unsigned i, unsigned j, double sum[2])
{
	unsigned first = p->first * c->per_prb;

	for (unsigned d = 0; d < c->positions; d++) {
		float part[2];

		k->cf_dot_conj(part, &c->antenna[i].left[d][first].re, &c->antenna[j].left[d][first].re,
			p->n * c->per_prb);
		sum[0] += (double)part[0];
		sum[1] += (double)part[1];
	}
}

/* Sums over the cells of each group, to a->noise. */
static void add_all(struct phy_array *a, const struct kern *k)
{
	memset(a->noise, 0, a->groups * sizeof(a->noise[0]));
	for (struct array_piece p = { 0 }; array_next(a, &p);)
		for (unsigned i = 0; i < a->living; i++)
			for (unsigned j = 0; j <= i; j++)
				for (unsigned l = 0; l < a->layers; l++)
					add_common(a->chest[l], k, &p, a->live[i], a->live[j],
						a->noise[p.group][i][j]);
}

/*
 * The noise of a cell at each antenna. What is left counts also where the bands are too narrow to measure
 * noise so, and more is left than noise.
 */
static void find_own(const struct phy_array *a, double cells, double own[ANTENNAS])
{
	for (unsigned i = 0; i < a->living; i++) {
		double left = 0;

		own[i] = 0;
		for (unsigned l = 0; l < a->layers; l++)
			own[i] += (double)a->chest[l]->antenna[a->live[i]].noise / a->layers;
		for (unsigned g = 0; g < a->groups; g++)
			left += a->noise[g][i][i][0] / cells;
		own[i] = fmax(own[i], left);
	}
}

/* Whether any two antennas have more in common than chance makes. cells: that count, of a group. */
static bool is_coloured(const struct phy_array *a, double cells, const double own[ANTENNAS])
{
	double most = a->groups + DEVIATIONS * sqrt(a->groups) + MORE;
	bool coloured = false;

	for (unsigned i = 0; i < a->living; i++)
		for (unsigned j = 0; j < i; j++) {
			double sum = 0;

			for (unsigned g = 0; g < a->groups; g++) {
				const double *n = a->noise[g][i][j];

				sum += (n[0] * n[0] + n[1] * n[1]) / cells;
			}
			coloured = coloured || sum > most * own[i] * own[j];
		}
	return coloured;
}

/* Sums to covariances: of groups, or the diagonal of all alone. */
static void conclude(struct phy_array *a, double cells, const double own[ANTENNAS])
{
	double scale = (double)chest_noise_scale(a->chest[0]);

	for (unsigned g = 0; g < a->groups; g++)
		for (unsigned i = 0; i < a->living; i++) {
			for (unsigned j = 0; j < i; j++) {
				a->noise[g][i][j][0] *= scale / (cells + DIAGONAL);
				a->noise[g][i][j][1] *= scale / (cells + DIAGONAL);
			}
			a->noise[g][i][i][0] =
				(a->noise[g][i][i][0] + DIAGONAL * own[i]) * scale / (cells + DIAGONAL);
			a->noise[g][i][i][1] = 0;
		}
}

void array_find_noise(struct phy_array *a, const struct kern *k)
{
	unsigned blocks = blocks_of(a), least;
	double expected = 0, own[ANTENNAS];

	for (unsigned l = 0; l < a->layers; l++)
		expected += (double)a->chest[l]->expected;
	least = (unsigned)fmin(blocks, ceil(GROUP_CELLS * a->living * blocks / expected)); /* all for NaN */
	divide(a, blocks, least, LOOKED_AT);
	add_all(a, k);
	find_own(a, expected, own);
	a->result.coloured =
		expected > COMMON_CELLS * a->living && is_coloured(a, expected * a->group_prbs / blocks, own);
	if (a->result.coloured) {
		divide(a, blocks, least, ARRAY_GROUPS);
		add_all(a, k);
		conclude(a, expected * a->group_prbs / blocks, own);
		return;
	}
	divide(a, blocks, blocks, 1);
	for (unsigned i = 0; i < a->living; i++) {
		a->noise[0][i][i][0] = own[i] * (double)chest_noise_scale(a->chest[0]);
		a->noise[0][i][i][1] = 0;
	}
}
